//! Identifiers in the spelling AWS uses, drawn from one seeded generator.
//!
//! Not a source of secrets: whoever can reach this stand-in may have everything it holds.
//! Invariant: the same seed gives the same identifiers in the same order.

use std::sync::{Mutex, PoisonError};

use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};

/// Lower-case letters and digits, as in agreement and offer ids.
const BASE36: &[u8] = b"abcdefghijklmnopqrstuvwxyz0123456789";
/// The alphabet of a registration token (model: `[A-Za-z0-9+/=.:_-]+`).
const TOKEN: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// The generator of every identifier.
#[derive(Debug)]
pub struct Ids(Mutex<StdRng>);

impl Ids {
    /// A generator that repeats itself for the same seed.
    pub fn seeded(seed: u64) -> Self {
        Self(Mutex::new(StdRng::seed_from_u64(seed)))
    }

    /// A generator seeded by the operating system.
    pub fn from_system() -> Self {
        Self(Mutex::new(rand::make_rng()))
    }

    fn text(&self, alphabet: &[u8], length: usize) -> String {
        let mut rng = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        (0..length)
            .map(|_| char::from(alphabet[rng.random_range(0..alphabet.len())]))
            .collect()
    }

    /// `agmt-` and 25 characters, as captured.
    pub fn agreement(&self) -> String {
        format!("agmt-{}", self.text(BASE36, 25))
    }

    /// `offer-` and 13 characters, as captured.
    pub fn offer(&self) -> String {
        format!("offer-{}", self.text(BASE36, 13))
    }

    /// A licence ARN in the captured spelling: `arn:aws:license-manager::<12 digits>:license:l-<32 hex>`.
    pub fn license_arn(&self, issuer: &str) -> String {
        format!(
            "arn:aws:license-manager::{issuer}:license:l-{}",
            self.text(b"0123456789abcdef", 32)
        )
    }

    /// Twelve digits that do not begin with zero.
    pub fn account(&self) -> String {
        format!(
            "{}{}",
            self.text(b"123456789", 1),
            self.text(b"0123456789", 11)
        )
    }

    /// An opaque registration token, well under the 512 characters of the model.
    pub fn token(&self) -> String {
        self.text(TOKEN, 172)
    }

    /// Decimal digits, for a code that people type.
    pub fn digits(&self, length: usize) -> String {
        self.text(b"0123456789", length)
    }

    /// Letters and digits, for tokens, cookies and sessions.
    pub fn secret(&self, length: usize) -> String {
        self.text(
            b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
            length,
        )
    }

    /// A session id as the model wants it: `tkn` or `sso`, then 25 lower-case letters and digits.
    pub fn session(&self, kind: &str) -> String {
        format!("{kind}{}", self.text(BASE36, 25))
    }

    /// A temporary password with all four kinds of characters, none that are easily mistaken for each other.
    pub fn temporary_password(&self) -> String {
        format!(
            "{}{}{}{}",
            self.text(b"ABCDEFGHJKLMNPQRSTUVWXYZ", 3),
            self.text(b"abcdefghijkmnopqrstuvwxyz", 5),
            self.text(b"23456789", 3),
            self.text(b"!#%*+=?", 1),
        )
    }

    /// Random bytes, for an authenticator's secret.
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .random()
    }

    /// A random UUID in lower-case text.
    pub fn uuid(&self) -> String {
        uuid::Builder::from_random_bytes(self.bytes())
            .into_uuid()
            .to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_repeats_the_same_ids() {
        let (a, b) = (Ids::seeded(7), Ids::seeded(7));
        assert_eq!(a.agreement(), b.agreement());
        assert_eq!(a.uuid(), b.uuid());
        let arn = a.license_arn("294406891311");
        assert_eq!(
            arn.len(),
            "arn:aws:license-manager::294406891311:license:l-".len() + 32
        );
    }
}
