//! The audit trail: one row per key made or assigned, in the transaction that does it, so neither exists without the other.
//! Rows are only ever added. The chain of hashes over them comes later.

use domain::{
    Error, Timestamp,
    id::{AuditId, KeyId, TenantId},
};
use pool::Statements;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use super::{SystemTx, TenantTx, fault, row::audit as row};

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its id.
    pub id: AuditId,
    /// Real time.
    pub at: Timestamp,
    /// Who did it: `controlPlane`, with the acting user where there is one, `system:keyPool` or `system:rewrap`.
    pub actor: String,
    /// What was done.
    pub action: Action,
    /// To which key.
    pub key: KeyId,
    /// In which request, if in one.
    pub request_id: Option<String>,
}

/// What can be done to a key so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Made ahead, for nobody yet.
    KeyMade,
    /// Given to a tenant.
    KeyAssigned,
    /// Found damaged in the pool, and taken out of it.
    KeyDamaged,
    /// Its data key moved to another wrapping key.
    KeyRewrapped,
}

impl Action {
    /// The word in the table.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::KeyMade => "key.make",
            Self::KeyAssigned => "key.assign",
            Self::KeyDamaged => "key.damage",
            Self::KeyRewrapped => "key.rewrap",
        }
    }
}

/// Adds an entry about a tenant's thing.
pub async fn add(tx: &TenantTx, entry: &Entry) -> Result<(), Error> {
    insert(tx.conn(), Some(tx.tenant.to_string()), entry).await
}

/// Adds an entry about a thing that becomes the tenant's with this change.
pub async fn add_for(tx: &SystemTx, tenant: TenantId, entry: &Entry) -> Result<(), Error> {
    insert(tx.conn(), Some(tenant.to_string()), entry).await
}

/// Adds an entry about a thing that is nobody's.
pub async fn add_system(tx: &SystemTx, entry: &Entry) -> Result<(), Error> {
    insert(tx.conn(), None, entry).await
}

/// The tenant's entries as action and target, oldest first.
pub async fn list(tx: &TenantTx) -> Result<Vec<(String, String)>, Error> {
    let rows = row::Entity::find()
        .filter(row::Column::TenantId.eq(tx.tenant.to_string()))
        .order_by_asc(row::Column::Id)
        .all(tx.conn())
        .await
        .map_err(fault)?;
    Ok(rows
        .into_iter()
        .map(|row| (row.action, row.target))
        .collect())
}

/// The entries about what is nobody's, as action and target, oldest first.
#[cfg(test)]
pub(crate) async fn list_system(tx: &SystemTx) -> Vec<(String, String)> {
    let rows = row::Entity::find()
        .filter(row::Column::TenantId.is_null())
        .order_by_asc(row::Column::Id)
        .all(tx.conn())
        .await
        .unwrap();
    rows.into_iter()
        .map(|row| (row.action, row.target))
        .collect()
}

async fn insert(tx: &Statements, tenant_id: Option<String>, entry: &Entry) -> Result<(), Error> {
    let model = row::ActiveModel {
        id: Set(entry.id.to_string()),
        tenant_id: Set(tenant_id),
        at: Set(entry.at),
        actor: Set(entry.actor.clone()),
        action: Set(entry.action.as_str().to_owned()),
        target: Set(entry.key.to_string()),
        request_id: Set(entry.request_id.clone()),
    };
    let added = row::Entity::insert(model).exec_without_returning(tx).await;
    added.map(|_| ()).map_err(fault)
}
