//! The pool's public keys as its JWKS document shows them (RFC 7517), as far as they are good for RS256.
//! Does not fetch: [`Keys`](crate::Keys) does.
//! Invariant: a key in the set is RSA of 2048 to 8192 bits, for signatures, and found by its `kid` alone.

use std::collections::BTreeMap;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::DecodingKey;
use serde::Deserialize;
use serde_json::Value;

/// Cognito's documents have two keys and less than 1 KiB.
pub(crate) const LONGEST: usize = 64 * 1024;
const MOST: usize = 16;
/// NIST SP 800-131A's least, and the most that aws-lc verifies with: beyond it a signature costs too much.
const BITS: std::ops::RangeInclusive<usize> = 2048..=8192;

/// The document is no key set of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadKeySet {
    /// Longer than 64 KiB, or more than 16 keys.
    #[error("the key set is too large")]
    TooLarge,
    /// No JWKS document.
    #[error("the key set cannot be read")]
    Malformed,
    /// Not one key that we could use.
    #[error("the key set has no key for RS256")]
    Empty,
}

/// Public keys by `kid`.
#[derive(Clone, Default)]
pub struct KeySet(BTreeMap<String, DecodingKey>);

#[derive(Deserialize)]
struct Document {
    keys: Vec<Value>,
}

#[derive(Deserialize)]
struct Jwk {
    kid: String,
    kty: String,
    #[serde(rename = "use")]
    usage: String,
    alg: Option<String>,
    n: String,
    e: String,
}

impl KeySet {
    /// Reads a JWKS document. Keys of other kinds and keys that make no sense are left out, as RFC 7517, 5 asks;
    /// of two keys with one `kid` the first counts.
    pub fn from_json(body: &[u8]) -> Result<Self, BadKeySet> {
        if body.len() > LONGEST {
            return Err(BadKeySet::TooLarge);
        }
        let document: Document = serde_json::from_slice(body).map_err(|_| BadKeySet::Malformed)?;
        if document.keys.len() > MOST {
            return Err(BadKeySet::TooLarge);
        }
        let mut keys = BTreeMap::new();
        for value in document.keys {
            if let Some((kid, key)) = usable(value) {
                keys.entry(kid).or_insert(key);
            }
        }
        if keys.is_empty() {
            return Err(BadKeySet::Empty);
        }
        Ok(Self(keys))
    }

    /// Whether a key of that `kid` is there.
    pub fn contains(&self, kid: &str) -> bool {
        self.0.contains_key(kid)
    }

    /// How many keys there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none, as before the first fetch.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn get(&self, kid: &str) -> Option<&DecodingKey> {
        self.0.get(kid)
    }
}

impl std::fmt::Debug for KeySet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

fn usable(value: Value) -> Option<(String, DecodingKey)> {
    let jwk: Jwk = serde_json::from_value(value).ok()?;
    let is_for_us = jwk.kty == "RSA"
        && jwk.usage == "sig"
        && jwk.alg.as_deref().is_none_or(|alg| alg == "RS256")
        && !jwk.kid.is_empty();
    let n = URL_SAFE_NO_PAD.decode(&jwk.n).ok()?;
    let e = URL_SAFE_NO_PAD.decode(&jwk.e).ok()?;
    (is_for_us && is_modulus(&n) && is_exponent(&e))
        .then(|| (jwk.kid, DecodingKey::from_rsa_raw_components(&n, &e)))
}

/// RFC 7518, 6.3.1.1: no leading zero octets. An even number is no product of odd primes.
fn is_modulus(n: &[u8]) -> bool {
    let (Some(first), Some(last)) = (n.first(), n.last()) else {
        return false;
    };
    let bits = (n.len() * 8).saturating_sub(first.leading_zeros() as usize);
    *first != 0 && last % 2 == 1 && BITS.contains(&bits)
}

/// FIPS 186-5, A.1.1: odd and above 2^16; and no more than 32 bits, because a large one only makes verifying slow.
fn is_exponent(e: &[u8]) -> bool {
    let value = match e {
        [high, middle, low] => u32::from_be_bytes([0, *high, *middle, *low]),
        _ => match e.try_into() {
            Ok(four) => u32::from_be_bytes(four),
            Err(_) => return false,
        },
    };
    value > 1 << 16 && value % 2 == 1
}

#[cfg(test)]
mod tests;
