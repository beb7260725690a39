//! What is to be done at the identity provider besides an account's being there: nothing that was asked for is lost, and nothing is
//! done without end.

use chrono::Duration;
use serde_json::Value;
use testkit::{TestApp, identity::IdentityFault};

/// Signing out everywhere, asked for once more while the first time is under way: a browser may have come in between.
#[tokio::test]
async fn an_errand_that_is_asked_for_while_it_is_under_way_is_done_again() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let ben = t.member(&acme.browser, "ben@acme.example", "agent").await;
    let everywhere = "/api/v1/account/sessions";
    let _ = ben.browser.delete(everywhere).await.expect(204);
    let gate = t.identity.holds();
    let asks_again = async {
        gate.arrived().await;
        ben.signs_in().await;
        let _ = ben.browser.delete(everywhere).await.expect(204);
        gate.open();
    };
    let cx = t.cx("user");
    let (done, ()) = tokio::join!(control::user::reconcile_all(&cx), asks_again);
    done.unwrap();
    t.run_until_quiet().await;
    assert_eq!(t.identity.sign_outs(&ben.email), 2);
    assert_eq!(t.count("users", "due OR sign_out").await, 0);
}

/// A temporary password whose answer is always lost is mailed eight times at most, each later than the one before by twice as much; whoever
/// asks again gets another.
#[tokio::test]
async fn a_password_is_not_mailed_without_end() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let ben = t.person("ben@acme.example");
    ben.is_invited_by(&acme.browser, "agent").await;
    ben.accepts("Ben Builder").await;
    t.run_until_quiet().await;
    let mailed = || t.identity.invitations(&ben.email).len();
    assert_eq!(mailed(), 1);
    let users = acme.browser.get("/api/v1/users").await.items();
    let user = users.iter().find(|user| user["email"] == ben.email);
    let id = user.unwrap()["id"].as_str().unwrap();
    let again = format!("/api/v1/users/{id}/temporary-password");

    t.clock.advance_real(Duration::minutes(3));
    t.identity.is_down(Some(IdentityFault::LostAnswer));
    let _ = acme.browser.post(&again, &Value::Null).await.expect(202);
    for _ in 0..60 {
        t.run_until_quiet().await;
        t.clock.advance_real(Duration::seconds(20));
    }
    assert_eq!(mailed(), 1 + 8);
    assert_eq!(t.count("users", "due OR resend").await, 0);

    // What the provider says itself, it may go on saying.
    t.identity.is_down(Some(IdentityFault::Busy));
    let _ = acme.browser.post(&again, &Value::Null).await.expect(202);
    for _ in 0..60 {
        t.run_until_quiet().await;
        t.clock.advance_real(Duration::minutes(1));
    }
    assert_eq!(mailed(), 9);
    t.identity.is_down(None);
    t.clock.advance_real(Duration::minutes(10));
    t.run_until_quiet().await;
    assert_eq!(mailed(), 10);
    ben.signs_in().await;
}
