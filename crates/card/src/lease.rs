//! Which of several replicas makes keys ahead, so that the pool is filled to its size and not to a multiple of it.
//! The lease is proved in the transaction that adds a key: whoever was stopped for longer than their lease adds none any more.
//! Assigning needs no lease: a conditional update decides there.

use std::sync::Arc;

use domain::{Error, ErrorKind, Ids};
use pool::lease::PROLONGED;
use tokio_util::sync::CancellationToken;

use crate::{
    app::App,
    store::{SystemTx, lease},
};

/// One turn of making keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lease(i64);

/// A name for this process among the holders of leases, for as long as it runs.
pub fn holder(ids: &dyn Ids) -> Arc<str> {
    format!("wrk_{}", ids.uuid().simple()).into()
}

/// The turn this process has, or takes if nobody else has it. `known` is the one it had.
///
/// # Errors
/// Unavailable while the database is.
pub async fn take(app: &App, known: Option<Lease>) -> Result<Option<Lease>, Error> {
    if let Some(Lease(token)) = known {
        let tx = app.store.system_read().await?;
        if lease::is_held(&tx, &app.holder, token).await? {
            return Ok(known);
        }
    }
    let tx = app.store.system_write().await?;
    let token = lease::take(&tx, &app.holder).await?;
    tx.commit().await?;
    if let Some(token) = token {
        tracing::info!(
            lease.name = "key-pool",
            lease.token = token,
            "a lease was taken"
        );
    }
    Ok(token.map(Lease))
}

/// That the turn is still this process's, to be asked in the transaction of the change; nobody else takes it before that one ends.
///
/// # Errors
/// `lease_lost` (unavailable) if another replica has taken over.
pub(crate) async fn prove(app: &App, tx: &SystemTx, turn: Lease) -> Result<(), Error> {
    if lease::holds(tx, &app.holder, turn.0).await? {
        return Ok(());
    }
    let lost = Error::new(
        ErrorKind::Unavailable,
        "lease_lost",
        "Another replica has taken this work over.",
    );
    Err(lost.because(format!("the turn was {}", turn.0)))
}

/// Prolongs what this process has until told to stop, and gives it back then. Making a key takes longer than a lease lasts.
pub async fn keep(app: App, stop: CancellationToken) {
    loop {
        tokio::select! {
            () = tokio::time::sleep(PROLONGED) => {}
            () = stop.cancelled() => break,
        }
        if let Err(error) = prolong(&app).await {
            tracing::warn!(
                error.code = error.code(),
                error.cause = error.private(),
                "the lease could not be prolonged; another replica takes it if that goes on"
            );
        }
    }
    if let Err(error) = release(&app).await {
        tracing::warn!(
            error.code = error.code(),
            error.cause = error.private(),
            "the lease could not be given back; it runs out by itself"
        );
    }
}

/// Prolongs what this process has.
///
/// # Errors
/// Unavailable while the database is.
pub async fn prolong(app: &App) -> Result<(), Error> {
    let tx = app.store.system_write().await?;
    lease::prolong(&tx, &app.holder).await?;
    tx.commit().await
}

/// Gives back what this process has. Whoever is alone with its database frees what the process before left.
///
/// # Errors
/// Unavailable while the database is.
pub async fn release(app: &App) -> Result<(), Error> {
    let holder = (!app.store.is_alone()).then_some(&*app.holder);
    let tx = app.store.system_write().await?;
    lease::release(&tx, holder).await?;
    tx.commit().await
}
