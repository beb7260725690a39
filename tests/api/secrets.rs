//! What may be in no database: the whole files are searched, free pages and write-ahead log included.

use serde_json::{Value, json};
use testkit::TestApp;

fn has(bytes: &[u8], text: &str) -> bool {
    bytes
        .windows(text.len())
        .any(|window| window == text.as_bytes())
}

/// Security 67: no session, link, recovery code, token, key or first password is there to be read.
#[tokio::test]
async fn no_secret_is_in_the_database() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let ben = t.member(&acme.browser, "ben@acme.example", "admin").await;
    let body = json!({"email": "cid@acme.example", "role": "agent"});
    let made = acme
        .browser
        .post("/api/v1/invitations", &body)
        .await
        .expect(201)
        .json();
    t.run_until_quiet().await;
    let cid = t.person("cid@acme.example");
    let first = cid.invitation_link();
    let resend = format!(
        "/api/v1/invitations/{}/resend",
        made["id"].as_str().unwrap()
    );
    let _ = acme.browser.post(&resend, &Value::Null).await.expect(200);
    t.run_until_quiet().await;
    let codes = ben
        .browser
        .post("/api/v1/account/recovery-codes", &Value::Null)
        .await
        .expect(201)
        .json();
    let codes = codes["codes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|code| code.as_str().unwrap().to_owned());
    let codes: Vec<String> = codes.collect();
    let till = acme.till().await;
    till.sends(&acme.usage("one", 1)).await;
    t.anonymous()
        .post_form("/recover", &[("email", &*ben.email), ("code", &*codes[0])])
        .await;
    t.run_until_quiet().await;

    let mut secrets = t.login.secrets();
    assert_eq!(secrets.len(), 2, "refresh tokens");
    secrets.extend([
        first,
        cid.invitation_link(),
        till.secret,
        acme.token.clone(),
        ben.invitation_link(),
    ]);
    secrets.extend(
        [&acme.browser, &ben.browser].map(|browser| browser.cookie("__Host-session").unwrap()),
    );
    secrets.extend(codes.iter().map(|code| code.replace('-', "")));
    secrets.extend(codes);
    secrets.extend(
        [acme.email(), ben.email.clone()].map(|email| t.identity.temporary_password(&email)),
    );
    let bytes = t.on_disk().await;
    assert!(
        has(&bytes, "ben@acme.example"),
        "the search finds what is there"
    );
    for secret in &secrets {
        assert!(secret.len() >= 10, "too short to look for: {secret}");
        assert!(!has(&bytes, secret), "{secret} is in the database");
    }
    assert!(secrets.len() >= 30, "{}", secrets.len());
}

/// Security 68: nor in the log, at any level that is kept.
#[tokio::test]
async fn no_secret_is_in_the_log() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let ben = t.member(&acme.browser, "ben@acme.example", "admin").await;
    let codes = ben
        .browser
        .post("/api/v1/account/recovery-codes", &Value::Null)
        .await
        .expect(201)
        .json();
    for code in codes["codes"].as_array().unwrap() {
        t.logs.keep_secret(code.as_str().unwrap());
    }
    let browser = t.anonymous();
    let begun = browser.get("/login").await.expect(303);
    let back = t
        .login
        .passes(begun.header("location"), t.passing(&ben.email));
    for secret in [
        &back.code,
        &back.state,
        &browser.cookie("__Host-sign-in").unwrap(),
    ] {
        t.logs.keep_secret(secret);
    }
    let _ = browser.get(&back.path()).await.expect(303);
    let _ = browser.get(&back.path()).await.expect(400);
    let code = codes["codes"][0].as_str().unwrap();
    let _ = browser
        .post_form("/recover", &[("email", &*ben.email), ("code", code)])
        .await
        .expect(200);
    t.run_until_quiet().await;
    for secret in t.login.secrets() {
        t.logs.keep_secret(&secret);
    }
    assert!(!t.logs.lines().is_empty());
    assert_eq!(t.faults(), Vec::<String>::new());
}
