//! Security 13 and 15: from whom, for whom, for what, of which sign-in, and when.

use super::*;

#[test]
fn only_our_pool_is_the_issuer() {
    let ours = testing::settings().issuer;
    let others = [
        json!(format!("{ours}/")),
        json!(ours.to_uppercase()),
        json!(ours.replace("Example01", "Example02")),
        json!(ours.replace("https", "http")),
        json!(""),
    ];
    for iss in others {
        assert_eq!(judge_id(&id_with("iss", iss)), Err(Refused::Issuer));
    }
    // An array would satisfy a reader that asks whether ours is in it.
    assert_eq!(
        judge_id(&id_with("iss", json!([ours]))),
        Err(Refused::Malformed)
    );
    assert_eq!(
        judge_id(&id_with("iss", Value::Null)),
        Err(Refused::Malformed)
    );
}

#[test]
fn each_kind_of_token_is_for_its_own_use() {
    let id = Signer::first().sign(&testing::id_claims());
    let access = Signer::first().sign(&testing::access_claims());
    assert_eq!(judge_access(&id), Err(Refused::Use));
    assert_eq!(judge_id(&access), Err(Refused::Use));
    assert_eq!(
        judge_id(&id_with("token_use", "ID".into())),
        Err(Refused::Use)
    );
    assert_eq!(
        judge_id(&id_with("token_use", Value::Null)),
        Err(Refused::Malformed)
    );
}

#[test]
fn an_id_token_is_for_our_client_alone() {
    let ours = testing::settings().client_id;
    assert!(judge_id(&id_with("aud", json!([ours]))).is_ok());
    let others = [json!("another"), json!(""), json!(["another"]), Value::Null];
    for aud in others {
        assert_eq!(judge_id(&id_with("aud", aud)), Err(Refused::Audience));
    }
    for aud in [
        json!([ours, "another"]),
        json!([]),
        json!({"a": ours}),
        json!([[ours]]),
    ] {
        assert_eq!(judge_id(&id_with("aud", aud)), Err(Refused::Malformed));
    }
    // The claim of the other kind does not stand in.
    let mut claims = changed(testing::id_claims(), "aud", Value::Null);
    claims["client_id"] = ours.into();
    assert_eq!(
        judge_id(&Signer::first().sign(&claims)),
        Err(Refused::Audience)
    );
}

#[test]
fn an_access_token_is_for_our_client_alone() {
    for client_id in [json!("another"), json!(""), Value::Null] {
        let token = access_with("client_id", client_id);
        assert_eq!(judge_access(&token), Err(Refused::Audience));
    }
    let ours = testing::settings().client_id;
    let mut claims = changed(testing::access_claims(), "client_id", Value::Null);
    claims["aud"] = ours.into();
    assert_eq!(
        judge_access(&Signer::first().sign(&claims)),
        Err(Refused::Audience)
    );
}

#[test]
fn an_id_token_of_another_sign_in_is_refused() {
    for nonce in [
        json!("another"),
        json!(""),
        json!(format!("{}x", testing::NONCE)),
        Value::Null,
    ] {
        assert_eq!(judge_id(&id_with("nonce", nonce)), Err(Refused::Nonce));
    }
    // Expecting an empty nonce is a mistake of ours, and no reason to accept everybody.
    let settings = testing::settings();
    let expect = Expect {
        kind: TokenKind::Id { nonce: Some("") },
        ..testing::expect_id(&settings)
    };
    for nonce in [json!(""), Value::Null] {
        let token = id_with("nonce", nonce);
        let judged = verify(&token, &expect, &testing::key_set(), testing::now());
        assert_eq!(judged, Err(Refused::Nonce));
    }
}

#[test]
fn time_has_a_minute_of_leeway_on_both_sides() {
    let now = testing::now().timestamp();
    let of = |name: &str, at: i64| judge_id(&id_with(name, at.into()));
    let life = |exp: i64| {
        let claims = changed(testing::id_claims(), "iat", (now - 900).into());
        judge_id(&Signer::first().sign(&changed(claims, "exp", exp.into())))
    };
    assert!(life(now - 59).is_ok());
    assert_eq!(life(now - 60), Err(Refused::Expired));
    assert_eq!(life(now - 61), Err(Refused::Expired));
    for name in ["iat", "nbf", "auth_time"] {
        assert!(of(name, now + 60).is_ok(), "{name}");
        assert_eq!(of(name, now + 61), Err(Refused::NotYet), "{name}");
        assert_eq!(of(name, i64::MAX), Err(Refused::NotYet), "{name}");
    }
    assert!(judge_id(&id_with("auth_time", Value::Null)).is_ok());
    for name in ["iat", "exp"] {
        assert_eq!(
            judge_id(&id_with(name, Value::Null)),
            Err(Refused::Malformed)
        );
    }
}

#[test]
fn a_token_for_ever_is_refused() {
    let now = testing::now().timestamp();
    let of = |name: &str, value: Value| judge_id(&id_with(name, value));
    assert!(of("exp", (now + 86_400).into()).is_ok());
    assert_eq!(of("exp", (now + 86_401).into()), Err(Refused::Lifetime));
    assert_eq!(of("exp", i64::MAX.into()), Err(Refused::Lifetime));
    assert_eq!(of("iat", i64::MIN.into()), Err(Refused::Lifetime));
    assert_eq!(of("exp", i64::MIN.into()), Err(Refused::Expired));
    for exp in [
        json!(u64::MAX),
        json!(1e300),
        json!(1.5),
        json!("9999999999"),
        json!([now]),
    ] {
        assert_eq!(of("exp", exp), Err(Refused::Malformed));
    }
    assert_eq!(of("auth_time", i64::MIN.into()), Err(Refused::Malformed));
}
