//! `GET /api/v1/setup`: the checklist, as the last look found it.

use testkit::{TestApp, card_plane::CardPlaneFault};

#[tokio::test]
async fn the_checklist_says_what_is_done_and_what_is_waited_for() {
    let t = TestApp::start().await;
    let acme = t.buyer("acme");
    acme.registers().await;
    t.card_plane.fails([CardPlaneFault::Busy; 1000]);
    t.run_until_quiet().await;
    let states = async || {
        let items = acme.browser.get("/api/v1/setup").await.expect(200).items();
        let pair = |item: &serde_json::Value| {
            format!(
                "{} {}",
                item["name"].as_str().unwrap(),
                item["state"].as_str().unwrap()
            )
        };
        items.iter().map(pair).collect::<Vec<_>>()
    };
    assert_eq!(
        states().await,
        [
            "tenant done",
            "administrator waiting",
            "licence waiting",
            "keyPair waiting",
            "activation waiting"
        ]
    );
    acme.completes("ann@acme.example").await;
    t.run_until_quiet().await;
    assert_eq!(states().await[1], "administrator done");
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
