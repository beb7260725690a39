//! API keys: their text form, their scopes, and what we keep of them (never the secret itself).
//! Form: `ppk_test_` or `ppk_live_`, 8 characters that name the key, 43 that are secret (256 bits), 6 that check the rest,
//! all base62, so that a secret scanner can tell a real key from a look-alike without asking us.

use secrecy::SecretString;
use serde::{Deserialize, Serialize};

use crate::{
    Error, ErrorKind,
    id::{ApiKeyId, TenantId},
    list::Word,
    mode::Mode,
    time::{Ids, Timestamp},
};

const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const NAME_LEN: usize = 8;
const SECRET_LEN: usize = 43;
const CHECK_LEN: usize = 6;

/// What an API key may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Scope {
    /// Send usage events.
    #[serde(rename = "usage:write")]
    UsageWrite,
    /// Read usage and metering records.
    #[serde(rename = "usage:read")]
    UsageRead,
    /// Capture cards (the Connect Lambda).
    #[serde(rename = "capture")]
    Capture,
    /// Read payments.
    #[serde(rename = "payments:read")]
    PaymentsRead,
    /// Refund, capture and void payments.
    #[serde(rename = "payments:write")]
    PaymentsWrite,
    /// Read everything an admin can read.
    #[serde(rename = "admin:read")]
    AdminRead,
}

impl Scope {
    /// Every scope, in the order they are shown.
    pub const ALL: [Self; 6] = [
        Self::UsageWrite,
        Self::UsageRead,
        Self::Capture,
        Self::PaymentsRead,
        Self::PaymentsWrite,
        Self::AdminRead,
    ];

    /// The word used in tables and JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::UsageWrite => "usage:write",
            Self::UsageRead => "usage:read",
            Self::Capture => "capture",
            Self::PaymentsRead => "payments:read",
            Self::PaymentsWrite => "payments:write",
            Self::AdminRead => "admin:read",
        }
    }
}

impl std::str::FromStr for Scope {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        Self::ALL
            .into_iter()
            .find(|scope| scope.as_str() == text)
            .ok_or_else(|| {
                let known = Self::ALL.map(Self::as_str).join(", ");
                Error::new(
                    ErrorKind::Invalid,
                    "unknown_scope",
                    format!("Unknown scope. Known are: {known}."),
                )
            })
    }
}

/// An API key as we keep it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiKey {
    /// Its id.
    pub id: ApiKeyId,
    /// Whose it is.
    pub tenant: TenantId,
    /// What its owner calls it.
    pub name: String,
    /// Test or live.
    pub mode: Mode,
    /// What it may do.
    pub scopes: Vec<Scope>,
    /// The public beginning of its text: `ppk_test_` and eight characters.
    pub prefix: String,
    /// When it was made (business time).
    pub created_at: Timestamp,
    /// Last use, to the minute (real time).
    pub last_used_at: Option<Timestamp>,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
}

/// Whether an API key is good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ApiKeyState {
    /// It is; addresses say `used`.
    InForce,
    /// It was revoked.
    Revoked,
}

impl Word for ApiKeyState {
    const ALL: &'static [Self] = &[Self::InForce, Self::Revoked];

    fn word(self) -> &'static str {
        match self {
            Self::InForce => "used",
            Self::Revoked => "revoked",
        }
    }
}

/// The longest name.
pub const MAX_NAME: usize = 80;
/// The most keys a tenant may have that are not revoked.
pub const MAX_ACTIVE: usize = 50;

/// Makes a new secret: the prefix to show and the whole text to hand over once.
pub fn make_secret(mode: Mode, ids: &dyn Ids) -> (String, SecretString) {
    let prefix = format!("ppk_{mode}_{}", random(NAME_LEN, ids));
    let body = format!("{prefix}{}", random(SECRET_LEN, ids));
    let check = checksum(&body);
    (prefix, SecretString::from(body + &check))
}

/// Whether a text has the form of an API key, checksum included; says nothing about whether it exists.
pub fn is_well_formed(text: &str) -> bool {
    let rest = text
        .strip_prefix("ppk_test_")
        .or_else(|| text.strip_prefix("ppk_live_"));
    let Some(rest) = rest else { return false };
    if rest.len() != NAME_LEN + SECRET_LEN + CHECK_LEN
        || !rest.bytes().all(|b| b.is_ascii_alphanumeric())
    {
        return false;
    }
    text.split_at_checked(text.len() - CHECK_LEN)
        .is_some_and(|(body, check)| checksum(body) == check)
}

fn random(len: usize, ids: &dyn Ids) -> String {
    let mut text = String::with_capacity(len);
    let mut byte = [0_u8; 1];
    while text.len() < len {
        ids.fill(&mut byte);
        // 248 is the largest multiple of 62 in a byte: what lies above is drawn again, so every character is equally likely.
        if byte[0] < 248
            && let Some(symbol) = ALPHABET.get(usize::from(byte[0] % 62))
        {
            text.push(char::from(*symbol));
        }
    }
    text
}

fn checksum(body: &str) -> String {
    let mut rest = u64::from(crc32fast::hash(body.as_bytes()));
    let mut text = [b'0'; CHECK_LEN];
    for slot in text.iter_mut().rev() {
        if let Some(symbol) = usize::try_from(rest % 62)
            .ok()
            .and_then(|index| ALPHABET.get(index))
        {
            *slot = *symbol;
        }
        rest /= 62;
    }
    text.iter().map(|b| char::from(*b)).collect()
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU8, Ordering};

    use secrecy::ExposeSecret;

    use super::*;

    struct Counting(AtomicU8);

    impl Ids for Counting {
        fn uuid(&self) -> uuid::Uuid {
            uuid::Uuid::nil()
        }

        fn fill(&self, bytes: &mut [u8]) {
            for byte in bytes {
                *byte = self.0.fetch_add(37, Ordering::Relaxed);
            }
        }
    }

    #[test]
    fn a_key_checks_itself_and_any_changed_character_breaks_it() {
        let (prefix, secret) = make_secret(Mode::Test, &Counting(AtomicU8::new(3)));
        let text = secret.expose_secret();
        assert!(text.starts_with(&prefix) && prefix.starts_with("ppk_test_"));
        assert_eq!(text.len(), 9 + 8 + 43 + 6);
        assert!(is_well_formed(text));
        for index in 9..text.len() {
            let mut bytes = text.as_bytes().to_vec();
            bytes[index] = if bytes[index] == b'A' { b'B' } else { b'A' };
            assert!(
                !is_well_formed(std::str::from_utf8(&bytes).unwrap()),
                "character {index}"
            );
        }
        for wrong in [
            "",
            "ppk_test_",
            "ppk_prod_x",
            &text.replace("test", "live"),
            &format!("{text} "),
        ] {
            assert!(!is_well_formed(wrong));
        }
    }
}
