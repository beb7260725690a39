//! Sealing what has to lie where others can read it: AES-256-GCM under a key derived (HKDF-SHA-256, RFC 5869) from the session key,
//! one for each purpose, so that what was sealed for one opens nowhere else.

use aws_lc_rs::{
    aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey},
    hkdf::{HKDF_SHA256, Salt},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{Error, Ids};

/// A key for one purpose.
pub struct Seal {
    key: LessSafeKey,
    purpose: &'static str,
}

impl std::fmt::Debug for Seal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Seal")
            .field("purpose", &self.purpose)
            .finish_non_exhaustive()
    }
}

impl Seal {
    /// The key for this purpose; none only if the library has no AES.
    pub fn derive(secret: &[u8], purpose: &'static str) -> Option<Self> {
        let salt = Salt::new(HKDF_SHA256, b"payphone");
        let mut key = [0_u8; 32];
        salt.extract(secret)
            .expand(&[purpose.as_bytes()], &AES_256_GCM)
            .and_then(|okm| okm.fill(&mut key))
            .ok()?;
        let key = UnboundKey::new(&AES_256_GCM, &key).ok()?;
        Some(Self {
            key: LessSafeKey::new(key),
            purpose,
        })
    }

    /// Seals a text, for a cookie or a column.
    pub fn seal(&self, ids: &dyn Ids, text: &str) -> Result<String, Error> {
        // 96 random bits: a collision is out of reach for as many cookies as one key ever seals (NIST SP 800-38D, 8.3).
        let mut nonce = [0_u8; NONCE_LEN];
        ids.fill(&mut nonce);
        let mut sealed = text.as_bytes().to_vec();
        self.key
            .seal_in_place_append_tag(
                Nonce::assume_unique_for_key(nonce),
                Aad::from(self.purpose.as_bytes()),
                &mut sealed,
            )
            .map_err(|_| Error::internal("sealing failed"))?;
        let mut whole = nonce.to_vec();
        whole.extend(sealed);
        Ok(URL_SAFE_NO_PAD.encode(whole))
    }

    /// What was sealed; none for everything that this key did not seal.
    pub fn open(&self, sealed: &str) -> Option<String> {
        if sealed.len() > 8192 {
            return None;
        }
        let whole = URL_SAFE_NO_PAD.decode(sealed).ok()?;
        let (nonce, rest) = whole.split_at_checked(NONCE_LEN)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        let mut rest = rest.to_vec();
        let plain = self
            .key
            .open_in_place(nonce, Aad::from(self.purpose.as_bytes()), &mut rest)
            .ok()?;
        String::from_utf8(plain.to_vec()).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Fixed;

    impl Ids for Fixed {
        fn uuid(&self) -> uuid::Uuid {
            uuid::Uuid::nil()
        }

        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill(7);
        }
    }

    #[test]
    fn what_is_sealed_opens_for_its_purpose_alone_and_only_unchanged() {
        let seal = |secret: &[u8], purpose| Seal::derive(secret, purpose).unwrap();
        let one = seal(b"secret", "one");
        let sealed = one.seal(&Fixed, "verifier").unwrap();
        assert!(!sealed.contains("verifier"));
        assert_eq!(one.open(&sealed).as_deref(), Some("verifier"));
        assert_eq!(seal(b"secret", "two").open(&sealed), None);
        assert_eq!(seal(b"Secret", "one").open(&sealed), None);
        for index in 0..sealed.len() {
            let mut bytes = sealed.clone().into_bytes();
            bytes[index] = if bytes[index] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(bytes).unwrap();
            if URL_SAFE_NO_PAD.decode(&changed) != URL_SAFE_NO_PAD.decode(&sealed) {
                assert_eq!(one.open(&changed), None, "character {index}");
            }
        }
        for other in ["", "AAAA", &"A".repeat(9000)] {
            assert_eq!(one.open(other), None);
        }
    }
}
