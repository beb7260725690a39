//! AWS's window: 24 hours and the month cut. What lies outside is never sent; it ends as `expired`, with a reason and an alarm.

use chrono::Duration;
use testkit::{Options, TestApp, marketplace::Fault};

/// thirty hours down. What AWS still takes is sent, the rest expires without a call.
#[tokio::test]
async fn after_a_jump_of_thirty_hours_what_is_past_the_window_expires_unsent() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let till = acme.till().await;
    till.sends(&acme.usage("carried", 5)).await;
    t.clock.advance(Duration::hours(30));
    t.run_until_quiet().await;
    // 10:00 to 16:00 of the 22nd are 24 hours old or older at 16:07 of the 23rd.
    assert_eq!(t.count("metering_records", "state = 'expired'").await, 14);
    assert_eq!(t.count("metering_records", "state = 'accepted'").await, 46);
    assert_eq!(
        t.count("metering_records", "state = 'expired' AND attempts > 0")
            .await,
        0
    );
    assert_eq!(
        t.count("metering_records", "state = 'expired' AND note IS NULL")
            .await,
        0
    );
    // The hour was never sealed, so its units could still move to the first hour that AWS takes in good time.
    assert_eq!(
        t.count("metering_records", "state = 'expired' AND quantity > 0")
            .await,
        0
    );
    let (held, units) = t
        .marketplace
        .ledger(|ledger| (ledger.held().len(), ledger.units(&acme.key(), "payments")));
    assert_eq!((held, units), (46, 5));
    assert_eq!(t.count("usage_events", "late").await, 1);
}

/// down for 5 h 30 and for 22 h 45: nothing is lost.
#[tokio::test]
async fn outages_within_the_window_lose_nothing() {
    for (hours, minutes) in [(5, 30), (22, 45)] {
        let t = TestApp::start().await;
        let acme = t.tenant("acme").await;
        let till = acme.till().await;
        t.marketplace.metering_is_down(Some(Fault::Throttle));
        for number in 0..hours {
            till.sends(&acme.usage(&format!("e{number}"), 2)).await;
            t.an_hour_passes().await;
        }
        t.clock.advance(Duration::minutes(minutes));
        t.marketplace.metering_is_down(None);
        t.run_until_sent().await;
        let units = t
            .marketplace
            .ledger(|ledger| ledger.units(&acme.key(), "payments"));
        assert_eq!(
            (
                units,
                t.count("metering_records", "state <> 'accepted'").await
            ),
            (2 * hours, 0)
        );
    }
}

/// R-09, N3: at 05:45 on the 1st last month's hours still pass, at 06:00 they are over, to the unit.
#[tokio::test]
async fn last_month_is_taken_until_six_on_the_first() {
    for (back, accepted) in [
        ("2026-12-01T05:59:59Z", true),
        ("2026-12-01T06:00:00Z", false),
    ] {
        let options = Options {
            at: "2026-11-30T20:07:00Z".parse().unwrap(),
            ..Options::default()
        };
        let t = options.start().await;
        let acme = t.tenant("acme").await;
        let till = acme.till().await;
        till.sends(&acme.usage("one", 3)).await;
        t.clock.advance_to(back.parse().unwrap());
        t.run_until_quiet().await;
        let december: domain::Timestamp = "2026-12-01T00:00:00Z".parse().unwrap();
        let november = &*format!("hour < {}", december.timestamp() / 3600);
        let all = t.count("metering_records", november).await;
        let state = if accepted { "accepted" } else { "expired" };
        let so = t
            .count(
                "metering_records",
                &format!("{november} AND state = '{state}'"),
            )
            .await;
        assert_eq!((all, so), (8, 8), "{back}");
        let units = t
            .marketplace
            .ledger(|ledger| ledger.units(&acme.key(), "payments"));
        // They were never sealed, so they moved to the first hour that could still be sent in good time.
        assert_eq!(units, 3);
        let december = t
            .count(
                "metering_records",
                &format!("NOT {november} AND state = 'accepted'"),
            )
            .await;
        assert!(december >= 8, "{december} of december");
    }
}

/// Facts, month cut: from three in the night on the 1st a long grace no longer waits.
#[tokio::test]
async fn a_long_grace_is_cut_short_before_the_month_closes() {
    let mut options = Options {
        at: "2026-11-30T22:07:00Z".parse().unwrap(),
        ..Options::default()
    };
    options.metering.seal_grace_minutes = 600;
    let t = options.start().await;
    let acme = t.tenant("acme").await;
    t.clock.advance_to("2026-12-01T02:59:59Z".parse().unwrap());
    t.run_until_quiet().await;
    assert_eq!(acme.records().await, []);
    t.clock.advance(Duration::seconds(1));
    t.run_until_quiet().await;
    let hours: Vec<String> = acme
        .records()
        .await
        .into_iter()
        .map(|record| record.0)
        .collect();
    assert_eq!(hours, ["30 22", "30 22", "30 23", "30 23"]);
}

/// the turn of the year is an hour like any other.
#[tokio::test]
async fn the_turn_of_the_year_is_no_gap() {
    let options = Options {
        at: "2026-12-31T22:30:00Z".parse().unwrap(),
        ..Options::default()
    };
    let t = options.start().await;
    let acme = t.tenant("acme").await;
    for _ in 0..3 {
        t.an_hour_passes().await;
    }
    let hours: Vec<String> = acme
        .records()
        .await
        .into_iter()
        .map(|record| record.0)
        .collect();
    assert_eq!(
        hours,
        ["31 22", "31 22", "31 23", "31 23", "01 00", "01 00"]
    );
}
