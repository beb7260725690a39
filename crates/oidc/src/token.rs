//! The judgement of one token: a function of the token, what is expected of it, the pool's keys and the time.
//! It asks nobody and remembers nothing; `jku`, `jwk`, `x5u` and `x5c` in a header are not even looked at.
//! Invariant: claims are read by our rules only after RS256 under a key of the pool has proved them.
//! Sources: RFC 7515, RFC 7519, RFC 8725; Amazon Cognito developer guide, "Verifying JSON web tokens".

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::Timestamp;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, errors::ErrorKind};
use serde::{Deserialize, Deserializer, de::IgnoredAny};
use subtle::ConstantTimeEq;

use crate::{
    claims::{Claims, Raw},
    key_set::KeySet,
    refused::Refused,
};

/// Cognito's tokens are 1 to 2 KiB; groups and claims of a trigger add to that, but a browser cookie's worth is not passed twice.
const LONGEST: usize = 16 * 1024;
/// How far the pool's clock and ours may be apart, in seconds.
pub(crate) const LEEWAY: i64 = 60;
/// ID and access tokens are good for a day at most (Amazon Cognito developer guide, "Understanding the identity (ID) token").
const LONGEST_LIFE: i64 = 24 * 60 * 60;

/// What a token must be to be good.
#[derive(Debug, Clone, Copy)]
pub struct Expect<'a> {
    /// The pool.
    pub issuer: &'a str,
    /// Our app client.
    pub client_id: &'a str,
    /// Which of the two tokens.
    pub kind: TokenKind<'a>,
}

/// The two kinds of token that an app client gets.
#[derive(Clone, Copy)]
pub enum TokenKind<'a> {
    /// Says who signed in.
    Id {
        /// The nonce of the sign-in. A refreshed token is of no sign-in of its own and has none to compare
        /// (OIDC Core 1.0, 12.2).
        nonce: Option<&'a str>,
    },
    /// Says what its bearer may do.
    Access,
}

// By hand, because the nonce is nobody's business.
impl std::fmt::Debug for TokenKind<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Id { .. } => "Id",
            Self::Access => "Access",
        })
    }
}

/// Judges a token by the pool's keys at the given moment of real time.
///
/// # Errors
/// [`Refused::UnknownKey`] may mean that our key set is out of date; [`Keys`](crate::Keys) looks again, seldom enough.
pub fn verify(
    token: &str,
    expect: &Expect<'_>,
    keys: &KeySet,
    now: Timestamp,
) -> Result<Claims, Refused> {
    if token.len() > LONGEST {
        return Err(Refused::TooLong);
    }
    let header = header(token)?;
    // Pinned before a key is looked up, so that no key is ever used with an algorithm that the token chose (RFC 8725, 3.1).
    if header.alg != "RS256" {
        return Err(Refused::Algorithm);
    }
    if header.crit.is_some() {
        return Err(Refused::Critical);
    }
    // Without a name there is nothing to look for; the pool names its key in every token.
    let kid = header.kid.ok_or(Refused::Malformed)?;
    let key = keys.get(&kid).ok_or(Refused::UnknownKey)?;
    let claims = proved_claims(token, key)?;
    is_expected(&claims, expect)?;
    is_in_time(&claims, now.timestamp())?;
    claims.into_claims()
}

/// As much of the header as matters. It cannot borrow: JSON may write a name or a value with escapes.
#[derive(Deserialize)]
struct Header {
    alg: String,
    kid: Option<String>,
    #[serde(default, deserialize_with = "is_there")]
    crit: Option<IgnoredAny>,
}

/// Even `null` demands something.
fn is_there<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<IgnoredAny>, D::Error> {
    IgnoredAny::deserialize(deserializer).map(Some)
}

fn header(token: &str) -> Result<Header, Refused> {
    let parts: Vec<&str> = token.split('.').collect();
    let [header, _, _] = parts[..] else {
        return Err(Refused::Malformed);
    };
    let json = URL_SAFE_NO_PAD
        .decode(header)
        .map_err(|_| Refused::Malformed)?;
    serde_json::from_slice(&json).map_err(|_| Refused::Malformed)
}

/// The library proves the signature and reads the claims; their meaning is judged here, by the injected time.
fn proved_claims(token: &str, key: &DecodingKey) -> Result<Raw, Refused> {
    let mut rules = Validation::new(Algorithm::RS256);
    rules.required_spec_claims.clear();
    rules.validate_exp = false;
    rules.validate_aud = false;
    match jsonwebtoken::decode::<Raw>(token, key, &rules) {
        Ok(data) => Ok(data.claims),
        Err(error) => Err(match error.kind() {
            ErrorKind::InvalidSignature => Refused::Signature,
            ErrorKind::InvalidAlgorithm => Refused::Algorithm,
            _ => Refused::Malformed,
        }),
    }
}

fn is_expected(claims: &Raw, expect: &Expect<'_>) -> Result<(), Refused> {
    let (token_use, is_for_us, nonce) = match expect.kind {
        TokenKind::Id { nonce } => {
            let audience = claims.aud.as_ref();
            (
                "id",
                audience.is_some_and(|aud| aud.is(expect.client_id)),
                nonce,
            )
        }
        // Cognito's access tokens name the client in a claim of their own; `aud` is a resource server, if anything.
        TokenKind::Access => {
            let client = claims.client_id.as_deref();
            ("access", client == Some(expect.client_id), None)
        }
    };
    if claims.iss != expect.issuer {
        return Err(Refused::Issuer);
    }
    if claims.token_use != token_use {
        return Err(Refused::Use);
    }
    if !is_for_us {
        return Err(Refused::Audience);
    }
    let Some(nonce) = nonce else { return Ok(()) };
    let theirs = claims.nonce.as_deref().unwrap_or_default();
    if bool::from(theirs.as_bytes().ct_eq(nonce.as_bytes())) && !nonce.is_empty() {
        Ok(())
    } else {
        Err(Refused::Nonce)
    }
}

/// Nothing here may overflow: every number but `now` was chosen by whoever made the token.
fn is_in_time(claims: &Raw, now: i64) -> Result<(), Refused> {
    if claims.exp.saturating_add(LEEWAY) <= now {
        return Err(Refused::Expired);
    }
    // A sign-in of the future would count as fresh for ever.
    let beginnings = [Some(claims.iat), claims.nbf, claims.auth_time];
    if beginnings
        .iter()
        .flatten()
        .any(|begin| begin.saturating_sub(LEEWAY) > now)
    {
        return Err(Refused::NotYet);
    }
    if claims.exp.saturating_sub(claims.iat) > LONGEST_LIFE {
        return Err(Refused::Lifetime);
    }
    Ok(())
}

#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;
