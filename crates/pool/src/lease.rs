//! Leases: which of several replicas does a piece of background work (P6). They run out by the database's clock, since the replicas' may
//! differ; every change that the work makes looks, in its own transaction, whether the lease is still the one it began with.
//! Each service has a table `leases` of its own, of this shape, and gives these functions its own transactions.

use std::time::Duration;

use domain::Error;
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, DbBackend, EntityTrait, QueryFilter, QuerySelect,
    Select,
    sea_query::{Expr, ExprTrait, LockType, OnConflict},
};

use crate::{Statements, fault, inserted};

/// How long a lease lasts by itself: when its holder is killed, others go on after that.
pub const LASTS: Duration = Duration::from_secs(6);
/// How often it is prolonged.
pub const PROLONGED: Duration = Duration::from_secs(2);

mod row;

/// Takes the lease for so long if nobody else has it, or not any more; answers its new token. What the holder has already it
/// gets again: it asks only if it knows of no lease, and the answer to an earlier taking may have been lost.
///
/// # Errors
/// Unavailable while the database is.
pub async fn take(
    tx: &Statements,
    name: &str,
    holder: &str,
    lasts: Duration,
) -> Result<Option<i64>, Error> {
    let now = now(tx);
    let free = || {
        Condition::any()
            .add(row::Column::Holder.eq(holder))
            .add(Expr::col(row::Column::Until).lt(now.clone()))
    };
    let found = row::Entity::find_by_id(name.to_owned()).one(tx);
    if found.await.map_err(fault)?.is_none() {
        let first = row::ActiveModel {
            name: Set(name.to_owned()),
            holder: Set(holder.to_owned()),
            token: Set(0),
            until: Set(0),
        };
        let known = OnConflict::column(row::Column::Name)
            .do_nothing()
            .to_owned();
        let insert = row::Entity::insert(first).on_conflict(known);
        inserted(insert.exec_without_returning(tx).await)?;
    }
    // Whoever proves the lease in a change holds this up until the change is made. Most looks find that somebody has it, and wait for
    // nothing.
    let free_row = row::Entity::find_by_id(name.to_owned())
        .filter(free())
        .lock_exclusive()
        .one(tx);
    let Some(row) = free_row.await.map_err(fault)? else {
        return Ok(None);
    };
    row::Entity::update_many()
        .col_expr(row::Column::Holder, Expr::value(holder))
        .col_expr(row::Column::Token, Expr::value(row.token + 1))
        .col_expr(row::Column::Until, now.clone().add(ms(lasts)))
        .filter(row::Column::Name.eq(name))
        .exec(tx)
        .await
        .map_err(fault)?;
    Ok(Some(row.token + 1))
}

/// Prolongs everything that the holder has, and nothing that somebody else took meanwhile.
///
/// # Errors
/// Unavailable while the database is.
pub async fn prolong(tx: &Statements, holder: &str, lasts: Duration) -> Result<u64, Error> {
    let done = row::Entity::update_many()
        .col_expr(row::Column::Until, now(tx).add(ms(lasts)))
        .filter(row::Column::Holder.eq(holder))
        .filter(row::Column::Until.gt(0))
        .exec(tx)
        .await
        .map_err(fault)?;
    Ok(done.rows_affected)
}

/// Gives back everything that the holder has, or with none everything that anybody has: for a process that is proved to be the only one.
///
/// # Errors
/// Unavailable while the database is.
pub async fn release(tx: &Statements, holder: Option<&str>) -> Result<u64, Error> {
    let mut update = row::Entity::update_many().col_expr(row::Column::Until, Expr::value(0_i64));
    if let Some(holder) = holder {
        update = update.filter(row::Column::Holder.eq(holder));
    }
    let done = update.exec(tx).await.map_err(fault)?;
    Ok(done.rows_affected)
}

/// Whether the lease still is this holder's, with this token. Whoever wants to take it waits until the transaction that asked has ended;
/// prolonging it does not.
///
/// # Errors
/// Unavailable while the database is.
pub async fn holds(tx: &Statements, name: &str, holder: &str, token: i64) -> Result<bool, Error> {
    let found = own(name, holder, token)
        .lock(LockType::KeyShare)
        .one(tx)
        .await
        .map_err(fault)?;
    Ok(found.is_some())
}

/// Prolongs this very lease; `false` if it is somebody else's by now. Until so long after the beginning of this call nobody can take it.
///
/// # Errors
/// Unavailable while the database is.
pub async fn extend(
    tx: &Statements,
    (name, holder, token): (&str, &str, i64),
    lasts: Duration,
) -> Result<bool, Error> {
    let done = row::Entity::update_many()
        .col_expr(row::Column::Until, now(tx).add(ms(lasts)))
        .filter(row::Column::Name.eq(name))
        .filter(row::Column::Holder.eq(holder))
        .filter(row::Column::Token.eq(token))
        .exec(tx)
        .await
        .map_err(fault)?;
    Ok(done.rows_affected == 1)
}

/// The same as [`holds`], as a look that holds nobody up.
///
/// # Errors
/// Unavailable while the database is.
pub async fn is_held(tx: &Statements, name: &str, holder: &str, token: i64) -> Result<bool, Error> {
    let found = own(name, holder, token).one(tx).await;
    Ok(found.map_err(fault)?.is_some())
}

/// The names of the leases that somebody has and that have not run out.
///
/// # Errors
/// Unavailable while the database is.
pub async fn held(tx: &Statements) -> Result<Vec<String>, Error> {
    let held = row::Entity::find()
        .select_only()
        .column(row::Column::Name)
        .filter(Expr::col(row::Column::Until).gte(now(tx)))
        .into_tuple::<String>()
        .all(tx);
    held.await.map_err(fault)
}

fn own(name: &str, holder: &str, token: i64) -> Select<row::Entity> {
    row::Entity::find_by_id(name.to_owned())
        .filter(row::Column::Holder.eq(holder))
        .filter(row::Column::Token.eq(token))
}

/// Milliseconds by the database's clock, as an expression of its own SQL.
fn now(conn: &Statements) -> Expr {
    match conn.get_database_backend() {
        DbBackend::Postgres => {
            Expr::cust("CAST(extract(epoch FROM clock_timestamp()) * 1000 AS bigint)")
        }
        _ => Expr::cust("CAST(unixepoch('subsec') * 1000 AS integer)"),
    }
}

fn ms(time: Duration) -> i64 {
    i64::try_from(time.as_millis()).unwrap_or(i64::MAX)
}
