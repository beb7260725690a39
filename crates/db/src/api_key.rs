//! API keys: queries. What is stored is the SHA-256 of the secret; the secret has 256 random bits, so a slow hash would add nothing.

use domain::{
    Error, Mode, Timestamp,
    api_key::{ApiKey, ApiKeyState, Scope},
    id::ApiKeyId,
    list::{NamedOrder, bad_cursor},
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, EntityTrait, Order, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, SimpleExpr},
};

use crate::{
    SystemTx, TenantTx, fault, keyset::behind, like::lowered, row::api_key as row, unreadable,
};

/// Which keys are asked for.
#[derive(Debug, Clone, Default)]
pub struct Query {
    /// Those in this state alone.
    pub state: Option<ApiKeyState>,
    /// Those of one mode alone.
    pub mode: Option<Mode>,
    /// In which order.
    pub sort: NamedOrder,
    /// The last key of the page before.
    pub after: Option<ApiKeyId>,
}

/// Adds a key to the transaction's tenant.
pub async fn insert(tx: &TenantTx, key: &ApiKey, sha256: &str) -> Result<(), Error> {
    let scopes: Vec<&str> = key.scopes.iter().map(|scope| scope.as_str()).collect();
    let model = row::ActiveModel {
        id: Set(key.id.to_string()),
        tenant_id: Set(tx.tenant_text()),
        name: Set(key.name.clone()),
        mode: Set(key.mode.as_str().to_owned()),
        scopes: Set(scopes.join(" ")),
        prefix: Set(key.prefix.clone()),
        sha256: Set(sha256.to_owned()),
        created_at: Set(key.created_at),
        last_used_at: Set(None),
        revoked_at: Set(None),
    };
    row::Entity::insert(model)
        .exec_without_returning(tx.conn())
        .await
        .map_err(fault)?;
    Ok(())
}

/// The name of the key that was used last, if one was.
pub async fn last_used(tx: &TenantTx) -> Result<Option<String>, Error> {
    row::Entity::find()
        .select_only()
        .column(row::Column::Name)
        .filter(row::Column::TenantId.eq(tx.tenant_text()))
        .filter(row::Column::LastUsedAt.is_not_null())
        .order_by_desc(row::Column::LastUsedAt)
        .limit(1)
        .into_tuple()
        .one(tx.conn())
        .await
        .map_err(fault)
}

/// One page of the tenant's keys; empty behind a key that is not there.
pub async fn page(tx: &TenantTx, query: &Query, limit: u64) -> Result<Vec<ApiKey>, Error> {
    let mut found = row::Entity::find().filter(row::Column::TenantId.eq(tx.tenant_text()));
    if let Some(state) = query.state {
        found = found.filter(match state {
            ApiKeyState::InForce => row::Column::RevokedAt.is_null(),
            ApiKeyState::Revoked => row::Column::RevokedAt.is_not_null(),
        });
    }
    if let Some(mode) = query.mode {
        found = found.filter(row::Column::Mode.eq(mode.as_str()));
    }
    let (order, by_name) = match query.sort {
        NamedOrder::Newest => (Order::Desc, false),
        NamedOrder::Oldest => (Order::Asc, false),
        NamedOrder::Name => (Order::Asc, true),
    };
    let id = || SimpleExpr::from(Expr::col((row::Entity, row::Column::Id)));
    let name = || lowered((row::Entity, row::Column::Name));
    if let Some(after) = query.after {
        let mut last = vec![(id(), after.to_string().into())];
        if by_name {
            let Some(lowered) = lowered_name(tx, after).await? else {
                return Err(bad_cursor());
            };
            last.insert(0, (name(), lowered.into()));
        }
        found = found.filter(behind(&last, &order));
    }
    if by_name {
        found = found.order_by(name(), order.clone());
    }
    let rows = found
        .order_by(id(), order)
        .limit(limit)
        .all(tx.conn())
        .await
        .map_err(fault)?;
    rows.into_iter().map(read).collect()
}

/// A key's name as the database lowers it, which need not be how anybody else does.
async fn lowered_name(tx: &TenantTx, id: ApiKeyId) -> Result<Option<String>, Error> {
    row::Entity::find()
        .select_only()
        .expr(lowered((row::Entity, row::Column::Name)))
        .filter(row::Column::Id.eq(id.to_string()))
        .filter(row::Column::TenantId.eq(tx.tenant_text()))
        .into_tuple()
        .one(tx.conn())
        .await
        .map_err(fault)
}

/// One key of the tenant.
pub async fn get(tx: &TenantTx, id: ApiKeyId) -> Result<ApiKey, Error> {
    row::Entity::find_by_id(id.to_string())
        .filter(row::Column::TenantId.eq(tx.tenant_text()))
        .one(tx.conn())
        .await
        .map_err(fault)?
        .ok_or_else(|| Error::not_found("API key"))
        .and_then(read)
}

/// How many keys the tenant has that are not revoked.
pub async fn count_active(tx: &TenantTx) -> Result<u64, Error> {
    row::Entity::find()
        .filter(row::Column::TenantId.eq(tx.tenant_text()))
        .filter(row::Column::RevokedAt.is_null())
        .count(tx.conn())
        .await
        .map_err(fault)
}

/// The tenant's keys of a mode that are not revoked, in numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyCount {
    /// How many.
    pub in_force: u64,
    /// How many of them nobody has used.
    pub never_used: u64,
    /// When one of them was used last.
    pub last_used_at: Option<Timestamp>,
}

/// Counts the tenant's keys of a mode that are not revoked.
pub async fn count(tx: &TenantTx, mode: Mode) -> Result<KeyCount, Error> {
    let in_force = || {
        row::Entity::find()
            .filter(row::Column::TenantId.eq(tx.tenant_text()))
            .filter(row::Column::Mode.eq(mode.as_str()))
            .filter(row::Column::RevokedAt.is_null())
    };
    let last: Option<Option<Timestamp>> = in_force()
        .select_only()
        .column_as(row::Column::LastUsedAt.max(), "last")
        .into_tuple()
        .one(tx.conn())
        .await
        .map_err(fault)?;
    Ok(KeyCount {
        in_force: in_force().count(tx.conn()).await.map_err(fault)?,
        never_used: in_force()
            .filter(row::Column::LastUsedAt.is_null())
            .count(tx.conn())
            .await
            .map_err(fault)?,
        last_used_at: last.flatten(),
    })
}

/// Revokes a key for good; revoking it again changes nothing.
pub async fn revoke(tx: &TenantTx, id: ApiKeyId, now: Timestamp) -> Result<ApiKey, Error> {
    row::Entity::update_many()
        .col_expr(row::Column::RevokedAt, Expr::value(now))
        .filter(row::Column::Id.eq(id.to_string()))
        .filter(row::Column::TenantId.eq(tx.tenant_text()))
        .filter(row::Column::RevokedAt.is_null())
        .exec(tx.conn())
        .await
        .map_err(fault)?;
    get(tx, id).await
}

/// The key behind a hash, if it is not revoked: how a request finds out who it is.
pub async fn find_by_hash(tx: &SystemTx, sha256: &str) -> Result<Option<ApiKey>, Error> {
    row::Entity::find()
        .filter(row::Column::Sha256.eq(sha256))
        .filter(row::Column::RevokedAt.is_null())
        .one(tx.conn())
        .await
        .map_err(fault)?
        .map(read)
        .transpose()
}

/// Records a use.
pub async fn touch(tx: &TenantTx, id: ApiKeyId, now: Timestamp) -> Result<(), Error> {
    row::Entity::update_many()
        .col_expr(row::Column::LastUsedAt, Expr::value(now))
        .filter(row::Column::Id.eq(id.to_string()))
        .filter(row::Column::TenantId.eq(tx.tenant_text()))
        .exec(tx.conn())
        .await
        .map_err(fault)?;
    Ok(())
}

fn read(row: row::Model) -> Result<ApiKey, Error> {
    Ok(ApiKey {
        id: row.id.parse().map_err(unreadable)?,
        tenant: row.tenant_id.parse().map_err(unreadable)?,
        name: row.name,
        mode: row.mode.parse().map_err(unreadable)?,
        scopes: row
            .scopes
            .split_whitespace()
            .map(str::parse::<Scope>)
            .collect::<Result<_, _>>()?,
        prefix: row.prefix,
        created_at: row.created_at,
        last_used_at: row.last_used_at,
        revoked_at: row.revoked_at,
    })
}
