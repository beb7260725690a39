//! The port that wraps data keys under a wrapping key: a key file of the machine, or AWS KMS.
//! Every wrapping is bound to a context (purpose, key id, holder): what was wrapped for one holder does not unwrap for another (C-70).
//! Invariant: data keys are wiped when dropped and have no text form.

use std::fmt;

use async_trait::async_trait;
use zeroize::Zeroizing;

use crate::{
    Ids,
    id::{KeyId, TenantId},
    mode::Mode,
};

/// What data keys are wrapped for. Part of every context, so that no other use of the same wrapping key can be mistaken for this one.
pub const PURPOSE: &str = "payphone-card/data-key";

/// Why something was not wrapped or did not unwrap.
#[derive(Debug, Clone, thiserror::Error)]
pub enum KeyEncryptionError {
    /// Changed, copied from elsewhere, or wrapped by another key: it will never unwrap.
    #[error("the wrapped key does not open in this place")]
    Refused,
    /// The key service did not answer, or is too busy: the same call may do later. Says nothing about what was wrapped.
    #[error("the key service is away: {0}")]
    Away(String),
    /// The wrapping key cannot be used until a person mends something; the text says what. Says nothing about what was wrapped.
    #[error("the wrapping key cannot be used: {0}")]
    Misconfigured(String),
}

/// Who may unwrap what; part of every wrapping without being in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Context {
    /// The key pair.
    pub key: KeyId,
    /// Whose it is.
    pub holder: Holder,
}

/// Whose a key pair is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holder {
    /// Nobody's yet.
    Pool,
    /// A tenant's, for one mode.
    Tenant(TenantId, Mode),
    /// Nobody's ever: a key that was made to see whether the wrapping key can be used.
    Probe,
}

/// `pool`, `<tenant>/<mode>` or `probe`: the text is in every wrapping and may never change.
impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Pool => f.write_str("pool"),
            Self::Tenant(tenant, mode) => write!(f, "{tenant}/{mode}"),
            Self::Probe => f.write_str("probe"),
        }
    }
}

/// A key that encrypts one private key, used once. 256 bits.
pub struct DataKey(Zeroizing<[u8; 32]>);

impl DataKey {
    /// A fresh one.
    pub fn make(ids: &dyn Ids) -> Self {
        let mut bytes = Zeroizing::new([0; 32]);
        ids.fill(&mut *bytes);
        Self(bytes)
    }

    /// The key of these bytes, if they are as many as it has.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let mut key = Zeroizing::new([0; 32]);
        if bytes.len() != key.len() {
            return None;
        }
        key.copy_from_slice(bytes);
        Some(Self(key))
    }

    /// The bytes, for a cipher or the key service and nothing else.
    pub fn expose(&self) -> &[u8; 32] {
        &self.0
    }
}

/// Wraps data keys. Both calls may be repeated at will; neither keeps anything.
#[async_trait]
pub trait KeyEncryption: Send + Sync {
    /// Names the wrapping key in rows and logs; says nothing about its bytes.
    fn id(&self) -> &str;

    /// Wraps a data key for this context alone.
    async fn wrap(&self, key: &DataKey, context: Context) -> Result<Vec<u8>, KeyEncryptionError>;

    /// Unwraps it again; any other context is refused.
    async fn unwrap(&self, wrapped: &[u8], context: Context)
    -> Result<DataKey, KeyEncryptionError>;
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows are wrapped to these texts: another text would lose every key.
    #[test]
    fn holders_keep_their_texts() {
        let tenant = TenantId::from_uuid(uuid::Uuid::from_u128(1));
        for (holder, text) in [
            (Holder::Pool, "pool".to_owned()),
            (
                Holder::Tenant(tenant, Mode::Live),
                format!("ten_{}1/live", "0".repeat(31)),
            ),
            (Holder::Probe, "probe".to_owned()),
        ] {
            assert_eq!(holder.to_string(), text);
        }
        assert_eq!(PURPOSE, "payphone-card/data-key");
    }

    #[test]
    fn a_data_key_has_256_bits() {
        assert!(DataKey::from_bytes(&[1; 32]).is_some());
        for length in [0, 16, 31, 33, 64] {
            assert!(DataKey::from_bytes(&vec![1; length]).is_none(), "{length}");
        }
    }
}
