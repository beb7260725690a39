//! One person in two tenants: what either can do to them, and what it learns of the other.

use serde_json::Value;
use testkit::TestApp;

/// A buyer may type anybody's address. Until that person comes in, the buyer can take it back and come in instead; what the person did
/// elsewhere meanwhile is none of their business.
#[tokio::test]
async fn a_buyer_learns_nothing_of_whom_they_named() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let evil = t.buyer("evil");
    evil.is_confirmed();
    evil.registers().await;
    let fields = [("email", &*acme.email()), ("name", "Ann")];
    let _ = evil
        .browser
        .post_form("/welcome", &fields)
        .await
        .expect(303);
    t.run_until_quiet().await;

    let ann = t.person(&acme.email());
    ann.signs_in().await;
    let id = ann.account().await["id"].as_str().unwrap().to_owned();
    let path = "/api/v1/account/recovery-codes";
    let _ = ann.browser.post(path, &Value::Null).await.expect(201);
    let _ = ann
        .browser
        .delete("/api/v1/account/sessions")
        .await
        .expect(204);
    t.run_until_quiet().await;

    evil.completes("eve@evil.example").await;
    t.run_until_quiet().await;
    let eve = t.person("eve@evil.example");
    eve.signs_in().await;
    let lines = eve
        .browser
        .get("/api/v1/audit-log")
        .await
        .expect(200)
        .items();
    let about = |line: &&Value| {
        let actor = line["actor"] == format!("user:{id}") || line["target"] == id;
        actor && line["action"] != "user.provision"
    };
    let told: Vec<_> = lines
        .iter()
        .filter(about)
        .map(|line| &line["action"])
        .collect();
    assert!(told.is_empty(), "with time and network address: {told:?}");
}

/// A second factor that one tenant takes away is missing in the other too: its owners hear of it, and its trail has it.
#[tokio::test]
async fn a_reset_by_one_tenant_is_told_to_the_other() {
    let t = TestApp::start().await;
    let (acme, other) = (t.tenant("acme").await, t.tenant("other").await);
    // An owner here, and somebody with little to say over there.
    let ben = t.member(&acme.browser, "ben@acme.example", "owner").await;
    let _ = t.member(&other.browser, &ben.email, "agent").await;
    t.identity.set_up_authenticator(&ben.email);
    let id = ben.account().await["id"].as_str().unwrap().to_owned();
    let mails = t.mailer.sent().len();
    let path = format!("/api/v1/users/{id}/authenticator-reset");
    let answer = other.browser.post(&path, &Value::Null).await;
    t.run_until_quiet().await;
    if answer.status == 403 {
        // Refusing it is as good: then nothing is taken away.
        assert!(t.identity.has_authenticator(&ben.email));
        return;
    }
    let told = t.mailer.sent().split_off(mails);
    let told: Vec<_> = told.iter().map(|mail| mail.to.as_str()).collect();
    assert!(
        told.contains(&"ann@acme.example"),
        "only these heard of it: {told:?}"
    );
    let (tenant, _) = acme.ids().await;
    let line = format!("tenant_id = '{tenant}' AND action = 'user.resetAuthenticator'");
    assert_eq!(t.count("audit_log", &line).await, 1);
}

/// Whoever manages people here manages nobody's membership there.
#[tokio::test]
async fn roles_and_removals_end_at_the_tenants_border() {
    let t = TestApp::start().await;
    let (acme, other) = (t.tenant("acme").await, t.tenant("other").await);
    let ben = t.member(&acme.browser, "ben@acme.example", "owner").await;
    let _ = t.member(&other.browser, &ben.email, "agent").await;
    let id = ben.account().await["id"].as_str().unwrap().to_owned();
    let path = format!("/api/v1/users/{id}");
    let request = other.browser.request(reqwest::Method::PATCH, &path);
    let request = request.json(&serde_json::json!({"role": "auditor"}));
    let _ = other.browser.send(request).await.expect(204);
    let (tenant, _) = acme.ids().await;
    let own = format!("tenant_id = '{tenant}' AND user_id = '{id}' AND role = 'owner'");
    assert_eq!(t.count("memberships", &own).await, 1);
    let _ = other.browser.delete(&path).await.expect(204);
    t.run_until_quiet().await;
    assert_eq!(t.count("memberships", &own).await, 1);
    assert!(!t.identity.disabled(&ben.email));
    let _ = ben.browser.get("/api/v1/users").await.expect(200);
}
