//! The hour in which a licence began: AWS's answer to it is not documented, so it is metered either way, and right under both.

use control::config::FirstHour;
use testkit::{Options, TestApp};

async fn app(first_hour: FirstHour, taken: bool) -> TestApp {
    let mut options = Options::default();
    options.metering.first_hour = first_hour;
    let t = options.start().await;
    t.marketplace
        .ledger(|ledger| ledger.takes_first_hour = taken);
    t
}

/// Open point 13, `whole`.
#[tokio::test]
async fn as_a_whole_the_first_hour_is_sent_with_its_own_start() {
    let t = app(FirstHour::Whole, true).await;
    let acme = t.tenant("acme").await;
    acme.till().await.sends(&acme.usage("one", 3)).await;
    t.an_hour_passes().await;
    let hours = t.marketplace.ledger(|ledger| ledger.of(&acme.key()));
    assert_eq!(hours[0].0.2.to_rfc3339(), "2026-11-22T10:00:00+00:00");
    assert_eq!(
        t.marketplace
            .ledger(|ledger| ledger.units(&acme.key(), "payments")),
        3
    );
}

/// Open point 13, `next`: right whether AWS takes the first hour or not.
#[tokio::test]
async fn as_next_the_first_hour_is_folded_into_the_one_after() {
    for taken in [true, false] {
        let t = app(FirstHour::Next, taken).await;
        let acme = t.tenant("acme").await;
        acme.till().await.sends(&acme.usage("one", 3)).await;
        t.an_hour_passes().await;
        assert_eq!(t.marketplace.calls().meter, 0);
        t.an_hour_passes().await;
        let hours = t.marketplace.ledger(|ledger| ledger.of(&acme.key()));
        assert_eq!(
            (hours.len(), hours[0].0.2.to_rfc3339()),
            (2, "2026-11-22T11:00:00+00:00".to_owned())
        );
        assert_eq!(
            t.marketplace
                .ledger(|ledger| ledger.units(&acme.key(), "payments")),
            3
        );
    }
}

/// The wrong setting loses the hour, but says so; the hours after it pass.
#[tokio::test]
async fn a_first_hour_that_aws_refuses_ends_with_a_reason_and_an_alarm() {
    let t = app(FirstHour::Whole, false).await;
    t.expect_error_log("units ended unbilled");
    let acme = t.tenant("acme").await;
    acme.till().await.sends(&acme.usage("one", 3)).await;
    t.an_hour_passes().await;
    t.an_hour_passes().await;
    assert_eq!(
        t.count("metering_records", "state = 'expired' AND note IS NOT NULL")
            .await,
        2
    );
    assert_eq!(t.count("metering_records", "state = 'accepted'").await, 2);
}
