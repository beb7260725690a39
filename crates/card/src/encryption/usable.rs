//! Whether the wrapping key can be used: looked at from the start on, so that a missing permission is known before the first tenant asks.
//! A key service that is away keeps the process from being ready, never from starting.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use domain::Ids;
use tokio_util::sync::CancellationToken;
use tracing::{error, info};

use super::{Keyring, probe};

/// Between two looks that found it usable. Two requests to KMS a minute cost next to nothing.
const CALM: Duration = Duration::from_mins(1);
/// After one that did not.
const SOON: Duration = Duration::from_secs(2);

/// What the last look found.
#[derive(Debug, Clone)]
pub struct Usable(Arc<Mutex<Result<(), String>>>);

impl Default for Usable {
    fn default() -> Self {
        let unknown = "nobody has looked yet".to_owned();
        Self(Arc::new(Mutex::new(Err(unknown))))
    }
}

impl Usable {
    /// What the last look found; the error is a sentence for the operator.
    ///
    /// # Errors
    /// Why the wrapping key cannot be used.
    pub fn now(&self) -> Result<(), String> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Keeps it; answers whether it is news.
    fn keep(&self, found: Result<(), String>) -> bool {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let news = *known != found;
        *known = found;
        news
    }

    /// Looks until told to stop.
    pub async fn watch(self, keyring: Keyring, ids: Arc<dyn Ids>, stop: CancellationToken) {
        loop {
            let found = tokio::select! {
                () = stop.cancelled() => return,
                found = probe(keyring.current(), &*ids) => found.map_err(|error| error.to_string()),
            };
            metrics::gauge!("card_wrapping_key_usable").set(if found.is_ok() { 1.0 } else { 0.0 });
            let pause = if found.is_ok() { CALM } else { SOON };
            if self.keep(found.clone()) {
                let id = keyring.current().id();
                match found {
                    Ok(()) => info!(wrapping_key.id = id, "the wrapping key can be used"),
                    Err(why) => {
                        error!(
                            wrapping_key.id = id,
                            error.cause = why,
                            "the wrapping key cannot be used; no key is made or given until it can"
                        );
                    }
                }
            }
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(pause) => {}
            }
        }
    }
}
