//! The card plane, played: one key pair per tenant and mode, however often it is asked. Plays slowness, refusals and lost answers.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Mutex, MutexGuard, PoisonError},
};

use async_trait::async_trait;
use chrono::Duration;
use domain::{
    Mode,
    card_plane::{CardPlane, CardPlaneError, KeyAnswer, KeyRequest},
    id::{KeyId, TenantId},
};

use crate::clock::TestClock;

/// What goes wrong with one call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CardPlaneFault {
    /// Out of reach, or busy: nothing was made.
    Busy,
    /// The key was made, and the answer was lost.
    LostAnswer,
    /// It refuses us.
    Refused,
    /// Nothing is ever answered: for killing the caller here.
    Hangs,
}

/// The card plane, played.
#[derive(Debug)]
pub struct FakeCardPlane {
    clock: TestClock,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    keys: HashMap<(TenantId, Mode), KeyAnswer>,
    faults: VecDeque<CardPlaneFault>,
    calls: usize,
    unexpected: Vec<String>,
}

impl FakeCardPlane {
    /// A card plane without keys.
    pub fn new(clock: TestClock) -> Self {
        Self {
            clock,
            state: Mutex::default(),
        }
    }

    /// The next calls fail like this, one after the other.
    pub fn fails(&self, faults: impl IntoIterator<Item = CardPlaneFault>) {
        self.state().faults.extend(faults);
    }

    /// How many key pairs were made.
    pub fn keys_made(&self) -> usize {
        self.state().keys.len()
    }

    /// How many calls came.
    pub fn calls(&self) -> usize {
        self.state().calls
    }

    /// Calls that the control plane has no business making.
    pub fn unexpected(&self) -> Vec<String> {
        self.state().unexpected.clone()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn ensure(&self, request: &KeyRequest) -> KeyAnswer {
        let mut state = self.state();
        if request.mode == Mode::Live {
            state
                .unexpected
                .push("a live key pair was asked for at sign-up".to_owned());
        }
        let number = state.keys.len() as u128 + 1;
        let now = self.clock.now();
        let key = state.keys.entry((request.tenant_id, request.mode));
        key.or_insert_with(|| KeyAnswer {
            id: KeyId::from_uuid(uuid::Uuid::from_u128(
                0x0192_0000_0000_7000_8000 << 48 | number,
            )),
            mode: request.mode,
            bits: 4096,
            public_key_pem: PUBLIC_KEY.to_owned(),
            certificate_pem: CERTIFICATE.to_owned(),
            fingerprint: format!("SHA256:{number:064x}"),
            not_before: now,
            not_after: now + Duration::days(365 * 2),
        })
        .clone()
    }
}

#[async_trait]
impl CardPlane for FakeCardPlane {
    async fn ensure_key(&self, request: &KeyRequest) -> Result<KeyAnswer, CardPlaneError> {
        // An await point, so that calls made at once do cross each other.
        tokio::task::yield_now().await;
        let fault = {
            let mut state = self.state();
            state.calls += 1;
            state.faults.pop_front()
        };
        match fault {
            None => Ok(self.ensure(request)),
            Some(CardPlaneFault::Busy) => Err(CardPlaneError::Busy("all hands busy".to_owned())),
            Some(CardPlaneFault::Refused) => {
                Err(CardPlaneError::Refused("unauthenticated".to_owned()))
            }
            Some(CardPlaneFault::LostAnswer) => {
                self.ensure(request);
                Err(CardPlaneError::Busy("the connection broke".to_owned()))
            }
            Some(CardPlaneFault::Hangs) => std::future::pending().await,
        }
    }
}

/// The shape of a public key; no key anybody has.
pub const PUBLIC_KEY: &str = "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAplayedplayedplayedplayedplayedplayedplayedpl=\n-----END PUBLIC KEY-----\n";
/// The shape of a certificate.
pub const CERTIFICATE: &str =
    "-----BEGIN CERTIFICATE-----\nMIIBplayedplayedplayedplayed\n-----END CERTIFICATE-----\n";
