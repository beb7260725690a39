//! `POST /api/v1/usage-events`: how events come in, and what may not be read at all.

use serde_json::{Value, json};
use testkit::TestApp;

const PATH: &str = "/api/v1/usage-events";
const SINGLE: &str = "application/cloudevents+json";
const BATCH: &str = "application/cloudevents-batch+json";

/// What requests of one tenant bring at the same time is kept together; each is answered what became of its own.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_comes_at_the_same_time_is_kept_once_each() {
    const EVENTS: usize = 40;
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let (till, tests) = (
        acme.till().await,
        acme.api_key("test", &["usage:write"]).await,
    );
    let mut bad = acme.usage("bad", 1);
    bad["time"] = json!("2026-01-01T00:00:00Z");
    let all = (0..2 * EVENTS).map(|number| {
        let key = if number % 4 == 0 { &tests } else { &till };
        let event = acme.usage(&format!("event {}", number / 2), 1);
        let events = [event, bad.clone()];
        async move { key.sends_all(&events).await.expect(200).items() }
    });
    let answers = futures_util::future::join_all(all).await;
    for (event, pair) in answers.chunks(2).enumerate() {
        let mut statuses: Vec<&str> = pair
            .iter()
            .map(|items| items[0]["status"].as_str().unwrap())
            .collect();
        statuses.sort_unstable();
        assert_eq!(statuses, ["accepted", "duplicate"], "event {event}");
        for items in pair {
            assert_eq!(items[0]["id"], format!("event {event}"));
            assert_eq!(
                (&items[1]["id"], &items[1]["reason"]),
                (&json!("bad"), &json!("too_old"))
            );
        }
    }
    let kept = i64::try_from(EVENTS).unwrap();
    assert_eq!(t.count("usage_events", "true").await, kept);
    let units = t.number("SELECT sum(quantity) FROM metering_records").await;
    assert_eq!(units, kept);
}

#[tokio::test]
async fn one_event_or_a_batch_each_gets_its_result_in_order() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let till = acme.till().await;
    let one = acme.usage("one", 2).to_string();
    for kind in [
        SINGLE,
        "application/json",
        "application/cloudevents+json; charset=utf-8",
    ] {
        let answer = till
            .client
            .post_raw(PATH, kind, one.clone())
            .await
            .expect(200);
        assert_eq!(answer.items().len(), 1, "{kind}");
    }
    let mut old = acme.usage("old", 1);
    old["time"] = json!("2026-01-01T00:00:00Z");
    let events = [
        acme.usage("two", 3),
        old,
        acme.usage("one", 2),
        json!(7),
        acme.usage("two", 3),
    ];
    let answer = till.sends_all(&events).await.expect(200).json();
    insta::assert_json_snapshot!(answer, {".items[].message" => "…"}, @r#"
    {
      "items": [
        {
          "id": "two",
          "message": "…",
          "reason": null,
          "source": "urn:shop",
          "status": "accepted"
        },
        {
          "id": "old",
          "message": "…",
          "reason": "too_old",
          "source": "urn:shop",
          "status": "refused"
        },
        {
          "id": "one",
          "message": "…",
          "reason": null,
          "source": "urn:shop",
          "status": "duplicate"
        },
        {
          "id": null,
          "message": "…",
          "reason": "not_a_cloud_event",
          "source": null,
          "status": "refused"
        },
        {
          "id": "two",
          "message": "…",
          "reason": null,
          "source": "urn:shop",
          "status": "duplicate"
        }
      ],
      "next": null
    }
    "#);
    assert_eq!(t.number("SELECT sum(quantity) FROM usage_events").await, 5);
}

/// I3: what was answered as accepted is there after a restart.
#[tokio::test]
async fn an_accepted_event_is_durable_before_its_answer() {
    let mut t = TestApp::start().await;
    {
        let acme = t.tenant("acme").await;
        let till = acme.till().await;
        assert_eq!(
            till.sends(&acme.usage("one", 2)).await["status"],
            "accepted"
        );
        assert_eq!(t.count("usage_events", "event_id = 'one'").await, 1);
    }
    t.restart().await;
    assert_eq!(t.count("usage_events", "event_id = 'one'").await, 1);
}

/// P4: source and id are the idempotency key for ever; the first content counts.
#[tokio::test]
async fn the_same_key_counts_once_whatever_it_says_the_second_time() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let till = acme.till().await;
    let event = acme.usage("one", 2);
    assert_eq!(till.sends(&event).await["status"], "accepted");
    let same = till.sends(&event).await;
    assert_eq!(
        (&same["status"], &same["reason"]),
        (&json!("duplicate"), &Value::Null)
    );
    for (member, value) in [
        ("data", json!({"quantity": 3})),
        ("type", json!("payphone.capture.completed")),
        ("time", json!("2026-11-22T10:06:00Z")),
    ] {
        let mut other = event.clone();
        other[member] = value;
        let result = till.sends(&other).await;
        assert_eq!(
            (&result["status"], &result["reason"]),
            (&json!("duplicate"), &json!("different_content"))
        );
    }
    t.clock.advance(chrono::Duration::days(13));
    assert_eq!(till.sends(&event).await["status"], "duplicate");
    let mut elsewhere = event.clone();
    elsewhere["source"] = json!("urn:another");
    elsewhere["time"] = json!("2026-12-05T10:00:00Z");
    assert_eq!(
        till.sends(&elsewhere).await["status"],
        "accepted",
        "another source is another event"
    );
}

/// Security 51: content types, unparsable bodies, too many, too deep, too large.
#[tokio::test]
async fn what_cannot_be_read_is_refused_as_a_whole() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let till = acme.till().await;
    let one = acme.usage("one", 1);
    let send = async |kind: &str, body: String| till.client.post_raw(PATH, kind, body).await;
    for kind in [
        "text/plain",
        "application/xml",
        "",
        "multipart/form-data",
        "application/cloudevents",
    ] {
        let _ = send(kind, one.to_string())
            .await
            .expect_problem(415, "unsupported_media_type");
    }
    for body in ["", "{", "[1,]", "nonsense", "{\"a\":1}{"] {
        let _ = send(BATCH, body.to_owned())
            .await
            .expect_problem(400, "malformed_json");
    }
    let _ = send(SINGLE, json!([one]).to_string())
        .await
        .expect_problem(400, "not_cloud_events");
    let _ = send(BATCH, one.to_string())
        .await
        .expect_problem(400, "not_cloud_events");
    let _ = send("application/json", "3".to_owned())
        .await
        .expect_problem(400, "not_cloud_events");
    let deep = "[".repeat(10_000) + &"]".repeat(10_000);
    let _ = send(BATCH, deep)
        .await
        .expect_problem(400, "malformed_json");
    let deep = "{\"a\":".repeat(10_000);
    let _ = send(SINGLE, deep)
        .await
        .expect_problem(400, "malformed_json");
    let invalid = vec![b'"', 0xff, b'"'];
    let answer = till.client.post_raw(PATH, BATCH, invalid).await;
    let _ = answer.expect_problem(400, "malformed_json");
    let many = Value::from(vec![json!({}); 1001]).to_string();
    let _ = send(BATCH, many)
        .await
        .expect_problem(413, "batch_too_large");
    let fat = format!("[{}]", " ".repeat(1024 * 1024));
    let _ = send(BATCH, fat).await.expect_problem(413, "too_large");
    assert_eq!(t.count("usage_events", "true").await, 0);
}

#[tokio::test]
async fn a_thousand_events_are_one_batch() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let till = acme.till().await;
    let time = domain::time::rfc3339(t.clock.now());
    // As small as events get, so that a thousand fit the body limit.
    let event = |number: usize| {
        json!({
            "specversion": "1.0", "id": number.to_string(), "source": "s", "type": "payphone.payment.approved",
            "subject": acme.license.as_str(), "time": time, "data": {"quantity": 1},
        })
    };
    let events: Vec<Value> = (0..1000).map(event).collect();
    let answer = till.sends_all(&events).await.expect(200);
    assert!(
        answer
            .items()
            .iter()
            .all(|item| item["status"] == "accepted")
    );
    assert_eq!(
        t.number("SELECT quantity FROM metering_records WHERE state = 'open'")
            .await,
        1000
    );
}

/// I1 at its smallest: many writers, one key each, every unit counted once.
#[tokio::test]
async fn events_sent_at_once_are_each_counted_once() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let till = acme.till().await;
    let events: Vec<Value> = (0..15)
        .map(|number| acme.usage(&format!("e{number}"), 1))
        .collect();
    let sends = events
        .iter()
        .cycle()
        .take(60)
        .map(|event| till.sends(event));
    let results = futures_util::future::join_all(sends).await;
    let accepted = results
        .iter()
        .filter(|result| result["status"] == "accepted")
        .count();
    assert_eq!(accepted, 15);
    assert_eq!(
        t.number("SELECT sum(quantity) FROM metering_records").await,
        15
    );
}

/// Test usage is counted in a dimension of its own, which costs nothing.
#[tokio::test]
async fn the_keys_mode_decides_the_dimension() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let test = acme.api_key("test", &["usage:write"]).await;
    let live = acme.till().await;
    let mut capture = acme.usage("c", 4);
    capture["type"] = json!("payphone.capture.completed");
    test.sends(&acme.usage("a", 1)).await;
    live.sends(&acme.usage("b", 2)).await;
    live.sends(&capture).await;
    let rows = t
        .rows("SELECT dimension, quantity FROM metering_records ORDER BY dimension")
        .await;
    assert_eq!(
        rows,
        [["captures", "4"], ["payments", "2"], ["test_payments", "1"]]
    );
}
