//! Every hour that has passed gets its own records, zeros included, oldest first; what is sealed never changes (P4).

use chrono::Duration;
use testkit::{TestApp, marketplace::Fault};

fn row(hour: &str, dimension: &str, quantity: i64, state: &str) -> (String, String, i64, String) {
    (
        hour.to_owned(),
        dimension.to_owned(),
        quantity,
        state.to_owned(),
    )
}

/// Facts, sealing: buyers and reviewers must see no gaps.
#[tokio::test]
async fn an_idle_hour_is_a_zero_for_each_priced_dimension() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    t.an_hour_passes().await;
    t.an_hour_passes().await;
    assert_eq!(
        acme.records().await,
        [
            row("22 10", "captures", 0, "accepted"),
            row("22 10", "payments", 0, "accepted"),
            row("22 11", "captures", 0, "accepted"),
            row("22 11", "payments", 0, "accepted"),
        ]
    );
    assert_eq!(
        t.marketplace.ledger(|ledger| ledger.of(&acme.key()).len()),
        4
    );
}

/// I1, I2 at their smallest.
#[tokio::test]
async fn used_units_are_one_record_a_dimension_and_hour_with_the_right_sum() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let till = acme.till().await;
    let mut capture = acme.usage("c", 4);
    capture["type"] = "payphone.capture.completed".into();
    till.sends(&capture).await;
    for number in 0..5 {
        till.sends(&acme.usage(&format!("p{number}"), 3)).await;
    }
    t.an_hour_passes().await;
    let held = t.marketplace.ledger(|ledger| ledger.of(&acme.key()));
    let seen: Vec<_> = held
        .iter()
        .map(|((_, dimension, hour), held)| (dimension.as_str(), hour.to_rfc3339(), held.quantity))
        .collect();
    let hour = "2026-11-22T10:00:00+00:00".to_owned();
    assert_eq!(
        seen,
        [("captures", hour.clone(), 4), ("payments", hour, 15)]
    );
}

/// P4: five minutes of grace, then at once.
#[tokio::test]
async fn an_hour_waits_for_its_grace_and_no_longer() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    t.clock
        .advance_to("2026-11-22T11:04:59.999Z".parse().unwrap());
    t.run_until_quiet().await;
    assert_eq!(acme.records().await, []);
    t.clock.advance(Duration::milliseconds(1));
    t.run_until_quiet().await;
    assert_eq!(acme.records().await.len(), 2);
}

/// A clock that jumps: each hour its own records, oldest sent first.
#[tokio::test]
async fn after_a_jump_of_five_hours_every_hour_has_its_own_records_oldest_first() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let till = acme.till().await;
    till.sends(&acme.usage("one", 2)).await;
    t.clock.advance(Duration::hours(5));
    t.run_until_quiet().await;
    let records = acme.records().await;
    assert_eq!(records.len(), 10);
    assert_eq!(records[1], row("22 10", "payments", 2, "accepted"));
    assert!(records.iter().all(|record| record.3 == "accepted"));
    let sent = t.rows("SELECT r.hour FROM metering_attempts a JOIN metering_records r ON r.id = a.record_id ORDER BY a.id").await;
    assert!(sent.is_sorted(), "{sent:?}");
}

/// R-06, P4: late usage joins the earliest open hour; a sealed hour keeps its quantity even while it is unsent.
#[tokio::test]
async fn a_sealed_hour_never_changes_sent_or_not() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let till = acme.till().await;
    till.sends(&acme.usage("one", 2)).await;
    t.marketplace.metering_is_down(Some(Fault::Throttle));
    t.an_hour_passes().await;
    let late = acme.usage_at("late", 5, t.clock.now() - Duration::minutes(30));
    assert_eq!(till.sends(&late).await["status"], "accepted");
    t.marketplace.metering_is_down(None);
    t.run_until_sent().await;
    t.an_hour_passes().await;
    let payments: Vec<_> = acme
        .records()
        .await
        .into_iter()
        .filter(|record| record.1 == "payments")
        .collect();
    assert_eq!(
        payments,
        [
            row("22 10", "payments", 2, "accepted"),
            row("22 11", "payments", 5, "accepted")
        ]
    );
}

/// A contract is counted and shown, and nothing of it is sent.
#[tokio::test]
async fn a_contracts_hours_are_counted_and_never_sent() {
    let t = TestApp::start().await;
    let acme = t.contract_buyer("acme");
    acme.is_confirmed();
    acme.registers().await;
    acme.completes(&acme.email()).await;
    t.run_until_quiet().await;
    acme.signs_in().await;
    let till = acme.till().await;
    till.sends(&acme.usage("one", 2)).await;
    t.an_hour_passes().await;
    t.an_hour_passes().await;
    assert_eq!(
        acme.records().await,
        [row("22 10", "payments", 2, "included")]
    );
    assert_eq!(t.marketplace.calls().meter, 0);
}

/// Until it is known how a licence is paid for, its hours wait: a contract must not be sent zeros.
#[tokio::test]
async fn hours_wait_until_it_is_known_how_they_are_paid_for() {
    let t = TestApp::start().await;
    t.expect_error_log("AWS does not tell how a licence is paid for");
    t.marketplace.entitlements_are_down(Some(Fault::Throttle));
    let acme = t.tenant("acme").await;
    t.clock.advance(Duration::hours(3));
    t.run_until_quiet().await;
    assert_eq!(t.marketplace.calls().meter, 0);
    t.marketplace.entitlements_are_down(None);
    t.run_until_quiet().await;
    assert_eq!(acme.records().await.len(), 6);
}

/// Test usage has a record of its own only where there is some.
#[tokio::test]
async fn test_usage_is_sent_in_its_own_dimension_and_never_as_zero() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let key = acme.api_key("test", &["usage:write"]).await;
    key.sends(&acme.usage("one", 9)).await;
    t.an_hour_passes().await;
    t.an_hour_passes().await;
    assert_eq!(
        t.marketplace
            .ledger(|ledger| ledger.units(&acme.key(), "test_payments")),
        9
    );
    assert_eq!(
        t.count("metering_records", "dimension = 'test_payments'")
            .await,
        1
    );
    assert_eq!(t.count("metering_records", "true").await, 5);
}

/// Hours before the buyer came are nobody's, however long the licence lay unclaimed.
#[tokio::test]
async fn a_licence_claimed_late_is_metered_from_its_registration_on() {
    let t = TestApp::start().await;
    let acme = t.buyer("acme");
    acme.is_confirmed();
    t.run_until_quiet().await;
    t.clock.advance(Duration::hours(3));
    acme.registers().await;
    t.run_until_quiet().await;
    t.an_hour_passes().await;
    let hours: Vec<String> = acme
        .records()
        .await
        .into_iter()
        .map(|record| record.0)
        .collect();
    assert_eq!(hours, ["22 13", "22 13"]);
}

/// P4: the ledger's own wall, behind the rule that picks the hour. No caller can add to an hour that is sealed, or past 32 bits.
#[tokio::test]
async fn the_ledger_itself_refuses_to_change_a_sealed_quantity() {
    use domain::{hour::Hour, id::MeteringId, usage::Dimension};
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    acme.till().await.sends(&acme.usage("one", 2)).await;
    let hour = Hour::containing(t.clock.now());
    t.an_hour_passes().await;
    let (tenant, licence) = acme.ids().await;
    let add = async |hour: Hour, units: i64| {
        let tx = t.app().db.tenant_write(tenant).await.unwrap();
        let id = MeteringId::make(&*t.app().ids);
        let key = (licence, Dimension::Payments, hour);
        let taken = db::metering::add(&tx, id, key, units, t.clock.now())
            .await
            .unwrap();
        tx.commit().await.unwrap();
        taken
    };
    assert!(!add(hour, 1).await);
    assert_eq!(
        acme.records().await[1],
        row("22 10", "payments", 2, "accepted")
    );
    assert!(add(hour.next(), 2_147_483_647).await);
    assert!(!add(hour.next(), 1).await);
}

/// A licence whose hours cannot be sealed is tried again; the others' hours do not wait for that, since AWS takes them for a while only.
#[tokio::test]
async fn a_licence_that_cannot_be_sealed_holds_up_nobody() {
    let t = TestApp::start().await;
    let (acme, other) = (t.tenant("acme").await, t.tenant("other").await);
    acme.till().await.sends(&acme.usage("one", 2)).await;
    other.till().await.sends(&other.usage("one", 3)).await;
    let (tenant, _) = acme.ids().await;
    let dimension = async |from: &str, to: &str| {
        t.break_database(&format!(
            "UPDATE metering_records SET dimension = '{to}' WHERE tenant_id = '{tenant}' AND dimension = '{from}'"
        ))
        .await;
    };
    dimension("payments", "broken").await;
    t.clock.advance(Duration::hours(1));
    let metering = t.cx("metering");
    let error = control::metering::seal_all(&metering).await.unwrap_err();
    assert_eq!(error.code(), "internal");
    assert_eq!(
        other.records().await[1],
        row("22 10", "payments", 3, "sealed")
    );
    dimension("broken", "payments").await;
    t.run_until_sent().await;
    assert_eq!(
        acme.records().await[1],
        row("22 10", "payments", 2, "accepted")
    );
}
