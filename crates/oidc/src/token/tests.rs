//! What a good token says, and what is none at all; then what is wrong with one, one thing at a time, and which refusal that is.

use chrono::Duration;
use serde_json::{Value, json};

use super::*;
use crate::testing::{self, Signer};

fn judge_id(token: &str) -> Result<Claims, Refused> {
    let settings = testing::settings();
    let expect = testing::expect_id(&settings);
    verify(token, &expect, &testing::key_set(), testing::now())
}

fn judge_access(token: &str) -> Result<Claims, Refused> {
    let settings = testing::settings();
    let expect = testing::expect_access(&settings);
    verify(token, &expect, &testing::key_set(), testing::now())
}

/// An ID token in which one claim is another; `null` takes it away.
fn id_with(name: &str, value: Value) -> String {
    Signer::first().sign(&changed(testing::id_claims(), name, value))
}

fn access_with(name: &str, value: Value) -> String {
    Signer::first().sign(&changed(testing::access_claims(), name, value))
}

/// An ID token under a header in which one parameter is another.
fn id_under(name: &str, value: Value) -> String {
    let signer = Signer::first();
    let header = changed(signer.header(), name, value);
    signer.sign_text(&header.to_string(), &testing::id_claims().to_string())
}

fn changed(mut object: Value, name: &str, value: Value) -> Value {
    if value.is_null() {
        object.as_object_mut().unwrap().remove(name);
    } else {
        object[name] = value;
    }
    object
}

#[test]
fn a_good_id_token_says_who_and_since_when() {
    let claims = judge_id(&Signer::first().sign(&testing::id_claims())).unwrap();
    assert_eq!(claims.sub, testing::SUB);
    assert_eq!(claims.email.as_deref(), Some("ada@example.com"));
    assert!(claims.email_verified);
    assert_eq!(claims.username.as_deref(), Some(testing::SUB));
    assert_eq!(claims.groups, ["operators"]);
    assert_eq!(claims.auth_time, Some(testing::now()));
    assert_eq!(
        claims.origin_jti.as_deref(),
        Some("11111111-2222-3333-4444-555555555555")
    );
    assert_eq!(claims.issued_at, testing::now());
    assert_eq!(claims.expires_at, testing::now() + Duration::minutes(15));
    assert_eq!((claims.acr, claims.amr), (None, vec![]));
}

#[test]
fn a_good_access_token_names_the_user_in_its_own_way() {
    let claims = judge_access(&Signer::first().sign(&testing::access_claims())).unwrap();
    assert_eq!(claims.username.as_deref(), Some(testing::SUB));
    assert_eq!(claims.email, None);
    assert!(!claims.email_verified);
}

#[test]
fn the_strength_of_a_sign_in_is_read_where_cognito_tells_it() {
    let mut claims = testing::id_claims();
    claims["acr"] = "urn:cognito:loa:4".into();
    claims["amr"] = json!(["pwd", "otp", "mfa"]);
    let claims = judge_id(&Signer::first().sign(&claims)).unwrap();
    assert_eq!(claims.acr.as_deref(), Some("urn:cognito:loa:4"));
    assert_eq!(claims.amr, ["pwd", "otp", "mfa"]);
}

#[test]
fn a_name_that_stands_there_twice_is_refused() {
    let signer = Signer::first();
    let header = signer.header().to_string();
    let claims = testing::id_claims().to_string();
    for (name, value) in [
        ("iss", "\"https://evil.example\""),
        ("sub", "\"someone-else\""),
        ("aud", "\"another\""),
        ("exp", "1"),
        ("token_use", "\"access\""),
        ("nonce", "\"another\""),
        ("cognito:groups", "[]"),
        ("email", "\"eve@example.com\""),
        ("\\u0073ub", "\"someone-else\""),
    ] {
        for twice in [
            claims.replacen('{', &format!("{{\"{name}\":{value},"), 1),
            claims.replacen('}', &format!(",\"{name}\":{value}}}"), 1),
        ] {
            let token = signer.sign_text(&header, &twice);
            assert_eq!(judge_id(&token), Err(Refused::Malformed), "{name}");
        }
    }
    for twice in [
        r#"{"alg":"none","kid":"first","alg":"RS256"}"#,
        r#"{"alg":"RS256","kid":"first","alg":"none"}"#,
        r#"{"alg":"RS256","kid":"second","kid":"first"}"#,
        r#"{"alg":"RS256","kid":"first","\u0061lg":"RS256"}"#,
    ] {
        assert_eq!(
            judge_id(&signer.sign_text(twice, &claims)),
            Err(Refused::Malformed)
        );
    }
}

#[test]
fn what_is_no_token_is_malformed() {
    let good = Signer::first().sign(&testing::id_claims());
    let others = [
        String::new(),
        ".".to_owned(),
        "..".to_owned(),
        "....".to_owned(),
        format!("{good}."),
        format!(".{good}"),
        format!(" {good}"),
        format!("{good}\n"),
        format!("{good}="),
        format!("{good}.{good}"),
        good.replace('.', ".."),
        "ÄÖÜ.ÄÖÜ.ÄÖÜ".to_owned(),
    ];
    for other in others {
        assert_eq!(judge_id(&other), Err(Refused::Malformed), "{other:?}");
    }
    let signer = Signer::first();
    let header = signer.header().to_string();
    for claims in ["", "null", "[]", "\"\"", "{}", "{", "1", "{\"sub\":\"a\"} "] {
        let token = signer.sign_text(&header, claims);
        assert_eq!(judge_id(&token), Err(Refused::Malformed), "{claims:?}");
    }
    for sub in [json!(""), json!(" ".repeat(129)), json!(1), Value::Null] {
        assert_eq!(judge_id(&id_with("sub", sub)), Err(Refused::Malformed));
    }
}

#[test]
fn a_token_is_16_kib_at_most() {
    let filled = |length: usize| id_with("filler", "x".repeat(length).into());
    assert!(judge_id(&filled(11_000)).is_ok());
    assert_eq!(judge_id(&filled(12_500)), Err(Refused::TooLong));
    assert_eq!(judge_id(&"a".repeat(1 << 24)), Err(Refused::TooLong));
}

#[test]
fn deep_nesting_is_not_followed() {
    let deep = format!("{}{}", "[".repeat(5_000), "]".repeat(5_000));
    let nested = |text: &str, name: &str| text.replacen('{', &format!("{{\"{name}\":{deep},"), 1);
    let signer = Signer::first();
    let header = signer.header().to_string();
    let claims = testing::id_claims().to_string();
    // What we do not know is skipped, not built.
    assert!(judge_id(&signer.sign_text(&header, &nested(&claims, "x"))).is_ok());
    for token in [
        signer.sign_text(&header, &nested(&claims, "amr")),
        signer.sign_text(&header, &nested(&claims, "acr")),
        signer.sign_text(&nested(&header, "x"), &claims),
        signer.sign_text(&nested(&header, "jwk"), &claims),
    ] {
        assert_eq!(judge_id(&token), Err(Refused::Malformed));
    }
}

#[test]
fn nothing_of_a_token_shows_in_what_is_said_about_it() {
    let settings = testing::settings();
    let claims = judge_id(&Signer::first().sign(&testing::id_claims())).unwrap();
    let said = format!("{claims:?} {:?}", testing::expect_id(&settings));
    assert!(!said.contains("ada@example.com") && !said.contains(testing::NONCE));
    assert_eq!(format!("{:?}", Refused::Nonce), "Nonce");
    assert_eq!(
        Refused::Nonce.to_string(),
        "the token is of another sign-in"
    );
    assert_eq!(Refused::Nonce.code(), "token_nonce");
}

mod claims;
mod signature;
