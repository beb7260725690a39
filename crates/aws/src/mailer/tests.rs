//! What a mail looks like on the wire and what SES's answers become, through the real SDK client.

use serde_json::{Value, json};

use super::*;
use crate::test_server::{Answer, TestServer};

fn mail() -> Mail {
    Mail {
        to: "ann@harbour.example".parse().unwrap(),
        subject: "Sign in – zażółć".to_owned(),
        text: "Open https://payphone.example/invitations/secret-link\n".to_owned(),
    }
}

async fn sent(server: &TestServer) -> Result<(), MailError> {
    SesMailer::new(&server.config(), "Payphone <no-reply@payphone.example>")
        .send(&mail())
        .await
}

fn kind(outcome: &Result<(), MailError>) -> &'static str {
    match outcome {
        Ok(()) => "ok",
        Err(MailError::Busy(_)) => "busy",
        Err(MailError::Misconfigured(_)) => "misconfigured",
        Err(MailError::BadAddress(_)) => "bad address",
    }
}

#[tokio::test]
async fn a_mail_is_plain_text_in_utf_8() {
    let server = TestServer::answering(vec![Answer::json(200, &json!({"MessageId": "m-1"}))]);
    sent(&server).await.unwrap();
    let request = server.received().remove(0);
    assert_eq!(request.path, "/v2/email/outbound-emails");
    let content = |text: &str| json!({"Data": text, "Charset": "UTF-8"});
    let expected = json!({
        "FromEmailAddress": "Payphone <no-reply@payphone.example>",
        "Destination": {"ToAddresses": ["ann@harbour.example"]},
        "Content": {"Simple": {
            "Subject": content(&mail().subject),
            "Body": {"Text": content(&mail().text)},
        }},
    });
    assert_eq!(request.json(), expected);
    assert!(request.is_signed());
    assert_eq!(request.scope()[1..3], ["eu-central-1", "ses"]);
}

#[tokio::test]
async fn every_error_has_its_meaning_and_is_met_once() {
    let sandbox = "Email address is not verified. The following identities failed the check in region EU-CENTRAL-1: ann@harbour.example";
    for (status, code, message, meaning) in [
        (400, "MessageRejected", sandbox, "misconfigured"),
        (
            400,
            "MailFromDomainNotVerifiedException",
            "",
            "misconfigured",
        ),
        (404, "NotFoundException", "", "misconfigured"),
        (400, "SendingPausedException", "", "misconfigured"),
        (400, "AccountSuspendedException", "", "misconfigured"),
        (403, "AccessDeniedException", "", "misconfigured"),
        (429, "TooManyRequestsException", "", "busy"),
        (400, "LimitExceededException", "", "busy"),
        (500, "InternalFailure", "", "busy"),
        (
            400,
            "BadRequestException",
            "Missing final '@domain'",
            "bad address",
        ),
        (
            400,
            "BadRequestException",
            "Local address contains control or whitespace",
            "bad address",
        ),
        (400, "BadRequestException", "Illegal address", "bad address"),
        (
            400,
            "BadRequestException",
            "The text is too long",
            "misconfigured",
        ),
    ] {
        let server = TestServer::answering(vec![Answer::error(status, code, message)]);
        let outcome = sent(&server).await;
        assert_eq!(kind(&outcome), meaning, "{code} {message}");
        assert_eq!(server.received().len(), 1, "{code}");
        let text = format!("{:?}", outcome.unwrap_err());
        assert!(text.contains(code), "{text}");
        assert!(!text.contains("harbour"), "{text}");
    }
}

/// A mail that may have gone out is not sent again behind the caller's back.
#[tokio::test]
async fn a_lost_answer_is_not_tried_again() {
    let server = TestServer::answering(vec![Answer::Lost]);
    assert_eq!(kind(&sent(&server).await), "busy");
    assert_eq!(server.received().len(), 1);
}

#[tokio::test]
async fn an_answer_without_an_id_is_a_success() {
    let server = TestServer::answering(vec![Answer::json(200, &Value::Object(<_>::default()))]);
    assert_eq!(kind(&sent(&server).await), "ok");
}
