//! Credentials as they come over the wire: malformed, in the wrong place, unknown. What is refused says so in the same words.

use reqwest::{Method, header};
use testkit::TestApp;

/// Security 2: nobody gets a problem, a challenge and no data.
#[tokio::test]
async fn nobody_is_challenged() {
    let t = TestApp::start().await;
    let answer = t
        .anonymous()
        .get("/api/v1/tenant")
        .await
        .expect_problem(401, "unauthenticated");
    assert_eq!(answer.header("www-authenticate"), "Bearer");
    assert_eq!(answer.header("cache-control"), "no-store");
}

#[tokio::test]
async fn an_authorization_that_is_no_bearer_is_refused() {
    let t = TestApp::start().await;
    for value in ["Basic YTpi", "Bearer", "ppk_test_x", "Token x", ""] {
        let client = t.anonymous();
        let request = client.request(Method::GET, "/api/v1/tenant");
        let answer = client
            .send(request.header(header::AUTHORIZATION, value))
            .await;
        let answer = answer.expect_problem(401, "invalid_authorization");
        assert_eq!(answer.header("www-authenticate"), "Bearer");
    }
    let client = t.anonymous();
    let request = client.request(Method::GET, "/api/v1/tenant");
    let value = header::HeaderValue::from_bytes(b"Bearer \xff").unwrap();
    let answer = client
        .send(request.header(header::AUTHORIZATION, value))
        .await;
    let _ = answer.expect_problem(401, "invalid_authorization");
}

/// An unknown key, a mistyped one and a revoked one look the same from outside.
#[tokio::test]
async fn keys_that_do_not_hold_are_refused_in_the_same_words() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let key = acme.till().await;
    let _ = acme
        .browser
        .delete(&format!("/api/v1/api-keys/{}", key.id))
        .await
        .expect(200);
    let mut mistyped = key.secret.clone();
    let last = mistyped.pop().unwrap();
    mistyped.push(if last == 'A' { 'B' } else { 'A' });
    let unknown = {
        use domain::{Mode, api_key::make_secret};
        use secrecy::ExposeSecret;
        let ids = testkit::ids::SeededIds::new(t.clock.clone(), 99);
        make_secret(Mode::Live, &ids).1.expose_secret().to_owned()
    };
    let mut details = Vec::new();
    for secret in [&key.secret, &mistyped, &unknown, &"ppk_live_".to_owned()] {
        let client = t.anonymous().with_bearer(secret);
        let answer = client
            .get("/api/v1/usage")
            .await
            .expect_problem(401, "invalid_api_key");
        details.push(answer.json()["detail"].clone());
    }
    details.dedup();
    assert_eq!(details.len(), 1);
}

/// Security 66: a key in a URL is refused wherever it goes, and never logged.
#[tokio::test]
async fn a_key_in_a_query_is_refused_and_never_logged() {
    let t = TestApp::start().await;
    let key = t.tenant("acme").await.till().await;
    for path in ["/api/v1/usage", "/api/v1/tenant", "/openapi.json"] {
        let answer = key.client.get(&format!("{path}?key={}", key.secret)).await;
        let answer = answer.expect_problem(400, "secret_in_query");
        assert!(!answer.text().contains(&key.secret));
    }
}

/// Security 67: neither tokens nor session keys are kept.
#[tokio::test]
async fn the_registration_token_is_in_no_table() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    for table in t.tables().await {
        let rows = t.rows(&format!("SELECT * FROM {table}")).await;
        assert!(!rows.concat().concat().contains(&acme.token), "{table}");
    }
}

/// Security 55, and the log: an address or a name that a client claims decides nothing.
#[tokio::test]
async fn forwarded_headers_of_strangers_decide_nothing() {
    let t = TestApp::start().await;
    let client = t.anonymous();
    let request = client.request(Method::GET, "/api/v1/operator/events");
    let request = request
        .header("x-forwarded-for", "127.0.0.1")
        .header("x-forwarded-user", "operator");
    let _ = client
        .send(request)
        .await
        .expect_problem(401, "unauthenticated");
}
