//! The pool of keys made ahead: an RSA-4096 key takes seconds, a new customer should not wait for it.
//! One key is made at a time, on a blocking thread, so that requests keep the other processors.
//! Invariant: whoever has the lease is the only maker, and adds nothing without it; whoever finds the pool empty wakes it and waits.

use std::time::{Duration, Instant};

use domain::{
    Error,
    id::{AuditId, KeyId},
    key_encryption::{Context, Holder},
};
use runtime::config::Faults;
use tokio::sync::{Mutex, Notify, watch};
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use super::{envelope, rsa::RsaKey};
use crate::{
    app::App,
    encryption::Keyring,
    lease::{self, Lease},
    store::{
        Store,
        audit::{self, Action, Entry},
        key::{self, PoolKey},
    },
};

/// A look without being woken, since other replicas take and make keys too, and the pause after a failure.
pub(super) const LOOK: Duration = Duration::from_secs(1);

/// How askers and the filler find each other within the process.
pub struct Pool {
    /// One asker assigns at a time: several would fetch the same row and all but one in vain.
    pub(super) assigning: Mutex<()>,
    /// Something was taken, or is wanted.
    pub(super) wanted: Notify,
    /// Counts the keys that were made.
    pub(super) made: watch::Sender<u64>,
}

impl Default for Pool {
    fn default() -> Self {
        Self {
            assigning: Mutex::new(()),
            wanted: Notify::new(),
            made: watch::Sender::new(0),
        }
    }
}

/// Refuses to start on keys that a wrapping key we do not have wrapped: every one of them would fail, one call at a time.
pub async fn check_wrapping_keys(store: &Store, keyring: &Keyring) -> Result<(), Faults> {
    let failed =
        |error: Error| Faults::from(format!("the keys cannot be read: {}", error.private()));
    let tx = store.system_read().await.map_err(failed)?;
    let found = key::wrapping_keys(&tx).await.map_err(failed)?;
    let mut faults = Faults::default();
    for other in found.iter().filter(|found| keyring.named(found).is_err()) {
        faults.add(format!(
            "the database has keys wrapped by {other}, but the wrapping key is {}: put the right one back, or name the other in keys.previous",
            keyring.current().id()
        ));
    }
    faults.finish()
}

/// Keeps the pool full until the process stops, as long as it is this process's turn.
pub async fn fill(app: App, stop: CancellationToken) {
    if app.store.is_alone()
        && let Err(error) = lease::release(&app).await
    {
        warn!(
            error.code = error.code(),
            error.cause = error.private(),
            "what the process before had runs out by itself"
        );
    }
    tokio::join!(lease::keep(app.clone(), stop.clone()), make(app, stop));
}

async fn make(app: App, stop: CancellationToken) {
    let mut turn = None;
    loop {
        let made = tokio::select! {
            () = stop.cancelled() => return,
            made = one_turn(&app, &mut turn) => made,
        };
        match made {
            Ok(true) => continue,
            Ok(false) => {}
            Err(error) => {
                warn!(
                    error.code = error.code(),
                    error.cause = error.private(),
                    "no key could be made ahead"
                );
                tokio::select! {
                    () = stop.cancelled() => return,
                    () = tokio::time::sleep(LOOK) => continue,
                }
            }
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = app.pool.wanted.notified() => {}
            () = tokio::time::sleep(LOOK) => {}
        }
    }
}

/// Makes a key if there is room and it is this process's turn; answers whether it did.
async fn one_turn(app: &App, turn: &mut Option<Lease>) -> Result<bool, Error> {
    *turn = lease::take(app, *turn).await?;
    match *turn {
        Some(lease) => top_up(app, lease).await,
        None => measure(app).await.map(|_| false),
    }
}

/// How many keys are ready. Every replica says so, whoever's turn it is: alerts take the greatest, and what a replica said when it had the
/// turn would stay for ever.
async fn measure(app: &App) -> Result<u64, Error> {
    app.store.measure_disk();
    let ready = key::pool_size(&app.store.system_read().await?, app.keys.bits).await?;
    metrics::gauge!("card_key_pool_size").set(f64::from(u32::try_from(ready).unwrap_or(u32::MAX)));
    Ok(ready)
}

/// Makes one key if the pool has room; answers whether it did.
///
/// # Errors
/// `lease_lost` if another replica took over while the key was made: then it is thrown away.
pub async fn top_up(app: &App, lease: Lease) -> Result<bool, Error> {
    let bits = app.keys.bits;
    let ready = measure(app).await?;
    if ready >= u64::from(app.keys.pool_size) {
        return Ok(false);
    }
    let began = Instant::now();
    let making = tokio::task::spawn_blocking(move || RsaKey::make(bits));
    let key = making.await.map_err(Error::internal)??;
    let took = began.elapsed();
    metrics::histogram!("card_key_seconds").record(took.as_secs_f64());

    let id = KeyId::make(&*app.ids);
    let context = Context {
        key: id,
        holder: Holder::Pool,
    };
    let row = PoolKey {
        id,
        bits,
        public_key_pem: key.public_key_pem()?,
        fingerprint: key.fingerprint()?,
        wrapped: envelope::wrap(&app.keyring, &*app.ids, &key, context).await?,
        created_at: app.real.now(),
    };
    let entry = Entry {
        id: AuditId::make(&*app.ids),
        at: row.created_at,
        actor: "system:keyPool".to_owned(),
        action: Action::KeyMade,
        key: id,
        request_id: None,
    };
    let tx = app.store.system_write().await?;
    lease::prove(app, &tx, lease).await?;
    key::add_to_pool(&tx, &row).await?;
    audit::add_system(&tx, &entry).await?;
    tx.commit().await?;
    metrics::counter!("card_keys_made_total").increment(1);
    let duration_ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
    info!(key.id = %id, key.bits = bits, duration_ms, "made a key ahead");
    app.pool.made.send_modify(|count| *count += 1);
    Ok(true)
}
