//! Answers of the identity provider that were lost: what was done over there is found again, and nothing is left behind.

use chrono::Duration;
use serde_json::Value;
use testkit::{Buyer, TestApp, identity::IdentityFault};

/// A buyer who has arrived, and nothing more.
async fn arrived<'t>(t: &'t TestApp, name: &str) -> Buyer<'t> {
    let buyer = t.buyer(name);
    buyer.is_confirmed();
    buyer.registers().await;
    t.run_until_quiet().await;
    buyer
}

/// All work is done, and some time passes for what is tried again.
async fn some_time_passes(t: &TestApp) {
    for _ in 0..4 {
        t.run_until_quiet().await;
        t.clock.advance_real(Duration::seconds(20));
    }
    t.run_until_quiet().await;
}

/// The account was made and the answer was lost: it is found again by its marker, and nobody is mailed twice.
#[tokio::test]
async fn an_account_whose_answer_was_lost_is_adopted() {
    let t = TestApp::start().await;
    let acme = arrived(&t, "acme").await;
    acme.completes("ann@acme.example").await;
    t.identity.fails([IdentityFault::LostAnswer]);
    t.run_until_quiet().await;
    t.clock.advance_real(Duration::seconds(5));
    t.run_until_quiet().await;
    assert_eq!(acme.step("administrator").await.0, "done");
    assert_eq!(t.identity.accounts(), 1);
    assert_eq!(
        t.identity.invitations("ann@acme.example").len(),
        1,
        "exactly one mail"
    );
    acme.signs_in().await;
}

/// An address that was corrected while the answer about its account was under way: the account that nobody wants is taken away.
#[tokio::test]
async fn an_account_that_nobody_wants_any_more_is_not_left_behind() {
    let t = TestApp::start().await;
    let acme = arrived(&t, "acme").await;
    acme.completes("anm@acme.example").await;
    t.identity.fails([IdentityFault::LostAnswer]);
    t.run_once().await;
    assert!(
        t.identity.account("anm@acme.example").is_some(),
        "made, and nobody knows"
    );
    acme.completes("ann@acme.example").await;
    some_time_passes(&t).await;
    assert_eq!(acme.step("administrator").await.0, "done");
    assert!(t.identity.account("ann@acme.example").is_some());
    assert!(
        t.identity.account("anm@acme.example").is_none(),
        "an account of an address that somebody mistyped can sign in over there"
    );
}

/// The same for who was removed at that moment: the next invitation of the address must not meet an account that is nobody's.
#[tokio::test]
async fn who_was_removed_before_the_answer_came_can_be_invited_again() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let ben = t.person("ben@acme.example");
    ben.is_invited_by(&acme.browser, "agent").await;
    ben.accepts("Ben Builder").await;
    t.identity.fails([IdentityFault::LostAnswer]);
    t.run_once().await;
    let users = acme.browser.get("/api/v1/users").await.items();
    let user = users
        .iter()
        .find(|user| user["email"] == ben.email)
        .unwrap();
    let path = format!("/api/v1/users/{}", user["id"].as_str().unwrap());
    let _ = acme.browser.delete(&path).await.expect(204);
    some_time_passes(&t).await;
    ben.is_invited_by(&acme.browser, "agent").await;
    ben.accepts("Ben Builder").await;
    some_time_passes(&t).await;
    let users = acme.browser.get("/api/v1/users").await.items();
    let user = users
        .iter()
        .find(|user| user["email"] == ben.email)
        .unwrap();
    assert_eq!(user["trouble"], Value::Null);
    ben.signs_in().await;
}

/// Whatever was done over there and not heard of is done once more at most, and comes to the same.
#[tokio::test]
async fn what_was_done_unheard_comes_to_the_same() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let ben = t.member(&acme.browser, "ben@acme.example", "agent").await;
    t.identity.set_up_authenticator(&ben.email);
    let id = ben.account().await["id"].as_str().unwrap().to_owned();
    t.identity.fails([
        IdentityFault::LostAnswer,
        IdentityFault::Busy,
        IdentityFault::LostAnswer,
    ]);
    let reset = format!("/api/v1/users/{id}/authenticator-reset");
    let _ = acme.browser.post(&reset, &Value::Null).await.expect(202);
    some_time_passes(&t).await;
    assert!(!t.identity.has_authenticator(&ben.email));
    assert!((1..=2).contains(&t.identity.sign_outs(&ben.email)));
    ben.signs_in().await;

    t.identity.fails([IdentityFault::LostAnswer]);
    let _ = acme
        .browser
        .delete(&format!("/api/v1/users/{id}"))
        .await
        .expect(204);
    some_time_passes(&t).await;
    assert!(t.identity.disabled(&ben.email));
    let _ = ben.browser.get("/api/v1/account").await.expect(401);

    t.identity.fails([IdentityFault::LostAnswer]);
    let back = t.person(&ben.email);
    ben.is_invited_by(&acme.browser, "agent").await;
    back.accepts("Ben Builder").await;
    some_time_passes(&t).await;
    assert!(!t.identity.disabled(&ben.email));
    back.signs_in().await;
}

/// A member is removed.
async fn removed(acme: &Buyer<'_>, email: &str) {
    let users = acme.browser.get("/api/v1/users").await.items();
    let user = users.iter().find(|user| user["email"] == email).unwrap();
    let path = format!("/api/v1/users/{}", user["id"].as_str().unwrap());
    let _ = acme.browser.delete(&path).await.expect(204);
}

/// The account was closed unheard, and before that is tried again the person is let in again: they can sign in.
#[tokio::test]
async fn who_is_let_in_again_after_a_close_that_was_not_heard_of_can_sign_in() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let ben = t.member(&acme.browser, "ben@acme.example", "agent").await;
    removed(&acme, &ben.email).await;
    t.identity.fails([IdentityFault::LostAnswer]);
    t.run_once().await;
    assert!(t.identity.disabled(&ben.email), "closed, and nobody knows");
    let back = t.person(&ben.email);
    back.is_invited_by(&acme.browser, "agent").await;
    t.run_once().await;
    back.accepts("Ben Builder").await;
    some_time_passes(&t).await;
    assert!(!t.identity.disabled(&ben.email));
    back.signs_in().await;
}

/// The account was opened unheard, and before that is tried again the person is removed: it does not stay open.
#[tokio::test]
async fn who_is_removed_after_an_opening_that_was_not_heard_of_stays_out() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let ben = t.member(&acme.browser, "ben@acme.example", "agent").await;
    removed(&acme, &ben.email).await;
    some_time_passes(&t).await;
    assert!(t.identity.disabled(&ben.email));
    let back = t.person(&ben.email);
    back.is_invited_by(&acme.browser, "agent").await;
    some_time_passes(&t).await;
    back.accepts("Ben Builder").await;
    t.identity.fails([IdentityFault::LostAnswer]);
    t.run_once().await;
    assert!(!t.identity.disabled(&ben.email), "open, and nobody knows");
    removed(&acme, &ben.email).await;
    some_time_passes(&t).await;
    assert!(t.identity.disabled(&ben.email));
}

/// The account of a mistyped address was taken away unheard, and before that is tried again the address turns out to be right after
/// all: there is an account, and its first password was mailed.
#[tokio::test]
async fn an_address_that_is_right_after_all_has_an_account_again() {
    let t = TestApp::start().await;
    let acme = arrived(&t, "acme").await;
    acme.completes("ann@acme.example").await;
    some_time_passes(&t).await;
    assert!(t.identity.account("ann@acme.example").is_some());
    acme.completes("anm@acme.example").await;
    // One of them is about the first account, whichever comes first.
    t.identity.fails([IdentityFault::LostAnswer; 2]);
    t.run_once().await;
    assert!(
        t.identity.account("ann@acme.example").is_none(),
        "gone, and nobody knows"
    );
    acme.completes("ann@acme.example").await;
    some_time_passes(&t).await;
    assert_eq!(acme.step("administrator").await.0, "done");
    assert!(t.identity.account("anm@acme.example").is_none());
    assert_eq!(t.identity.invitations("ann@acme.example").len(), 2);
    acme.signs_in().await;
}
