//! A licence that ends has its last hours sealed and sent at once, the running one included: AWS takes final usage for an hour.

use chrono::Duration;
use testkit::{Happening, TestApp};

/// Facts, final flush: on whichever of the two events comes first.
#[tokio::test]
async fn the_end_sends_the_running_hour_at_once() {
    for end in [Happening::Ended("CANCELLED"), Happening::Deprovisioned] {
        let t = TestApp::start().await;
        let acme = t.tenant("acme").await;
        let till = acme.till().await;
        t.an_hour_passes().await;
        till.sends(&acme.usage("one", 6)).await;
        t.clock.advance(Duration::minutes(10));
        t.marketplace.ends(&acme.license);
        acme.hears(end);
        t.run_until_quiet().await;
        let last = acme
            .records()
            .await
            .into_iter()
            .filter(|record| record.0 == "22 11")
            .collect::<Vec<_>>();
        let row = |dimension: &str, quantity| {
            (
                "22 11".to_owned(),
                dimension.to_owned(),
                quantity,
                "accepted".to_owned(),
            )
        };
        assert_eq!(last, [row("captures", 0), row("payments", 6)], "{end:?}");
        t.clock.advance(Duration::hours(5));
        t.run_until_quiet().await;
        assert_eq!(
            acme.records().await.len(),
            4,
            "nothing is metered after the end"
        );
        assert_eq!(t.count("tenants", "state = 'ended'").await, 1);
    }
}

/// Usage accepted before we heard of the end is still owed, and sent.
#[tokio::test]
async fn usage_accepted_before_the_news_of_the_end_is_sent() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let till = acme.till().await;
    let ended_at = t.clock.now() + Duration::minutes(40);
    t.clock.advance(Duration::minutes(40));
    t.marketplace.ends(&acme.license);
    t.clock.advance(Duration::minutes(20));
    till.sends(&acme.usage("after the end", 2)).await;
    t.queue
        .put(acme.event(Happening::Ended("CANCELLED"), ended_at));
    t.run_until_quiet().await;
    assert_eq!(
        t.marketplace
            .ledger(|ledger| ledger.units(&acme.key(), "payments")),
        2
    );
    assert_eq!(t.count("metering_records", "state <> 'accepted'").await, 0);
    // AWS takes no hour after the end, so what is owed is in the last one.
    let last: Vec<_> = acme
        .records()
        .await
        .into_iter()
        .map(|record| (record.0, record.1))
        .collect();
    let row = |hour: &str, dimension: &str| (hour.to_owned(), dimension.to_owned());
    assert_eq!(last, [row("22 10", "captures"), row("22 10", "payments"),]);
}

/// Late reports of what happened before the end find no open hour any more.
#[tokio::test]
async fn usage_after_the_end_is_refused() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let till = acme.till().await;
    acme.cancels();
    t.run_until_quiet().await;
    for (id, minutes) in [("after", 1), ("before", -1)] {
        let at = t.clock.now() + Duration::minutes(minutes);
        let result = till.sends(&acme.usage_at(id, 1, at)).await;
        assert_eq!(
            (&result["status"], &result["reason"]),
            (&"refused".into(), &"licence_ended".into()),
            "{id}"
        );
    }
}

/// RENEWED and REPLACED are not churn: metering goes on.
#[tokio::test]
async fn a_renewal_is_no_end() {
    for how in ["RENEWED", "REPLACED"] {
        let t = TestApp::start().await;
        let acme = t.tenant("acme").await;
        acme.hears(Happening::Ended(how));
        t.run_until_quiet().await;
        t.an_hour_passes().await;
        assert_eq!(acme.records().await.len(), 2, "{how}");
        assert_eq!(acme.standing().await[0], "active");
    }
}

/// What AWS no longer takes an hour after the end is terminal, with a reason.
#[tokio::test]
async fn what_comes_too_late_for_the_final_window_is_not_looped() {
    let t = TestApp::start().await;
    t.expect_error_log("units ended unbilled");
    let acme = t.tenant("acme").await;
    let till = acme.till().await;
    till.sends(&acme.usage("one", 6)).await;
    let ended_at = t.clock.now();
    t.marketplace.ends(&acme.license);
    t.clock.advance(Duration::minutes(61));
    t.queue
        .put(acme.event(Happening::Ended("TERMINATED"), ended_at));
    t.run_until_quiet().await;
    let calls = t.marketplace.calls().meter;
    assert_eq!(
        t.count(
            "metering_records",
            "state = 'notSubscribed' AND note IS NOT NULL"
        )
        .await,
        2
    );
    t.clock.advance_real(Duration::minutes(5));
    t.run_until_quiet().await;
    assert_eq!(t.marketplace.calls().meter, calls);
}

/// Two licences of two buyers: the end of one leaves the other alone.
#[tokio::test]
async fn the_end_of_one_licence_leaves_others_alone() {
    let t = TestApp::start().await;
    let (acme, other) = (t.tenant("acme").await, t.tenant("other").await);
    acme.cancels();
    t.run_until_quiet().await;
    t.an_hour_passes().await;
    t.an_hour_passes().await;
    assert_eq!(acme.records().await.len(), 2);
    assert_eq!(other.records().await.len(), 4);
}

/// An end that AWS dates ahead seals no hour that has not begun.
#[tokio::test]
async fn an_end_dated_ahead_seals_nothing_of_the_future() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    acme.till().await.sends(&acme.usage("one", 2)).await;
    let ahead = t.clock.now() + Duration::days(30);
    t.queue.put(acme.event(Happening::Ended("EXPIRED"), ahead));
    t.run_until_quiet().await;
    assert_eq!(t.count("metering_records", "true").await, 2);
    let units = t
        .marketplace
        .ledger(|ledger| ledger.units(&acme.key(), "payments"));
    assert_eq!(units, 2);
}

/// Confirmation and end may be heard of at once: the hours in force are metered all the same.
#[tokio::test]
async fn a_licence_confirmed_and_ended_in_one_breath_is_metered_for_its_hours() {
    let t = TestApp::start().await;
    let acme = t.buyer("acme");
    acme.registers().await;
    t.run_until_quiet().await;
    acme.is_confirmed();
    acme.cancels();
    let received = control::inbox::receive(&t.cx("inbox")).await.unwrap();
    assert_eq!(received, 3);
    t.run_until_quiet().await;
    assert_eq!(
        t.count("licences", "standing = 'ended' AND final_hour IS NOT NULL")
            .await,
        1
    );
    assert_eq!(
        t.count("metering_records", "state = 'accepted' AND quantity = 0")
            .await,
        2
    );
}
