//! Queries on `keys`: the pool, which is nobody's, and the tenants' key pairs.
//! Invariant: a pool row becomes a tenant's in one conditional update, which at most one asker wins.

use domain::{
    Error, Timestamp,
    id::{KeyId, TenantId},
    key::KeyState,
    mode::Mode,
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, DbErr, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, SqlErr, sea_query::Expr,
};

use super::{SystemTx, TenantTx, fault, row::key as row, unreadable};

const POOL: &str = "pool";
/// Found damaged in the pool: kept for whoever looks into it, counted and assigned no more.
pub(super) const DAMAGED: &str = "damaged";

/// The wrapped private half, as it lies in a row.
#[derive(Clone, PartialEq, Eq)]
pub struct Wrapped {
    /// PKCS#8 under the data key.
    pub private: Vec<u8>,
    /// The data key under the wrapping key.
    pub data_key: Vec<u8>,
    /// Which wrapping key.
    pub wrapping_key_id: String,
}

/// A key pair that is nobody's yet.
#[derive(Clone)]
pub struct PoolKey {
    /// Its id, which it keeps.
    pub id: KeyId,
    /// RSA modulus length.
    pub bits: u32,
    /// `SubjectPublicKeyInfo` PEM.
    pub public_key_pem: String,
    /// Fingerprint of the public half.
    pub fingerprint: String,
    /// The private half, wrapped for the pool.
    pub wrapped: Wrapped,
    /// When it was made, in real time.
    pub created_at: Timestamp,
}

/// What a pool key gets when it becomes a tenant's.
pub struct Assignment {
    /// Test or live.
    pub mode: Mode,
    /// Its certificate.
    pub certificate_pem: String,
    /// Start of the certificate's validity.
    pub not_before: Timestamp,
    /// End of the certificate's validity.
    pub not_after: Timestamp,
    /// The private half, wrapped anew for the tenant.
    pub wrapped: Wrapped,
    /// When, in real time.
    pub at: Timestamp,
}

/// A tenant's key pair.
#[derive(Clone)]
pub struct TenantKey {
    /// Its id.
    pub id: KeyId,
    /// Test or live.
    pub mode: Mode,
    /// RSA modulus length.
    pub bits: u32,
    /// Where it stands.
    pub state: KeyState,
    /// `SubjectPublicKeyInfo` PEM.
    pub public_key_pem: String,
    /// Self-signed certificate PEM.
    pub certificate_pem: String,
    /// Fingerprint of the public half.
    pub fingerprint: String,
    /// Start of the certificate's validity.
    pub not_before: Timestamp,
    /// End of the certificate's validity.
    pub not_after: Timestamp,
    /// The private half, wrapped for the tenant.
    pub wrapped: Wrapped,
}

/// Adds a key to the pool.
pub async fn add_to_pool(tx: &SystemTx, key: &PoolKey) -> Result<(), Error> {
    let model = row::ActiveModel {
        id: Set(key.id.to_string()),
        tenant_id: Set(None),
        mode: Set(None),
        bits: Set(i32::try_from(key.bits).map_err(Error::internal)?),
        state: Set(POOL.to_owned()),
        public_key_pem: Set(key.public_key_pem.clone()),
        certificate_pem: Set(None),
        fingerprint: Set(key.fingerprint.clone()),
        wrapped_private: Set(key.wrapped.private.clone()),
        wrapped_data_key: Set(key.wrapped.data_key.clone()),
        wrapping_key_id: Set(key.wrapped.wrapping_key_id.clone()),
        not_before: Set(None),
        not_after: Set(None),
        created_at: Set(key.created_at),
        assigned_at: Set(None),
    };
    let added = row::Entity::insert(model)
        .exec_without_returning(tx.conn())
        .await;
    added.map(|_| ()).map_err(fault)
}

/// How many keys of that length are ready.
pub async fn pool_size(tx: &SystemTx, bits: u32) -> Result<u64, Error> {
    row::Entity::find()
        .filter(row::Column::State.eq(POOL))
        .filter(row::Column::Bits.eq(i64::from(bits)))
        .count(tx.conn())
        .await
        .map_err(fault)
}

/// The names of the wrapping keys in use; rows of any that this process does not have cannot be opened.
pub async fn wrapping_keys(tx: &SystemTx) -> Result<Vec<String>, Error> {
    row::Entity::find()
        .filter(row::Column::State.ne(DAMAGED))
        .select_only()
        .column(row::Column::WrappingKeyId)
        .distinct()
        .into_tuple()
        .all(tx.conn())
        .await
        .map_err(fault)
}

/// The oldest pool key of that length.
pub async fn oldest_of_pool(tx: &SystemTx, bits: u32) -> Result<Option<PoolKey>, Error> {
    let found = row::Entity::find()
        .filter(row::Column::State.eq(POOL))
        .filter(row::Column::Bits.eq(i64::from(bits)))
        .order_by_asc(row::Column::Id)
        .one(tx.conn())
        .await
        .map_err(fault)?;
    found.map(pool_key).transpose()
}

/// Takes a damaged key out of the pool for good. `false` if it is not in the pool any more.
pub async fn mark_damaged(tx: &SystemTx, id: KeyId) -> Result<bool, Error> {
    let updated = row::Entity::update_many()
        .col_expr(row::Column::State, Expr::value(DAMAGED))
        .filter(row::Column::Id.eq(id.to_string()))
        .filter(row::Column::State.eq(POOL))
        .exec(tx.conn())
        .await;
    updated
        .map(|result| result.rows_affected == 1)
        .map_err(fault)
}

/// Makes a pool key the tenant's active one. `false` if the key is somebody's by now, or the tenant has an active one in that mode:
/// then nothing has changed, and the key is still in the pool if it was. Through the system's door, since until then it is nobody's.
pub async fn assign(
    tx: &SystemTx,
    id: KeyId,
    tenant: TenantId,
    assignment: &Assignment,
) -> Result<bool, Error> {
    let wrapped = &assignment.wrapped;
    let updated = row::Entity::update_many()
        .col_expr(row::Column::TenantId, Expr::value(tenant.to_string()))
        .col_expr(row::Column::Mode, Expr::value(assignment.mode.as_str()))
        .col_expr(row::Column::State, Expr::value(KeyState::Active.as_str()))
        .col_expr(
            row::Column::CertificatePem,
            Expr::value(assignment.certificate_pem.clone()),
        )
        .col_expr(row::Column::NotBefore, Expr::value(assignment.not_before))
        .col_expr(row::Column::NotAfter, Expr::value(assignment.not_after))
        .col_expr(
            row::Column::WrappedPrivate,
            Expr::value(wrapped.private.clone()),
        )
        .col_expr(
            row::Column::WrappedDataKey,
            Expr::value(wrapped.data_key.clone()),
        )
        .col_expr(
            row::Column::WrappingKeyId,
            Expr::value(wrapped.wrapping_key_id.clone()),
        )
        .col_expr(row::Column::AssignedAt, Expr::value(assignment.at))
        .filter(row::Column::Id.eq(id.to_string()))
        .filter(row::Column::State.eq(POOL))
        .exec(tx.conn())
        .await;
    match updated {
        Ok(result) => Ok(result.rows_affected == 1),
        Err(error) if is_taken(&error) => Ok(false),
        Err(error) => Err(fault(error)),
    }
}

/// The tenant's active key of a mode.
pub async fn active(tx: &TenantTx, mode: Mode) -> Result<Option<TenantKey>, Error> {
    let found = row::Entity::find()
        .filter(row::Column::TenantId.eq(tx.tenant.to_string()))
        .filter(row::Column::Mode.eq(mode.as_str()))
        .filter(row::Column::State.eq(KeyState::Active.as_str()))
        .one(tx.conn())
        .await
        .map_err(fault)?;
    found.map(tenant_key).transpose()
}

/// All of the tenant's keys, oldest first.
pub async fn list(tx: &TenantTx) -> Result<Vec<TenantKey>, Error> {
    let rows = row::Entity::find()
        .filter(row::Column::TenantId.eq(tx.tenant.to_string()))
        .order_by_asc(row::Column::Id)
        .all(tx.conn())
        .await
        .map_err(fault)?;
    rows.into_iter().map(tenant_key).collect()
}

fn is_taken(error: &DbErr) -> bool {
    matches!(error.sql_err(), Some(SqlErr::UniqueConstraintViolation(_)))
}

fn pool_key(row: row::Model) -> Result<PoolKey, Error> {
    Ok(PoolKey {
        id: row.id.parse().map_err(unreadable)?,
        bits: u32::try_from(row.bits).map_err(unreadable)?,
        public_key_pem: row.public_key_pem,
        fingerprint: row.fingerprint,
        wrapped: Wrapped {
            private: row.wrapped_private,
            data_key: row.wrapped_data_key,
            wrapping_key_id: row.wrapping_key_id,
        },
        created_at: row.created_at,
    })
}

fn tenant_key(row: row::Model) -> Result<TenantKey, Error> {
    let missing = |name| unreadable(format!("a tenant's key without {name}"));
    Ok(TenantKey {
        id: row.id.parse().map_err(unreadable)?,
        mode: row
            .mode
            .ok_or_else(|| missing("mode"))?
            .parse()
            .map_err(unreadable)?,
        bits: u32::try_from(row.bits).map_err(unreadable)?,
        state: row.state.parse()?,
        public_key_pem: row.public_key_pem,
        certificate_pem: row.certificate_pem.ok_or_else(|| missing("certificate"))?,
        fingerprint: row.fingerprint,
        not_before: row.not_before.ok_or_else(|| missing("validity"))?,
        not_after: row.not_after.ok_or_else(|| missing("validity"))?,
        wrapped: Wrapped {
            private: row.wrapped_private,
            data_key: row.wrapped_data_key,
            wrapping_key_id: row.wrapping_key_id,
        },
    })
}

/// What a test does to a row behind the product's back.
#[cfg(test)]
pub(crate) mod behind {
    use super::{Expr, KeyId, SystemTx, row};
    use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

    /// Puts other bytes in place of the wrapped private half.
    pub(crate) async fn spoil_private(tx: &SystemTx, id: KeyId) {
        update(
            tx,
            id,
            row::Column::WrappedPrivate,
            Expr::value(vec![1_u8, 2]),
        )
        .await;
    }

    /// Puts other bytes in place of the wrapped data key.
    pub(crate) async fn spoil_data_key(tx: &SystemTx, id: KeyId) {
        update(
            tx,
            id,
            row::Column::WrappedDataKey,
            Expr::value(vec![1_u8, 2]),
        )
        .await;
    }

    /// Puts another public half beside the private one.
    pub(crate) async fn swap_public(tx: &SystemTx, id: KeyId) {
        update(tx, id, row::Column::PublicKeyPem, Expr::value("other")).await;
    }

    async fn update(tx: &SystemTx, id: KeyId, column: row::Column, value: Expr) {
        row::Entity::update_many()
            .col_expr(column, value)
            .filter(row::Column::Id.eq(id.to_string()))
            .exec(tx.conn())
            .await
            .unwrap();
    }

    /// The state, as it lies in the row.
    pub(crate) async fn state(tx: &SystemTx, id: KeyId) -> String {
        let found = row::Entity::find_by_id(id.to_string()).one(tx.conn()).await;
        found.unwrap().unwrap().state
    }
}
