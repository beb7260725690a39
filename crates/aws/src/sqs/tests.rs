//! What the queue's calls put on the wire and make of its answers, through the real SDK client.

use serde_json::{Value, json};

use super::*;
use crate::test_server::{Answer, TestServer};

const URL: &str = "http://127.0.0.3:8070/111122223333/payphone-events";

fn queue(server: &TestServer) -> SqsEventQueue {
    SqsEventQueue::new(&server.config(), URL, SqsEventQueue::DEFAULT_WAIT)
}

fn messages(count: usize) -> Vec<QueueMessage> {
    (0..count)
        .map(|n| QueueMessage {
            message_id: format!("m-{n}"),
            receipt: format!("r-{n}"),
            body: "{}".to_owned(),
        })
        .collect()
}

fn deleted(count: usize) -> Value {
    let ids: Vec<Value> = (0..count).map(|n| json!({"Id": n.to_string()})).collect();
    json!({"Successful": ids, "Failed": []})
}

fn refused(count: usize) -> Value {
    let entry = |n: usize| json!({"Id": n.to_string(), "Code": "ReceiptHandleIsInvalid", "SenderFault": true});
    json!({"Successful": [], "Failed": (0..count).map(entry).collect::<Vec<Value>>()})
}

#[tokio::test]
async fn ten_messages_are_asked_for_by_long_poll() {
    let server = TestServer::answering(vec![Answer::json(
        200,
        &json!({"Messages": [
            {"MessageId": "m-1", "ReceiptHandle": "r-1", "Body": "{\"id\":1}", "MD5OfBody": "00"},
            {"MessageId": "m-2", "Body": "no receipt"},
        ]}),
    )]);
    let received = queue(&server).receive().await.unwrap();
    let only = QueueMessage {
        message_id: "m-1".to_owned(),
        receipt: "r-1".to_owned(),
        body: "{\"id\":1}".to_owned(),
    };
    assert_eq!(received, [only]);
    let request = server.received().remove(0);
    assert_eq!(
        request.json(),
        json!({"QueueUrl": URL, "MaxNumberOfMessages": 10, "WaitTimeSeconds": 10})
    );
    assert!(request.is_signed());
    assert!(request.scope().contains(&"eu-central-1"));
}

#[tokio::test]
async fn an_empty_queue_is_an_answer_and_the_wait_is_cut_to_the_limit() {
    let server = TestServer::answering(vec![Answer::json(200, &json!({}))]);
    let queue = SqsEventQueue::new(&server.config(), URL, Duration::from_hours(1));
    assert_eq!(queue.receive().await.unwrap(), []);
    assert_eq!(server.received()[0].json()["WaitTimeSeconds"], 20);
}

#[tokio::test]
async fn deletions_go_by_tens_and_one_deletion_is_enough() {
    let server = TestServer::answering(vec![
        Answer::json(200, &refused(10)),
        Answer::json(200, &deleted(2)),
    ]);
    queue(&server).delete(&messages(12)).await.unwrap();
    let requests = server.received();
    assert_eq!(requests.len(), 2);
    let entry = json!({"Id": "1", "ReceiptHandle": "r-11"});
    assert_eq!(requests[1].json()["Entries"][1], entry);
}

#[tokio::test]
async fn an_error_is_reported_only_if_nothing_was_deleted() {
    let server = TestServer::answering(vec![Answer::json(200, &refused(3))]);
    assert!(queue(&server).delete(&messages(3)).await.is_err());
    assert!(queue(&server).delete(&[]).await.is_ok());
    assert_eq!(server.received().len(), 1);

    let gone = Answer::error(400, "QueueDoesNotExist", "");
    let server = TestServer::answering(vec![gone]);
    let error = queue(&server).delete(&messages(1)).await.unwrap_err();
    assert!(error.0.contains("(HTTP 400, request req-1)"), "{error}");
    assert!(queue(&server).receive().await.is_err());
}

#[test]
fn the_region_is_read_from_urls_of_aws_alone() {
    for (url, expected) in [
        (
            "https://sqs.us-east-1.amazonaws.com/111122223333/q",
            Some("us-east-1"),
        ),
        (
            "https://sqs-fips.us-west-2.amazonaws.com/1/q",
            Some("us-west-2"),
        ),
        (
            "https://sqs.cn-north-1.amazonaws.com.cn/1/q",
            Some("cn-north-1"),
        ),
        ("https://sqs.eu-west-1.api.aws/1/q", Some("eu-west-1")),
        (
            "https://vpce-0-1.sqs.us-east-1.vpce.amazonaws.com/1/q",
            Some("us-east-1"),
        ),
        ("https://queue.amazonaws.com/1/q", None),
        ("https://sqs.us-east-1.example.com/1/q", None),
        (URL, None),
        ("payphone-events", None),
    ] {
        assert_eq!(region(url), expected, "{url}");
    }
}
