//! Where registrations stand: one for its buyer, all of them for the operator.

use domain::{
    Error,
    id::{RegistrationId, TenantId},
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

/// One page of all registrations, newest first.
pub async fn list_all(
    cx: &Cx,
    before: Option<RegistrationId>,
    limit: u64,
) -> Result<Vec<Progress>, Error> {
    let tx = cx.read_all(Action::ReadRegistrations).await?;
    let page = db::registration::page(&tx, before, limit).await?;
    let mut found = Vec::with_capacity(page.len());
    for (registration, steps) in page {
        let licence = db::licence::of_registration(&tx, &registration).await?;
        found.push(Progress {
            registration,
            licence,
            steps,
        });
    }
    Ok(found)
}
