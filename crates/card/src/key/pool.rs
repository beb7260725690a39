//! The pool of keys made ahead: an RSA-4096 key takes seconds, a new customer should not wait for it.
//! One key is made at a time, on a blocking thread, so that requests keep the other processors.
//! Invariant: the filler is the only maker; whoever finds the pool empty wakes it and waits.

use std::time::{Duration, Instant};

use domain::{Error, id::AuditId, id::KeyId};
use runtime::config::Faults;
use tokio::sync::{Mutex, Notify, watch};
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use super::{envelope, rsa::RsaKey};
use crate::{
    app::App,
    encryption::{Context, Holder},
    store::{
        Store,
        audit::{self, Action, Entry},
        key::{self, PoolKey},
    },
};

/// A look without being woken, should a wake-up ever be lost, and the pause after a failure.
const LOOK: Duration = Duration::from_secs(1);

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

/// Refuses to start on keys that another wrapping key wrapped: every one of them would fail, one call at a time.
pub async fn check_wrapping_key(store: &Store, name: &str) -> Result<(), Faults> {
    let failed =
        |error: Error| Faults::from(format!("the keys cannot be read: {}", error.private()));
    let tx = store.system_read().await.map_err(failed)?;
    let found = key::wrapping_keys(&tx).await.map_err(failed)?;
    match found.iter().find(|found| *found != name) {
        None => Ok(()),
        Some(other) => Err(format!(
            "the database has keys wrapped by {other}, but keys.wrapping_key_file is {name}: put the right file back"
        )
        .into()),
    }
}

/// Keeps the pool full until the process stops.
pub async fn fill(app: App, stop: CancellationToken) {
    loop {
        let made = tokio::select! {
            () = stop.cancelled() => return,
            made = top_up(&app) => made,
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

/// Makes one key if the pool has room; answers whether it did.
pub async fn top_up(app: &App) -> Result<bool, Error> {
    let bits = app.keys.bits;
    app.store.measure_disk();
    let ready = key::pool_size(&app.store.system_read().await?, bits).await?;
    metrics::gauge!("card_key_pool_size").set(f64::from(u32::try_from(ready).unwrap_or(u32::MAX)));
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
        wrapped: envelope::wrap(&*app.encryption, &*app.ids, &key, context).await?,
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
    key::add_to_pool(&tx, &row).await?;
    audit::add_system(&tx, &entry).await?;
    tx.commit().await?;
    metrics::counter!("card_keys_made_total").increment(1);
    let duration_ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
    info!(key.id = %id, key.bits = bits, duration_ms, "made a key ahead");
    app.pool.made.send_modify(|count| *count += 1);
    Ok(true)
}
