//! What AWS's statuses mean for a record: settled, an incident, or held for a person. Units that end unbilled raise an alarm.

use domain::metering::RecordState;
use testkit::{Buyer, TestApp, marketplace::Fault};

async fn used(t: &TestApp) -> Buyer<'_> {
    let acme = t.tenant("acme").await;
    acme.till().await.sends(&acme.usage("one", 7)).await;
    acme
}

async fn states(t: &TestApp) -> Vec<Vec<String>> {
    t.rows("SELECT dimension, quantity, state FROM metering_records ORDER BY dimension")
        .await
}

/// Judgement (c): a duplicate of something we never sent is an incident, and ours is not billed.
#[tokio::test]
async fn a_duplicate_of_what_we_never_sent_is_a_conflict() {
    let t = TestApp::start().await;
    t.expect_error_log("units ended unbilled");
    let acme = used(&t).await;
    let key = (
        acme.key(),
        "payments".to_owned(),
        "2026-11-22T10:00:00Z".parse().unwrap(),
    );
    t.marketplace
        .ledger(|ledger| ledger.holds_from_elsewhere(key, 99, t.clock.now()));
    t.an_hour_passes().await;
    assert_eq!(
        states(&t).await,
        [["captures", "0", "accepted"], ["payments", "7", "conflict"]]
    );
    assert!(t.logs.has(tracing::Level::ERROR, "state=conflict"));
    let calls = t.marketplace.calls().meter;
    t.clock.advance_real(chrono::Duration::hours(1));
    t.run_until_quiet().await;
    assert_eq!(
        t.marketplace.calls().meter,
        calls,
        "frozen until a person looks"
    );
}

/// Judgement (a), N6: under the reading that repeats are duplicates, our own repetition is settled.
#[tokio::test]
async fn a_duplicate_of_our_own_lost_answer_is_settled() {
    let t = TestApp::start().await;
    used(&t).await;
    t.marketplace
        .ledger(|ledger| ledger.repetition_is_duplicate = true);
    t.marketplace.metering_fails([Fault::LostAnswer]);
    t.an_hour_passes().await;
    t.run_until_sent().await;
    assert_eq!(
        states(&t).await,
        [["captures", "0", "accepted"], ["payments", "7", "accepted"]]
    );
    assert_eq!(
        t.count("metering_attempts", "outcome = 'DuplicateRecord'")
            .await,
        2
    );
}

#[tokio::test]
async fn a_status_nobody_knows_is_held_and_alarmed() {
    let t = TestApp::start().await;
    t.expect_error_log("units ended unbilled");
    used(&t).await;
    t.marketplace.metering_fails([Fault::UnknownStatus]);
    t.an_hour_passes().await;
    assert_eq!(
        states(&t).await,
        [["captures", "0", "held"], ["payments", "7", "held"]]
    );
    assert_eq!(
        t.count("metering_attempts", "outcome = 'Pondering'").await,
        2
    );
}

#[tokio::test]
async fn a_customer_who_is_not_subscribed_is_terminal_and_not_looped() {
    let t = TestApp::start().await;
    t.expect_error_log("units ended unbilled");
    used(&t).await;
    t.marketplace.metering_fails([Fault::NotSubscribed]);
    t.an_hour_passes().await;
    assert_eq!(
        states(&t).await,
        [
            ["captures", "0", "notSubscribed"],
            ["payments", "7", "notSubscribed"]
        ]
    );
    t.an_hour_passes().await;
    assert_eq!(
        t.count("metering_records", "state = 'accepted'").await,
        2,
        "the next hour is sent all the same"
    );
}

/// I1: every terminal state that bills nothing has its reason.
#[tokio::test]
async fn whatever_ends_unbilled_says_why() {
    let t = TestApp::start().await;
    t.expect_error_log("units ended unbilled");
    used(&t).await;
    for fault in [Fault::UnknownStatus, Fault::NotSubscribed] {
        t.marketplace.metering_fails([fault]);
        t.an_hour_passes().await;
    }
    for state in RecordState::ALL
        .into_iter()
        .filter(|state| state.is_alarming())
    {
        let silent = format!("state = '{}' AND note IS NULL", state.as_str());
        assert_eq!(
            t.count("metering_records", &silent).await,
            0,
            "{}",
            state.as_str()
        );
    }
}
