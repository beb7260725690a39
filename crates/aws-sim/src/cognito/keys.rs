//! The pool's signing keys: RSA-2048, RS256, published as a JWK set.
//!
//! Kept in the journalled world, so that tokens survive a restart. Cognito publishes two keys, one for each kind of token.
//! Invariant: nothing but RS256 is signed or accepted.

use aws_lc_rs::{
    digest,
    encoding::AsDer as _,
    error::Unspecified,
    rand::SystemRandom,
    rsa::{KeyPair, KeySize, PublicKeyComponents},
    signature::{KeyPair as _, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256},
};
use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use serde_json::{Value, json};

use super::state::{Pool, PoolEntry, Purpose, SigningKey};
use crate::sim::Change;

/// A new pair of keys in use; the old ones stay published if they are to be kept.
pub fn rotate(change: &mut Change<'_>, keep_old: bool) -> Result<(), Unspecified> {
    let fresh = [generate(Purpose::Id)?, generate(Purpose::Access)?];
    if !keep_old {
        let old: Vec<String> = change.pool.keys.iter().map(|k| k.kid.clone()).collect();
        for kid in old {
            PoolEntry::KeyGone(kid).put(change);
        }
    }
    for key in fresh {
        PoolEntry::Key(key).put(change);
    }
    Ok(())
}

fn generate(purpose: Purpose) -> Result<SigningKey, Unspecified> {
    let pair = KeyPair::generate(KeySize::Rsa2048)?;
    let public = pair.public_key().as_ref();
    let (n, e) = components(public).ok_or(Unspecified)?;
    Ok(SigningKey {
        kid: STANDARD.encode(digest::digest(&digest::SHA256, public)),
        purpose,
        pkcs8: STANDARD.encode(pair.as_der()?.as_ref()),
        n: URL_SAFE_NO_PAD.encode(n),
        e: URL_SAFE_NO_PAD.encode(e),
    })
}

/// Modulus and exponent of an `RSAPublicKey` (RFC 8017, A.1.1): a sequence of two integers.
fn components(der: &[u8]) -> Option<(&[u8], &[u8])> {
    let (sequence, _) = element(0x30, der)?;
    let (n, rest) = element(0x02, sequence)?;
    let (e, _) = element(0x02, rest)?;
    // A leading zero only says that the number is positive; a JWK has none.
    Some((
        n.strip_prefix(&[0]).unwrap_or(n),
        e.strip_prefix(&[0]).unwrap_or(e),
    ))
}

fn element(tag: u8, der: &[u8]) -> Option<(&[u8], &[u8])> {
    let (head, rest) = der.split_first_chunk::<2>()?;
    if head[0] != tag {
        return None;
    }
    let (length, rest) = match head[1] {
        short @ 0..=0x7f => (usize::from(short), rest),
        long => {
            let (bytes, rest) = rest.split_at_checked(usize::from(long & 0x7f))?;
            let length = bytes.iter().try_fold(0_usize, |sum, b| {
                sum.checked_mul(256)?.checked_add(usize::from(*b))
            })?;
            (length, rest)
        }
    };
    rest.split_at_checked(length)
}

/// The key that signs now.
pub fn current(pool: &Pool, purpose: Purpose) -> Option<&SigningKey> {
    pool.keys.iter().rev().find(|k| k.purpose == purpose)
}

/// The JWK set.
pub fn jwks(pool: &Pool) -> Value {
    let keys: Vec<Value> = pool
        .keys
        .iter()
        .map(|k| json!({"alg": "RS256", "e": k.e, "kid": k.kid, "kty": "RSA", "n": k.n, "use": "sig"}))
        .collect();
    json!({ "keys": keys })
}

/// A signed token.
pub fn sign(pool: &Pool, purpose: Purpose, claims: &Value) -> Result<String, Unspecified> {
    let key = current(pool, purpose).ok_or(Unspecified)?;
    let der = STANDARD.decode(&key.pkcs8).map_err(|_| Unspecified)?;
    let pair = KeyPair::from_pkcs8(&der).map_err(|_| Unspecified)?;
    let header = json!({"kid": key.kid, "alg": "RS256"});
    let text = format!(
        "{}.{}",
        URL_SAFE_NO_PAD.encode(header.to_string()),
        URL_SAFE_NO_PAD.encode(claims.to_string())
    );
    let mut signature = vec![0; pair.public_modulus_len()];
    pair.sign(
        &RSA_PKCS1_SHA256,
        &SystemRandom::new(),
        text.as_bytes(),
        &mut signature,
    )?;
    Ok(format!("{text}.{}", URL_SAFE_NO_PAD.encode(signature)))
}

/// The claims of a token that one of the published keys signed.
pub fn verify(pool: &Pool, token: &str) -> Option<Value> {
    let (text, signature) = token.rsplit_once('.')?;
    let (header, claims) = text.split_once('.')?;
    let part = |text: &str| -> Option<Value> {
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(text).ok()?).ok()
    };
    let header = part(header)?;
    if header["alg"] != "RS256" {
        return None;
    }
    let key = pool.keys.iter().find(|k| header["kid"] == k.kid.as_str())?;
    let public = PublicKeyComponents {
        n: URL_SAFE_NO_PAD.decode(&key.n).ok()?,
        e: URL_SAFE_NO_PAD.decode(&key.e).ok()?,
    };
    let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
    public
        .verify(&RSA_PKCS1_2048_8192_SHA256, text.as_bytes(), &signature)
        .ok()?;
    part(claims)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::tests::sim;

    #[tokio::test]
    async fn tokens_outlive_a_rotation_that_keeps_the_old_keys_only() {
        let (sim, _dir) = sim("2026-10-10T10:00:00Z");
        sim.change(|c| rotate(c, true)).await.unwrap();
        let claims = json!({"sub": "x"});
        let token = sim.read(|w| sign(&w.pool, Purpose::Id, &claims)).unwrap();
        assert_eq!(sim.read(|w| verify(&w.pool, &token)), Some(claims));
        let forged = token.replacen('.', ".e", 1);
        assert_eq!(sim.read(|w| verify(&w.pool, &forged)), None);

        sim.change(|c| rotate(c, true)).await.unwrap();
        assert_eq!(sim.read(|w| w.pool.keys.len()), 4);
        assert!(sim.read(|w| verify(&w.pool, &token)).is_some());
        let set = sim.read(|w| jwks(&w.pool));
        assert_eq!(set["keys"][0]["e"], "AQAB");
        assert_eq!(
            set["keys"][0]["n"].as_str().unwrap().len(),
            342,
            "256 bytes and no sign byte"
        );
        sim.change(|c| rotate(c, false)).await.unwrap();
        assert_eq!(sim.read(|w| w.pool.keys.len()), 2);
        assert!(sim.read(|w| verify(&w.pool, &token)).is_none());
    }
}
