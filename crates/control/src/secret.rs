//! Secrets that open something: 256 random bits as 64 hex digits. What is kept of one is its SHA-256; with that much randomness a slow
//! hash would add nothing (ASVS 11.5.1, 7.2.3).

use sha2::{Digest, Sha256};

use crate::Cx;

/// A new secret.
pub(crate) fn make(cx: &Cx) -> String {
    let mut bytes = [0_u8; 32];
    cx.app().ids.fill(&mut bytes);
    hex::encode(bytes)
}

/// What is kept of a secret.
pub(crate) fn sha256(secret: &str) -> String {
    hex::encode(Sha256::digest(secret.as_bytes()))
}

/// Whether a text can be a secret of ours at all; saves the look-up for what cannot.
pub(crate) fn is_well_formed(text: &str) -> bool {
    text.len() == 64
        && text
            .bytes()
            .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}
