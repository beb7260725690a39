//! The port from the control plane to the card plane: narrow on purpose. Public halves and masked data come back, nothing else.

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use crate::{
    id::{KeyId, TenantId},
    mode::Mode,
    time::Timestamp,
};

/// Ask for the tenant's active key pair of a mode: `POST /internal/v1/keys`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct KeyRequest {
    /// Whose key pair.
    pub tenant_id: TenantId,
    /// Test or live.
    pub mode: Mode,
}

/// The public half of a key pair, as the card plane answers it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct KeyAnswer {
    /// The key's id.
    pub id: KeyId,
    /// Test or live.
    pub mode: Mode,
    /// RSA modulus length.
    pub bits: u32,
    /// SubjectPublicKeyInfo PEM.
    pub public_key_pem: String,
    /// Self-signed X.509 certificate PEM.
    pub certificate_pem: String,
    /// `SHA256` fingerprint of the DER-encoded SubjectPublicKeyInfo.
    pub fingerprint: String,
    /// Start of the certificate's validity.
    pub not_before: Timestamp,
    /// End of the certificate's validity.
    pub not_after: Timestamp,
}

/// Why the card plane gave no answer.
#[derive(Debug, thiserror::Error)]
pub enum CardPlaneError {
    /// Out of reach, or busy making keys: the same call will do later.
    #[error("the card plane did not answer: {0}")]
    Busy(String),
    /// It refuses us: keys or addresses are set up wrongly.
    #[error("the card plane refuses us: {0}")]
    Refused(String),
}

/// The card plane.
#[async_trait]
pub trait CardPlane: Send + Sync {
    /// The tenant's active key pair of that mode, made if there is none. Repeating it answers the same key.
    async fn ensure_key(&self, request: &KeyRequest) -> Result<KeyAnswer, CardPlaneError>;
}
