//! `Idempotency-Key`: a creating request that is sent again gets the answer it got before, and nothing is made twice.
//! A key is its holder's own, good for seven days and for one request alone, which its fingerprint tells from every other.
//! A process that dies on the way leaves its claim behind; after a minute the next request takes it over (so at least once, then).

use std::fmt::Write;

use chrono::Duration;
use sha2::{Digest, Sha256};

use crate::{
    Error, ErrorKind,
    id::{TenantId, UserId},
    policy::Actor,
    time::Timestamp,
};

/// How long an answer is kept, and the key with it.
pub const KEPT: Duration = Duration::days(7);
/// After this long a claim without an answer is nobody's: twice as long as any request may take.
pub const ABANDONED: Duration = Duration::seconds(60);
const MAX_KEY: usize = 255;

/// What the client calls its request: 1 to 255 printable ASCII characters, taken to the letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdempotencyKey(String);

impl IdempotencyKey {
    /// The key in a header's value.
    ///
    /// # Errors
    /// `bad_idempotency_key` (400).
    pub fn parse(value: &[u8]) -> Result<Self, Error> {
        std::str::from_utf8(value)
            .ok()
            .filter(|text| (1..=MAX_KEY).contains(&text.len()))
            .filter(|text| text.bytes().all(|byte| matches!(byte, b' '..=b'~')))
            .map(|text| Self(text.to_owned()))
            .ok_or_else(bad_key)
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The refusal of a header that is no key, or that is there twice.
pub fn bad_key() -> Error {
    Error::new(
        ErrorKind::Malformed,
        "bad_idempotency_key",
        format!(
            "`Idempotency-Key` is one header of 1 to {MAX_KEY} printable ASCII characters, such as a new UUID for each request."
        ),
    )
}

/// What tells a request from every other: SHA-256 over method, path and body, in hex.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fingerprint(String);

impl Fingerprint {
    /// The fingerprint of a request. Neither method nor path can have the zero that ends it.
    pub fn of(method: &str, path: &str, body: &[u8]) -> Self {
        let mut digest = Sha256::new();
        for part in [method, path] {
            digest.update(part.as_bytes());
            digest.update([0]);
        }
        digest.update(body);
        let hex = digest.finalize().iter().fold(String::new(), |mut hex, b| {
            // Writing to a String cannot fail.
            let _ = write!(hex, "{b:02x}");
            hex
        });
        Self(hex)
    }

    /// The hex text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Whose a key is: nobody meets the keys or answers of anybody else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder(String);

impl Holder {
    /// Whoever acts in a tenant: the same person has other keys in another tenant.
    pub fn in_tenant(tenant: TenantId, actor: &Actor) -> Self {
        Self(format!("{tenant} {}", actor.audit_name()))
    }

    /// A person, for what is their own whatever the tenant.
    pub fn person(user: UserId) -> Self {
        Self(user.to_string())
    }

    /// The word in the table.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A request that claims its key.
#[derive(Debug, Clone)]
pub struct Claim {
    /// Whose the key is.
    pub holder: Holder,
    /// The key.
    pub key: IdempotencyKey,
    /// What is asked.
    pub fingerprint: Fingerprint,
    /// Since when (real time).
    pub at: Timestamp,
}

/// The request that claimed the key before.
#[derive(Debug, Clone)]
pub struct Earlier {
    /// Its fingerprint, in hex.
    pub fingerprint: String,
    /// Since when (real time).
    pub at: Timestamp,
    /// Its answer, sealed; none while it runs.
    pub answer: Option<String>,
}

/// What becomes of a request.
#[derive(Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is the first: it runs.
    Run,
    /// Its twin is running.
    Wait,
    /// It ran before; this is its answer, sealed.
    Replay(String),
}

/// What becomes of a request, seeing what was there before.
///
/// # Errors
/// `idempotency_key_reused` (422) if the key was used for another request.
pub fn judge(earlier: &Earlier, claim: &Claim) -> Result<Verdict, Error> {
    if earlier.fingerprint != claim.fingerprint.as_str() {
        return Err(Error::new(
            ErrorKind::Invalid,
            "idempotency_key_reused",
            "This `Idempotency-Key` was used for another request. Take a new one for each request, and the same one only to repeat it unchanged.",
        ));
    }
    Ok(match &earlier.answer {
        Some(sealed) => Verdict::Replay(sealed.clone()),
        None if claim.at >= earlier.at + ABANDONED => Verdict::Run,
        None => Verdict::Wait,
    })
}

#[cfg(test)]
mod tests;
