//! Licences: where they stand, folded from AWS's events again whenever something may have changed.

use chrono::Duration;
use domain::{
    Error, ErrorKind,
    hour::Hour,
    id::{LicenceId, TenantId},
    licence::Pricing,
    lifecycle::{Standing, fold},
    marketplace::EntitlementError,
    policy::Action,
    registration::Step,
    tenant::TenantState,
};

use crate::{Cx, config::FirstHour};

/// Folds everything known about a licence and records the result; what is known already is not written again.
pub async fn refold(cx: &Cx, tenant: TenantId, id: LicenceId) -> Result<Standing, Error> {
    let known = {
        let tx = cx.read(Action::ProvisionTenant, tenant).await?;
        let position = db::licence::lock_position(&tx, id).await?;
        let (agreement, standing) = fold_now(&tx, &position).await?;
        let licence = &position.licence;
        (standing == licence.standing && agreement == licence.agreement_id).then_some(standing)
    };
    if let Some(standing) = known {
        return Ok(standing);
    }
    let tx = cx
        .write(Action::ProvisionTenant, tenant, Some(&id.to_string()))
        .await?;
    let position = db::licence::lock_position(&tx, id).await?;
    let (agreement, standing) = fold_now(&tx, &position).await?;
    if let Some(agreement) = &agreement {
        db::licence::set_agreement(&tx, id, agreement).await?;
    }
    db::licence::set_standing(&tx, id, standing).await?;
    if let (Some(since), None) = (standing.since(), position.sealed_through) {
        // Nothing can have been used before the buyer came, however long the licence lay unclaimed.
        let first = Hour::containing(since.max(position.licence.created_at));
        let through = match cx.app().config.metering.first_hour {
            FirstHour::Whole => first.previous(),
            FirstHour::Next => first,
        };
        db::licence::set_sealed_through(&tx, id, through).await?;
    }
    if let Standing::Ended { at, .. } = standing {
        // Usage accepted before we heard of the end is still owed to AWS, so the last hour is the latest that has any.
        let open = db::metering::open(&tx, id).await?;
        let last = open
            .iter()
            .map(|record| record.hour)
            .fold(Hour::containing(at), Hour::max);
        db::licence::set_final_hour(&tx, id, last).await?;
        let licences = db::licence::list(&tx).await?;
        if licences
            .iter()
            .all(|licence| licence.id == id || licence.standing.ended_at().is_some())
        {
            db::tenant::set_state(&tx, TenantState::Ended).await?;
        }
    }
    tx.commit().await?;
    tracing::info!(tenant.id = %tenant, licence.id = %id, licence.standing = standing.as_str(), "licence moved on");
    cx.app().nudge.licences.notify_one();
    cx.app().nudge.metering.notify_one();
    Ok(standing)
}

/// The licence's agreement, which its own events may name if ResolveCustomer did not, and where both together say it stands.
async fn fold_now(
    tx: &db::TenantTx,
    position: &db::licence::Position,
) -> Result<(Option<String>, Standing), Error> {
    let licence = &position.licence;
    let key = licence.arn.key();
    let agreement = match &licence.agreement_id {
        Some(agreement) => Some(agreement.clone()),
        None => db::inbox::agreement_of(tx, &key).await?,
    };
    let events = db::inbox::about(tx, &key, agreement.as_deref()).await?;
    let standing = fold(&key, agreement.as_deref(), position.entitled_since, &events);
    Ok((agreement, standing))
}

/// Asks AWS what the licence entitles to. An entitlement confirms a contract; none, on a licence in force, means pay as you go.
///
/// Asked at most every five seconds of business time for a licence whose event has not come.
pub async fn ask_entitlements(cx: &Cx, tenant: TenantId, id: LicenceId) -> Result<Standing, Error> {
    let now = cx.now();
    let licence = {
        let tx = cx.read(Action::ProvisionTenant, tenant).await?;
        let licence = db::licence::get(&tx, id).await?;
        let registration = db::registration::for_licence(&tx, id).await?;
        let steps = db::registration::steps(&tx, registration.id).await?;
        let asked = steps
            .iter()
            .find(|record| record.step == Step::Licence)
            .map(|record| record.checked_at);
        if licence.standing == Standing::Unconfirmed
            && asked.is_some_and(|at| now - at < Duration::seconds(5))
        {
            return Ok(licence.standing);
        }
        licence
    };
    let entitlements = cx
        .app()
        .marketplace
        .get_entitlements(&licence.product_code, &licence.arn)
        .await
        .map_err(unread)?;
    let tx = cx
        .write(Action::ProvisionTenant, tenant, Some(&id.to_string()))
        .await?;
    if entitlements.is_empty() {
        if matches!(licence.standing, Standing::Active { .. }) {
            db::licence::set_pricing(&tx, id, Pricing::Subscription, None).await?;
        }
        db::registration::checked(&tx, id, Step::Licence, now).await?;
        tx.commit().await?;
        return Ok(licence.standing);
    }
    db::licence::set_pricing(&tx, id, Pricing::Contract, Some(now)).await?;
    tx.commit().await?;
    refold(cx, tenant, id).await
}

fn unread(error: EntitlementError) -> Error {
    let told = "AWS Marketplace does not tell what the licence entitles to.";
    match error {
        EntitlementError::Busy(_) => Error::unavailable(told, error),
        EntitlementError::Misconfigured(_) => {
            Error::new(ErrorKind::Internal, "marketplace_misconfigured", told).because(error)
        }
    }
}

/// `LicenceReconciler`: finds out how each licence in force is paid for, which decides how it is metered.
pub async fn reconcile_pricing(cx: &Cx) -> Result<(), Error> {
    let unknown = {
        let tx = cx.app().db.system_read().await?;
        db::licence::without_pricing(&tx, 100).await?
    };
    for licence in unknown {
        // Where AWS does not answer for one it will not for the next either: the round ends, and the worker backs off.
        ask_entitlements(cx, licence.tenant, licence.id).await?;
        cx.app().nudge.metering.notify_one();
    }
    Ok(())
}
