//! `POST /api/v1/usage-events`: a full batch fits through both ports, and one byte too many through neither.

use serde_json::{Value, json};
use testkit::{Answer, Buyer, Client, TestApp};

const PATH: &str = "/api/v1/usage-events";
const BATCH: &str = "application/cloudevents-batch+json";
const MOST: usize = 1024 * 1024;

/// A thousand events, larger than what other addresses take.
async fn full_batch(buyer: &Buyer<'_>) -> String {
    let (tenant, _) = buyer.ids().await;
    let events = (0..1000).map(|number| {
        let mut event = buyer.usage(&format!("{number:0>100}"), 1);
        event["subject"] = json!(tenant.to_string());
        event
    });
    let body = Value::from(events.collect::<Vec<_>>()).to_string();
    assert!(body.len() > 256 * 1024, "{}", body.len());
    body
}

/// The largest body, and the first that is too large: white space, which is all the same to JSON.
fn padded(body: &str, length: usize) -> String {
    format!("{body}{}", " ".repeat(length - body.len()))
}

fn accepted(answer: &Answer) -> usize {
    let items = answer.items();
    let accepted = items.iter().filter(|item| item["status"] == "accepted");
    accepted.count()
}

#[tokio::test]
async fn a_thousand_events_are_taken_at_once() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let till = acme.till().await;
    let body = full_batch(&acme).await;
    let largest = padded(&body, MOST);
    let answer = till.client.post_raw(PATH, BATCH, largest).await.expect(200);
    assert_eq!(accepted(&answer), 1000);
    let answer = till
        .client
        .post_raw(PATH, BATCH, padded(&body, MOST + 1))
        .await;
    let _ = answer.expect_problem(413, "too_large");
}

#[tokio::test]
async fn the_card_plane_sends_a_thousand_events_at_once() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let body = full_batch(&acme).await;
    let send = async |body: String| {
        let signer = &t.server().card_plane;
        let token = signer.sign("POST", PATH, body.as_bytes(), None).unwrap();
        let client = Client::new(&t.server().internal).with_bearer(&token);
        client.post_raw(PATH, BATCH, body).await
    };
    let answer = send(padded(&body, MOST)).await.expect(200);
    assert_eq!(accepted(&answer), 1000);
    let answer = send(padded(&body, MOST + 1)).await;
    let _ = answer.expect_problem(413, "too_large");
}

/// The room is for usage events alone.
#[tokio::test]
async fn other_addresses_take_no_more_than_before() {
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let body = format!("{{}}{}", " ".repeat(256 * 1024));
    let answer = acme
        .browser
        .post_raw("/api/v1/api-keys", "application/json", body)
        .await;
    let _ = answer.expect_problem(413, "too_large");
}
