//! The audit trail: one row for every change, in the transaction that makes it.

use domain::{Error, Timestamp, id::AuditId};
use sea_orm::{ActiveValue::Set, EntityTrait};

use crate::{TenantTx, fault, row::audit as row};

/// What happened.
#[derive(Debug, Clone)]
pub struct Entry<'a> {
    /// Our id.
    pub id: AuditId,
    /// When (business time).
    pub at: Timestamp,
    /// Who.
    pub actor: &'a str,
    /// What.
    pub action: &'a str,
    /// To which thing, by its id.
    pub target: Option<&'a str>,
    /// In which request.
    pub request_id: &'a str,
}

/// Writes a line for the transaction's tenant.
pub async fn insert(tx: &TenantTx, entry: Entry<'_>) -> Result<(), Error> {
    let model = row::ActiveModel {
        id: Set(entry.id.to_string()),
        tenant_id: Set(tx.tenant_text()),
        at: Set(entry.at),
        actor: Set(entry.actor.to_owned()),
        action: Set(entry.action.to_owned()),
        target: Set(entry.target.map(str::to_owned)),
        request_id: Set(entry.request_id.to_owned()),
    };
    row::Entity::insert(model)
        .exec_without_returning(tx.conn())
        .await
        .map_err(fault)?;
    Ok(())
}
