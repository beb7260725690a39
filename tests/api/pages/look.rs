//! How the console looks: the theme that a browser keeps, and the page that shows what it is made of.

use reqwest::header;
use testkit::{Options, TestApp, server::Doors};

use super::{page, sent_to};

#[tokio::test]
async fn the_look_is_kept_by_a_cookie_and_is_on_every_page() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let browser = &acme.browser;
    let text = page(browser.get("/keys").await, 200, "action=\"/theme\"");
    assert!(text.contains("<html lang=\"en\">") && text.contains("content=\"light dark\""));
    let choose = async |word: &str, referer: &str| {
        let request = browser.request(reqwest::Method::POST, "/theme");
        let request = request.form(&[("theme", word)]);
        browser.send(request.header(header::REFERER, referer)).await
    };
    let answer = choose("dark", "http://console.payphone.example/keys?x=1").await;
    assert_eq!(
        answer.header("set-cookie"),
        "__Host-theme=dark; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=31536000"
    );
    assert_eq!(sent_to(answer), "/keys?x=1");
    // Of whoever is signed in, and of whoever is not; errors too.
    for (path, status) in [
        ("/keys", 200),
        ("/docs", 200),
        ("/login/help", 200),
        ("/keys/no", 404),
    ] {
        let request = browser.request(reqwest::Method::GET, path);
        let answer = browser
            .send(request.header(header::ACCEPT, "text/html"))
            .await;
        let text = answer.expect(status).text();
        assert!(
            text.contains("<html lang=\"en\" data-theme=\"dark\">"),
            "{path}: {text}"
        );
        assert!(
            text.contains("name=\"color-scheme\" content=\"dark\""),
            "{path}"
        );
    }
    assert_eq!(
        sent_to(choose("light", "https://evil.example//evil.example").await),
        "/"
    );
    assert!(
        page(browser.get("/keys").await, 200, "data-theme=\"light\"").contains("content=\"light\"")
    );
    // The system's again; a word of somebody else's is no other look.
    let answer = choose("\"><script>", "").await;
    assert!(answer.header("set-cookie").contains("Max-Age=0"));
    browser.set_cookie("__Host-theme", "\"><script>alert(1)</script>");
    let text = page(browser.get("/keys").await, 200, "<html lang=\"en\">");
    assert!(!text.contains("<script>alert"));
}

/// A secret is on the page that made it alone: whoever changed its language or look would not find it again.
#[tokio::test]
async fn a_page_with_a_new_secret_offers_no_way_to_itself() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let browser = &acme.browser;
    let list = page(
        browser.get("/api-keys?state=used").await,
        200,
        "action=\"/theme\"",
    );
    assert!(
        list.contains("href=\"?state=used&amp;language=de\""),
        "{list}"
    );
    let fields = [
        ("name", "Till"),
        ("mode", "test"),
        ("scopes", "usage:write"),
    ];
    let answer = browser.post_form("/api-keys", &fields).await;
    let made = page(answer, 201, "Copy your API key now");
    let secret = made.split_once("ppk_test_").unwrap().1;
    let end = secret.find(|c: char| !c.is_ascii_alphanumeric()).unwrap();
    t.logs.keep_secret(&secret[..end]);
    let codes = browser.post_form("/account/recovery-codes", &[]).await;
    for text in [made, page(codes, 201, "Keep your recovery codes now")] {
        assert!(!text.contains("language="), "{text}");
        assert!(!text.contains("/theme"), "{text}");
    }
}

#[tokio::test]
async fn no_other_site_changes_the_look() {
    let t = TestApp::start().await;
    let client = t.anonymous();
    let request = client.request(reqwest::Method::POST, "/theme");
    let request = request.form(&[("theme", "dark")]);
    let answer = client
        .send(request.header("sec-fetch-site", "cross-site"))
        .await;
    assert_eq!(answer.status, 403);
    assert_eq!(client.cookie("__Host-theme"), None);
}

#[tokio::test]
async fn the_page_of_components_is_there_in_development_alone() {
    let production = TestApp::start().await;
    let client = production.anonymous();
    let request = client.request(reqwest::Method::GET, "/design");
    let answer = client
        .send(request.header(header::ACCEPT, "text/html"))
        .await;
    page(answer, 404, "nothing here");
    let options = Options {
        doors: Doors {
            development: true,
            ..Doors::for_a_crowd()
        },
        ..Options::default()
    };
    let development = options.start().await;
    page(
        development.anonymous().get("/design").await,
        200,
        "TextArea",
    );
}

#[tokio::test]
async fn a_browser_that_sends_what_an_address_does_not_take_gets_a_page() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let request = acme.browser.request(reqwest::Method::POST, "/keys");
    let request = request.header(header::ACCEPT, "text/html");
    let answer = acme.browser.send(request).await;
    assert!(answer.header("allow").contains("GET"));
    let id = answer.header("x-request-id").to_owned();
    let text = page(answer, 405, "This address does not take that");
    assert!(text.contains(&id), "{text}");
}

/// After a form with a fault its address stands in the browser; whoever loads that by hand finds the page.
#[tokio::test]
async fn the_address_of_a_form_leads_to_the_page_with_it() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    for (path, to) in [
        ("/people/invitations?tenant=x", "/people"),
        ("/setup/check", "/setup"),
        ("/account/tenant", "/account"),
    ] {
        let get = |accept| {
            let request = acme.browser.request(reqwest::Method::GET, path);
            acme.browser.send(request.header(header::ACCEPT, accept))
        };
        let answer = get("text/html").await.expect(303);
        assert_eq!(answer.header("location"), to);
        let _ = get("application/json").await.expect(405);
    }
}

#[tokio::test]
async fn who_is_signed_in_keeps_the_navigation_at_an_address_that_is_none() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let stranger = t.anonymous();
    for (client, inside) in [(&acme.browser, true), (&stranger, false)] {
        let request = client.request(reqwest::Method::GET, "/nothing");
        let answer = client
            .send(request.header(header::ACCEPT, "text/html"))
            .await;
        let text = page(answer, 404, "nothing here");
        assert_eq!(text.contains("href=\"/keys\""), inside, "{text}");
    }
}
