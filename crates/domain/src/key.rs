//! A tenant's key pair as the control plane knows it: public halves only.
//! The private half exists in the card plane alone and has no type here.

use serde::{Deserialize, Serialize};

use crate::{
    id::{KeyId, TenantId},
    mode::Mode,
    time::Timestamp,
};

/// Where a key pair stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum KeyState {
    /// New messages are made under it.
    Active,
    /// Kept for calls in flight while its successor takes over.
    Retiring,
    /// Opens nothing any more.
    Retired,
}

impl KeyState {
    /// The word used in tables and JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Retiring => "retiring",
            Self::Retired => "retired",
        }
    }
}

impl std::str::FromStr for KeyState {
    type Err = crate::Error;

    fn from_str(text: &str) -> crate::Result<Self> {
        match text {
            "active" => Ok(Self::Active),
            "retiring" => Ok(Self::Retiring),
            "retired" => Ok(Self::Retired),
            other => Err(crate::Error::internal(format!(
                "unknown key state {other:?}"
            ))),
        }
    }
}

/// The public half of a key pair.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicKey {
    /// Its id, the same in both planes.
    pub id: KeyId,
    /// Whose it is.
    pub tenant: TenantId,
    /// Test or live.
    pub mode: Mode,
    /// RSA modulus length: 2048, 3072 or 4096.
    pub bits: u32,
    /// Where it stands.
    pub state: KeyState,
    /// SubjectPublicKeyInfo PEM, within the 1,024 characters that Connect's AssociateSecurityKey takes.
    pub public_key_pem: String,
    /// Self-signed X.509 certificate PEM, for the flow's *Store customer input* block.
    pub certificate_pem: String,
    /// `SHA256` and colon-separated hex of the DER-encoded SubjectPublicKeyInfo.
    pub fingerprint: String,
    /// Connect's association id, once known.
    pub connect_key_id: Option<String>,
    /// Start of the certificate's validity.
    pub not_before: Timestamp,
    /// End of the certificate's validity.
    pub not_after: Timestamp,
    /// The last time a message was opened with it.
    pub last_used_at: Option<Timestamp>,
}

/// The longest PEM that Connect's AssociateSecurityKey takes (`Key`, service model).
pub const CONNECT_MAX_PEM: usize = 1024;
