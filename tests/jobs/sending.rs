//! Sending under faults: throttled, lost, partial, misconfigured. Records are repeated unchanged until AWS has judged them.

use chrono::Duration;
use testkit::{Buyer, TestApp, marketplace::Fault};

async fn used(t: &TestApp) -> Buyer<'_> {
    let acme = t.tenant("acme").await;
    acme.till().await.sends(&acme.usage("one", 7)).await;
    acme
}

/// each fault once; then everything is taken, once, under the same ids on both sides.
#[tokio::test]
async fn after_each_kind_of_fault_the_same_records_are_accepted_once() {
    for fault in [
        Fault::Throttle,
        Fault::LostAnswer,
        Fault::Partial,
        Fault::NothingProcessed,
        Fault::ShortAnswer,
    ] {
        for repetition_is_duplicate in [false, true] {
            let t = TestApp::start().await;
            let acme = used(&t).await;
            t.marketplace
                .ledger(|ledger| ledger.repetition_is_duplicate = repetition_is_duplicate);
            t.marketplace.metering_fails([fault]);
            t.an_hour_passes().await;
            t.run_until_sent().await;
            let held = t.marketplace.ledger(|ledger| ledger.of(&acme.key()));
            let theirs: Vec<_> = held
                .into_iter()
                .map(|(_, held)| vec![held.quantity.to_string(), held.id])
                .collect();
            let sql = "SELECT quantity, metering_record_id FROM metering_records WHERE state = 'accepted' ORDER BY dimension";
            assert_eq!(t.rows(sql).await, theirs, "{fault:?}");
            assert_eq!(
                t.marketplace
                    .ledger(|ledger| ledger.units(&acme.key(), "payments")),
                7
            );
        }
    }
}

/// The record says why it waits, and real time alone brings the next try.
#[tokio::test]
async fn a_throttled_record_says_so_and_waits_for_real_time() {
    let t = TestApp::start().await;
    used(&t).await;
    t.marketplace.metering_is_down(Some(Fault::Throttle));
    t.an_hour_passes().await;
    let notes = t
        .rows("SELECT DISTINCT state, note FROM metering_records")
        .await;
    assert_eq!(
        notes,
        [[
            "sending",
            "AWS is busy (ThrottlingException). The same record is sent again."
        ]]
    );
    let calls = t.marketplace.calls().meter;
    t.clock.advance_business(Duration::minutes(30));
    t.run_until_quiet().await;
    assert_eq!(
        t.marketplace.calls().meter,
        calls,
        "business time is no reason"
    );
    t.clock.advance_real(Duration::minutes(2));
    t.run_until_quiet().await;
    assert!(t.marketplace.calls().meter > calls);
    t.marketplace.metering_is_down(None);
    t.run_until_sent().await;
}

/// The back-off grows to a minute and no further: five hours of outage are at most a few hundred calls.
#[tokio::test]
async fn the_back_off_is_bounded_both_ways() {
    let t = TestApp::start().await;
    used(&t).await;
    t.marketplace.metering_is_down(Some(Fault::Throttle));
    t.an_hour_passes().await;
    for _ in 0..30 {
        t.clock.advance_real(Duration::seconds(61));
        let before = t.marketplace.calls().meter;
        t.run_until_quiet().await;
        let made = t.marketplace.calls().meter - before;
        assert!((1..=2).contains(&made), "{made} calls after a minute");
    }
}

/// Facts: a configuration error stops the product, tells operations, and loses nothing.
#[tokio::test]
async fn misconfigured_loses_nothing_and_passes_once_it_is_mended() {
    let t = TestApp::start().await;
    t.expect_error_log("AWS refuses our set-up");
    let acme = used(&t).await;
    t.marketplace.metering_is_down(Some(Fault::Misconfigured));
    for _ in 0..4 {
        t.an_hour_passes().await;
    }
    assert_eq!(
        t.count(
            "metering_records",
            "state = 'sending' AND note LIKE '%refuses our set-up%'"
        )
        .await,
        8
    );
    t.marketplace.metering_is_down(None);
    t.run_until_sent().await;
    assert_eq!(t.count("metering_records", "state = 'accepted'").await, 8);
    assert_eq!(
        t.marketplace
            .ledger(|ledger| ledger.units(&acme.key(), "payments")),
        7
    );
}

/// at most 25 a call (the fake writes down every larger one), and every attempt is on record.
#[tokio::test]
async fn many_records_go_in_batches_of_at_most_twenty_five() {
    let t = TestApp::start().await;
    for number in 0..40 {
        t.tenant(&format!("buyer{number}")).await;
    }
    let calls = t.marketplace.calls().meter;
    t.an_hour_passes().await;
    assert_eq!(t.marketplace.ledger(|ledger| ledger.held().len()), 80);
    assert_eq!(t.marketplace.calls().meter - calls, 4);
    assert_eq!(
        t.count(
            "metering_attempts",
            "outcome = 'Success' AND answered_at IS NOT NULL"
        )
        .await,
        80
    );
}

/// 30 % throttling, lost and partial answers, mixed: all is accepted, nothing twice.
#[tokio::test]
async fn under_random_faults_everything_is_accepted_in_the_end() {
    for seed in 0..5 {
        let t = TestApp::start().await;
        eprintln!("seed {seed}");
        for number in 0..12 {
            let buyer = t.tenant(&format!("buyer{number}")).await;
            buyer.till().await.sends(&buyer.usage("one", 5)).await;
        }
        t.marketplace.metering_fails_at_random(seed, 45);
        for _ in 0..3 {
            t.an_hour_passes().await;
        }
        t.run_until_sent().await;
        let (held, units) = t.marketplace.ledger(|ledger| {
            let held = ledger.held();
            (
                held.len(),
                held.iter().map(|(_, held)| held.quantity).sum::<i64>(),
            )
        });
        assert_eq!((held, units), (72, 60));
        assert_eq!(t.count("metering_records", "state = 'accepted'").await, 72);
    }
}
