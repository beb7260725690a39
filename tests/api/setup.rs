//! `GET /api/v1/setup`: the checklist, as the last look found it.

use chrono::Duration;
use testkit::{Client, TestApp, card_plane::CardPlaneFault, identity::IdentityFault};

/// `name state` of every item.
async fn states(browser: &Client) -> Vec<String> {
    let items = browser.get("/api/v1/setup").await.expect(200).items();
    let pair = |item: &serde_json::Value| {
        let text = |member: &str| item[member].as_str().unwrap().to_owned();
        format!("{} {}", text("name"), text("state"))
    };
    items.iter().map(pair).collect()
}

#[tokio::test]
async fn the_checklist_says_what_is_done_and_what_is_waited_for() {
    let t = TestApp::start().await;
    let acme = t.buyer("acme");
    acme.registers().await;
    t.card_plane.fails([CardPlaneFault::Busy; 1000]);
    t.run_until_quiet().await;
    assert_eq!(
        states(&acme.browser).await,
        [
            "tenant done",
            "administrator waiting",
            "licence waiting",
            "keyPair waiting",
            "activation waiting",
            "apiKey waiting",
            "usage waiting"
        ]
    );
    acme.completes("ann@acme.example").await;
    t.run_until_quiet().await;
    assert_eq!(states(&acme.browser).await[1], "administrator done");
    let items = acme.browser.get("/api/v1/setup").await.expect(200).items();
    for item in &items {
        for member in ["name", "state", "checkedAt", "message"] {
            assert!(
                item[member].as_str().is_some_and(|text| !text.is_empty()),
                "{item}"
            );
        }
        assert_eq!(item["help"].is_null(), item["state"] == "done", "{item}");
    }
}

/// The last items are ticked by what the tenant's own systems do.
#[tokio::test]
async fn a_key_that_is_used_and_usage_that_comes_are_seen() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    assert_eq!(
        states(&acme.browser).await[5..],
        ["apiKey waiting", "usage waiting"]
    );
    let auditor = acme.api_key("live", &["admin:read"]).await;
    let till = acme.till().await;
    let _ = till.sends(&acme.usage("1", 2)).await;
    assert_eq!(
        states(&acme.browser).await[5..],
        ["apiKey done", "usage done"]
    );
    let items = acme.browser.get("/api/v1/setup").await.items();
    assert_eq!(items[5]["message"], "The key “till” was used last.");
    assert_eq!(items[6]["message"], "Usage was counted.");
    for _ in 0..3 {
        t.an_hour_passes().await;
    }
    let items = auditor.client.get("/api/v1/setup").await.items();
    assert_eq!(
        items[6]["message"],
        "Usage was counted, and AWS has accepted an hour of it."
    );
}

/// What is in the way is said in the other side's own word, and is looked at again at once by whoever may see it.
#[tokio::test]
async fn a_step_that_failed_says_what_was_answered_and_is_checked_when_asked() {
    let t = TestApp::start().await;
    t.expect_error_log("the identity provider refuses us");
    let acme = t.buyer("acme");
    acme.is_confirmed();
    acme.registers().await;
    t.identity.is_down(Some(IdentityFault::Misconfigured));
    acme.completes("ann@acme.example").await;
    t.run_until_quiet().await;
    let items = acme.browser.get("/api/v1/setup").await.items();
    assert_eq!(items[1]["state"], "failed");
    assert_eq!(
        items[1]["message"],
        "The sign-in service answered AccessDeniedException. We have been told, and it is tried again by itself."
    );
    assert!(items[1]["help"].is_string());
    t.identity.is_down(None);
    t.clock.advance_real(Duration::minutes(11));
    t.run_until_quiet().await;
    assert_eq!(states(&acme.browser).await[1], "administrator done");
}
