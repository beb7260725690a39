//! Registrations move on step by step; what fails says so where people look, and heals by itself (P5).

use chrono::Duration;
use testkit::{TestApp, card_plane::CardPlaneFault, marketplace::Fault};

#[tokio::test]
async fn a_tenant_is_active_when_every_step_is_done_in_whatever_order() {
    let t = TestApp::start().await;
    let acme = t.buyer("acme");
    acme.registers().await;
    t.run_until_quiet().await;
    assert!(!acme.is_ready().await);
    acme.completes("ann@acme.example").await;
    t.run_until_quiet().await;
    assert!(!acme.is_ready().await);
    assert_eq!(t.count("tenants", "state = 'provisioning'").await, 1);
    acme.is_confirmed();
    t.run_until_quiet().await;
    assert!(acme.is_ready().await);
    assert_eq!(t.count("tenants", "state = 'active'").await, 1);
    assert_eq!(
        t.count("registrations", "completed_at IS NOT NULL").await,
        1
    );
    let calls = t.card_plane.calls();
    t.run_until_quiet().await;
    assert_eq!(
        t.card_plane.calls(),
        calls,
        "what is done is not done again"
    );
}

#[tokio::test]
async fn a_busy_card_plane_is_waited_for() {
    let t = TestApp::start().await;
    let acme = t.buyer("acme");
    t.card_plane
        .fails([CardPlaneFault::Busy, CardPlaneFault::LostAnswer]);
    acme.registers().await;
    t.run_once().await;
    let (state, message) = acme.step("keyPair").await;
    assert_eq!(
        (&*state, &*message),
        ("waiting", "Your key pair is being made.")
    );
    t.clock.advance_real(Duration::seconds(1));
    t.run_once().await;
    assert_eq!(acme.step("keyPair").await.0, "waiting");
    t.clock.advance_real(Duration::seconds(2));
    t.run_once().await;
    assert_eq!(acme.step("keyPair").await.0, "done");
    assert_eq!(
        (
            t.card_plane.keys_made(),
            t.count("public_keys", "true").await
        ),
        (1, 1)
    );
}

#[tokio::test]
async fn a_card_plane_that_refuses_us_is_told_and_heals_once_it_is_mended() {
    let t = TestApp::start().await;
    t.expect_error_log("the card plane refuses us");
    let acme = t.buyer("acme");
    t.card_plane.fails([CardPlaneFault::Refused; 2]);
    acme.registers().await;
    t.run_once().await;
    let (state, message) = acme.step("keyPair").await;
    assert_eq!(state, "failed");
    assert!(message.contains("could not be made"), "{message}");
    t.clock.advance_real(Duration::seconds(1));
    t.run_once().await;
    assert_eq!(acme.step("keyPair").await.0, "failed");
    t.clock.advance_real(Duration::seconds(2));
    t.run_once().await;
    assert_eq!(acme.step("keyPair").await.0, "done");
    // Each look that failed counts, though the second one found nothing new.
    assert_eq!(
        t.count("registration_steps", "step = 'keyPair' AND failures = 2")
            .await,
        1
    );
}

/// A step says when it was looked at last, not when something was last found; looks alone leave no line in the trail.
#[tokio::test]
async fn every_look_is_dated_and_leaves_no_line() {
    let t = TestApp::start().await;
    let acme = t.buyer("acme");
    acme.registers().await;
    t.run_until_quiet().await;
    let lines = t.count("audit_log", "true").await;
    let first = checked(&t).await;
    t.clock.advance(Duration::minutes(11));
    t.run_once().await;
    let second = checked(&t).await;
    for (step, at) in &second {
        let before = &first.iter().find(|(known, _)| known == step).unwrap().1;
        // What is done is not looked at again.
        let is_done = matches!(step.as_str(), "tenant" | "keyPair");
        assert_eq!(at > before, !is_done, "{step}: {before}, then {at}");
    }
    assert_eq!(t.count("audit_log", "true").await, lines);
}

async fn checked(t: &TestApp) -> Vec<(String, String)> {
    let sql = "SELECT step, CAST(checked_at AS TEXT) FROM registration_steps ORDER BY step";
    let rows = t.rows(sql).await.into_iter();
    rows.map(|row| (row[0].clone(), row[1].clone())).collect()
}

/// One whose card plane hangs or fails does not hold up the others.
#[tokio::test]
async fn one_registration_in_trouble_does_not_hold_up_the_others() {
    let t = TestApp::start().await;
    let buyers = [t.buyer("first"), t.buyer("second"), t.buyer("third")];
    for buyer in &buyers {
        buyer.is_confirmed();
        buyer.registers().await;
        buyer.completes("ann@acme.example").await;
    }
    t.card_plane.fails([CardPlaneFault::Busy]);
    t.run_once().await;
    let mut ready = 0;
    for buyer in &buyers {
        ready += usize::from(buyer.is_ready().await);
    }
    assert_eq!(ready, 2);
}

/// Facts, trial and free products: a contract may be confirmed by its entitlements before, or without, its event.
#[tokio::test]
async fn a_contract_is_confirmed_by_its_entitlements_without_an_event() {
    let t = TestApp::start().await;
    let acme = t.contract_buyer("acme");
    acme.registers().await;
    acme.completes("ann@acme.example").await;
    t.clock.advance(Duration::seconds(5));
    t.run_until_quiet().await;
    assert!(acme.is_ready().await);
    assert_eq!(
        t.count("licences", "standing = 'active' AND pricing = 'contract'")
            .await,
        1
    );
}

#[tokio::test]
async fn busy_entitlements_leave_the_step_waiting_and_are_asked_again() {
    let t = TestApp::start().await;
    let acme = t.contract_buyer("acme");
    acme.registers().await;
    t.marketplace.entitlements_are_down(Some(Fault::Throttle));
    t.clock.advance(Duration::seconds(5));
    t.run_until_quiet().await;
    let (state, message) = acme.step("licence").await;
    assert_eq!(state, "waiting");
    // In AWS's own word, and without the id of the request, which would be news with each look.
    assert_eq!(
        message,
        "Waiting for AWS to confirm the subscription. Asked what the licence entitles to, AWS Marketplace answered ThrottlingException."
    );
    t.marketplace.entitlements_are_down(None);
    t.clock.advance_real(Duration::seconds(1));
    t.run_until_quiet().await;
    assert_eq!(acme.step("licence").await.0, "done");
}

/// A licence nobody confirms is asked about less and less often, at last every ten minutes.
#[tokio::test]
async fn aws_is_not_asked_all_the_time() {
    let t = TestApp::start().await;
    t.buyer("acme").registers().await;
    for _ in 0..20 {
        t.run_until_quiet().await;
    }
    assert_eq!(t.marketplace.calls().entitlements, 1);
    let audited = t.count("audit_log", "true").await;
    for _ in 0..20 {
        t.clock.advance(Duration::seconds(1));
        t.run_until_quiet().await;
    }
    // After 1, 3, 7 and 15 seconds.
    assert_eq!(t.marketplace.calls().entitlements, 5);
    for _ in 0..60 {
        t.clock.advance(Duration::minutes(1));
        t.run_until_quiet().await;
    }
    assert!(t.marketplace.calls().entitlements <= 16);
    assert_eq!(
        t.count("audit_log", "true").await,
        audited,
        "a look is no change"
    );
}

/// Registrations that nobody finishes do not keep new ones waiting.
#[tokio::test]
async fn abandoned_registrations_do_not_hold_up_new_ones() {
    let t = TestApp::start().await;
    for number in 0..12 {
        t.buyer(&format!("abandoned{number}")).registers().await;
    }
    for _ in 0..5 {
        t.clock.advance_real(Duration::seconds(30));
        t.run_until_quiet().await;
    }
    let asked = t.marketplace.calls().entitlements;
    let acme = t.tenant("acme").await;
    assert!(acme.is_ready().await);
    assert!(t.marketplace.calls().entitlements <= asked + 2);
}

#[tokio::test]
async fn a_subscription_that_ends_during_registration_says_so_and_stays_over() {
    let t = TestApp::start().await;
    let acme = t.buyer("acme");
    acme.registers().await;
    acme.cancels();
    t.run_until_quiet().await;
    let (state, message) = acme.step("licence").await;
    assert_eq!(state, "failed");
    assert!(message.contains("Subscribe again"), "{message}");
    acme.is_confirmed();
    t.run_until_quiet().await;
    assert!(!acme.is_ready().await);
    assert_eq!(t.count("tenants", "state = 'ended'").await, 1);
}
