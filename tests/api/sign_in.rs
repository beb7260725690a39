//! Signing in: what the way to the sign-in page and back lets through, and everything that it does not.
//! Tokens under wrong keys and algorithms are judged in `oidc`; here is what a browser and the service's own claims can do.

use std::collections::HashSet;

use chrono::Duration;
use domain::Ids;
use reqwest::{Method, header};
use runtime::ids::SystemIds;
use serde_json::{Value, json};
use std::sync::Arc;
use testkit::{Answer, Client, TestApp, clock::TestRealTime};

const SESSION: &str = "__Host-session";
const SIGN_IN: &str = "__Host-sign-in";

/// Begins a sign-in in this browser and passes the page; the way back.
async fn way_back(t: &TestApp, browser: &Client, email: &str) -> String {
    let answer = browser.get("/login").await.expect(303);
    let passing = t.passing(email);
    t.login.passes(answer.header("location"), passing).path()
}

async fn opened_nothing(t: &TestApp, answer: Answer, sessions: i64) {
    let answer = answer.expect(400);
    assert!(!answer.header("set-cookie").contains(SESSION));
    let set = answer.headers.get_all(header::SET_COOKIE).iter();
    let set: Vec<_> = set.map(|value| value.to_str().unwrap()).collect();
    assert!(
        set.iter().any(|one| one.starts_with("__Host-sign-in=;")),
        "{set:?}"
    );
    assert_eq!(t.count("sessions", "true").await, sessions);
}

/// Security 10: a callback whose state is wrong, another's or missing opens nothing.
#[tokio::test]
async fn a_callback_with_another_state_opens_nothing() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    for change in [
        |path: &str| path.replace("state=", "state=x"),
        |path: &str| path.replace("state=", "other="),
        |path: &str| path.split("&state").next().unwrap().to_owned(),
        |path: &str| format!("{}&state=", path.split("&state").next().unwrap()),
        |_: &str| "/callback".to_owned(),
    ] {
        let browser = t.anonymous();
        let path = way_back(&t, &browser, &acme.email()).await;
        opened_nothing(&t, browser.get(&change(&path)).await, 1).await;
    }
}

/// Security 11: an answer counts only in the browser that asked, and another one does not even use it up.
#[tokio::test]
async fn a_callback_in_another_browser_opens_nothing() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let (own, other) = (t.anonymous(), t.anonymous());
    let path = way_back(&t, &own, &acme.email()).await;
    opened_nothing(&t, other.get(&path).await, 1).await;
    way_back(&t, &other, &acme.email()).await;
    opened_nothing(&t, other.get(&path).await, 1).await;
    // The attacker's cookie with the victim's state and code: it was sealed for another sign-in.
    other.get("/login").await;
    let stolen = other.cookie(SIGN_IN).unwrap();
    other.set_cookie(SIGN_IN, &stolen[..stolen.len() - 2]);
    opened_nothing(&t, other.get(&path).await, 1).await;
    let _ = own.get(&path).await.expect(303);
    let _ = own.get("/api/v1/account").await.expect(200);
}

/// Security 12: the same answer again opens nothing, whoever puts the cookie of the sign-in back.
#[tokio::test]
async fn a_callback_replayed_opens_nothing() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let browser = t.anonymous();
    let path = way_back(&t, &browser, &acme.email()).await;
    let kept = browser.cookie(SIGN_IN).unwrap();
    let _ = browser.get(&path).await.expect(303);
    assert_eq!(browser.cookie(SIGN_IN).unwrap(), "");
    opened_nothing(&t, browser.get(&path).await, 2).await;
    for replaying in [browser, t.anonymous()] {
        replaying.set_cookie(SIGN_IN, &kept);
        opened_nothing(&t, replaying.get(&path).await, 2).await;
    }
}

/// What is wrong with an ID token.
type Wrong = (&'static str, fn(&mut Value));

fn later(claims: &Value, seconds: i64) -> Value {
    json!(claims["iat"].as_i64().unwrap() + seconds)
}

const WRONG: [Wrong; 9] = [
    ("nonce", |claims| claims["nonce"] = "of another".into()),
    ("no nonce", |claims| claims["nonce"] = Value::Null),
    ("iss", |claims| {
        claims["iss"] = "https://evil.example".into();
    }),
    ("aud", |claims| claims["aud"] = "another-client".into()),
    ("token_use", |claims| claims["token_use"] = "access".into()),
    ("exp", |claims| claims["exp"] = later(claims, -600)),
    ("iat", |claims| claims["iat"] = later(claims, 600)),
    ("nbf", |claims| claims["nbf"] = later(claims, 600)),
    ("sub", |claims| claims["sub"] = "of another".into()),
];

/// Security 13, 15: a token with another nonce, issuer, client, use, person or time opens nothing, and the vendor's trail has it.
#[tokio::test]
async fn tokens_that_do_not_hold_open_nothing() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    for (number, (what, change)) in WRONG.into_iter().enumerate() {
        t.login.tampers(Some(change));
        let browser = t.anonymous();
        let path = way_back(&t, &browser, &acme.email()).await;
        let answer = browser.get(&path).await;
        assert_eq!(answer.status, 400, "{what}");
        opened_nothing(&t, answer, 1).await;
        let sql = "SELECT actor, action, outcome, address FROM audit_log WHERE tenant_id = 'vendor' AND action = 'session.create' ORDER BY seq";
        let lines = t.rows(sql).await;
        assert_eq!(lines.len(), number + 1, "{what}");
        assert_eq!(
            lines[number],
            ["system:sign-in", "session.create", "refused", "127.0.0.1"]
        );
    }
    t.login.tampers(None);
    acme.signs_in().await;
}

/// Security 18: with the key set out of reach, keys that are known go on working, and others work as soon as it is back.
#[tokio::test]
async fn known_keys_outlive_the_key_sets_absence() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    t.login.keys_are_down(true);
    t.clock.advance_real(Duration::hours(1));
    acme.signs_in().await;
    t.login.rotates();
    let browser = t.anonymous();
    let path = way_back(&t, &browser, &acme.email()).await;
    let answer = browser.get(&path).await.expect(503);
    assert!(!answer.header("retry-after").is_empty());
    assert_eq!(
        t.count("audit_log", "outcome = 'refused'").await,
        0,
        "nobody is to blame"
    );
    t.login.keys_are_down(false);
    t.clock.advance_real(Duration::seconds(31));
    acme.signs_in().await;
}

/// Security 17, 19: a new key is taken after one look at the key set; nobody looks more than once in half a minute.
#[tokio::test]
async fn a_new_key_is_taken_after_one_look() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    assert_eq!(t.login.fetches(), 1);
    for _ in 0..3 {
        acme.signs_in().await;
    }
    assert_eq!(
        t.login.fetches(),
        1,
        "a key that is known is not looked for"
    );
    t.login.rotates();
    t.clock.advance_real(Duration::seconds(31));
    for _ in 0..3 {
        acme.signs_in().await;
    }
    assert_eq!(t.login.fetches(), 2);
    t.login.keys_are_down(true);
    t.login
        .tampers(Some(|claims| claims["aud"] = json!("another")));
    for _ in 0..20 {
        let browser = t.anonymous();
        let path = way_back(&t, &browser, &acme.email()).await;
        let _ = browser.get(&path).await.expect(400);
    }
    assert_eq!(t.login.fetches(), 2, "a bad token makes nobody look");
}

/// Security 6, 9: every sign-in is a session of its own, whatever the browser brought; the one before is over.
#[tokio::test]
async fn every_sign_in_is_a_new_session() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let planted = "ab".repeat(32);
    let browser = t.anonymous();
    browser.set_cookie(SESSION, &planted);
    let mut seen = HashSet::from([planted]);
    let mut before = None;
    for _ in 0..40 {
        let path = way_back(&t, &browser, &acme.email()).await;
        let _ = browser.get(&path).await.expect(303);
        let secret = browser.cookie(SESSION).unwrap();
        assert!(secret.len() == 64 && secret.bytes().all(|b| b"0123456789abcdef".contains(&b)));
        assert!(seen.insert(secret.clone()), "a session secret came twice");
        if let Some(before) = before.replace(secret) {
            let old = t.anonymous();
            old.set_cookie(SESSION, &before);
            let _ = old.get("/api/v1/account").await.expect(401);
        }
    }
    assert_eq!(t.count("sessions", "ended_at IS NULL").await, 2);
    assert_eq!(
        t.login.live_tokens(),
        2,
        "the tokens of those before are revoked"
    );
}

/// Security 9: ten thousand secrets of the running product's own source, 256 bits each, and no two alike.
#[test]
fn secrets_do_not_repeat() {
    let t = testkit::clock::TestClock::at("2026-11-22T10:00:00Z".parse().unwrap());
    let ids = SystemIds::new(Arc::new(TestRealTime(t)));
    let mut seen = HashSet::new();
    let mut ones = 0;
    for _ in 0..10_000 {
        let mut secret = [0_u8; 32];
        ids.fill(&mut secret);
        ones += secret
            .iter()
            .map(|byte| u64::from(byte.count_ones()))
            .sum::<u64>();
        assert!(seen.insert(secret));
    }
    // 2,560,000 fair coins: six standard deviations of 800 each way.
    assert!(ones.abs_diff(1_280_000) < 4_800, "{ones}");
}

/// Security 8: what the session travels in.
#[tokio::test]
async fn the_session_cookie_has_every_attribute() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let browser = t.anonymous();
    let path = way_back(&t, &browser, &acme.email()).await;
    let answer = browser.get(&path).await.expect(303);
    let set = answer.headers.get_all(header::SET_COOKIE).iter();
    let set: Vec<&str> = set.map(|value| value.to_str().unwrap()).collect();
    let secret = browser.cookie(SESSION).unwrap();
    let session =
        format!("{SESSION}={secret}; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=43200");
    let forget = format!("{SIGN_IN}=; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=0");
    assert_eq!(set, [session, forget]);
    assert_eq!(answer.header("cache-control"), "no-store");
    assert!(!answer.text().contains(&secret) && !answer.header("location").contains(&secret));
}

/// Security 46: the way on leads to a page of our own, and nowhere else.
#[tokio::test]
async fn signing_in_leads_nowhere_else() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    for (next, place) in [
        ("/people", "/people"),
        (
            "/api-keys?name=a%26b&mode=live",
            "/api-keys?name=a%26b&mode=live",
        ),
        ("https://evil.example", "/"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("\\\\evil.example", "/"),
        ("/\t/evil.example", "/"),
        ("/%09/evil.example", "/%09/evil.example"),
        ("javascript:alert(1)", "/"),
        ("/login?next=//evil.example", "/"),
        ("/logout", "/"),
        ("people", "/"),
        ("", "/"),
    ] {
        let browser = t.anonymous();
        let query = form_urlencoded::Serializer::new(String::new())
            .append_pair("next", next)
            .finish();
        let answer = browser.get(&format!("/login?{query}")).await.expect(303);
        let back = t
            .login
            .passes(answer.header("location"), t.passing(&acme.email()));
        let answer = browser.get(&back.path()).await.expect(303);
        assert_eq!(answer.header("location"), place, "{next:?}");
    }
}

/// Security 26: nobody is in a fresh database, and nobody over there.
#[tokio::test]
async fn a_fresh_installation_has_nobody() {
    let t = TestApp::start().await;
    t.run_until_quiet().await;
    for table in [
        "users",
        "memberships",
        "sessions",
        "invitations",
        "recovery_codes",
        "api_keys",
        "tenants",
    ] {
        assert_eq!(t.count(table, "true").await, 0, "{table}");
    }
    assert_eq!(t.identity.accounts(), 0);
}

/// Whoever signs in over there and belongs nowhere here is told so, opens nothing, and leaves a line with the vendor.
#[tokio::test]
async fn who_belongs_nowhere_is_not_let_in() {
    let t = TestApp::start().await;
    let eve = t.person("eve@evil.example");
    t.identity.foreign_account(&eve.email);
    let answer = eve.signs_in_as(t.passing(&eve.email)).await.expect(403);
    assert!(
        answer.text().contains("/login?again=1"),
        "a way to sign in as somebody else"
    );
    assert!(eve.browser.cookie(SESSION).is_none());
    let sql = "SELECT tenant_id, actor, action, outcome, detail FROM audit_log";
    let line = [
        "vendor",
        "system:sign-in",
        "session.create",
        "refused",
        "belongs to no tenant",
    ];
    assert_eq!(t.rows(sql).await, [line]);
    assert_eq!(t.count("users", "true").await, 0);
    assert_eq!(t.login.live_tokens(), 0, "what was given is revoked");
}

/// The page gave up, took too long, is busy, or let somebody through by memory who was to be asked again: nothing is opened.
#[tokio::test]
async fn a_sign_in_that_came_to_nothing_opens_nothing() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let browser = t.anonymous();
    let path = way_back(&t, &browser, &acme.email()).await;
    let refused = path.replace("code=", "error=access_denied&x=");
    opened_nothing(&t, browser.get(&refused).await, 1).await;

    let path = way_back(&t, &browser, &acme.email()).await;
    t.clock.advance_real(Duration::minutes(31));
    opened_nothing(&t, browser.get(&path).await, 1).await;

    let path = way_back(&t, &browser, &acme.email()).await;
    t.login.is_down(true);
    let _ = browser.get(&path).await.expect(503);
    t.login.is_down(false);

    let answer = browser.get("/login?again=1").await.expect(303);
    assert!(answer.header("location").contains("prompt=login"));
    let mut passing = t.passing(&acme.email());
    passing.seconds_ago = 3600;
    let back = t.login.passes(answer.header("location"), passing);
    opened_nothing(&t, browser.get(&back.path()).await, 1).await;
    acme.signs_in().await;
}

/// Security 47, 48: no other site reads what signed-in people see, and no cache keeps it.
#[tokio::test]
async fn what_people_see_is_for_their_browser_alone() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    for path in [
        "/",
        "/people",
        "/activity",
        "/account",
        "/tenants",
        "/api/v1/account",
        "/api/v1/users",
        "/api/v1/audit-log",
    ] {
        for method in [Method::GET, Method::OPTIONS] {
            let request = acme.browser.request(method.clone(), path);
            let request = request
                .header(header::ORIGIN, "https://evil.example")
                .header("access-control-request-method", "GET");
            let answer = acme.browser.send(request).await;
            assert_eq!(
                answer.status,
                if method == Method::GET { 200 } else { 405 },
                "{path}"
            );
            assert_eq!(answer.header("access-control-allow-origin"), "", "{path}");
            assert_eq!(answer.header("cache-control"), "no-store", "{path}");
        }
    }
}
