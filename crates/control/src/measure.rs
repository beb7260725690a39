//! Measures what waits and what went wrong, for the alerts in `deploy/prometheus`. It decides nothing and changes nothing.
//! Every process that works measures the same rows, so alerts take the greatest of what the replicas say.

use domain::{Error, Timestamp, job::Work, metering::RecordState};

use db::{backlog, inbox::InboxState};

use crate::{Cx, audit, lease};

/// Makes counters known before they count: what never happened is 0 then, and not unknown.
pub fn register() {
    metrics::counter!("metering_misconfigured_total").increment(0);
    metrics::counter!("mails_given_up_total").increment(0);
}

/// Sets every gauge anew.
pub async fn measure(cx: &Cx) -> Result<(), Error> {
    cx.app().db.measure_disk();
    let tx = cx.app().db.system_read().await?;
    for state in [InboxState::New, InboxState::Unmatched] {
        let waiting = backlog::messages(&tx, state).await?;
        let labels = [("state", state.as_str())];
        metrics::gauge!("inbox_waiting_messages", &labels).set(number(waiting.count));
        metrics::gauge!("inbox_oldest_waiting_seconds", &labels)
            .set(age(waiting.since, cx.real_now()));
    }
    let registrations = backlog::registrations(&tx).await?;
    metrics::gauge!("registrations_waiting").set(number(registrations.count));
    metrics::gauge!("registrations_oldest_waiting_seconds").set(age(registrations.since, cx.now()));
    let mails = backlog::mails(&tx).await?;
    metrics::gauge!("mails_waiting").set(number(mails.count));
    metrics::gauge!("mails_oldest_waiting_seconds").set(age(mails.since, cx.real_now()));
    let unsent = backlog::oldest_unsent(&tx).await?;
    metrics::gauge!("metering_oldest_unsent_seconds")
        .set(age(unsent.map(domain::hour::Hour::start), cx.now()));
    for state in RecordState::ALL
        .into_iter()
        .filter(|state| state.is_alarming())
    {
        let count = backlog::unbilled(&tx, state).await?;
        metrics::gauge!("metering_unbilled_records", "state" => state.as_str()).set(number(count));
    }
    for work in Work::ALL {
        let quarantined = backlog::quarantined(&tx, work).await?;
        metrics::gauge!("jobs_quarantined", "work" => work.as_str()).set(number(quarantined.count));
    }
    let held = backlog::held_leases(&tx).await?;
    for name in lease::WORK {
        let is_held = held.iter().any(|held| held == name);
        metrics::gauge!("lease_held", "lease" => name).set(if is_held { 1.0 } else { 0.0 });
    }
    Ok(())
}

/// Proves the audit trail, as `payphone audit verify` does, and tells what came out.
pub async fn verify_audit(cx: &Cx) -> Result<(), Error> {
    let (verdicts, _) = audit::verify(&cx.app().db, None).await?;
    let mut broken = 0;
    for verdict in &verdicts {
        if let Err(fault) = &verdict.outcome {
            broken += 1;
            tracing::error!(audit.chain = %verdict.chain, "a chain of the audit trail is broken: {fault}");
        }
    }
    metrics::gauge!("audit_broken_chains").set(number(broken));
    #[expect(
        clippy::cast_precision_loss,
        reason = "seconds since 1970 are exact for 200 million years"
    )]
    metrics::gauge!("audit_verified_timestamp_seconds").set(cx.real_now().timestamp() as f64);
    Ok(())
}

/// Seconds since `since`; 0 if nothing waits.
fn age(since: Option<Timestamp>, now: Timestamp) -> f64 {
    let age = since.map_or(0, |since| (now - since).num_seconds().max(0));
    number(age)
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a measure of what waits, exact up to 2^53"
)]
fn number(count: i64) -> f64 {
    count as f64
}
