//! Looks for a token that `oidc::verify` should not accept, or panics at.
//! An input that begins with `S` is two control bytes, a header, a line end and claims, and is signed here with the pool's test
//! key, so that mutations get past the signature. Any other input is judged as it is.
//! Invariant under test: whatever is accepted is RS256, of the known key, from our pool, for our client, for its use, in its time.
#![no_main]

mod mutate;

use std::sync::LazyLock;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use libfuzzer_sys::{fuzz_mutator, fuzz_target, fuzzer_mutate};
use oidc::{
    Expect, KeySet, Settings, TokenKind,
    testing::{self, Algorithm, EncodingKey, Signer},
    verify,
};
use serde_json::Value;

static FIRST: LazyLock<Signer> = LazyLock::new(Signer::first);
static STRANGER: LazyLock<Signer> = LazyLock::new(Signer::second);
static KEYS: LazyLock<KeySet> = LazyLock::new(testing::key_set);
static SETTINGS: LazyLock<Settings> = LazyLock::new(testing::settings);

fuzz_target!(
    init: assert_that_good_tokens_are_good(),
    |input: &[u8]| match input {
        [b'S', signer, minutes, text @ ..] => signed(*signer, i8::from_ne_bytes([*minutes]), text),
        raw => {
            if let Ok(token) = std::str::from_utf8(raw) {
                judge(token, 0, true);
            }
        }
    }
);

// Bytes or JSON, half and half: the first finds what no rule of JSON foresees, the second gets past the parser.
fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    let new = (seed % 2 == 0)
        .then(|| mutate::mutated(&data[..size], seed >> 1))
        .flatten();
    match new {
        Some(new) if new.len() <= max_size => {
            data[..new.len()].copy_from_slice(&new);
            new.len()
        }
        _ => fuzzer_mutate(data, size, max_size),
    }
});

/// Without this, a mistake in the test key or in the expectations would refuse everything, and nothing would be tested.
fn assert_that_good_tokens_are_good() {
    for (claims, expect) in [
        (testing::id_claims(), testing::expect_id(&SETTINGS)),
        (testing::access_claims(), testing::expect_access(&SETTINGS)),
    ] {
        let token = FIRST.sign(&claims);
        assert!(verify(&token, &expect, &KEYS, testing::now()).is_ok());
    }
}

/// Judges header and claims under the pool's own signature in half of the cases, and under one that proves nothing in the others.
fn signed(signer: u8, minutes: i8, text: &[u8]) {
    let Ok(text) = std::str::from_utf8(text) else {
        return;
    };
    let (header, claims) = text.split_once('\n').unwrap_or((text, ""));
    let (token, is_ours) = match signer % 8 {
        4 => (STRANGER.sign_text(header, claims), false),
        5 => (FIRST.sign_as(Algorithm::PS256, header, claims), false),
        6 => (FIRST.sign_as(Algorithm::RS384, header, claims), false),
        7 => {
            let public = testing::jwks(&[&FIRST]);
            let key = EncodingKey::from_secret(&public);
            (
                testing::signed(&key, Algorithm::HS256, header, claims),
                false,
            )
        }
        _ => (FIRST.sign_text(header, claims), true),
    };
    judge(&token, i64::from(minutes) * 60, is_ours);
}

fn judge(token: &str, skew: i64, may_be_good: bool) {
    let now = testing::at(skew);
    for expect in [
        testing::expect_id(&SETTINGS),
        testing::expect_access(&SETTINGS),
    ] {
        if let Ok(claims) = verify(token, &expect, &KEYS, now) {
            assert!(
                may_be_good,
                "accepted under a signature that is not the pool's"
            );
            assert_good(token, &expect, now.timestamp(), &claims.sub);
        }
    }
}

/// Read anew, by other code and by the letter, from the token itself.
fn assert_good(token: &str, expect: &Expect<'_>, now: i64, sub: &str) {
    assert!(token.len() <= 16 * 1024);
    let parts: Vec<&str> = token.split('.').collect();
    assert_eq!(parts.len(), 3);
    let read = |part: &str| -> Value {
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
    };
    let (header, claims) = (read(parts[0]), read(parts[1]));
    assert_eq!(header["alg"], "RS256");
    assert_eq!(header["kid"], "first");
    assert!(header.get("crit").is_none());
    assert_eq!(claims["iss"], *expect.issuer);
    assert_eq!(claims["sub"], *sub);
    assert!(!sub.is_empty());
    match expect.kind {
        TokenKind::Id { nonce } => {
            assert_eq!(claims["token_use"], "id");
            assert_eq!(claims["nonce"], *nonce.unwrap());
            let aud = &claims["aud"];
            let only = aud.as_array().map_or(aud, |several| {
                assert_eq!(several.len(), 1);
                &several[0]
            });
            assert_eq!(*only, *expect.client_id);
        }
        TokenKind::Access => {
            assert_eq!(claims["token_use"], "access");
            assert_eq!(claims["client_id"], *expect.client_id);
        }
    }
    let (exp, iat) = (
        claims["exp"].as_i64().unwrap(),
        claims["iat"].as_i64().unwrap(),
    );
    assert!(now < exp + 60);
    assert!(i128::from(exp) - i128::from(iat) <= 86_400);
    for begin in ["iat", "nbf", "auth_time"] {
        assert!(claims[begin].as_i64().is_none_or(|at| at <= now + 60));
    }
}
