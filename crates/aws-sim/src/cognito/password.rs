//! Passwords: how they are kept, what the policy asks, and invented temporary ones.
//!
//! The policy of this pool: at least 8 characters and nothing else, as NIST 800-63B advises; no blanks at either end (the model's
//! pattern `[\S]+` and the policy message of the console). Temporary passwords live 7 days of business time.

use std::num::NonZeroU32;

use aws_lc_rs::pbkdf2;

use crate::{clock::HOUR_MS, error::AwsError, ids::Ids};

/// How long a temporary password can be used.
pub const TEMPORARY_DAYS: i64 = 7;
/// The least length.
pub const MIN_LENGTH: usize = 8;

// Low on purpose: this is a stand-in, and every sign-in of every test pays it; people may still type a password they use elsewhere.
const ROUNDS: NonZeroU32 = match NonZeroU32::new(10_000) {
    Some(rounds) => rounds,
    None => NonZeroU32::MIN,
};

/// Salt and digest in hex, as they are kept.
pub fn hash(ids: &Ids, password: &str) -> String {
    let salt = ids.uuid();
    let digest = derive(&salt, password);
    format!("{salt}${}", hex::encode(digest))
}

fn derive(salt: &str, password: &str) -> [u8; 32] {
    let mut out = [0; 32];
    pbkdf2::derive(
        pbkdf2::PBKDF2_HMAC_SHA256,
        ROUNDS,
        salt.as_bytes(),
        password.as_bytes(),
        &mut out,
    );
    out
}

/// Whether this is the password; without one on record it takes as long and is false.
pub fn matches(kept: Option<&str>, password: &str) -> bool {
    let Some((salt, digest)) = kept.and_then(|k| k.split_once('$')) else {
        derive("00000000-0000-0000-0000-000000000000", password);
        return false;
    };
    let digest = hex::decode(digest).unwrap_or_default();
    pbkdf2::verify(
        pbkdf2::PBKDF2_HMAC_SHA256,
        ROUNDS,
        salt.as_bytes(),
        password.as_bytes(),
        &digest,
    )
    .is_ok()
}

/// Checks the policy.
pub fn check(password: &str) -> Result<(), AwsError> {
    let refused = |why: &str| {
        AwsError::client(
            "InvalidPasswordException",
            format!("Password did not conform with policy: {why}"),
        )
    };
    if password.chars().count() < MIN_LENGTH {
        return Err(refused("Password not long enough"));
    }
    if password.chars().count() > 256 {
        return Err(refused("Password too long"));
    }
    if password.trim() != password {
        return Err(refused("Password must not have leading or trailing spaces"));
    }
    Ok(())
}

/// Whether a temporary password issued then is too old.
pub fn expired(issued_ms: Option<i64>, business_ms: i64) -> bool {
    issued_ms.is_some_and(|at| business_ms - at >= TEMPORARY_DAYS * 24 * HOUR_MS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_same_password_matches() {
        let kept = hash(&Ids::seeded(1), "correct horse");
        assert!(matches(Some(&kept), "correct horse"));
        assert!(!matches(Some(&kept), "Correct horse"));
        assert!(!matches(None, "correct horse"));
        assert!(!matches(Some("nonsense"), "correct horse"));
    }

    #[test]
    fn the_policy_asks_for_eight_characters() {
        for (password, taken) in [
            ("1234567", false),
            ("12345678", true),
            (" 12345678", false),
            ("äöüäöüäö", true),
        ] {
            assert_eq!(check(password).is_ok(), taken, "{password:?}");
        }
    }
}
