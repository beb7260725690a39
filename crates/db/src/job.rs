//! Jobs that were begun and have not ended: queries.

use domain::{
    Error, Timestamp,
    job::{Job, Work},
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    sea_query::{Expr, ExprTrait, OnConflict, SelectStatement},
};

mod page;

pub use page::{Place, Query, Sort, page};

use crate::{SystemTx, fault, row::job as row};

/// Those of one work, quarantined ones included.
pub async fn of_work(tx: &SystemTx, work: Work) -> Result<Vec<Job>, Error> {
    let rows = row::Entity::find()
        .filter(row::Column::Work.eq(work.as_str()))
        .order_by_asc(row::Column::Attempts)
        .all(tx.conn())
        .await
        .map_err(fault)?;
    rows.into_iter().map(read).collect()
}

/// The items of a work that are quarantined, for queries that leave them out: they would use up the room of those that can be done.
pub(crate) fn quarantined(work: Work) -> SelectStatement {
    row::Entity::find()
        .select_only()
        .column(row::Column::Item)
        .filter(row::Column::Work.eq(work.as_str()))
        .filter(row::Column::QuarantinedAt.is_not_null())
        .into_query()
}

/// They are begun, once more.
pub async fn begin(
    tx: &SystemTx,
    work: Work,
    items: &[String],
    now: Timestamp,
) -> Result<(), Error> {
    let models = items.iter().map(|item| row::ActiveModel {
        work: Set(work.as_str().to_owned()),
        item: Set(item.clone()),
        attempts: Set(1),
        begun_at: Set(now),
        quarantined_at: Set(None),
    });
    let again = OnConflict::columns([row::Column::Work, row::Column::Item])
        .value(
            row::Column::Attempts,
            Expr::col((row::Entity, row::Column::Attempts)).add(1),
        )
        .value(row::Column::BegunAt, now)
        .to_owned();
    row::Entity::insert_many(models)
        .on_conflict(again)
        .exec_without_returning(tx.conn())
        .await
        .map_err(fault)?;
    Ok(())
}

/// They have ended, well or not: what comes next is in their own rows. What was quarantined meanwhile stays so.
pub async fn end(tx: &SystemTx, work: Work, items: &[String]) -> Result<(), Error> {
    row::Entity::delete_many()
        .filter(row::Column::Work.eq(work.as_str()))
        .filter(row::Column::Item.is_in(items))
        .filter(row::Column::QuarantinedAt.is_null())
        .exec(tx.conn())
        .await
        .map_err(fault)?;
    Ok(())
}

/// Their last beginning counts for nothing: they were given up, and were not what ended anything.
pub async fn take_back(tx: &SystemTx, work: Work, items: &[String]) -> Result<(), Error> {
    let of_these = Condition::all()
        .add(row::Column::Work.eq(work.as_str()))
        .add(row::Column::Item.is_in(items))
        .add(row::Column::QuarantinedAt.is_null());
    row::Entity::update_many()
        .col_expr(
            row::Column::Attempts,
            Expr::col(row::Column::Attempts).sub(1),
        )
        .filter(of_these.clone())
        .exec(tx.conn())
        .await
        .map_err(fault)?;
    row::Entity::delete_many()
        .filter(of_these)
        .filter(row::Column::Attempts.lt(1))
        .exec(tx.conn())
        .await
        .map_err(fault)?;
    Ok(())
}

/// It is begun no more, until it is let go.
pub async fn quarantine(
    tx: &SystemTx,
    work: Work,
    item: &str,
    now: Timestamp,
) -> Result<(), Error> {
    row::Entity::update_many()
        .col_expr(row::Column::QuarantinedAt, Expr::value(now))
        .filter(row::Column::Work.eq(work.as_str()))
        .filter(row::Column::Item.eq(item))
        .filter(row::Column::QuarantinedAt.is_null())
        .exec(tx.conn())
        .await
        .map_err(fault)?;
    Ok(())
}

/// Lets a quarantined one go; `false` if there is no such one.
pub async fn release(tx: &SystemTx, work: Work, item: &str) -> Result<bool, Error> {
    let done = row::Entity::delete_many()
        .filter(row::Column::Work.eq(work.as_str()))
        .filter(row::Column::Item.eq(item))
        .filter(row::Column::QuarantinedAt.is_not_null())
        .exec(tx.conn())
        .await
        .map_err(fault)?;
    Ok(done.rows_affected > 0)
}

/// Forgets beginnings before `before` that nobody came back to: what they were about is settled.
pub async fn forget(tx: &SystemTx, before: Timestamp) -> Result<u64, Error> {
    let done = row::Entity::delete_many()
        .filter(row::Column::BegunAt.lt(before))
        .filter(row::Column::QuarantinedAt.is_null())
        .exec(tx.conn())
        .await
        .map_err(fault)?;
    Ok(done.rows_affected)
}

fn read(row: row::Model) -> Result<Job, Error> {
    Ok(Job {
        work: row.work.parse()?,
        item: row.item,
        attempts: row.attempts,
        begun_at: row.begun_at,
        quarantined_at: row.quarantined_at,
    })
}
