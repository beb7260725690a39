//! Registration: one licence, one tenant, however often and however concurrently its token is posted; and the cookie it leaves.

use chrono::Duration;
use futures_util::future::join_all;
use http_api::registration_cookie;
use testkit::{Buyer, Options, TestApp, server::cookie_key};

/// I4: one purchase, one tenant, one active key pair, one first administrator.
#[tokio::test]
async fn the_same_token_again_finds_the_same_tenant() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let ids = acme.ids().await;
    acme.registers().await;
    assert_eq!(acme.ids().await, ids);
    t.run_until_quiet().await;
    for table in ["tenants", "licences", "registrations", "public_keys"] {
        assert_eq!(t.count(table, "true").await, 1, "{table}");
    }
    assert_eq!(t.card_plane.keys_made(), 1);
}

/// R-19, I4.
#[tokio::test]
async fn fifty_posts_of_one_token_at_once_make_one_tenant() {
    let t = TestApp::start().await;
    let acme = t.buyer("acme");
    let all = join_all((0..50).map(|_| acme.arrives())).await;
    assert!(all.iter().all(|answer| answer.status == 303));
    acme.is_confirmed();
    acme.completes("ann@acme.example").await;
    t.run_until_quiet().await;
    assert!(acme.is_ready().await);
    for table in ["tenants", "licences", "registrations", "public_keys"] {
        assert_eq!(t.count(table, "true").await, 1, "{table}");
    }
    assert_eq!(t.count("audit_log", "action = 'licence.register'").await, 1);
}

/// R-19, I4: as many tenants and key pairs as tokens, while the work goes on beside the posts.
#[tokio::test]
async fn forty_tokens_posted_fifty_times_each_make_forty_tenants() {
    let t = TestApp::start().await;
    let buyers: Vec<_> = (0..40)
        .map(|number| t.buyer(&format!("buyer{number}")))
        .collect();
    for buyer in &buyers {
        buyer.is_confirmed();
    }
    // Ten tokens at a time: each has all of its fifty posts at once, as R-19 wants. All two thousand at once would ask how fast the machine
    // is: a writer waits four seconds for its turn (`pool::sqlite`), and is told to come again after that.
    for ten in buyers.chunks(10) {
        let posts = (0..50).flat_map(|_| ten).map(Buyer::arrives);
        let work = async {
            for _ in 0..5 {
                t.run_once().await;
                tokio::task::yield_now().await;
            }
        };
        let (answers, ()) = tokio::join!(join_all(posts), work);
        let others: Vec<u16> = answers
            .iter()
            .map(|answer| answer.status)
            .filter(|status| *status != 303)
            .collect();
        assert_eq!(others, [0; 0]);
    }
    for buyer in &buyers {
        buyer
            .completes(&format!("ann@{}.example", buyer.name))
            .await;
    }
    t.run_until_quiet().await;
    for buyer in &buyers {
        assert!(buyer.is_ready().await, "{}", buyer.name);
    }
    for table in ["tenants", "licences", "registrations", "public_keys"] {
        assert_eq!(t.count(table, "true").await, 40, "{table}");
    }
    assert_eq!(t.card_plane.keys_made(), 40);
    assert_eq!(t.count("tenants", "state = 'active'").await, 40);
}

/// One AWS account may hold several licences: each is a tenant of its own until somebody joins them.
#[tokio::test]
async fn two_licences_of_one_account_are_kept_apart() {
    let t = TestApp::start().await;
    let first = t.buyer("first");
    let mut second = t.buyer("second");
    second.subject.account.clone_from(&first.subject.account);
    t.marketplace.issues(&second.token, second.resolved());
    first.registers().await;
    second.registers().await;
    assert_ne!(first.ids().await.0, second.ids().await.0);
}

/// Until the first sign-in a mistyped address can be corrected.
#[tokio::test]
async fn the_form_may_be_sent_again_to_correct_it() {
    let t = TestApp::start().await;
    let acme = t.buyer("acme");
    acme.registers().await;
    acme.completes("ann@acme.example").await;
    t.run_until_quiet().await;
    acme.completes("anne@acme.example").await;
    let rows = t
        .rows("SELECT email, contact_name FROM registrations")
        .await;
    assert_eq!(rows, [["anne@acme.example", "Ann Harbour"]]);
}

#[tokio::test]
async fn the_cookie_opens_its_own_checklist_for_an_hour_of_real_time_and_nothing_else() {
    let t = TestApp::start().await;
    let acme = t.buyer("acme");
    acme.registers().await;
    let _ = acme.browser.get("/api/v1/setup").await.expect(200);
    for path in ["tenant", "keys", "api-keys", "usage", "users", "audit-log"] {
        let answer = acme.browser.get(&format!("/api/v1/{path}")).await;
        let _ = answer.expect_problem(403, "forbidden");
    }
    t.clock.advance_business(Duration::days(2));
    let _ = acme.browser.get("/api/v1/setup").await.expect(200);
    t.clock.advance_real(Duration::minutes(61));
    let _ = acme
        .browser
        .get("/api/v1/setup")
        .await
        .expect_problem(401, "unauthenticated");
}

/// Security 36: a guessed or changed cookie is nobody's.
#[tokio::test]
async fn a_changed_cookie_is_nobodys() {
    let t = TestApp::start().await;
    let (acme, other) = (t.tenant("acme").await, t.tenant("other").await);
    let cookie = acme.browser.cookie(registration_cookie::NAME).unwrap();
    let parts: Vec<&str> = cookie.split('.').collect();
    let theirs = other.browser.cookie(registration_cookie::NAME).unwrap();
    let their_parts: Vec<&str> = theirs.split('.').collect();
    let browser = t.anonymous();
    for wrong in [
        String::new(),
        "x".to_owned(),
        format!("{}.{}.", parts[0], parts[1]),
        format!("{}.{}.{}", parts[0], their_parts[1], parts[2]),
        format!("eyJhbGciOiJub25lIn0.{}.", parts[1]),
        format!("{}A", &cookie[..cookie.len() - 4]),
    ] {
        browser.set_cookie(registration_cookie::NAME, &wrong);
        let _ = browser
            .get("/api/v1/setup")
            .await
            .expect_problem(401, "unauthenticated");
    }
    let key = "ff".repeat(32);
    let foreign = registration_cookie::CookieKey::from_hex(&key.into()).unwrap();
    let (tenant, licence) = acme.ids().await;
    let now = t.clock.real_now();
    let forged = registration_cookie::make(&foreign, tenant, licence, now, false).unwrap();
    browser.set_cookie(registration_cookie::NAME, forged.value());
    let _ = browser
        .get("/api/v1/setup")
        .await
        .expect_problem(401, "unauthenticated");
    let own = registration_cookie::make(&cookie_key(), tenant, licence, now, false).unwrap();
    browser.set_cookie(registration_cookie::NAME, own.value());
    let _ = browser.get("/api/v1/setup").await.expect(200);
}

/// A bearer that does not hold never falls back to a cookie.
#[tokio::test]
async fn a_bad_bearer_is_refused_in_spite_of_a_good_cookie() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let request = acme.browser.request(reqwest::Method::GET, "/api/v1/setup");
    let answer = acme
        .browser
        .send(request.bearer_auth("ppk_test_nothing"))
        .await;
    let _ = answer.expect_problem(401, "invalid_api_key");
}

/// The cookie names the licence and carries no token; scripts cannot read it, other sites cannot send it along.
#[tokio::test]
async fn the_cookie_is_for_the_browser_alone() {
    for (public_url, secure) in [
        ("http://console.payphone.example", false),
        ("https://console.payphone.example", true),
    ] {
        let options = Options {
            public_url,
            ..Options::default()
        };
        let t = options.start().await;
        let acme = t.buyer("acme");
        let answer = acme.arrives().await.expect(303);
        let cookie = answer.header("set-cookie").to_owned();
        for attribute in ["HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=3600"] {
            assert!(cookie.contains(attribute), "{attribute}: {cookie}");
        }
        assert_eq!(cookie.contains("Secure"), secure, "{cookie}");
        assert!(!cookie.contains("Domain"), "{cookie}");
        assert!(!cookie.contains(&acme.token) && !answer.text().contains(&acme.token));
    }
}
