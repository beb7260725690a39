//! `/people` and `/activity`: what each role may do there, and what it does.

use chrono::Duration;
use testkit::TestApp;

use super::{link, page, parameter, sent_to};

async fn id_of(t: &TestApp, email: &str) -> String {
    let sql = format!("SELECT id FROM users WHERE email = '{email}'");
    t.rows(&sql).await.concat().concat()
}

async fn invitation_of(t: &TestApp, email: &str) -> String {
    let sql = format!("SELECT id FROM invitations WHERE email = '{email}'");
    t.rows(&sql).await.concat().concat()
}

#[tokio::test]
async fn somebody_is_invited_again_and_taken_back() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let ben = t.person("ben@acme.example");
    let browser = &acme.browser;
    page(browser.get("/people").await, 200, "Nobody is invited");
    let fields = [("email", "ben@acme.example"), ("role", "developer")];
    let to = sent_to(browser.post_form("/people/invitations", &fields).await);
    page(
        browser.get(&to).await,
        200,
        "on its way to ben@acme.example",
    );
    let again = browser.post_form("/people/invitations", &fields).await;
    let text = page(again, 409, "invited already");
    assert!(text.contains("value=\"ben@acme.example\""));
    let wrong = [("email", "ben"), ("role", "king")];
    let wrong = browser.post_form("/people/invitations", &wrong).await;
    page(wrong, 422, "Some fields need another look");
    t.run_until_quiet().await;
    let first = ben.invitation_link();
    let id = invitation_of(&t, "ben@acme.example").await;
    let path = format!("/people/invitations/{id}");
    let to = sent_to(browser.post_form(&format!("{path}/resend"), &[]).await);
    page(browser.get(&to).await, 200, "on its way");
    t.run_until_quiet().await;
    let second = ben.invitation_link();
    let look = async |link: &str| t.anonymous().get(&format!("/invitations/{link}")).await;
    let gone = look(&first).await;
    assert_eq!(gone.header("referrer-policy"), "no-referrer");
    page(gone, 410, "invitation is over");
    let open = look(&second).await;
    assert_eq!(open.header("referrer-policy"), "no-referrer");
    page(open, 200, "Developer");
    let to = sent_to(browser.post_form(&format!("{path}/revoke"), &[]).await);
    page(browser.get(&to).await, 200, "taken back");
    page(look(&second).await, 410, "taken back");
}

/// Security 25, and a link that is pressed twice.
#[tokio::test]
async fn an_invitation_is_accepted_once_and_leads_to_the_sign_in() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let ben = t.member(&acme.browser, "ben@acme.example", "agent").await;
    let path = format!("/invitations/{}", ben.invitation_link());
    page(ben.browser.get(&path).await, 410, "accepted already");
    let text = page(ben.browser.get("/").await, 200, "You are in");
    assert!(text.contains("Make recovery codes") && !text.contains("href=\"/keys\""));
    for path in ["/people", "/activity", "/keys", "/api-keys", "/usage"] {
        page(ben.browser.get(path).await, 403, "Your role");
    }
}

#[tokio::test]
async fn a_member_is_changed_reset_and_removed() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let ben = t
        .member(&acme.browser, "ben@acme.example", "developer")
        .await;
    let browser = &acme.browser;
    let member = format!("/people/{}", id_of(&t, &ben.email).await);
    page(browser.get(&member).await, 200, "Change the role");
    let role = [("role", "auditor")];
    let to = sent_to(browser.post_form(&format!("{member}/role"), &role).await);
    page(browser.get(&to).await, 200, "is now auditor");
    // It counts from the next click, and an auditor only looks.
    let text = page(ben.browser.get("/people").await, 200, "Members");
    assert!(!text.contains("/people/invitations") && !text.contains("Change</a>"));
    let text = page(ben.browser.get("/activity").await, 200, "Changed a role");
    // Whom it is about is named, as who did it is.
    let (_, about) = text.split_once("user.changeRole</span>").unwrap();
    let about = about.split("</tr>").next().unwrap();
    assert!(
        about.contains("Ben Builder") && about.contains("ben@acme.example"),
        "{about}"
    );
    assert!(!about.contains("usr_"), "{about}");
    page(ben.browser.get(&member).await, 403, "Your role");
    let (path, owner) = (format!("{member}/role"), [("role", "owner")]);
    let posted = ben.browser.post_form(&path, &owner).await;
    page(posted, 403, "Your role");

    let signed_in = format!("{member}/resend-password");
    let answer = browser.post_form(&signed_in, &[]).await;
    page(answer, 409, "has signed in and has a password");
    let reset = format!("{member}/reset-authenticator");
    page(browser.get(&reset).await, 200, "Reset the authenticator of");
    let to = sent_to(browser.post_form(&reset, &[]).await);
    page(browser.get(&to).await, 200, "new authenticator");
    assert!(sent_to(ben.browser.get("/people").await).starts_with("/login"));
    t.run_until_quiet().await;
    let remove = format!("{member}/remove");
    page(browser.get(&remove).await, 200, "Remove Ben Builder?");
    let to = sent_to(browser.post_form(&remove, &[]).await);
    let text = page(browser.get(&to).await, 200, "can no longer come in");
    assert!(!text.contains("ben@acme.example"));
    let me = format!("/people/{}", id_of(&t, &acme.email()).await);
    // Who cannot go is not asked whether to.
    let text = page(browser.get(&me).await, 200, "The last owner stays");
    assert!(!text.contains(&format!("{me}/remove")) && !text.contains(&format!("{me}/role")));
    page(
        browser.get(&format!("{me}/remove")).await,
        409,
        "last owner",
    );
    let last = browser.post_form(&format!("{me}/remove"), &[]).await;
    page(last, 409, "last owner");
}

#[tokio::test]
async fn who_never_signed_in_has_nothing_to_reset() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let ben = t.person("ben@acme.example");
    let body = serde_json::json!({"email": ben.email, "role": "agent"});
    let invited = acme.browser.post("/api/v1/invitations", &body).await;
    let _ = invited.expect(201);
    t.run_until_quiet().await;
    ben.accepts("Ben Builder").await;
    t.run_until_quiet().await;
    let member = format!("/people/{}", id_of(&t, &ben.email).await);
    let reset = format!("{member}/reset-authenticator");
    let text = page(acme.browser.get(&reset).await, 200, "nothing to reset");
    assert!(!text.contains(&format!("action=\"{member}")), "{text}");
}

#[tokio::test]
async fn an_admin_cannot_reach_owners() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let ben = t.member(&acme.browser, "ben@acme.example", "admin").await;
    let owner = format!("/people/{}", id_of(&t, &acme.email()).await);
    let text = page(ben.browser.get(&owner).await, 200, "Only an owner");
    assert!(!text.contains("Change the role"));
    page(
        ben.browser.get(&format!("{owner}/remove")).await,
        403,
        "Only an owner",
    );
    let fields = [("email", "eve@acme.example"), ("role", "owner")];
    let answer = ben.browser.post_form("/people/invitations", &fields).await;
    let text = page(answer, 403, "Only an owner");
    assert!(text.contains("value=\"eve@acme.example\""), "{text}");
    let text = page(ben.browser.get("/people").await, 200, "Invite somebody");
    let form = text.split_once("id=\"invite\"").unwrap().1;
    assert!(form.contains("value=\"agent\"") && !form.contains("value=\"owner\""));
}

/// Security 21: nothing that was typed is lost.
#[tokio::test]
async fn long_after_signing_in_a_form_waits_for_signing_in_again() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let ann = acme.email();
    t.clock.advance(Duration::minutes(6));
    let fields = [("email", "ben@acme.example"), ("role", "developer")];
    let answer = acme.browser.post_form("/people/invitations", &fields).await;
    let text = page(answer, 401, "Sign in again");
    let again = link(&text, "/login?again=1");
    assert_eq!(
        parameter(&again, "next"),
        "/people?email=ben%40acme.example&role=developer"
    );
    let to = sent_to(acme.browser.get(&again).await);
    let back = t.login.passes(&to, t.passing(&ann));
    let next = sent_to(acme.browser.get(&back.path()).await);
    let text = page(acme.browser.get(&next).await, 200, "ben@acme.example");
    assert!(text.contains("value=\"developer\" checked"), "{text}");
    assert_eq!(t.count("invitations", "true").await, 0);
    let to = sent_to(acme.browser.post_form("/people/invitations", &fields).await);
    page(
        acme.browser.get(&to).await,
        200,
        "An invitation is on its way",
    );
    t.run_until_quiet().await;
}

#[tokio::test]
async fn the_activity_is_narrowed_paged_and_exported() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let browser = &acme.browser;
    let tenant = acme.ids().await.0.to_string();
    for _ in 0..55 {
        let fields = [("tenant", tenant.as_str())];
        assert_eq!(
            sent_to(browser.post_form("/account/tenant", &fields).await),
            "/"
        );
    }
    let path = "/activity?action=session.selectTenant";
    let text = page(browser.get(path).await, 200, "Switched to this account");
    let lines = |text: &str| text.matches("session.selectTenant</span>").count();
    assert!(!text.contains("session.create</span>"));
    assert_eq!(lines(&text), 50);
    let next = link(&text, "/activity?action=session.selectTenant&amp;after=");
    let text = page(browser.get(&next).await, 200, "First page");
    assert_eq!(lines(&text), 5);
    page(
        browser.get("/activity?action=no.such").await,
        400,
        "could not read",
    );
    page(
        browser.get("/activity?actor=user%3Ausr_none").await,
        200,
        "Nothing matches",
    );
    let to = sent_to(browser.get("/activity?outcome=done&format=csv").await);
    let file = browser.get(&to).await.expect(200);
    assert!(file.header("content-type").starts_with("text/csv"));
    let developer = t.member(browser, "dev@acme.example", "developer").await;
    page(developer.browser.get("/activity").await, 403, "Your role");
}

/// Security 40: what people call themselves is text wherever it stands.
#[tokio::test]
async fn a_name_is_never_markup() {
    const NAME: &str = "\"><script>alert(1)</script><img src=x onerror=x>";
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let ben = t.person("ben@acme.example");
    ben.is_invited_by(&acme.browser, "admin").await;
    ben.accepts(NAME).await;
    t.run_until_quiet().await;
    ben.signs_in().await;
    let member = format!("/people/{}", id_of(&t, &ben.email).await);
    for (browser, path) in [
        (&acme.browser, "/people"),
        (&acme.browser, member.as_str()),
        (&acme.browser, &format!("{member}/remove")),
        (&acme.browser, "/activity"),
        (&ben.browser, "/"),
        (&ben.browser, "/account"),
    ] {
        let text = browser.get(path).await.expect(200).text();
        // Ours, where islands are built in.
        let text = text.replace("<script type=\"module\" src=\"/assets/islands-", "");
        assert!(
            !text.contains("<script") && !text.contains("<img"),
            "{path}"
        );
    }
}
