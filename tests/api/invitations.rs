//! Invitations: their links open once, for three days, until a newer one replaces them; whoever accepts is who was invited.

use chrono::Duration;
use domain::invitation::MOST_OPEN;
use reqwest::Method;
use serde_json::{Value, json};
use testkit::{Answer, Buyer, Client, Person, TestApp};

use crate::stage::crowd;

async fn invites(buyer: &Buyer<'_>, email: &str, role: &str) -> Answer {
    let body = json!({"email": email, "role": role});
    buyer.browser.post("/api/v1/invitations", &body).await
}

/// An invitation that has arrived: who got it, its id, and the path of its link.
async fn invited<'t>(
    t: &'t TestApp,
    buyer: &Buyer<'_>,
    email: &str,
) -> (Person<'t>, String, String) {
    let made = invites(buyer, email, "developer").await.expect(201).json();
    t.run_until_quiet().await;
    let person = t.person(email);
    let path = format!("/invitations/{}", person.invitation_link());
    (person, made["id"].as_str().unwrap().to_owned(), path)
}

/// Security 25: the link opens nothing, whether it is looked at or accepted, and nobody becomes a member by it.
async fn is_over(t: &TestApp, path: &str, words: &str) {
    let members = t.count("memberships", "true").await;
    let browser = t.anonymous();
    for answer in [
        browser.get(path).await,
        browser.post_form(path, &[("name", "Eve Early")]).await,
    ] {
        assert!(answer.text().contains(words), "{}", answer.text());
        assert_eq!(answer.header("referrer-policy"), "no-referrer");
        let _ = answer.expect(410);
    }
    t.run_until_quiet().await;
    assert_eq!(t.count("memberships", "true").await, members);
}

const USED: &str = "was accepted already";
const REPLACED: &str = "not good any more";

/// The whole way of somebody new: mail, link, name, first password, sign-in, role.
#[tokio::test]
async fn who_accepts_becomes_what_the_invitation_says() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let (ben, id, path) = invited(&t, &acme, "ben@acme.example").await;
    let mail = &t.mailer.mails_to(&ben.email)[0];
    assert_eq!(mail.subject, "Ann Harbour invites you to Payphone");
    assert!(
        mail.text.contains("as developer")
            && mail
                .text
                .contains("http://console.payphone.example/invitations/")
    );
    assert_eq!(t.identity.accounts(), 1, "no account before it is accepted");
    let page = ben.browser.get(&path).await.expect(200);
    assert!(page.text().contains("ben@acme.example") && page.text().contains("Developer"));
    assert_eq!(page.header("referrer-policy"), "no-referrer");

    ben.accepts("Ben Builder").await;
    assert!(
        ben.browser.cookie("__Host-session").is_none(),
        "the link signs nobody in"
    );
    t.run_until_quiet().await;
    assert_eq!(t.identity.invitations(&ben.email).len(), 1);
    ben.signs_in().await;
    let account = ben.account().await;
    assert_eq!(account["name"], "Ben Builder");
    assert_eq!(account["tenants"][0]["role"], "developer");
    let users = acme.browser.get("/api/v1/users").await.items();
    assert_eq!(users.len(), 2);
    assert_eq!(users[1]["state"], "active");
    let open = acme.browser.get("/api/v1/invitations").await.items();
    assert_eq!(open, Vec::<Value>::new());
    let path = format!("/api/v1/invitations/{id}");
    let _ = acme
        .browser
        .delete(&path)
        .await
        .expect_problem(410, "invitation_over");
}

/// Security 25: used twice, also at the same moment.
#[tokio::test]
async fn a_link_opens_once() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let (ben, _, path) = invited(&t, &acme, "ben@acme.example").await;
    let (one, other) = (t.anonymous(), t.anonymous());
    let name = [("name", "Ben Builder")];
    let (one, other) = tokio::join!(one.post_form(&path, &name), other.post_form(&path, &name));
    let mut statuses = [one.status, other.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 410]);
    is_over(&t, &path, USED).await;
    assert_eq!(t.identity.invitations(&ben.email).len(), 1);
}

/// Security 25: after 72 hours; sending it again gives it three more days.
#[tokio::test]
async fn a_link_opens_for_three_days() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let (ben, id, path) = invited(&t, &acme, "ben@acme.example").await;
    t.clock
        .advance_real(Duration::hours(72) - Duration::seconds(1));
    t.clock.advance_business(Duration::days(30));
    let _ = t.anonymous().get(&path).await.expect(200);
    t.clock.advance_real(Duration::seconds(1));
    is_over(&t, &path, "three days, and they are over").await;
    acme.signs_in().await;
    let listed = acme.browser.get("/api/v1/invitations").await.items();
    assert_eq!(listed[0]["state"], "expired");
    let again = invites(&acme, &ben.email, "agent").await;
    let _ = again.expect_problem(409, "already_invited");
    let resend = format!("/api/v1/invitations/{id}/resend");
    let sent = acme
        .browser
        .post(&resend, &Value::Null)
        .await
        .expect(200)
        .json();
    assert_eq!(sent["state"], "open");
    t.run_until_quiet().await;
    is_over(&t, &path, REPLACED).await;
    ben.accepts("Ben Builder").await;
}

/// Security 25: a link that was sent again is another one, and the one before is none.
#[tokio::test]
async fn a_newer_link_replaces_the_one_before() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let (ben, id, path) = invited(&t, &acme, "ben@acme.example").await;
    let resend = format!("/api/v1/invitations/{id}/resend");
    let _ = acme.browser.post(&resend, &Value::Null).await.expect(200);
    t.run_until_quiet().await;
    assert_eq!(t.mailer.mails_to(&ben.email).len(), 2);
    is_over(&t, &path, REPLACED).await;
    ben.accepts("Ben Builder").await;
}

/// Security 25: taken back, however often; only then the address can be invited anew.
#[tokio::test]
async fn a_link_that_was_taken_back_opens_nothing() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let (ben, id, path) = invited(&t, &acme, "ben@acme.example").await;
    for _ in 0..2 {
        let _ = acme
            .browser
            .delete(&format!("/api/v1/invitations/{id}"))
            .await
            .expect(204);
    }
    is_over(&t, &path, "was taken back").await;
    let resend = format!("/api/v1/invitations/{id}/resend");
    let sent = acme.browser.post(&resend, &Value::Null).await;
    let _ = sent.expect_problem(410, "invitation_over");
    let _ = invites(&acme, &ben.email, "agent").await.expect(201);
    t.run_until_quiet().await;
    ben.accepts("Ben Builder").await;
}

/// An invitation that is taken back before its mail went out is never mailed.
#[tokio::test]
async fn what_is_taken_back_in_time_is_never_mailed() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let made = invites(&acme, "ben@acme.example", "agent")
        .await
        .expect(201)
        .json();
    let path = format!("/api/v1/invitations/{}", made["id"].as_str().unwrap());
    let _ = acme.browser.delete(&path).await.expect(204);
    t.run_until_quiet().await;
    assert!(t.mailer.mails_to("ben@acme.example").is_empty());
}

/// Security 25: a changed link, and one of another shape.
#[tokio::test]
async fn a_changed_link_opens_nothing() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let (_, _, path) = invited(&t, &acme, "ben@acme.example").await;
    let last = path.chars().last().unwrap();
    let other = if last == '0' { '1' } else { '0' };
    for wrong in [
        format!("{}{other}", &path[..path.len() - 1]),
        path[..path.len() - 1].to_owned(),
        format!("{path}0"),
        path.to_uppercase()
            .replace("/INVITATIONS/", "/invitations/"),
        "/invitations/x".to_owned(),
        "/invitations/%00".to_owned(),
    ] {
        is_over(&t, &wrong, REPLACED).await;
    }
    let _ = t.anonymous().get(&path).await.expect(200);
}

/// Security 44: mail scanners open links; looking changes nothing, however often.
#[tokio::test]
async fn looking_at_a_link_changes_nothing() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let (ben, _, path) = invited(&t, &acme, "ben@acme.example").await;
    let before = t.rows("SELECT * FROM invitations").await;
    for _ in 0..3 {
        let _ = t.anonymous().get(&path).await.expect(200);
        let head = t.anonymous();
        let _ = head
            .send(head.request(Method::HEAD, &path))
            .await
            .expect(200);
    }
    assert_eq!(t.rows("SELECT * FROM invitations").await, before);
    assert_eq!(t.count("memberships", "true").await, 1);
    let nameless = t.anonymous().post_form(&path, &[("name", " ")]).await;
    let _ = nameless.expect(422);
    ben.accepts("Ben Builder").await;
}

/// Whoever opens the link, it is the invited address that comes in; the browser's own person joins nothing.
#[tokio::test]
async fn the_one_who_was_invited_comes_in_and_nobody_else() {
    let t = TestApp::start().await;
    let (acme, other) = (t.tenant("acme").await, t.tenant("other").await);
    let (ben, _, path) = invited(&t, &acme, "ben@acme.example").await;
    let _ = other
        .browser
        .post_form(&path, &[("name", "Ben Builder")])
        .await
        .expect(200);
    let account = other.browser.get("/api/v1/account").await.json();
    assert_eq!(account["tenants"].as_array().unwrap().len(), 1);
    let users = acme.browser.get("/api/v1/users").await.items();
    assert_eq!(users[1]["email"], ben.email);
}

/// One person in two tenants: one account, a role in each, and one tenant at a time.
#[tokio::test]
async fn one_person_in_two_tenants_looks_at_one_of_them() {
    let t = TestApp::start().await;
    let (acme, other) = (t.tenant("acme").await, t.tenant("other").await);
    let (ann, _, path) = invited(&t, &acme, &other.email()).await;
    // Who has a name here is not asked for one, and whoever sends one all the same keeps theirs.
    let offer = ann.browser.get(&path).await.expect(200).text();
    assert!(offer.contains("Invited by") && !offer.contains("name=\"name\""));
    let accepted = ann
        .browser
        .post_form(&path, &[("name", "Ann Otherwise")])
        .await
        .expect(200);
    assert!(accepted.text().contains("with the password you have"));
    t.run_until_quiet().await;
    assert_eq!(t.identity.accounts(), 2);
    assert_eq!(
        t.identity.invitations(&ann.email).len(),
        1,
        "no second password"
    );
    ann.signs_in().await;
    let page = ann.browser.get("/").await.expect(303);
    assert_eq!(page.header("location"), "/tenants");
    // In a browser where they are signed in, the way on is to choose.
    let third = t.tenant("third").await;
    let (ann, _, path) = invited(&t, &third, &ann.email).await;
    ann.signs_in().await;
    let accepted = ann.browser.post_form(&path, &[]).await.expect(200);
    assert!(accepted.text().contains("href=\"/tenants\""));
    let _ = ann
        .browser
        .get("/api/v1/tenant")
        .await
        .expect_problem(404, "not_found");
    let account = ann.account().await;
    assert_eq!(
        (&account["tenantId"], &account["name"]),
        (&Value::Null, &json!("Ann Harbour"))
    );

    let chooses = async |browser: &Client, buyer: &Buyer<'_>| {
        let (tenant, _) = buyer.ids().await;
        let body = json!({"tenantId": tenant.to_string()});
        let request = browser.request(Method::PUT, "/api/v1/account/tenant");
        let _ = browser.send(request.json(&body)).await.expect(204);
        let shown = browser.get("/api/v1/tenant").await.expect(200).json();
        assert_eq!(shown["id"], tenant.to_string());
    };
    chooses(&ann.browser, &acme).await;
    let _ = ann.browser.get("/api/v1/users").await.expect(200);
    let _ = ann.browser.get("/api/v1/audit-log").await.expect(403);
    chooses(&ann.browser, &other).await;
    let _ = ann.browser.get("/api/v1/audit-log").await.expect(200);
    let (tenant, _) = acme.ids().await;
    let switched = ann
        .browser
        .post_form("/account/tenant", &[("tenant", &*tenant.to_string())])
        .await;
    assert_eq!(switched.expect(303).header("location"), "/");
    let _ = ann.browser.get("/api/v1/audit-log").await.expect(403);
    // The choice outlives signing in again in the same browser, and closes nothing elsewhere.
    ann.signs_in().await;
    assert_eq!(ann.account().await["tenantId"], tenant.to_string());
    let _ = other.browser.get("/api/v1/audit-log").await.expect(200);
}

/// Addresses that differ in capitals alone are one person.
#[tokio::test]
async fn capitals_make_no_other_person() {
    let t = TestApp::start().await;
    let (acme, other) = (t.tenant("acme").await, t.tenant("other").await);
    let member = invites(&acme, "ANN@Acme.Example", "agent").await;
    let _ = member.expect_problem(409, "already_member");
    let (_, _, _) = invited(&t, &acme, "Ben@acme.example").await;
    let again = invites(&acme, "bEN@ACME.example", "admin").await;
    let _ = again.expect_problem(409, "already_invited");
    t.person("Ben@acme.example").accepts("Ben Builder").await;
    t.run_until_quiet().await;
    let (shouted, _, _) = invited(&t, &other, "BEN@ACME.EXAMPLE").await;
    shouted.accepts("Ben Builder").await;
    t.run_until_quiet().await;
    assert_eq!(t.count("users", "email_key = 'ben@acme.example'").await, 1);
    assert_eq!(t.identity.accounts(), 3);
    shouted.signs_in().await;
    assert_eq!(
        shouted.account().await["tenants"].as_array().unwrap().len(),
        2
    );
}

/// A hundred may be open at once; those that were accepted, taken back or expired do not count.
#[tokio::test]
async fn a_hundred_may_be_open() {
    let t = crowd().await;
    let acme = t.tenant("acme").await;
    let mut last = String::new();
    for number in 0..MOST_OPEN {
        let made = invites(&acme, &format!("p{number}@acme.example"), "agent").await;
        last = made.expect(201).json()["id"].as_str().unwrap().to_owned();
    }
    let more = invites(&acme, "more@acme.example", "agent").await;
    let _ = more.expect_problem(409, "too_many_invitations");
    let _ = acme
        .browser
        .delete(&format!("/api/v1/invitations/{last}"))
        .await
        .expect(204);
    let _ = invites(&acme, "more@acme.example", "agent")
        .await
        .expect(201);
    let full = invites(&acme, "again@acme.example", "agent").await;
    let _ = full.expect_problem(409, "too_many_invitations");
}

/// Whoever loses their role loses what they were giving away: their open invitations are taken back, and nobody else's.
#[tokio::test]
async fn who_loses_their_role_has_given_nothing_away() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    for (number, act) in ["changed", "removed"].into_iter().enumerate() {
        let ada = t
            .member(&acme.browser, &format!("ada{number}@acme.example"), "admin")
            .await;
        let id = ada.account().await["id"].as_str().unwrap().to_owned();
        let email = format!("ivy{number}@acme.example");
        let body = json!({"email": email, "role": "admin"});
        let made = ada.browser.post("/api/v1/invitations", &body).await;
        let _ = made.expect(201);
        let (_, _, kept) = invited(&t, &acme, &format!("ben{number}@acme.example")).await;
        let path = format!("/invitations/{}", t.person(&email).invitation_link());
        let user = format!("/api/v1/users/{id}");
        let request = match act {
            "changed" => acme
                .browser
                .request(Method::PATCH, &user)
                .json(&json!({"role": "agent"})),
            _ => acme.browser.request(Method::DELETE, &user),
        };
        let _ = acme.browser.send(request).await.expect(204);
        is_over(&t, &path, "was taken back").await;
        let _ = t.anonymous().get(&kept).await.expect(200);
    }
}
