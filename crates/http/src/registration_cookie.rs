//! The cookie `registration`: who came from AWS Marketplace, for an hour, signed, and with no token in it.
//! The same key, through seals of its own, keeps what a sign-in remembers.
//! It names a licence and its tenant and opens that tenant alone. Its time is real time.

use std::sync::Arc;

use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};
use chrono::Duration;
use domain::{
    Timestamp,
    id::{LicenceId, TenantId},
    policy::Actor,
};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

use crate::seal::Seal;

/// The cookie's name (contract).
pub const NAME: &str = "registration";
/// As long as a buyer may reasonably take between pressing the button and finishing the form.
const LIFETIME: Duration = Duration::hours(1);
const AUDIENCE: &str = "registration";

/// What signs the cookie.
#[derive(Clone)]
pub struct CookieKey {
    encoding: EncodingKey,
    decoding: DecodingKey,
    sign_in: Arc<Seal>,
    refresh_token: Arc<Seal>,
    idempotency: Arc<Seal>,
}

/// The key is too short to sign with.
#[derive(Debug, thiserror::Error)]
#[error("the session key must be at least 32 bytes, written as 64 hex digits")]
pub struct WeakKey;

impl CookieKey {
    /// A key from its hex text: 32 bytes or more.
    pub fn from_hex(hex: &SecretString) -> Result<Self, WeakKey> {
        let text = hex.expose_secret().trim();
        if text.len() < 64 || !text.bytes().all(|b| b.is_ascii_hexdigit()) {
            return Err(WeakKey);
        }
        // The text itself is the key material: 64 hex digits carry the 256 bits.
        let seal = |purpose| {
            Seal::derive(text.as_bytes(), purpose)
                .map(Arc::new)
                .ok_or(WeakKey)
        };
        Ok(Self {
            encoding: EncodingKey::from_secret(text.as_bytes()),
            decoding: DecodingKey::from_secret(text.as_bytes()),
            sign_in: seal("sign-in")?,
            refresh_token: seal("refresh-token")?,
            idempotency: seal("idempotency")?,
        })
    }

    /// What seals a sign-in that is under way.
    pub fn sign_in(&self) -> &Seal {
        &self.sign_in
    }

    /// What seals refresh tokens in the database.
    pub fn refresh_token(&self) -> &Seal {
        &self.refresh_token
    }

    /// What seals the answers kept for requests that are repeated.
    pub fn idempotency(&self) -> &Seal {
        &self.idempotency
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Claims {
    aud: String,
    exp: i64,
    sub: LicenceId,
    ten: TenantId,
}

/// A cookie for this licence.
pub fn make(
    key: &CookieKey,
    tenant: TenantId,
    licence: LicenceId,
    now: Timestamp,
    secure: bool,
) -> Option<Cookie<'static>> {
    let claims = Claims {
        aud: AUDIENCE.to_owned(),
        exp: (now + LIFETIME).timestamp(),
        sub: licence,
        ten: tenant,
    };
    let value =
        jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &key.encoding).ok()?;
    Some(cookie(value, cookie::time::Duration::hours(1), secure))
}

/// The cookie that ends it in the browser.
pub fn clear(secure: bool) -> Cookie<'static> {
    cookie(String::new(), cookie::time::Duration::ZERO, secure)
}

fn cookie(value: String, age: cookie::time::Duration, secure: bool) -> Cookie<'static> {
    Cookie::build((NAME, value))
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(secure)
        .max_age(age)
        .build()
}

/// Who the cookie stands for, if it is there, ours and not over.
pub fn read(key: &CookieKey, jar: &CookieJar, now: Timestamp) -> Option<Actor> {
    let mut rules = Validation::new(Algorithm::HS256);
    // Real time is injected, so the library's own clock must not judge.
    rules.validate_exp = false;
    rules.set_required_spec_claims(&["aud", "exp"]);
    rules.set_audience(&[AUDIENCE]);
    let claims = jsonwebtoken::decode::<Claims>(jar.get(NAME)?.value(), &key.decoding, &rules)
        .ok()?
        .claims;
    (claims.exp > now.timestamp()).then_some(Actor::Buyer {
        tenant: claims.ten,
        licence: claims.sub,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(digit: char) -> CookieKey {
        CookieKey::from_hex(&SecretString::from(String::from(digit).repeat(64))).unwrap()
    }

    fn ids() -> (TenantId, LicenceId) {
        (
            TenantId::from_uuid(uuid::Uuid::from_u128(1)),
            LicenceId::from_uuid(uuid::Uuid::from_u128(2)),
        )
    }

    fn now() -> Timestamp {
        "2026-11-22T10:00:00Z".parse().unwrap()
    }

    fn jar(cookie: Cookie<'static>) -> CookieJar {
        CookieJar::new().add(cookie)
    }

    #[test]
    fn it_opens_its_own_licence_for_an_hour() {
        let (tenant, licence) = ids();
        let cookie = make(&key('a'), tenant, licence, now(), true).unwrap();
        assert_eq!(cookie.http_only(), Some(true));
        assert_eq!(cookie.secure(), Some(true));
        assert_eq!(cookie.same_site(), Some(SameSite::Lax));
        let jar = jar(cookie);
        let actor = Some(Actor::Buyer { tenant, licence });
        assert_eq!(read(&key('a'), &jar, now() + Duration::minutes(59)), actor);
        assert_eq!(read(&key('a'), &jar, now() + Duration::minutes(60)), None);
        assert_eq!(read(&key('b'), &jar, now()), None);
    }

    #[test]
    fn no_changed_character_is_taken() {
        let (tenant, licence) = ids();
        let cookie = make(&key('a'), tenant, licence, now(), true).unwrap();
        let value = cookie.value().to_owned();
        for index in 0..value.len() {
            let mut bytes = value.clone().into_bytes();
            bytes[index] = if bytes[index] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(bytes).unwrap();
            // The last character of each part carries unused bits; whatever decodes to the same bytes is the same cookie.
            if read(&key('a'), &jar(Cookie::new(NAME, changed)), now()).is_some() {
                assert!(
                    value
                        .as_bytes()
                        .get(index + 1)
                        .is_none_or(|next| *next == b'.'),
                    "character {index}"
                );
            }
        }
        let none = "eyJhbGciOiJub25lIn0.eyJhdWQiOiJyZWdpc3RyYXRpb24ifQ.";
        assert_eq!(read(&key('a'), &jar(Cookie::new(NAME, none)), now()), None);
    }

    #[test]
    fn a_short_key_is_refused() {
        assert!(CookieKey::from_hex(&SecretString::from("abc")).is_err());
        assert!(CookieKey::from_hex(&SecretString::from("x".repeat(64))).is_err());
    }
}
