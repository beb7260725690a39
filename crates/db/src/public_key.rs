//! Public halves of key pairs: queries.

use domain::{Error, Timestamp, id::KeyId, key::PublicKey, mode::Mode};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, sea_query::OnConflict,
};

use crate::{TenantTx, fault, inserted, row::public_key as row, unreadable};

/// Adds a public key; `false` if it is there already.
pub async fn insert(tx: &TenantTx, key: &PublicKey, now: Timestamp) -> Result<bool, Error> {
    let bits = i32::try_from(key.bits).map_err(Error::internal)?;
    let model = row::ActiveModel {
        id: Set(key.id.to_string()),
        tenant_id: Set(tx.tenant_text()),
        mode: Set(key.mode.as_str().to_owned()),
        bits: Set(bits),
        state: Set(key.state.as_str().to_owned()),
        public_key_pem: Set(key.public_key_pem.clone()),
        certificate_pem: Set(key.certificate_pem.clone()),
        fingerprint: Set(key.fingerprint.clone()),
        connect_key_id: Set(key.connect_key_id.clone()),
        not_before: Set(key.not_before),
        not_after: Set(key.not_after),
        last_used_at: Set(key.last_used_at),
        created_at: Set(now),
    };
    inserted(
        row::Entity::insert(model)
            .on_conflict(OnConflict::column(row::Column::Id).do_nothing().to_owned())
            .exec_without_returning(tx.conn())
            .await,
    )
}

/// The tenant's keys, newest first.
pub async fn list(tx: &TenantTx) -> Result<Vec<PublicKey>, Error> {
    let rows = row::Entity::find()
        .filter(row::Column::TenantId.eq(tx.tenant_text()))
        .order_by_desc(row::Column::Id)
        .all(tx.conn())
        .await
        .map_err(fault)?;
    rows.into_iter().map(read).collect()
}

/// One key of the tenant.
pub async fn get(tx: &TenantTx, id: KeyId) -> Result<PublicKey, Error> {
    row::Entity::find_by_id(id.to_string())
        .filter(row::Column::TenantId.eq(tx.tenant_text()))
        .one(tx.conn())
        .await
        .map_err(fault)?
        .ok_or_else(|| Error::not_found("key"))
        .and_then(read)
}

/// The tenant's active key of a mode, if it has one.
pub async fn active(tx: &TenantTx, mode: Mode) -> Result<Option<PublicKey>, Error> {
    row::Entity::find()
        .filter(row::Column::TenantId.eq(tx.tenant_text()))
        .filter(row::Column::Mode.eq(mode.as_str()))
        .filter(row::Column::State.eq("active"))
        .one(tx.conn())
        .await
        .map_err(fault)?
        .map(read)
        .transpose()
}

fn read(row: row::Model) -> Result<PublicKey, Error> {
    Ok(PublicKey {
        id: row.id.parse().map_err(unreadable)?,
        tenant: row.tenant_id.parse().map_err(unreadable)?,
        mode: row.mode.parse().map_err(unreadable)?,
        bits: u32::try_from(row.bits).map_err(unreadable)?,
        state: row.state.parse()?,
        public_key_pem: row.public_key_pem,
        certificate_pem: row.certificate_pem,
        fingerprint: row.fingerprint,
        connect_key_id: row.connect_key_id,
        not_before: row.not_before,
        not_after: row.not_after,
        last_used_at: row.last_used_at,
    })
}
