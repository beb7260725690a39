//! Key pairs: made ahead into a pool, wrapped, and given to a tenant on demand with a certificate.
//! Opening messages with them comes later and is not here.
//! Invariant: a private half is unwrapped only to be wrapped anew or to sign its own certificate, and wiped right after.

use domain::{card_plane::KeyAnswer, key::KeyState};
use serde::Serialize;

use crate::store::key::TenantKey;

mod certificate;
mod ensure;
mod envelope;
mod pool;
mod rewrap;
mod rsa;

pub use ensure::{Origin, ensure};
pub use pool::{Pool, check_wrapping_keys, fill, top_up};
pub use rewrap::{Rewrapped, rewrap};

/// What the control plane is told about a key.
pub fn answer(key: TenantKey) -> KeyAnswer {
    KeyAnswer {
        id: key.id,
        mode: key.mode,
        bits: key.bits,
        public_key_pem: key.public_key_pem,
        certificate_pem: key.certificate_pem,
        fingerprint: key.fingerprint,
        not_before: key.not_before,
        not_after: key.not_after,
    }
}

/// A key in a list, where its state matters.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct KeyItem {
    /// The key.
    #[serde(flatten)]
    pub key: KeyAnswer,
    /// Where it stands.
    pub state: KeyState,
}

impl From<TenantKey> for KeyItem {
    fn from(key: TenantKey) -> Self {
        Self {
            state: key.state,
            key: answer(key),
        }
    }
}
