//! Several people in several browsers: inviting, changing, removing; proving again who one is; losing the authenticator; leaving.

use serde_json::Value;
use walk::{person::PASSWORD, soon, totp};

use crate::{
    browser::Browser,
    stage::{Stage, first_sign_in, give_password, letter, set_up_authenticator, sign_in},
};

const ANN: &str = "ann@harbour.example";
const BOB: &str = "bob@harbour.example";

/// What somebody may do counts from their next click, and so does that they may not.
#[test]
fn somebody_is_invited_comes_in_is_changed_and_removed() {
    let stage = Stage::set();
    let (ann, bob) = (Browser::open(&stage.driver), Browser::open(&stage.driver));
    stage.owner(&ann, ANN, "Ann Harbour");

    ann.click("People");
    ann.click("Invite somebody");
    ann.expect_status(422);
    ann.fill("email", "bob at harbour");
    ann.click("Send the invitation");
    ann.sees("Choose what they may do.");
    ann.look("people-refused");
    ann.fill("email", BOB);
    ann.choose("role", "admin");
    ann.click("Send the invitation");
    ann.sees("An invitation is on its way to bob@harbour.example.");
    ann.look("people-invited");

    let link = accepts(&stage, &bob);
    let temporary = stage.temporary_password(&bob, BOB);
    bob.go(&format!("{}/login", stage.console));
    first_sign_in(&bob, BOB, &temporary);
    bob.at("Overview");
    bob.click("People");
    bob.click("Change Bob Harbour");
    bob.at("Bob Harbour");
    bob.look("member-me");
    bob.expect_status(410);
    bob.go(&link);
    bob.sees("Sign in");
    bob.look("invitation-over");

    ann.click("People");
    ann.click("Change Bob Harbour");
    ann.at("Bob Harbour");
    ann.look("member");
    ann.choose("role", "developer");
    ann.click("Change the role");
    ann.sees("Bob Harbour is now developer.");
    ann.look("people-changed");
    bob.go(&format!("{}/people", stage.console));
    bob.at("People");
    assert!(
        !bob.text().contains("Activity"),
        "a developer sees no trail"
    );
    bob.look("people-developer");
    bob.expect_status(403);
    bob.go(&format!("{}/activity", stage.console));
    bob.sees("first page");
    bob.look("forbidden");
    ann.click("Change Bob Harbour");
    ann.choose("role", "agent");
    ann.click("Change the role");
    ann.sees("Bob Harbour is now agent.");
    bob.click("Go to the first page");
    bob.at("You are in");
    bob.look("home-agent");

    ann.click("Change Bob Harbour");
    ann.click("Remove");
    ann.at("Remove Bob Harbour?");
    ann.look("member-remove");
    ann.click("Remove");
    ann.sees("The person is removed and can no longer come in.");
    bob.click("Account");
    // Out at once; that the sign-in page forgets them as well takes a moment.
    bob.expect_status(403);
    soon("another page", || {
        let heading = bob.try_read("//h1")?;
        (heading != "You are in" && heading != "Account").then_some(())
    });
    soon("the sign-in is closed", || {
        let users = stage.sim("users");
        let mut users = users["items"].as_array()?.iter();
        (users.find(|user| user["email"] == BOB)?["enabled"] == false).then_some(())
    });
    bob.expect_status(400);
    bob.go(&format!("{}/login", stage.console));
    bob.at("Sign in");
    give_password(&bob, BOB, PASSWORD);
    bob.sees("User is disabled.");
    assert_eq!(stage.csp_reports(), 0);
}

/// From the mail to “You are in”; answers the invitation's address.
fn accepts(stage: &Stage, bob: &Browser) -> String {
    stage.read_mail(bob, BOB, "invites you to Payphone");
    bob.click_at(&letter(BOB, "invites you to Payphone", "a"));
    bob.sees("You are invited to");
    bob.look("invitation");
    let link = bob.url();
    bob.expect_status(422);
    bob.click("Accept");
    bob.look("invitation-refused");
    bob.fill("name", "Bob Harbour");
    bob.click("Accept");
    bob.at("You are in");
    bob.look("invitation-accepted");
    link
}

/// Security 21, by clicks: what was typed waits until the person has signed in again.
#[test]
fn an_api_key_is_made_after_signing_in_again() {
    let stage = Stage::set();
    let ann = Browser::open(&stage.driver);
    let key = stage.owner(&ann, ANN, "Ann Harbour");
    stage.age_sign_ins(6);
    ann.click("API keys");
    ann.fill("name", "till");
    ann.choose("scopes", "usage:write");
    ann.expect_status(401);
    ann.click("Make test key");
    ann.at("Sign in again to do this");
    ann.look("sign-in-again");
    ann.click("Sign in");
    sign_in(&ann, ANN, &key);
    ann.at("API keys");
    let typed = ann
        .session
        .script("return document.querySelector('[name=name]').value", None);
    assert_eq!(typed, "till");
    ann.click("Make test key");
    ann.at("Copy your API key now");
    ann.look("api-key-made");
    ann.click("Show API key");
    ann.sees("ppk_test_");
    ann.click("I have copied it");
    ann.click("Revoke till");
    ann.at("Revoke “till”?");
    ann.look("api-key-revoke");
    assert_eq!(stage.csp_reports(), 0);
}

#[test]
fn a_recovery_code_takes_the_place_of_a_lost_authenticator() {
    let stage = Stage::set();
    let ann = Browser::open(&stage.driver);
    let lost = stage.owner(&ann, ANN, "Ann Harbour");
    ann.click("Make recovery codes");
    ann.at("Account");
    ann.click("Make recovery codes");
    ann.at("Make recovery codes?");
    ann.look("recovery-codes-ask");
    ann.click("Make ten codes");
    ann.at("Keep your recovery codes now");
    ann.look("recovery-codes");
    let codes = ann.read("//pre");
    assert_eq!(codes.lines().count(), 10, "{codes}");

    let elsewhere = Browser::open(&stage.driver);
    elsewhere.go(&format!("{}/recover", stage.console));
    elsewhere.at("Lost your authenticator?");
    elsewhere.look("recover");
    elsewhere.fill("email", ANN);
    elsewhere.fill("code", codes.lines().next().expect("a code"));
    elsewhere.click("Use the code");
    elsewhere.at("Now sign in");
    elsewhere.look("recover-done");
    soon("the authenticator is forgotten", || {
        let users = stage.sim("users");
        let users = users["items"].as_array()?;
        let user = users.iter().find(|user| user["email"] == ANN)?;
        (user["mfa"] == "none").then_some(())
    });
    elsewhere.click("Sign in");
    give_password(&elsewhere, ANN, PASSWORD);
    let key = set_up_authenticator(&elsewhere);
    assert_ne!(key, lost);
    elsewhere.at("Overview");
    elsewhere.go(&format!("{}/account", stage.console));
    elsewhere.sees("9 left");

    // Whoever has the old authenticator is out, and its codes are no longer taken.
    ann.click("I have kept them");
    ann.at("Sign in");
    ann.expect_status(400);
    give_password(&ann, ANN, PASSWORD);
    ann.at("Enter your code");
    ann.look("authenticator-code");
    ann.fill("code", &totp::code(&lost));
    ann.click("Sign in");
    ann.sees("Invalid code received for user");
    assert_eq!(stage.csp_reports(), 0);
}

/// Security 7 and 48: after signing out, the back button shows nothing.
#[test]
fn after_signing_out_nothing_is_left_in_the_browser() {
    let stage = Stage::set();
    let ann = Browser::open(&stage.driver);
    stage.owner(&ann, ANN, "Ann Harbour");
    ann.click("People");
    ann.at("People");
    let menu = || ann.is_open("account-menu");
    ann.click("Ann Harbour");
    assert!(menu());
    ann.look("menu");
    ann.press("\u{e00c}");
    assert!(!menu(), "after Escape");
    ann.click("Ann Harbour");
    assert!(menu());
    ann.click_at("//h1");
    assert!(!menu(), "after a press beside it");
    ann.click("Ann Harbour");
    ann.click("Sign out");
    ann.at("You are signed out");
    ann.look("signed-out");
    let cookies = ann.session.get("/cookie");
    assert_eq!(cookies, Value::Array(vec![]), "of the console");
    ann.click("Sign out there too");
    ann.at("Sign in");
    for _ in 0..4 {
        ann.back();
        soon("a page", || ann.try_read("//h1"));
        let text = ann.text();
        assert!(
            !text.contains("Members") && !text.contains(ANN),
            "{} shows {text}",
            ann.url()
        );
    }
}
