//! Changes that the database took back, or whose commit was not answered: done anew, or found by reading, and never twice (R-13, P8).
//! On PostgreSQL, over a line that is cut at the very moment it is about. SQLite has no line.

use reqwest::Method;
use serde_json::{Value, json};
use testkit::{
    Answer, Client, Options, TestApp,
    database::{Plane, TestDatabase, on_postgres},
    proxy::{At, Line, Proxy},
};

use crate::interleavings::{beside, run, waiting};

async fn behind_a_line() -> Option<(TestApp, Proxy)> {
    if !on_postgres() {
        return None;
    }
    let folder = tempfile::tempdir().unwrap();
    let database = TestDatabase::fresh(Plane::Control, folder.path());
    let (database, line) = database.over_a_line().unwrap();
    let t = TestApp::on(database, folder, Options::default()).await;
    Some((t, line))
}

fn api_key() -> Value {
    json!({"name": "till", "mode": "test", "scopes": ["usage:read"]})
}

async fn makes_a_key(browser: &Client, name: &str) -> Answer {
    let request = browser.request(Method::POST, "/api/v1/api-keys");
    let request = request.json(&api_key()).header("Idempotency-Key", name);
    browser.send(request).await
}

/// Wherever the connection ends, the change is made once, and whoever asked for it hears so.
#[tokio::test]
async fn a_change_whose_commit_is_not_answered_is_made_once() {
    let Some((t, line)) = behind_a_line().await else {
        return;
    };
    let acme = t.tenant("acme").await;
    let lines = "action = 'apiKey.create' AND outcome = 'done'";
    for (keys, at) in [(0, At::Before), (1, At::After)] {
        line.catch_commit(at);
        let made = acme.browser.post("/api/v1/api-keys", &api_key()).await;
        let made = made.expect(201);
        t.logs.keep_secret(made.json()["secret"].as_str().unwrap());
        assert!(line.caught());
        assert_eq!(t.count("api_keys", "true").await, keys + 1, "{at:?}");
        assert_eq!(t.count("audit_log", lines).await, keys + 1, "{at:?}");
    }
}

/// What a lost answer has kept is no duplicate to whoever sent it.
#[tokio::test]
async fn events_whose_commit_is_not_answered_are_counted_once() {
    let Some((t, line)) = behind_a_line().await else {
        return;
    };
    let acme = t.tenant("acme").await;
    let till = acme.till().await;
    // The first use of a key is noted in a change of its own.
    assert_eq!(
        till.sends(&acme.usage("first", 1)).await["status"],
        "accepted"
    );
    for (id, at) in [("before", At::Before), ("after", At::After)] {
        line.catch_commit(at);
        let twice = [acme.usage(id, 5), acme.usage(id, 5)];
        let answer = till.sends_all(&twice).await.expect(200);
        assert!(line.caught());
        let said: Vec<Value> = answer
            .items()
            .iter()
            .map(|item| item["status"].clone())
            .collect();
        assert_eq!(said, ["accepted", "duplicate"], "{at:?}");
        let kept = format!("event_id = '{id}'");
        assert_eq!(t.count("usage_events", &kept).await, 1, "{at:?}");
    }
    let sum = "SELECT sum(quantity)::bigint FROM metering_records WHERE dimension = 'payments'";
    assert_eq!(t.number(sum).await, 11);
}

/// Every chain is somebody's, until the commit: whoever changes anything waits.
const HOLDS_THE_CHAINS: &str = "BEGIN; SELECT 1 FROM audit_heads FOR UPDATE";

/// A commit that nobody can ask about any more: its own code, and whoever repeats the request under its name makes nothing twice.
#[tokio::test]
async fn a_change_that_may_have_been_made_is_not_made_again() {
    let Some((t, line)) = behind_a_line().await else {
        return;
    };
    let acme = t.tenant("acme").await;
    // A claim has a commit of its own, which comes first: without a name there is but one.
    line.catch_commit_and(At::After, Line::Cut);
    let unknown = acme.browser.post("/api/v1/api-keys", &api_key()).await;
    let unknown = unknown.expect_problem(503, "outcome_unknown");
    assert_ne!(unknown.header("retry-after"), "");
    line.turn(Line::Open);
    assert_eq!(t.count("api_keys", "true").await, 1);
}

/// The name of a request whose outcome is unknown stays taken.
#[tokio::test]
async fn a_name_is_not_freed_by_a_lost_answer() {
    let Some((t, line)) = behind_a_line().await else {
        return;
    };
    let acme = t.tenant("acme").await;
    let (mut held, mut next) = (beside(&t).await, beside(&t).await);
    run(&mut held, HOLDS_THE_CHAINS).await.unwrap();
    let asks = makes_a_key(&acme.browser, "once");
    let goes_on = async {
        // The claim is made, the key is not; and who is next at the chain keeps anybody from reading what became of the key.
        waiting(&t, 1).await;
        let waits = run(&mut next, HOLDS_THE_CHAINS);
        let lets_go = async {
            waiting(&t, 2).await;
            line.catch_commit(At::After);
            run(&mut held, "COMMIT").await.unwrap();
        };
        let (queued, ()) = tokio::join!(waits, lets_go);
        queued.unwrap();
    };
    let (answer, ()) = tokio::join!(asks, goes_on);
    let _ = answer.expect_problem(503, "outcome_unknown");
    run(&mut next, "COMMIT").await.unwrap();
    let again = makes_a_key(&acme.browser, "once").await;
    let _ = again.expect_problem(409, "idempotency_in_progress");
    assert_eq!(t.count("api_keys", "true").await, 1);
}

/// a line that goes silent ends no request late, and nothing has to be started anew once it speaks again.
#[tokio::test]
async fn a_silent_line_ends_in_503_within_the_bound() {
    let Some((t, line)) = behind_a_line().await else {
        return;
    };
    let acme = t.tenant("acme").await;
    let mut held = beside(&t).await;
    run(&mut held, HOLDS_THE_CHAINS).await.unwrap();
    let body = api_key();
    let asks = asks_in_vain(&acme.browser);
    // In the middle of a change.
    let goes_silent = async {
        waiting(&t, 1).await;
        line.turn(Line::Silent);
        run(&mut held, "COMMIT").await.unwrap();
    };
    tokio::join!(asks, goes_silent);
    // And from its beginning.
    asks_in_vain(&acme.browser).await;
    line.turn(Line::Open);
    let made = acme.browser.post("/api/v1/api-keys", &body).await;
    let made = made.expect(201);
    t.logs.keep_secret(made.json()["secret"].as_str().unwrap());
    // 2 KB a second: slow is not broken.
    line.turn(Line::Drip(2 * 1024));
    let _ = acme.browser.get("/api/v1/tenant").await.expect(200);
}

/// What a request may take.
const BOUND: std::time::Duration = std::time::Duration::from_secs(5);

async fn asks_in_vain(browser: &Client) {
    let began = std::time::Instant::now();
    let answer = browser.post("/api/v1/api-keys", &api_key()).await;
    let _ = answer.expect_problem(503, "unavailable");
    let share = began.elapsed().as_secs_f64() / BOUND.as_secs_f64();
    assert!(share < 1.0, "{share:.2} of the bound");
}

/// The server chooses who of two that wait for each other goes on; who does not is done anew.
#[tokio::test]
async fn a_deadlock_is_done_anew() {
    let Some((t, _line)) = behind_a_line().await else {
        return;
    };
    let acme = t.tenant("acme").await;
    let ben = t.member(&acme.browser, "ben@acme.example", "agent").await;
    let id = ben.account().await["id"].as_str().unwrap().to_owned();
    // The change takes the chain first and the person then; this the other way round.
    let mut crosswise = beside(&t).await;
    let person = format!("BEGIN; SELECT 1 FROM users WHERE id = '{id}' FOR UPDATE");
    run(&mut crosswise, &person).await.unwrap();
    let path = format!("/api/v1/users/{id}");
    let removes = acme.browser.delete(&path);
    let crosses = async {
        waiting(&t, 1).await;
        let chain = "SELECT 1 FROM audit_heads FOR UPDATE; COMMIT";
        run(&mut crosswise, chain).await.unwrap();
    };
    let (answer, ()) = tokio::join!(removes, crosses);
    let _ = answer.expect(204);
    let members = format!("user_id = '{id}'");
    assert_eq!(t.count("memberships", &members).await, 0);
    let line = "action = 'user.remove' AND outcome = 'done'";
    assert_eq!(t.count("audit_log", line).await, 1);
}

/// A connection that the server ends in the middle: nothing of it was kept, and it is done anew on another one.
#[tokio::test]
async fn a_connection_that_is_ended_in_the_middle_is_done_anew() {
    let Some((t, _line)) = behind_a_line().await else {
        return;
    };
    let acme = t.tenant("acme").await;
    let mut held = beside(&t).await;
    run(&mut held, HOLDS_THE_CHAINS).await.unwrap();
    let body = api_key();
    let asks = acme.browser.post("/api/v1/api-keys", &body);
    let ends = async {
        waiting(&t, 1).await;
        let end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
        run(&mut held, end).await.unwrap();
        run(&mut held, "COMMIT").await.unwrap();
    };
    let (made, ()) = tokio::join!(asks, ends);
    let made = made.expect(201);
    t.logs.keep_secret(made.json()["secret"].as_str().unwrap());
    assert_eq!(t.count("api_keys", "true").await, 1);
}
