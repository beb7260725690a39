//! One bad record among 25: found by halving in at most six calls, condemned only by an answer about itself alone, and its
//! neighbours are accepted in the same round.

use testkit::{
    TestApp,
    marketplace::{Fault, Key},
};

const MONEY: &str = "units ended unbilled";

/// Twenty-five records of one hour: twelve and a half buyers, so one of them has test usage too.
async fn twenty_five(t: &TestApp) -> Vec<Key> {
    for number in 0..12 {
        let buyer = t.tenant(&format!("buyer{number}")).await;
        buyer.till().await.sends(&buyer.usage("one", 2)).await;
        if number == 0 {
            buyer
                .api_key("test", &["usage:write"])
                .await
                .sends(&buyer.usage("test", 3))
                .await;
        }
    }
    let sql = "SELECT l.license_key, r.dimension FROM licences l, \
               (SELECT 'payments' AS dimension UNION SELECT 'captures' UNION SELECT 'test_payments') r \
               WHERE r.dimension <> 'test_payments' OR l.id IN (SELECT licence_id FROM metering_records WHERE dimension = 'test_payments')";
    let hour = "2026-11-22T10:00:00Z".parse().unwrap();
    let rows = t.rows(sql).await;
    rows.into_iter()
        .map(|row| (row[0].clone(), row[1].clone(), hour))
        .collect()
}

/// R-31, N8: whichever it is: six calls isolate it, one may be needed to ask about it alone, one more delivers the rest.
#[tokio::test]
async fn one_bad_record_among_twenty_five_is_isolated_in_six_calls_wherever_it_is() {
    for index in 0..25 {
        let t = TestApp::start().await;
        let keys = twenty_five(&t).await;
        assert_eq!(keys.len(), 25);
        let bad = keys[index].clone();
        t.marketplace.ledger(|ledger| ledger.dislikes(bad.clone()));
        if bad.1 != "captures" {
            t.expect_error_log(MONEY);
        }
        t.an_hour_passes().await;
        let rejected = t.rows("SELECT l.license_key, r.dimension, r.note FROM metering_records r JOIN licences l ON l.id = r.licence_id WHERE r.state = 'rejected'").await;
        assert_eq!(rejected.len(), 1, "{rejected:?}");
        assert_eq!((&rejected[0][0], &rejected[0][1]), (&bad.0, &bad.1));
        assert!(rejected[0][2].contains("InvalidUsageDimensionException"));
        assert_eq!(t.count("metering_records", "state = 'accepted'").await, 24);
        assert_eq!(t.marketplace.ledger(|ledger| ledger.held().len()), 24);
        let calls = t.marketplace.calls().meter;
        assert!(calls <= 8, "record {index} took {calls} calls");
    }
}

/// Several bad ones: each is found, the rest are accepted.
#[tokio::test]
async fn several_bad_records_are_each_found() {
    for (first, second, third) in [
        (0, 1, 2),
        (0, 12, 24),
        (11, 12, 13),
        (5, 6, 24),
        (22, 23, 24),
    ] {
        let t = TestApp::start().await;
        t.logs.allow(MONEY);
        let keys = twenty_five(&t).await;
        for index in [first, second, third] {
            t.marketplace
                .ledger(|ledger| ledger.dislikes(keys[index].clone()));
        }
        t.an_hour_passes().await;
        assert_eq!(t.count("metering_records", "state = 'rejected'").await, 3);
        assert_eq!(t.count("metering_records", "state = 'accepted'").await, 22);
        assert!(
            t.marketplace.calls().meter <= 25,
            "{}",
            t.marketplace.calls().meter
        );
    }
}

/// A batch that is nothing but bad ends, each with its reason.
#[tokio::test]
async fn a_wholly_bad_batch_ends() {
    let t = TestApp::start().await;
    t.expect_error_log(MONEY);
    let keys = twenty_five(&t).await;
    for key in keys {
        t.marketplace.ledger(|ledger| ledger.dislikes(key));
    }
    t.an_hour_passes().await;
    assert_eq!(
        t.count(
            "metering_records",
            "state = 'rejected' AND note IS NOT NULL"
        )
        .await,
        25
    );
    assert_eq!(t.marketplace.ledger(|ledger| ledger.held().len()), 0);
}

/// Every sending in the ledger has its outcome, those of refused batches included: that is what explains an hour.
#[tokio::test]
async fn every_attempt_of_a_refused_batch_says_how_it_ended() {
    let t = TestApp::start().await;
    let keys = twenty_five(&t).await;
    let captures = keys.iter().find(|key| key.1 == "captures").unwrap();
    t.marketplace
        .ledger(|ledger| ledger.dislikes(captures.clone()));
    t.an_hour_passes().await;
    assert_eq!(t.count("metering_attempts", "outcome IS NULL").await, 0);
}

/// Judgement (c): a refused batch recorded nothing, so a duplicate after it is somebody else's, never our own repetition.
#[tokio::test]
async fn a_duplicate_after_a_refused_batch_is_still_a_conflict() {
    let t = TestApp::start().await;
    t.logs.allow(MONEY);
    let keys = twenty_five(&t).await;
    let (foreign, bad) = (keys[0].clone(), keys[1].clone());
    t.marketplace.ledger(|ledger| {
        ledger.dislikes(bad);
        ledger.holds_from_elsewhere(foreign.clone(), 99, t.clock.now());
    });
    t.an_hour_passes().await;
    let sql = "SELECT l.license_key, r.dimension FROM metering_records r JOIN licences l ON l.id = r.licence_id WHERE r.state = 'conflict'";
    assert_eq!(t.rows(sql).await, [[foreign.0, foreign.1]]);
}

/// A refusal that passes by itself, as of a licence AWS does not know everywhere yet, condemns nobody: each record is ended only by
/// an answer about itself.
#[tokio::test]
async fn a_refusal_that_passes_condemns_no_record() {
    for buyers in 1..=3 {
        let t = TestApp::start().await;
        for number in 0..buyers {
            let buyer = t.tenant(&format!("buyer{number}")).await;
            buyer.till().await.sends(&buyer.usage("one", 2)).await;
        }
        t.marketplace.metering_fails([Fault::BadRecord]);
        t.an_hour_passes().await;
        assert_eq!(
            t.count("metering_records", "state = 'accepted'").await,
            2 * buyers
        );
    }
}

/// A batch that was refused as a whole recorded nothing at AWS: a quantity that AWS holds from elsewhere stays an incident.
#[tokio::test]
async fn a_refused_batch_is_no_earlier_sending() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    acme.till().await.sends(&acme.usage("one", 2)).await;
    let hour = "2026-11-22T10:00:00Z".parse().unwrap();
    let now = t.clock.now();
    t.marketplace.ledger(|ledger| {
        ledger.holds_from_elsewhere((acme.key(), "payments".to_owned(), hour), 9, now);
    });
    t.marketplace.metering_fails([Fault::BadRecord]);
    t.expect_error_log(MONEY);
    t.an_hour_passes().await;
    assert_eq!(
        t.count("metering_records", "state = 'conflict' AND quantity = 2")
            .await,
        1
    );
}
