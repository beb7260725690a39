//! Security 16 to 19: how often the pool is asked for its keys, and what goes on working when it does not answer.

use futures_util::future::join_all;
use serde_json::json;

use super::*;
use crate::{
    fake::{FakeLogin, Hand, busy},
    testing::{self, Signer},
};

struct Bench {
    login: Arc<FakeLogin>,
    hand: Arc<Hand>,
    keys: Keys,
}

impl Bench {
    /// Keys that have fetched nothing yet, and a pool that will show the first key.
    fn new() -> Self {
        let login = FakeLogin::with_keys(testing::jwks(&[&Signer::first()]));
        let hand = Hand::new();
        let keys = Keys::new(login.clone(), hand.clone());
        Self { login, hand, keys }
    }

    async fn judge(&self, token: &str) -> Result<Claims, NotVerified> {
        let settings = testing::settings();
        self.keys
            .verify(token, &testing::expect_id(&settings))
            .await
    }

    fn fetches(&self) -> usize {
        self.login.asked().len()
    }
}

fn good(signer: &Signer) -> String {
    signer.sign(&testing::id_claims())
}

/// A token under a key that nobody has.
fn made_up(number: usize) -> String {
    let header = json!({"kid": format!("made-up-{number}"), "alg": "RS256"});
    Signer::second().sign_text(&header.to_string(), &testing::id_claims().to_string())
}

const UNKNOWN: Result<Claims, NotVerified> = Err(NotVerified::Refused(Refused::UnknownKey));

#[tokio::test]
async fn the_first_token_fetches_the_keys_and_the_next_ones_do_not() {
    let bench = Bench::new();
    assert_eq!(bench.fetches(), 0);
    for _ in 0..3 {
        assert!(bench.judge(&good(&Signer::first())).await.is_ok());
    }
    assert_eq!(bench.fetches(), 1);
    assert_eq!(bench.keys.current().len(), 1);
}

#[tokio::test]
async fn a_thousand_made_up_keys_cost_one_fetch_in_30_seconds() {
    let bench = Bench::new();
    assert!(bench.judge(&good(&Signer::first())).await.is_ok());
    for _ in 0..2 {
        let same = testing::jwks(&[&Signer::first()]);
        bench.login.then_keys(Ok(same));
    }
    let tokens: Vec<String> = (0..1_000).map(made_up).collect();
    for _second in 1..=61 {
        bench.hand.advance(Duration::seconds(1));
        for token in &tokens {
            assert_eq!(bench.judge(token).await, UNKNOWN);
        }
    }
    // Two in the minute and a second, after the first one.
    assert_eq!(bench.fetches(), 3);
    assert!(bench.judge(&good(&Signer::first())).await.is_ok());
}

#[tokio::test]
async fn a_thousand_at_once_wait_for_one_fetch() {
    let bench = Bench::new();
    let gate = bench.login.hold();
    let token = good(&Signer::first());
    let unknown = made_up(0);
    let judged = join_all((0..1_000).map(|number| {
        let token = if number % 2 == 0 { &token } else { &unknown };
        bench.judge(token)
    }));
    let opened = async {
        // By now every one of them has been asked once, and waits.
        tokio::task::yield_now().await;
        assert_eq!(bench.fetches(), 1);
        gate.add_permits(1);
    };
    let (judged, ()) = tokio::join!(judged, opened);
    for (number, judged) in judged.into_iter().enumerate() {
        if number % 2 == 0 {
            assert!(judged.is_ok());
        } else {
            assert_eq!(judged, UNKNOWN);
        }
    }
    assert_eq!(bench.fetches(), 1);
}

#[tokio::test]
async fn a_fetch_outlives_the_caller_that_began_it() {
    let bench = Bench::new();
    let gate = bench.login.hold();
    let token = good(&Signer::first());
    // Begun, and hung up on.
    assert!(bench.judge(&token).now_or_never().is_none());
    assert_eq!(bench.fetches(), 1);
    gate.add_permits(1);
    // No other fetch is allowed yet, and none is needed.
    assert!(bench.judge(&token).await.is_ok());
    assert_eq!(bench.fetches(), 1);
}

#[tokio::test]
async fn a_fetch_that_everybody_left_is_begun_anew_in_time() {
    let bench = Bench::new();
    let _never = bench.login.hold();
    let token = good(&Signer::first());
    assert!(bench.judge(&token).now_or_never().is_none());
    bench.hand.advance(Duration::seconds(29));
    assert!(bench.judge(&token).now_or_never().is_none());
    assert_eq!(bench.fetches(), 1);
    bench.hand.advance(Duration::seconds(1));
    bench.login.hold().add_permits(1);
    assert!(bench.judge(&token).await.is_ok());
    assert_eq!(bench.fetches(), 2);
}

#[tokio::test]
async fn old_keys_go_on_working_while_the_pool_is_out_of_reach() {
    let bench = Bench::new();
    let old = good(&Signer::first());
    let new = good(&Signer::second());
    assert!(bench.judge(&old).await.is_ok());
    for answer in [
        Err(busy()),
        Ok(b"<html>not now</html>".to_vec()),
        Ok(br#"{"keys":[]}"#.to_vec()),
        Ok(vec![b' '; 65 * 1024]),
    ] {
        bench.login.then_keys(answer);
        bench.hand.advance(Duration::seconds(31));
        assert!(matches!(
            bench.judge(&new).await,
            Err(NotVerified::NoKeys(_))
        ));
        // Within the pause it still says that the keys are missing, not that the token is bad; and does not ask.
        assert!(matches!(
            bench.judge(&new).await,
            Err(NotVerified::NoKeys(_))
        ));
        assert!(bench.judge(&old).await.is_ok());
    }
    assert_eq!(bench.fetches(), 5);
}

#[tokio::test]
async fn a_new_key_is_taken_after_one_fetch_and_the_old_one_until_it_leaves() {
    let bench = Bench::new();
    let (old, new) = (good(&Signer::first()), good(&Signer::second()));
    assert!(bench.judge(&old).await.is_ok());

    bench
        .login
        .then_keys(Ok(testing::jwks(&[&Signer::first(), &Signer::second()])));
    bench.hand.advance(Duration::seconds(30));
    assert!(bench.judge(&new).await.is_ok());
    assert!(bench.judge(&old).await.is_ok());
    assert_eq!(bench.fetches(), 2);

    bench
        .login
        .then_keys(Ok(testing::jwks(&[&Signer::second()])));
    bench.hand.advance(Duration::seconds(30));
    assert_eq!(bench.judge(&made_up(1)).await, UNKNOWN);
    assert!(bench.judge(&new).await.is_ok());
    assert_eq!(bench.judge(&old).await, UNKNOWN);
    assert_eq!(bench.fetches(), 3);
}

#[tokio::test]
async fn a_bad_token_under_a_known_key_asks_nobody() {
    let bench = Bench::new();
    assert!(bench.judge(&good(&Signer::first())).await.is_ok());
    bench.hand.advance(Duration::seconds(31));
    let claims = testing::id_claims().to_string();
    for header in [
        json!({"kid": "first", "alg": "none"}),
        json!({"kid": "made-up", "alg": "HS256"}),
        json!({"alg": "RS256"}),
        json!({"kid": "first", "alg": "RS256", "jku": "https://evil.example/jwks.json"}),
        json!({"kid": "first", "alg": "RS256", "x5u": "https://evil.example/cert.pem"}),
        json!({"kid": "first", "alg": "RS256", "jwk": Signer::second().jwk()}),
        json!({"kid": "made-up", "alg": "RS256", "crit": ["jku"], "jku": "https://evil.example"}),
    ] {
        let token = Signer::second().sign_text(&header.to_string(), &claims);
        assert!(bench.judge(&token).await.is_err(), "{header}");
    }
    assert_eq!(bench.fetches(), 1);
}

#[tokio::test]
async fn a_clock_that_was_set_back_does_not_forbid_fetching() {
    let bench = Bench::new();
    assert!(bench.judge(&good(&Signer::first())).await.is_ok());
    bench
        .login
        .then_keys(Ok(testing::jwks(&[&Signer::second()])));
    bench.hand.advance(-Duration::seconds(45));
    assert!(bench.judge(&good(&Signer::second())).await.is_ok());
}
