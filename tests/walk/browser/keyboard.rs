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
    ann.tab_and_press("Make the key");
    ann.at("Copy your API key now");
}
