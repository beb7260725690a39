//! Every change leaves a line in the audit trail, in the transaction that makes it; looks and refusals leave none.

use serde_json::json;
use testkit::TestApp;

#[tokio::test]
async fn every_mutation_leaves_its_line() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let (tenant, licence) = acme.ids().await;
    let line = async |action: &str| {
        let sql = format!(
            "SELECT actor, target, tenant_id FROM audit_log WHERE action = '{action}' ORDER BY id DESC LIMIT 1"
        );
        t.rows(&sql).await.concat()
    };
    assert_eq!(
        line("licence.register").await,
        [
            "system:marketplace-landing",
            &*licence.to_string(),
            &*tenant.to_string()
        ]
    );
    let buyer = format!("buyer:{licence}");
    let owner = t.rows("SELECT 'user:' || id FROM users").await.concat();
    let owner = &*owner.concat();
    assert_eq!(
        line("registration.complete").await,
        [&*buyer, &*licence.to_string(), &*tenant.to_string()]
    );
    let key = acme.till().await;
    assert_eq!(
        line("apiKey.create").await,
        [owner, &*key.id, &*tenant.to_string()]
    );
    let path = format!("/api/v1/api-keys/{}", key.id);
    let request = acme
        .browser
        .request(reqwest::Method::DELETE, &path)
        .header("x-request-id", "from-the-till");
    let _ = acme.browser.send(request).await.expect(200);
    assert_eq!(
        line("apiKey.revoke").await,
        [owner, &*key.id, &*tenant.to_string()]
    );
    let last = t
        .rows("SELECT request_id FROM audit_log ORDER BY id DESC LIMIT 1")
        .await;
    assert_eq!(last, [["from-the-till"]]);
    assert!(t.count("audit_log", "action = 'tenant.provision'").await > 0);
}

#[tokio::test]
async fn looks_and_refusals_leave_no_line() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let before = t.count("audit_log", "true").await;
    for path in [
        "tenant",
        "agreements",
        "setup",
        "keys",
        "api-keys",
        "usage",
        "metering-records",
    ] {
        let _ = acme
            .browser
            .get(&format!("/api/v1/{path}"))
            .await
            .expect(200);
    }
    let wrong = json!({"name": "", "mode": "test", "scopes": []});
    assert_eq!(
        acme.browser.post("/api/v1/api-keys", &wrong).await.status,
        422
    );
    assert_eq!(
        acme.browser
            .delete("/api/v1/api-keys/apk_0192aaaabbbb7ccc8dddeeeeffff0001")
            .await
            .status,
        404
    );
    t.run_until_quiet().await;
    assert_eq!(t.count("audit_log", "true").await, before);
}

/// Usage has the ledger as its trail: every accepted event and every sending is a row of its own.
#[tokio::test]
async fn usage_and_metering_leave_their_trail_in_the_ledger() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let till = acme.till().await;
    let before = t.count("audit_log", "true").await;
    till.sends(&acme.usage("one", 1)).await;
    t.an_hour_passes().await;
    assert_eq!(t.count("audit_log", "true").await, before);
    assert_eq!(t.count("usage_events", "true").await, 1);
    assert_eq!(t.count("metering_attempts", "outcome = 'Success'").await, 2);
}

/// No line has U+0000 in it, and PostgreSQL cannot even be asked for it.
#[tokio::test]
async fn what_cannot_be_looked_for_is_not_found() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    for name in ["action", "actor", "outcome"] {
        let path = format!("/api/v1/audit-log?{name}=a%00b");
        let found = acme.browser.get(&path).await.expect(200);
        assert_eq!(found.items().len(), 0, "{name}");
    }
    let page = acme.browser.get("/activity?actor=a%00b").await;
    let _ = page.expect(200);
}
