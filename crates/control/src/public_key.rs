//! Public halves of key pairs: operations.

use domain::{
    Error,
    id::{KeyId, TenantId},
    key::PublicKey,
    policy::Action,
};

use crate::Cx;

/// The tenant's keys, newest first.
pub async fn list(cx: &Cx, tenant: TenantId) -> Result<Vec<PublicKey>, Error> {
    let tx = cx.read(Action::ReadKeys, tenant).await?;
    db::public_key::list(&tx).await
}

/// One key of the tenant.
pub async fn get(cx: &Cx, tenant: TenantId, id: KeyId) -> Result<PublicKey, Error> {
    let tx = cx.read(Action::ReadKeys, tenant).await?;
    db::public_key::get(&tx, id).await
}
