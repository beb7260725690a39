//! Why one event is refused while its neighbours are taken: each reason by its stable code.

use chrono::Duration;
use serde_json::{Value, json};
use testkit::{ApiKey, Buyer, Happening, TestApp};

async fn reason(till: &ApiKey, event: &Value) -> Value {
    let result = till.sends(event).await;
    assert_eq!(result["status"], "refused", "{result}");
    assert!(
        result["message"]
            .as_str()
            .is_some_and(|text| !text.is_empty())
    );
    result["reason"].clone()
}

fn changed(acme: &Buyer<'_>, pointer: &str, value: Value) -> Value {
    let mut event = acme.usage("one", 1);
    *event.pointer_mut(pointer).unwrap() = value;
    event
}

#[tokio::test]
async fn each_wrong_member_has_its_code() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let till = acme.till().await;
    for (pointer, value, code) in [
        ("/specversion", json!("0.3"), "not_a_cloud_event"),
        ("/id", json!(1), "not_a_cloud_event"),
        ("/id", json!(""), "bad_key"),
        ("/source", json!("s".repeat(257)), "bad_key"),
        ("/type", json!("payphone.call.answered"), "unknown_type"),
        ("/subject", json!("somebody"), "bad_subject"),
        ("/subject", json!("ten_1"), "bad_subject"),
        ("/time", json!("soon"), "not_a_cloud_event"),
        ("/time", json!("2026-11-22T10:12:01Z"), "time_in_future"),
        ("/time", json!("2026-11-08T10:06:59Z"), "too_old"),
        ("/data/quantity", json!(-1), "bad_quantity"),
        ("/data/quantity", json!(0.5), "bad_quantity"),
        ("/data/quantity", json!(1_000_001), "bad_quantity"),
        ("/data", json!({}), "not_a_cloud_event"),
    ] {
        let event = changed(&acme, pointer, value);
        assert_eq!(reason(&till, &event).await, code, "{event}");
    }
    assert_eq!(t.count("usage_events", "true").await, 0);
    let edge = changed(&acme, "/time", json!("2026-11-22T10:12:00Z"));
    assert_eq!(
        till.sends(&edge).await["status"],
        "accepted",
        "five minutes ahead are taken"
    );
}

/// I7: another tenant's subject is as unknown as one that does not exist.
#[tokio::test]
async fn another_tenants_subject_is_unknown() {
    let t = TestApp::start().await;
    let (acme, other) = (t.tenant("acme").await, t.tenant("other").await);
    let till = acme.till().await;
    let (tenant, _) = other.ids().await;
    let nobody = "arn:aws:license-manager::111122223333:license:l-ffffffffffffffffffffffffffffffff";
    let mut messages = Vec::new();
    for subject in [
        other.license.to_string(),
        tenant.to_string(),
        nobody.to_owned(),
        "ten_0192aaaabbbb7ccc8dddeeeeffff0001".to_owned(),
    ] {
        let event = changed(&acme, "/subject", json!(subject));
        let result = till.sends(&event).await;
        assert_eq!(result["reason"], "unknown_subject", "{result}");
        messages.push(result["message"].clone());
    }
    messages.dedup();
    assert_eq!(messages.len(), 1);
    assert_eq!(t.count("usage_events", "true").await, 0);
}

/// The tenant's id stands for its default licence, and both spellings of an ARN for the same licence.
#[tokio::test]
async fn a_subject_may_be_the_tenant_or_either_spelling_of_the_arn() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let till = acme.till().await;
    let (tenant, _) = acme.ids().await;
    let printed = format!("aws:license-manager:us-east-1:111122223333:{}", acme.key());
    for (number, subject) in [tenant.to_string(), printed, acme.license.to_string()]
        .iter()
        .enumerate()
    {
        let mut event = changed(&acme, "/subject", json!(subject));
        event["id"] = json!(number.to_string());
        assert_eq!(till.sends(&event).await["status"], "accepted", "{subject}");
    }
    assert_eq!(
        t.number("SELECT quantity FROM metering_records WHERE dimension = 'payments'")
            .await,
        3
    );
}

#[tokio::test]
async fn a_licence_that_aws_has_not_confirmed_takes_no_usage() {
    let t = TestApp::start().await;
    let acme = t.buyer("acme");
    acme.registers().await;
    acme.completes(&acme.email()).await;
    t.run_until_quiet().await;
    acme.signs_in().await;
    let till = acme.till().await;
    assert_eq!(
        reason(&till, &acme.usage("one", 1)).await,
        "licence_not_active"
    );
    acme.is_confirmed();
    t.run_until_quiet().await;
    assert_eq!(
        till.sends(&acme.usage("one", 1)).await["status"],
        "accepted"
    );
}

#[tokio::test]
async fn a_licence_that_ended_takes_no_usage() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let till = acme.till().await;
    t.clock.advance(Duration::minutes(10));
    acme.hears(Happening::Ended("CANCELLED"));
    t.marketplace.ends(&acme.license);
    t.run_until_quiet().await;
    t.clock.advance(Duration::minutes(1));
    assert_eq!(
        reason(&till, &acme.usage("after", 1)).await,
        "licence_ended"
    );
}

/// AWS's quantity is a 32-bit integer: the hour is full before it wraps.
#[tokio::test]
async fn an_hour_that_is_full_takes_no_more() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let till = acme.till().await;
    for batch in 0..3 {
        let event = |number: u32| {
            let mut event = acme.usage(&format!("{batch}-{number}"), 1_000_000);
            event["source"] = json!("s");
            event
        };
        let events: Vec<Value> = (0..715).map(event).collect();
        let _ = till.sends_all(&events).await.expect(200);
    }
    // 2147 of 2145 sent so far fit: the hour holds 2145 million.
    assert_eq!(
        t.number("SELECT quantity FROM metering_records").await,
        2_145_000_000
    );
    assert_eq!(
        till.sends(&acme.usage("x", 1_000_000)).await["status"],
        "accepted"
    );
    assert_eq!(
        till.sends(&acme.usage("y", 1_000_000)).await["status"],
        "accepted"
    );
    assert_eq!(
        reason(&till, &acme.usage("z", 1_000_000)).await,
        "hour_full"
    );
    assert_eq!(
        till.sends(&acme.usage("last", 483_647)).await["status"],
        "accepted"
    );
    assert_eq!(reason(&till, &acme.usage("one more", 1)).await, "hour_full");
    assert_eq!(
        t.number("SELECT quantity FROM metering_records").await,
        2_147_483_647
    );
}

/// What was accepted once is a duplicate for ever, even where it would be refused today: the answer may have been lost.
#[tokio::test]
async fn what_was_accepted_is_known_when_it_would_be_refused() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let till = acme.till().await;
    let (one, two) = (acme.usage("one", 3), acme.usage("two", 5));
    assert_eq!(till.sends(&one).await["status"], "accepted");
    acme.cancels();
    t.run_until_quiet().await;
    t.clock.advance(Duration::hours(1));
    let later = acme.usage_at("later", 7, t.clock.now());
    let other = changed(&acme, "/data/quantity", json!(4));
    let all = [one.clone(), later, two, other];
    let results = till.sends_all(&all).await.expect(200).items();
    let said = |at: usize| (&results[at]["status"], &results[at]["reason"]);
    assert_eq!(said(0), (&json!("duplicate"), &Value::Null));
    assert_eq!(said(1), (&json!("refused"), &json!("licence_ended")));
    assert_eq!(said(3), (&json!("duplicate"), &json!("different_content")));
    let alone = till.sends(&one).await;
    assert_eq!(alone["status"], "duplicate", "{alone}");
    // Longer ago than any event is taken.
    t.clock.advance(Duration::days(15));
    let ancient = till.sends(&one).await;
    assert_eq!(ancient["status"], "duplicate", "{ancient}");
}
