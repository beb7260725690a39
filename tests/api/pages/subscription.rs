//! `/subscription`: what a contract entitles to is AWS's answer of the last minutes, in its own word where it refuses; and a free trial.

use chrono::Duration;
use testkit::{Buyer, TestApp, marketplace::Fault};

use super::page;

/// Somebody signed in whose contract is in force.
async fn has_a_contract(t: &TestApp) -> Buyer<'_> {
    let acme = t.contract_buyer("acme");
    acme.registers().await;
    acme.completes(&acme.email()).await;
    t.clock.advance(Duration::seconds(5));
    t.run_until_quiet().await;
    acme.signs_in().await;
    acme
}

#[tokio::test]
async fn a_contract_says_what_aws_says_and_asks_no_more_often_than_it_must() {
    let t = TestApp::start().await;
    let acme = has_a_contract(&t).await;
    let asked = t.marketplace.calls().entitlements;
    let see = async |words: &str| {
        let answer = acme.browser.get("/subscription").await;
        page(answer, 200, words)
    };
    see("seats: 10, until ").await;
    see("seats: 10, until ").await;
    assert_eq!(t.marketplace.calls().entitlements, asked + 1);

    // Five minutes on it is asked again; what is refused is told, and does not take the page away.
    t.marketplace.entitlements_are_down(Some(Fault::Throttle));
    t.clock.advance_real(Duration::minutes(6));
    let text = see("AWS Marketplace answered ThrottlingException").await;
    assert!(!text.contains("seats") && !text.contains("request played"));
    see("AWS Marketplace answered ThrottlingException").await;
    assert_eq!(t.marketplace.calls().entitlements, asked + 2);
    t.marketplace.entitlements_are_down(None);
    t.clock.advance_real(Duration::seconds(31));
    see("seats: 10, until ").await;
}

#[tokio::test]
async fn pay_as_you_go_asks_aws_nothing_and_a_trial_is_said() {
    let t = TestApp::start().await;
    let (acme, other) = (t.buyer("acme"), t.tenant("other").await);
    acme.is_confirmed();
    let fields = [
        ("x-amzn-marketplace-offer-type", "free-trial"),
        ("x-amzn-marketplace-token", &acme.token),
    ];
    let arrived = acme.browser.post_form("/marketplace/register", &fields);
    let _ = arrived.await.expect(303);
    acme.completes(&acme.email()).await;
    t.run_until_quiet().await;
    acme.signs_in().await;
    let asked = t.marketplace.calls().entitlements;
    let text = page(acme.browser.get("/subscription").await, 200, "Free trial");
    assert!(!text.contains("Entitled to"), "{text}");
    let text = page(
        other.browser.get("/subscription").await,
        200,
        "Pay as you go",
    );
    assert!(!text.contains("Free trial"), "{text}");
    assert_eq!(t.marketplace.calls().entitlements, asked);
}

/// AWS's silence is an answer like a refusal, for whoever looks at the page and for whoever asks by program.
#[tokio::test]
async fn a_silent_aws_holds_up_no_page() {
    let t = TestApp::start().await;
    let acme = has_a_contract(&t).await;
    let told = acme.browser.get("/api/v1/entitlements").await.expect(200);
    let contracts = told.items();
    assert_eq!(contracts.len(), 1);
    assert_eq!(contracts[0]["entitlements"][0]["dimension"], "seats");
    assert_eq!(contracts[0]["entitlements"][0]["value"], "10");
    assert!(contracts[0]["message"].is_null());

    // Six contracts: asked one after the other they would take twelve seconds.
    t.break_database(
        "INSERT INTO licences (id, tenant_id, license_key, license_arn, product_code, account, pricing, standing, since, created_at, free_trial)
         WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5)
         SELECT 'lic_0192000000007000800000000000000' || i, tenant_id, license_key || i, license_arn, product_code, account, pricing,
             standing, since, created_at, free_trial
         FROM licences, n",
    )
    .await;
    t.marketplace.entitlements_are_down(Some(Fault::Hangs));
    t.clock.advance_real(Duration::minutes(6));
    let page_of = acme.browser.get("/subscription");
    let answer = tokio::time::timeout(std::time::Duration::from_secs(10), page_of);
    let answer = answer.await.expect("an answer, whatever AWS does");
    page(answer, 200, "AWS Marketplace did not answer");
    // It is known for a while.
    let told = acme.browser.get("/api/v1/entitlements").await.expect(200);
    assert_eq!(told.items().len(), 6);
    let contract = &told.items()[0];
    assert!(contract["entitlements"].is_null());
    let why = contract["message"].as_str().unwrap();
    assert!(why.ends_with("AWS Marketplace did not answer."), "{why}");
}
