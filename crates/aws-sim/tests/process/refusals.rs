//! What managed login and the token endpoint refuse, and what they say then.

use aws_sim::{clock::Clock, cognito::totp};
use serde_json::json;

use super::{
    body_of, start_at, status_of,
    visitor::{CALLBACK, NOW, PASSWORD, VERIFIER, Visitor, authorize},
};

const WEEK: i64 = 7 * 24 * 3600;

#[tokio::test]
async fn mistakes_go_back_to_known_clients_only() {
    let dir = tempfile::tempdir().unwrap();
    let sim = start_at(dir.path(), Clock::fixed(NOW)).await;
    let mut visitor = Visitor::new(&sim);
    for (more, error) in [
        (
            [
                ("redirect_uri", "http://127.0.0.1:8080/callback/"),
                ("", ""),
            ],
            "redirect_mismatch",
        ),
        (
            [("redirect_uri", "http://evil.example/"), ("", "")],
            "redirect_mismatch",
        ),
        ([("client_id", "other"), ("", "")], "invalid_client"),
    ] {
        let sent = visitor.get(&authorize(&more)).await;
        assert_eq!(
            sent.location,
            format!("/error?error={error}&client_id=payphoneconsole")
        );
        let page = visitor.get(&sent.location).await;
        assert_eq!(page.status, "400");
        assert!(page.page.contains(error));
        let login = authorize(&more).replace("/oauth2/authorize", "/login");
        assert_eq!(visitor.get(&login).await.location, sent.location);
    }
    let page = visitor.get("/error?error=%3Cscript%3E").await;
    assert!(page.page.contains("&lt;script&gt;") && !page.page.contains("<script"));
    for (more, error) in [
        (("response_type", "token"), "unauthorized_client"),
        (("response_type", ""), "invalid_request"),
        (("scope", "openid admin"), "invalid_scope"),
        (("scope", "email"), "invalid_scope"),
        (("code_challenge", "short"), "invalid_request"),
        (("code_challenge_method", "plain"), "invalid_request"),
        (("max_age", "soon"), "invalid_request"),
    ] {
        let sent = visitor.get(&authorize(&[more])).await;
        assert!(
            sent.location.starts_with(CALLBACK),
            "{more:?}: {}",
            sent.location
        );
        assert_eq!(sent.given("error").as_deref(), Some(error), "{more:?}");
        assert_eq!(sent.given("state").as_deref(), Some("st&te"));
    }
    let without = [("code_challenge", ""), ("code_challenge_method", "")];
    let sent = visitor.get(&authorize(&without)).await;
    assert_eq!(sent.given("error").as_deref(), Some("invalid_request"));
    sim.control("PUT", "/switches", &json!({"cognitoPkceRequired": "off"}))
        .await;
    assert!(
        visitor
            .get(&authorize(&without))
            .await
            .location
            .starts_with("/login?")
    );
    sim.end().await;
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_address_look_alike() {
    let dir = tempfile::tempdir().unwrap();
    let sim = start_at(dir.path(), Clock::fixed(NOW)).await;
    sim.user("ann@example.com").await;
    let mut visitor = Visitor::new(&sim);
    for text in [
        "Incorrect username or password.",
        "Incorrect username or password.",
        "Incorrect username or password.",
        "Incorrect username or password.",
        "Incorrect username or password.",
        "Password attempts exceeded",
    ] {
        let known = visitor.enter("ann@example.com", "wrong password").await;
        let unknown = visitor.enter("bob@example.com", "wrong password").await;
        assert_eq!(known.message(), text);
        assert_eq!(known.status, unknown.status);
        assert_eq!(known.page, unknown.page.replace("bob@", "ann@"));
    }
    let right = visitor.enter("ann@example.com", PASSWORD).await;
    assert_eq!(
        right.message(),
        "Password attempts exceeded",
        "the lock holds for the right one too"
    );

    let page = visitor.at_sign_in(&[("login_hint", "\"><script>")]).await;
    assert!(
        page.page.contains("value=\"&quot;&gt;&lt;script&gt;\"") && !page.page.contains("<script")
    );
    let forgot = page.page.contains("href=\"/forgotPassword?");
    assert!(forgot, "{}", page.page);
    sim.end().await;
}

#[tokio::test]
async fn a_temporary_password_lives_a_week_and_is_sent_again() {
    let dir = tempfile::tempdir().unwrap();
    let sim = start_at(dir.path(), Clock::fixed(NOW)).await;
    let invite = |action: Option<&str>| {
        let mut body = json!({"Username": "ann@example.com", "DesiredDeliveryMediums": ["EMAIL"]});
        if let Some(action) = action {
            body["MessageAction"] = json!(action);
        }
        sim.cognito("AdminCreateUser", body)
    };
    let latest = || async {
        let mails = sim.control("GET", "/mailbox", &json!({})).await;
        let mail = mails["items"].as_array().unwrap().last().unwrap().clone();
        mail["temporaryPassword"].as_str().unwrap().to_owned()
    };
    assert_eq!(
        invite(Some("RESEND")).await.unwrap_err(),
        "UserNotFoundException"
    );
    invite(None).await.unwrap();
    assert_eq!(invite(None).await.unwrap_err(), "UsernameExistsException");
    let first = latest().await;
    let mut ann = Visitor::new(&sim);
    sim.control("POST", "/clock", &json!({"advanceSeconds": WEEK - 1}))
        .await;
    assert_eq!(
        ann.enter("ann@example.com", &first).await.action(),
        "/login/new-password"
    );
    sim.control("POST", "/clock", &json!({"advanceSeconds": 1}))
        .await;
    let late = ann.enter("ann@example.com", &first).await;
    assert_eq!(
        late.message(),
        "Temporary password has expired and must be reset by an administrator."
    );
    invite(Some("RESEND")).await.unwrap();
    let second = latest().await;
    assert_ne!(first, second);
    assert_eq!(
        ann.enter("ann@example.com", &first).await.message(),
        "Incorrect username or password."
    );
    let page = ann.enter("ann@example.com", &second).await;
    let chosen = [("password", PASSWORD), ("confirm_password", PASSWORD)];
    ann.fill(&page, &chosen).await;
    assert_eq!(
        invite(Some("RESEND")).await.unwrap_err(),
        "UnsupportedUserStateException"
    );
    sim.end().await;
}

#[tokio::test]
async fn a_code_is_used_once_and_an_authenticator_can_be_replaced() {
    let dir = tempfile::tempdir().unwrap();
    let sim = start_at(dir.path(), Clock::fixed(NOW)).await;
    sim.user("ann@example.com").await;
    let mut ann = Visitor::new(&sim);
    let (secret, _) = ann.first_sign_in("ann@example.com").await;
    let code = |step: i64| totp::code(&secret, totp::step(NOW) + step).unwrap();

    let page = ann.enter_again("ann@example.com").await;
    let page = ann.fill(&page, &[("code", &code(-1))]).await;
    assert_eq!(
        page.message(),
        "Your software token has already been used once."
    );
    let page = ann.fill(&page, &[("code", &code(2))]).await;
    assert_eq!(page.message(), "Invalid code received for user");
    let done = ann.fill(&page, &[("code", &code(0))]).await;
    assert!(done.given("code").is_some());
    sim.control("PUT", "/switches", &json!({"cognitoTotpReuse": "accepted"}))
        .await;
    let page = ann.enter_again("ann@example.com").await;
    assert!(
        ann.fill(&page, &[("code", &code(0))])
            .await
            .given("code")
            .is_some()
    );

    let name = json!({"Username": "ann@example.com"});
    sim.cognito("AdminDeleteSoftwareToken", name.clone())
        .await
        .unwrap();
    let page = ann.enter_again("ann@example.com").await;
    assert_eq!(page.action(), "/login/authenticator-setup");
    assert_ne!(page.secret(), secret);

    sim.cognito("AdminDisableUser", name.clone()).await.unwrap();
    let late = ann.fill(&page, &[("code", "123456")]).await;
    assert!(late.page.contains("session is expired"));
    assert_eq!(
        ann.enter("ann@example.com", PASSWORD).await.message(),
        "User is disabled."
    );
    sim.cognito("AdminEnableUser", name.clone()).await.unwrap();
    assert_eq!(
        ann.enter("ann@example.com", PASSWORD).await.action(),
        "/login/authenticator-setup"
    );
    sim.cognito("AdminDeleteUser", name).await.unwrap();
    assert_eq!(
        ann.enter("ann@example.com", PASSWORD).await.message(),
        "Incorrect username or password."
    );
    sim.end().await;
}

#[tokio::test]
async fn a_forgotten_password_is_replaced_by_a_mailed_code() {
    let dir = tempfile::tempdir().unwrap();
    let sim = start_at(dir.path(), Clock::fixed(NOW)).await;
    sim.user("ann@example.com").await;
    let mut ann = Visitor::new(&sim);
    let forgot = authorize(&[]).replace("/oauth2/authorize", "/forgotPassword");
    let page = ann.get(&forgot).await;
    let unknown = ann.fill(&page, &[("username", "bob@example.com")]).await;
    let known = ann.fill(&page, &[("username", "ann@example.com")]).await;
    let same = unknown
        .page
        .replace(&unknown.field("session"), &known.field("session"));
    assert_eq!(known.page, same);

    let mails = sim.control("GET", "/mailbox", &json!({})).await;
    assert_eq!(
        mails["items"].as_array().unwrap().len(),
        2,
        "the operator's and Ann's"
    );
    let body = mails["items"][1]["body"].as_str().unwrap();
    let code = body.split("code is ").nth(1).unwrap()[..6].to_owned();
    let chosen = |code| {
        [
            ("code", code),
            ("password", "a new password"),
            ("confirm_password", "a new password"),
        ]
    };
    let mismatch = "Invalid verification code provided, please try again.";
    let nobody = ann.fill(&unknown, &chosen("000000")).await;
    assert_eq!(nobody.message(), mismatch);
    let page = ann.fill(&known, &chosen("000000")).await;
    assert_eq!(page.message(), mismatch);
    let page = ann.fill(&page, &chosen(&code)).await;
    assert_eq!(page.message(), "Your password is changed. Sign in with it.");
    assert!(page.page.contains("value=\"ann@example.com\""));
    let next = ann
        .fill(
            &page,
            &[
                ("username", "ann@example.com"),
                ("password", "a new password"),
            ],
        )
        .await;
    assert_eq!(next.action(), "/login/authenticator-setup");
    sim.cognito(
        "AdminResetUserPassword",
        json!({"Username": "ann@example.com"}),
    )
    .await
    .unwrap();
    let page = ann.enter("ann@example.com", "whatever it was").await;
    assert_eq!(page.action(), "/confirmforgotPassword");
    sim.end().await;
}

#[tokio::test]
async fn keys_rotate_and_faults_strike_the_endpoints() {
    let dir = tempfile::tempdir().unwrap();
    let sim = start_at(dir.path(), Clock::fixed(NOW)).await;
    sim.user("ann@example.com").await;
    let mut ann = Visitor::new(&sim);
    let (_, done) = ann.first_sign_in("ann@example.com").await;
    let tokens = sim.redeem(&done.given("code").unwrap(), VERIFIER).await;
    let id = tokens["id_token"].as_str().unwrap();
    let before = sim.control("GET", "/jwks", &json!({})).await;
    let kept = sim.control("POST", "/jwks/rotate", &json!({})).await;
    assert_eq!(kept["kids"].as_array().unwrap().len(), 4);
    assert_ne!(kept["current"], before["current"]);
    assert!(sim.verified(id).await.is_some());
    sim.control("POST", "/jwks/rotate", &json!({"keepOld": false}))
        .await;
    assert!(sim.verified(id).await.is_none());
    let after = sim.control("GET", "/jwks", &json!({})).await;
    assert_eq!(
        after["fetches"].as_u64(),
        before["fetches"].as_u64().map(|n| n + 2)
    );

    let jwks = "/us-east-1_PayphoneD/.well-known/jwks.json";
    for (operation, kind) in [
        ("*", "serverError"),
        ("Jwks", "serverError"),
        ("Token", "lostAnswer"),
    ] {
        let fault = json!({"operation": operation, "kind": kind, "count": 1});
        sim.control("POST", "/faults", &fault).await;
    }
    assert_eq!(status_of(&sim.send("GET", jwks, "", "").await), "500");
    assert_eq!(status_of(&sim.send("GET", jwks, "", "").await), "200");
    assert_eq!(
        sim.refresh(&tokens).await,
        json!(null),
        "done, and the answer lost"
    );
    assert!(sim.refresh(&tokens).await["access_token"].is_string());
    let struck = sim
        .cognito("AdminGetUser", json!({"Username": "ann@example.com"}))
        .await;
    assert_eq!(struck.unwrap_err(), "InternalErrorException");

    let form = "content-type: application/x-www-form-urlencoded\r\n";
    for (body, error) in [
        (
            "grant_type=refresh_token&client_id=payphoneconsole&client_secret=wrong",
            "invalid_client",
        ),
        (
            "grant_type=refresh_token&client_id=payphoneconsole&client_secret=throwaway0secret0of0tests",
            "invalid_request",
        ),
        (
            "grant_type=password&client_id=payphoneconsole&client_secret=throwaway0secret0of0tests",
            "unsupported_grant_type",
        ),
    ] {
        let answer = sim.send("POST", "/oauth2/token", form, body).await;
        assert_eq!(status_of(&answer), "400");
        assert_eq!(body_of(&answer), format!("{{\"error\":\"{error}\"}}"));
    }
    let known = sim
        .send(
            "GET",
            "/us-east-1_PayphoneD/.well-known/openid-configuration",
            "",
            "",
        )
        .await;
    assert!(known.contains("\"issuer\":\"http://127.0.0.1/us-east-1_PayphoneD\""));
    sim.end().await;
}
