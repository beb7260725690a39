//! The token of one internal request: made by the signer, judged by the verifier at an injected real time.
//! Not for people or tenants, whose tokens have other rules.
//! Invariant: a token fits one method, one path with its query, and one body.

use std::sync::Arc;

use domain::{RealTime, Timestamp};
use jsonwebtoken::{Algorithm, DecodingKey, Header, Validation};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::PeerKey;

/// The longest life of a token, in seconds (contract, Service to service).
const LIFETIME: i64 = 60;
/// How far the two services' wall clocks may be apart, in seconds.
const LEEWAY: i64 = 5;

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Claims {
    pub(super) iss: String,
    pub(super) aud: String,
    pub(super) iat: i64,
    pub(super) exp: i64,
    pub(super) method: String,
    pub(super) path: String,
    /// SHA-256 of the body in hex.
    pub(super) body: String,
    /// Who acts, where there is somebody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) act: Option<String>,
}

/// Signs our requests to the peer.
#[derive(Clone)]
pub struct PeerSigner {
    /// Our key.
    pub key: Arc<PeerKey>,
    /// Our name.
    pub iss: &'static str,
    /// The peer's name.
    pub aud: &'static str,
    /// By which tokens begin and end.
    pub real: Arc<dyn RealTime>,
}

impl PeerSigner {
    /// The token for one request; `path` is path and query exactly as they are sent.
    pub fn sign(
        &self,
        method: &str,
        path: &str,
        body: &[u8],
        acting: Option<&str>,
    ) -> Result<String, jsonwebtoken::errors::Error> {
        let now = self.real.now().timestamp();
        let claims = Claims {
            iss: self.iss.to_owned(),
            aud: self.aud.to_owned(),
            iat: now,
            exp: now + LIFETIME,
            method: method.to_owned(),
            path: path.to_owned(),
            body: body_hash(body),
            act: acting.map(ToOwned::to_owned),
        };
        jsonwebtoken::encode(&Header::new(Algorithm::ES256), &claims, &self.key.encoding)
    }
}

/// Why a token was refused; for the log, never for the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PeerRefusal {
    /// No bearer token.
    #[error("no bearer token")]
    Missing,
    /// Unreadable, another algorithm, another key, another issuer or another audience.
    #[error("not a token of our peer for us")]
    Unknown,
    /// Expired, from the future, or good for too long.
    #[error("outside its time")]
    Time,
    /// Made for another method, path or body.
    #[error("made for another request")]
    OtherRequest,
}

/// Judges the peer's tokens.
pub struct PeerVerifier {
    key: DecodingKey,
    rules: Validation,
}

impl PeerVerifier {
    /// Tokens of `iss` for `aud` under the peer's public key.
    pub fn new(key: DecodingKey, iss: &str, aud: &str) -> Self {
        let mut rules = Validation::new(Algorithm::ES256);
        rules.set_issuer(&[iss]);
        rules.set_audience(&[aud]);
        rules.set_required_spec_claims(&["iss", "aud", "exp"]);
        // Judged below, by the injected time and not by the crate's.
        rules.validate_exp = false;
        Self { key, rules }
    }

    /// Judges a token for this very request; answers who acts, if the token says.
    pub fn verify(
        &self,
        token: &str,
        method: &str,
        path: &str,
        body: &[u8],
        now: Timestamp,
    ) -> Result<Option<String>, PeerRefusal> {
        let claims = jsonwebtoken::decode::<Claims>(token, &self.key, &self.rules)
            .map_err(|_| PeerRefusal::Unknown)?
            .claims;
        let now = now.timestamp();
        let life = claims.exp.saturating_sub(claims.iat);
        let in_time = (1..=LIFETIME).contains(&life)
            && claims.exp.saturating_add(LEEWAY) > now
            && claims.iat.saturating_sub(LEEWAY) <= now;
        if !in_time {
            return Err(PeerRefusal::Time);
        }
        // Nothing here is secret to the holder of a valid signature: plain comparison will do.
        if claims.method != method || claims.path != path || claims.body != body_hash(body) {
            return Err(PeerRefusal::OtherRequest);
        }
        Ok(claims.act)
    }
}

fn body_hash(body: &[u8]) -> String {
    hex::encode(Sha256::digest(body))
}

#[cfg(test)]
mod tests;
