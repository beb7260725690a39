//! Tenants: operations.

pub use db::tenant::Query;
use domain::{Error, id::TenantId, licence::Licence, policy::Action, tenant::Tenant};

use crate::Cx;

/// The tenant, with its licences.
pub async fn get(cx: &Cx, tenant: TenantId) -> Result<(Tenant, Vec<Licence>), Error> {
    let tx = cx.read(Action::ReadTenant, tenant).await?;
    Ok((db::tenant::get(&tx).await?, db::licence::list(&tx).await?))
}

/// One page of all tenants with their licences, for the operator.
pub async fn list_all(
    cx: &Cx,
    query: &Query,
    limit: u64,
) -> Result<Vec<(Tenant, Vec<Licence>)>, Error> {
    let tx = cx.read_all(Action::ReadTenants).await?;
    let tenants = db::tenant::page(&tx, query, limit).await?;
    let ids: Vec<TenantId> = tenants.iter().map(|tenant| tenant.id).collect();
    let mut licences = db::licence::of_tenants(&tx, &ids).await?;
    let with_licences = tenants.into_iter().map(|tenant| {
        let own = licences.extract_if(.., |licence| licence.tenant == tenant.id);
        let own = own.collect();
        (tenant, own)
    });
    Ok(with_licences.collect())
}

/// The tenant's licences with the agreements they are under, oldest first.
pub async fn agreements(cx: &Cx, tenant: TenantId) -> Result<Vec<Licence>, Error> {
    let tx = cx.read(Action::ReadAgreements, tenant).await?;
    db::licence::list(&tx).await
}
