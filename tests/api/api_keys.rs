//! `/api/v1/api-keys`: made, listed and revoked; the secret is in one answer and nowhere else.

use serde_json::{Value, json};
use testkit::{Client, TestApp};

const PATH: &str = "/api/v1/api-keys";

#[tokio::test]
async fn a_new_key_is_shown_once_and_works_at_once() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let body = json!({"name": "  till  ", "mode": "test", "scopes": ["usage:read", "usage:read", "usage:write"]});
    let answer = acme.browser.post(PATH, &body).await.expect(201);
    let made = answer.json();
    let secret = made["secret"].as_str().unwrap().to_owned();
    t.logs.keep_secret(&secret);
    assert!(secret.starts_with(made["prefix"].as_str().unwrap()));
    assert_eq!((secret.len(), &secret[..9]), (66, "ppk_test_"));
    insta::assert_json_snapshot!(made, {".id" => "apk_…", ".secret" => "…", ".prefix" => "…"}, @r#"
    {
      "createdAt": "2026-11-22T10:07:00Z",
      "id": "apk_…",
      "lastUsedAt": null,
      "mode": "test",
      "name": "till",
      "prefix": "…",
      "revokedAt": null,
      "scopes": [
        "usage:write",
        "usage:read"
      ],
      "secret": "…"
    }
    "#);
    let list = acme.browser.get(PATH).await.expect(200);
    assert!(!list.text().contains(&secret));
    assert_eq!(list.items()[0].get("secret"), None);
    assert_eq!(list.items()[0]["id"], made["id"]);
    let key = t.anonymous().with_bearer(&secret);
    let _ = key.get("/api/v1/usage").await.expect(200);
}

/// Security 67: what is stored is a hash.
#[tokio::test]
async fn the_secret_is_nowhere_in_the_database() {
    let t = TestApp::start().await;
    let key = t.tenant("acme").await.till().await;
    let _ = key.client.get("/api/v1/usage").await.expect(200);
    let tables = ["api_keys", "audit_log", "tenants", "registrations"];
    for table in tables {
        let rows = t.rows(&format!("SELECT * FROM {table}")).await;
        assert!(!rows.concat().concat().contains(&key.secret), "{table}");
    }
    let bytes = t.on_disk().await;
    let mut windows = bytes.windows(key.secret.len());
    assert!(!windows.any(|window| window == key.secret.as_bytes()));
}

#[tokio::test]
async fn keys_are_listed_newest_first_with_their_last_use() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let first = acme.till().await;
    let second = acme.till().await;
    t.clock.advance_real(chrono::Duration::seconds(59));
    let _ = first.client.get("/api/v1/usage").await.expect(200);
    let items = acme.browser.get(PATH).await.expect(200).items();
    let seen: Vec<_> = items
        .iter()
        .map(|item| (item["id"].clone(), item["lastUsedAt"].clone()))
        .collect();
    assert_eq!(
        seen,
        [
            (json!(second.id), Value::Null),
            (json!(first.id), json!("2026-11-22T10:07:00Z"))
        ]
    );
}

#[tokio::test]
async fn a_revoked_key_is_refused_from_the_next_request_on_and_stays_so() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let key = acme.till().await;
    let path = format!("{PATH}/{}", key.id);
    let first = acme.browser.delete(&path).await.expect(200).json();
    assert_eq!(first["revokedAt"], "2026-11-22T10:07:00Z");
    let _ = key
        .client
        .get("/api/v1/usage")
        .await
        .expect_problem(401, "invalid_api_key");
    t.clock.advance(chrono::Duration::minutes(5));
    let again = acme.browser.delete(&path).await.expect(200).json();
    assert_eq!(
        again["revokedAt"], first["revokedAt"],
        "the first moment stays"
    );
    let _ = key
        .client
        .get("/api/v1/usage")
        .await
        .expect_problem(401, "invalid_api_key");
    assert_eq!(
        acme.browser.get(PATH).await.items().len(),
        1,
        "revoked keys stay in the list"
    );
}

#[tokio::test]
async fn what_a_key_cannot_be_is_refused_member_by_member() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let long = "n".repeat(81);
    let good = json!({"name": "till", "mode": "live", "scopes": ["capture"]});
    for (member, value, pointers) in [
        ("name", json!(""), vec!["/name"]),
        ("name", json!("   "), vec!["/name"]),
        ("name", json!(long), vec!["/name"]),
        ("name", json!("a\u{7}b"), vec!["/name"]),
        ("name", json!(7), vec!["/name"]),
        ("mode", json!("prod"), vec!["/mode"]),
        ("scopes", json!([]), vec!["/scopes"]),
        ("scopes", json!(["everything"]), vec!["/scopes/0"]),
        ("scopes", json!("capture"), vec!["/scopes"]),
        ("tenantId", json!("ten_1"), vec!["/tenantId"]),
    ] {
        let mut body = good.clone();
        body[member] = value;
        let answer = acme
            .browser
            .post(PATH, &body)
            .await
            .expect_problem(422, "invalid_fields");
        let errors = answer.json()["errors"].clone();
        let found: Vec<_> = errors
            .as_array()
            .unwrap()
            .iter()
            .map(|e| e["pointer"].as_str().unwrap())
            .collect();
        assert_eq!(found, pointers, "{body}");
    }
    let answer = acme.browser.post_raw(PATH, "application/json", "{").await;
    let _ = answer.expect_problem(400, "malformed_json");
    let answer = acme
        .browser
        .post_raw(PATH, "text/plain", good.to_string())
        .await;
    let _ = answer.expect_problem(415, "unsupported_media_type");
    assert_eq!(t.count("api_keys", "true").await, 0);
}

#[tokio::test]
async fn the_fifty_first_key_waits_until_one_is_revoked() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let mut keys = Vec::new();
    for _ in 0..50 {
        keys.push(acme.till().await);
    }
    let body = json!({"name": "one more", "mode": "test", "scopes": ["capture"]});
    let _ = acme
        .browser
        .post(PATH, &body)
        .await
        .expect_problem(409, "too_many_api_keys");
    let _ = acme
        .browser
        .delete(&format!("{PATH}/{}", keys[0].id))
        .await
        .expect(200);
    acme.till().await;
    let _ = acme
        .browser
        .post(PATH, &body)
        .await
        .expect_problem(409, "too_many_api_keys");
}

/// Security 27, 36: another tenant's key is not there.
#[tokio::test]
async fn another_tenants_key_cannot_be_revoked() {
    let t = TestApp::start().await;
    let (acme, other) = (t.tenant("acme").await, t.tenant("other").await);
    let key = acme.till().await;
    let path = format!("{PATH}/{}", key.id);
    let _ = other
        .browser
        .delete(&path)
        .await
        .expect_problem(404, "not_found");
    for id in [
        "apk_0",
        "ten_0192aaaabbbb7ccc8dddeeeeffff0001",
        "apk_0192aaaabbbb7ccc8dddeeeeffff0001",
        "%2e%2e",
    ] {
        let answer = acme.browser.delete(&format!("{PATH}/{id}")).await;
        assert_eq!(answer.status, 404, "{id}");
    }
    let _ = key.client.get("/api/v1/usage").await.expect(200);
}

/// A key makes no keys: only people do.
#[tokio::test]
async fn no_scope_lets_a_key_make_or_revoke_keys() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let all = [
        "usage:write",
        "usage:read",
        "capture",
        "payments:read",
        "payments:write",
        "admin:read",
    ];
    let key = acme.api_key("live", &all).await;
    let body = json!({"name": "child", "mode": "test", "scopes": ["capture"]});
    let _ = key
        .client
        .post(PATH, &body)
        .await
        .expect_problem(403, "forbidden");
    let _ = key
        .client
        .delete(&format!("{PATH}/{}", key.id))
        .await
        .expect_problem(403, "forbidden");
    let all: &Client = &key.client;
    let _ = all.get(PATH).await.expect(200);
}

#[tokio::test]
async fn an_ended_subscription_makes_no_new_keys() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    acme.cancels();
    t.run_until_quiet().await;
    let body = json!({"name": "late", "mode": "test", "scopes": ["usage:read"]});
    let answer = acme.browser.post(PATH, &body).await.expect(409);
    assert_eq!(answer.json()["code"], "subscription_ended");
    assert_eq!(t.count("api_keys", "true").await, 0);
}
