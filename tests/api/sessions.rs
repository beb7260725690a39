//! Sessions: how they end by themselves, by hand, and by what becomes of the person; and what counts in them from the next request on.

use chrono::Duration;
use reqwest::header;
use serde_json::json;
use testkit::{Answer, Client, TestApp};

const SESSION: &str = "__Host-session";
const CLEARED: &str = "__Host-session=; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=0";

/// A browser with a cookie that it kept from before.
fn holding(t: &TestApp, secret: &str) -> Client {
    let browser = t.anonymous();
    browser.set_cookie(SESSION, secret);
    browser
}

fn clears(answer: &Answer) -> bool {
    let mut set = answer.headers.get_all(header::SET_COOKIE).iter();
    set.any(|value| value == CLEARED)
}

/// Security 3: a session that is over is nobody's, on pages and on the API, and its cookie goes.
async fn is_out(t: &TestApp, secret: &str) {
    let browser = holding(t, secret);
    let answer = browser
        .get("/api/v1/account")
        .await
        .expect_problem(401, "unauthenticated");
    assert_eq!(answer.header("www-authenticate"), "Bearer");
    assert!(clears(&answer));
    let answer = holding(t, secret).get("/people").await.expect(303);
    assert_eq!(answer.header("location"), "/login?next=%2Fpeople");
    assert!(clears(&answer));
    let posted = holding(t, secret)
        .post_form("/people/invitations", &[])
        .await;
    assert!(clears(&posted.expect(401)));
}

/// Security 3, 4: half an hour without a request ends it; a request within it does not.
#[tokio::test]
async fn half_an_hour_without_a_request_ends_a_session() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let secret = acme.browser.cookie(SESSION).unwrap();
    for _ in 0..3 {
        t.clock.advance_real(Duration::minutes(29));
        let _ = acme.browser.get("/api/v1/account").await.expect(200);
    }
    t.clock.advance_business(Duration::days(1));
    let _ = acme.browser.get("/api/v1/account").await.expect(200);
    t.clock.advance_real(Duration::minutes(30));
    is_out(&t, &secret).await;
}

/// Security 5: twelve hours end it, however busy it is.
#[tokio::test]
async fn twelve_hours_end_a_session_however_busy() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let secret = acme.browser.cookie(SESSION).unwrap();
    for _ in 0..47 {
        t.clock.advance_real(Duration::minutes(15));
        let _ = acme.browser.get("/people").await.expect(200);
    }
    t.clock.advance_real(Duration::minutes(14));
    let _ = acme.browser.get("/people").await.expect(200);
    t.clock.advance_real(Duration::minutes(1));
    is_out(&t, &secret).await;
}

/// Security 7: after signing out the cookie opens nothing, the browser is told to forget everything, the token is revoked.
#[tokio::test]
async fn signing_out_is_for_good() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let secret = acme.browser.cookie(SESSION).unwrap();
    assert_eq!(t.login.live_tokens(), 1);
    let answer = acme.browser.post_form("/logout", &[]).await.expect(200);
    assert!(clears(&answer));
    assert_eq!(answer.header("clear-site-data"), "\"cache\", \"storage\"");
    assert!(
        answer.text().contains("/logout?client_id="),
        "a way to sign out over there"
    );
    assert!(t.login.all_revoked());
    is_out(&t, &secret).await;
    let again = acme.browser.post_form("/logout", &[]).await.expect(200);
    assert_eq!(
        again.header("clear-site-data"),
        answer.header("clear-site-data")
    );
    let sql = "SELECT count(*) FROM sessions WHERE refresh_token IS NOT NULL";
    assert_eq!(
        t.number(sql).await,
        0,
        "no token is kept of a session that is over"
    );
}

/// Every cookie that says who somebody is goes; the look that this browser keeps stays.
#[tokio::test]
async fn signing_out_ends_every_cookie_but_the_look() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let browser = &acme.browser;
    browser.set_cookie("__Host-theme", "dark");
    let answer = browser.post_form("/logout", &[]).await.expect(200);
    let set = answer.headers.get_all(header::SET_COOKIE).iter();
    let set: Vec<&str> = set.filter_map(|value| value.to_str().ok()).collect();
    for name in [SESSION, "__Host-sign-in", "registration"] {
        let ended = |cookie: &&str| {
            cookie.starts_with(&format!("{name}=;")) && cookie.contains("Max-Age=0")
        };
        assert!(set.iter().any(ended), "{name}: {set:?}");
    }
    assert_eq!(browser.cookie("__Host-theme").as_deref(), Some("dark"));
    assert!(answer.text().contains("data-theme=\"dark\""));
}

/// Signing out does not wait for the sign-in service.
#[tokio::test]
async fn signing_out_works_while_the_sign_in_service_is_away() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let secret = acme.browser.cookie(SESSION).unwrap();
    t.login.is_down(true);
    let _ = acme.browser.post_form("/logout", &[]).await.expect(200);
    is_out(&t, &secret).await;
}

/// A link on another site signs nobody out, and neither does a look.
#[tokio::test]
async fn nobody_is_signed_out_from_elsewhere() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let request = acme.browser.request(reqwest::Method::POST, "/logout");
    let answer = acme
        .browser
        .send(request.header("sec-fetch-site", "cross-site"))
        .await;
    assert_eq!(answer.status, 403);
    assert_eq!(acme.browser.get("/logout").await.status, 405);
    let _ = acme.browser.get("/api/v1/account").await.expect(200);
}

/// The list has every browser; one's own can be ended one by one, another person's is not there.
#[tokio::test]
async fn people_see_and_end_their_own_sessions() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let ben = t.member(&acme.browser, "ben@acme.example", "admin").await;
    let laptop = t.person(&acme.email());
    laptop.signs_in().await;
    let sessions = laptop.account().await["sessions"].clone();
    let sessions = sessions.as_array().unwrap();
    assert_eq!(sessions.len(), 2);
    let current: Vec<_> = sessions
        .iter()
        .filter(|one| one["current"] == true)
        .collect();
    let other = sessions.iter().find(|one| one["current"] == false).unwrap();
    assert_eq!(current.len(), 1);
    assert_eq!(other["address"], "127.0.0.1");
    let path = format!("/api/v1/account/sessions/{}", other["id"].as_str().unwrap());

    let _ = ben
        .browser
        .delete(&path)
        .await
        .expect_problem(404, "not_found");
    let _ = acme.browser.get("/api/v1/account").await.expect(200);
    let before = t.login.live_tokens();
    let _ = laptop.browser.delete(&path).await.expect(204);
    assert_eq!(t.login.live_tokens(), before - 1);
    is_out(&t, &acme.browser.cookie(SESSION).unwrap()).await;
    let _ = laptop
        .browser
        .delete(&path)
        .await
        .expect_problem(404, "not_found");
    let guessed = "/api/v1/account/sessions/ses_0192aaaabbbb7ccc8dddeeeeffff0001";
    let _ = laptop
        .browser
        .delete(guessed)
        .await
        .expect_problem(404, "not_found");

    let own = format!(
        "/account/sessions/{}/end",
        current[0]["id"].as_str().unwrap()
    );
    let answer = laptop.browser.post_form(&own, &[]).await.expect(200);
    assert!(answer.text().contains("You are signed out") && clears(&answer));
}

/// Signing out everywhere ends every browser of the person, here and over there, and nobody else's.
#[tokio::test]
async fn signing_out_everywhere_ends_every_browser() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let ben = t.member(&acme.browser, "ben@acme.example", "admin").await;
    let (phone, laptop) = (t.person(&ben.email), t.person(&ben.email));
    phone.signs_in().await;
    laptop.signs_in().await;
    let kept: Vec<_> = [&ben, &phone, &laptop]
        .map(|one| one.browser.cookie(SESSION).unwrap())
        .into();
    assert!(clears(
        &phone
            .browser
            .delete("/api/v1/account/sessions")
            .await
            .expect(204)
    ));
    for secret in kept {
        is_out(&t, &secret).await;
    }
    t.run_until_quiet().await;
    assert_eq!(t.identity.sign_outs(&ben.email), 1);
    let _ = acme.browser.get("/api/v1/account").await.expect(200);
    ben.signs_in().await;
}

/// Security 22: whoever is removed is out with their next request, in every browser; the account over there is closed, and opened
/// again by the next invitation.
#[tokio::test]
async fn who_is_removed_is_out_at_once() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let ben = t.member(&acme.browser, "ben@acme.example", "admin").await;
    let laptop = t.person(&ben.email);
    laptop.signs_in().await;
    let id = ben.account().await["id"].as_str().unwrap().to_owned();
    let _ = acme
        .browser
        .delete(&format!("/api/v1/users/{id}"))
        .await
        .expect(204);
    for browser in [&ben.browser, &laptop.browser] {
        let _ = browser
            .get("/api/v1/tenant")
            .await
            .expect_problem(404, "not_found");
        let _ = browser
            .get("/api/v1/users")
            .await
            .expect_problem(404, "not_found");
        let page = browser.get("/people").await.expect(303);
        assert_eq!(page.header("location"), "/tenants");
        let body = json!({"name": "n", "mode": "test", "scopes": ["capture"]});
        let _ = browser
            .post("/api/v1/api-keys", &body)
            .await
            .expect_problem(404, "not_found");
    }
    t.run_until_quiet().await;
    assert!(t.identity.disabled(&ben.email));
    assert!(t.identity.sign_outs(&ben.email) >= 1);
    for browser in [&ben.browser, &laptop.browser] {
        is_out(&t, &browser.cookie(SESSION).unwrap()).await;
    }
    let answer = ben.signs_in_as(t.passing(&ben.email)).await;
    let _ = answer.expect(403);

    let back = t.member(&acme.browser, &ben.email, "developer").await;
    assert!(!t.identity.disabled(&ben.email));
    assert_eq!(back.account().await["id"], id, "the same person as before");
    assert_eq!(
        t.identity.invitations(&ben.email).len(),
        1,
        "who has a password gets no other"
    );
}

/// Who is removed from one of two tenants is out of that one alone.
#[tokio::test]
async fn who_is_removed_from_one_tenant_stays_in_the_other() {
    let t = TestApp::start().await;
    let (acme, other) = (t.tenant("acme").await, t.tenant("other").await);
    let ben = t.member(&acme.browser, "ben@acme.example", "admin").await;
    let laptop = t.member(&other.browser, &ben.email, "admin").await;
    let (own, theirs) = (acme.ids().await.0, other.ids().await.0);
    let chooses = async |browser: &Client, tenant: &str| {
        let fields = [("tenant", tenant)];
        browser.post_form("/account/tenant", &fields).await.status
    };
    assert_eq!(chooses(&ben.browser, &own.to_string()).await, 303);
    assert_eq!(chooses(&laptop.browser, &theirs.to_string()).await, 303);
    let id = ben.account().await["id"].as_str().unwrap().to_owned();
    let path = format!("/api/v1/users/{id}");
    let _ = acme.browser.delete(&path).await.expect(204);
    t.run_until_quiet().await;
    let _ = ben
        .browser
        .get("/api/v1/users")
        .await
        .expect_problem(404, "not_found");
    let _ = laptop.browser.get("/api/v1/users").await.expect(200);
    assert!(!t.identity.disabled(&ben.email));
    assert_eq!(chooses(&ben.browser, &own.to_string()).await, 404);
    assert_eq!(chooses(&ben.browser, &theirs.to_string()).await, 303);
    let _ = ben.browser.get("/api/v1/users").await.expect(200);
}

/// Security 23: another role counts from the next request on.
#[tokio::test]
async fn another_role_counts_at_once() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let ben = t.member(&acme.browser, "ben@acme.example", "admin").await;
    let id = ben.account().await["id"].as_str().unwrap().to_owned();
    let body = json!({"email": "cid@acme.example", "role": "agent"});
    let _ = ben
        .browser
        .post("/api/v1/invitations", &body)
        .await
        .expect(201);
    for (role, audit, users, write) in [
        ("developer", 403, 200, 403),
        ("agent", 403, 403, 403),
        ("auditor", 200, 200, 403),
        ("admin", 200, 200, 201),
    ] {
        let path = format!("/api/v1/users/{id}");
        let request = acme.browser.request(reqwest::Method::PATCH, &path);
        let _ = acme
            .browser
            .send(request.json(&json!({"role": role})))
            .await
            .expect(204);
        assert_eq!(
            ben.browser.get("/api/v1/audit-log").await.status,
            audit,
            "{role}"
        );
        assert_eq!(
            ben.browser.get("/api/v1/users").await.status,
            users,
            "{role}"
        );
        let posted = ben.browser.post("/api/v1/invitations", &body).await;
        assert_eq!(posted.status, write, "{role}");
    }
}

/// The cookie's plain name is for programs in development alone, where there is no TLS.
#[tokio::test]
async fn the_plain_cookie_is_nothing_where_there_is_tls() {
    for (public_url, status) in [
        ("http://console.payphone.example", 200),
        ("https://console.payphone.example", 401),
    ] {
        let options = testkit::Options {
            public_url,
            ..testkit::Options::default()
        };
        let t = options.start().await;
        let acme = t.tenant("acme").await;
        let program = t.anonymous();
        program.set_cookie("session", &acme.browser.cookie(SESSION).unwrap());
        assert_eq!(program.get("/api/v1/account").await.status, status);
    }
}
