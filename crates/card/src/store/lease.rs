//! The lease of the key pool's filler: [`pool::lease`] through our own door.

use domain::Error;
use pool::lease::{self, LASTS};

use super::SystemTx;

/// The one work there is a lease for.
const NAME: &str = "key-pool";

/// Takes the lease if nobody else has it, or not any more; answers its new token.
pub(crate) async fn take(tx: &SystemTx, holder: &str) -> Result<Option<i64>, Error> {
    lease::take(tx.conn(), NAME, holder, LASTS).await
}

/// Prolongs it, unless somebody else took it meanwhile.
pub(crate) async fn prolong(tx: &SystemTx, holder: &str) -> Result<u64, Error> {
    lease::prolong(tx.conn(), holder, LASTS).await
}

/// Gives it back, or with no holder frees it whoever has it: for a process that is proved to be the only one.
pub(crate) async fn release(tx: &SystemTx, holder: Option<&str>) -> Result<u64, Error> {
    lease::release(tx.conn(), holder).await
}

/// Whether it still is this holder's, with this token; nobody takes it before the transaction that asked has ended.
pub(crate) async fn holds(tx: &SystemTx, holder: &str, token: i64) -> Result<bool, Error> {
    lease::holds(tx.conn(), NAME, holder, token).await
}

/// The same, as a look that holds nobody up.
pub(crate) async fn is_held(tx: &SystemTx, holder: &str, token: i64) -> Result<bool, Error> {
    lease::is_held(tx.conn(), NAME, holder, token).await
}
