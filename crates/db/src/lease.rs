//! Leases: which of several replicas does a piece of background work (P6). They run out by the database's clock, since the replicas' may
//! differ; every change that the work makes looks, in its own transaction, whether the lease is still the one it began with.

use domain::Error;
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, DatabaseTransaction, DbBackend, EntityTrait, QueryFilter,
    QuerySelect,
    sea_query::{Expr, ExprTrait, OnConflict},
};

use crate::{SystemTx, Tx, fault, inserted, row::lease as row, unreadable};

/// Takes the lease for so many milliseconds if nobody has it, or not any more; answers its new token.
pub async fn take(tx: &SystemTx, name: &str, holder: &str, ms: i64) -> Result<Option<i64>, Error> {
    let now = now(tx.conn());
    if free(tx, name).await?.is_none() {
        return Ok(None);
    }
    let model = row::ActiveModel {
        name: Set(name.to_owned()),
        holder: Set(holder.to_owned()),
        token: Set(1),
        until: Set(0),
    };
    let token = || Expr::col((row::Entity, row::Column::Token));
    let until = || Expr::col((row::Entity, row::Column::Until));
    let mine = inserted(
        row::Entity::insert(model)
            .on_conflict(
                OnConflict::column(row::Column::Name)
                    .value(row::Column::Holder, holder)
                    .value(row::Column::Token, token().add(1))
                    .value(row::Column::Until, 0)
                    .action_and_where(until().lt(now.clone()))
                    .to_owned(),
            )
            .exec_without_returning(tx.conn())
            .await,
    )?;
    if !mine {
        return Ok(None);
    }
    row::Entity::update_many()
        .col_expr(row::Column::Until, now.add(ms))
        .filter(row::Column::Name.eq(name))
        .exec(tx.conn())
        .await
        .map_err(fault)?;
    let row = row::Entity::find_by_id(name.to_owned()).one(tx.conn());
    let row = row.await.map_err(fault)?;
    let row = row.ok_or_else(|| unreadable("the lease that was taken is missing"))?;
    Ok(Some(row.token))
}

/// Something, unless somebody has it: most looks find that somebody does, and need not lock anything for it.
async fn free(tx: &SystemTx, name: &str) -> Result<Option<()>, Error> {
    let held = row::Entity::find_by_id(name.to_owned())
        .filter(Expr::col(row::Column::Until).gte(now(tx.conn())))
        .one(tx.conn())
        .await
        .map_err(fault)?;
    Ok(held.is_none().then_some(()))
}

/// Prolongs everything that the holder has, and nothing that somebody else took meanwhile.
pub async fn prolong(tx: &SystemTx, holder: &str, ms: i64) -> Result<u64, Error> {
    let done = row::Entity::update_many()
        .col_expr(row::Column::Until, now(tx.conn()).add(ms))
        .filter(row::Column::Holder.eq(holder))
        .filter(row::Column::Until.gt(0))
        .exec(tx.conn())
        .await
        .map_err(fault)?;
    Ok(done.rows_affected)
}

/// Gives back everything that the holder has, or with none everything that anybody has: for a process that is proved to be the only one.
pub async fn release(tx: &SystemTx, holder: Option<&str>) -> Result<u64, Error> {
    let mut update = row::Entity::update_many().col_expr(row::Column::Until, Expr::value(0_i64));
    if let Some(holder) = holder {
        update = update.filter(row::Column::Holder.eq(holder));
    }
    let done = update.exec(tx.conn()).await.map_err(fault)?;
    Ok(done.rows_affected)
}

/// Whether the lease still has this token. Whoever wants to take it waits until the transaction that asked has ended.
pub async fn holds(tx: &impl Tx, name: &str, token: i64) -> Result<bool, Error> {
    let found = row::Entity::find_by_id(name.to_owned())
        .filter(row::Column::Token.eq(token))
        .lock_shared()
        .one(tx.tx())
        .await
        .map_err(fault)?;
    Ok(found.is_some())
}

/// Milliseconds by the database's clock, as an expression of its own SQL.
fn now(conn: &DatabaseTransaction) -> Expr {
    match conn.get_database_backend() {
        DbBackend::Postgres => {
            Expr::cust("CAST(extract(epoch FROM clock_timestamp()) * 1000 AS bigint)")
        }
        _ => Expr::cust("CAST(unixepoch('subsec') * 1000 AS integer)"),
    }
}
