//! The inbox: every message that arrived, kept as it arrived (P1). A licence's standing is folded from it, again and again.

use domain::{
    Error, Timestamp,
    id::InboxId,
    licence::LicenseKey,
    lifecycle::{LifecycleEvent, LifecycleKind},
    list::Word,
};
use pool::Statements;
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, OnConflict},
};

mod page;

pub use page::{Query, page};

use crate::{SystemTx, TenantTx, fault, inserted, row::inbox as row, unreadable};

/// What we made of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InboxState {
    /// Understood, not applied yet.
    New,
    /// Applied to the licence it is about.
    Applied,
    /// About a licence nobody registered yet; applied when somebody does.
    Unmatched,
    /// A second copy under another id; it does not count.
    Duplicate,
    /// An event of a type we do not act on; kept and shown.
    Unknown,
    /// Not an event at all; kept and shown.
    Unreadable,
}

/// The states of messages that count.
const COUNTING: [&str; 3] = [
    InboxState::New.as_str(),
    InboxState::Applied.as_str(),
    InboxState::Unmatched.as_str(),
];

impl InboxState {
    /// The word used in tables and JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Applied => "applied",
            Self::Unmatched => "unmatched",
            Self::Duplicate => "duplicate",
            Self::Unknown => "unknown",
            Self::Unreadable => "unreadable",
        }
    }
}

impl Word for InboxState {
    const ALL: &'static [Self] = &[
        Self::New,
        Self::Applied,
        Self::Unmatched,
        Self::Duplicate,
        Self::Unknown,
        Self::Unreadable,
    ];

    fn word(self) -> &'static str {
        self.as_str()
    }
}

/// A message of the inbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Our id.
    pub id: InboxId,
    /// Where it came from: `eventbridge`, or `sqs` for what is no envelope.
    pub source: String,
    /// The source's id of it: the deduplication key.
    pub message_id: String,
    /// The body, as it came.
    pub body: String,
    /// When it arrived (business time).
    pub received_at: Timestamp,
    /// An [`InboxState`], as a stored word.
    pub state: String,
    /// Why, if it does not count.
    pub note: Option<String>,
    /// `detail-type` without its role suffix.
    pub detail_type: Option<String>,
    /// What it says, as a stored word.
    pub kind: Option<String>,
    /// When it happened, by AWS.
    pub event_time: Option<Timestamp>,
    /// Its agreement.
    pub agreement_id: Option<String>,
    /// Its licence's key.
    pub license_key: Option<String>,
    /// Its product code.
    pub product_code: Option<String>,
    /// AWS's request id.
    pub request_id: Option<String>,
}

/// Keeps a message; `false` if this very message was kept before.
pub async fn insert(tx: &SystemTx, message: Message) -> Result<bool, Error> {
    let model = row::ActiveModel {
        id: Set(message.id.to_string()),
        source: Set(message.source),
        message_id: Set(message.message_id),
        body: Set(message.body),
        received_at: Set(message.received_at),
        state: Set(message.state),
        note: Set(message.note),
        detail_type: Set(message.detail_type),
        kind: Set(message.kind),
        event_time: Set(message.event_time),
        agreement_id: Set(message.agreement_id),
        license_key: Set(message.license_key),
        product_code: Set(message.product_code),
        request_id: Set(message.request_id),
    };
    inserted(
        row::Entity::insert(model)
            .on_conflict(
                OnConflict::columns([row::Column::Source, row::Column::MessageId])
                    .do_nothing()
                    .to_owned(),
            )
            .exec_without_returning(tx.conn())
            .await,
    )
}

/// Whether the same happening (agreement, type, AWS's request id) was kept under another event id.
pub async fn same_happening(
    tx: &SystemTx,
    agreement_id: Option<&str>,
    license_key: Option<&str>,
    detail_type: &str,
    request_id: &str,
) -> Result<bool, Error> {
    let mut query = row::Entity::find()
        .filter(row::Column::RequestId.eq(request_id))
        .filter(row::Column::DetailType.eq(detail_type))
        .filter(row::Column::State.is_in(COUNTING));
    query = match agreement_id {
        Some(agreement) => query.filter(row::Column::AgreementId.eq(agreement)),
        None => query.filter(row::Column::AgreementId.is_null()),
    };
    query = match license_key {
        Some(key) => query.filter(row::Column::LicenseKey.eq(key)),
        None => query.filter(row::Column::LicenseKey.is_null()),
    };
    Ok(query.one(tx.conn()).await.map_err(fault)?.is_some())
}

/// Everything known about one licence: what names it, and what names its agreement.
///
/// The inbox belongs to nobody, but a tenant's transaction may see what was understood of a message, and asks for a licence that it read itself.
pub async fn about(
    tx: &TenantTx,
    license: &LicenseKey,
    agreement_id: Option<&str>,
) -> Result<Vec<LifecycleEvent>, Error> {
    events(tx.conn(), license, agreement_id).await
}

/// The same before there is a tenant: a licence may have ended before its buyer came.
pub async fn about_unregistered(
    tx: &SystemTx,
    license: &LicenseKey,
    agreement_id: Option<&str>,
) -> Result<Vec<LifecycleEvent>, Error> {
    events(tx.conn(), license, agreement_id).await
}

/// The agreement that the licence's own events name: not every ResolveCustomer answer does.
pub async fn agreement_of(tx: &TenantTx, license: &LicenseKey) -> Result<Option<String>, Error> {
    agreement(tx.conn(), license).await
}

/// The same before there is a tenant.
pub async fn agreement_of_unregistered(
    tx: &SystemTx,
    license: &LicenseKey,
) -> Result<Option<String>, Error> {
    agreement(tx.conn(), license).await
}

async fn agreement(conn: &Statements, license: &LicenseKey) -> Result<Option<String>, Error> {
    row::Entity::find()
        .select_only()
        .column(row::Column::AgreementId)
        .filter(row::Column::State.is_in(COUNTING))
        .filter(row::Column::LicenseKey.eq(license.as_str()))
        .filter(row::Column::AgreementId.is_not_null())
        .order_by_asc(row::Column::EventTime)
        .into_tuple()
        .one(conn)
        .await
        .map_err(fault)
}

/// What was understood of a message.
#[derive(FromQueryResult)]
struct Understood {
    kind: Option<String>,
    event_time: Option<Timestamp>,
    agreement_id: Option<String>,
    license_key: Option<String>,
}

async fn events(
    conn: &Statements,
    license: &LicenseKey,
    agreement_id: Option<&str>,
) -> Result<Vec<LifecycleEvent>, Error> {
    // A renewal may leave the licence and change the agreement: every agreement that the licence's own events name is its own.
    let named: Vec<String> = row::Entity::find()
        .select_only()
        .column(row::Column::AgreementId)
        .distinct()
        .filter(row::Column::State.is_in(COUNTING))
        .filter(row::Column::LicenseKey.eq(license.as_str()))
        .filter(row::Column::AgreementId.is_not_null())
        .into_tuple()
        .all(conn)
        .await
        .map_err(fault)?;
    let agreements = named.iter().map(String::as_str).chain(agreement_id);
    let which = Condition::any()
        .add(row::Column::LicenseKey.eq(license.as_str()))
        .add(row::Column::AgreementId.is_in(agreements));
    // Messages themselves are out of a tenant's reach.
    let rows: Vec<Understood> = row::Entity::find()
        .select_only()
        .columns([
            row::Column::Kind,
            row::Column::EventTime,
            row::Column::AgreementId,
            row::Column::LicenseKey,
        ])
        .filter(row::Column::State.is_in(COUNTING))
        .filter(which)
        .order_by_asc(row::Column::EventTime)
        .into_model()
        .all(conn)
        .await
        .map_err(fault)?;
    Ok(rows
        .into_iter()
        .filter_map(|row| {
            Some(LifecycleEvent {
                kind: LifecycleKind::from_stored(row.kind.as_deref()?)?,
                time: row.event_time?,
                agreement_id: row.agreement_id,
                license: row.license_key.map(LicenseKey::from_stored),
            })
        })
        .collect())
}

/// The licences whose own events name this agreement.
pub async fn licenses_of_agreement(
    tx: &SystemTx,
    agreement_id: &str,
) -> Result<Vec<LicenseKey>, Error> {
    let keys: Vec<String> = row::Entity::find()
        .select_only()
        .column(row::Column::LicenseKey)
        .distinct()
        .filter(row::Column::State.is_in(COUNTING))
        .filter(row::Column::AgreementId.eq(agreement_id))
        .filter(row::Column::LicenseKey.is_not_null())
        .into_tuple()
        .all(tx.conn())
        .await
        .map_err(fault)?;
    Ok(keys.into_iter().map(LicenseKey::from_stored).collect())
}

/// Messages that were not applied yet, oldest first, from after that one on. What waits for its licence is none of them.
pub async fn unapplied(
    tx: &SystemTx,
    after: Option<InboxId>,
    limit: u64,
) -> Result<Vec<Message>, Error> {
    let mut query = row::Entity::find().filter(row::Column::State.eq(InboxState::New.as_str()));
    if let Some(after) = after {
        query = query.filter(row::Column::Id.gt(after.to_string()));
    }
    let rows = query
        .order_by_asc(row::Column::Id)
        .limit(limit)
        .all(tx.conn())
        .await
        .map_err(fault)?;
    rows.into_iter().map(read).collect()
}

/// What waits for its licence and names this licence or this agreement is new again.
pub async fn wait_no_more(
    tx: &SystemTx,
    license: Option<&LicenseKey>,
    agreement_id: Option<&str>,
) -> Result<(), Error> {
    let mut named = Condition::any();
    if let Some(license) = license {
        named = named.add(row::Column::LicenseKey.eq(license.as_str()));
    }
    if let Some(agreement) = agreement_id {
        named = named.add(row::Column::AgreementId.eq(agreement));
    }
    if named.is_empty() {
        return Ok(());
    }
    row::Entity::update_many()
        .col_expr(row::Column::State, Expr::value(InboxState::New.as_str()))
        .filter(row::Column::State.eq(InboxState::Unmatched.as_str()))
        .filter(named)
        .exec(tx.conn())
        .await
        .map_err(fault)?;
    Ok(())
}

/// Records what became of a message.
pub async fn set_state(tx: &SystemTx, id: InboxId, state: InboxState) -> Result<(), Error> {
    row::Entity::update_many()
        .col_expr(row::Column::State, Expr::value(state.as_str()))
        .filter(row::Column::Id.eq(id.to_string()))
        .exec(tx.conn())
        .await
        .map_err(fault)?;
    Ok(())
}

fn read(row: row::Model) -> Result<Message, Error> {
    Ok(Message {
        id: row.id.parse().map_err(unreadable)?,
        source: row.source,
        message_id: row.message_id,
        body: row.body,
        received_at: row.received_at,
        state: row.state,
        note: row.note,
        detail_type: row.detail_type,
        kind: row.kind,
        event_time: row.event_time,
        agreement_id: row.agreement_id,
        license_key: row.license_key,
        product_code: row.product_code,
        request_id: row.request_id,
    })
}
