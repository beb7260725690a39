//! Whoever was shut out comes in again by signing in, and in no other way: what their browsers had before stays over, here and at the
//! identity provider, whatever went wrong while their account was closed.

use chrono::Duration;
use control::user;
use serde_json::Value;
use testkit::{
    Buyer, Person, TestApp,
    identity::IdentityFault::{self, Busy, Hangs, LostAnswer, Passes},
    kill,
};

/// All work is done, and some time passes for what is tried again: far less than a session lasts without being used.
async fn some_time_passes(t: &TestApp) {
    for _ in 0..4 {
        t.run_until_quiet().await;
        t.clock.advance_real(Duration::seconds(20));
    }
    t.run_until_quiet().await;
}

async fn removed(acme: &Buyer<'_>, person: &Person<'_>) {
    let id = person.account().await["id"].as_str().unwrap().to_owned();
    let path = format!("/api/v1/users/{id}");
    let _ = acme.browser.delete(&path).await.expect(204);
}

/// The person is invited again, and accepts in a browser that they never had before.
async fn let_in_again<'t>(t: &'t TestApp, acme: &Buyer<'_>, email: &str) -> Person<'t> {
    let back = t.person(email);
    back.is_invited_by(&acme.browser, "agent").await;
    back.accepts("Ben Builder").await;
    some_time_passes(t).await;
    back
}

/// What was open before is over, and was ended over there while the account was closed; signing in opens it again.
async fn stays_over(t: &TestApp, before: [&Person<'_>; 2], back: &Person<'_>, case: &str) {
    for one in before {
        let answer = one.browser.get("/api/v1/account").await;
        assert_eq!(answer.status, 401, "{case}");
    }
    assert!(t.identity.sign_outs(&back.email) >= 1, "{case}");
    assert!(!t.identity.disabled(&back.email), "{case}");
    back.signs_in().await;
    let _ = back.browser.get("/api/v1/account").await.expect(200);
    let due = "due OR sign_out";
    assert_eq!(t.count("users", due).await, 0, "{case}");
}

/// Somebody with two open browsers is removed, their account is closed with these faults, and they are let in again.
async fn is_shut_out_with(faults: &[IdentityFault]) {
    let case = format!("{faults:?}");
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let ben = t.member(&acme.browser, "ben@acme.example", "agent").await;
    let laptop = t.person(&ben.email);
    laptop.signs_in().await;
    removed(&acme, &ben).await;
    t.identity.fails(faults.iter().copied());
    some_time_passes(&t).await;
    assert!(t.identity.disabled(&ben.email), "{case}");
    let back = let_in_again(&t, &acme, &ben.email).await;
    stays_over(&t, [&ben, &laptop], &back, &case).await;
}

#[tokio::test]
async fn an_old_cookie_stays_over_after_an_ordinary_close() {
    is_shut_out_with(&[]).await;
}

#[tokio::test]
async fn an_old_cookie_stays_over_after_a_close_whose_answer_was_lost() {
    is_shut_out_with(&[LostAnswer]).await;
}

#[tokio::test]
async fn an_old_cookie_stays_over_after_a_close_that_is_looked_for_in_vain() {
    is_shut_out_with(&[LostAnswer, LostAnswer, Busy, LostAnswer]).await;
}

/// The account was closed, and ending its sessions there was throttled.
#[tokio::test]
async fn an_old_cookie_stays_over_after_a_close_whose_second_half_was_throttled() {
    is_shut_out_with(&[Passes, Busy, Busy, Busy]).await;
}

#[tokio::test]
async fn an_old_cookie_stays_over_after_a_close_whose_second_half_was_lost() {
    is_shut_out_with(&[Passes, LostAnswer]).await;
}

#[tokio::test]
async fn an_old_cookie_stays_over_after_a_close_both_halves_of_which_failed() {
    is_shut_out_with(&[LostAnswer, Passes, Busy]).await;
}

/// The process that closes the account is killed where a call hangs.
async fn is_shut_out_and_killed_with(faults: &[IdentityFault]) {
    let case = format!("{faults:?}");
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let ben = t.member(&acme.browser, "ben@acme.example", "agent").await;
    let laptop = t.person(&ben.email);
    laptop.signs_in().await;
    removed(&acme, &ben).await;
    t.identity.fails(faults.iter().copied());
    let cx = t.cx("user");
    let mut killed = false;
    for _ in 0..faults.len() {
        killed |= kill::when_stuck(user::reconcile_all(&cx)).await.is_none();
        t.clock.advance_real(Duration::seconds(5));
    }
    assert!(killed, "{case}");
    // The person is wanted again before anybody looks what came of it.
    let back = let_in_again(&t, &acme, &ben.email).await;
    stays_over(&t, [&ben, &laptop], &back, &case).await;
}

#[tokio::test]
async fn an_old_cookie_stays_over_after_a_kill_before_the_close() {
    is_shut_out_and_killed_with(&[Hangs]).await;
}

#[tokio::test]
async fn an_old_cookie_stays_over_after_a_kill_between_the_halves_of_the_close() {
    is_shut_out_and_killed_with(&[Passes, Hangs]).await;
}

#[tokio::test]
async fn an_old_cookie_stays_over_after_a_lost_answer_and_a_kill() {
    is_shut_out_and_killed_with(&[LostAnswer, Passes, Hangs]).await;
}

/// The account was taken away by hand while it was to be closed, and is made anew.
#[tokio::test]
async fn an_old_cookie_stays_over_when_the_account_is_made_anew() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let ben = t.member(&acme.browser, "ben@acme.example", "agent").await;
    removed(&acme, &ben).await;
    t.identity.is_taken_away(&ben.email);
    some_time_passes(&t).await;
    let back = let_in_again(&t, &acme, &ben.email).await;
    let old = ben.browser.get("/api/v1/account").await;
    assert_eq!(old.status, 401);
    // Nobody is signed out of an account that nobody was ever signed in to.
    assert_eq!(t.identity.sign_outs(&ben.email), 0);
    back.signs_in().await;
    let _: Value = back.account().await;
}
