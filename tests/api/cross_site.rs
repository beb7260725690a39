//! What a browser hears whose request was sent by another site.

use reqwest::Method;
use serde_json::json;
use testkit::TestApp;

#[tokio::test]
async fn the_refusal_of_another_sites_request_says_what_happened() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let body = json!({"name": "n", "mode": "test", "scopes": ["capture"]});
    for (name, value) in [
        ("sec-fetch-site", "cross-site"),
        ("origin", "https://evil.example"),
    ] {
        let request = acme.browser.request(Method::POST, "/api/v1/api-keys");
        let answer = acme
            .browser
            .send(request.json(&body).header(name, value))
            .await;
        let answer = answer.expect_problem(403, "cross_site");
        let detail = answer.json()["detail"].to_string();
        assert!(detail.contains("another site sent this"), "{detail}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
    }
    assert_eq!(t.count("api_keys", "true").await, 0);
}

#[tokio::test]
async fn a_browser_is_told_of_another_sites_request_on_a_page() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let request = acme
        .browser
        .request(Method::POST, "/people/invitations")
        .form(&[("email", "ben@acme.example"), ("role", "developer")])
        .header("sec-fetch-site", "cross-site");
    for (language, words) in [
        ("en", "another site sent this request"),
        ("de", "von einer anderen Website"),
    ] {
        let request = request.try_clone().unwrap().header("accept", "text/html");
        let answer = acme
            .browser
            .send(request.header("accept-language", language))
            .await
            .expect(403);
        assert!(answer.header("content-type").starts_with("text/html"));
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        let text = answer.text();
        assert!(text.contains(words), "{text}");
        assert!(text.contains(answer.header("x-request-id")), "{text}");
    }
    assert_eq!(t.count("invitations", "accepted_at IS NULL").await, 0);
}
