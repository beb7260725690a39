//! What comes to life in a browser: the set-up that shows by itself what was done, copying, and covering what is secret; and that without
//! scripts nothing is missing. Needs the islands built in: `cargo xtask islands` before the programs are built.

use serde_json::json;

use crate::{
    browser::Browser,
    stage::{Stage, first_sign_in, name_owner},
};

const ANN: &str = "ann@harbour.example";

/// Counts every stream that a page opens.
const COUNTING: &str = "window.streams = []; window.EventSource = class extends EventSource {
    constructor(...all) { super(...all); window.streams.push(this); } };";

impl Browser {
    /// Runs script in every page before its own.
    fn before_each_page(&self, source: &str) {
        self.session.devtools(
            "Page.addScriptToEvaluateOnNewDocument",
            &json!({ "source": source }),
        );
    }
}

/// A buyer who is not signed in, at steps that wait for AWS, and her temporary password; the fault that holds it back ends with [`go_on`].
fn waiting_buyer(stage: &Stage, ann: &Browser) -> String {
    let silent = json!({ "operation": "GetEntitlements", "kind": "throttle", "probability": 1.0 });
    stage.tell_sim("faults", &silent);
    let bought = json!({
        "productCode": stage.ready.product_code,
        "pricing": "contract",
        "withhold": ["licenseUpdated"],
    });
    let agreement = stage.tell_sim("agreements", &bought);
    let id = agreement["agreementId"].as_str().expect("an id");
    ann.go(&format!("{}/storefront/subscriptions/{id}", stage.sim));
    ann.click("Set up your account");
    name_owner(ann, ANN, "Ann Harbour");
    let temporary = stage.temporary_password(ann, ANN);
    ann.until(&format!("{}/welcome", stage.console), "3 of 5 done");
    temporary
}

/// An owner at a set-up that waits for AWS.
fn waiting_owner(stage: &Stage, ann: &Browser) {
    let temporary = waiting_buyer(stage, ann);
    ann.go(&format!("{}/login", stage.console));
    first_sign_in(ann, ANN, &temporary);
    ann.at("Set up your account");
}

fn go_on(stage: &Stage) {
    let faults = stage.http.delete(stage.sim_url("faults")).send();
    assert!(faults.expect("aws-sim answers").status().is_success());
    stage.advance(60);
}

/// The page is neither loaded again nor touched, has one stream, keeps the keyboard where it is, and says what it shows.
#[test]
fn a_step_that_is_done_shows_by_itself() {
    let stage = Stage::set();
    let ann = Browser::open(&stage.driver);
    ann.before_each_page(COUNTING);
    waiting_owner(&stage, &ann);
    ann.sees("This page keeps itself up to date.");
    ann.look("home-live");
    let script = "window.same = true; document.querySelector('.step a[href=\"/people\"]').focus(); return streams.length";
    assert_eq!(ann.session.script(script, None), 1, "one stream a page");
    go_on(&stage);
    ann.at("Your account is ready");
    ann.sees("5 of 7 done");
    let script = "return [window.same, streams.length, streams[0].readyState, document.activeElement.getAttribute('href'), \
        document.querySelector('.live [role=status]').textContent]";
    assert_eq!(
        ann.session.script(script, None),
        json!([true, 1, 1, "/people", "5 of 7 done"])
    );
    ann.look("home-by-itself");
    ann.has_no_errors();
    assert_eq!(stage.csp_reports(), 0);
}

/// Nobody is signed in here, so there is no stream: the page looks for itself, and is not loaded again while it waits.
#[test]
fn a_buyer_sees_steps_that_are_done_without_loading_the_page() {
    let stage = Stage::set();
    let ann = Browser::open(&stage.driver);
    ann.before_each_page(COUNTING);
    waiting_buyer(&stage, &ann);
    ann.sees("This page keeps itself up to date.");
    let refreshes = "return document.querySelectorAll('meta[http-equiv]').length";
    assert_eq!(ann.session.script(refreshes, None), 0);
    ann.session.script("window.same = true", None);
    go_on(&stage);
    ann.sees("5 of 5 done");
    assert_eq!(ann.session.script("return streams.length", None), 0);
    ann.has_no_errors();
    assert_eq!(stage.csp_reports(), 0);
}

fn makes_a_key(stage: &Stage, browser: &Browser) {
    browser.go(&format!("{}/api-keys", stage.console));
    browser.at("API keys");
    browser.fill("name", "till");
    browser.choose("scopes", "usage:write");
    browser.click("Make test key");
    browser.at("Copy your API key now");
}

/// What is covered is copied as it is, and shown when asked for.
#[test]
fn a_secret_is_covered_and_can_be_copied_all_the_same() {
    let stage = Stage::set();
    let ann = Browser::open(&stage.driver);
    stage.owner(&ann, ANN, "Ann Harbour");
    makes_a_key(&stage, &ann);
    ann.sees("••••");
    assert!(!ann.text().contains("ppk_test_"), "{}", ann.text());
    let copying = json!({ "permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"] });
    ann.session.devtools("Browser.grantPermissions", &copying);
    ann.session.devtools(
        "Emulation.setFocusEmulationEnabled",
        &json!({ "enabled": true }),
    );
    ann.click("Copy API key");
    ann.sees("Copied");
    let read = "const done = arguments[arguments.length - 1]; navigator.clipboard.readText().then(done, error => done(String(error)))";
    let copied = ann.session.script_async(read);
    let copied = copied.as_str().expect("text");
    assert!(copied.starts_with("ppk_test_"), "{copied}");
    ann.look("api-key-covered");
    ann.click("Show API key");
    ann.sees(copied);
    ann.look("api-key-shown");
    ann.click("Hide API key");
    ann.sees("••••");
    assert!(!ann.text().contains(copied));
    ann.has_no_errors();
    assert_eq!(stage.csp_reports(), 0);
}

#[test]
fn ids_keys_and_samples_have_a_button_that_copies_them() {
    let stage = Stage::set();
    let ann = Browser::open(&stage.driver);
    stage.owner(&ann, ANN, "Ann Harbour");
    let copying = json!({ "permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"] });
    ann.session.devtools("Browser.grantPermissions", &copying);
    ann.session.devtools(
        "Emulation.setFocusEmulationEnabled",
        &json!({ "enabled": true }),
    );
    for (path, button, begins) in [
        ("/keys", "Copy key id", "key_"),
        ("/keys", "Copy fingerprint", "SHA256:"),
        // Folded, and copied all the same.
        ("/keys", "Copy public key", "-----BEGIN PUBLIC KEY-----"),
        ("/keys", "Copy certificate", "-----BEGIN CERTIFICATE-----"),
        ("/setup", "Copy tenant id", "ten_"),
        ("/subscription", "Copy licence ARN", "arn:aws:"),
        ("/usage", "Copy command", "curl "),
        ("/docs/api-keys", "Copy curl", "curl "),
    ] {
        ann.go(&format!("{}{path}", stage.console));
        ann.click(button);
        ann.sees("Copied");
        let read = "const done = arguments[arguments.length - 1]; navigator.clipboard.readText().then(done, error => done(String(error)))";
        let copied = ann.session.script_async(read);
        let copied = copied.as_str().expect("text");
        assert!(copied.starts_with(begins), "{path} {button}: {copied}");
    }
    ann.go(&format!("{}/keys", stage.console));
    ann.look("keys-folded");
    ann.has_no_errors();
    assert_eq!(stage.csp_reports(), 0);
}

#[test]
fn without_script_nothing_is_covered_and_no_button_promises_anything() {
    let stage = Stage::set();
    let ann = Browser::with(&stage.driver, false);
    waiting_owner(&stage, &ann);
    go_on(&stage);
    // The page looks again as a whole.
    ann.at("Your account is ready");
    assert!(!ann.text().contains("up to date"), "{}", ann.text());
    makes_a_key(&stage, &ann);
    ann.sees("ppk_test_");
    assert!(!ann.text().contains("Copy API key") && !ann.text().contains("Hide API key"));
    ann.look("api-key-without-script");
    assert_eq!(stage.csp_reports(), 0);
}
