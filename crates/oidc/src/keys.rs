//! The pool's keys in memory: fetched when a token names one that we do not have, by one request for all who wait.
//! There is no periodic refresh: Cognito names a new key in its tokens, and that is when we look.
//! Invariant: between two requests pass at least 30 s of real time, whatever tokens arrive.
//! Invariant: a failed fetch changes nothing; what verified before it verifies after it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::Duration;
use domain::{RealTime, Timestamp};
use futures_util::{
    FutureExt,
    future::{BoxFuture, Shared},
};

use crate::{
    claims::Claims,
    key_set::KeySet,
    login::{LoginError, ManagedLogin},
    refused::Refused,
    token::{Expect, verify},
};

/// Unknown keys cost nothing to make up, so they must not cost a request each (security 17).
const PAUSE: Duration = Duration::seconds(30);

/// Why a token was not verified.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotVerified {
    /// It is not good.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// Its key is not one we have, and the newest keys are not to be had: it may be good.
    #[error("the pool's keys are not to be had: {0}")]
    NoKeys(LoginError),
}

type Fetch = Shared<BoxFuture<'static, Result<Arc<KeySet>, LoginError>>>;

/// The pool's keys, kept up to date by need.
pub struct Keys {
    login: Arc<dyn ManagedLogin>,
    real: Arc<dyn RealTime>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    keys: Arc<KeySet>,
    /// When the last fetch began.
    fetched_at: Option<Timestamp>,
    /// Why it failed, if it did.
    failure: Option<LoginError>,
    /// The fetch under way. It is kept here and not by who began it: callers go away (a browser hangs up), and a fetch that
    /// died with its caller would let anybody hold up everybody's new key by hanging up every 30 s.
    fetch: Option<Fetch>,
}

impl State {
    /// By the distance, so that a clock that was set back does not forbid fetching until it has caught up.
    fn is_within_pause(&self, now: Timestamp) -> bool {
        self.fetched_at.is_some_and(|at| (now - at).abs() < PAUSE)
    }
}

impl Keys {
    /// No keys yet: the first token fetches them.
    pub fn new(login: Arc<dyn ManagedLogin>, real: Arc<dyn RealTime>) -> Self {
        Self {
            login,
            real,
            state: Mutex::default(),
        }
    }

    /// The keys as they are, without looking.
    pub fn current(&self) -> Arc<KeySet> {
        Arc::clone(&self.state().keys)
    }

    /// Judges a token by the present keys, and by the newest ones if it names a key that is not among them.
    pub async fn verify(&self, token: &str, expect: &Expect<'_>) -> Result<Claims, NotVerified> {
        let keys = self.current();
        match verify(token, expect, &keys, self.real.now()) {
            Err(Refused::UnknownKey) => {
                let newer = self.newer_than(&keys).await?;
                Ok(verify(token, expect, &newer, self.real.now())?)
            }
            judged => Ok(judged?),
        }
    }

    /// Keys that differ from the ones that did not do, or why there are none.
    async fn newer_than(&self, old: &Arc<KeySet>) -> Result<Arc<KeySet>, NotVerified> {
        let fetch = {
            let mut state = self.state();
            if !Arc::ptr_eq(&state.keys, old) {
                return Ok(Arc::clone(&state.keys));
            }
            let now = self.real.now();
            match &state.fetch {
                // One that nobody has looked after for so long has outlived its own time-out.
                Some(fetch) if state.is_within_pause(now) => fetch.clone(),
                _ => self.begin(&mut state, now)?,
            }
        };
        let fetched = fetch.clone().await;
        let mut state = self.state();
        // Whoever comes first keeps the outcome; by the time the others come there may even be another fetch.
        if state.fetch.as_ref().is_some_and(|it| it.ptr_eq(&fetch)) {
            state.fetch = None;
            state.failure = fetched.as_ref().err().cloned();
            if let Ok(keys) = &fetched {
                state.keys = Arc::clone(keys);
            }
        }
        fetched.map_err(NotVerified::NoKeys)
    }

    fn begin(&self, state: &mut State, now: Timestamp) -> Result<Fetch, NotVerified> {
        if state.is_within_pause(now) {
            return Err(match &state.failure {
                Some(failure) => NotVerified::NoKeys(failure.clone()),
                None => NotVerified::Refused(Refused::UnknownKey),
            });
        }
        let login = Arc::clone(&self.login);
        let fetch = async move {
            let body = login.jwks().await?;
            KeySet::from_json(&body)
                .map(Arc::new)
                .map_err(|bad| LoginError::Misconfigured(bad.to_string()))
        }
        .boxed()
        .shared();
        state.fetched_at = Some(now);
        state.fetch = Some(fetch.clone());
        Ok(fetch)
    }

    /// Nothing that holds the lock can panic half-way, so a poisoned one is as good as any.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
