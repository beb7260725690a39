//! `/account` and `/tenants`: one's own browsers, codes and tenants.

use chrono::Duration;
use testkit::TestApp;

use super::{page, parameter, sent_to};

#[tokio::test]
async fn a_browser_elsewhere_is_signed_out_and_then_all_of_them() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let phone = t.person(&acme.email());
    phone.signs_in().await;
    let text = page(acme.browser.get("/account").await, 200, "this browser");
    let id = text
        .split_once("/account/sessions/")
        .unwrap()
        .1
        .split_once('/')
        .unwrap()
        .0
        .to_owned();
    assert_eq!(text.matches("/account/sessions/").count(), 1);
    let path = format!("/account/sessions/{id}/end");
    let to = sent_to(acme.browser.post_form(&path, &[]).await);
    page(
        acme.browser.get(&to).await,
        200,
        "That browser is signed out",
    );
    assert!(sent_to(phone.browser.get("/account").await).starts_with("/login"));
    let again = acme.browser.post_form(&path, &[]).await;
    page(again, 404, "nothing here");
    phone.signs_in().await;
    let answer = acme
        .browser
        .post_form("/account/sign-out-everywhere", &[])
        .await;
    assert!(answer.header("clear-site-data").contains("storage"));
    page(answer, 200, "You are signed out");
    assert!(sent_to(phone.browser.get("/account").await).starts_with("/login"));
    t.run_until_quiet().await;
}

#[tokio::test]
async fn recovery_codes_are_shown_once_and_let_one_back_in() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let browser = &acme.browser;
    page(browser.get("/").await, 200, "Make recovery codes");
    page(browser.get("/account/recovery-codes").await, 200, "ten");
    let text = browser
        .post_form("/account/recovery-codes", &[])
        .await
        .expect(201)
        .text();
    let list = text
        .split_once("<pre")
        .unwrap()
        .1
        .split_once('>')
        .unwrap()
        .1;
    let list = list.split_once("</pre>").unwrap().0;
    let codes: Vec<&str> = list.lines().collect();
    assert_eq!(codes.len(), 10, "{list}");
    for code in &codes {
        t.logs.keep_secret(code);
    }
    let text = page(browser.get("/account").await, 200, "10 left");
    assert!(!text.contains(codes[0]));
    let text = page(browser.get("/").await, 200, "Add a second owner");
    assert!(!text.contains("Make recovery codes"));
    let fields = [("email", &*acme.email()), ("code", codes[0])];
    let answer = t.anonymous().post_form("/recover", &fields).await;
    page(answer, 200, "Now sign in");
    t.run_until_quiet().await;
    assert!(sent_to(browser.get("/account").await).starts_with("/login"));
    acme.signs_in().await;
    page(browser.get("/account").await, 200, "9 left");
    // Long after signing in, the question itself leads to signing in again.
    t.clock.advance(Duration::minutes(6));
    let to = sent_to(browser.get("/account/recovery-codes").await);
    assert!(to.starts_with("/login?again=1"), "{to}");
    assert_eq!(parameter(&to, "next"), "/account/recovery-codes");
    let answer = browser.post_form("/account/recovery-codes", &[]).await;
    page(answer, 401, "Sign in again");
}

#[tokio::test]
async fn who_is_in_several_tenants_chooses_one_and_sees_that_alone() {
    let t = TestApp::start().await;
    let (acme, other) = (t.tenant("acme").await, t.tenant("other").await);
    let ben = t.member(&acme.browser, "ben@acme.example", "agent").await;
    ben.is_invited_by(&other.browser, "auditor").await;
    ben.accepts("Ben Builder").await;
    t.run_until_quiet().await;
    // A browser that never looked at any of them.
    let fresh = t.person(&ben.email);
    fresh.signs_in().await;
    assert_eq!(sent_to(fresh.browser.get("/people").await), "/tenants");
    page(
        fresh.browser.get("/tenants").await,
        200,
        "Choose an account",
    );
    page(fresh.browser.get("/account").await, 200, "Where you belong");
    let (tenant, _) = other.ids().await;
    let choose = async |tenant: &str| {
        let fields = [("tenant", tenant)];
        fresh.browser.post_form("/account/tenant", &fields).await
    };
    page(choose("nonsense").await, 404, "nothing here");
    assert_eq!(sent_to(choose(&tenant.to_string()).await), "/");
    let text = page(fresh.browser.get("/people").await, 200, "ann@other.example");
    assert!(!text.contains("ann@acme.example") && text.contains("Switch to"));
    let (tenant, _) = acme.ids().await;
    assert_eq!(sent_to(choose(&tenant.to_string()).await), "/");
    page(fresh.browser.get("/people").await, 403, "Your role");
    page(fresh.browser.get("/").await, 200, "You are in");
}
