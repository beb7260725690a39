//! What `ResolveCustomer`'s answers and errors become, through the real SDK client and an HTTP server in this process.

use domain::marketplace::Marketplace;
use serde_json::{Value, json};

use super::*;
use crate::{
    AwsMarketplace,
    test_server::{Answer, TestServer},
};

const LICENSE: &str =
    "arn:aws:license-manager::294406891311:license:l-0123456789abcdef0123456789abcdef";

async fn resolved(server: &TestServer) -> Result<ResolvedCustomer, ResolveError> {
    let token = SecretString::from("token-0123".to_owned());
    AwsMarketplace::new(&server.config())
        .resolve_customer(&token)
        .await
}

async fn answer(body: Value) -> Result<ResolvedCustomer, ResolveError> {
    resolved(&TestServer::answering(vec![Answer::json(200, &body)])).await
}

fn kind(outcome: &Result<ResolvedCustomer, ResolveError>) -> &'static str {
    match outcome {
        Ok(_) => "ok",
        Err(ResolveError::InvalidToken) => "invalid",
        Err(ResolveError::ExpiredToken) => "expired",
        Err(ResolveError::Busy(_)) => "busy",
        Err(ResolveError::Misconfigured(_)) => "misconfigured",
    }
}

#[tokio::test]
async fn a_concurrent_agreements_answer_is_read_whole() {
    let server = TestServer::answering(vec![Answer::json(
        200,
        &json!({
            "CustomerIdentifier": "",
            "ProductCode": "1a2b3c4d5e6f7g8h9i0j",
            "CustomerAWSAccountId": "111122223333",
            "LicenseArn": LICENSE,
            "Metadata": {"AgreementId": "agmt-1"},
        }),
    )]);
    let customer = resolved(&server).await.unwrap();
    assert_eq!(customer.product_code, "1a2b3c4d5e6f7g8h9i0j");
    assert_eq!(customer.account.unwrap().as_str(), "111122223333");
    assert_eq!(customer.license.unwrap().as_str(), LICENSE);
    assert_eq!(customer.agreement_id.as_deref(), Some("agmt-1"));
    let request = server.received().remove(0);
    assert_eq!(request.json(), json!({"RegistrationToken": "token-0123"}));
    assert!(request.is_signed());
    assert_eq!(
        request.header("x-amz-target"),
        Some("AWSMPMeteringService.ResolveCustomer")
    );
}

#[tokio::test]
async fn empty_and_absent_members_are_the_same() {
    let empty = json!({"ProductCode": "", "CustomerAWSAccountId": "", "LicenseArn": "", "Metadata": {"AgreementId": ""}});
    for body in [json!({}), empty, json!({"Metadata": {}})] {
        let customer = answer(body).await.unwrap();
        let nothing = ResolvedCustomer {
            product_code: String::new(),
            account: None,
            license: None,
            agreement_id: None,
        };
        assert_eq!(customer, nothing);
    }
}

#[tokio::test]
async fn members_that_cannot_be_read_are_a_matter_for_operators() {
    for body in [
        json!({"LicenseArn": "arn:aws:s3:::bucket"}),
        json!({"CustomerAWSAccountId": "one-two"}),
    ] {
        let outcome = answer(body).await;
        assert_eq!(kind(&outcome), "misconfigured");
        let text = outcome.unwrap_err().to_string();
        assert!(
            !text.contains("bucket") && !text.contains("one-two"),
            "{text}"
        );
    }
}

#[tokio::test]
async fn every_error_has_its_meaning() {
    let credentials = "The security token included in the request is expired";
    for (code, message, meaning) in [
        ("InvalidTokenException", "", "invalid"),
        ("ValidationException", "", "invalid"),
        (
            "ExpiredTokenException",
            "Registration token expired",
            "expired",
        ),
        ("ExpiredTokenException", credentials, "misconfigured"),
        ("DisabledApiException", "", "misconfigured"),
        ("AccessDeniedException", "", "misconfigured"),
        ("UnrecognizedClientException", "", "misconfigured"),
    ] {
        let server = TestServer::answering(vec![Answer::error(400, code, message)]);
        assert_eq!(kind(&resolved(&server).await), meaning, "{code} {message}");
        assert_eq!(server.received().len(), 1, "{code}");
    }
}

#[tokio::test]
async fn throttling_is_tried_three_times() {
    let busy = Answer::error(400, "ThrottlingException", "");
    let server = TestServer::answering(vec![busy.clone()]);
    assert_eq!(kind(&resolved(&server).await), "busy");
    assert_eq!(server.received().len(), 3);
    let passes = Answer::json(200, &json!({"ProductCode": "p"}));
    let server = TestServer::answering(vec![busy, Answer::Lost, passes]);
    assert_eq!(kind(&resolved(&server).await), "ok");
}

#[tokio::test]
async fn an_error_never_quotes_the_token() {
    for code in ["AccessDeniedException", "InvalidTokenException"] {
        let quoting = Answer::error(400, code, "token-0123 is bad");
        let server = TestServer::answering(vec![quoting]);
        let text = format!("{:?}", resolved(&server).await.unwrap_err());
        assert!(!text.contains("token-0123"), "{text}");
    }
}

#[tokio::test]
async fn an_empty_token_is_not_sent() {
    let server = TestServer::answering(vec![Answer::Lost]);
    let marketplace = AwsMarketplace::new(&server.config());
    let outcome = marketplace
        .resolve_customer(&SecretString::from(String::new()))
        .await;
    assert_eq!(kind(&outcome), "invalid");
    assert!(server.received().is_empty());
}
