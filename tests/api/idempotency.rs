//! `Idempotency-Key` on every creating POST: the same request again makes nothing and gets the same answer; everything else is refused.
//! Which headers are keys is in `idempotency/header`; who may meet which answer, in `idempotency/holders`; what ends, breaks or dies on
//! the way, in `idempotency/endings`.

mod endings;
mod header;
mod holders;

use chrono::Duration;
use futures_util::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};
use testkit::{Answer, Client, TestApp};

const KEYS: &str = "/api/v1/api-keys";
const INVITATIONS: &str = "/api/v1/invitations";
const CODES: &str = "/api/v1/account/recovery-codes";

fn api_key() -> Value {
    json!({"name": "till", "mode": "test", "scopes": ["usage:read"]})
}

fn invitation(role: &str) -> Value {
    json!({"email": "ben@acme.example", "role": role})
}

/// Every creating POST but that of usage events, whose events have keys of their own.
fn creating() -> [(&'static str, Value); 3] {
    [
        (KEYS, api_key()),
        (INVITATIONS, invitation("agent")),
        (CODES, Value::Null),
    ]
}

async fn post(client: &Client, path: &str, key: &str, body: &Value) -> Answer {
    let request = client.request(Method::POST, path).json(body);
    client.send(request.header("Idempotency-Key", key)).await
}

fn is_replay(answer: &Answer) -> bool {
    match answer.header("idempotency-replayed") {
        "true" => true,
        "" => false,
        other => panic!("{other}"),
    }
}

/// The first answer, not a repetition; no secret of it may be in a log.
fn made(t: &TestApp, answer: Answer) -> Answer {
    let answer = answer.expect(201);
    assert!(!is_replay(&answer), "{}", answer.text());
    let json = answer.json();
    let codes = json["codes"].as_array().into_iter().flatten();
    for secret in codes.chain([&json["secret"]]).filter_map(Value::as_str) {
        t.logs.keep_secret(secret);
    }
    answer
}

/// A repetition of this very answer.
fn repeats(answer: &Answer, first: &Answer) {
    assert_eq!(answer.status, 201, "{}", answer.text());
    assert!(is_replay(answer));
    assert_eq!(answer.body, first.body);
    for header in ["content-type", "cache-control"] {
        assert_eq!(answer.header(header), first.header(header), "{header}");
    }
}

/// What there is of everything that can be made, and of what tells of it.
async fn everything(t: &TestApp) -> Vec<i64> {
    let mut counts = Vec::new();
    for table in [
        "api_keys",
        "invitations",
        "recovery_codes",
        "mails",
        "audit_log",
    ] {
        counts.push(t.count(table, "true").await);
    }
    counts
}

/// Security 57: the same key and body, the same answer to the byte, one effect, on every creating POST.
#[tokio::test]
async fn a_repeated_request_gets_the_same_answer_and_makes_nothing() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    for (path, body) in creating() {
        // As long as a key may be, and of more than letters.
        let key = format!("{path:~<255}");
        let first = made(&t, post(&acme.browser, path, &key, &body).await);
        let after = everything(&t).await;
        t.clock.advance(Duration::seconds(30));
        for _ in 0..3 {
            repeats(&post(&acme.browser, path, &key, &body).await, &first);
        }
        assert_eq!(everything(&t).await, after, "{path}");
    }
}

/// Security 57: without a key nothing is different: every request is one of its own.
#[tokio::test]
async fn requests_without_a_key_are_all_different() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    for _ in 0..2 {
        made(&t, acme.browser.post(KEYS, &api_key()).await);
    }
    assert_eq!(t.count("api_keys", "true").await, 2);
    assert_eq!(t.count("idempotency_keys", "true").await, 0);
}

/// Security 57: a key is for one request: another body, however little is different, or another address is refused.
#[tokio::test]
async fn another_request_under_the_same_key_is_refused() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let first = made(&t, post(&acme.browser, KEYS, "k", &api_key()).await);
    let after = everything(&t).await;
    let mut other = api_key();
    other["mode"] = json!("live");
    for (path, body) in [
        (KEYS, other.to_string()),
        (KEYS, format!("{} ", api_key())),
        (INVITATIONS, invitation("agent").to_string()),
    ] {
        let request = acme.browser.request(Method::POST, path);
        let request = request.header("content-type", "application/json");
        let request = request.header("idempotency-key", "k").body(body);
        let answer = acme.browser.send(request).await;
        let _ = answer.expect_problem(422, "idempotency_key_reused");
    }
    assert_eq!(everything(&t).await, after);
    repeats(&post(&acme.browser, KEYS, "k", &api_key()).await, &first);
}

/// Security 57: ten at once under one key: one effect, and whoever comes while it runs is told to come again in a second.
#[tokio::test]
async fn of_ten_at_once_one_makes_it() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    for (path, body) in creating() {
        let before = t.count("audit_log", "true").await;
        let key = format!("ten at once at {path}");
        let asking = (0..10).map(|_| post(&acme.browser, path, &key, &body));
        let answers = join_all(asking).await;
        let mut first = Vec::new();
        for answer in answers {
            if answer.status == 409 {
                let answer = answer.expect_problem(409, "idempotency_in_progress");
                assert_eq!(answer.header("retry-after"), "1");
            } else if is_replay(&answer) {
                assert_eq!(answer.status, 201);
            } else {
                first.push(made(&t, answer));
            }
        }
        let [first] = first.as_slice() else {
            panic!("{path} was made {} times", first.len());
        };
        assert_eq!(t.count("audit_log", "true").await, before + 1, "{path}");
        repeats(&post(&acme.browser, path, &key, &body).await, first);
    }
}
