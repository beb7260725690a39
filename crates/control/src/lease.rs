//! Background work on several replicas: each piece of it by whoever has its lease, and by nobody else at that time.
//! The lease is proved in the transaction of every change the work makes ([`Cx::with_lease`]), so a process that was stopped for longer
//! than its lease and wakes up in the middle of something changes nothing any more.
//! What reaches AWS Marketplace or the card plane meanwhile is harmless by itself: every request there may be made twice, and late.
//! What may not be late (a mail, a change of somebody's account) is begun only within a `Proof`'s time of a transaction that proved and
//! prolonged the lease, so not by a process that was stopped in between. What is left is a stop within that one call.

use domain::{Error, ErrorKind, Ids, Timestamp};
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
pub(crate) struct Proof(Option<(Lease, Timestamp)>);

impl Proof {
    /// For work that has no lease.
    pub(crate) const NONE: Self = Self(None);

    /// The lease was prolonged by a transaction that began at `since` (real time).
    pub(crate) const fn of(lease: Lease, since: Timestamp) -> Self {
        Self(Some((lease, since)))
    }

    /// Asked directly before something is caused outside the database. Half of what the lease lasts is left for the call itself.
    ///
    /// # Errors
    /// As [`lost`] if too much time has passed: this process may have been stopped, and the work may be another's.
    pub(crate) fn still(self, now: Timestamp) -> Result<(), Error> {
        match self.0 {
            Some((lease, since))
                if now - since > chrono::Duration::from_std(LASTS / 2).unwrap_or_default() =>
            {
                Err(lost(lease))
            }
            _ => Ok(()),
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
mod tests {
    use super::*;

    #[test]
    fn a_proof_is_good_for_half_of_what_a_lease_lasts() {
        let lease = Lease {
            name: "mails",
            token: 7,
        };
        let since: Timestamp = "2026-11-22T10:00:00Z".parse().unwrap();
        let half = chrono::Duration::from_std(LASTS / 2).unwrap();
        let proof = Proof::of(lease, since);
        assert!(proof.still(since).is_ok());
        assert!(proof.still(since + half).is_ok());
        let late = proof.still(since + half + chrono::Duration::milliseconds(1));
        assert!(is_lost(&late.unwrap_err()));
        assert!(Proof::NONE.still(since + chrono::Duration::days(1)).is_ok());
    }
}
