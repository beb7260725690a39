//! Request limits: by tenant once it is known who is asking, by address until then; and what requests may be like at all.

use chrono::Duration;
use futures_util::future::join_all;
use http_api::limits::LimitsConfig;
use reqwest::Method;
use serde_json::json;
use testkit::{
    Answer, Client, Options, TestApp,
    server::{Doors, OPERATOR_TOKEN, Server},
};

const URL: &str = "http://console.payphone.example";

/// The app with the limits of production.
async fn strict() -> TestApp {
    let options = Options {
        doors: Doors::default(),
        ..Options::default()
    };
    options.start().await
}

/// The app behind a proxy, so that one machine can play many addresses.
async fn behind_a_proxy(t: &TestApp, limits: LimitsConfig) -> Server {
    let doors = Doors {
        limits,
        trusted_proxies: vec!["127.0.0.1"],
        ..Doors::default()
    };
    Server::start(t.app(), &t.clock, &t.login, URL, &doors).await
}

async fn ask_from(client: &Client, address: &str, method: &Method, path: &str) -> Answer {
    let request = client.request(method.clone(), path);
    let request = request.header("x-forwarded-for", address);
    client.send(request).await
}

fn check_refusal(answer: Answer, policy: &str, retry_after: &str) {
    let answer = answer.expect_problem(429, "too_many_requests");
    let name = policy.split(';').next().unwrap();
    assert_eq!(answer.header("retry-after"), retry_after);
    assert_eq!(answer.header("ratelimit-policy"), policy);
    let standing = format!("{name};r=0;t={retry_after}");
    assert_eq!(answer.header("ratelimit"), standing);
    assert_eq!(answer.header("cache-control"), "no-store");
}

/// Security 52: the 1,001st request in a minute is refused, with the headers; other tenants, and usage events, are not held up.
#[tokio::test]
async fn a_tenant_may_ask_a_thousand_times_a_minute() {
    const POLICY: &str = "\"api\";q=1000;w=60";
    let t = strict().await;
    let (acme, other) = (t.tenant("acme").await, t.tenant("other").await);
    let (till, same, others) = (acme.till().await, acme.till().await, other.till().await);
    t.clock.advance_real(Duration::seconds(120));
    for left in (0..1_000).rev() {
        // Whichever of its keys a tenant takes.
        let key = if left % 2 == 0 { &till } else { &same };
        let answer = key.client.get("/api/v1/usage").await.expect(200);
        assert_eq!(answer.header("ratelimit-policy"), POLICY);
        assert_eq!(answer.header("ratelimit"), format!("\"api\";r={left};t=60"));
    }
    check_refusal(till.client.get("/api/v1/usage").await, POLICY, "60");
    check_refusal(acme.browser.get("/api/v1/tenant").await, POLICY, "60");
    let _ = others.client.get("/api/v1/usage").await.expect(200);
    let sent = till.sends_all(&[acme.usage("one", 1)]).await.expect(200);
    let policy = "\"usage-events\";q=12000;w=60";
    assert_eq!(sent.header("ratelimit-policy"), policy);
    assert_eq!(sent.header("ratelimit"), "\"usage-events\";r=11999;t=60");
    t.clock.advance_real(Duration::milliseconds(58_500));
    check_refusal(till.client.get("/api/v1/usage").await, POLICY, "2");
    t.clock.advance_real(Duration::milliseconds(1_500));
    let _ = till.client.get("/api/v1/usage").await.expect(200);
}

/// Business time judges hours and agreements, never limits.
#[tokio::test]
async fn business_time_gives_nothing_back() {
    let t = TestApp::start().await;
    let limits = LimitsConfig {
        stranger_per_minute: 1,
        ..LimitsConfig::default()
    };
    let server = behind_a_proxy(&t, limits).await;
    let client = Client::new(&server.public);
    let _ = client.get("/openapi.json").await.expect(200);
    t.clock.advance_business(Duration::hours(1));
    let answer = client.get("/openapi.json").await;
    check_refusal(answer, "\"stranger\";q=1;w=60", "60");
}

#[tokio::test]
async fn requests_at_the_same_time_do_not_get_more() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let till = acme.till().await;
    let limits = LimitsConfig {
        api_per_minute: 40,
        sign_in_per_minute: 7,
        stranger_per_minute: 30,
        ..LimitsConfig::default()
    };
    let server = behind_a_proxy(&t, limits).await;
    let client = Client::new(&server.public);
    let known = Client::new(&server.public).with_bearer(&till.secret);
    let unknown = Client::new(&server.public).with_bearer("ppk_live_guessed");
    for (client, path, quota) in [
        (&known, "/api/v1/usage", 40),
        (&client, "/login", 7),
        // Counted when they come back, since only then it is known that they do not hold.
        (&unknown, "/api/v1/usage", 30),
    ] {
        let answers = join_all((0..100).map(|_| client.get(path))).await;
        let refused = answers.iter().filter(|answer| answer.status == 429);
        assert_eq!(refused.count(), 100 - quota, "{path}");
    }
}

/// Security 53: by address, in a minute; the eleventh step of signing in, and all else that strangers may only do now and then.
#[tokio::test]
async fn strangers_may_do_little_often() {
    let t = TestApp::start().await;
    let server = behind_a_proxy(&t, LimitsConfig::default()).await;
    let client = Client::new(&server.public);
    for (number, (method, path, name, quota)) in [
        (Method::GET, "/login", "sign-in", 10),
        (Method::GET, "/callback?code=guessed&state=x", "sign-in", 10),
        (Method::POST, "/marketplace/register", "register", 30),
        (Method::POST, "/welcome", "welcome", 20),
        (Method::GET, "/invitations/guessed", "invitation", 10),
        (Method::GET, "/openapi.json", "stranger", 600),
        (Method::GET, "/nowhere", "stranger", 600),
        (Method::GET, "/api/v1/tenant", "stranger", 600),
    ]
    .into_iter()
    .enumerate()
    {
        let (own, another) = (
            format!("203.0.113.{number}"),
            format!("198.51.100.{number}"),
        );
        t.logs.keep_secret(&own);
        let policy = format!("\"{name}\";q={quota};w=60");
        for _ in 0..quota {
            let answer = ask_from(&client, &own, &method, path).await;
            assert_ne!(answer.status, 429, "{path}");
            assert_eq!(answer.header("ratelimit"), "", "{path}");
        }
        check_refusal(ask_from(&client, &own, &method, path).await, &policy, "60");
        let answer = ask_from(&client, &another, &method, path).await;
        assert_ne!(answer.status, 429, "{path} from another address");
        t.clock.advance_real(Duration::seconds(60));
        let answer = ask_from(&client, &own, &method, path).await;
        assert_ne!(answer.status, 429, "{path} a minute later");
        t.clock.advance_real(Duration::seconds(60));
    }
}

/// The steps of signing in are counted together, and others are not counted with them.
#[tokio::test]
async fn signing_in_is_one_limit_whatever_its_steps() {
    let t = strict().await;
    let client = t.anonymous();
    for path in ["/login", "/callback"].iter().cycle().take(10) {
        assert_ne!(client.get(path).await.status, 429, "{path}");
    }
    assert_eq!(client.get("/callback").await.status, 429);
    let _ = client.get("/openapi.json").await.expect(200);
}

/// A customer of an IPv6 provider has 2^64 addresses of its own.
#[tokio::test]
async fn a_whole_ipv6_network_is_one_address() {
    let t = TestApp::start().await;
    let server = behind_a_proxy(&t, LimitsConfig::default()).await;
    let client = Client::new(&server.public);
    for number in 0..10 {
        let address = format!("2001:db8:1:2:{number}::{number}");
        let answer = ask_from(&client, &address, &Method::GET, "/login").await;
        assert_ne!(answer.status, 429);
    }
    for (address, refused) in [("2001:db8:1:2:ffff::1", true), ("2001:db8:1:3::1", false)] {
        let answer = ask_from(&client, address, &Method::GET, "/login").await;
        assert_eq!(answer.status == 429, refused, "{address}");
    }
}

/// Security 55: a header that a stranger wrote gives it no new address.
#[tokio::test]
async fn a_forwarded_address_counts_only_from_our_own_proxies() {
    let t = strict().await;
    let client = t.anonymous();
    for number in 0..10 {
        let address = format!("203.0.113.{number}");
        let answer = ask_from(&client, &address, &Method::GET, "/login").await;
        assert_ne!(answer.status, 429);
    }
    let answer = ask_from(&client, "203.0.113.99", &Method::GET, "/login").await;
    assert_eq!(answer.status, 429, "they were all one");
    let server = behind_a_proxy(&t, LimitsConfig::default()).await;
    let client = Client::new(&server.public);
    for number in 0..10 {
        // What the client itself wrote, and then what the proxy saw.
        let list = format!("10.0.0.{number}, 203.0.113.9");
        let answer = ask_from(&client, &list, &Method::GET, "/login").await;
        assert_ne!(answer.status, 429);
    }
    let list = "10.0.0.99, 203.0.113.9";
    let answer = ask_from(&client, list, &Method::GET, "/login").await;
    assert_eq!(answer.status, 429);
    let list = "203.0.113.9, 203.0.113.10";
    let answer = ask_from(&client, list, &Method::GET, "/login").await;
    assert_ne!(answer.status, 429);
}

/// Whoever is known is counted by tenant alone: a flood from their own network does not shut them out, nor do they use up its share.
#[tokio::test]
async fn a_flood_of_strangers_does_not_shut_out_who_is_known() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let till = acme.till().await;
    let limits = LimitsConfig {
        stranger_per_minute: 3,
        ..LimitsConfig::default()
    };
    let server = behind_a_proxy(&t, limits).await;
    let known = Client::new(&server.public).with_bearer(&till.secret);
    let operator = Client::new(&server.public).with_bearer(OPERATOR_TOKEN);
    let guessing = Client::new(&server.public).with_bearer("ppk_live_guessed");
    let forging = Client::new(&server.public);
    forging.set_cookie("registration", "forged");
    for _ in 0..5 {
        let _ = known.get("/api/v1/usage").await.expect(200);
    }
    for _ in 0..3 {
        let _ = guessing.get("/api/v1/usage").await.expect(401);
    }
    let policy = "\"stranger\";q=3;w=60";
    check_refusal(guessing.get("/api/v1/usage").await, policy, "60");
    check_refusal(forging.get("/api/v1/tenant").await, policy, "60");
    check_refusal(forging.get("/nowhere").await, policy, "60");
    check_refusal(
        Client::new(&server.public).get("/usage").await,
        policy,
        "60",
    );
    let _ = known.get("/api/v1/usage").await.expect(200);
    let _ = operator.get("/api/v1/operator/events").await.expect(200);
}

/// A page is counted once, however many of its parts ask who is reading it.
#[tokio::test]
async fn pages_are_counted_by_tenant() {
    let t = strict().await;
    let acme = t.tenant("acme").await;
    t.clock.advance_real(Duration::seconds(60));
    for left in [999, 998] {
        let answer = acme.browser.get("/usage").await.expect(200);
        assert_eq!(
            answer.header("ratelimit"),
            format!("\"console\";r={left};t=60")
        );
    }
}

/// Mail in our name: two hundred invitations an hour, and only those that were mailed count.
#[tokio::test]
async fn a_tenant_may_mail_two_hundred_invitations_an_hour() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let email = |number: usize| format!("person-{number}@acme.example");
    let invite = async |number: usize| {
        let body = json!({"email": email(number), "role": "agent"});
        acme.browser.post("/api/v1/invitations", &body).await
    };
    // Refusals send nothing, and count for nothing.
    for _ in 0..50 {
        let wrong = json!({"email": "nobody", "role": "agent"});
        let _ = acme
            .browser
            .post("/api/v1/invitations", &wrong)
            .await
            .expect(422);
    }
    let mut ids = Vec::new();
    for number in 0..100 {
        let made = invite(number).await.expect(201).json();
        ids.push(made["id"].as_str().unwrap().to_owned());
    }
    for id in &ids {
        let path = format!("/api/v1/invitations/{id}/resend");
        let _ = acme.browser.post(&path, &json!({})).await.expect(200);
    }
    let path = format!("/api/v1/invitations/{}/resend", ids[0]);
    let _ = acme
        .browser
        .post(&path, &json!({}))
        .await
        .expect_problem(429, "too_many_mails");
    t.clock.advance_real(Duration::minutes(61));
    acme.signs_in().await;
    let _ = acme.browser.post(&path, &json!({})).await.expect(200);
}

/// Whoever is signed in and belongs nowhere is counted alone.
#[tokio::test]
async fn an_operator_is_counted_too() {
    let t = strict().await;
    let olga = t.signed_in_operator("olga@payphone.example").await;
    for _ in 0..1_000 {
        let _ = olga.browser.get("/api/v1/account").await.expect(200);
    }
    let answer = olga.browser.get("/api/v1/account").await;
    check_refusal(answer, "\"api\";q=1000;w=60", "60");
}

/// One line a minute for each that is refused, without the address; the requests themselves are not told one by one.
#[tokio::test]
async fn the_log_is_not_flooded() {
    let t = strict().await;
    let client = t.anonymous();
    for _ in 0..30 {
        client.get("/login").await;
    }
    let lines = || {
        let lines = t.logs.lines().into_iter();
        lines.filter(|line| line.level <= tracing::Level::INFO && line.text.contains("refused"))
    };
    let told: Vec<_> = lines().map(|line| line.text).collect();
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].contains("limit.policy=sign-in"), "{told:?}");
    assert!(!told[0].contains("127.0.0.1"), "{told:?}");
    let answered = "answered GET /login with 429";
    assert!(!t.logs.has(tracing::Level::INFO, answered));
}

/// Security 51: on the other addresses too, a body that is deeper than we read is no JSON to us.
#[tokio::test]
async fn a_body_that_is_too_deep_is_malformed_everywhere() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let deep = "[".repeat(10_000) + &"]".repeat(10_000);
    for body in [
        deep.clone(),
        format!("{{\"name\":{deep}}}"),
        "{\"a\":".repeat(10_000),
    ] {
        let answer = acme
            .browser
            .post_raw("/api/v1/api-keys", "application/json", body)
            .await;
        let _ = answer.expect_problem(400, "malformed_json");
    }
}

/// Security 51: pages take TRACE and invented methods no more than the API does.
#[tokio::test]
async fn pages_take_no_other_methods() {
    let t = TestApp::start().await;
    let client = t.anonymous();
    for path in ["/", "/welcome", "/keys", "/usage", "/marketplace/register"] {
        for method in ["TRACE", "CONNECTED", "PROPFIND", "PUT"] {
            let request = client.request(method.parse().unwrap(), path);
            let answer = client.send(request).await;
            let answer = answer.expect_problem(405, "method_not_allowed");
            assert!(answer.header("allow").contains("GET"), "{method} {path}");
        }
    }
}

/// Security 53: people who look at pages are told on a page, with the same headers.
#[tokio::test]
async fn a_browser_that_asks_too_often_gets_a_page() {
    let t = strict().await;
    let client = t.anonymous();
    let look = async || {
        let request = client.request(reqwest::Method::GET, "/login/help");
        client.send(request.header("accept", "text/html")).await
    };
    for _ in 0..10 {
        let _ = look().await.expect(200);
    }
    let page = look().await.expect(429);
    assert!(page.header("content-type").starts_with("text/html"));
    assert!(page.text().contains("Try again in"), "{}", page.text());
    assert!(!page.header("retry-after").is_empty());
    assert!(page.header("ratelimit").starts_with("\"sign-in\";r=0"));
}
