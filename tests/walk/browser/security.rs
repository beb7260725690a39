//! Security 39, 40, 41, 43 and 45 in a real browser: what is blocked is reported, what is stored does nothing, and other sites get nowhere.

use std::{
    io::{Read, Write},
    net::{TcpListener, TcpStream},
};

use reqwest::{Method, header::COOKIE};
use serde_json::{Value, json};
use walk::{soon, world::answer};

use crate::{
    browser::Browser,
    stage::{Stage, letter},
};

const ANN: &str = "ann@harbour.example";

/// The subject of an invitation's mail goes on after somebody's name.
const INVITED: &str = "invites you to Payphone";

/// What an attacker would call themselves.
const SCRIPT: &str = "<script>document.title='taken'</script>";
const IMAGE: &str = "\"><img src=x onerror=\"document.title='taken'\">";
const TAG: &str = "<svg/onload=document.title='taken'>";

/// A site of somebody else's: one page, on a port of its own. Answers its port.
fn other_site(page: String) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    std::thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let page = page.clone();
            // One thread each: browsers open connections that they may not use.
            std::thread::spawn(move || answer_with(&page, stream));
        }
    });
    port
}

fn answer_with(page: &str, mut stream: TcpStream) {
    let head = "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nConnection: close";
    let length = page.len();
    // What is asked does not matter once it is read, and a browser that goes away is no concern of the page's.
    let _ = stream.read(&mut [0; 4096]);
    let _ = write!(stream, "{head}\r\nContent-Length: {length}\r\n\r\n{page}");
}

/// Both as a stranger (another site) and as a neighbour (another port of the same site, to which Lax cookies travel).
fn origins(stage: &Stage, port: u16) -> [String; 2] {
    let host = stage.console.rsplit_once(':').expect("a port").0;
    [format!("http://localhost:{port}"), format!("{host}:{port}")]
}

/// Security 39; and that the other tests' zeros are worth something.
#[test]
fn what_is_blocked_is_seen_and_reported() {
    let stage = Stage::set();
    let browser = Browser::open(&stage.driver);
    browser.go(&format!("{}/login/help", stage.console));
    browser.at("No first password?");
    let before = browser.session.get("/title");
    browser.session.script(
        "const s = document.createElement('script'); s.textContent = \"document.title = 'taken'\"; document.body.append(s);
         const i = document.createElement('img'); i.width = 2000; i.src = '/favicon.ico'; document.body.append(i);",
        None,
    );
    let blocked = soon("an error in the log", || {
        Some(browser.unexpected()).filter(|log| !log.is_empty())
    });
    assert!(
        blocked[0].contains("Content Security Policy"),
        "{blocked:?}"
    );
    assert_eq!(browser.session.get("/title"), before);
    soon("a report", || (stage.csp_reports() == 1).then_some(()));
    assert!(
        browser
            .complaints()
            .iter()
            .any(|text| text.starts_with("image-alt: "))
    );
    assert_ne!(browser.sideways(), Value::Array(vec![]));

    let bare = Browser::with(&stage.driver, false);
    bare.go("data:text/html,<title>before</title><script>document.title = 'after'</script>");
    assert_eq!(bare.session.get("/title"), "before", "script is off");
}

/// Security 40.
#[test]
fn what_people_call_themselves_does_nothing() {
    let stage = Stage::set();
    let ann = Browser::open(&stage.driver);
    let agent = json!({ "userAgent": format!("{SCRIPT}{IMAGE}") });
    ann.session
        .devtools("Emulation.setUserAgentOverride", &agent);
    stage.owner(&ann, ANN, SCRIPT);
    let page = |path: &str, words: &str| {
        ann.go(&format!("{}{path}", stage.console));
        does_nothing(&ann, words);
    };

    ann.click("API keys");
    ann.fill("name", IMAGE);
    ann.choose("scopes", "usage:write");
    ann.click("Make test key");
    ann.at("Copy your API key now");
    ann.click("Show API key");
    does_nothing(&ann, "ppk_test_");
    page("/api-keys", IMAGE);
    ann.click_at("//a[contains(@href, \"/revoke\")]");
    does_nothing(&ann, IMAGE);

    ann.click("People");
    ann.fill("email", "eve@harbour.example");
    ann.choose("role", "auditor");
    ann.click("Send the invitation");
    ann.sees("An invitation is on its way");
    does_nothing(&ann, SCRIPT);
    let mail = stage.read_mail(&ann, "eve@harbour.example", INVITED);
    assert!(mail.contains(SCRIPT), "{mail}");
    does_nothing(&ann, SCRIPT);
    let eve = Browser::open(&stage.driver);
    stage.read_mail(&eve, "eve@harbour.example", INVITED);
    eve.click_at(&letter("eve@harbour.example", INVITED, "a"));
    eve.fill("name", TAG);
    eve.click("Accept");
    eve.at("You are in");
    does_nothing(&eve, "You are in");

    page("/people", TAG);
    let members = ann
        .session
        .find_all("//a[contains(@href, \"/people/usr_\")]")
        .expect("links");
    assert_eq!(members.len(), 2);
    for member in 1..=2 {
        page("/people", TAG);
        ann.click_at(&format!(
            "(//a[contains(@href, \"/people/usr_\")])[{member}]"
        ));
        soon("the member", || {
            ann.text().contains("Member since").then_some(())
        });
        does_nothing(&ann, if member == 1 { SCRIPT } else { TAG });
        // The last owner is not asked whether to leave.
        ann.click_at(if member == 1 {
            "//a[contains(@href, \"/reset-authenticator\")]"
        } else {
            "//a[contains(@href, \"/remove\")]"
        });
        does_nothing(&ann, if member == 1 { SCRIPT } else { TAG });
    }
    for path in ["/", "/setup", "/keys", "/usage", "/activity", "/tenants"] {
        page(path, SCRIPT);
    }
    page("/account", IMAGE);
    for path in [
        format!("/people?q={0}&of={0}&sort={0}&after={0}", encoded(IMAGE)),
        format!("/people?q={}", encoded(IMAGE)),
        format!("/api-keys?state={0}&sort={0}&after={0}", encoded(IMAGE)),
        format!("/{}", encoded(IMAGE)),
        format!("/activity?actor={0}&action={0}&outcome={0}", encoded(IMAGE)),
        format!(
            "/usage?range={0}&state={0}&dimension={0}&cursor={0}",
            encoded(IMAGE)
        ),
        format!("/usage/{}", encoded(IMAGE)),
    ] {
        for status in [400, 404, 422] {
            ann.expect_status(status);
        }
        page(&path, "");
    }
    assert_eq!(stage.csp_reports(), 0);
}

/// The words are there as words, and nothing else came of them.
fn does_nothing(browser: &Browser, words: &str) {
    browser.sees(words);
    let made = browser.session.script(
        "return [...document.querySelectorAll('script:not([src^=\"/assets/islands-\"]), img, [onerror], [onload], body svg[onload]')].map(one => one.outerHTML)",
        None,
    );
    assert_eq!(made, Value::Array(vec![]), "at {}", browser.url());
    let title = browser.session.get("/title");
    assert!(!title.as_str().expect("text").contains("taken"), "{title}");
    browser.has_no_errors();
}

fn encoded(text: &str) -> String {
    text.bytes()
        .fold(String::new(), |out, byte| format!("{out}%{byte:02X}"))
}

/// Security 41.
#[test]
fn no_other_site_shows_a_page_of_ours_in_a_frame() {
    let stage = Stage::set();
    let browser = Browser::open(&stage.driver);
    let frame = |path: &str| format!("<iframe src=\"{}{path}\"></iframe>", stage.console);
    let port = other_site(format!("<title>Other</title>{}", frame("/login/help")));
    browser.expect("frame-ancestors");
    for origin in origins(&stage, port) {
        browser.go(&origin);
        soon("the refusal", || {
            let log = browser.session.log();
            let messages = log.iter().filter_map(|entry| entry["message"].as_str());
            messages
                .filter(|message| message.contains("frame-ancestors"))
                .count()
                .checked_sub(1)
        });
        browser.session.post("/frame", &json!({ "id": 0 }));
        let source = browser.session.get("/source");
        let source = source.as_str().expect("text");
        assert!(!source.contains("No first password?"), "{source}");
        browser.session.post("/frame", &json!({ "id": null }));
    }
}

/// Security 43: with the session's cookie or without, no other origin signs anybody out, or does anything else in their name.
#[test]
fn no_other_site_sends_a_form_of_ours() {
    let stage = Stage::set();
    let ann = Browser::open(&stage.driver);
    stage.owner(&ann, ANN, "Ann Harbour");
    let forms: [(&str, &[(&str, &str)]); 5] = [
        ("/logout", &[]),
        ("/account/sign-out-everywhere", &[]),
        ("/account/recovery-codes", &[]),
        (
            "/people/invitations",
            &[("email", "eve@evil.example"), ("role", "owner")],
        ),
        (
            "/api-keys",
            &[("name", "x"), ("mode", "live"), ("scopes", "usage:write")],
        ),
    ];
    let mut page = Vec::new();
    for (path, fields) in forms {
        page.push(format!(
            "<form method=\"post\" action=\"{}{path}\">",
            stage.console
        ));
        for (name, value) in fields {
            page.push(format!(
                "<input type=\"hidden\" name=\"{name}\" value=\"{value}\">"
            ));
        }
        page.push(format!("<button>{path}</button></form>"));
    }
    let port = other_site(format!(
        "<title>Other</title><h1>A prize</h1>{}",
        page.concat()
    ));
    ann.expect_status(403);
    ann.expect("/favicon.ico");
    for origin in origins(&stage, port) {
        for (path, _) in forms {
            ann.go(&origin);
            ann.at("A prize");
            ann.click(path);
            soon("the answer", || {
                (ann.url() == format!("{}{path}", stage.console)).then_some(())
            });
            ann.sees("another site sent this request, so nothing was changed");
        }
    }
    ann.go(&format!("{}/people", stage.console));
    ann.at("People");
    let text = ann.text();
    assert!(
        text.contains(ANN) && text.contains("Nobody is invited"),
        "{text}"
    );
    assert_eq!(items(&stage, &ann, "api-keys").len(), 0);
    ann.click("Ann Harbour");
    ann.click("Sign out");
    ann.at("You are signed out");
}

/// Security 45: a purchase that arrives in a browser where somebody is signed in becomes nobody's until they choose.
#[test]
fn a_purchase_is_attached_by_choice_alone() {
    let stage = Stage::set();
    let ann = Browser::open(&stage.driver);
    stage.owner(&ann, ANN, "Ann Harbour");
    assert_eq!(items(&stage, &ann, "agreements").len(), 1);

    stage.subscribe(&ann);
    ann.at("Where does this subscription belong?");
    let agreements = stage.sim("agreements");
    let accounts = agreements["items"].as_array().expect("a list");
    let first = items(&stage, &ann, "agreements");
    let second = accounts
        .iter()
        .find(|one| {
            one["agreementId"] != first[0]["id"] && one["agreementId"] != first[0]["agreementId"]
        })
        .expect("the new one");
    let account = second["accountId"].as_str().expect("text");
    ann.sees(&format!(
        "AWS account ending {}",
        &account[account.len() - 4..]
    ));
    ann.look("choice");
    assert_eq!(first.len(), 1, "nothing is attached by arriving");

    ann.click_at("//button[starts-with(., \"Bring this subscription into\")]");
    ann.sees("The subscription is part of this account now.");
    ann.until(&format!("{}/setup", stage.console), "Your account is ready");
    ann.look("attached");
    assert_eq!(items(&stage, &ann, "agreements").len(), 2);
    assert_eq!(stage.csp_reports(), 0);
}

/// The other choice: an account of its own, beside the one that the person has.
#[test]
fn one_person_owns_two_accounts_and_looks_at_one_at_a_time() {
    let stage = Stage::set();
    let ann = Browser::open(&stage.driver);
    stage.owner(&ann, ANN, "Ann Harbour");
    stage.subscribe(&ann);
    ann.click("Set it up as an account of its own");
    ann.at("Your subscription is here");
    ann.fill("email", ANN);
    ann.fill("name", "Ann Harbour");
    ann.click("Create my account");
    ann.at("Check your mail");
    // Whoever merely types an address makes nobody an owner: that person says yes to a mail.
    stage.read_mail(&ann, ANN, INVITED);
    ann.click_at(&letter(ANN, INVITED, "a"));
    // Who is known here is not asked for a name.
    ann.sees("You are invited to");
    ann.click("Accept");
    ann.at("You are in");
    ann.look("invitation-accepted-known");
    ann.go(&format!("{}/tenants", stage.console));
    ann.at("Switch account");
    ann.look("tenants");
    let first = ann.read("//span[@class=\"org-name\"]");
    ann.click_at("//button[starts-with(@aria-label, \"Open \")]");
    ann.at("Overview");
    assert_ne!(ann.read("//span[@class=\"org-name\"]"), first);
    assert_eq!(items(&stage, &ann, "agreements").len(), 1);
    assert_eq!(stage.csp_reports(), 0);
}

/// A list of the REST API, asked with the browser's session.
fn items(stage: &Stage, browser: &Browser, list: &str) -> Vec<Value> {
    let cookie = browser
        .session
        .must(Method::GET, "/cookie/__Host-session", &Value::Null);
    let cookie = format!("__Host-session={}", cookie["value"].as_str().expect("text"));
    let request = stage.http.get(stage.url(&format!("/api/v1/{list}")));
    let list = answer(request.header(COOKIE, cookie).send().expect("an answer"));
    list["items"].as_array().expect("a list").clone()
}
