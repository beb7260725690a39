//! A session follows the identity provider: now and then it is asked whether the session may go on.

use chrono::Duration;
use reqwest::Method;
use serde_json::json;
use testkit::{Client, TestApp};

/// Uses the browser now and then, so that it does not idle out, until this many minutes have passed.
async fn minutes_of_work(t: &TestApp, browser: &Client, minutes: i64) {
    for _ in 0..minutes / 5 {
        t.clock.advance_real(Duration::minutes(5));
        let _ = browser.get("/api/v1/account").await;
    }
}

#[tokio::test]
async fn what_is_ended_over_there_ends_here_within_a_quarter_of_an_hour() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    minutes_of_work(&t, &acme.browser, 60).await;
    let _ = acme.browser.get("/api/v1/tenant").await.expect(200);
    t.login.ends(&t.passing(&acme.email()).username);
    minutes_of_work(&t, &acme.browser, 15).await;
    let _ = acme
        .browser
        .get("/api/v1/tenant")
        .await
        .expect_problem(401, "unauthenticated");
    let line = t
        .rows("SELECT actor, detail FROM audit_log WHERE action = 'session.end'")
        .await;
    assert_eq!(line, [["system:sign-in", "ended at the sign-in service"]]);
}

/// Somebody ends the session while it is being asked about: the new token that the provider answers with is revoked at once.
#[tokio::test]
async fn a_session_that_ends_while_it_is_asked_about_leaves_no_token() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let (ann, elsewhere) = (t.person(&acme.email()), t.person(&acme.email()));
    ann.signs_in().await;
    elsewhere.signs_in().await;
    let sessions = ann.account().await["sessions"].clone();
    let mut sessions = sessions.as_array().unwrap().iter();
    let own = sessions.find(|one| one["current"] == true).unwrap();
    let path = format!("/api/v1/account/sessions/{}", own["id"].as_str().unwrap());
    t.clock.advance_real(Duration::minutes(15));

    let _ = elsewhere.browser.get("/api/v1/account").await.expect(200);
    let before = t.login.live_tokens();
    let (is_held, let_go) = t.login.holds_a_refresh();
    let asked = ann.browser.get("/api/v1/tenant");
    let ends = async {
        is_held.await.unwrap();
        let _ = elsewhere.browser.delete(&path).await.expect(204);
        let_go.send(()).unwrap();
    };
    let (answer, ()) = tokio::join!(asked, ends);
    let _ = answer.expect_problem(401, "unauthenticated");
    assert_eq!(t.login.live_tokens(), before - 1);
}

#[tokio::test]
async fn while_the_provider_is_away_sessions_go_on() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    t.login.is_down(true);
    minutes_of_work(&t, &acme.browser, 60).await;
    let _ = acme.browser.get("/api/v1/tenant").await.expect(200);
}

#[tokio::test]
async fn an_operator_who_is_none_any_more_stops_being_one() {
    let t = TestApp::start().await;
    let olga = t.signed_in_operator("olga@payphone.example").await;
    let path = "/api/v1/operator/registrations";
    let _ = olga.browser.get(path).await.expect(200);
    minutes_of_work(&t, &olga.browser, 30).await;
    let _ = olga.browser.get(path).await.expect(200);
    t.login.regroups(&t.passing(&olga.email).username, &[]);
    minutes_of_work(&t, &olga.browser, 15).await;
    let _ = olga
        .browser
        .get(path)
        .await
        .expect_problem(404, "not_found");
}

#[tokio::test]
async fn sessions_and_mails_do_not_lie_about_for_ever() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let _ = t.member(&acme.browser, "ben@acme.example", "agent").await;
    let rows = async || {
        (
            t.count("sessions", "true").await,
            t.count("mails", "true").await,
            t.count("idempotency_keys", "true").await,
        )
    };
    let body = json!({"email": "cid@acme.example", "role": "agent"});
    let request = acme.browser.request(Method::POST, "/api/v1/invitations");
    let request = request.header("idempotency-key", "one").json(&body);
    let _ = acme.browser.send(request).await.expect(201);
    t.run_until_quiet().await;
    let before = rows().await;
    assert!(before.0 >= 2 && before.1 >= 2, "{before:?}");
    assert_eq!(before.2, 1);
    t.clock
        .advance_real(Duration::days(7) - Duration::seconds(1));
    t.run_until_quiet().await;
    assert_eq!(rows().await, before);
    t.clock.advance_real(Duration::seconds(1));
    t.clock.advance_real(Duration::days(1));
    t.run_until_quiet().await;
    assert_eq!(rows().await, (0, before.1, 0));
    t.clock.advance_real(Duration::days(23));
    t.run_until_quiet().await;
    assert_eq!(rows().await, (0, 0, 0));
}
