//! The metering ledger: queries. Tenants read their own records; the one sender works across tenants through [`SystemTx`].
//! Invariant: no statement here changes the quantity of a record that is not open.

mod list;
pub mod sums;

pub use list::{Filter, Order, get, page};

use domain::{
    Error, Timestamp,
    hour::Hour,
    id::{AttemptId, LicenceId, MeteringId},
    licence::{AwsAccountId, LicenseArn},
    metering::{MeteringRecord, RecordState},
    usage::Dimension,
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect,
    RelationTrait,
    sea_query::{Expr, ExprTrait, OnConflict},
};

use crate::{
    SystemTx, TenantTx, fault, inserted,
    row::{licence as licence_row, metering_attempt as attempt_row, metering_record as row},
    unreadable,
};

/// Adds units to an open hour, making its record if need be; `false` if the hour is sealed or would overflow.
pub async fn add(
    tx: &TenantTx,
    id: MeteringId,
    key: (LicenceId, Dimension, Hour),
    quantity: i64,
    now: Timestamp,
) -> Result<bool, Error> {
    let quantity_column = || Expr::col((row::Entity, row::Column::Quantity));
    inserted(
        row::Entity::insert(new_record(tx, id, key, quantity, now))
            .on_conflict(
                OnConflict::columns(KEY)
                    .value(row::Column::Quantity, quantity_column().add(quantity))
                    .value(row::Column::ChangedAt, now)
                    .action_and_where(
                        Expr::col((row::Entity, row::Column::State)).eq(RecordState::Open.as_str()),
                    )
                    .action_and_where(
                        quantity_column()
                            .add(quantity)
                            .lte(domain::metering::MAX_HOUR_QUANTITY),
                    )
                    .to_owned(),
            )
            .exec_without_returning(tx.conn())
            .await,
    )
}

/// Makes an empty record for an hour without usage, unless there is one.
pub async fn add_zero(
    tx: &TenantTx,
    id: MeteringId,
    key: (LicenceId, Dimension, Hour),
    now: Timestamp,
) -> Result<bool, Error> {
    inserted(
        row::Entity::insert(new_record(tx, id, key, 0, now))
            .on_conflict(OnConflict::columns(KEY).do_nothing().to_owned())
            .exec_without_returning(tx.conn())
            .await,
    )
}

const KEY: [row::Column; 3] = [
    row::Column::LicenceId,
    row::Column::Dimension,
    row::Column::Hour,
];

fn new_record(
    tx: &TenantTx,
    id: MeteringId,
    (licence, dimension, hour): (LicenceId, Dimension, Hour),
    quantity: i64,
    now: Timestamp,
) -> row::ActiveModel {
    row::ActiveModel {
        id: Set(id.to_string()),
        tenant_id: Set(tx.tenant_text()),
        licence_id: Set(licence.to_string()),
        dimension: Set(dimension.as_str().to_owned()),
        hour: Set(hour.number()),
        quantity: Set(quantity),
        state: Set(RecordState::Open.as_str().to_owned()),
        metering_record_id: Set(None),
        attempts: Set(0),
        note: Set(None),
        retry_at: Set(None),
        changed_at: Set(now),
        sealed_at: Set(None),
    }
}

/// The licence's records that still count, oldest first.
pub async fn open(tx: &TenantTx, licence: LicenceId) -> Result<Vec<MeteringRecord>, Error> {
    let rows = own(tx)
        .filter(row::Column::LicenceId.eq(licence.to_string()))
        .filter(row::Column::State.eq(RecordState::Open.as_str()))
        .order_by_asc(row::Column::Hour)
        .all(tx.conn())
        .await
        .map_err(fault)?;
    rows.into_iter().map(read).collect()
}

/// Takes away an open record whose units are billed in another hour.
pub async fn remove_open(tx: &TenantTx, id: MeteringId) -> Result<(), Error> {
    row::Entity::delete_many()
        .filter(row::Column::Id.eq(id.to_string()))
        .filter(row::Column::TenantId.eq(tx.tenant_text()))
        .filter(row::Column::State.eq(RecordState::Open.as_str()))
        .exec(tx.conn())
        .await
        .map_err(fault)?;
    Ok(())
}

/// Ends the open records of a licence after its last hour: AWS refuses usage from after the end.
pub async fn refuse_after(
    tx: &TenantTx,
    licence: LicenceId,
    last: Hour,
    note: &str,
    now: Timestamp,
) -> Result<u64, Error> {
    let done = row::Entity::update_many()
        .col_expr(
            row::Column::State,
            Expr::value(RecordState::Rejected.as_str()),
        )
        .col_expr(row::Column::Note, Expr::value(note))
        .col_expr(row::Column::ChangedAt, Expr::value(now))
        .filter(row::Column::TenantId.eq(tx.tenant_text()))
        .filter(row::Column::LicenceId.eq(licence.to_string()))
        .filter(row::Column::Hour.gt(last.number()))
        .filter(row::Column::State.eq(RecordState::Open.as_str()))
        .exec(tx.conn())
        .await
        .map_err(fault)?;
    Ok(done.rows_affected)
}

/// Freezes the open records of one licence and hour. What it becomes depends on how the licence is paid for.
pub async fn seal(
    tx: &TenantTx,
    licence: LicenceId,
    hour: Hour,
    into: RecordState,
    now: Timestamp,
) -> Result<u64, Error> {
    let done = row::Entity::update_many()
        .col_expr(row::Column::State, Expr::value(into.as_str()))
        .col_expr(row::Column::SealedAt, Expr::value(now))
        .col_expr(row::Column::ChangedAt, Expr::value(now))
        .filter(row::Column::TenantId.eq(tx.tenant_text()))
        .filter(row::Column::LicenceId.eq(licence.to_string()))
        .filter(row::Column::Hour.eq(hour.number()))
        .filter(row::Column::State.eq(RecordState::Open.as_str()))
        .exec(tx.conn())
        .await
        .map_err(fault)?;
    Ok(done.rows_affected)
}

fn own(tx: &TenantTx) -> sea_orm::Select<row::Entity> {
    row::Entity::find().filter(row::Column::TenantId.eq(tx.tenant_text()))
}

/// A record with what it takes to send it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sendable {
    /// The record.
    pub record: MeteringRecord,
    /// The licence's ARN, verbatim.
    pub license: LicenseArn,
    /// The buyer's account.
    pub account: AwsAccountId,
    /// The product: one a request.
    pub product_code: String,
}

/// What may be sent now: sealed records and records whose answer is unknown.
fn sendable(through: Hour, retry_before: Timestamp) -> Condition {
    Condition::all()
        .add(
            row::Column::State.is_in([RecordState::Sealed.as_str(), RecordState::Sending.as_str()]),
        )
        // AWS refuses the future: an hour that has not begun by our clock waits.
        .add(row::Column::Hour.lte(through.number()))
        .add(
            Condition::any()
                .add(row::Column::RetryAt.is_null())
                .add(row::Column::RetryAt.lte(retry_before)),
        )
}

/// The products that have something to send; `through` is the hour of business time, `retry_before` is real time.
pub async fn due_products(
    tx: &SystemTx,
    through: Hour,
    retry_before: Timestamp,
) -> Result<Vec<String>, Error> {
    row::Entity::find()
        .join(JoinType::InnerJoin, row::Relation::Licence.def())
        .select_only()
        .column(licence_row::Column::ProductCode)
        .distinct()
        .filter(sendable(through, retry_before))
        .order_by_asc(licence_row::Column::ProductCode)
        .into_tuple()
        .all(tx.conn())
        .await
        .map_err(fault)
}

/// What a product has to send, oldest hour first.
pub async fn due_for_sending(
    tx: &SystemTx,
    product_code: &str,
    through: Hour,
    retry_before: Timestamp,
    limit: u64,
) -> Result<Vec<Sendable>, Error> {
    let rows = row::Entity::find()
        .find_also_related(licence_row::Entity)
        .filter(licence_row::Column::ProductCode.eq(product_code))
        .filter(sendable(through, retry_before))
        .order_by_asc(row::Column::Hour)
        .order_by_asc(row::Column::Id)
        .limit(limit)
        .all(tx.conn())
        .await
        .map_err(fault)?;
    rows.into_iter()
        .map(|(record, licence)| {
            let licence =
                licence.ok_or_else(|| unreadable("a metering record without its licence"))?;
            Ok(Sendable {
                record: read(record)?,
                license: licence.license_arn.parse().map_err(unreadable)?,
                account: licence.account.parse().map_err(unreadable)?,
                product_code: licence.product_code,
            })
        })
        .collect()
}

/// Records that a sealed record is about to be sent, before it is: a crash in between repeats the identical record, which AWS
/// takes as the same. Answers the number of this attempt.
pub async fn begin_attempt(
    tx: &SystemTx,
    id: AttemptId,
    record: &MeteringRecord,
    now: Timestamp,
) -> Result<i32, Error> {
    let attempt = record.attempts.saturating_add(1);
    row::Entity::update_many()
        .col_expr(
            row::Column::State,
            Expr::value(RecordState::Sending.as_str()),
        )
        .col_expr(row::Column::Attempts, Expr::value(attempt))
        .col_expr(row::Column::ChangedAt, Expr::value(now))
        .filter(row::Column::Id.eq(record.id.to_string()))
        .filter(row::Column::Attempts.eq(record.attempts))
        .exec(tx.conn())
        .await
        .map_err(fault)?;
    let model = attempt_row::ActiveModel {
        id: Set(id.to_string()),
        tenant_id: Set(record.tenant.to_string()),
        record_id: Set(record.id.to_string()),
        attempt: Set(attempt),
        quantity: Set(record.quantity),
        sent_at: Set(now),
        answered_at: Set(None),
        outcome: Set(None),
        detail: Set(None),
    };
    attempt_row::Entity::insert(model)
        .exec_without_returning(tx.conn())
        .await
        .map_err(fault)?;
    Ok(attempt)
}

/// What became of one sending.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// The record's new state.
    pub state: RecordState,
    /// AWS's id for it.
    pub metering_record_id: Option<String>,
    /// Why, and what happens next.
    pub note: Option<String>,
    /// When to try again (real time), if the record is not done.
    pub retry_at: Option<Timestamp>,
    /// The attempt's outcome in one word.
    pub outcome: String,
}

/// Records what became of a sending. A terminal record is never touched again.
pub async fn end_attempt(
    tx: &SystemTx,
    record: MeteringId,
    attempt: i32,
    outcome: &Outcome,
    now: Timestamp,
) -> Result<(), Error> {
    attempt_row::Entity::update_many()
        .col_expr(attempt_row::Column::AnsweredAt, Expr::value(now))
        .col_expr(
            attempt_row::Column::Outcome,
            Expr::value(outcome.outcome.as_str()),
        )
        .col_expr(
            attempt_row::Column::Detail,
            Expr::value(outcome.note.clone()),
        )
        .filter(attempt_row::Column::RecordId.eq(record.to_string()))
        .filter(attempt_row::Column::Attempt.eq(attempt))
        .exec(tx.conn())
        .await
        .map_err(fault)?;
    settle(tx, record, outcome, now).await
}

/// Moves a record on without a sending: its window closed, or it is refused locally.
pub async fn settle(
    tx: &SystemTx,
    record: MeteringId,
    outcome: &Outcome,
    now: Timestamp,
) -> Result<(), Error> {
    row::Entity::update_many()
        .col_expr(row::Column::State, Expr::value(outcome.state.as_str()))
        .col_expr(
            row::Column::MeteringRecordId,
            Expr::value(outcome.metering_record_id.clone()),
        )
        .col_expr(row::Column::Note, Expr::value(outcome.note.clone()))
        .col_expr(row::Column::RetryAt, Expr::value(outcome.retry_at))
        .col_expr(row::Column::ChangedAt, Expr::value(now))
        .filter(row::Column::Id.eq(record.to_string()))
        .filter(
            row::Column::State.is_in([RecordState::Sealed.as_str(), RecordState::Sending.as_str()]),
        )
        .exec(tx.conn())
        .await
        .map_err(fault)?;
    Ok(())
}

/// The outcome of a sending that was refused as a whole because of another record: AWS recorded nothing of it.
pub const BATCH_REFUSED: &str = "batchRefused";

/// Whether an earlier attempt that AWS may have recorded carried this very quantity: what decides how a `DuplicateRecord` is judged.
pub async fn sent_before(
    tx: &SystemTx,
    record: MeteringId,
    attempt: i32,
    quantity: i64,
) -> Result<bool, Error> {
    Ok(attempt_row::Entity::find()
        .filter(attempt_row::Column::RecordId.eq(record.to_string()))
        .filter(attempt_row::Column::Attempt.lt(attempt))
        .filter(attempt_row::Column::Quantity.eq(quantity))
        .filter(
            Condition::any()
                .add(attempt_row::Column::Outcome.is_null())
                .add(attempt_row::Column::Outcome.ne(BATCH_REFUSED)),
        )
        .one(tx.conn())
        .await
        .map_err(fault)?
        .is_some())
}

/// One sending, as it is explained.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// From 1.
    pub attempt: i32,
    /// Units sent.
    pub quantity: i64,
    /// When (business time).
    pub sent_at: Timestamp,
    /// When AWS's answer was recorded.
    pub answered_at: Option<Timestamp>,
    /// In one word.
    pub outcome: Option<String>,
    /// In words.
    pub detail: Option<String>,
}

/// Every sending of a record, first to last.
pub async fn attempts(tx: &TenantTx, record: MeteringId) -> Result<Vec<Attempt>, Error> {
    let rows = attempt_row::Entity::find()
        .filter(attempt_row::Column::TenantId.eq(tx.tenant_text()))
        .filter(attempt_row::Column::RecordId.eq(record.to_string()))
        .order_by_asc(attempt_row::Column::Attempt)
        .all(tx.conn())
        .await
        .map_err(fault)?;
    Ok(rows
        .into_iter()
        .map(|row| Attempt {
            attempt: row.attempt,
            quantity: row.quantity,
            sent_at: row.sent_at,
            answered_at: row.answered_at,
            outcome: row.outcome,
            detail: row.detail,
        })
        .collect())
}

fn read(row: row::Model) -> Result<MeteringRecord, Error> {
    Ok(MeteringRecord {
        id: row.id.parse().map_err(unreadable)?,
        tenant: row.tenant_id.parse().map_err(unreadable)?,
        licence: row.licence_id.parse().map_err(unreadable)?,
        dimension: row.dimension.parse()?,
        hour: Hour::from_number(row.hour),
        quantity: row.quantity,
        state: row.state.parse()?,
        metering_record_id: row.metering_record_id,
        attempts: row.attempts,
        note: row.note,
        sealed_at: row.sealed_at,
        changed_at: row.changed_at,
    })
}
