//! What waits, over all tenants: how much, and since when. For metrics; nothing is decided by it.
//! Every look uses an index, so that it may be taken often.

use domain::{Error, Timestamp, hour::Hour, job::Work, metering::RecordState};
use sea_orm::{
    ColumnTrait, EntityTrait, FromQueryResult, QueryFilter, QuerySelect, Select,
    sea_query::{Expr, ExprTrait},
};

use crate::{
    SystemTx, fault,
    inbox::InboxState,
    row::{inbox, job, mail, metering_record, registration},
};

/// Things of one kind that wait.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, FromQueryResult)]
pub struct Waiting {
    /// How many.
    pub count: i64,
    /// Since when the oldest of them does.
    pub since: Option<Timestamp>,
}

/// Messages of the inbox in a state, by their arrival (real time).
pub async fn messages(tx: &SystemTx, state: InboxState) -> Result<Waiting, Error> {
    let query = inbox::Entity::find().filter(inbox::Column::State.eq(state.as_str()));
    waiting(tx, query, inbox::Column::ReceivedAt).await
}

/// Registrations whose buyer has said who they are, and that are not done (business time).
pub async fn registrations(tx: &SystemTx) -> Result<Waiting, Error> {
    let query = registration::Entity::find()
        .filter(registration::Column::CompletedAt.is_null())
        .filter(registration::Column::Email.is_not_null());
    waiting(tx, query, registration::Column::CreatedAt).await
}

/// Mails that have not gone out and are not given up (real time).
pub async fn mails(tx: &SystemTx) -> Result<Waiting, Error> {
    let query = mail::Entity::find().filter(mail::Column::EndedAt.is_null());
    waiting(tx, query, mail::Column::CreatedAt).await
}

/// Jobs of a work that are begun no more until the operator says so (real time).
pub async fn quarantined(tx: &SystemTx, work: Work) -> Result<Waiting, Error> {
    let query = job::Entity::find()
        .filter(job::Column::Work.eq(work.as_str()))
        .filter(job::Column::QuarantinedAt.is_not_null());
    waiting(tx, query, job::Column::QuarantinedAt).await
}

async fn waiting<E: EntityTrait>(
    tx: &SystemTx,
    query: Select<E>,
    since: impl ColumnTrait,
) -> Result<Waiting, Error> {
    let found = query
        .select_only()
        .column_as(Expr::val(1).count(), "count")
        .column_as(since.min(), "since")
        .into_model::<Waiting>()
        .one(tx.conn());
    Ok(found.await.map_err(fault)?.unwrap_or_default())
}

/// The oldest hour that AWS has not got yet, sealed or not.
pub async fn oldest_unsent(tx: &SystemTx) -> Result<Option<Hour>, Error> {
    let unsent = [RecordState::Open, RecordState::Sealed, RecordState::Sending];
    let mut oldest: Option<i64> = None;
    for state in unsent {
        // Each by itself is one step in the index.
        let found = metering_record::Entity::find()
            .select_only()
            .column_as(metering_record::Column::Hour.min(), "hour")
            .filter(metering_record::Column::State.eq(state.as_str()))
            .into_tuple::<Option<i64>>()
            .one(tx.conn());
        let found = found.await.map_err(fault)?.flatten();
        oldest = oldest.into_iter().chain(found).min();
    }
    Ok(oldest.map(Hour::from_number))
}

/// How many records ended in a state without being billed; empty hours are nobody's loss, but a conflict always is one.
pub async fn unbilled(tx: &SystemTx, state: RecordState) -> Result<i64, Error> {
    let mut query = metering_record::Entity::find()
        .select_only()
        .column_as(Expr::val(1).count(), "count")
        .filter(metering_record::Column::State.eq(state.as_str()));
    if state != RecordState::Conflict {
        query = query.filter(metering_record::Column::Quantity.gt(0));
    }
    let found = query.into_tuple::<i64>().one(tx.conn());
    Ok(found.await.map_err(fault)?.unwrap_or_default())
}

/// The names of the leases that somebody holds, by the database's clock.
pub async fn held_leases(tx: &SystemTx) -> Result<Vec<String>, Error> {
    pool::lease::held(tx.conn()).await
}
