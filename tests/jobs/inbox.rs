//! The inbox: everything that arrives is kept first, as it came, then deleted at its source, and only then acted on (P1).

use std::time::Instant;

use chrono::Duration;
use serde_json::{Value, json};
use testkit::{Buyer, Happening, TestApp};

async fn states(t: &TestApp) -> Vec<String> {
    t.rows("SELECT state FROM inbox ORDER BY id").await.concat()
}

/// P1: a lost delete brings the message again; it is recognised, and deleted then.
#[tokio::test]
async fn a_lost_delete_does_no_harm() {
    let t = TestApp::start().await;
    let acme = t.buyer("acme");
    acme.registers().await;
    t.queue.deletes_fail(1);
    acme.is_confirmed();
    t.run_until_quiet().await;
    assert_eq!((t.queue.left(), states(&t).await.len()), (2, 2));
    t.clock.advance_real(Duration::seconds(31));
    t.run_until_quiet().await;
    assert_eq!(
        (t.queue.left(), states(&t).await),
        (0, vec!["applied".to_owned(); 2])
    );
    t.queue.deletes_lose_the_answer(1);
    acme.hears(Happening::Deprovisioned);
    t.run_until_quiet().await;
    assert_eq!((t.queue.left(), states(&t).await.len()), (0, 3));
}

/// P1: an outage of the queue loses nothing.
#[tokio::test]
async fn a_queue_out_of_reach_is_asked_again() {
    let t = TestApp::start().await;
    let acme = t.buyer("acme");
    acme.registers().await;
    acme.is_confirmed();
    t.queue.receives_fail(3);
    t.run_until_quiet().await;
    assert_eq!(acme.standing().await[0], "active");
}

/// P1: kept before it is deleted. A message whose keeping was cut short comes again.
#[tokio::test]
async fn whatever_is_deleted_is_durable() {
    for point in 1..40 {
        let mut t = TestApp::start().await;
        {
            let acme = t.buyer("acme");
            acme.is_confirmed();
            let received =
                testkit::kill::at_point(point, control::inbox::receive(&t.cx("inbox"))).await;
            let kept = t.count("inbox", "true").await;
            assert!(
                t.queue.left() == 2 || kept == 2,
                "point {point}: {} left, {kept} kept",
                t.queue.left()
            );
            if received.is_some() {
                assert!(point > 3, "there was nothing to interrupt");
                return;
            }
        }
        t.restart().await;
        t.clock.advance_real(Duration::seconds(31));
        t.run_until_quiet().await;
        assert_eq!(
            (t.queue.left(), t.count("inbox", "true").await),
            (0, 2),
            "point {point}"
        );
    }
    panic!("receiving has no end");
}

/// Security 62: neither kills the queue nor vanishes.
#[tokio::test]
async fn what_is_no_event_is_kept_and_shown_and_holds_nothing_up() {
    let t = TestApp::start().await;
    let acme = t.buyer("acme");
    acme.registers().await;
    let foreign =
        json!({"id": "1", "detail-type": "x", "source": "aws.s3", "time": "2026-11-22T10:00:00Z"});
    let unknown = {
        let mut event: Value =
            serde_json::from_str(&acme.event(Happening::Created, t.clock.now())).unwrap();
        event["id"] = json!("spend");
        event["detail-type"] = json!("Spend Threshold Reached - Manufacturer");
        event["detail"]["anything"] = json!([1, {"deep": true}]);
        event
    };
    for body in [
        "",
        "no json",
        "[]",
        "{\"id\":",
        &"x".repeat(300_000),
        &foreign.to_string(),
        &unknown.to_string(),
    ] {
        t.queue.put(body);
    }
    acme.is_confirmed();
    t.run_until_quiet().await;
    let expected = [
        "unreadable",
        "unreadable",
        "unreadable",
        "unreadable",
        "unreadable",
        "unknown",
        "unknown",
        "applied",
        "applied",
    ];
    assert_eq!(states(&t).await, expected);
    assert_eq!(acme.standing().await[0], "active");
    assert_eq!(
        t.count("inbox", "body = 'no json' AND note IS NOT NULL")
            .await,
        1
    );
    assert_eq!(
        t.count("inbox", "length(body) = 262144").await,
        1,
        "a huge body is cut"
    );
}

#[tokio::test]
async fn an_event_about_another_product_changes_nothing() {
    let t = TestApp::start().await;
    let mut acme = t.buyer("acme");
    acme.registers().await;
    acme.subject.product_code = "another".to_owned();
    acme.hears(Happening::Updated);
    t.run_until_quiet().await;
    assert_eq!(states(&t).await, ["unknown"]);
    assert_eq!(acme.standing().await[0], "unconfirmed");
}

/// Facts, delivery: deduplicated by the event's id *and* by agreement, type and request id.
#[tokio::test]
async fn the_same_happening_under_another_event_id_does_not_count() {
    let t = TestApp::start().await;
    let acme = t.buyer("acme");
    acme.registers().await;
    let mut copy: Value =
        serde_json::from_str(&acme.event(Happening::Updated, t.clock.now())).unwrap();
    acme.hears(Happening::Updated);
    copy["id"] = json!("another-id");
    copy["time"] = json!("2026-11-22T09:00:00Z");
    t.queue.put(copy.to_string());
    t.run_until_quiet().await;
    assert_eq!(states(&t).await, ["applied", "duplicate"]);
    assert!(
        acme.standing().await[1].contains("10:07"),
        "the copy's time does not count"
    );
}

/// Both roles are matched: who is proposer and manufacturer gets other copies.
#[tokio::test]
async fn the_role_in_the_type_makes_no_difference() {
    let t = TestApp::start().await;
    let acme = t.buyer("acme");
    acme.registers().await;
    for role in ["Proposer", "Manufacturer"] {
        let mut event: Value =
            serde_json::from_str(&acme.event(Happening::Updated, t.clock.now())).unwrap();
        event["id"] = json!(role);
        event["detail"]["requestId"] = json!(role);
        event["detail-type"] = json!(format!("License Updated - {role}"));
        t.queue.put(event.to_string());
    }
    t.run_until_quiet().await;
    assert_eq!(states(&t).await, ["applied", "applied"]);
    assert_eq!(acme.standing().await[0], "active");
}

/// JSON can say U+0000, PostgreSQL cannot hold it: such a message is kept all the same, and keeps nobody else's back.
#[tokio::test]
async fn a_message_with_a_null_character_holds_up_nothing() {
    let t = TestApp::start().await;
    let acme = t.buyer("acme");
    acme.registers().await;
    for member in ["detail-type", "id"] {
        let mut event: Value =
            serde_json::from_str(&acme.event(Happening::Deprovisioned, t.clock.now())).unwrap();
        event[member] = json!(format!("{}\0", event[member].as_str().unwrap()));
        t.queue.put(event.to_string());
    }
    t.queue.put("no event\0at all");
    acme.is_confirmed();
    t.run_until_quiet().await;
    assert_eq!((t.queue.left(), states(&t).await.len()), (0, 5));
    // The one whose id alone is odd is an event like any other.
    assert_eq!(acme.standing().await[0], "ended");
}

/// How long a round takes that has nothing to apply, in seconds: the quickest of many, which nothing else on the machine slowed down.
async fn idle_round(t: &TestApp) -> f64 {
    let mut quickest = f64::MAX;
    for _ in 0..15 {
        let begun = Instant::now();
        control::inbox::apply_all(&t.cx("inbox")).await.unwrap();
        quickest = quickest.min(begun.elapsed().as_secs_f64());
    }
    quickest
}

/// events may wait for their buyers for ever, thousands of them. Whoever looks every second what is to be done reads neither them
/// for it, nor the rest of the inbox, nor all licences.
#[tokio::test]
async fn what_waits_costs_the_same_however_much_it_is() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let small = idle_round(&t).await;
    let (tenant, _) = acme.ids().await;
    let n = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)";
    t.break_database(&format!(
        "INSERT INTO licences (id, tenant_id, license_key, license_arn, product_code, account, agreement_id, pricing, standing, since,
             created_at, free_trial, looks_back)
         {n} SELECT 'lic_01920000000070008000' || (100000000000 + i), tenant_id, 'l-' || (100000 + i), license_arn || i, product_code,
             CAST(100000000000 + i AS VARCHAR(12)), 'agmt-' || (100000 + i), pricing, standing, since, created_at, free_trial, looks_back
         FROM licences, n WHERE tenant_id = '{tenant}';
         INSERT INTO inbox (id, source, message_id, body, received_at, state, detail_type, agreement_id, license_key)
         {n} SELECT 'evt_01920000000070008000' || (100000000000 + i), 'eventbridge', 'm-' || i, 'body', created_at,
             CASE WHEN i % 4 = 0 THEN 'unmatched' ELSE 'applied' END, 'License Updated',
             CASE WHEN i % 4 = 0 THEN 'agmt-lost-' ELSE 'agmt-own-' END || (100000 + i),
             CASE WHEN i % 4 = 0 THEN NULL ELSE 'l-' || (100000 + i) END
         FROM tenants, n WHERE id = '{tenant}'"
    ))
    .await;
    if testkit::database::on_postgres() {
        // Autovacuum does it within a minute; no test waits for that.
        t.break_database("ANALYZE").await;
    }
    let large = idle_round(&t).await;
    assert_eq!(t.count("inbox", "state = 'unmatched'").await, 5000);
    assert!(
        large < 8.0 * small,
        "{:.1} times as long as in a small one",
        large / small
    );
}

/// The licence is updated once more: another event for each number.
fn is_updated(t: &TestApp, buyer: &Buyer<'_>, number: i64) {
    let at = t.clock.now() + Duration::seconds(number);
    let event = buyer.event(Happening::Updated, at);
    let mut event: Value = serde_json::from_str(&event).unwrap();
    let id = format!("{} {number}", buyer.key());
    event["id"] = json!(id);
    event["detail"]["requestId"] = json!(id);
    t.queue.put(event.to_string());
}

/// An event that cannot be applied is tried again; those behind it do not wait for that, however many they are.
#[tokio::test]
async fn an_event_that_cannot_be_applied_holds_up_nobody() {
    let t = TestApp::start().await;
    let (acme, other) = (t.tenant("acme").await, t.tenant("other").await);
    t.break_database(&format!(
        "UPDATE licences SET standing = 'broken' WHERE license_key = '{}'",
        acme.key()
    ))
    .await;
    is_updated(&t, &acme, 1);
    while control::inbox::receive(&t.cx("inbox")).await.unwrap() > 0 {}
    for number in 1..=120 {
        is_updated(&t, &other, number);
    }
    while control::inbox::receive(&t.cx("inbox")).await.unwrap() > 0 {}
    let error = control::inbox::apply_all(&t.cx("inbox")).await.unwrap_err();
    assert_eq!(error.code(), "internal");
    assert_eq!(t.count("inbox", "state = 'new'").await, 1);
    let key = acme.key();
    t.break_database(&format!(
        "UPDATE licences SET standing = 'active' WHERE license_key = '{key}'"
    ))
    .await;
    t.run_until_quiet().await;
    assert_eq!(t.count("inbox", "state = 'new'").await, 0);
}

/// Until its agreement is known, what names nothing else waits, however that becomes known.
#[tokio::test]
async fn what_names_the_agreement_alone_waits_until_it_is_known() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    t.break_database(
        "UPDATE licences SET agreement_id = NULL; UPDATE inbox SET state = 'unreadable'",
    )
    .await;
    acme.hears(Happening::Ended("CANCELLED"));
    t.run_until_quiet().await;
    let waiting = async || t.count("inbox", "state = 'unmatched'").await;
    assert_eq!((waiting().await, &*acme.standing().await[0]), (1, "active"));
    // The licence's own event names it.
    is_updated(&t, &acme, 1);
    t.run_until_quiet().await;
    assert_eq!((waiting().await, &*acme.standing().await[0]), (0, "ended"));
}
