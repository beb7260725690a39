//! Which failures time mends and which a person must, and what their texts may say.

use aws_sdk_marketplacemetering::{
    error::{ConnectorError, ErrorMetadata},
    operation::batch_meter_usage::BatchMeterUsageError,
};
use aws_smithy_runtime_api::{
    client::orchestrator::HttpResponse,
    http::{Response, StatusCode},
};
use aws_smithy_types::body::SdkBody;

use super::*;
use crate::test_server::{Answer, TestServer};

fn response(status: u16) -> HttpResponse {
    let mut response = Response::new(StatusCode::try_from(status).unwrap(), SdkBody::empty());
    response.headers_mut().insert("x-amzn-requestid", "req-1");
    response
}

fn said(code: &str, message: &str, status: u16) -> Failure {
    let meta = ErrorMetadata::builder().code(code).message(message).build();
    Failure::of(&SdkError::service_error(
        BatchMeterUsageError::generic(meta),
        response(status),
    ))
}

#[test]
fn codes_and_statuses_tell_time_from_people() {
    for (code, message, status, cure) in [
        ("ThrottlingException", "", 400, Cure::Time),
        ("TooManyRequestsException", "", 429, Cure::Time),
        ("SomethingNew", "", 429, Cure::Time),
        ("InternalServiceErrorException", "", 500, Cure::Time),
        ("SomethingNew", "", 503, Cure::Time),
        ("RequestTimeTooSkewed", "", 403, Cure::Time),
        (
            "InvalidSignatureException",
            "Signature expired: 20261122T100000Z is now earlier than …",
            403,
            Cure::Time,
        ),
        (
            "InvalidSignatureException",
            "The request signature we calculated does not match",
            403,
            Cure::Person,
        ),
        ("AccessDeniedException", "", 400, Cure::Person),
        ("UnrecognizedClientException", "", 400, Cure::Person),
        ("DisabledApiException", "", 400, Cure::Person),
        ("ValidationException", "", 400, Cure::Person),
        ("SomethingNew", "", 400, Cure::Person),
    ] {
        assert_eq!(said(code, message, status).cure(), cure, "{code} {status}");
    }
}

#[test]
fn texts_keep_code_status_and_request_but_not_the_message() {
    let failure = said(
        "AccessDeniedException",
        "User: arn:aws:iam::111122223333:x",
        400,
    );
    assert_eq!(
        failure.to_string(),
        "AccessDeniedException (HTTP 400, request req-1)"
    );
    assert_eq!(failure.code(), Some("AccessDeniedException"));
}

#[test]
fn what_never_became_an_answer_is_mended_by_time() {
    type Failed = SdkError<BatchMeterUsageError>;
    let refused = Failed::dispatch_failure(ConnectorError::io("connection refused".into()));
    let failure = Failure::of(&refused);
    assert_eq!(failure.cure(), Cure::Time);
    assert!(failure.to_string().contains("connection refused"));
    let timeout = Failure::of(&Failed::timeout_error("no answer in 5s"));
    assert_eq!(timeout.cure(), Cure::Time);
    let garbled = Failure::of(&Failed::response_error("not JSON", response(200)));
    assert_eq!(garbled.cure(), Cure::Time);
    assert_eq!(
        garbled.to_string(),
        "the answer cannot be read: not JSON (HTTP 200, request req-1)"
    );
    let unbuilt = Failure::of(&Failed::construction_failure("no table"));
    assert_eq!(unbuilt.cure(), Cure::Person);
}

#[tokio::test]
async fn a_missing_region_is_a_matter_for_people() {
    let server = TestServer::answering(vec![Answer::Lost]);
    let config = server.config().into_builder().region(None).build();
    let error = aws_sdk_marketplacemetering::Client::new(&config)
        .resolve_customer()
        .registration_token("token")
        .send()
        .await
        .unwrap_err();
    let failure = Failure::of(&error);
    assert_eq!(failure.cure(), Cure::Person, "{failure}");
    assert!(server.received().is_empty());
}

#[test]
fn missing_credentials_are_a_matter_for_people_and_silent_ones_are_not() {
    for (text, cure) in [
        (
            "no credentials found in chain. Attempted:\n  Environment: not set",
            Cure::Person,
        ),
        ("the credential provider timed out", Cure::Time),
    ] {
        let error = ConnectorError::other(text.into(), None);
        let failure = Failure::of(&SdkError::<BatchMeterUsageError>::dispatch_failure(error));
        assert_eq!(failure.cure(), cure, "{failure}");
        assert!(!failure.to_string().contains('\n'));
    }
}

#[test]
fn account_ids_are_masked() {
    assert_eq!(
        masked("arn:aws:iam::111122223333:role/x"),
        "arn:aws:iam::…3333:role/x"
    );
    assert_eq!(masked("port 8080 at 20261122"), "port 8080 at 20261122");
    assert_eq!(masked("111122223333"), "…3333");
}
