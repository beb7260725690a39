//! A lost authenticator: by a recovery code, each good once; by another member. The password is asked for all the same.

use serde_json::Value;
use testkit::{Answer, Client, Person, TestApp};

/// The ten codes.
async fn codes(person: &Person<'_>) -> Vec<String> {
    let made = person
        .browser
        .post("/api/v1/account/recovery-codes", &Value::Null)
        .await;
    let made = made.expect(201).json();
    let codes = made["codes"].as_array().unwrap().iter();
    codes
        .map(|code| code.as_str().unwrap().to_owned())
        .collect()
}

async fn recovers(browser: &Client, email: &str, code: &str) -> Answer {
    browser
        .post_form("/recover", &[("email", email), ("code", code)])
        .await
}

/// What of an answer another one could differ in.
fn look(answer: &Answer) -> (u16, String) {
    (
        answer.status,
        answer.text().replace(answer.header("x-request-id"), "…"),
    )
}

/// One code, once: the authenticator is forgotten, every browser is signed out, owners and the person hear of it.
#[tokio::test]
async fn a_code_stands_in_for_a_lost_authenticator_once() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let ben = t
        .member(&acme.browser, "ben@acme.example", "developer")
        .await;
    t.identity.set_up_authenticator(&ben.email);
    let codes = codes(&ben).await;
    assert_eq!(codes.len(), 10);
    for code in &codes {
        t.logs.keep_secret(code);
    }
    assert_eq!(ben.account().await["recoveryCodes"], 10);
    t.run_until_quiet().await;
    let newest = t.mailer.mails_to(&ben.email).pop().unwrap();
    assert_eq!(newest.subject, "New recovery codes");
    let (before, mails) = (t.login.live_tokens(), t.mailer.sent().len());

    let stranger = t.anonymous();
    let typed = format!(" {} ", codes[0].to_uppercase().replace('-', " "));
    let used = recovers(&stranger, "BEN@acme.example", &typed)
        .await
        .expect(200);
    assert!(
        stranger.cookie("__Host-session").is_none(),
        "a code signs nobody in"
    );
    let _ = ben.browser.get("/api/v1/account").await.expect(401);
    t.run_until_quiet().await;
    assert!(!t.identity.has_authenticator(&ben.email));
    assert_eq!(t.identity.sign_outs(&ben.email), 1);
    assert!(t.login.live_tokens() <= before);
    let told: Vec<_> = t.mailer.sent().split_off(mails);
    let to: Vec<_> = told
        .iter()
        .map(|mail| (mail.to.as_str(), &*mail.subject))
        .collect();
    let subject = "A recovery code was used";
    assert_eq!(
        to,
        [("ann@acme.example", subject), ("ben@acme.example", subject)]
    );
    assert!(
        told[0].text.contains("9 codes are left"),
        "{}",
        told[0].text
    );

    t.identity.set_up_authenticator(&ben.email);
    ben.signs_in().await;
    assert_eq!(ben.account().await["recoveryCodes"], 9);
    let again = recovers(&stranger, &ben.email, &codes[0]).await;
    assert_eq!(look(&again), look(&used));
    t.run_until_quiet().await;
    assert!(t.identity.has_authenticator(&ben.email), "used up");
    let _ = ben.browser.get("/api/v1/account").await.expect(200);
    let _ = recovers(&stranger, &ben.email, &codes[1]).await.expect(200);
    t.run_until_quiet().await;
    assert!(!t.identity.has_authenticator(&ben.email));
}

/// Security 24: a wrong code, another person's, an unknown address: the answer is that of success, and nothing happens.
#[tokio::test]
async fn a_wrong_code_is_answered_like_a_right_one() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let ben = t
        .member(&acme.browser, "ben@acme.example", "developer")
        .await;
    t.identity.set_up_authenticator(&ben.email);
    let own = codes(&ben).await;
    let cid = t.member(&acme.browser, "cid@acme.example", "agent").await;
    let theirs = codes(&cid).await;
    let id = ben.account().await["id"].as_str().unwrap().to_owned();
    let (tenant, _) = acme.ids().await;
    t.run_until_quiet().await;
    let (start, mails) = (t.trail_end().await, t.mailer.sent().len());
    let browser = t.anonymous();
    let mut looks = Vec::new();
    for (email, code) in [
        (&*ben.email, &*theirs[0]),
        (&*ben.email, "k7m2p-x9qrt-4hvwz"),
        (&*ben.email, "' OR 1=1 --"),
        (&*ben.email, ""),
        ("nobody@acme.example", &*own[0]),
    ] {
        looks.push(look(&recovers(&browser, email, code).await.expect(200)));
    }
    t.run_until_quiet().await;
    assert!(t.identity.has_authenticator(&ben.email));
    let _ = ben.browser.get("/api/v1/account").await.expect(200);
    assert_eq!(t.mailer.sent().len(), mails);
    let columns = "tenant_id, actor, action, outcome, target, detail";
    let lines = t.trail_since(&start, columns).await;
    let line = [
        &*tenant.to_string(),
        "system:recovery",
        "recoveryCode.use",
        "refused",
        &*id,
        "wrong code",
    ];
    assert_eq!(lines, [line; 4]);
    looks.push(look(
        &recovers(&browser, &ben.email, &own[0]).await.expect(200),
    ));
    looks.dedup();
    assert_eq!(looks.len(), 1, "{looks:?}");
    let none = recovers(&browser, "no address", "x").await.expect(422);
    assert!(none.text().contains("no address"));
}

/// New codes end the ones before; the page shows them once, and no answer after that has them.
#[tokio::test]
async fn new_codes_end_the_ones_before() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let ben = t.member(&acme.browser, "ben@acme.example", "agent").await;
    t.identity.set_up_authenticator(&ben.email);
    let old = codes(&ben).await;
    let page = ben
        .browser
        .post_form("/account/recovery-codes", &[])
        .await
        .expect(201);
    let text = page.text();
    let is_code = |word: &&str| word.len() == 17 && word.split('-').all(|part| part.len() == 5);
    let shown: Vec<String> = text
        .split(|c: char| !c.is_ascii_alphanumeric() && c != '-')
        .filter(is_code)
        .map(str::to_owned)
        .collect();
    assert!(shown.len() >= 10, "{text}");
    assert!(!shown.contains(&old[0]));
    for path in ["/account", "/account/recovery-codes", "/api/v1/account"] {
        let later = ben.browser.get(path).await.expect(200).text();
        assert!(!shown.iter().any(|code| later.contains(code)), "{path}");
    }
    let browser = t.anonymous();
    let _ = recovers(&browser, &ben.email, &old[0]).await.expect(200);
    t.run_until_quiet().await;
    assert!(t.identity.has_authenticator(&ben.email));
    let _ = recovers(&browser, &ben.email, &shown[0]).await.expect(200);
    t.run_until_quiet().await;
    assert!(!t.identity.has_authenticator(&ben.email));
}

/// A code used twice at the same moment is used once.
#[tokio::test]
async fn a_code_is_used_once_even_at_the_same_moment() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let ben = t.member(&acme.browser, "ben@acme.example", "agent").await;
    let codes = codes(&ben).await;
    let (one, other) = (t.anonymous(), t.anonymous());
    let both = tokio::join!(
        recovers(&one, &ben.email, &codes[0]),
        recovers(&other, &ben.email, &codes[0])
    );
    assert_eq!((both.0.status, both.1.status), (200, 200));
    let outcomes = t
        .rows("SELECT outcome FROM audit_log WHERE action = 'recoveryCode.use' ORDER BY outcome")
        .await;
    assert_eq!(outcomes, [["done"], ["refused"]]);
    assert_eq!(t.count("recovery_codes", "true").await, 9);
}

/// By another owner: the authenticator is forgotten over there, every browser is out, the person may come in again.
#[tokio::test]
async fn an_owner_resets_somebodys_authenticator() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let otto = t.member(&acme.browser, "otto@acme.example", "owner").await;
    let laptop = t.person(&otto.email);
    laptop.signs_in().await;
    t.identity.set_up_authenticator(&otto.email);
    let id = otto.account().await["id"].as_str().unwrap().to_owned();
    let path = format!("/people/{id}/reset-authenticator");
    let _ = acme.browser.get(&path).await.expect(200);
    assert!(
        t.identity.has_authenticator(&otto.email),
        "the question changes nothing"
    );
    let done = acme.browser.post_form(&path, &[]).await.expect(303);
    assert_eq!(done.header("location"), "/people");
    let list = acme.browser.get("/people").await.expect(200);
    assert!(list.text().contains("is signed out everywhere"));
    for browser in [&otto.browser, &laptop.browser] {
        let _ = browser.get("/api/v1/account").await.expect(401);
    }
    t.run_until_quiet().await;
    assert!(!t.identity.has_authenticator(&otto.email));
    assert_eq!(t.identity.sign_outs(&otto.email), 1);
    otto.signs_in().await;
    let _ = acme.browser.get("/api/v1/account").await.expect(200);
}

/// Somebody who has entered two tenants: the owners of both hear of it, and both trails have it.
#[tokio::test]
async fn every_tenant_of_the_person_hears_of_a_used_code() {
    let t = TestApp::start().await;
    let (acme, other) = (t.tenant("acme").await, t.tenant("other").await);
    let ben = t.member(&acme.browser, "ben@acme.example", "agent").await;
    let _ = t.member(&other.browser, &ben.email, "agent").await;
    ben.signs_in().await;
    for buyer in [&other, &acme] {
        let tenant = buyer.ids().await.0.to_string();
        let chosen = [("tenant", &*tenant)];
        let chosen = ben.browser.post_form("/account/tenant", &chosen).await;
        let _ = chosen.expect(303);
    }
    let codes = codes(&ben).await;
    t.run_until_quiet().await;
    let mails = t.mailer.sent().len();
    let _ = recovers(&t.anonymous(), &ben.email, &codes[0])
        .await
        .expect(200);
    t.run_until_quiet().await;
    let told: Vec<_> = t.mailer.sent().split_off(mails);
    let mut to: Vec<_> = told.iter().map(|mail| mail.to.as_str()).collect();
    to.sort_unstable();
    to.dedup();
    assert_eq!(
        to,
        ["ann@acme.example", "ann@other.example", "ben@acme.example"]
    );
    let chains = t
        .number("SELECT count(DISTINCT tenant_id) FROM audit_log WHERE action = 'recoveryCode.use'")
        .await;
    assert_eq!(chains, 2);
}
