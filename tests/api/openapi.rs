//! The document and the router say the same (security 59), and every operation in it turns strangers away.

use reqwest::Method;
use serde_json::Value;
use testkit::{Client, TestApp};

fn operations(document: &Value) -> Vec<(Method, String)> {
    let mut found = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for method in methods.as_object().unwrap().keys() {
            found.push((method.to_uppercase().parse().unwrap(), path.clone()));
        }
    }
    found
}

async fn ask(client: &Client, method: &Method, path: &str) -> testkit::Answer {
    let kind = match path.split('/').nth(3) {
        Some("api-keys") => "apk",
        Some("users") => "usr",
        Some("invitations") => "inv",
        Some("account") => "ses",
        _ => "key",
    };
    let path = path.replace("{id}", &format!("{kind}_0192aaaabbbb7ccc8dddeeeeffff0001"));
    client.send(client.request(method.clone(), &path)).await
}

/// Security 59: every documented operation is routed, and turns nobody away with a 401 that challenges.
#[tokio::test]
async fn every_documented_operation_is_routed_and_asks_who_is_calling() {
    let t = TestApp::start().await;
    let document = t.anonymous().get("/openapi.json").await.expect(200).json();
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    let operations = operations(&document);
    assert!(operations.len() >= 15, "{}", operations.len());
    for (method, path) in &operations {
        let answer = ask(&t.anonymous(), method, path).await;
        assert_eq!(answer.status, 401, "{method} {path}: {}", answer.text());
        assert_eq!(answer.header("www-authenticate"), "Bearer");
        answer.check_problem();
    }
}

/// Security 59, 51, 60: what is not documented is not routed, and a documented address takes no other method.
#[tokio::test]
async fn methods_that_are_not_documented_are_not_allowed() {
    let t = TestApp::start().await;
    let document = t.anonymous().get("/openapi.json").await.expect(200).json();
    let operations = operations(&document);
    let client = t.anonymous();
    for (_, path) in &operations {
        let own: Vec<&Method> = operations
            .iter()
            .filter(|(_, other)| other == path)
            .map(|(m, _)| m)
            .collect();
        for method in [
            Method::GET,
            Method::POST,
            Method::PUT,
            Method::PATCH,
            Method::DELETE,
            Method::TRACE,
        ] {
            if own.contains(&&method) {
                continue;
            }
            let answer = ask(&client, &method, path)
                .await
                .expect_problem(405, "method_not_allowed");
            for method in &own {
                assert!(
                    answer.header("allow").contains(method.as_str()),
                    "{path}: {}",
                    answer.header("allow")
                );
            }
        }
    }
    for path in [
        "/api/v1",
        "/api/v1/tenants",
        "/api/v2/tenant",
        "/metrics",
        "/healthz",
        "/readyz",
        "/internal/v1/keys",
    ] {
        let _ = client.get(path).await.expect_problem(404, "not_found");
    }
}

/// Security 27: with another tenant's credentials, every operation with an id finds nothing.
#[tokio::test]
async fn every_operation_with_an_id_finds_nothing_of_another_tenant() {
    let t = TestApp::start().await;
    let (acme, other) = (t.tenant("acme").await, t.tenant("other").await);
    let key = acme.browser.get("/api/v1/keys").await.items()[0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let api_key = acme.till().await.id;
    let account = acme.browser.get("/api/v1/account").await.json();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let (user, session) = (text(&account["id"]), text(&account["sessions"][0]["id"]));
    let invited = serde_json::json!({"email": "ben@acme.example", "role": "agent"});
    t.logs.keep_secret("ben@acme.example");
    let invited = acme.browser.post("/api/v1/invitations", &invited).await;
    let invitation = text(&invited.expect(201).json()["id"]);
    let document = t.anonymous().get("/openapi.json").await.expect(200).json();
    let before = t.number("SELECT count(*) FROM audit_log").await;
    let mut asked = 0;
    for (method, path) in operations(&document)
        .iter()
        .filter(|(_, path)| path.contains("{id}"))
    {
        let id = match path.split('/').nth(3) {
            Some("api-keys") => &api_key,
            Some("users") => &user,
            Some("invitations") => &invitation,
            Some("account") => &session,
            _ => &key,
        };
        let path = path.replace("{id}", id);
        let mut request = other.browser.request(method.clone(), &path);
        if *method == Method::PATCH {
            request = request.json(&serde_json::json!({"role": "agent"}));
        }
        let answer = other.browser.send(request).await;
        let _ = answer.expect_problem(404, "not_found");
        asked += 1;
    }
    assert!(asked >= 11, "{asked}");
    assert_eq!(
        t.number("SELECT count(*) FROM audit_log").await,
        before,
        "nothing was changed"
    );
}

/// The document describes problems and names the scheme.
#[tokio::test]
async fn every_operation_documents_its_problems() {
    let t = TestApp::start().await;
    let document = t.anonymous().get("/openapi.json").await.expect(200).json();
    assert_eq!(
        document["components"]["securitySchemes"]["bearer"]["scheme"],
        "bearer"
    );
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let problem = &operation["responses"]["4XX"]["content"]["application/problem+json"];
            assert!(problem.is_object(), "{method} {path}");
        }
    }
}
