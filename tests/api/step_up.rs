//! How and when somebody signed in: changes need a second factor, and what gives access needs a sign-in of the last five minutes.

use chrono::Duration;
use reqwest::Method;
use serde_json::{Value, json};
use testkit::{Answer, Client, Person, TestApp, login::Passing};

/// Everything that gives access to somebody or something, or changes how people sign in.
fn sensitive(member: &str, invitation: &str) -> Vec<(Method, String, Value)> {
    vec![
        (
            Method::POST,
            "/api/v1/api-keys".into(),
            json!({"name": "n", "mode": "test", "scopes": ["capture"]}),
        ),
        (
            Method::POST,
            "/api/v1/invitations".into(),
            json!({"email": "new@acme.example", "role": "agent"}),
        ),
        (
            Method::POST,
            format!("/api/v1/invitations/{invitation}/resend"),
            Value::Null,
        ),
        (
            Method::PATCH,
            format!("/api/v1/users/{member}"),
            json!({"role": "agent"}),
        ),
        (
            Method::POST,
            format!("/api/v1/users/{member}/authenticator-reset"),
            Value::Null,
        ),
        (
            Method::POST,
            "/api/v1/account/recovery-codes".into(),
            Value::Null,
        ),
    ]
}

async fn ask(browser: &Client, method: &Method, path: &str, body: &Value) -> Answer {
    let request = browser.request(method.clone(), path);
    browser.send(request.json(body)).await
}

/// A member and an open invitation of the tenant, by their ids.
async fn targets(t: &TestApp, owner: &Client) -> (String, String) {
    let ben = t.member(owner, "ben@acme.example", "developer").await;
    let body = json!({"email": "cid@acme.example", "role": "agent"});
    let made = owner.post("/api/v1/invitations", &body).await.expect(201);
    let id = |value: &Value| value["id"].as_str().unwrap().to_owned();
    (id(&ben.account().await), id(&made.json()))
}

/// The address behind the button of the page that asks to sign in again.
fn way(page: &Answer) -> String {
    let text = page.text();
    let (_, rest) = text.split_once("href=\"/login?").unwrap();
    let href = rest.split('"').next().unwrap().replace("&amp;", "&");
    format!("/login?{href}")
}

async fn signs_in_again(person: &Person<'_>, t: &TestApp, way: &str) -> Answer {
    let back = person.goes_to_sign_in(t.passing(&person.email), way).await;
    person.browser.get(&back.path()).await.expect(303)
}

/// Security 20: whoever another provider let in may look at everything their role lets them, and change nothing.
#[tokio::test]
async fn without_a_second_factor_nothing_can_be_changed() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let (member, invitation) = targets(&t, &acme.browser).await;
    let ann = t.person(&acme.email());
    let passing = Passing {
        federated: true,
        ..t.passing(&ann.email)
    };
    let _ = ann.signs_in_as(passing).await.expect(303);
    for path in [
        "tenant",
        "users",
        "invitations",
        "api-keys",
        "audit-log",
        "usage",
        "account",
    ] {
        let _ = ann
            .browser
            .get(&format!("/api/v1/{path}"))
            .await
            .expect(200);
    }
    for path in [
        "/",
        "/people",
        "/keys",
        "/api-keys",
        "/activity",
        "/account",
    ] {
        let _ = ann.browser.get(path).await.expect(200);
    }
    let mut changes = sensitive(&member, &invitation);
    changes.push((
        Method::DELETE,
        format!("/api/v1/users/{member}"),
        Value::Null,
    ));
    changes.push((
        Method::DELETE,
        format!("/api/v1/invitations/{invitation}"),
        Value::Null,
    ));
    for (method, path, body) in &changes {
        let answer = ask(&ann.browser, method, path, body).await;
        let _ = answer.expect_problem(403, "mfa_required");
    }
    let fields = [("email", "new@acme.example"), ("role", "agent")];
    let page = ann
        .browser
        .post_form("/people/invitations", &fields)
        .await
        .expect(403);
    assert!(
        page.text().contains("/login?again=1"),
        "a way to sign in with one"
    );
    assert_eq!(t.count("invitations", "true").await, 2);
    // Where they are, and the way out, is never held up.
    let _ = ann
        .browser
        .delete("/api/v1/account/sessions")
        .await
        .expect(204);
}

/// What a missing second factor refuses is written down, as every refusal for want of permission is.
#[tokio::test]
async fn a_missing_second_factor_leaves_its_line() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let ann = t.person(&acme.email());
    let passing = Passing {
        federated: true,
        ..t.passing(&ann.email)
    };
    let _ = ann.signs_in_as(passing).await.expect(303);
    let body = json!({"email": "new@acme.example", "role": "agent"});
    let _ = ann
        .browser
        .post("/api/v1/invitations", &body)
        .await
        .expect(403);
    let sql = "SELECT action, detail FROM audit_log WHERE outcome = 'refused'";
    assert_eq!(t.rows(sql).await, [["invitation.create", "mfa_required"]]);
}

/// The same where it is about the person's own account: recovery codes change how they get in.
#[tokio::test]
async fn a_refused_change_of_ones_own_leaves_its_line() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let ann = t.person(&acme.email());
    let passing = Passing {
        federated: true,
        ..t.passing(&ann.email)
    };
    let _ = ann.signs_in_as(passing).await.expect(303);
    let path = "/api/v1/account/recovery-codes";
    let answer = ann.browser.post(path, &Value::Null).await;
    let _ = answer.expect_problem(403, "mfa_required");
    let sql = "SELECT action, detail FROM audit_log WHERE outcome = 'refused'";
    let line = ["recoveryCodes.create", "mfa_required"];
    assert_eq!(t.rows(sql).await, [line]);
}

/// Security 21: five minutes after signing in, whatever gives access asks for another sign-in, and nothing else does.
#[tokio::test]
async fn what_gives_access_needs_a_fresh_sign_in() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let (member, invitation) = targets(&t, &acme.browser).await;
    acme.signs_in().await;
    let before = t.count("audit_log", "true").await;
    t.clock.advance_real(Duration::minutes(5));
    for (method, path, body) in &sensitive(&member, &invitation) {
        let answer = ask(&acme.browser, method, path, body).await;
        let answer = answer.expect_problem(401, "reauth_required");
        assert_eq!(answer.header("www-authenticate"), "Bearer", "{path}");
        assert_eq!(answer.header("set-cookie"), "", "the session goes on");
    }
    assert_eq!(
        t.count("audit_log", "true").await,
        before,
        "being asked again is no refusal"
    );
    let path = format!("/api/v1/invitations/{invitation}");
    let _ = acme.browser.delete(&path).await.expect(204);
    let _ = acme
        .browser
        .delete(&format!("/api/v1/users/{member}"))
        .await
        .expect(204);
    acme.signs_in().await;
    t.clock.advance_real(Duration::seconds(299));
    let _ = acme.api_key("test", &["capture"]).await;
}

/// Security 21: it counts when the page last asked who they are, not when the browser came back from it.
#[tokio::test]
async fn what_the_sign_in_page_remembers_is_not_fresh() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let passing = Passing {
        seconds_ago: 301,
        ..t.passing(&acme.email())
    };
    let ann = t.person(&acme.email());
    let _ = ann.signs_in_as(passing).await.expect(303);
    let body = json!({"name": "n", "mode": "test", "scopes": ["capture"]});
    let answer = ann.browser.post("/api/v1/api-keys", &body).await;
    let _ = answer.expect_problem(401, "reauth_required");
}

/// Security 21: a page asks to sign in again, keeps what was typed, and then it works.
#[tokio::test]
async fn what_was_typed_outlives_signing_in_again() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let ann = t.person(&acme.email());
    ann.signs_in().await;
    for (form, fields, page, kept) in [
        (
            "/people/invitations",
            vec![("email", "jo+1@acme.example"), ("role", "auditor")],
            "/people?email=jo%2B1%40acme.example&role=auditor",
            "value=\"jo+1@acme.example\"",
        ),
        (
            "/api-keys",
            vec![
                ("name", "Till & co"),
                ("mode", "live"),
                ("scopes", "usage:read"),
                ("scopes", "usage:write"),
            ],
            "/api-keys?name=Till+%26+co&mode=live&scopes=usage%3Aread&scopes=usage%3Awrite",
            "value=\"Till &amp; co\"",
        ),
    ] {
        t.clock.advance_real(Duration::minutes(5));
        let asked = ann.browser.post_form(form, &fields).await.expect(401);
        assert!(
            asked.text().contains("Sign in again to do this"),
            "{}",
            asked.text()
        );
        let way = way(&asked);
        assert!(way.starts_with("/login?again=1&next="), "{way}");
        let before = ann.browser.cookie("__Host-session").unwrap();
        let back = signs_in_again(&ann, &t, &way).await;
        assert_eq!(back.header("location"), page);
        assert_ne!(ann.browser.cookie("__Host-session").unwrap(), before);
        let shown = ann.browser.get(page).await.expect(200);
        assert!(shown.text().contains(kept), "{}", shown.text());
        let done = ann.browser.post_form(form, &fields).await;
        assert!(done.status < 400, "{}", done.text());
    }
    assert_eq!(t.count("invitations", "role = 'auditor'").await, 1);
    assert_eq!(t.count("api_keys", "name = 'Till & co'").await, 1);
}

/// Security 21: a key that somebody pasted into the wrong field does not get into an address.
#[tokio::test]
async fn a_key_that_was_typed_does_not_travel() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let secret = acme.till().await.secret;
    t.clock.advance_real(Duration::minutes(5));
    let fields = [("name", &*secret), ("mode", "live"), ("scopes", "capture")];
    let asked = acme
        .browser
        .post_form("/api-keys", &fields)
        .await
        .expect(401);
    assert!(!asked.text().contains(&secret));
    assert!(
        way(&asked).ends_with("next=%2Fapi-keys%3Fmode%3Dlive%26scopes%3Dcapture"),
        "{}",
        way(&asked)
    );
}

/// Security 21: a page that leads up to something sensitive asks before the question, and comes back to it.
#[tokio::test]
async fn a_question_is_not_answered_in_vain() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let (member, _) = targets(&t, &acme.browser).await;
    t.clock.advance_real(Duration::minutes(5));
    let ann = t.person(&acme.email());
    ann.signs_in().await;
    t.clock.advance_real(Duration::minutes(5));
    for path in [
        "/account/recovery-codes".to_owned(),
        format!("/people/{member}/reset-authenticator"),
    ] {
        let asked = ann.browser.get(&path).await.expect(303);
        let way = asked.header("location").to_owned();
        assert!(way.starts_with("/login?again=1"), "{way}");
        let back = signs_in_again(&ann, &t, &way).await;
        assert_eq!(back.header("location"), path);
        let _ = ann.browser.get(&path).await.expect(200);
        let done = ann.browser.post_form(&path, &[]).await;
        assert!(done.status < 400, "{}", done.text());
        t.clock.advance_real(Duration::minutes(5));
    }
    // Removing somebody takes access away, so nobody is held up.
    let remove = format!("/people/{member}/remove");
    let _ = ann.browser.get(&remove).await.expect(200);
    let _ = ann.browser.post_form(&remove, &[]).await.expect(303);
}

/// Signing in again as somebody else is a session of theirs, and finishes nothing of what the first had begun.
#[tokio::test]
async fn signing_in_again_as_somebody_else_gives_them_nothing() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let ben = t.member(&acme.browser, "ben@acme.example", "agent").await;
    let ann = t.person(&acme.email());
    ann.signs_in().await;
    t.clock.advance_real(Duration::minutes(5));
    let fields = [("email", "new@acme.example"), ("role", "agent")];
    let asked = ann
        .browser
        .post_form("/people/invitations", &fields)
        .await
        .expect(401);
    let before = ann.browser.cookie("__Host-session").unwrap();
    let back = ann
        .goes_to_sign_in(t.passing(&ben.email), &way(&asked))
        .await;
    let _ = ann.browser.get(&back.path()).await.expect(303);
    assert_eq!(ann.account().await["email"], ben.email);
    let _ = ann
        .browser
        .post_form("/people/invitations", &fields)
        .await
        .expect(403);
    let old = t.anonymous();
    old.set_cookie("__Host-session", &before);
    let _ = old.get("/api/v1/account").await.expect(401);
    assert_eq!(
        t.count("invitations", "email = 'new@acme.example'").await,
        0
    );
}
