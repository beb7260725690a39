//! Background work: each reconciler in a loop of its own, woken by a nudge and at least once a second.
//! On several replicas each is done by whoever has its lease; receiving alone is for all of them, since the inbox takes a message once.
//! A loop logs what failed and goes on; nothing here decides anything.

use std::{sync::Arc, time::Duration};

use domain::Error;
use tokio::{sync::Notify, time::Instant};
use tokio_util::sync::CancellationToken;

use crate::{
    App, Cx, inbox, lease::Turn, licence, live, mail, measure, metering, registration, sweep, user,
};

/// How often the turn is asked for of work that is due seldom.
const ASK_AGAIN: Duration = Duration::from_secs(1);

/// Takes events in until told to stop.
pub async fn receive_events(app: Arc<App>, stop: CancellationToken) {
    let cx = Cx::system(app, "inbox");
    let mut failures: u32 = 0;
    loop {
        let round = tokio::select! {
            round = inbox::receive(&cx) => round,
            () = stop.cancelled() => return,
        };
        failures = match round {
            Ok(_) => 0,
            Err(error) => {
                report("events could not be received", &error);
                failures.saturating_add(1)
            }
        };
        if failures > 0 && pause(back_off(failures), &stop).await {
            return;
        }
    }
}

/// Applies what the inbox has until told to stop.
pub async fn apply_events(app: Arc<App>, stop: CancellationToken) {
    let cx = Cx::system(Arc::clone(&app), "inbox");
    let mut turn = Turn::of("events");
    while wake(&app.nudge.inbox, &stop).await {
        let round = in_turn(&mut turn, &cx, &stop, inbox::apply_all).await;
        log("events could not be applied", round);
    }
}

/// Moves registrations on until told to stop.
pub async fn provision(app: Arc<App>, stop: CancellationToken) {
    let cx = Cx::system(Arc::clone(&app), "registration");
    let mut turn = Turn::of("registrations");
    while wake(&app.nudge.registrations, &stop).await {
        let round = in_turn(&mut turn, &cx, &stop, registration::reconcile_all).await;
        log("registrations could not be moved on", round);
    }
}

/// Looks after people's accounts until told to stop.
pub async fn look_after_users(app: Arc<App>, stop: CancellationToken) {
    let cx = Cx::system(Arc::clone(&app), "user");
    let mut turn = Turn::of("users");
    while wake(&app.nudge.users, &stop).await {
        let round = in_turn(&mut turn, &cx, &stop, user::reconcile_all).await;
        log("accounts could not be looked after", round);
    }
}

/// Sends mail until told to stop.
pub async fn send_mail(app: Arc<App>, stop: CancellationToken) {
    let cx = Cx::system(Arc::clone(&app), "mail");
    let mut turn = Turn::of("mails");
    while wake(&app.nudge.mails, &stop).await {
        let round = in_turn(&mut turn, &cx, &stop, async |cx: &Cx| {
            mail::send_all(cx).await.map(drop)
        });
        log("mail could not be sent", round.await);
    }
}

/// Sweeps once an hour until told to stop. The turn is asked for all the time, as of any other work: it is somebody's again as soon as
/// the one who had it is gone, and not when the hour is over.
pub async fn sweep(app: Arc<App>, stop: CancellationToken) {
    let cx = Cx::system(app, "sweep");
    let mut turn = Turn::of("sweep");
    let mut due = Instant::now();
    while !pause(ASK_AGAIN, &stop).await {
        let round = in_turn(&mut turn, &cx, &stop, async |cx: &Cx| {
            if Instant::now() < due {
                return Ok(());
            }
            due = Instant::now() + Duration::from_hours(1);
            sweep::sweep(cx).await.map(drop)
        });
        log("old rows could not be swept", round.await);
    }
}

/// Measures what waits, until told to stop. Not for one process alone: each says what it sees.
pub async fn measure(app: Arc<App>, stop: CancellationToken) {
    let cx = Cx::system(app, "measure");
    loop {
        let round = until(&stop, measure::measure(&cx)).await;
        log("what waits could not be measured", round);
        if pause(Duration::from_secs(15), &stop).await {
            return;
        }
    }
}

/// Tells open pages what changed, until told to stop. For every process that serves pages: each has its own.
pub async fn follow(app: Arc<App>, stop: CancellationToken) {
    let cx = Cx::system(app, "live");
    while !pause(Duration::from_secs(1), &stop).await {
        let round = until(&stop, live::look(&cx)).await;
        log("what changed could not be looked for", round);
    }
}

/// Proves the audit trail once a day until told to stop.
pub async fn verify_audit(app: Arc<App>, stop: CancellationToken) {
    let cx = Cx::system(app, "audit");
    let mut turn = Turn::of("audit");
    let mut due = Instant::now();
    while !pause(ASK_AGAIN, &stop).await {
        let round = in_turn(&mut turn, &cx, &stop, async |cx: &Cx| {
            if Instant::now() < due {
                return Ok(());
            }
            // Sooner if it cannot be done.
            due = Instant::now() + Duration::from_hours(1);
            measure::verify_audit(cx).await?;
            due = Instant::now() + Duration::from_hours(24);
            Ok(())
        });
        log("the audit trail could not be proved", round.await);
    }
}

/// Finds out how licences are paid for until told to stop.
pub async fn find_pricing(app: Arc<App>, stop: CancellationToken) {
    let cx = Cx::system(Arc::clone(&app), "licence");
    let mut turn = Turn::of("pricing");
    let mut failures: u32 = 0;
    while wake(&app.nudge.licences, &stop).await {
        let round = in_turn(&mut turn, &cx, &stop, licence::reconcile_pricing);
        failures = match Box::pin(round).await {
            Ok(()) => 0,
            Err(error) => {
                report("pricing could not be found out", &error);
                failures.saturating_add(1)
            }
        };
        if failures > 0 && pause(back_off(failures), &stop).await {
            return;
        }
    }
}

/// Seals until told to stop. A task of its own, because sealing does not wait for AWS.
pub async fn seal(app: Arc<App>, stop: CancellationToken) {
    let cx = Cx::system(Arc::clone(&app), "metering");
    let mut turn = Turn::of("sealing");
    while wake(&app.nudge.metering, &stop).await {
        let round = in_turn(&mut turn, &cx, &stop, async |cx: &Cx| {
            metering::seal_all(cx).await.map(drop)
        });
        log("hours could not be sealed", round.await);
    }
}

/// Sends until told to stop. AWS counts the calls of an account, and whoever has the lease is the only one who makes any.
pub async fn send(app: Arc<App>, stop: CancellationToken) {
    let cx = Cx::system(Arc::clone(&app), "metering");
    let mut turn = Turn::of("sending");
    let mut pace = metering::Pace::new(app.config.metering.calls_per_second);
    while wake(&app.nudge.sealed, &stop).await {
        let round = in_turn(&mut turn, &cx, &stop, async |cx: &Cx| {
            metering::send_all(cx, &mut pace).await.map(drop)
        });
        log("records could not be sent", round.await);
    }
}

/// A round of work, if it is this process's turn.
async fn in_turn(
    turn: &mut Turn,
    cx: &Cx,
    stop: &CancellationToken,
    round: impl AsyncFnOnce(&Cx) -> Result<(), Error>,
) -> Result<(), Error> {
    let Some(cx) = turn.take(cx).await? else {
        return Ok(());
    };
    until(stop, round(&cx)).await
}

/// A round of work, or the end: every step can be stopped anywhere and is taken again after the next start, and what was being sent
/// is sent again, unchanged.
async fn until(
    stop: &CancellationToken,
    round: impl Future<Output = Result<(), Error>>,
) -> Result<(), Error> {
    tokio::select! {
        outcome = round => outcome,
        () = stop.cancelled() => Ok(()),
    }
}

/// Waits for a nudge, a second, or the end; `false` at the end.
async fn wake(nudge: &Notify, stop: &CancellationToken) -> bool {
    tokio::select! {
        () = nudge.notified() => true,
        () = tokio::time::sleep(Duration::from_secs(1)) => true,
        () = stop.cancelled() => false,
    }
}

async fn pause(time: Duration, stop: &CancellationToken) -> bool {
    tokio::select! {
        () = tokio::time::sleep(time) => false,
        () = stop.cancelled() => true,
    }
}

fn back_off(failures: u32) -> Duration {
    Duration::from_millis(250_u64 << failures.min(7))
}

fn log(what: &'static str, result: Result<(), Error>) {
    if let Err(error) = result {
        report(what, &error);
    }
}

fn report(what: &'static str, error: &Error) {
    tracing::warn!(
        error.code = error.code(),
        error.cause = error.private(),
        "{what}; it is tried again"
    );
}
