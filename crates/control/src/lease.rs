//! Background work on several replicas: each piece of it by whoever has its lease, and by nobody else at that time.
//! The lease is proved in the transaction of every change the work makes ([`Cx::with_lease`]), so a process that was stopped for longer
//! than its lease and wakes up in the middle of something changes nothing any more.
//! What reaches AWS Marketplace or the card plane meanwhile is harmless by itself: every request there may be made twice, and late.
//! What may not be late (a mail, a change of somebody's account) runs inside `Proof::during`: it is begun within half of what the lease
//! lasts after a transaction that proved and prolonged it, and given up when the lease could be another's, before anything more of it is
//! sent. So nothing is sent by a process that was cut off from its database, or stopped, for longer than that. What is left is what the
//! network still delivers of a request that was sent in time, and a stop between the last look at the clock and the sending itself.

use domain::{Error, ErrorKind, Ids, Timestamp};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::{App, Cx};

pub use db::lease::{LASTS, PROLONGED};

/// Every piece of background work that has a lease.
pub const WORK: [&str; 9] = [
    "audit",
    "events",
    "mails",
    "pricing",
    "registrations",
    "sealing",
    "sending",
    "sweep",
    "users",
];

/// A piece of background work that is this process's turn, as changes prove it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lease {
    /// Which work.
    pub name: &'static str,
    /// Which turn of it.
    pub token: i64,
}

/// That nobody else can be at the work yet, because its lease was prolonged a moment ago.
#[derive(Debug, Clone, Copy)]
#[must_use]
pub(crate) struct Proof(Option<(Lease, Timestamp, Instant)>);

impl Proof {
    /// For work that has no lease.
    pub(crate) const NONE: Self = Self(None);

    /// The lease is about to be prolonged, at `since` (real time).
    pub(crate) fn of(lease: Lease, since: Timestamp) -> Self {
        Self(Some((lease, since, Instant::now())))
    }

    /// Causes something outside the database, and waits for its answer for as long as the lease is sure to be this process's: between half
    /// of what it lasts and all of it. `None` if no answer came by then; whether it was done is not known.
    ///
    /// # Errors
    /// As [`lost`], and nothing is caused, if half of it has passed: this process may have been stopped, and the work may be another's.
    pub(crate) async fn during<T>(
        self,
        now: Timestamp,
        call: impl Future<Output = T>,
    ) -> Result<Option<T>, Error> {
        let Some((lease, since, at)) = self.0 else {
            return Ok(Some(call.await));
        };
        // Either clock may have stood still with the machine, or been set back.
        let passed = (now - since).to_std().unwrap_or_default().max(at.elapsed());
        if passed > LASTS / 2 {
            return Err(lost(lease));
        }
        tokio::select! {
            // The clock is looked at first: whoever wakes up too late sends nothing more.
            biased;
            () = tokio::time::sleep(LASTS.saturating_sub(passed)) => Ok(None),
            answer = call => Ok(Some(answer)),
        }
    }
}

/// A name for this process among the holders of leases, for as long as it runs.
pub fn holder(ids: &dyn Ids) -> String {
    format!("wrk_{}", ids.uuid().simple())
}

/// The work, done by whoever has its lease.
#[derive(Debug)]
pub struct Turn {
    name: &'static str,
    lease: Option<Lease>,
}

impl Turn {
    /// It is nobody's turn yet.
    pub const fn of(name: &'static str) -> Self {
        Self { name, lease: None }
    }

    /// The context to work in if it is this process's turn; none if another one is at it.
    ///
    /// # Errors
    /// Unavailable while the database is.
    pub async fn take(&mut self, cx: &Cx) -> Result<Option<Cx>, Error> {
        let app = cx.app();
        if let Some(lease) = self.lease {
            // Asked each round, because a round may well swallow that it lost its lease in the middle.
            let tx = app.db.system_read().await?;
            if !db::lease::is_held(&tx, lease.name, &app.holder, lease.token).await? {
                self.lease = None;
            }
        }
        if self.lease.is_none() {
            self.lease = take(app, self.name).await?;
        }
        Ok(self.lease.map(|lease| cx.with_lease(lease)))
    }
}

/// Takes the lease if nobody has it.
///
/// # Errors
/// Unavailable while the database is.
pub async fn take(app: &App, name: &'static str) -> Result<Option<Lease>, Error> {
    let tx = app.db.system_write().await?;
    let token = db::lease::take(&tx, name, &app.holder, LASTS).await?;
    tx.commit().await?;
    if let Some(token) = token {
        tracing::info!(
            lease.name = name,
            lease.token = token,
            lease.holder = app.holder,
            "a lease was taken"
        );
    }
    Ok(token.map(|token| Lease { name, token }))
}

/// Prolongs what this process has until told to stop, and gives it back then.
pub async fn keep(app: std::sync::Arc<App>, stop: CancellationToken) {
    loop {
        tokio::select! {
            () = tokio::time::sleep(PROLONGED) => {}
            () = stop.cancelled() => break,
        }
        if let Err(error) = prolong(&app).await {
            tracing::warn!(
                error.code = error.code(),
                error.cause = error.private(),
                "leases could not be prolonged; others take them if that goes on"
            );
        }
    }
}

/// Prolongs what this process has.
///
/// # Errors
/// Unavailable while the database is.
pub async fn prolong(app: &App) -> Result<(), Error> {
    let tx = app.db.system_write().await?;
    db::lease::prolong(&tx, &app.holder, LASTS).await?;
    tx.commit().await
}

/// Gives back what this process has, so that others need not wait. Whoever is alone with its database frees what the process before left.
///
/// # Errors
/// Unavailable while the database is.
pub async fn release(app: &App) -> Result<(), Error> {
    let holder = (!app.db.is_alone()).then_some(&*app.holder);
    let tx = app.db.system_write().await?;
    db::lease::release(&tx, holder).await?;
    tx.commit().await
}

/// The code of a change that was refused because the work went to another process meanwhile.
const LOST: &str = "lease_lost";

/// Whether the work went to another process: then whatever is left of the round is that one's.
pub(crate) fn is_lost(error: &Error) -> bool {
    error.code() == LOST
}

/// That a change is refused because the work went to another process meanwhile.
pub(crate) fn lost(lease: Lease) -> Error {
    Error::new(
        ErrorKind::Unavailable,
        LOST,
        "Another replica has taken this work over.",
    )
    .because(format!("{} was {}", lease.name, lease.token))
}

#[cfg(test)]
mod tests;
