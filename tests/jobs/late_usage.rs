//! Which hour an event is billed in, to the millisecond around every edge.

use chrono::Duration;
use testkit::{Buyer, TestApp, database::hour_text, events::Happening};

async fn billed(t: &TestApp, id: &str) -> Vec<String> {
    let sql = format!("SELECT hour, late FROM usage_events WHERE event_id = '{id}'");
    let mut found = t.rows(&sql).await.concat();
    found[0] = hour_text(&found[0], "%Y-%m-%d %H");
    found
}

async fn send(acme: &Buyer<'_>, till: &testkit::ApiKey, id: &str, at: &str) {
    let result = till.sends(&acme.usage_at(id, 1, at.parse().unwrap())).await;
    assert_eq!(result["status"], "accepted", "{id}: {result}");
}

/// the bucket is decided by the event's own UTC time.
#[tokio::test]
async fn an_event_belongs_to_the_utc_hour_of_its_own_time() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let till = acme.till().await;
    t.clock.advance_to("2026-11-22T11:01:00Z".parse().unwrap());
    send(&acme, &till, "last", "2026-11-22T10:59:59.999Z").await;
    send(&acme, &till, "first", "2026-11-22T11:00:00Z").await;
    send(&acme, &till, "elsewhere", "2026-11-22T13:00:00+02:00").await;
    send(&acme, &till, "finer", "2026-11-22T10:59:59.999999999Z").await;
    assert_eq!(billed(&t, "last").await, ["2026-11-22 10", "0"]);
    assert_eq!(billed(&t, "first").await, ["2026-11-22 11", "0"]);
    assert_eq!(billed(&t, "elsewhere").await, ["2026-11-22 11", "0"]);
    assert_eq!(billed(&t, "finer").await, ["2026-11-22 10", "0"]);
}

/// up to fourteen days late; each unit in an hour that was still open.
#[tokio::test]
async fn late_usage_joins_the_next_open_hour_and_is_marked() {
    let t = TestApp::start().await;
    let acme = t.buyer("acme");
    // In force for two weeks before its buyer came.
    let since = t.clock.now() - Duration::days(14);
    t.queue.put(acme.event(Happening::Updated, since));
    acme.registers().await;
    acme.completes("ann@acme.example").await;
    t.run_until_quiet().await;
    acme.signs_in().await;
    let till = acme.till().await;
    for _ in 0..3 {
        t.an_hour_passes().await;
    }
    send(&acme, &till, "half an hour", "2026-11-22T12:40:00Z").await;
    send(&acme, &till, "days", "2026-11-09T00:00:00Z").await;
    send(&acme, &till, "now", "2026-11-22T13:06:00Z").await;
    assert_eq!(billed(&t, "half an hour").await, ["2026-11-22 13", "1"]);
    assert_eq!(billed(&t, "days").await, ["2026-11-22 13", "1"]);
    assert_eq!(billed(&t, "now").await, ["2026-11-22 13", "0"]);
    t.an_hour_passes().await;
    assert_eq!(
        t.marketplace
            .ledger(|ledger| ledger.units(&acme.key(), "payments")),
        3
    );
}

/// What was used before the licence was in force is nobody's to bill.
#[tokio::test]
async fn usage_from_before_the_licence_is_refused() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let till = acme.till().await;
    let early = acme.usage_at("early", 1, "2026-11-22T09:59:59Z".parse().unwrap());
    assert_eq!(till.sends(&early).await["reason"], "before_licence");
    send(&acme, &till, "same hour", "2026-11-22T10:00:00Z").await;
}

/// An event up to five minutes ahead may already belong to the next hour.
#[tokio::test]
async fn usage_from_a_clock_that_runs_ahead_goes_to_its_own_hour() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let till = acme.till().await;
    t.clock.advance_to("2026-11-22T10:58:00Z".parse().unwrap());
    send(&acme, &till, "ahead", "2026-11-22T11:02:00Z").await;
    assert_eq!(billed(&t, "ahead").await, ["2026-11-22 11", "0"]);
    t.clock.advance(Duration::minutes(8));
    t.run_until_quiet().await;
    assert_eq!(
        t.marketplace
            .ledger(|ledger| ledger.units(&acme.key(), "payments")),
        0
    );
    t.an_hour_passes().await;
    assert_eq!(
        t.marketplace
            .ledger(|ledger| ledger.units(&acme.key(), "payments")),
        1
    );
}
