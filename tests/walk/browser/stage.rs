//! What every test of this suite begins with: the three programs, chromedriver, and the ways that people go again and again.

use std::ops::Deref;

use serde_json::Value;
use walk::{World, person::PASSWORD, soon, totp};
use xtask::stand::{Proc, http};

use crate::{browser::Browser, webdriver::Driver};

/// The programs and the driver.
pub(crate) struct Stage {
    pub(crate) driver: Driver,
    world: World,
    /// The console's address as browsers know it.
    pub(crate) console: String,
    /// aws-sim's.
    pub(crate) sim: String,
}

impl Deref for Stage {
    type Target = World;

    fn deref(&self) -> &World {
        &self.world
    }
}

impl Stage {
    pub(crate) fn set() -> Self {
        Self::with_keys(2048)
    }

    /// With key pairs of so many bits; 4,096 are what production makes.
    pub(crate) fn with_keys(bits: u32) -> Self {
        let world = World::start(bits);
        let places = world.stand.places();
        Self {
            driver: Driver::start(),
            console: places.browser_url(Proc::Control),
            sim: places.browser_url(Proc::AwsSim),
            world,
        }
    }

    /// How many CSP reports the control plane has received.
    pub(crate) fn csp_reports(&self) -> u64 {
        let admin = self.stand.places().admin(Proc::Control);
        let within = std::time::Duration::from_secs(10);
        let (_, text) = http::get(admin, "/metrics", within).expect("metrics");
        let values = text
            .lines()
            .filter(|line| line.starts_with("csp_reports_total"))
            .filter_map(|line| line.rsplit_once(' ')?.1.parse::<u64>().ok());
        values.sum()
    }

    /// From the listing to the welcome page.
    pub(crate) fn subscribe(&self, browser: &Browser) {
        browser.go(&format!("{}/storefront", self.sim));
        browser.at("Payphone");
        browser.click("Subscribe");
        browser.at("Your subscription to Payphone");
        browser.click("Set up your account");
    }

    /// Opens the mailbox and reads the newest mail to somebody whose subject has these words.
    pub(crate) fn read_mail(&self, browser: &Browser, to: &str, subject: &str) -> String {
        let has = |mail: &Value| {
            mail["to"] == to
                && mail["subject"]
                    .as_str()
                    .is_some_and(|text| text.contains(subject))
        };
        soon("the mail is there", || {
            let mails = self.sim("mailbox");
            mails["items"].as_array()?.iter().any(has).then_some(())
        });
        browser.go(&format!("{}/mailbox", self.sim));
        browser.at("Mailbox");
        browser.read(&letter(to, subject, "pre"))
    }

    /// The temporary password out of the mail.
    pub(crate) fn temporary_password(&self, browser: &Browser, email: &str) -> String {
        let mail = self.read_mail(browser, email, "temporary password");
        let after = mail
            .split_once("temporary password is ")
            .expect("the words")
            .1;
        after
            .split_whitespace()
            .next()
            .expect("a password")
            .to_owned()
    }

    /// A browser whose owner has just signed in to a tenant of their own, at the console's first page; and the authenticator's key.
    pub(crate) fn owner(&self, browser: &Browser, email: &str, name: &str) -> String {
        self.subscribe(browser);
        name_owner(browser, email, name);
        let temporary = self.temporary_password(browser, email);
        browser.until(&format!("{}/welcome", self.console), "5 of 5 done");
        browser.go(&format!("{}/login", self.console));
        let key = first_sign_in(browser, email, &temporary);
        browser.at("Overview");
        key
    }

    /// Makes everybody's sign-in older: the product asks real time, which a test cannot move.
    pub(crate) fn age_sign_ins(&self, minutes: u32) {
        let script = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1], timeout=30); \
            moved = \"strftime('%Y-%m-%dT%H:%M:%f+00:00', authenticated_at, ?)\"; \
            c.execute('update sessions set authenticated_at = ' + moved, (sys.argv[2],)); c.commit()";
        let python = xtask::doctor::oracle_python().expect("Python: `cargo xtask doctor` makes it");
        let status = std::process::Command::new(python)
            .args(["-c", script])
            .arg(self.stand.layout().database(Proc::Control))
            .arg(format!("-{minutes} minutes"))
            .status();
        assert!(status.expect("Python runs").success());
    }
}

/// The newest mail to somebody with such a subject, and what is in it.
pub(crate) fn letter(to: &str, subject: &str, what: &str) -> String {
    format!(
        "(//article[.//h2[contains(., \"{subject}\")]][.//p[contains(., \"To {to}\")]])[1]//{what}"
    )
}

pub(crate) fn give_password(browser: &Browser, email: &str, password: &str) {
    browser.fill("username", email);
    browser.fill("password", password);
    browser.click("Sign in");
}

/// Reads the key on the page and types its code.
pub(crate) fn set_up_authenticator(browser: &Browser) -> String {
    browser.at("Set up your authenticator");
    let key = browser.read("//code[@id=\"secret\"]");
    browser.fill("code", &totp::code(&key));
    browser.click("Continue");
    key
}

/// Fills in the welcome form.
pub(crate) fn name_owner(browser: &Browser, email: &str, name: &str) {
    browser.at("Your subscription is here");
    browser.fill("email", email);
    browser.fill("name", name);
    browser.click("Create my account");
    browser.at("Check your mail");
}

/// From the sign-in page to the console for the first time; answers the key of the authenticator.
pub(crate) fn first_sign_in(browser: &Browser, email: &str, temporary: &str) -> String {
    browser.at("Sign in");
    give_password(browser, email, temporary);
    browser.at("Choose a password");
    browser.fill("password", PASSWORD);
    browser.fill("confirm_password", PASSWORD);
    browser.click("Continue");
    set_up_authenticator(browser)
}

/// Signs in with what is known; the browser is at the sign-in page.
pub(crate) fn sign_in(browser: &Browser, email: &str, key: &str) {
    browser.at("Sign in");
    give_password(browser, email, PASSWORD);
    browser.at("Enter your code");
    browser.fill("code", &totp::code(key));
    browser.click("Sign in");
}
