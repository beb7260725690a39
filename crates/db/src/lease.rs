//! The control plane's leases: [`pool::lease`] through its own doors.

use std::time::Duration;

use domain::Error;
pub use pool::lease::{LASTS, PROLONGED};

use crate::{SystemTx, Tx};

/// Takes the lease for so long if nobody else has it, or not any more; answers its new token.
pub async fn take(
    tx: &SystemTx,
    name: &str,
    holder: &str,
    lasts: Duration,
) -> Result<Option<i64>, Error> {
    pool::lease::take(tx.conn(), name, holder, lasts).await
}

/// Prolongs everything that the holder has, and nothing that somebody else took meanwhile.
pub async fn prolong(tx: &SystemTx, holder: &str, lasts: Duration) -> Result<u64, Error> {
    pool::lease::prolong(tx.conn(), holder, lasts).await
}

/// Gives back everything that the holder has, or with none everything that anybody has: for a process that is proved to be the only one.
pub async fn release(tx: &SystemTx, holder: Option<&str>) -> Result<u64, Error> {
    pool::lease::release(tx.conn(), holder).await
}

/// Whether the lease still is this holder's, with this token. Whoever wants to take it waits until the transaction that asked has ended.
pub async fn holds(tx: &impl Tx, name: &str, holder: &str, token: i64) -> Result<bool, Error> {
    pool::lease::holds(tx.tx(), name, holder, token).await
}

/// Prolongs this very lease; `false` if it is somebody else's by now.
pub async fn extend(
    tx: &SystemTx,
    lease: (&str, &str, i64),
    lasts: Duration,
) -> Result<bool, Error> {
    pool::lease::extend(tx.conn(), lease, lasts).await
}

/// The same as [`holds`], as a look that holds nobody up.
pub async fn is_held(tx: &SystemTx, name: &str, holder: &str, token: i64) -> Result<bool, Error> {
    pool::lease::is_held(tx.conn(), name, holder, token).await
}
