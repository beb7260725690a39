//! Tenants: operations.

use domain::{Error, id::TenantId, licence::Licence, policy::Action, tenant::Tenant};

use crate::Cx;

/// The tenant, with its licences.
pub async fn get(cx: &Cx, tenant: TenantId) -> Result<(Tenant, Vec<Licence>), Error> {
    let tx = cx.read(Action::ReadTenant, tenant).await?;
    Ok((db::tenant::get(&tx).await?, db::licence::list(&tx).await?))
}

/// The tenant's licences with the agreements they are under, oldest first.
pub async fn agreements(cx: &Cx, tenant: TenantId) -> Result<Vec<Licence>, Error> {
    let tx = cx.read(Action::ReadAgreements, tenant).await?;
    db::licence::list(&tx).await
}
