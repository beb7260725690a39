//! Who may call what: every documented operation, by every scope, by the buyer, by the operator and by nobody (security 27, 28).

use std::fmt::Write;

use serde_json::json;
use testkit::{Client, TestApp};

/// Every operation with a request that would work, if the caller may make it.
const OPERATIONS: [(&str, &str); 14] = [
    ("GET", "/api/v1/tenant"),
    ("GET", "/api/v1/agreements"),
    ("GET", "/api/v1/setup"),
    ("GET", "/api/v1/keys"),
    ("GET", "/api/v1/keys/{key}"),
    ("GET", "/api/v1/keys/{key}/public-key.pem"),
    ("GET", "/api/v1/keys/{key}/certificate.pem"),
    ("GET", "/api/v1/api-keys"),
    ("POST", "/api/v1/api-keys"),
    ("DELETE", "/api/v1/api-keys/{apiKey}"),
    ("GET", "/api/v1/usage"),
    ("GET", "/api/v1/metering-records"),
    ("GET", "/api/v1/operator/registrations"),
    ("POST", "/api/v1/usage-events"),
];

async fn row(client: &Client, key: &str, api_key: &str) -> Vec<u16> {
    let mut statuses = Vec::new();
    for (method, path) in OPERATIONS {
        let path = path.replace("{key}", key).replace("{apiKey}", api_key);
        let answer = match method {
            "GET" => client.get(&path).await,
            "DELETE" => client.delete(&path).await,
            _ if path.ends_with("usage-events") => {
                client
                    .post_raw(&path, "application/cloudevents-batch+json", "[]")
                    .await
            }
            _ => {
                client
                    .post(
                        &path,
                        &json!({"name": "n", "mode": "test", "scopes": ["capture"]}),
                    )
                    .await
            }
        };
        if answer.status >= 400 {
            answer.check_problem();
        }
        if answer.status == 201 {
            // Only to keep the made key out of the others' way.
            assert!(answer.json()["secret"].is_string());
        }
        statuses.push(answer.status);
    }
    statuses
}

#[tokio::test]
async fn each_credential_reaches_exactly_what_it_may() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let key = acme.browser.get("/api/v1/keys").await.items()[0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let spare = acme.till().await.id;
    let mut matrix = String::new();
    let mut write = |who: &str, statuses: Vec<u16>| {
        let texts: Vec<String> = statuses.iter().map(u16::to_string).collect();
        let _ = writeln!(matrix, "{who:15} {}", texts.join(" "));
    };
    for scope in [
        "usage:write",
        "usage:read",
        "capture",
        "payments:read",
        "payments:write",
        "admin:read",
    ] {
        let client = acme.api_key("live", &[scope]).await.client;
        write(scope, row(&client, &key, &spare).await);
    }
    write("operator", row(&t.operator(), &key, &spare).await);
    write("nobody", row(&t.anonymous(), &key, &spare).await);
    write("buyer", row(&acme.browser, &key, &spare).await);
    insta::assert_snapshot!(matrix, @r"
    usage:write     403 403 403 403 403 403 403 403 403 403 403 403 404 200
    usage:read      403 403 403 403 403 403 403 403 403 403 200 200 404 403
    capture         403 403 403 403 403 403 403 403 403 403 403 403 404 403
    payments:read   403 403 403 403 403 403 403 403 403 403 403 403 404 403
    payments:write  403 403 403 403 403 403 403 403 403 403 403 403 404 403
    admin:read      200 200 200 200 200 200 200 200 403 403 200 200 404 403
    operator        404 404 404 404 404 404 404 404 404 404 400 400 200 200
    nobody          401 401 401 401 401 401 401 401 401 401 401 401 401 401
    buyer           200 200 200 200 200 200 200 200 201 200 200 200 404 403
    ");
}

/// Security 27: everything that is named by an id is not there for another tenant, whatever its key may do.
#[tokio::test]
async fn nothing_of_another_tenant_is_there() {
    let t = TestApp::start().await;
    let (acme, other) = (t.tenant("acme").await, t.tenant("other").await);
    let key = acme.browser.get("/api/v1/keys").await.items()[0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let till = acme.till().await;
    let (_, licence) = acme.ids().await;
    let admin = other
        .api_key("live", &["admin:read", "usage:read"])
        .await
        .client;
    for client in [&other.browser, &admin] {
        for path in [
            format!("/api/v1/keys/{key}"),
            format!("/api/v1/keys/{key}/public-key.pem"),
            format!("/api/v1/keys/{key}/certificate.pem"),
        ] {
            let _ = client.get(&path).await.expect_problem(404, "not_found");
        }
        let path = format!("/api/v1/metering-records?licence={licence}");
        assert_eq!(
            client.get(&path).await.expect(200).items(),
            Vec::<serde_json::Value>::new()
        );
        let listed = client.get("/api/v1/agreements").await.expect(200).text();
        assert!(!listed.contains(&acme.key()));
        let listed = client.get("/api/v1/api-keys").await.expect(200).text();
        assert!(!listed.contains(&till.id));
    }
    let gone = other
        .browser
        .delete(&format!("/api/v1/api-keys/{}", till.id))
        .await;
    let _ = gone.expect_problem(404, "not_found");
}
