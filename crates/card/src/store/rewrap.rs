//! Queries for moving rows from one wrapping key to another.
//! Rows that were found damaged are left alone: they are kept as they were found, and no service opens them.
//! Invariant: a row is moved by a comparison with what was read of it, so one that changed meanwhile stays as it is.

use domain::{
    Error,
    id::KeyId,
    key_encryption::{Context, Holder},
};
use pool::Statements;
use sea_orm::{
    ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select,
    UpdateMany, sea_query::Expr,
};

use super::{SystemTx, TenantTx, fault, key::DAMAGED, row::key as row, unreadable};

/// What is known of a row that another wrapping key wrapped.
pub struct Row {
    /// Key and holder.
    pub context: Context,
    /// The data key under that wrapping key.
    pub data_key: Vec<u8>,
    /// Which wrapping key.
    pub wrapping_key_id: String,
}

/// Rows whose data key another key than `current` wrapped: so many of them by id, after one of them if there is one.
pub async fn others(
    tx: &SystemTx,
    current: &str,
    after: Option<KeyId>,
    most: u64,
) -> Result<Vec<Row>, Error> {
    let mut query = named_otherwise(current);
    if let Some(after) = after {
        query = query.filter(row::Column::Id.gt(after.to_string()));
    }
    let found = query
        .order_by_asc(row::Column::Id)
        .limit(most)
        .all(tx.conn())
        .await
        .map_err(fault)?;
    found.into_iter().map(read).collect()
}

/// How many they are.
pub async fn count_others(tx: &SystemTx, current: &str) -> Result<u64, Error> {
    let count = named_otherwise(current).count(tx.conn()).await;
    count.map_err(fault)
}

fn named_otherwise(current: &str) -> Select<row::Entity> {
    row::Entity::find()
        .filter(row::Column::State.ne(DAMAGED))
        .filter(row::Column::WrappingKeyId.ne(current))
}

/// Moves a row that is nobody's. `false` if it is not as it was read.
pub async fn move_system(
    tx: &SystemTx,
    row: &Row,
    to: &str,
    data_key: &[u8],
) -> Result<bool, Error> {
    let update = moved(row, to, data_key).filter(row::Column::TenantId.is_null());
    run(tx.conn(), update).await
}

/// Moves a row of the tenant's. `false` if it is not as it was read.
pub async fn move_tenant(
    tx: &TenantTx,
    row: &Row,
    to: &str,
    data_key: &[u8],
) -> Result<bool, Error> {
    let own = row::Column::TenantId.eq(tx.tenant.to_string());
    run(tx.conn(), moved(row, to, data_key).filter(own)).await
}

fn moved(from: &Row, to: &str, data_key: &[u8]) -> UpdateMany<row::Entity> {
    row::Entity::update_many()
        .col_expr(row::Column::WrappedDataKey, Expr::value(data_key.to_vec()))
        .col_expr(row::Column::WrappingKeyId, Expr::value(to))
        .filter(row::Column::Id.eq(from.context.key.to_string()))
        .filter(row::Column::WrappingKeyId.eq(from.wrapping_key_id.as_str()))
        .filter(row::Column::WrappedDataKey.eq(from.data_key.clone()))
}

async fn run(conn: &Statements, update: UpdateMany<row::Entity>) -> Result<bool, Error> {
    let updated = update.exec(conn).await.map_err(fault)?;
    Ok(updated.rows_affected == 1)
}

fn read(row: row::Model) -> Result<Row, Error> {
    let holder = match (row.tenant_id, row.mode) {
        (None, _) => Holder::Pool,
        (Some(tenant), Some(mode)) => Holder::Tenant(
            tenant.parse().map_err(unreadable)?,
            mode.parse().map_err(unreadable)?,
        ),
        (Some(_), None) => return Err(unreadable("a tenant's key without mode")),
    };
    Ok(Row {
        context: Context {
            key: row.id.parse().map_err(unreadable)?,
            holder,
        },
        data_key: row.wrapped_data_key,
        wrapping_key_id: row.wrapping_key_id,
    })
}
