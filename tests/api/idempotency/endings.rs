//! What ends a key: seven days, a refusal, a process that dies; and what does not: a client that goes away. What is kept is sealed.

use chrono::Duration;
use serde_json::{Value, json};
use testkit::TestApp;

use super::{
    CODES, INVITATIONS, KEYS, api_key, creating, everything, invitation, made, post, repeats,
};

/// Security 57: after seven days of real time a key is a new one, and what was kept of the old one is gone.
#[tokio::test]
async fn after_seven_days_a_key_is_new() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let first = made(&t, post(&acme.browser, KEYS, "k", &api_key()).await);
    made(&t, post(&acme.browser, CODES, "other", &Value::Null).await);
    // Business time, which a demo moves, decides nothing here.
    t.clock.advance_business(Duration::days(30));
    t.clock
        .advance_real(Duration::days(7) - Duration::seconds(1));
    acme.signs_in().await;
    repeats(&post(&acme.browser, KEYS, "k", &api_key()).await, &first);
    t.clock.advance_real(Duration::seconds(1));
    let again = made(
        &t,
        post(
            &acme.browser,
            KEYS,
            "k",
            &json!({"name": "new", "mode": "live", "scopes": ["capture"]}),
        )
        .await,
    );
    assert_ne!(again.json()["id"], first.json()["id"]);
    assert_eq!(t.count("api_keys", "true").await, 2);
    t.run_until_quiet().await;
    assert_eq!(t.count("idempotency_keys", "true").await, 1);
}

/// Security 57: a refusal frees the key, whether the body was wrong or the moment was; the next request under it runs.
#[tokio::test]
async fn a_refusal_frees_the_key() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let wrong = json!({"name": "", "mode": "test", "scopes": ["capture"]});
    for _ in 0..2 {
        let answer = post(&acme.browser, KEYS, "k", &wrong).await;
        let _ = answer.expect_problem(422, "invalid_fields");
    }
    made(&t, post(&acme.browser, KEYS, "k", &api_key()).await);

    let body = invitation("agent");
    let one = made(&t, acme.browser.post(INVITATIONS, &body).await).json();
    let answer = post(&acme.browser, INVITATIONS, "i", &body).await;
    let _ = answer.expect_problem(409, "already_invited");
    let path = format!("{INVITATIONS}/{}", one["id"].as_str().unwrap());
    let _ = acme.browser.delete(&path).await.expect(204);
    let first = made(&t, post(&acme.browser, INVITATIONS, "i", &body).await);
    repeats(&post(&acme.browser, INVITATIONS, "i", &body).await, &first);
}

/// Security 57: while the first request runs, a repetition is 409 and another body 422, also after our own restart; what a dead process
/// left is taken over after a minute.
#[tokio::test]
async fn what_a_dead_process_left_is_taken_over_after_a_minute() {
    let mut t = TestApp::start().await;
    let browser = {
        let acme = t.tenant("acme").await;
        made(&t, post(&acme.browser, KEYS, "k", &api_key()).await);
        acme.browser.cookie("__Host-session").unwrap()
    };
    // As a process leaves it that died between the key and its answer.
    t.break_database("UPDATE idempotency_keys SET answer = NULL")
        .await;
    for restarts in [false, true] {
        if restarts {
            t.restart().await;
        }
        let client = t.anonymous();
        client.set_cookie("__Host-session", &browser);
        let answer = post(&client, KEYS, "k", &api_key()).await;
        let answer = answer.expect_problem(409, "idempotency_in_progress");
        assert_eq!(answer.header("retry-after"), "1");
        let answer = post(
            &client,
            KEYS,
            "k",
            &json!({"name": "n", "mode": "test", "scopes": ["capture"]}),
        )
        .await;
        let _ = answer.expect_problem(422, "idempotency_key_reused");
    }
    let client = t.anonymous();
    client.set_cookie("__Host-session", &browser);
    t.clock.advance_real(Duration::seconds(59));
    let answer = post(&client, KEYS, "k", &api_key()).await;
    let _ = answer.expect_problem(409, "idempotency_in_progress");
    t.clock.advance_real(Duration::seconds(1));
    let again = made(&t, post(&client, KEYS, "k", &api_key()).await);
    repeats(&post(&client, KEYS, "k", &api_key()).await, &again);
    assert_eq!(t.count("api_keys", "true").await, 2);
}

/// Security 57: an answer outlives the process that gave it.
#[tokio::test]
async fn an_answer_is_repeated_by_the_next_process() {
    let mut t = TestApp::start().await;
    let mut first = Vec::new();
    let browser = {
        let acme = t.tenant("acme").await;
        for (path, body) in creating() {
            first.push(made(&t, post(&acme.browser, path, path, &body).await));
        }
        acme.browser.cookie("__Host-session").unwrap()
    };
    t.restart().await;
    let client = t.anonymous();
    client.set_cookie("__Host-session", &browser);
    let before = everything(&t).await;
    for ((path, body), first) in creating().into_iter().zip(&first) {
        repeats(&post(&client, path, path, &body).await, first);
    }
    assert_eq!(everything(&t).await, before);
}

/// Security 57: a client that goes away while its request runs finds the answer when it asks again.
#[tokio::test]
async fn a_request_runs_to_its_end_without_its_client() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let body = api_key();
    let claimed = async {
        while t.count("idempotency_keys", "true").await == 0 {
            tokio::task::yield_now().await;
        }
    };
    tokio::select! {
        biased;
        () = claimed => {}
        _ = post(&acme.browser, KEYS, "k", &body) => {}
    }
    let answered = async {
        while t.count("idempotency_keys", "answer IS NOT NULL").await == 0 {
            tokio::task::yield_now().await;
        }
    };
    let patience = std::time::Duration::from_secs(10);
    tokio::time::timeout(patience, answered).await.unwrap();
    let answer = post(&acme.browser, KEYS, "k", &api_key()).await.expect(201);
    t.logs
        .keep_secret(answer.json()["secret"].as_str().unwrap());
    assert!(super::is_replay(&answer));
    assert_eq!(t.count("api_keys", "true").await, 1);
}

/// Security 67: what is kept of an answer is sealed: neither a secret nor a recovery code is in any file of the database.
#[tokio::test]
async fn answers_lie_sealed() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let key = made(&t, post(&acme.browser, KEYS, "k", &api_key()).await).json();
    let codes = made(&t, post(&acme.browser, CODES, "k", &Value::Null).await).json();
    let codes = codes["codes"].as_array().unwrap().iter();
    let secrets: Vec<&str> = codes
        .chain([&key["secret"]])
        .map(|one| one.as_str().unwrap())
        .collect();
    assert_eq!(secrets.len(), 11);
    assert_eq!(t.count("idempotency_keys", "answer IS NOT NULL").await, 2);
    let bytes = t.on_disk().await;
    for secret in &secrets {
        let mut windows = bytes.windows(secret.len());
        assert!(!windows.any(|window| window == secret.as_bytes()));
    }
    assert!(bytes.len() > 100_000, "{}", bytes.len());
}

/// An answer that cannot be opened any more, such as under a new session key, is said to be lost; nothing is made twice for it.
#[tokio::test]
async fn an_answer_that_cannot_be_opened_is_not_made_anew() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    made(&t, post(&acme.browser, KEYS, "k", &api_key()).await);
    t.break_database("UPDATE idempotency_keys SET answer = 'AAAA' || answer")
        .await;
    let before = everything(&t).await;
    let answer = post(&acme.browser, KEYS, "k", &api_key()).await;
    let _ = answer.expect_problem(409, "idempotency_answer_lost");
    assert_eq!(everything(&t).await, before);
}
