//! Signing in by managed login, from the invitation to tokens and to the end of the session.

use aws_sim::{clock::Clock, cognito::totp};
use serde_json::json;

use super::{
    body_of, start_at, status_of,
    visitor::{CALLBACK, NOW, PASSWORD, VERIFIER, Visitor, authorize},
};

#[tokio::test]
async fn an_invited_administrator_gets_tokens() {
    let dir = tempfile::tempdir().unwrap();
    let sim = start_at(dir.path(), Clock::fixed(NOW)).await;
    let made = sim
        .cognito(
            "AdminCreateUser",
            json!({"Username": "Ann@Example.com", "DesiredDeliveryMediums": ["EMAIL"],
                   "UserAttributes": [{"Name": "email_verified", "Value": "true"}, {"Name": "custom:user_id", "Value": "ten_1"}]}),
        )
        .await
        .unwrap();
    let sub = made["User"]["Username"].clone();
    let mails = sim.control("GET", "/mailbox", &json!({})).await;
    let mail = &mails["items"][1];
    assert_eq!(mail["to"], "Ann@Example.com", "after the operator's");
    let temporary = mail["temporaryPassword"].as_str().unwrap();
    assert!(mail["body"].as_str().unwrap().contains(temporary));

    let mut ann = Visitor::new(&sim);
    let page = ann.enter("ann@example.com", temporary).await;
    assert_eq!(page.action(), "/login/new-password");
    let unlike = [("password", PASSWORD), ("confirm_password", "another")];
    let again = ann.fill(&page, &unlike).await;
    assert_eq!(again.message(), "The passwords do not match.");
    let short = [("password", "short"), ("confirm_password", "short")];
    let again = ann.fill(&again, &short).await;
    assert!(again.message().ends_with("Password not long enough"));
    let chosen = [("password", PASSWORD), ("confirm_password", PASSWORD)];
    let replayed = ann.fill(&page, &chosen).await;
    assert_eq!(replayed.status, "400", "a session is good for one answer");
    assert!(replayed.page.contains("session is expired"));
    let page = ann.fill(&again, &chosen).await;
    assert_eq!(page.action(), "/login/authenticator-setup");
    assert!(page.page.contains("<svg class=\"qr\""));
    let secret = page.secret();
    assert_eq!(secret.len(), 52);
    let shown = sim.send("GET", "/authenticator", "", "").await;
    let code = totp::code(&secret, totp::step(NOW)).unwrap();
    assert!(shown.contains(&code), "the demo authenticator shows it");
    let page = ann.fill(&page, &[("code", "000000")]).await;
    assert_eq!(page.message(), "Invalid code received for user");
    let done = ann.fill(&page, &[("code", &code)]).await;
    assert_eq!(done.status, "302");
    assert!(done.location.starts_with(CALLBACK));
    assert_eq!(done.given("state").as_deref(), Some("st&te"));

    let tokens = sim.redeem(&done.given("code").unwrap(), VERIFIER).await;
    let id = sim
        .verified(tokens["id_token"].as_str().unwrap())
        .await
        .unwrap();
    for (name, expected) in [
        ("sub", sub.clone()),
        ("cognito:username", sub.clone()),
        ("aud", json!("payphoneconsole")),
        ("iss", json!("http://127.0.0.1/us-east-1_PayphoneD")),
        ("token_use", json!("id")),
        ("nonce", json!("n0nce")),
        ("email", json!("Ann@Example.com")),
        ("email_verified", json!(true)),
        ("auth_time", json!(NOW / 1000)),
        ("exp", json!(NOW / 1000 + 900)),
        ("custom:user_id", json!(null)),
    ] {
        assert_eq!(id[name], expected, "{name}");
    }
    let access = sim
        .verified(tokens["access_token"].as_str().unwrap())
        .await
        .unwrap();
    assert_eq!(access["client_id"], "payphoneconsole");
    assert_eq!(
        (&access["aud"], &access["token_use"]),
        (&json!(null), &json!("access"))
    );
    assert_eq!(access["origin_jti"], id["origin_jti"]);
    let shown = sim
        .cognito("AdminGetUser", json!({"Username": sub}))
        .await
        .unwrap();
    assert_eq!(shown["UserStatus"], "CONFIRMED");
    assert_eq!(shown["UserMFASettingList"], json!(["SOFTWARE_TOKEN_MFA"]));
    sim.end().await;
}

#[tokio::test]
async fn tokens_are_refreshed_and_revoked() {
    let dir = tempfile::tempdir().unwrap();
    let sim = start_at(dir.path(), Clock::fixed(NOW)).await;
    sim.user("ann@example.com").await;
    let mut ann = Visitor::new(&sim);
    let (_, done) = ann.first_sign_in("ann@example.com").await;

    let first = done.given("code").unwrap();
    let wrong = VERIFIER.replace('a', "b");
    assert_eq!(sim.redeem(&first, &wrong).await["error"], "invalid_grant");
    assert_eq!(sim.redeem(&first, VERIFIER).await["error"], "invalid_grant");

    let code = ann.silently().await;
    let tokens = sim.redeem(&code, VERIFIER).await;
    let info = |tokens: &serde_json::Value| {
        let bearer = format!(
            "authorization: Bearer {}\r\n",
            tokens["access_token"].as_str().unwrap()
        );
        let sim = &sim;
        async move { sim.send("GET", "/oauth2/userInfo", &bearer, "").await }
    };
    let known = info(&tokens).await;
    assert!(body_of(&known).contains("\"email_verified\":\"true\""));
    assert_eq!(sim.redeem(&code, VERIFIER).await["error"], "invalid_grant");
    assert_eq!(
        sim.refresh(&tokens).await["error"],
        "invalid_grant",
        "a replayed code ends what it got"
    );
    assert_eq!(status_of(&info(&tokens).await), "401");

    let tokens = sim.redeem(&ann.silently().await, VERIFIER).await;
    let second = sim.refresh(&tokens).await;
    assert_ne!(second["refresh_token"], tokens["refresh_token"]);
    let id = sim
        .verified(second["id_token"].as_str().unwrap())
        .await
        .unwrap();
    assert_eq!(id["nonce"], json!(null));
    assert!(
        sim.refresh(&tokens).await["access_token"].is_string(),
        "within the grace period"
    );
    let last = sim.refresh(&second).await;
    let token = last["refresh_token"].as_str().unwrap();
    let secret =
        json!({"Token": token, "ClientId": "payphoneconsole", "ClientSecret": super::SECRET});
    let target = "x-amz-target: AWSCognitoIdentityProviderService.RevokeToken\r\n";
    let revoked = sim.send("POST", "/", target, &secret.to_string()).await;
    assert_eq!(status_of(&revoked), "200", "needs no signature");
    assert_eq!(sim.refresh(&last).await["error"], "invalid_grant");
    assert_eq!(sim.refresh(&tokens).await["error"], "invalid_grant");
    let log = sim.send("GET", "/_sim/v1/requests", "", "").await;
    assert!(!log.contains(super::SECRET) && !log.contains(token) && !log.contains(PASSWORD));

    sim.control(
        "PUT",
        "/switches",
        &json!({"cognitoRefreshTokenRotation": "off"}),
    )
    .await;
    let tokens = sim.redeem(&ann.silently().await, VERIFIER).await;
    assert_eq!(sim.refresh(&tokens).await["refresh_token"], json!(null));
    assert!(sim.refresh(&tokens).await["access_token"].is_string());
    sim.cognito(
        "AdminUserGlobalSignOut",
        json!({"Username": "ann@example.com"}),
    )
    .await
    .unwrap();
    assert_eq!(sim.refresh(&tokens).await["error"], "invalid_grant");
    let sent = ann.get(&authorize(&[])).await;
    assert!(
        sent.location.starts_with("/login?"),
        "the browser is signed out too"
    );
    sim.end().await;
}

#[tokio::test]
async fn sessions_keys_and_users_survive_a_restart() {
    let dir = tempfile::tempdir().unwrap();
    let sim = start_at(dir.path(), Clock::fixed(NOW)).await;
    sim.user("ann@example.com").await;
    let mut ann = Visitor::new(&sim);
    ann.first_sign_in("ann@example.com").await;
    let tokens = sim.redeem(&ann.silently().await, VERIFIER).await;
    let code = ann.silently().await;
    let users = sim.control("GET", "/users", &json!({})).await;
    assert_eq!(users["items"][0]["mfa"], "registered");
    assert_eq!(users["items"][1]["groups"], json!(["operators"]));
    sim.end().await;

    let sim = start_at(dir.path(), Clock::fixed(NOW + 1)).await;
    assert_eq!(sim.control("GET", "/users", &json!({})).await, users);
    assert!(
        sim.verified(tokens["id_token"].as_str().unwrap())
            .await
            .is_some()
    );
    assert!(sim.refresh(&tokens).await["access_token"].is_string());
    assert!(sim.redeem(&code, VERIFIER).await["access_token"].is_string());
    let mails = sim.control("GET", "/mailbox", &json!({})).await;
    assert_eq!(
        mails["items"].as_array().unwrap().len(),
        1,
        "the operator is invited once"
    );
    sim.end().await;
}

#[tokio::test]
async fn a_browser_session_answers_for_an_hour_unless_asked_otherwise() {
    let dir = tempfile::tempdir().unwrap();
    let sim = start_at(dir.path(), Clock::fixed(NOW)).await;
    sim.user("ann@example.com").await;
    let mut ann = Visitor::new(&sim);
    let refused = ann.get(&authorize(&[("prompt", "none")])).await;
    assert_eq!(refused.given("error").as_deref(), Some("login_required"));
    assert_eq!(refused.given("state").as_deref(), Some("st&te"));
    ann.first_sign_in("ann@example.com").await;

    for (more, signs_in) in [
        (("prompt", "none"), false),
        (("prompt", "login"), true),
        (("max_age", "0"), true),
        (("max_age", "300"), false),
    ] {
        let sent = ann.get(&authorize(&[more])).await;
        assert_eq!(sent.location.starts_with("/login?"), signs_in, "{more:?}");
    }
    let off = json!({"cognitoMaxAgeHonoured": "no", "cognitoPromptHonoured": "no"});
    sim.control("PUT", "/switches", &off).await;
    for more in [("prompt", "login"), ("max_age", "0")] {
        assert!(
            ann.get(&authorize(&[more])).await.given("code").is_some(),
            "{more:?}"
        );
    }

    let elsewhere = "/logout?client_id=payphoneconsole&logout_uri=http://127.0.0.1:9/";
    assert_eq!(ann.get(elsewhere).await.status, "400");
    assert!(ann.get(&authorize(&[])).await.given("code").is_some());
    let left = ann
        .get("/logout?client_id=payphoneconsole&logout_uri=http://127.0.0.1:8080/")
        .await;
    assert_eq!(
        (left.status.as_str(), left.location.as_str()),
        ("302", "http://127.0.0.1:8080/")
    );
    assert!(
        ann.get(&authorize(&[]))
            .await
            .location
            .starts_with("/login?")
    );
    sim.end().await;
}
