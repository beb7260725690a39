//! What every answer carries: security headers, request ids, and the refusal of cross-site changes.

use http_api::security_headers::{DATA_POLICY, page_policy};
use reqwest::{Method, header};
use serde_json::json;
use testkit::{Answer, Client, Options, TestApp, server::OPERATOR_TOKEN};

/// The nonce in a page's policy.
fn nonce(answer: &Answer) -> String {
    let policy = answer.header("content-security-policy");
    let rest = policy.split_once("'nonce-").unwrap().1;
    rest.split('\'').next().unwrap().to_owned()
}

/// Security 38: one documented policy for pages, with a fresh nonce every time.
#[tokio::test]
async fn no_two_pages_have_the_same_nonce() {
    let t = TestApp::start().await;
    let client = t.anonymous();
    let mut nonces = std::collections::BTreeSet::new();
    // The address's own limit is 600 strangers a minute.
    for _ in 0..1_000 {
        if nonces.len() == 500 {
            t.clock.advance_real(chrono::Duration::minutes(2));
        }
        let page = client.get("/login/help").await;
        assert!(nonces.insert(nonce(&page)), "{}", page.status);
    }
    assert_eq!(nonces.len(), 1_000);
}

/// Security 38: over TLS reports go by the Reporting API as well, which Chromium then takes alone.
#[tokio::test]
async fn over_tls_reports_go_by_the_reporting_api() {
    let options = Options {
        public_url: "https://console.payphone.example",
        ..Options::default()
    };
    let t = options.start().await;
    let page = t.anonymous().get("/login/help").await;
    let policy = page.header("content-security-policy");
    assert_eq!(policy, page_policy(&nonce(&page), true, false));
    assert!(policy.contains("report-to csp; report-uri /csp-reports"));
    let endpoints = page.header("reporting-endpoints");
    assert_eq!(endpoints, "csp=\"/csp-reports\"");
}

fn check(answer: &Answer, what: &str) {
    for (name, value) in [
        (
            "strict-transport-security",
            "max-age=63072000; includeSubDomains",
        ),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("cache-control", "no-store"),
    ] {
        assert_eq!(
            answer.header(name),
            value,
            "{name} of {what} ({})",
            answer.status
        );
    }
    let policy = answer.header("content-security-policy");
    if answer.header("content-type").starts_with("text/html") {
        let nonce = nonce(answer);
        assert_eq!(policy, page_policy(&nonce, false, false), "{what}");
        assert_eq!(nonce.len(), 24, "{what}");
        assert_eq!(answer.header("reporting-endpoints"), "", "{what}");
    } else {
        assert_eq!(policy, DATA_POLICY, "{what}");
    }
    assert!(
        answer.header("permissions-policy").contains("payment=()"),
        "{what}"
    );
    assert!(answer.header("x-request-id").starts_with("req_"), "{what}");
}

/// Security 42, 48: on every kind of answer, errors of every layer included.
#[tokio::test]
async fn every_answer_carries_the_security_headers() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let till = acme.till().await;
    let nobody = t.anonymous();
    let fat = " ".repeat(2 * 1024 * 1024);
    let batch = "application/cloudevents-batch+json";
    for (what, status, answer) in [
        ("a list", 200, till.client.get("/api/v1/usage").await),
        ("the document", 200, nobody.get("/openapi.json").await),
        ("nobody", 401, nobody.get("/api/v1/tenant").await),
        (
            "too little permission",
            403,
            till.client.get("/api/v1/tenant").await,
        ),
        (
            "a bad query",
            400,
            till.client.get("/api/v1/usage?from=x").await,
        ),
        (
            "a key in the query",
            400,
            nobody.get("/api/v1/usage?k=ppk_live_x").await,
        ),
        (
            "a wrong type",
            415,
            till.client
                .post_raw("/api/v1/usage-events", "text/plain", "x")
                .await,
        ),
        (
            "a body too large",
            413,
            till.client
                .post_raw("/api/v1/usage-events", batch, fat)
                .await,
        ),
        ("no such address", 404, nobody.get("/nowhere").await),
        (
            "no such thing",
            404,
            acme.browser
                .get("/api/v1/keys/key_0192aaaabbbb7ccc8dddeeeeffff0001")
                .await,
        ),
        ("no such method", 405, nobody.delete("/api/v1/tenant").await),
        (
            "another site",
            403,
            from_site(&acme.browser, "cross-site").await,
        ),
    ] {
        assert_eq!(answer.status, status, "{what}: {}", answer.text());
        check(&answer, what);
        if status >= 400 {
            answer.check_problem();
        }
    }
}

async fn from_site(client: &Client, site: &str) -> Answer {
    let body = json!({"name": "n", "mode": "test", "scopes": ["capture"]});
    let request = client.request(Method::POST, "/api/v1/api-keys").json(&body);
    client.send(request.header("sec-fetch-site", site)).await
}

/// Security 43: a foreign site cannot use the buyer's cookie.
#[tokio::test]
async fn a_change_from_another_site_is_refused() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    for site in ["cross-site", "same-site"] {
        assert_eq!(from_site(&acme.browser, site).await.status, 403, "{site}");
    }
    for site in ["same-origin", "none"] {
        assert_eq!(from_site(&acme.browser, site).await.status, 201, "{site}");
    }
    let body = json!({"name": "n", "mode": "test", "scopes": ["capture"]});
    let foreign = |value: &str| {
        let request = acme
            .browser
            .request(Method::POST, "/api/v1/api-keys")
            .json(&body);
        request.header(header::ORIGIN, value)
    };
    for origin in ["https://evil.example", "null", "http://127.0.0.1:1"] {
        let answer = acme.browser.send(foreign(origin)).await;
        assert_eq!(answer.status, 403, "{origin}");
    }
    let own = acme.browser.send(foreign(&t.server().public)).await;
    assert_eq!(own.status, 201, "our own origin");
    assert_eq!(t.count("api_keys", "true").await, 3);
    let get = acme
        .browser
        .request(Method::GET, "/api/v1/tenant")
        .header("sec-fetch-site", "cross-site");
    assert_eq!(
        acme.browser.send(get).await.status,
        200,
        "a look changes nothing"
    );
}

/// Security 47.
#[tokio::test]
async fn no_foreign_origin_is_ever_allowed() {
    let t = TestApp::start().await;
    let client = t.anonymous();
    for method in [Method::OPTIONS, Method::GET, Method::POST] {
        let request = client.request(method, "/api/v1/usage-events");
        let request = request
            .header(header::ORIGIN, "https://evil.example")
            .header("access-control-request-method", "POST");
        let answer = client.send(request).await;
        assert_eq!(answer.header("access-control-allow-origin"), "");
        assert!(answer.status >= 400);
    }
}

#[tokio::test]
async fn a_sane_request_id_is_taken_over_and_any_other_replaced() {
    let t = TestApp::start().await;
    let client = t.anonymous();
    let ask = async |id: &str| {
        let request = client
            .request(Method::GET, "/api/v1/tenant")
            .header("x-request-id", id);
        client.send(request).await
    };
    for id in ["abc", "req_1-2", &"x".repeat(64)] {
        let answer = ask(id).await.expect_problem(401, "unauthenticated");
        assert_eq!(answer.header("x-request-id"), id);
    }
    for id in [
        "",
        "a b",
        "a\tb",
        "{}",
        "x".repeat(65).as_str(),
        "ü",
        OPERATOR_TOKEN.repeat(2).as_str(),
    ] {
        let answer = ask(id).await.expect_problem(401, "unauthenticated");
        assert!(answer.header("x-request-id").starts_with("req_"), "{id:?}");
    }
    let answers = [
        client.get("/api/v1/tenant").await,
        client.get("/api/v1/tenant").await,
    ];
    assert_ne!(
        answers[0].header("x-request-id"),
        answers[1].header("x-request-id")
    );
}

/// Security 58: what went wrong inside stays inside; the request id leads to the log.
#[tokio::test]
async fn a_defect_is_told_in_general_words_and_logged_under_its_request_id() {
    let t = TestApp::start().await;
    t.expect_error_log("the request failed by a defect");
    let acme = t.tenant("acme").await;
    let till = acme.till().await;
    // A stored word that no version knows.
    t.break_database("UPDATE tenants SET state = 'dreaming'")
        .await;
    let answer = acme
        .browser
        .get("/api/v1/tenant")
        .await
        .expect_problem(500, "internal");
    for private in ["dreaming", "state", "SELECT", "sqlite", ".rs"] {
        assert!(
            !answer.text().contains(private),
            "{private}: {}",
            answer.text()
        );
    }
    assert!(t.logs.has(tracing::Level::ERROR, "dreaming"));
    check(&answer, "a defect");
    let _ = till.client.get("/api/v1/usage").await.expect(200);
}
