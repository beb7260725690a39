//! Licences: where they stand, folded from AWS's events again whenever something may have changed.

mod attach;
mod entitlements;

pub use attach::attach;
pub use entitlements::{Answer, Answers, entitlements};

use chrono::Duration;
use domain::{
    Error, ErrorKind, Timestamp,
    hour::Hour,
    id::{LicenceId, TenantId},
    licence::Pricing,
    lifecycle::{Standing, fold},
    marketplace::EntitlementError,
    policy::Action,
    tenant::TenantState,
};

use crate::{Cx, config::FirstHour, cx::About};

/// Folds everything known about a licence and records the result; what is known already is not written again.
pub async fn refold(cx: &Cx, tenant: TenantId, id: LicenceId) -> Result<Standing, Error> {
    let known = {
        let tx = cx.read(Action::ProvisionTenant, tenant).await?;
        let position = db::licence::position(&tx, id).await?;
        let (agreement, standing) = fold_now(&tx, &position).await?;
        let licence = &position.licence;
        (standing == licence.standing && agreement == licence.agreement_id).then_some(standing)
    };
    if let Some(standing) = known {
        return Ok(standing);
    }
    let tx = cx
        .write(Action::ProvisionTenant, tenant, About::target(id))
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
        // Read again: confirmation and end may come in one fold, and then the start was set just above.
        let position = db::licence::lock_position(&tx, id).await?;
        end_hours(cx, &tx, &position, at).await?;
        let licences = db::licence::list(&tx).await?;
        if licences
            .iter()
            .all(|licence| licence.id == id || licence.standing.ended_at().is_some())
        {
            db::tenant::set_state(&tx, TenantState::Ended).await?;
        }
    }
    db::registration::look_again(&tx, id, cx.app().real.now()).await?;
    tx.commit().await?;
    tracing::info!(tenant.id = %tenant, licence.id = %id, licence.standing = standing.as_str(), "licence moved on");
    cx.app().nudge.licences.notify_one();
    cx.app().nudge.metering.notify_one();
    Ok(standing)
}

/// Fixes the last hour the licence can ever have: the one it ended in, or the present one if AWS dates the end ahead.
///
/// Usage that was accepted before we heard of the end may lie in later hours, which AWS refuses: it is billed in the last hour if
/// that is not sealed yet, and ends here otherwise.
async fn end_hours(
    cx: &Cx,
    tx: &db::TenantTx,
    position: &db::licence::Position,
    at: Timestamp,
) -> Result<(), Error> {
    let (id, now) = (position.licence.id, cx.now());
    let Some(through) = position.sealed_through else {
        return Ok(());
    };
    let last = Hour::containing(at.min(now)).max(through);
    db::licence::set_final_hour(tx, id, last).await?;
    if through < last {
        for record in db::metering::open(tx, id).await? {
            if record.hour > last && record.quantity > 0 {
                crate::metering::carry(cx, tx, &record, last).await?;
            }
        }
    }
    let note = "The usage is from after the licence's last hour, which AWS does not take.";
    let refused = db::metering::refuse_after(tx, id, last, note, now).await?;
    if refused > 0 {
        tracing::warn!(licence.id = %id, records = refused, "usage from after the end of a licence is not billed");
    }
    Ok(())
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
pub async fn ask_entitlements(cx: &Cx, tenant: TenantId, id: LicenceId) -> Result<Standing, Error> {
    let licence = {
        let tx = cx.read(Action::ProvisionTenant, tenant).await?;
        db::licence::get(&tx, id).await?
    };
    let entitlements = cx
        .app()
        .marketplace
        .get_entitlements(&licence.product_code, &licence.arn)
        .await
        .map_err(unread)?;
    let in_force = licence.standing != Standing::Unconfirmed;
    if entitlements.is_empty() && !in_force {
        return Ok(licence.standing);
    }
    let tx = cx
        .write(Action::ProvisionTenant, tenant, About::target(id))
        .await?;
    if entitlements.is_empty() {
        db::licence::set_pricing(&tx, id, Pricing::Subscription, None).await?;
        tx.commit().await?;
        return Ok(licence.standing);
    }
    db::licence::set_pricing(&tx, id, Pricing::Contract, Some(cx.now())).await?;
    tx.commit().await?;
    refold(cx, tenant, id).await
}

fn unread(error: EntitlementError) -> Error {
    let (EntitlementError::Busy(detail) | EntitlementError::Misconfigured(detail)) = &error;
    let told = match code_of(detail) {
        Some(code) => {
            format!("Asked what the licence entitles to, AWS Marketplace answered {code}.")
        }
        None => "Asked what the licence entitles to, AWS Marketplace did not answer.".to_owned(),
    };
    match error {
        EntitlementError::Busy(_) => Error::unavailable(told, error),
        EntitlementError::Misconfigured(_) => {
            Error::new(ErrorKind::Internal, "marketplace_misconfigured", told).because(error)
        }
    }
}

/// AWS's own word for what was wrong, from `Code (HTTP 400, request …)`. The rest is for the log: it is another one each time.
pub(crate) fn code_of(detail: &str) -> Option<&str> {
    let (code, _) = detail.split_once(" (HTTP ")?;
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '.';
    (!code.is_empty() && code.chars().all(is_word)).then_some(code)
}

/// How long a licence may be in force before it is an alarm that AWS does not tell how it is paid for.
const PRICING_ALARM: Duration = Duration::hours(1);

/// `LicenceReconciler`: finds out how each licence in force is paid for, which decides how it is metered.
///
/// # Errors
/// The last refusal of AWS, after every licence was asked about: one that fails must not hold up the others.
pub async fn reconcile_pricing(cx: &Cx) -> Result<(), Error> {
    let unknown = {
        let tx = cx.app().db.system_read().await?;
        db::licence::without_pricing(&tx, 100).await?
    };
    let mut outcome = Ok(());
    for licence in unknown {
        match ask_entitlements(cx, licence.tenant, licence.id).await {
            Ok(_) => cx.app().nudge.metering.notify_one(),
            Err(error) => {
                if licence
                    .standing
                    .since()
                    .is_some_and(|since| cx.now() - since > PRICING_ALARM)
                {
                    metrics::counter!("licences_without_pricing_total").increment(1);
                    tracing::error!(
                        tenant.id = %licence.tenant, licence.id = %licence.id, error.cause = error.private(),
                        "AWS does not tell how a licence is paid for, so its hours cannot be sealed; a person must look",
                    );
                }
                outcome = Err(error);
            }
        }
    }
    outcome
}
