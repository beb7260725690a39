//! A service's own signing key, made at its first start, and the public half it shows to its peer.
//! Invariant: the private half is in its file and in memory, and has no text form here.

use std::path::Path;

use aws_lc_rs::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair},
};
use base64::{Engine, engine::general_purpose::STANDARD, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{DecodingKey, EncodingKey, jwk::Jwk};
use secrecy::{ExposeSecret, SecretString, zeroize::Zeroizing};
use serde_json::json;

use crate::config::{Faults, read_secret_file};

/// A P-256 key pair.
pub struct PeerKey {
    pub(super) encoding: EncodingKey,
    public: Vec<u8>,
}

impl PeerKey {
    /// Reads the key from its file, making it first if there is none. Several processes may do so at once and get one key.
    pub fn load_or_create(file: &Path) -> Result<Self, Faults> {
        if !file.exists() {
            let pem = make_pem().ok_or_else(|| "cannot make a key".to_owned())?;
            crate::file::create_new(file, pem.expose_secret().as_bytes(), 0o600).map_err(
                |error| format!("cannot write the key file {}: {error}", file.display()),
            )?;
        }
        let pem = read_secret_file(file)?;
        Self::from_pem(&pem).ok_or_else(|| {
            format!("{} is not a P-256 private key (PKCS#8 PEM)", file.display()).into()
        })
    }

    fn from_pem(pem: &SecretString) -> Option<Self> {
        let base64 = pem
            .expose_secret()
            .lines()
            .filter(|line| !line.starts_with("-----"))
            .collect::<String>();
        let der = Zeroizing::new(STANDARD.decode(&*Zeroizing::new(base64)).ok()?);
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &der).ok()?;
        Some(Self {
            encoding: EncodingKey::from_ec_pem(pem.expose_secret().as_bytes()).ok()?,
            public: pair.public_key().as_ref().to_vec(),
        })
    }

    /// The public half (RFC 7517), for the peer's `peer.jwk_file`.
    pub fn public_jwk(&self) -> serde_json::Value {
        // An uncompressed point (SEC 1, 2.3.3): 0x04, then x and y of 32 bytes.
        let (x, y) = self.public.get(1..).unwrap_or_default().split_at(32);
        json!({
            "kty": "EC",
            "crv": "P-256",
            "use": "sig",
            "alg": "ES256",
            "x": URL_SAFE_NO_PAD.encode(x),
            "y": URL_SAFE_NO_PAD.encode(y),
        })
    }
}

fn make_pem() -> Option<SecretString> {
    let document =
        EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new())
            .ok()?;
    Some(SecretString::from(crate::pem::encode(
        "PRIVATE KEY",
        document.as_ref(),
    )))
}

/// Reads the peer's public key.
pub fn read_jwk(file: &Path) -> Result<DecodingKey, Faults> {
    let text = std::fs::read_to_string(file).map_err(|error| {
        format!(
            "cannot read the peer's public key {}: {error}; the peer's `peer-key` command prints it",
            file.display()
        )
    })?;
    decoding_key(&text)
        .ok_or_else(|| format!("{} is not a P-256 public key (JWK)", file.display()).into())
}

pub(super) fn decoding_key(jwk: &str) -> Option<DecodingKey> {
    let jwk: Jwk = serde_json::from_str(jwk).ok()?;
    let key = DecodingKey::from_jwk(&jwk).ok()?;
    (key.family() == jsonwebtoken::AlgorithmFamily::Ec).then_some(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_is_made_once_and_kept_private() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("peer.pem");
        let made = PeerKey::load_or_create(&file).unwrap();
        let read = PeerKey::load_or_create(&file).unwrap();
        assert_eq!(made.public_jwk(), read.public_jwk());
        assert!(!crate::file::is_open_to_others(&file).unwrap());
        assert!(decoding_key(&made.public_jwk().to_string()).is_some());
        assert!(made.public_jwk().get("d").is_none());
    }

    #[test]
    fn other_texts_are_no_keys() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("peer.pem");
        crate::file::create_new(&file, b"hello", 0o600).unwrap();
        assert!(PeerKey::load_or_create(&file).is_err());
        assert!(read_jwk(&file).is_err());
        assert!(decoding_key(r#"{"kty":"oct","k":"AAAA"}"#).is_none());
    }
}
