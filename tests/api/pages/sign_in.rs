//! Who is not signed in: sent to sign in and back again, and helped if that does not work.

use chrono::Duration;
use testkit::TestApp;

use super::{link, page, parameter, sent_to};

/// Security 1: no data in the body, and the way back in the address.
#[tokio::test]
async fn nobody_sees_a_page_of_the_console() {
    let t = TestApp::start().await;
    let acme = t.buyer("acme");
    acme.registers().await;
    let nobody = t.anonymous();
    for path in [
        "/",
        "/keys",
        "/api-keys",
        "/setup",
        "/usage?state=open&dimension=payments",
        "/usage/met_0192aaaabbbb7ccc8dddeeeeffff0001",
        "/people",
        "/people/usr_0192aaaabbbb7ccc8dddeeeeffff0001",
        "/activity?after=7",
        "/account",
        "/account/recovery-codes",
        "/tenants",
    ] {
        let answer = nobody.get(path).await;
        assert!(answer.body.is_empty(), "{path}");
        let to = sent_to(answer);
        assert!(to.starts_with("/login?next="), "{path}: {to}");
        assert_eq!(parameter(&to, "next"), path);
        // Whoever has only bought goes on buying.
        let to = sent_to(acme.browser.get(path).await);
        if path == "/" {
            assert_eq!(to, "/welcome");
        } else {
            assert!(to.starts_with("/login?next="), "{path}: {to}");
        }
    }
}

/// A form that arrives too late is answered with a page: browsers do not let a form be redirected to the sign-in page. What fills itself
/// in again has what was typed, once somebody has signed in.
#[tokio::test]
async fn a_form_of_nobody_changes_nothing_and_leads_back() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    t.clock.advance(Duration::minutes(31));
    let typed = "email=ben%40acme.example&role=admin";
    for (path, back) in [
        ("/people/invitations", format!("/people?{typed}")),
        ("/api-keys", format!("/api-keys?{typed}")),
        ("/account/sign-out-everywhere", "/account".to_owned()),
    ] {
        let fields = [("email", "ben@acme.example"), ("role", "admin")];
        let answer = acme.browser.post_form(path, &fields).await;
        let text = page(answer, 401, "You are signed out");
        assert_eq!(parameter(&link(&text, "/login"), "next"), back);
    }
    assert_eq!(t.count("invitations", "true").await, 0);
    acme.signs_in().await;
    let text = page(
        acme.browser.get(&format!("/people?{typed}")).await,
        200,
        "Invite",
    );
    assert!(text.contains("value=\"ben@acme.example\""), "{text}");
}

#[tokio::test]
async fn pages_are_for_people_and_not_for_keys() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let till = acme.till().await;
    page(till.client.get("/people").await, 403, "for people");
    page(t.operator().get("/").await, 403, "for people");
}

#[tokio::test]
async fn the_operator_has_a_page_of_their_own_and_none_of_a_tenants() {
    let t = TestApp::start().await;
    let operator = t.signed_in_operator("olga@vendor.example").await;
    let text = page(operator.browser.get("/").await, 200, "operator");
    assert!(text.contains("/operator/registrations"));
    for path in ["/keys", "/people", "/tenants"] {
        assert_eq!(sent_to(operator.browser.get(path).await), "/", "{path}");
    }
    page(operator.browser.get("/account").await, 200, "Account");
}

/// Security 24: the answer is the same whoever is known.
#[tokio::test]
async fn help_tells_nobody_who_is_known() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let invited = t.person("ben@acme.example");
    let body = serde_json::json!({"email": "ben@acme.example", "role": "agent"});
    let _ = acme
        .browser
        .post("/api/v1/invitations", &body)
        .await
        .expect(201);
    t.run_until_quiet().await;
    invited.accepts("Ben").await;
    t.run_until_quiet().await;
    t.clock.advance(Duration::minutes(10));
    let nobody = t.anonymous();
    for path in ["/recover", "/login/help"] {
        page(nobody.get(path).await, 200, "Your e-mail");
        let mut answers = Vec::new();
        for email in [
            "ann@acme.example",
            "ben@acme.example",
            "stranger@acme.example",
        ] {
            let fields = [("email", email), ("code", "k7m2p-x9qrt-4hvwz")];
            let answer = nobody.post_form(path, &fields).await.expect(200);
            answers.push(answer.text());
        }
        assert!(answers.windows(2).all(|pair| pair[0] == pair[1]), "{path}");
        let fields = [("email", "no address"), ("code", "secret-code-typed")];
        let text = page(
            nobody.post_form(path, &fields).await,
            422,
            "Enter an e-mail",
        );
        assert!(text.contains("no address") && !text.contains("secret-code-typed"));
    }
}

/// Security 46: wherever the way back points, it is a page of our own.
#[tokio::test]
async fn after_signing_in_one_is_back_where_one_was() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let ann = t.person(&acme.email());
    let to = sent_to(ann.browser.get("/usage?state=open").await);
    let back = ann.goes_to_sign_in(t.passing(&ann.email), &to).await;
    let next = sent_to(ann.browser.get(&back.path()).await);
    assert_eq!(next, "/usage?state=open");
    page(ann.browser.get(&next).await, 200, "Usage");
}
