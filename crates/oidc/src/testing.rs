//! A user pool for tests and for the fuzz target: keys whose private halves everybody can read, and the tokens they sign.
//! Only with the feature `testing`, and never in what is shipped.
//! Invariant: what it makes is accepted by this package under the keys it shows, and by nothing else in the world.
#![expect(
    clippy::expect_used,
    clippy::missing_panics_doc,
    reason = "for tests: whatever is not as it should be ends the test at once"
)]

use std::sync::atomic::{AtomicU64, Ordering};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::DateTime;
use domain::{Ids, Timestamp};
use jsonwebtoken::jwk::Jwk;
pub use jsonwebtoken::{Algorithm, EncodingKey};
use secrecy::SecretString;
use serde_json::{Value, json};

use crate::{Challenge, Expect, KeySet, Prompt, Settings, TokenKind};

/// The nonce of [`id_claims`].
pub const NONCE: &str = "n-0S6_WzA2Mj";
/// The person of [`id_claims`] and [`access_claims`].
pub const SUB: &str = "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee";

/// One of the pool's signing keys: RSA of 2048 bits, made for these tests and good for nothing else.
pub struct Signer {
    /// How tokens and key set name it.
    pub kid: &'static str,
    key: EncodingKey,
}

impl Signer {
    /// The key that the pool signs with.
    pub fn first() -> Self {
        Self::from_pem("first", include_str!("testing/first.pem"))
    }

    /// The key that comes after it, or a stranger's, as the test needs.
    pub fn second() -> Self {
        Self::from_pem("second", include_str!("testing/second.pem"))
    }

    fn from_pem(kid: &'static str, pem: &str) -> Self {
        let key = EncodingKey::from_rsa_pem(pem.as_bytes()).expect("the key is in the clone");
        Self { kid, key }
    }

    /// The header that Cognito writes.
    pub fn header(&self) -> Value {
        json!({"kid": self.kid, "alg": "RS256"})
    }

    /// A token of these claims under Cognito's header.
    pub fn sign(&self, claims: &Value) -> String {
        self.sign_text(&self.header().to_string(), &claims.to_string())
    }

    /// A token of any two texts, signed as RS256 whatever the header says.
    pub fn sign_text(&self, header: &str, claims: &str) -> String {
        self.sign_as(Algorithm::RS256, header, claims)
    }

    /// A token of any two texts, signed by any algorithm of the RSA family.
    pub fn sign_as(&self, algorithm: Algorithm, header: &str, claims: &str) -> String {
        signed(&self.key, algorithm, header, claims)
    }

    /// The public half, as the pool shows it.
    pub fn jwk(&self) -> Value {
        let jwk = Jwk::from_encoding_key(&self.key, Algorithm::RS256).expect("an RSA key");
        let mut jwk = serde_json::to_value(jwk).expect("a JWK is JSON");
        jwk["kid"] = self.kid.into();
        jwk["use"] = "sig".into();
        jwk
    }
}

/// A token of any two texts under any key.
pub fn signed(key: &EncodingKey, algorithm: Algorithm, header: &str, claims: &str) -> String {
    let message = format!(
        "{}.{}",
        URL_SAFE_NO_PAD.encode(header),
        URL_SAFE_NO_PAD.encode(claims)
    );
    let signature =
        jsonwebtoken::crypto::sign(message.as_bytes(), key, algorithm).expect("the key signs");
    format!("{message}.{signature}")
}

/// The JWKS document of these keys.
pub fn jwks(signers: &[&Signer]) -> Vec<u8> {
    let keys: Vec<Value> = signers.iter().map(|signer| signer.jwk()).collect();
    json!({ "keys": keys }).to_string().into_bytes()
}

/// The key set with the first key alone.
pub fn key_set() -> KeySet {
    KeySet::from_json(&jwks(&[&Signer::first()])).expect("a good key set")
}

/// The app client.
pub fn settings() -> Settings {
    Settings {
        issuer: "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Example01".to_owned(),
        login_url: "https://payphone.auth.eu-west-1.amazoncognito.com".to_owned(),
        client_id: "1example23456789".to_owned(),
        client_secret: SecretString::from("s3cr3t"),
        redirect_uri: "https://payphone.example/callback".to_owned(),
        logout_uri: "https://payphone.example/".to_owned(),
    }
}

/// A moment: the one at which [`id_claims`] are made.
pub fn now() -> Timestamp {
    at(0)
}

/// So many seconds after [`now`], or before it.
pub fn at(seconds: i64) -> Timestamp {
    DateTime::from_timestamp(1_795_000_000 + seconds, 0).expect("a moment")
}

/// The claims of an ID token as Cognito makes them at [`now`], good for 15 minutes.
pub fn id_claims() -> Value {
    let settings = settings();
    let now = now().timestamp();
    json!({
        "sub": SUB,
        "cognito:groups": ["operators"],
        "email_verified": true,
        "iss": settings.issuer,
        "cognito:username": SUB,
        "nonce": NONCE,
        "origin_jti": "11111111-2222-3333-4444-555555555555",
        "aud": settings.client_id,
        "token_use": "id",
        "auth_time": now,
        "exp": now + 900,
        "iat": now,
        "jti": "66666666-7777-8888-9999-000000000000",
        "email": "ada@example.com",
    })
}

/// The claims of the access token beside it.
pub fn access_claims() -> Value {
    let settings = settings();
    let now = now().timestamp();
    json!({
        "sub": SUB,
        "cognito:groups": ["operators"],
        "iss": settings.issuer,
        "client_id": settings.client_id,
        "origin_jti": "11111111-2222-3333-4444-555555555555",
        "token_use": "access",
        "scope": "openid email",
        "auth_time": now,
        "exp": now + 900,
        "iat": now,
        "jti": "aaaaaaaa-7777-8888-9999-000000000000",
        "username": SUB,
    })
}

/// What [`id_claims`] are expected to be.
pub fn expect_id(settings: &Settings) -> Expect<'_> {
    Expect {
        issuer: &settings.issuer,
        client_id: &settings.client_id,
        kind: TokenKind::Id { nonce: Some(NONCE) },
    }
}

/// What [`access_claims`] are expected to be.
pub fn expect_access(settings: &Settings) -> Expect<'_> {
    Expect {
        kind: TokenKind::Access,
        ..expect_id(settings)
    }
}

/// A challenge begun at [`now`].
pub fn challenge(prompt: Prompt) -> Challenge {
    Challenge::new(&CountingIds::default(), prompt, now())
}

/// Ids that only count: every value is another one, and every run is the same.
#[derive(Default)]
pub struct CountingIds(AtomicU64);

impl Ids for CountingIds {
    fn uuid(&self) -> uuid::Uuid {
        let mut bytes = [0; 16];
        self.fill(&mut bytes);
        uuid::Uuid::from_bytes(bytes)
    }

    fn fill(&self, bytes: &mut [u8]) {
        let count = self.0.fetch_add(1, Ordering::Relaxed) + 1;
        bytes.fill(0);
        for (to, from) in bytes.iter_mut().zip(count.to_le_bytes()) {
            *to = from;
        }
    }
}
