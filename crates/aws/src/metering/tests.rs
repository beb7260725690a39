//! What `BatchMeterUsage` puts on the wire, how its results find their records, and what its errors mean.
//! The wire tests run the real SDK client against an HTTP server in this process.

use domain::{marketplace::Marketplace, usage::Dimension};
use serde_json::{Value, json};

use super::*;
use crate::{
    AwsMarketplace,
    test_server::{Answer, TestServer},
};

const LICENSE: &str =
    "arn:aws:license-manager::294406891311:license:l-0123456789abcdef0123456789abcdef";
const OTHER: &str =
    "arn:aws:license-manager::294406891311:license:l-ffffffffffffffffffffffffffffffff";
/// 2026-11-22T10:00:00Z.
const HOUR: i64 = 1_795_341_600;

fn record(license: &str, dimension: Dimension, hour: i64, quantity: i32) -> UsageRecord {
    UsageRecord {
        license: license.parse().unwrap(),
        account: "111122223333".parse().unwrap(),
        dimension,
        hour: Hour::from_number(hour / 3600),
        quantity,
    }
}

fn batch() -> Vec<UsageRecord> {
    vec![
        record(LICENSE, Dimension::Payments, HOUR, 7),
        record(LICENSE, Dimension::Captures, HOUR, 0),
        record(OTHER, Dimension::Payments, HOUR, 2_147_483_647),
        record(LICENSE, Dimension::Payments, HOUR - 3600, 7),
    ]
}

fn echo(license: Option<&str>, dimension: &str, at: i64) -> types::UsageRecord {
    types::UsageRecord::builder()
        .timestamp(aws_smithy_types::DateTime::from_secs(at))
        .dimension(dimension)
        .set_license_arn(license.map(str::to_owned))
        .build()
        .unwrap()
}

fn result(echo: types::UsageRecord, status: &str, id: &str) -> UsageRecordResult {
    UsageRecordResult::builder()
        .usage_record(echo)
        .status(status.into())
        .metering_record_id(id)
        .build()
}

fn taken(id: &str) -> RecordAnswer {
    RecordAnswer::Judged {
        status: RecordStatus::Success,
        metering_record_id: Some(id.to_owned()),
    }
}

#[test]
fn answers_come_in_the_order_of_the_records_whatever_the_order_of_the_results() {
    let results = [
        result(echo(Some(LICENSE), "payments", HOUR - 3600), "Success", "d"),
        result(echo(Some(OTHER), "payments", HOUR), "Success", "c"),
        result(echo(Some(LICENSE), "captures", HOUR), "Success", "b"),
        result(echo(Some(LICENSE), "payments", HOUR), "Success", "a"),
    ];
    let expected = ["a", "b", "c", "d"].map(taken).to_vec();
    assert_eq!(answers(&batch(), &results), (expected, 0));
}

#[test]
fn a_record_without_a_result_is_unprocessed() {
    let results = [result(echo(Some(OTHER), "payments", HOUR), "Success", "c")];
    let (answers, strays) = answers(&batch(), &results);
    assert_eq!(strays, 0);
    assert_eq!(answers[2], taken("c"));
    for index in [0, 1, 3] {
        assert_eq!(answers[index], RecordAnswer::Unprocessed);
    }
}

#[test]
fn every_status_is_told_apart() {
    for (text, status) in [
        ("Success", RecordStatus::Success),
        ("CustomerNotSubscribed", RecordStatus::CustomerNotSubscribed),
        ("DuplicateRecord", RecordStatus::DuplicateRecord),
        ("BrandNew", RecordStatus::Other("BrandNew".to_owned())),
    ] {
        let results = [result(echo(Some(LICENSE), "payments", HOUR), text, "")];
        let judged = RecordAnswer::Judged {
            status,
            metering_record_id: None,
        };
        assert_eq!(answers(&batch()[..1], &results), (vec![judged], 0));
    }
}

#[test]
fn an_echo_with_the_other_spelling_of_the_licence_still_counts() {
    let printed = "aws:license-manager:us-east-1:294406891311:l-0123456789abcdef0123456789abcdef";
    let results = [result(
        echo(Some(printed), "payments", HOUR),
        "Success",
        "a",
    )];
    assert_eq!(answers(&batch(), &results).0[0], taken("a"));
}

#[test]
fn an_echo_without_a_licence_counts_only_if_one_record_can_be_meant() {
    let sure = [result(echo(None, "captures", HOUR), "Success", "b")];
    assert_eq!(answers(&batch(), &sure).0[1], taken("b"));
    // Records 0 and 2 differ in the licence alone.
    let unsure = [result(echo(None, "payments", HOUR), "Success", "x")];
    let (answers, strays) = answers(&batch(), &unsure);
    assert_eq!(strays, 1);
    assert!(answers.iter().all(|a| *a == RecordAnswer::Unprocessed));
}

#[test]
fn results_of_nothing_sent_are_counted_and_change_nothing() {
    let results = [
        result(echo(Some(LICENSE), "Payments", HOUR), "Success", "x"),
        result(echo(Some(LICENSE), "payments", HOUR + 3600), "Success", "x"),
        UsageRecordResult::builder().build(),
        result(echo(Some(LICENSE), "payments", HOUR), "Success", "a"),
        result(
            echo(Some(LICENSE), "payments", HOUR),
            "DuplicateRecord",
            "x",
        ),
    ];
    let (answers, strays) = answers(&batch()[..1], &results);
    assert_eq!((answers, strays), (vec![taken("a")], 4));
}

/// What AWS would answer to `records`, all taken.
fn all_taken(records: &[UsageRecord]) -> Value {
    let results: Vec<Value> = records
        .iter()
        .rev()
        .map(|record| {
            json!({
                "UsageRecord": {
                    "Timestamp": record.hour.number() * 3600,
                    "Dimension": record.dimension.as_str(),
                    "Quantity": record.quantity,
                    "CustomerAWSAccountId": record.account.as_str(),
                    "LicenseArn": record.license.as_str(),
                },
                "MeteringRecordId": format!("id-{}", record.quantity),
                "Status": "Success",
            })
        })
        .collect();
    json!({"Results": results, "UnprocessedRecords": []})
}

#[tokio::test]
async fn the_bytes_carry_the_licence_and_nothing_of_the_legacy_identity() {
    let records = batch();
    let server = TestServer::answering(vec![Answer::json(200, &all_taken(&records))]);
    let marketplace = AwsMarketplace::new(&server.config());
    let answers = marketplace.batch_meter_usage(&records).await.unwrap();
    assert_eq!(answers[2], taken("id-2147483647"));
    assert_eq!(answers[1], taken("id-0"));

    let request = server.received().remove(0);
    let text = String::from_utf8(request.body.clone()).unwrap();
    for unwanted in ["CustomerIdentifier", "ProductCode", "UsageAllocations"] {
        assert!(!text.contains(unwanted), "{unwanted}");
    }
    assert_eq!(
        request.json()["UsageRecords"][0],
        json!({
            "Timestamp": HOUR,
            "Dimension": "payments",
            "Quantity": 7,
            "CustomerAWSAccountId": "111122223333",
            "LicenseArn": LICENSE,
        })
    );
    // A zero is said, not left out, and the hour is a whole number without a fraction.
    assert_eq!(request.json()["UsageRecords"][1]["Quantity"], json!(0));
    assert!(text.contains(&format!("\"Timestamp\":{HOUR}")));
    assert!(!text.contains(&format!("{HOUR}.")));

    assert_eq!(
        request.header("x-amz-target"),
        Some("AWSMPMeteringService.BatchMeterUsage")
    );
    assert_eq!(
        request.header("content-length"),
        Some(request.body.len().to_string().as_str())
    );
    assert!(request.scope().contains(&"aws-marketplace"));
    assert!(request.scope().contains(&"eu-central-1"));
}

#[tokio::test]
async fn the_signature_covers_the_bytes_that_were_sent() {
    let records = batch();
    let server = TestServer::answering(vec![Answer::json(200, &all_taken(&records))]);
    let marketplace = AwsMarketplace::new(&server.config());
    marketplace.batch_meter_usage(&records).await.unwrap();
    let mut request = server.received().remove(0);
    assert!(request.is_signed());
    // And the check can fail: the body as the SDK alone would have sent it has another signature.
    let mut body = request.json();
    body["UsageRecords"][0]["CustomerIdentifier"] = json!("");
    request.body = body.to_string().into_bytes();
    assert!(!request.is_signed());
}

/// A short form of the outcome, for tables.
fn kind(outcome: &Result<Vec<RecordAnswer>, MeterError>) -> String {
    match outcome {
        Ok(_) => "ok".to_owned(),
        Err(MeterError::BadRecord(code)) => format!("bad record {code}"),
        Err(MeterError::Busy(_)) => "busy".to_owned(),
        Err(MeterError::Misconfigured(_)) => "misconfigured".to_owned(),
    }
}

#[tokio::test]
async fn every_error_has_its_meaning_and_is_sent_once_only() {
    let html = Answer::Http(502, "text/html", b"<html>Bad Gateway</html>".to_vec());
    let odd = Answer::Http(
        200,
        "text/html",
        b"<html>Sign in to the WiFi</html>".to_vec(),
    );
    let mut table = vec![
        (
            Answer::error(400, "ThrottlingException", "slow"),
            "busy".to_owned(),
        ),
        (
            Answer::error(500, "InternalServiceErrorException", ""),
            "busy".to_owned(),
        ),
        (
            Answer::error(503, "ServiceUnavailable", ""),
            "busy".to_owned(),
        ),
        (html, "busy".to_owned()),
        (odd, "busy".to_owned()),
        (Answer::Lost, "busy".to_owned()),
    ];
    for code in BAD_RECORD {
        table.push((Answer::error(400, code, ""), format!("bad record {code}")));
    }
    for code in [
        "InvalidProductCodeException",
        "DisabledApiException",
        "AccessDeniedException",
        "UnrecognizedClientException",
        "ExpiredTokenException",
        "ValidationException",
        "NeverHeardOfException",
    ] {
        table.push((Answer::error(400, code, ""), "misconfigured".to_owned()));
    }
    for (answer, meaning) in table {
        let server = TestServer::answering(vec![answer.clone()]);
        let marketplace = AwsMarketplace::new(&server.config());
        let outcome = marketplace.batch_meter_usage(&batch()).await;
        assert_eq!(kind(&outcome), meaning, "{answer:?}");
        assert_eq!(server.received().len(), 1, "{answer:?}");
        assert!(server.received()[0].is_signed());
    }
}

#[tokio::test]
async fn texts_name_the_code_and_the_request() {
    let denied = Answer::error(
        400,
        "AccessDeniedException",
        "User: arn:aws:iam::111122223333",
    );
    let server = TestServer::answering(vec![denied]);
    let marketplace = AwsMarketplace::new(&server.config());
    let error = marketplace.batch_meter_usage(&batch()).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "AWS Marketplace refuses us: AccessDeniedException (HTTP 400, request req-1)"
    );
}

#[tokio::test]
async fn what_cannot_pass_is_not_sent() {
    let server = TestServer::answering(vec![Answer::Lost]);
    let marketplace = AwsMarketplace::new(&server.config());
    assert_eq!(kind(&marketplace.batch_meter_usage(&[]).await), "ok");
    let negative = [record(LICENSE, Dimension::Payments, HOUR, -1)];
    assert_eq!(
        kind(&marketplace.batch_meter_usage(&negative).await),
        "bad record NegativeQuantity"
    );
    let many = vec![record(LICENSE, Dimension::Payments, HOUR, 1); 26];
    assert_eq!(
        kind(&marketplace.batch_meter_usage(&many).await),
        "misconfigured"
    );
    assert!(server.received().is_empty());
}
