//! Tenants: queries.

use domain::{
    Error, Timestamp,
    id::TenantId,
    tenant::{Tenant, TenantState},
};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};

mod page;

pub use page::{Query, page};

use crate::{TenantTx, fault, row::tenant as row, unreadable};

/// Adds the transaction's tenant.
pub async fn insert(tx: &TenantTx, name: &str, now: Timestamp) -> Result<(), Error> {
    let tenant = row::ActiveModel {
        id: Set(tx.tenant_text()),
        name: Set(name.to_owned()),
        state: Set(TenantState::Provisioning.as_str().to_owned()),
        created_at: Set(now),
    };
    row::Entity::insert(tenant)
        .exec_without_returning(tx.conn())
        .await
        .map_err(fault)?;
    Ok(())
}

/// The transaction's tenant.
pub async fn get(tx: &TenantTx) -> Result<Tenant, Error> {
    row::Entity::find_by_id(tx.tenant_text())
        .one(tx.conn())
        .await
        .map_err(fault)?
        .ok_or_else(|| Error::not_found("tenant"))
        .and_then(read)
}

/// Moves the tenant to `state`; answers whether it was in another state before.
pub async fn set_state(tx: &TenantTx, state: TenantState) -> Result<bool, Error> {
    let done = row::Entity::update_many()
        .col_expr(row::Column::State, Expr::value(state.as_str()))
        .filter(row::Column::Id.eq(tx.tenant_text()))
        .filter(row::Column::State.ne(state.as_str()))
        .exec(tx.conn())
        .await
        .map_err(fault)?;
    Ok(done.rows_affected > 0)
}

pub(crate) fn read(row: row::Model) -> Result<Tenant, Error> {
    Ok(Tenant {
        id: row.id.parse::<TenantId>().map_err(unreadable)?,
        name: row.name,
        state: row.state.parse()?,
        created_at: row.created_at,
    })
}
