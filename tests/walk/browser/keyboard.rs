//! The way in by keyboard alone: nothing is out of reach, and what has the keyboard can be seen.

use walk::{person::PASSWORD, totp};

use crate::{browser::Browser, stage::Stage};

const TAB: &str = "\u{e004}";
const ENTER: &str = "\u{e007}";
const ANN: &str = "ann@harbour.example";

impl Browser {
    /// Presses Tab until the link, button or field of that name has the keyboard.
    fn tab_to(&self, name: &str) {
        let mut passed = Vec::new();
        for _ in 0..40 {
            self.press(TAB);
            let focused = self.focused();
            let seen = focused["outlined"] == true && focused["inside"] == true;
            assert!(seen || focused["name"] == "", "cannot be seen: {focused}");
            if focused["name"] == name || focused["field"] == name {
                return;
            }
            passed.push(focused["name"].as_str().unwrap_or_default().to_owned());
        }
        panic!("{name:?} is not among {passed:?} at {}", self.url());
    }

    /// Types into the field of that name.
    fn tab_and_type(&self, field: &str, text: &str) {
        self.tab_to(field);
        self.press(text);
    }

    /// Past the navigation.
    fn skip_to(&self, name: &str) {
        self.tab_to("Skip to content");
        self.press(ENTER);
        self.tab_to(name);
    }

    fn skip_and_press(&self, name: &str) {
        self.skip_to(name);
        self.press(ENTER);
    }

    fn tab_and_press(&self, name: &str) {
        self.tab_to(name);
        self.press(ENTER);
    }
}

#[test]
fn from_the_listing_to_the_console_by_keyboard_alone() {
    let stage = Stage::set();
    let ann = Browser::open(&stage.driver);
    ann.go(&format!("{}/storefront", stage.sim));
    ann.at("Payphone");
    ann.tab_and_press("Subscribe");
    ann.at("Your subscription to Payphone");
    ann.tab_and_press("Set up your account");

    ann.at("Your subscription is here");
    ann.tab_to("Skip to content");
    ann.press(ENTER);
    ann.tab_and_type("email", ANN);
    ann.tab_and_type("name", "Ann Harbour");
    ann.press(ENTER);
    ann.at("Check your mail");
    let temporary = stage.temporary_password(&ann, ANN);
    ann.until(&format!("{}/welcome", stage.console), "5 of 5 done");
    ann.tab_and_press("Sign in");

    ann.at("Sign in");
    // The cursor waits in the first field.
    ann.press(ANN);
    ann.tab_and_type("password", &temporary);
    ann.tab_and_press("Sign in");
    ann.at("Choose a password");
    ann.tab_and_type("password", PASSWORD);
    ann.tab_and_type("confirm_password", PASSWORD);
    ann.tab_and_press("Continue");
    ann.at("Set up your authenticator");
    let key = ann.read("//code[@id=\"secret\"]");
    ann.press(&totp::code(&key));
    ann.press(ENTER);

    ann.at("Overview");
    ann.tab_to("Skip to content");
    ann.press(ENTER);
    ann.tab_and_press("Make an API key");
    ann.at("API keys");
    ann.tab_and_type("name", "till");
    ann.tab_and_press("Make test key");
    ann.at("Copy your API key now");
    // It is covered until somebody asks.
    ann.tab_and_press("Show API key");
    ann.sees("ppk_");
    let secret = "return document.getElementById('api-key').textContent";
    let secret = ann.session.script(secret, None);
    let secret = secret.as_str().expect("a text").trim().to_owned();
    assert!(secret.starts_with("ppk_"), "{secret}");

    // Nobody is to be locked out.
    ann.tab_and_press("Set up");
    ann.at("Your account is ready");
    ann.sees("5 of 7 done");
    ann.skip_and_press("Make recovery codes");
    ann.at("Account");
    ann.skip_and_press("Make recovery codes");
    ann.at("Make recovery codes?");
    ann.skip_and_press("Make ten codes");
    ann.at("Keep your recovery codes now");
    ann.tab_and_press("Set up");
    ann.at("Your account is ready");
    ann.skip_and_press("Invite an owner");
    ann.at("People");
    ann.tab_and_type("email", "ola@harbour.example");
    ann.tab_to("role");
    ann.press(" ");
    ann.tab_and_press("Send the invitation");
    ann.sees("ola@harbour.example");

    // What Amazon Connect gets.
    ann.tab_and_press("Set up");
    ann.at("Your account is ready");
    let tenant = ann.read("//code[@id='tenant-id']");
    ann.skip_and_press("Download keys");
    ann.at("Keys");
    ann.skip_to("Download public key");

    // What the tenant's own systems do with the key.
    let event = serde_json::json!({
        "specversion": "1.0", "source": "urn:till", "id": "one", "type": "payphone.payment.approved",
        "subject": tenant, "time": stage.sim("clock")["now"], "data": { "quantity": 1 },
    });
    let sent = stage
        .http
        .post(format!("{}/api/v1/usage-events", stage.console))
        .bearer_auth(&secret)
        .header("content-type", "application/cloudevents+json")
        .body(event.to_string())
        .send()
        .expect("an answer");
    assert_eq!(sent.status(), 200);
    ann.until(&format!("{}/setup", stage.console), "7 of 7 done");
    ann.skip_and_press("See usage");
    ann.at("Usage");
    ann.sees("Used this hour");
    ann.has_no_errors();
}
