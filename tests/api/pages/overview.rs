//! `/` and `/setup`: the set-up until it is done, the overview from then on, for each role what it may see.

use chrono::Duration;
use testkit::{TestApp, card_plane::CardPlaneFault};

use super::{page, sent_to};

#[tokio::test]
async fn the_first_page_is_the_set_up_until_everything_is_done() {
    let t = TestApp::start().await;
    let ready = t.tenant("ready").await;
    let acme = t.buyer("acme");
    acme.registers().await;
    t.card_plane.fails([CardPlaneFault::Busy; 1000]);
    acme.completes(&acme.email()).await;
    t.run_until_quiet().await;
    acme.signs_in().await;
    assert_eq!(sent_to(acme.browser.get("/").await), "/setup");
    let text = page(acme.browser.get("/setup").await, 200, "Set up your account");
    assert!(!text.contains("What to do now"));
    // What was just done is not lost on the way.
    acme.browser.set_cookie("__Host-flash", "attached=1");
    let to = sent_to(acme.browser.get("/").await);
    page(
        acme.browser.get(&to).await,
        200,
        "is part of this account now",
    );

    let text = page(ready.browser.get("/").await, 200, "<h1>Overview</h1>");
    for part in [
        "What needs you",
        "What to do now",
        "Used today",
        "in force",
        "Test key",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert_eq!(text.matches("btn primary").count(), 1, "one primary action");
    page(
        ready.browser.get("/setup").await,
        200,
        "Your account is ready",
    );
}

/// Going live, there is no key pair yet to give to Amazon Connect: nobody is sent to where nothing is.
#[tokio::test]
async fn without_a_key_pair_there_is_none_to_give_to_amazon_connect() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let text = page(acme.browser.get("/").await, 200, "1. Give Amazon Connect");
    assert!(text.contains("2. Make an API key"));
    acme.browser.looks_at_live();
    let text = page(acme.browser.get("/").await, 200, "1. Make an API key");
    assert!(!text.contains("Give Amazon Connect"));
}

/// A step is looked at by itself less and less often, at last every ten minutes; and at once when somebody asks.
#[tokio::test]
async fn whoever_looks_at_the_set_up_has_it_checked_again() {
    const BUSY: usize = 6;
    let t = TestApp::start().await;
    let acme = t.buyer("acme");
    acme.registers().await;
    acme.completes(&acme.email()).await;
    t.card_plane.fails([CardPlaneFault::Busy; BUSY]);
    t.run_until_quiet().await;
    acme.signs_in().await;
    while t.card_plane.calls() < BUSY {
        t.clock.advance_real(Duration::seconds(70));
        t.run_once().await;
    }
    t.run_once().await;
    assert_eq!(t.card_plane.calls(), BUSY, "it is not due");
    let making = "Your key pair is being made";
    page(acme.browser.get("/setup").await, 200, making);
    let stranger = t.anonymous().post_form("/setup/check", &[]).await;
    assert_eq!(stranger.status, 401);
    t.run_once().await;
    assert_eq!(t.card_plane.calls(), BUSY, "a stranger asks for nothing");

    let asked = acme.browser.post_form("/setup/check", &[]).await;
    assert_eq!(sent_to(asked), "/setup");
    t.run_once().await;
    let text = page(acme.browser.get("/setup").await, 200, "key pair is ready");
    assert!(!text.contains(making), "{text}");
}

#[tokio::test]
async fn the_overview_shows_todays_usage_and_stops_telling_how_to_begin() {
    let t = TestApp::start().await;
    let (acme, other) = (t.tenant("acme").await, t.tenant("other").await);
    let till = acme.till().await;
    till.sends(&acme.usage("one", 1204)).await;
    other.till().await.sends(&other.usage("one", 77)).await;
    // They are live payments: under Test there are none.
    let text = page(acme.browser.get("/").await, 200, "Used today");
    assert!(!text.contains("1,204"), "{text}");
    acme.browser.looks_at_live();
    let text = page(acme.browser.get("/").await, 200, "1,204");
    assert!(!text.contains("What to do now") && !text.contains("77"));
    assert!(text.contains("1,204 open"), "{text}");
    assert!(text.contains("1 in use."), "{text}");
}

#[tokio::test]
async fn every_role_sees_what_it_may() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    for (role, may_make) in [("admin", true), ("developer", true), ("auditor", false)] {
        let member = t
            .member(&acme.browser, &format!("{role}@acme.example"), role)
            .await;
        let text = page(member.browser.get("/").await, 200, "<h1>Overview</h1>");
        assert_eq!(text.contains("Make an API key"), may_make, "{role}");
        // Owners alone are asked for another one.
        assert!(!text.contains("Invite an owner"), "{role}");
        page(
            member.browser.get("/setup").await,
            200,
            "Your account is ready",
        );
    }
    let agent = t.member(&acme.browser, "agent@acme.example", "agent").await;
    let text = page(agent.browser.get("/").await, 200, "You are in");
    assert!(!text.contains("Used today"));
    let words = "Your role in this account is Agent.";
    let text = page(agent.browser.get("/setup").await, 403, words);
    assert!(text.contains("action=\"/logout\""), "the console is kept");
}

#[tokio::test]
async fn after_the_end_the_first_page_says_what_that_means() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    acme.cancels();
    t.run_until_quiet().await;
    for path in ["/", "/setup"] {
        page(
            acme.browser.get(path).await,
            200,
            "Your subscription has ended",
        );
    }
}
