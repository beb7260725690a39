//! The walk in a browser: from the listing to the console, with and without JavaScript, and by keyboard alone.

use std::time::{Duration, Instant};

use serde_json::json;
use walk::{person::PASSWORD, soon};
use xtask::stand::OPERATOR_EMAIL;

use crate::{
    browser::Browser,
    stage::{Stage, first_sign_in, give_password, name_owner, set_up_authenticator},
};

const ANN: &str = "ann@harbour.example";

#[test]
fn from_subscribe_to_the_console_with_script() {
    from_subscribe_to_the_console(true);
}

#[test]
fn from_subscribe_to_the_console_without_script() {
    from_subscribe_to_the_console(false);
}

fn from_subscribe_to_the_console(script: bool) {
    let stage = Stage::set();
    let browser = Browser::with(&stage.driver, script);
    browser.go(&format!("{}/storefront", stage.sim));
    browser.at("Payphone");
    browser.look("storefront");
    browser.click("Subscribe");
    browser.at("Your subscription to Payphone");
    browser.look("subscription");
    browser.click("Set up your account");

    browser.at("Your subscription is here");
    browser.look("welcome");
    browser.expect_status(422);
    browser.fill("email", "ann at harbour");
    browser.fill("name", "Ann Harbour");
    browser.click("Create my account");
    browser.sees("e-mail");
    browser.look("welcome-refused");
    browser.fill("email", "amn@harbour.example");
    browser.click("Create my account");
    browser.at("Check your mail");
    stage.read_mail(&browser, "amn@harbour.example", "temporary password");

    browser.go(&format!("{}/welcome?correct=1", stage.console));
    browser.look("welcome-correct");
    browser.fill("email", ANN);
    browser.click("Save and send the mail");
    browser.at("Check your mail");
    browser.sees(ANN);
    let temporary = stage.temporary_password(&browser, ANN);
    browser.look("mailbox");
    browser.until(&format!("{}/welcome", stage.console), "5 of 5 done");
    browser.look("welcome-named");

    browser.click("Sign in");
    browser.at("Sign in");
    browser.look("sign-in");
    browser.expect_status(400);
    give_password(&browser, ANN, "wrong");
    browser.sees("Incorrect username or password.");
    browser.look("sign-in-refused");
    give_password(&browser, ANN, &temporary);
    browser.at("Choose a password");
    browser.look("new-password");
    browser.fill("password", PASSWORD);
    browser.fill("confirm_password", PASSWORD);
    browser.click("Continue");
    browser.at("Set up your authenticator");
    browser.look("authenticator-setup");
    set_up_authenticator(&browser);

    browser.at("Overview");
    browser.look("home");
    for (link, heading, name) in [
        ("Set up", "Your account is ready", "set-up"),
        ("Keys", "Keys", "keys"),
        ("Usage", "Usage", "usage"),
        ("Subscription", "Subscription", "subscription"),
        ("People", "People", "people"),
        ("API keys", "API keys", "api-keys"),
        ("Activity", "Activity", "activity"),
    ] {
        browser.click(link);
        browser.at(heading);
        browser.look(name);
    }
    browser.go(&format!("{}/account", stage.console));
    browser.at("Account");
    browser.look("account");
    assert_eq!(stage.csp_reports(), 0);
}

/// On databases that were empty a moment ago, with keys as production makes them: what a buyer waits for the product, and a script types.
#[test]
#[expect(clippy::print_stdout, reason = "the figure is for whoever runs it")]
fn from_the_click_that_buys_to_the_console_within_fifteen_seconds() {
    let stage = Stage::with_keys(4096);
    let browser = Browser::open(&stage.driver);
    let begun = Instant::now();
    stage.owner(&browser, ANN, "Ann Harbour");
    let took = begun.elapsed();
    println!(
        "from the listing to the console: {:.1} s",
        took.as_secs_f64()
    );
    assert!(took <= Duration::from_secs(15), "it took {took:?}");
}

/// While AWS has not confirmed the subscription, people wait on pages that are as good as any.
#[test]
fn pages_that_wait_are_pages_too() {
    let stage = Stage::set();
    let ann = Browser::open(&stage.driver);
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
    name_owner(&ann, ANN, "Ann Harbour");
    let temporary = stage.temporary_password(&ann, ANN);
    ann.until(&format!("{}/welcome", stage.console), "3 of 5 done");
    ann.look("welcome-waiting");
    ann.go(&format!("{}/login", stage.console));
    first_sign_in(&ann, ANN, &temporary);
    ann.at("Set up your account");
    // It follows what changes instead.
    ann.look("home-waiting");
    let faults = stage.http.delete(stage.sim_url("faults"));
    assert!(
        faults
            .send()
            .expect("aws-sim answers")
            .status()
            .is_success()
    );
    stage.advance(60);
    ann.until(&format!("{}/setup", stage.console), "Your account is ready");
    assert_eq!(stage.csp_reports(), 0);
}

/// Pages that nobody wants to see are pages too.
#[test]
fn pages_about_what_went_wrong_are_pages_too() {
    let stage = Stage::set();
    let ann = Browser::open(&stage.driver);
    let go = |path: &str| ann.go(&format!("{}{path}", stage.console));
    go("/marketplace/register");
    ann.at("Payphone starts in AWS Marketplace");
    ann.look("marketplace");
    for status in [400, 401, 404] {
        ann.expect_status(status);
    }
    go("/nowhere");
    ann.look("not-found");
    go("/welcome");
    ann.look("welcome-nobody");
    go("/callback?code=one&state=two");
    ann.look("sign-in-lost");
    go("/login/help");
    ann.at("No first password?");
    ann.look("login-help");
    ann.fill("email", ANN);
    ann.click("Send it again");
    ann.at("Look into your mail");
    ann.look("login-help-done");

    stage.owner(&ann, ANN, "Ann Harbour");
    ann.go(&format!("{}/storefront/subscriptions", stage.sim));
    ann.at("Subscriptions");
    ann.look("subscriptions");
    ann.click_at("//table//a");
    ann.click("Cancel subscription");
    ann.sees("Cancelled");
    stage.advance(2 * 3600);
    soon("the end has come", || {
        go("/");
        (ann.try_read("//h1")? == "Your subscription has ended").then_some(())
    });
    ann.look("home-ended");
    assert_eq!(stage.csp_reports(), 0);
}

/// The vendor's operator has a page too, and no tenant's.
#[test]
fn the_operator_signs_in_like_anybody() {
    let stage = Stage::set();
    let operator = Browser::open(&stage.driver);
    let temporary = stage.temporary_password(&operator, OPERATOR_EMAIL);
    operator.go(&format!("{}/login", stage.console));
    first_sign_in(&operator, OPERATOR_EMAIL, &temporary);
    operator.sees("Operator");
    operator.look("operator");
    for (link, name) in [
        ("Registrations", "operator-registrations"),
        ("Tenants", "operator-tenants"),
        ("Events", "operator-events"),
        ("Jobs", "operator-jobs"),
    ] {
        operator.click(link);
        operator.at(link);
        operator.look(name);
    }
    operator.go(&format!("{}/people", stage.console));
    operator.sees("Operator");
    assert_eq!(operator.url(), format!("{}/", stage.console));
    assert_eq!(stage.csp_reports(), 0);
}
