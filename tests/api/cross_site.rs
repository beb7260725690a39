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
