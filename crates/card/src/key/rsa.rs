//! One RSA key pair in memory: making it, its public forms, and its signature under its own certificate.
//! Slow work: callers run it on a blocking thread.
//! Invariant: no `Debug`, no `Serialize`, no clone; AWS-LC wipes the private numbers when it frees them.

use aws_lc_rs::{
    encoding::{AsDer, Pkcs8V1Der, PublicKeyX509Der},
    rand::SystemRandom,
    rsa::{KeyPair, KeySize},
    signature::{KeyPair as _, RSA_PKCS1_SHA256},
};
use domain::{Error, key::CONNECT_MAX_PEM};
use rcgen::{PKCS_RSA_SHA256, PublicKeyData, SignatureAlgorithm, SigningKey};
use sha2::{Digest, Sha256};

/// A key pair, unwrapped.
pub(super) struct RsaKey {
    pair: KeyPair,
}

impl RsaKey {
    /// Makes one; seconds of work for 4096 bits.
    pub(super) fn make(bits: u32) -> Result<Self, Error> {
        let size = match bits {
            2048 => KeySize::Rsa2048,
            3072 => KeySize::Rsa3072,
            4096 => KeySize::Rsa4096,
            other => return Err(Error::internal(format!("no RSA keys of {other} bits"))),
        };
        let pair = KeyPair::generate(size).map_err(|_| Error::internal("RSA key making failed"))?;
        Ok(Self { pair })
    }

    /// Reads PKCS#8; the checks of AWS-LC are the checks.
    pub(super) fn from_pkcs8(der: &[u8]) -> Result<Self, Error> {
        let pair = KeyPair::from_pkcs8(der)
            .map_err(|_| Error::internal("an unwrapped private key cannot be read"))?;
        Ok(Self { pair })
    }

    /// The private half; the buffer is wiped when dropped.
    pub(super) fn pkcs8(&self) -> Result<Pkcs8V1Der<'static>, Error> {
        self.pair
            .as_der()
            .map_err(|_| Error::internal("a private key cannot be written"))
    }

    /// `SubjectPublicKeyInfo` PEM, within what Connect takes.
    pub(super) fn public_key_pem(&self) -> Result<String, Error> {
        let pem = runtime::pem::encode("PUBLIC KEY", self.spki()?.as_ref());
        if pem.len() > CONNECT_MAX_PEM {
            return Err(Error::internal("a public key is too long for Connect"));
        }
        Ok(pem)
    }

    /// `SHA256:` and colon-separated hex of the hash of the DER-encoded `SubjectPublicKeyInfo`.
    pub(super) fn fingerprint(&self) -> Result<String, Error> {
        let hash = Sha256::digest(self.spki()?.as_ref());
        let pairs: Vec<_> = hash.iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(format!("SHA256:{}", pairs.join(":")))
    }

    fn spki(&self) -> Result<PublicKeyX509Der<'static>, Error> {
        let spki = self.pair.public_key().as_der();
        spki.map_err(|_| Error::internal("a public key cannot be written"))
    }
}

impl PublicKeyData for RsaKey {
    fn der_bytes(&self) -> &[u8] {
        // RSAPublicKey (RFC 8017, A.1.1); rcgen puts the `SubjectPublicKeyInfo` around it.
        self.pair.public_key().as_ref()
    }

    fn algorithm(&self) -> &'static SignatureAlgorithm {
        &PKCS_RSA_SHA256
    }
}

impl SigningKey for RsaKey {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, rcgen::Error> {
        let mut signature = vec![0; self.pair.public_modulus_len()];
        self.pair
            .sign(
                &RSA_PKCS1_SHA256,
                &SystemRandom::new(),
                message,
                &mut signature,
            )
            .map_err(|_| rcgen::Error::RemoteKeyError)?;
        Ok(signature)
    }
}
