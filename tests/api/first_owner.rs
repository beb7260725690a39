//! The first owner's account: made once, corrected while nobody came in, mailed again when it was lost, and what is in its way is told.

use chrono::Duration;
use serde_json::Value;
use testkit::{Answer, Buyer, TestApp, identity::IdentityFault};

/// A buyer who has arrived, and nothing more.
async fn arrived<'t>(t: &'t TestApp, name: &str) -> Buyer<'t> {
    let buyer = t.buyer(name);
    buyer.is_confirmed();
    buyer.registers().await;
    t.run_until_quiet().await;
    buyer
}

async fn owner_step(buyer: &Buyer<'_>) -> (String, String) {
    buyer.step("administrator").await
}

/// What of an answer another one could differ in.
fn look(answer: &Answer) -> (u16, String) {
    (
        answer.status,
        answer.text().replace(answer.header("x-request-id"), "…"),
    )
}

/// A mistyped address is corrected before anybody came in: its account goes, another one is made and mailed.
#[tokio::test]
async fn a_mistyped_address_is_corrected() {
    let t = TestApp::start().await;
    let acme = arrived(&t, "acme").await;
    acme.completes("anm@acme.example").await;
    t.run_until_quiet().await;
    assert_eq!(t.identity.invitations("anm@acme.example").len(), 1);
    let page = acme.browser.get("/welcome").await.expect(200);
    assert!(page.text().contains("anm@acme.example"));

    acme.completes("ann@acme.example").await;
    t.run_until_quiet().await;
    assert!(
        t.identity.account("anm@acme.example").is_none(),
        "deleted over there"
    );
    assert_eq!(t.identity.accounts(), 1);
    assert_eq!(t.identity.invitations("ann@acme.example").len(), 1);
    assert_eq!(
        t.rows("SELECT email FROM users").await,
        [["ann@acme.example"]]
    );
    assert_eq!(t.count("memberships", "role = 'owner'").await, 1);
    acme.signs_in().await;

    let late = acme
        .browser
        .post_form(
            "/welcome",
            &[("email", "eve@evil.example"), ("name", "Eve")],
        )
        .await;
    assert!(late.expect(409).text().contains("/login"));
    t.run_until_quiet().await;
    assert_eq!(t.identity.accounts(), 1);
    assert_eq!(
        t.rows("SELECT email FROM users").await,
        [["ann@acme.example"]]
    );
    let page = acme.browser.get("/welcome").await.expect(200);
    assert!(
        !page.text().contains("name=\"email\""),
        "nothing to fill in any more"
    );
}

/// The same form again is a double click at first, and later a mail that was lost.
#[tokio::test]
async fn the_same_form_again_mails_the_password_again() {
    let t = TestApp::start().await;
    let acme = arrived(&t, "acme").await;
    for (wait, mails) in [(0, 1), (0, 1), (29, 1), (31, 2), (5, 2)] {
        t.clock.advance_real(Duration::seconds(wait));
        acme.completes("ann@acme.example").await;
        t.run_until_quiet().await;
        assert_eq!(
            t.identity.invitations("ann@acme.example").len(),
            mails,
            "after {wait} s"
        );
    }
    let newest = t.identity.temporary_password("ann@acme.example");
    assert!(t.identity.lets_in("ann@acme.example", &newest));
    assert_eq!(t.identity.accounts(), 1);
}

/// Each form may send a mail, so there are ten a day; what was typed stands in the page that says so.
#[tokio::test]
async fn ten_forms_are_taken_in_a_day() {
    let t = TestApp::start().await;
    let acme = arrived(&t, "acme").await;
    let form = async |number: u32| {
        // Not too fast for the limit of addresses, which is another one.
        t.clock.advance_real(Duration::minutes(2));
        let email = format!("ann{number}@acme.example");
        let fields = [("email", &*email), ("name", "Ann Harbour")];
        let answer = acme.browser.post_form("/welcome", &fields).await;
        (answer.status, answer.text().contains(&email))
    };
    for number in 1..=10 {
        assert_eq!(form(number).await.0, 303, "{number}");
    }
    let named = async || {
        t.run_until_quiet().await;
        t.rows("SELECT email FROM users").await
    };
    assert_eq!(form(11).await, (429, true));
    assert_eq!(named().await, [["ann10@acme.example"]]);
    assert!(t.identity.account("ann11@acme.example").is_none());
    t.clock.advance_real(Duration::days(1));
    let _ = acme.arrives().await;
    assert_eq!(form(12).await.0, 303);
    assert_eq!(named().await, [["ann12@acme.example"]]);
}

/// Security 24: who asks for the first password again hears the same, whoever they are; a mailbox gets one mail in two minutes.
#[tokio::test]
async fn asking_for_the_first_password_tells_nothing() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let nia = t.person("nia@acme.example");
    nia.is_invited_by(&acme.browser, "agent").await;
    nia.accepts("Nia Newcomer").await;
    t.run_until_quiet().await;
    let asks = async |email: &str| {
        let browser = t.anonymous();
        let answer = browser
            .post_form("/login/help", &[("email", email)])
            .await
            .expect(200);
        t.run_until_quiet().await;
        look(&answer)
    };
    let mut looks = vec![asks(&nia.email).await];
    assert_eq!(
        t.identity.invitations(&nia.email).len(),
        1,
        "mailed less than two minutes ago"
    );
    t.clock.advance_real(Duration::minutes(2));
    for _ in 0..3 {
        looks.push(asks("NIA@acme.example").await);
    }
    assert_eq!(
        t.identity.invitations(&nia.email).len(),
        2,
        "one in two minutes"
    );
    let signed_in = acme.email();
    for email in [&*signed_in, "nobody@acme.example", "ivy@elsewhere.example"] {
        looks.push(asks(email).await);
    }
    looks.dedup();
    assert_eq!(looks.len(), 1, "{looks:?}");
    assert_eq!(
        t.identity.invitations(&acme.email()).len(),
        1,
        "who signed in gets none"
    );
    let newest = t.identity.temporary_password(&nia.email);
    assert!(t.identity.lets_in(&nia.email, &newest));
    nia.signs_in().await;
    t.clock.advance_real(Duration::minutes(3));
    asks(&nia.email).await;
    assert_eq!(t.identity.invitations(&nia.email).len(), 2);
}

/// By another member: a new temporary password, at most one in two minutes, and none for who has a password of their own.
#[tokio::test]
async fn an_owner_sends_the_first_password_again() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let nia = t.person("nia@acme.example");
    nia.is_invited_by(&acme.browser, "agent").await;
    nia.accepts("Nia Newcomer").await;
    t.run_until_quiet().await;
    let users = acme.browser.get("/api/v1/users").await.items();
    let user = users
        .iter()
        .find(|user| user["email"] == nia.email)
        .unwrap();
    assert_eq!(user["state"], "invited");
    let path = format!(
        "/api/v1/users/{}/temporary-password",
        user["id"].as_str().unwrap()
    );
    let again = async || acme.browser.post(&path, &Value::Null).await;
    let _ = again().await.expect_problem(429, "mailed_already");
    t.clock.advance_real(Duration::minutes(2));
    let _ = again().await.expect(202);
    t.run_until_quiet().await;
    assert_eq!(t.identity.invitations(&nia.email).len(), 2);
    let told = t.mailer.mails_to(&acme.email()).pop().unwrap();
    assert_eq!(told.subject, "A temporary password was sent again");
    let _ = again().await.expect_problem(429, "mailed_already");
    nia.signs_in().await;
    t.clock.advance_real(Duration::minutes(3));
    let _ = again().await.expect_problem(409, "already_signed_in");
}

/// An account of the same address that is not from here is not taken over: the buyer is told, and another address mends it.
#[tokio::test]
async fn an_account_that_is_not_from_here_is_told_and_not_taken() {
    let t = TestApp::start().await;
    t.identity.foreign_account("ann@acme.example");
    let acme = arrived(&t, "acme").await;
    acme.completes("ann@acme.example").await;
    t.run_until_quiet().await;
    let (state, message) = owner_step(&acme).await;
    assert_eq!(state, "failed");
    assert!(
        message.contains("taken in our sign-in service"),
        "{message}"
    );
    let page = acme.browser.get("/welcome").await.expect(200);
    assert!(
        page.text().contains("taken in our sign-in service"),
        "{}",
        page.text()
    );
    assert!(t.identity.invitations("ann@acme.example").is_empty());
    let stranger = t.person("ann@acme.example");
    let _ = stranger
        .signs_in_as(t.passing("ann@acme.example"))
        .await
        .expect(403);

    acme.completes("ann.harbour@acme.example").await;
    t.run_until_quiet().await;
    assert_eq!(owner_step(&acme).await.0, "done");
    assert_eq!(t.identity.invitations("ann.harbour@acme.example").len(), 1);
    assert!(
        t.identity.account("ann@acme.example").is_some(),
        "theirs stays theirs"
    );
}

/// While the sign-in service is busy, the step says so; it is asked less and less often, and made when it is back.
#[tokio::test]
async fn a_busy_sign_in_service_is_waited_for() {
    let t = TestApp::start().await;
    let acme = arrived(&t, "acme").await;
    t.identity.is_down(Some(IdentityFault::Busy));
    acme.completes("ann@acme.example").await;
    t.run_until_quiet().await;
    let (state, message) = owner_step(&acme).await;
    assert_eq!(state, "failed");
    assert!(message.contains("tried again by itself"), "{message}");
    let calls = t.identity.calls();
    for _ in 0..240 {
        t.clock.advance_real(Duration::seconds(15));
        t.run_until_quiet().await;
    }
    let asked = t.identity.calls() - calls;
    assert!((8..=20).contains(&asked), "{asked} calls in an hour");
    let page = acme.browser.get("/welcome").await;
    // The buyer's cookie is good for an hour; who comes later comes in from AWS Marketplace again.
    assert!([200, 401].contains(&page.status));
    t.identity.is_down(None);
    t.clock.advance_real(Duration::minutes(10));
    t.run_until_quiet().await;
    assert_eq!(owner_step(&acme).await.0, "done");
    assert_eq!(t.identity.invitations("ann@acme.example").len(), 1);
}

/// A sign-in service that refuses us is an alarm, is told without its words, and is tried again.
#[tokio::test]
async fn a_sign_in_service_that_refuses_us_is_an_alarm() {
    let t = TestApp::start().await;
    t.expect_error_log("the identity provider refuses us");
    let acme = arrived(&t, "acme").await;
    t.identity.is_down(Some(IdentityFault::Misconfigured));
    acme.completes("ann@acme.example").await;
    t.run_until_quiet().await;
    let (state, message) = owner_step(&acme).await;
    assert_eq!(state, "failed");
    // In the service's own word, but nothing that came with it.
    assert_eq!(
        message,
        "The sign-in service answered AccessDeniedException. We have been told, and it is tried again by itself."
    );
    t.identity.is_down(None);
    t.clock.advance_real(Duration::seconds(10));
    t.run_until_quiet().await;
    assert_eq!(owner_step(&acme).await.0, "done");
}

/// An address that the service will not have can be corrected.
#[tokio::test]
async fn an_address_that_the_service_will_not_have_is_told() {
    let t = TestApp::start().await;
    t.identity.refuses("ann@acme.example");
    let acme = arrived(&t, "acme").await;
    acme.completes("ann@acme.example").await;
    t.run_until_quiet().await;
    let (state, message) = owner_step(&acme).await;
    assert_eq!(state, "failed");
    assert!(message.contains("does not take this address"), "{message}");
    acme.completes("harbour@acme.example").await;
    t.run_until_quiet().await;
    assert_eq!(owner_step(&acme).await.0, "done");
    assert_eq!(t.count("users", "true").await, 1);
}

/// The same trouble on the way of somebody invited is told to the tenant's people.
#[tokio::test]
async fn trouble_with_a_members_account_is_told_to_the_owners() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    t.identity.foreign_account("ben@acme.example");
    let ben = t.person("ben@acme.example");
    ben.is_invited_by(&acme.browser, "agent").await;
    ben.accepts("Ben Builder").await;
    t.run_until_quiet().await;
    let users = acme.browser.get("/api/v1/users").await.items();
    let user = users
        .iter()
        .find(|user| user["email"] == ben.email)
        .unwrap();
    assert_eq!(user["state"], "blocked");
    assert!(
        user["trouble"]
            .as_str()
            .unwrap()
            .contains("taken in our sign-in service")
    );
    let page = acme.browser.get("/people").await.expect(200);
    assert!(
        page.text().contains("taken in our sign-in service"),
        "{}",
        page.text()
    );
}

/// An account that somebody deleted over there is made again at the next thing that has to be done with it.
#[tokio::test]
async fn an_account_that_was_taken_away_over_there_is_made_again() {
    use domain::identity::Identity;
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let ben = t.member(&acme.browser, "ben@acme.example", "agent").await;
    let username = t.identity.account(&ben.email).unwrap().username;
    t.identity.delete(&username).await.unwrap();
    let id = ben.account().await["id"].as_str().unwrap().to_owned();
    let reset = format!("/api/v1/users/{id}/authenticator-reset");
    let _ = acme.browser.post(&reset, &Value::Null).await.expect(202);
    t.run_until_quiet().await;
    assert!(t.identity.account(&ben.email).is_some());
    assert_eq!(t.identity.invitations(&ben.email).len(), 2);
    // The password they had is gone with it, so that the one in the mail can be sent again.
    t.clock.advance_real(Duration::minutes(3));
    let resend = format!("/api/v1/users/{id}/temporary-password");
    let _ = acme.browser.post(&resend, &Value::Null).await.expect(202);
    t.run_until_quiet().await;
    assert_eq!(t.identity.invitations(&ben.email).len(), 3);
    ben.signs_in().await;
    assert_eq!(ben.account().await["id"], id);
}
