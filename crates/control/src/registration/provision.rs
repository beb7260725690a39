//! `RegistrationReconciler`: re-reads each unfinished registration and takes every step that can be taken.
//! It takes no hint and may be run at any time, any number of times, and stopped anywhere: each step is idempotent.

use chrono::Duration;
use domain::{
    Error, Mode,
    card_plane::{CardPlaneError, KeyAnswer, KeyRequest},
    id::{RegistrationId, TenantId},
    job::Work,
    key::{KeyState, PublicKey},
    policy::Action,
    registration::{Step, StepRecord, StepState},
    tenant::TenantState,
    user::Known,
};

use crate::{Cx, cx::About, job, lease, licence};

/// How many registrations are moved on at the same time.
const AT_ONCE: usize = 8;

/// Looks at every unfinished registration that is due; one that fails does not hold up the others, and one that nothing happens to
/// is looked at less and less often.
pub async fn reconcile_all(cx: &Cx) -> Result<(), Error> {
    let due = {
        let tx = cx.app().db.system_read().await?;
        db::registration::due(&tx, cx.app().real.now(), 500).await?
    };
    let due = due
        .into_iter()
        .map(|due| (due.registration.to_string(), due))
        .collect();
    // Side by side: one whose key or confirmation takes long must not hold up the others.
    job::each(cx, Work::Registration, AT_ONCE, due, |due| async move {
        let (tenant, registration) = (due.tenant, due.registration);
        // Before the look, so that what happens meanwhile makes it due at once again.
        let outcome = match note_look(cx, due).await {
            Ok(()) => reconcile(cx, tenant, registration).await,
            Err(error) => Err(error),
        };
        if let Err(error) = outcome {
            if lease::is_lost(&error) {
                return Err(error);
            }
            tracing::warn!(
                tenant.id = %tenant, registration.id = %registration, error.code = error.code(),
                error.cause = error.private(), "registration could not be moved on; it is tried again",
            );
        }
        Ok(())
    })
    .await
}

/// The next look is due after one second, two, four, up to ten minutes; an event or the form makes it due at once.
async fn note_look(cx: &Cx, due: db::registration::Due) -> Result<(), Error> {
    let wait = Duration::seconds((1_i64 << due.looks.clamp(0, 10)).min(600));
    let look_at = cx.app().real.now() + wait;
    let tx = cx.note(due.tenant).await?;
    db::registration::looked(&tx, due.registration, due.looks.saturating_add(1), look_at).await?;
    tx.commit().await
}

async fn reconcile(cx: &Cx, tenant: TenantId, registration: RegistrationId) -> Result<(), Error> {
    let (known, steps) = {
        let tx = cx.read(Action::ProvisionTenant, tenant).await?;
        (
            db::registration::get(&tx, registration).await?,
            db::registration::steps(&tx, registration).await?,
        )
    };
    let done = |step| {
        steps
            .iter()
            .any(|record| record.step == step && record.state == StepState::Done)
    };
    let mut next = Vec::new();
    if !done(Step::Licence) {
        next.push(confirm_licence(cx, tenant, known.licence).await?);
    }
    if !done(Step::KeyPair) {
        next.push(make_key(cx, tenant).await?);
    }
    if !done(Step::Administrator) {
        next.push(administrator(cx, tenant).await?);
    }
    let ready = Step::ALL
        .into_iter()
        .filter(|step| *step != Step::Activation)
        .all(|step| {
            done(step)
                || next
                    .iter()
                    .any(|(other, state, _)| *other == step && *state == StepState::Done)
        });
    // Folded again, since it may have ended after it was confirmed: a subscription that is over must not be called ready.
    let standing = licence::refold(cx, tenant, known.licence).await?;
    let ended = standing.ended_at().is_some();
    let ready = ready && !ended;
    if ready {
        next.push((
            Step::Activation,
            StepState::Done,
            "Everything is in place.".to_owned(),
        ));
    } else if ended {
        next.push((
            Step::Activation,
            StepState::Failed,
            "The subscription has ended.".to_owned(),
        ));
    } else {
        next.push((
            Step::Activation,
            StepState::Waiting,
            "Waiting for the steps above.".to_owned(),
        ));
    }
    record(cx, tenant, registration, &steps, next, ready, ended).await
}

type Progress = (Step, StepState, String);

async fn confirm_licence(
    cx: &Cx,
    tenant: TenantId,
    id: domain::id::LicenceId,
) -> Result<Progress, Error> {
    use domain::lifecycle::Standing;
    let mut refusal = None;
    let standing = licence::refold(cx, tenant, id).await?;
    let standing = match standing {
        Standing::Unconfirmed => match licence::ask_entitlements(cx, tenant, id).await {
            Ok(standing) => standing,
            // The event may come all the same, and the other steps do not depend on it.
            Err(error) => {
                tracing::warn!(
                    tenant.id = %tenant, licence.id = %id, error.code = error.code(), error.cause = error.private(),
                    "entitlements could not be read; it is tried again",
                );
                refusal = Some(error);
                standing
            }
        },
        known => known,
    };
    Ok(match standing {
        Standing::Unconfirmed => {
            let message = match refusal {
                Some(refusal) => {
                    format!("Waiting for AWS to confirm the subscription. {}", refusal.message())
                }
                None => "Waiting for AWS to confirm the subscription. This usually takes a minute or two.".to_owned(),
            };
            (Step::Licence, StepState::Waiting, message)
        }
        Standing::Active { .. } => {
            (Step::Licence, StepState::Done, "AWS confirmed that the subscription is in force.".to_owned())
        }
        Standing::Ended { .. } => (
            Step::Licence,
            StepState::Failed,
            "AWS says that this subscription has ended. Subscribe again in AWS Marketplace to start a new one.".to_owned(),
        ),
    })
}

/// The first owner's account at the identity provider, which the `UserReconciler` makes.
async fn administrator(cx: &Cx, tenant: TenantId) -> Result<Progress, Error> {
    let tx = cx.read(Action::ProvisionTenant, tenant).await?;
    let owners = db::membership::owners(&tx, tenant).await?;
    let any = db::invitation::Query::default();
    let invited = !db::invitation::pending(&tx, &any, 1).await?.is_empty();
    let owner = owners
        .iter()
        .map(|member| &member.user)
        .find(|user| user.known == Known::Enabled)
        .or(owners.first().map(|member| &member.user));
    let (state, message) = match owner {
        None if invited => (
            StepState::Waiting,
            "Waiting for the link in the owner's mail to be followed.".to_owned(),
        ),
        None => (
            StepState::Waiting,
            "Waiting for your name and e-mail address.".to_owned(),
        ),
        Some(user) if user.known == Known::Enabled => {
            let message = if user.first_signed_in_at.is_some() {
                "The owner can sign in, with the password they have."
            } else {
                "The owner can sign in: a temporary password was mailed."
            };
            (StepState::Done, message.to_owned())
        }
        Some(user) => match &user.trouble {
            Some(trouble) => (StepState::Failed, trouble.clone()),
            None => (
                StepState::Waiting,
                "The owner's sign-in is being made.".to_owned(),
            ),
        },
    };
    Ok((Step::Administrator, state, message))
}

async fn make_key(cx: &Cx, tenant: TenantId) -> Result<Progress, Error> {
    let mode = Mode::Test;
    let known = {
        let tx = cx.read(Action::ProvisionTenant, tenant).await?;
        db::public_key::active(&tx, mode).await?
    };
    if known.is_none() {
        match cx
            .app()
            .card_plane
            .ensure_key(&KeyRequest {
                tenant_id: tenant,
                mode,
            })
            .await
        {
            Ok(answer) => keep_key(cx, tenant, answer).await?,
            Err(CardPlaneError::Busy(detail)) => {
                tracing::info!(tenant.id = %tenant, error.cause = detail, "the card plane gave no key yet");
                return Ok((
                    Step::KeyPair,
                    StepState::Waiting,
                    "Your key pair is being made.".to_owned(),
                ));
            }
            Err(CardPlaneError::Refused(detail)) => {
                tracing::error!(tenant.id = %tenant, error.cause = detail, "the card plane refuses us; see peer.* in the configuration");
                return Ok((
                    Step::KeyPair,
                    StepState::Failed,
                    "The key pair could not be made. We have been told.".to_owned(),
                ));
            }
        }
    }
    Ok((
        Step::KeyPair,
        StepState::Done,
        "Your test key pair is ready. Its private half never leaves the card plane.".to_owned(),
    ))
}

async fn keep_key(cx: &Cx, tenant: TenantId, answer: KeyAnswer) -> Result<(), Error> {
    let tx = cx
        .write(Action::ProvisionTenant, tenant, About::target(answer.id))
        .await?;
    let key = PublicKey {
        id: answer.id,
        tenant,
        mode: answer.mode,
        bits: answer.bits,
        state: KeyState::Active,
        public_key_pem: answer.public_key_pem,
        certificate_pem: answer.certificate_pem,
        fingerprint: answer.fingerprint,
        connect_key_id: None,
        not_before: answer.not_before,
        not_after: answer.not_after,
        last_used_at: None,
    };
    db::public_key::insert(&tx, &key, cx.now()).await?;
    tx.commit().await
}

/// Writes down what was found, and when; a look that changed nothing leaves no line in the trail.
async fn record(
    cx: &Cx,
    tenant: TenantId,
    registration: RegistrationId,
    before: &[StepRecord],
    next: Vec<Progress>,
    ready: bool,
    ended: bool,
) -> Result<(), Error> {
    let changed = next.iter().any(|(step, state, message)| {
        !before
            .iter()
            .any(|known| (known.step, known.state, &known.message) == (*step, *state, message))
    });
    let now = cx.now();
    let tx = if changed {
        let about = About::target(registration);
        cx.write(Action::ProvisionTenant, tenant, about).await?
    } else {
        cx.note(tenant).await?
    };
    for (step, state, message) in next {
        let failures = before
            .iter()
            .find(|known| known.step == step)
            .map_or(0, |known| known.failures);
        let failures = failures.saturating_add(i32::from(state == StepState::Failed));
        db::registration::record_step(
            &tx,
            registration,
            &StepRecord {
                step,
                state,
                message,
                failures,
                checked_at: now,
            },
        )
        .await?;
    }
    if ready {
        db::tenant::set_state(&tx, TenantState::Active).await?;
    }
    if ready || ended {
        db::registration::set_completed(&tx, registration, now).await?;
    }
    tx.commit().await?;
    if ready {
        tracing::info!(tenant.id = %tenant, registration.id = %registration, "tenant is active");
        metrics::counter!("registrations_completed_total").increment(1);
    }
    Ok(())
}
