//! What every operation of the card plane needs, composed once at the start: store, clocks, ids, wrapping keys, settings.
//! Plain data with shared ends; nothing here does anything.

use std::{sync::Arc, time::Duration};

use domain::{Clock, Ids, RealTime};

use crate::{config::KeysConfig, encryption::Keyring, key::Pool, store::Store};

/// Shorter than the 10 s after which the control plane gives a call up, so that it hears why.
const WAIT: Duration = Duration::from_secs(8);

/// The card plane; cheap to clone.
#[derive(Clone)]
pub struct App {
    /// Its database.
    pub store: Store,
    /// Business time: certificates.
    pub clock: Arc<dyn Clock>,
    /// Real time: peer tokens, the audit trail.
    pub real: Arc<dyn RealTime>,
    /// Ids and randomness.
    pub ids: Arc<dyn Ids>,
    /// Wraps data keys.
    pub keyring: Keyring,
    /// This process among the holders of leases.
    pub holder: Arc<str>,
    /// How keys are made.
    pub keys: KeySettings,
    /// Where askers and the filler of the pool meet.
    pub pool: Arc<Pool>,
}

/// How keys are made.
#[derive(Debug, Clone, Copy)]
pub struct KeySettings {
    /// RSA modulus length.
    pub bits: u32,
    /// How many are kept ready.
    pub pool_size: u32,
    /// How long a certificate is valid.
    pub certificate_days: u32,
    /// How long an asker waits for one to be made.
    pub wait: Duration,
}

impl From<&KeysConfig> for KeySettings {
    fn from(config: &KeysConfig) -> Self {
        Self {
            bits: config.bits,
            pool_size: config.pool_size,
            certificate_days: config.certificate_days,
            wait: WAIT,
        }
    }
}
