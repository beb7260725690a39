//! What no list of cases covers: any change of any byte, and any two texts under a good signature.
//! Invariant under test: whatever is accepted is RS256, of a known key, from our pool, for our client, for its use, in its time.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::testing::{self, Signer};

#[test]
fn any_change_of_any_byte_makes_a_token_worthless() {
    let settings = testing::settings();
    let keys = testing::key_set();
    let now = testing::now();
    let tokens = [
        (testing::id_claims(), testing::expect_id(&settings)),
        (testing::access_claims(), testing::expect_access(&settings)),
    ];
    for (claims, expect) in tokens {
        let token = Signer::first().sign(&claims);
        assert!(verify(&token, &expect, &keys, now).is_ok());
        for at in 0..token.len() {
            for other in b"Aa0-_.=+/ \0\x7f" {
                let mut bytes = token.clone().into_bytes();
                if bytes[at] == *other {
                    continue;
                }
                bytes[at] = *other;
                let other = String::from_utf8(bytes).unwrap();
                assert!(verify(&other, &expect, &keys, now).is_err(), "at {at}");
            }
            let mut shorter = token.clone();
            shorter.remove(at);
            // Taking one of two equal neighbours away is the same text whichever it is; it is shorter in any case.
            assert!(
                verify(&shorter, &expect, &keys, now).is_err(),
                "without {at}"
            );
            assert!(
                verify(&token[..at], &expect, &keys, now).is_err(),
                "up to {at}"
            );
        }
    }
}

fn scalar() -> impl Strategy<Value = Value> {
    let settings = testing::settings();
    let now = testing::now().timestamp();
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (-100_000i64..100_000).prop_map(move |near| Value::from(now + near)),
        any::<f64>().prop_map(Value::from),
        "[a-zA-Z0-9:/._-]{0,20}".prop_map(Value::from),
        Just(json!(settings.issuer)),
        Just(json!(settings.client_id)),
        Just(json!([settings.client_id])),
        Just(json!("id")),
        Just(json!("access")),
        Just(json!(testing::NONCE)),
        Just(json!(["a", 1])),
    ]
}

fn name() -> impl Strategy<Value = String> {
    let names = [testing::id_claims(), testing::access_claims()]
        .iter()
        .flat_map(|claims| {
            claims
                .as_object()
                .unwrap()
                .keys()
                .cloned()
                .collect::<Vec<_>>()
        })
        .chain(["nbf", "acr", "amr", "azp"].map(str::to_owned))
        .collect::<Vec<_>>();
    proptest::sample::select(names)
}

proptest! {
    #[test]
    fn whatever_is_accepted_is_what_was_expected(
        changes in proptest::collection::vec((name(), scalar()), 0..4),
        is_access in any::<bool>(),
        skew in -2_000i64..2_000,
    ) {
        let mut claims = if is_access { testing::access_claims() } else { testing::id_claims() };
        for (name, value) in changes {
            claims[name.as_str()] = value;
        }
        let settings = testing::settings();
        let at = testing::at(skew);
        let now = at.timestamp();
        let token = Signer::first().sign(&claims);
        for expect in [testing::expect_id(&settings), testing::expect_access(&settings)] {
            let Ok(judged) = verify(&token, &expect, &testing::key_set(), at) else { continue };
            prop_assert_eq!(&claims["iss"], settings.issuer.as_str());
            prop_assert_eq!(&claims["sub"], judged.sub.as_str());
            prop_assert!(claims["exp"].as_i64().unwrap() + 60 > now);
            prop_assert!(claims["iat"].as_i64().unwrap() - 60 <= now);
            match expect.kind {
                TokenKind::Id { .. } => {
                    let aud = &claims["aud"];
                    let aud = aud.get(0).unwrap_or(aud);
                    prop_assert_eq!(aud, settings.client_id.as_str());
                    prop_assert_eq!(&claims["token_use"], "id");
                    prop_assert_eq!(&claims["nonce"], testing::NONCE);
                }
                TokenKind::Access => {
                    prop_assert_eq!(&claims["client_id"], settings.client_id.as_str());
                    prop_assert_eq!(&claims["token_use"], "access");
                }
            }
        }
    }

    #[test]
    fn no_text_is_a_token_and_none_makes_us_panic(text in "\\PC{0,200}", bytes in any::<Vec<u8>>()) {
        let settings = testing::settings();
        let expect = testing::expect_id(&settings);
        for text in [&text, &*String::from_utf8_lossy(&bytes)] {
            prop_assert!(verify(text, &expect, &testing::key_set(), testing::now()).is_err());
        }
    }
}
