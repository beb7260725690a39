//! The set-up checklist of a tenant: the steps of its registration as the last look found them, and what its own systems do by now.
//! Nothing is ticked by hand.

use domain::{
    Error, Timestamp,
    id::TenantId,
    metering::RecordState,
    policy::Action,
    registration::{Step, StepRecord, StepState},
};

use super::Progress;
use crate::Cx;

/// Where the tenant's newest registration stands, with what follows it.
pub async fn checklist(cx: &Cx, tenant: TenantId) -> Result<Progress, Error> {
    let mut progress = super::progress(cx, tenant).await?;
    let (key, used) = {
        let tx = cx.read(Action::ReadSetup, tenant).await?;
        (
            db::api_key::last_used(&tx).await?,
            db::metering::sums::states_in_use(&tx).await?,
        )
    };
    let now = cx.now();
    progress
        .steps
        .extend([api_key(key, now), usage(&used, now)]);
    Ok(progress)
}

fn api_key(name: Option<String>, now: Timestamp) -> StepRecord {
    let (state, message) = match name {
        Some(name) => (StepState::Done, format!("The key “{name}” was used last.")),
        None => (
            StepState::Waiting,
            "No API key has been used yet.".to_owned(),
        ),
    };
    record(Step::ApiKey, state, message, now)
}

fn usage(states: &[RecordState], now: Timestamp) -> StepRecord {
    let (state, message) = if states.iter().any(|state| state.is_alarming()) {
        (
            StepState::Failed,
            "Usage was counted, and AWS did not take some of it.",
        )
    } else if states.contains(&RecordState::Accepted) {
        (
            StepState::Done,
            "Usage was counted, and AWS has accepted an hour of it.",
        )
    } else if states.is_empty() {
        (StepState::Waiting, "No usage has come yet.")
    } else {
        (StepState::Done, "Usage was counted.")
    };
    record(Step::Usage, state, message.to_owned(), now)
}

const fn record(step: Step, state: StepState, message: String, now: Timestamp) -> StepRecord {
    StepRecord {
        step,
        state,
        message,
        failures: 0,
        checked_at: now,
    }
}

/// Has every step that is not done looked at now, instead of when its turn comes. Whoever may read the set-up may ask for it.
///
/// # Errors
/// `forbidden`, if the role may not read the set-up.
pub async fn check_again(cx: &Cx, tenant: TenantId) -> Result<(), Error> {
    drop(cx.read(Action::ReadSetup, tenant).await?);
    // A look is no change of anybody's, so it leaves no audit line.
    let tx = cx.note(tenant).await?;
    db::registration::look_again_at_all(&tx, cx.real_now()).await?;
    tx.commit().await?;
    cx.app().nudge.registrations.notify_one();
    Ok(())
}
