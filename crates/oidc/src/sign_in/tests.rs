//! A whole sign-in against a managed login in the test's hand: who gets in, and who is turned away before what.

use serde_json::{Value, json};

use super::*;
use crate::{
    fake::{FakeLogin, Hand, busy},
    testing::{self, CountingIds, Signer},
};

const CODE: &str = "a1b2c3d4-5678-90ab-cdef-111111111111";

struct Bench {
    login: Arc<FakeLogin>,
    hand: Arc<Hand>,
    sign_in: SignIn,
}

impl Bench {
    fn new() -> Self {
        let login = FakeLogin::with_keys(testing::jwks(&[&Signer::first()]));
        let hand = Hand::new();
        let ids = Arc::new(CountingIds::default());
        let sign_in = SignIn::new(testing::settings(), login.clone(), hand.clone(), ids);
        Self {
            login,
            hand,
            sign_in,
        }
    }

    /// Finishes as the browser that began would.
    async fn finish(&self, challenge: &Challenge) -> Result<SignedIn, SignInError> {
        let state = challenge.state().to_owned();
        self.sign_in.finish(&CODE.into(), &state, challenge).await
    }
}

fn tokens(id: &Value, access: &Value) -> Tokens {
    let signer = Signer::first();
    Tokens {
        id_token: signer.sign(id).into(),
        access_token: signer.sign(access).into(),
        refresh_token: Some("refresh-1".into()),
    }
}

fn id_claims(challenge: &Challenge) -> Value {
    let mut claims = testing::id_claims();
    claims["nonce"] = challenge.nonce().into();
    claims
}

/// The tokens that belong to this challenge.
fn right_tokens(challenge: &Challenge) -> Tokens {
    tokens(&id_claims(challenge), &testing::access_claims())
}

#[tokio::test]
async fn whoever_signs_in_is_known_and_the_code_went_out_with_its_verifier() {
    let bench = Bench::new();
    let Begun { challenge, url } = bench.sign_in.begin(Prompt::SignIn);
    assert!(url.contains(challenge.state()) && bench.login.asked().is_empty());
    bench.login.then_tokens(Ok(right_tokens(&challenge)));
    let signed_in = bench.finish(&challenge).await.unwrap();
    assert_eq!(signed_in.claims.sub, testing::SUB);
    assert_eq!(signed_in.claims.email.as_deref(), Some("ada@example.com"));
    let refresh_token = signed_in.tokens.refresh_token.unwrap();
    assert_eq!(refresh_token.expose_secret(), "refresh-1");
    let exchange = format!("exchange {CODE} {}", challenge.verifier());
    assert_eq!(bench.login.asked(), [exchange, "jwks".to_owned()]);
}

#[tokio::test]
async fn an_answer_to_another_browser_does_not_use_up_the_code() {
    let bench = Bench::new();
    let ours = bench.sign_in.begin(Prompt::SignIn).challenge;
    let theirs = bench.sign_in.begin(Prompt::SignIn).challenge;
    for state in ["", "state", theirs.state()] {
        let finished = bench.sign_in.finish(&CODE.into(), state, &ours).await;
        assert_eq!(finished.unwrap_err(), SignInError::State);
    }
    assert!(bench.login.asked().is_empty());
}

#[tokio::test]
async fn a_sign_in_of_yesterday_is_not_finished() {
    let bench = Bench::new();
    let challenge = bench.sign_in.begin(Prompt::SignIn).challenge;
    bench.hand.advance(Duration::minutes(31));
    assert_eq!(
        bench.finish(&challenge).await.unwrap_err(),
        SignInError::TooLate
    );
    assert!(bench.login.asked().is_empty());
}

#[tokio::test]
async fn what_cannot_be_a_code_is_not_sent() {
    let bench = Bench::new();
    let challenge = bench.sign_in.begin(Prompt::SignIn).challenge;
    for code in [String::new(), "x".repeat(513)] {
        let state = challenge.state().to_owned();
        let finished = bench.sign_in.finish(&code.into(), &state, &challenge).await;
        let expected = SignInError::Login(LoginError::SignInAgain);
        assert_eq!(finished.unwrap_err(), expected);
    }
    assert!(bench.login.asked().is_empty());
}

#[tokio::test]
async fn a_used_code_signs_nobody_in() {
    let bench = Bench::new();
    let challenge = bench.sign_in.begin(Prompt::SignIn).challenge;
    bench.login.then_tokens(Err(LoginError::SignInAgain));
    let error = bench.finish(&challenge).await.unwrap_err();
    assert_eq!(error.code(), "sign_in_again");
}

#[tokio::test]
async fn the_nonce_must_be_that_of_this_sign_in() {
    let bench = Bench::new();
    let challenge = bench.sign_in.begin(Prompt::SignIn).challenge;
    let another = bench.sign_in.begin(Prompt::SignIn).challenge;
    bench.login.then_tokens(Ok(right_tokens(&another)));
    let error = bench.finish(&challenge).await.unwrap_err();
    assert_eq!(error, SignInError::Refused(Refused::Nonce));
}

#[tokio::test]
async fn both_tokens_must_be_good_and_of_one_person() {
    let bench = Bench::new();
    let challenge = bench.sign_in.begin(Prompt::SignIn).challenge;
    let (id, access) = (id_claims(&challenge), testing::access_claims());
    let mut other_person = access.clone();
    other_person["sub"] = "bbbbbbbb-bbbb-cccc-dddd-eeeeeeeeeeee".into();
    let mut other_client = access.clone();
    other_client["client_id"] = "another".into();
    let expired = |mut claims: Value| {
        claims["exp"] = json!(testing::now().timestamp() - 61);
        claims
    };
    let cases = [
        (tokens(&id, &other_person), SignInError::OtherPerson),
        (tokens(&id, &other_client), Refused::Audience.into()),
        (
            tokens(&id, &expired(access.clone())),
            Refused::Expired.into(),
        ),
        (
            tokens(&expired(id.clone()), &access),
            Refused::Expired.into(),
        ),
        (tokens(&id, &id), Refused::Use.into()),
        (tokens(&access, &access), Refused::Use.into()),
    ];
    for (tokens, expected) in cases {
        bench.login.then_tokens(Ok(tokens));
        assert_eq!(bench.finish(&challenge).await.unwrap_err(), expected);
    }
}

#[tokio::test]
async fn signing_in_again_must_really_have_happened() {
    let bench = Bench::new();
    bench.hand.advance(Duration::minutes(5));
    let challenge = bench.sign_in.begin(Prompt::SignInAgain).challenge;
    let begun_at = challenge.begun_at().timestamp();
    let with = |auth_time: Value| {
        let mut claims = id_claims(&challenge);
        claims["auth_time"] = auth_time;
        Ok(tokens(&claims, &testing::access_claims()))
    };
    // Managed login's own session, although we asked for more.
    for auth_time in [json!(begun_at - 61), json!(begun_at - 300), Value::Null] {
        bench.login.then_tokens(with(auth_time));
        assert_eq!(
            bench.finish(&challenge).await.unwrap_err(),
            SignInError::NotFresh
        );
    }
    for auth_time in [json!(begun_at + 20), json!(begun_at - 60)] {
        bench.login.then_tokens(with(auth_time));
        assert!(bench.finish(&challenge).await.is_ok());
    }
    // Without having asked, an older one is as good.
    let challenge = bench.sign_in.begin(Prompt::SignIn).challenge;
    bench.login.then_tokens(Ok(right_tokens(&challenge)));
    assert!(bench.finish(&challenge).await.is_ok());
}

#[tokio::test]
async fn without_the_pool_s_keys_nobody_gets_in_and_it_is_not_their_fault() {
    let bench = Bench::new();
    bench.login.key_sets.lock().unwrap().clear();
    let challenge = bench.sign_in.begin(Prompt::SignIn).challenge;
    bench.login.then_tokens(Ok(right_tokens(&challenge)));
    let error = bench.finish(&challenge).await.unwrap_err();
    assert_eq!(error, SignInError::Login(busy()));
    assert_eq!(error.code(), "login_busy");
}

#[tokio::test]
async fn refreshing_keeps_the_person_and_the_newest_refresh_token() {
    let bench = Bench::new();
    let mut id = testing::id_claims();
    id.as_object_mut().unwrap().remove("nonce");
    let mut kept = tokens(&id, &testing::access_claims());
    kept.refresh_token = None;
    bench.login.then_tokens(Ok(kept));
    let mut rotated = tokens(&id, &testing::access_claims());
    rotated.refresh_token = Some("refresh-2".into());
    bench.login.then_tokens(Ok(rotated));
    for newest in ["refresh-1", "refresh-2"] {
        let refreshed = bench
            .sign_in
            .refresh(testing::SUB, &"refresh-1".into())
            .await;
        let refresh_token = refreshed.unwrap().tokens.refresh_token.unwrap();
        assert_eq!(refresh_token.expose_secret(), newest);
    }
    bench
        .login
        .then_tokens(Ok(tokens(&id, &testing::access_claims())));
    let refreshed = bench
        .sign_in
        .refresh("somebody else", &"refresh-1".into())
        .await;
    assert_eq!(refreshed.unwrap_err(), SignInError::OtherPerson);
}

#[tokio::test]
async fn nothing_that_is_kept_or_said_shows_a_secret() {
    let bench = Bench::new();
    let begun = bench.sign_in.begin(Prompt::SignIn);
    bench.login.then_tokens(Ok(right_tokens(&begun.challenge)));
    let signed_in = bench.finish(&begun.challenge).await.unwrap();
    let said = format!(
        "{signed_in:?} {:?} {:?}",
        begun.challenge,
        testing::settings()
    );
    let tokens = &signed_in.tokens;
    for secret in [
        tokens.id_token.expose_secret(),
        tokens.access_token.expose_secret(),
        "refresh-1",
        "s3cr3t",
        "ada@example.com",
        begun.challenge.nonce(),
    ] {
        assert!(!said.contains(secret));
    }
}
