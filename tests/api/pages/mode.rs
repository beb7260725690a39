//! Test and live: what a browser looks at, and what of a tenant that leaves out. It opens nothing to anybody.

use reqwest::{Method, header};
use serde_json::json;
use testkit::TestApp;

use super::{page, sent_to};

#[tokio::test]
async fn the_mode_is_kept_by_a_cookie_and_narrows_what_belongs_to_one() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let browser = &acme.browser;
    for mode in ["test", "live"] {
        let body = json!({"name": format!("{mode} till"), "mode": mode, "scopes": ["usage:write"]});
        let made = browser.post("/api/v1/api-keys", &body).await;
        assert_eq!(made.status, 201);
    }
    let choose = async |mode: &str, referer: &str| {
        let request = browser.request(Method::POST, "/mode");
        let request = request.form(&[("mode", mode)]);
        browser.send(request.header(header::REFERER, referer)).await
    };
    // Everybody begins in test mode.
    let text = page(browser.get("/api-keys").await, 200, "test till");
    assert!(text.contains("value=\"test\" aria-pressed=\"true\"") && !text.contains("live till"));
    assert!(text.contains("Make test key"));
    page(browser.get("/keys").await, 200, "Download public key");

    let answer = choose(
        "live",
        "http://console.payphone.example/api-keys?state=used&after=x",
    )
    .await;
    assert_eq!(
        answer.header("set-cookie"),
        "__Host-mode=live; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=31536000"
    );
    // From its beginning: where one was in the other list means nothing in this one.
    assert_eq!(sent_to(answer), "/api-keys");
    let text = page(browser.get("/api-keys").await, 200, "live till");
    assert!(text.contains("value=\"live\" aria-pressed=\"true\"") && !text.contains("test till"));
    assert!(text.contains("Make live key"));
    let text = page(browser.get("/keys").await, 200, "no live key pair yet");
    assert!(!text.contains("PUBLIC KEY"));
    page(browser.get("/usage").await, 200, "what AWS accepted");

    // A form that was kept without its mode is one of the mode that is looked at, and can be sent.
    let kept = page(
        browser.get("/api-keys?name=Till&scopes=capture").await,
        200,
        "Make live key",
    );
    assert!(kept.contains("name=\"mode\" value=\"live\"") && kept.contains("value=\"Till\""));
    let fields = [("name", "Till"), ("mode", "trial"), ("scopes", "capture")];
    let answer = browser.post_form("/api-keys", &fields).await;
    let text = page(answer, 422, "Choose test or live.");
    assert!(text.contains("name=\"mode\" value=\"live\""));

    // A word of somebody else's is no other mode, and leads nowhere else.
    let answer = choose("\"><script>", "https://evil.example//evil.example").await;
    assert!(answer.header("set-cookie").starts_with("__Host-mode=test;"));
    assert_eq!(sent_to(answer), "/");
    browser.set_cookie("__Host-mode", "\"><script>alert(1)</script>");
    let text = page(browser.get("/api-keys").await, 200, "test till");
    assert!(!text.contains("<script>alert"));
}

#[tokio::test]
async fn usage_is_of_the_mode_and_the_bill_of_both() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let trial = acme.api_key("test", &["usage:write"]).await;
    let till = acme.till().await;
    trial.sends(&acme.usage("tried", 41)).await;
    till.sends(&acme.usage("sold", 87)).await;
    t.an_hour_passes().await;
    acme.signs_in().await;
    let browser = &acme.browser;
    let bill_of = |text: &str| {
        let table = text.split_once("id=\"bill-heading\"").unwrap().1;
        table.split_once("</table>").unwrap().0.to_owned()
    };
    let test = page(browser.get("/usage").await, 200, "41 accepted");
    assert!(!test.contains("87 accepted") && !test.contains("name=\"dimension\""));
    browser.looks_at_live();
    let live = page(browser.get("/usage").await, 200, "87 accepted");
    assert!(!live.contains("41 accepted") && live.contains("name=\"dimension\""));
    assert_eq!(bill_of(&test), bill_of(&live));
    assert!(bill_of(&test).contains("87") && bill_of(&test).contains("41"));
    // The file has what the table has; a link to the other mode's hours says so itself.
    for (mode, units) in [("test", "41"), ("live", "87")] {
        let address = format!("/api/v1/metering-records?format=csv&mode={mode}");
        let csv = browser.get(&address).await.expect(200).text();
        let has = |units: &str| csv.lines().any(|line| line.contains(&format!(",{units},")));
        assert!(
            has(units) && !has(if units == "41" { "87" } else { "41" }),
            "{csv}"
        );
    }
    page(
        browser.get("/usage?dimension=test_payments").await,
        200,
        "41 accepted",
    );
    let strange = browser.get("/api/v1/metering-records?mode=trial").await;
    assert_eq!(strange.status, 400);
}
