//! Where registrations stand: one for its buyer, all of them for the operator.

pub use db::registration::Query;
use domain::{
    Error,
    id::{LicenceId, TenantId},
    licence::Licence,
    policy::Action,
    registration::{Registration, StepRecord},
};

use crate::Cx;

/// A registration with its steps, in the order they are shown.
#[derive(Debug, Clone)]
pub struct Progress {
    /// The registration.
    pub registration: Registration,
    /// The licence it began with.
    pub licence: Licence,
    /// Its steps.
    pub steps: Vec<StepRecord>,
}

/// Where the tenant's newest registration stands.
pub async fn progress(cx: &Cx, tenant: TenantId) -> Result<Progress, Error> {
    let tx = cx.read(Action::ReadSetup, tenant).await?;
    let registration = db::registration::list(&tx)
        .await?
        .pop()
        .ok_or_else(|| Error::not_found("registration"))?;
    let steps = db::registration::steps(&tx, registration.id).await?;
    let licence = db::licence::get(&tx, registration.licence).await?;
    Ok(Progress {
        registration,
        licence,
        steps,
    })
}

/// One page of all registrations, for the operator.
pub async fn list_all(cx: &Cx, query: &Query, limit: u64) -> Result<Vec<Progress>, Error> {
    let tx = cx.read_all(Action::ReadRegistrations).await?;
    let page = db::registration::page(&tx, query, limit).await?;
    let ids: Vec<LicenceId> = page.iter().map(|(one, _)| one.licence).collect();
    let licences = db::licence::those(&tx, &ids).await?;
    page.into_iter()
        .map(|(registration, steps)| {
            let licence = licences.get(&registration.licence).cloned();
            Ok(Progress {
                licence: licence.ok_or_else(|| Error::not_found("licence"))?,
                registration,
                steps,
            })
        })
        .collect()
}
