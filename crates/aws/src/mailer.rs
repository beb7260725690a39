//! [`SesMailer`]: our own mail over Amazon SES, plain text alone.
//! One call is one attempt: SES knows no idempotency, and who sends again after a lost answer is the job that keeps the mail.
//! Invariant: neither an address nor a subject nor a text ever reaches a log line or an error.

use async_trait::async_trait;
use aws_config::SdkConfig;
use aws_sdk_sesv2::{
    Client,
    config::Builder,
    error::{ProvideErrorMetadata, SdkError},
    operation::RequestId,
    types::{Body, Content, Destination, EmailContent, Message},
};
use domain::mailer::{Mail, MailError, Mailer};

use crate::{
    call::Call,
    client::{ATTEMPT, OPERATION, attempts, timeouts},
    failure::{Cure, Failure},
};

/// How SES words that it will not have an address ("Missing final '@domain'", "Local address contains control or whitespace", "Domain contains
/// illegal character", "Illegal address"). A `BadRequestException` about anything else is our failing. The sender, which would fail in the
/// same words, is parsed where it is configured.
const OF_THE_ADDRESS: [&str; 3] = ["address", "domain", "local name"];

/// SES in the region of its configuration, sending as one address.
#[derive(Debug, Clone)]
pub struct SesMailer {
    client: Client,
    from: String,
}

impl SesMailer {
    /// Builds the client; nothing is called yet. `from` is an address of a verified identity, with a display name or without.
    pub fn new(config: &SdkConfig, from: &str) -> Self {
        let config = Builder::from(config)
            .timeout_config(timeouts(ATTEMPT, OPERATION))
            .retry_config(attempts(1))
            .build();
        Self {
            client: Client::from_conf(config),
            from: from.to_owned(),
        }
    }
}

#[async_trait]
impl Mailer for SesMailer {
    async fn send(&self, mail: &Mail) -> Result<(), MailError> {
        let message = Message::builder()
            .subject(utf8(&mail.subject)?)
            .body(Body::builder().text(utf8(&mail.text)?).build())
            .build();
        let to = Destination::builder().to_addresses(mail.to.as_str());
        let call = Call::start("SendEmail");
        let sent = self
            .client
            .send_email()
            .from_email_address(&self.from)
            .destination(to.build())
            .content(EmailContent::builder().simple(message).build())
            .send()
            .await;
        match sent {
            Ok(output) => {
                let about = format_args!("message {}", output.message_id().unwrap_or_default());
                call.answered("success", output.request_id(), &about);
                Ok(())
            }
            Err(error) => Err(refusal(&call, &error)),
        }
    }
}

fn utf8(text: &str) -> Result<Content, MailError> {
    let built = Content::builder().data(text).charset("UTF-8").build();
    built.map_err(|error| MailError::Misconfigured(error.to_string()))
}

/// `MessageRejected` is in practice an identity that is not verified, the recipient's included while the account is in the sandbox: nothing
/// that another recipient would mend, and nothing that should be forgotten.
/// Source: <https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html>.
fn refusal<E>(call: &Call, error: &SdkError<E>) -> MailError
where
    E: ProvideErrorMetadata + std::error::Error + 'static,
{
    let failure = Failure::of(error);
    match (failure.code(), failure.cure()) {
        (Some("BadRequestException"), _) if speaks_of_an_address(error) => {
            call.answered("bad_address", error.request_id(), &failure);
            MailError::BadAddress(failure.to_string())
        }
        (_, Cure::Time) => {
            call.failed("busy", &failure);
            MailError::Busy(failure.to_string())
        }
        // MessageRejected, MailFromDomainNotVerifiedException, NotFoundException, SendingPausedException, AccountSuspendedException and
        // whatever is wrong with our credentials.
        (_, Cure::Person) => {
            call.failed("misconfigured", &failure);
            MailError::Misconfigured(failure.to_string())
        }
    }
}

/// Whether AWS's message, which is read and not kept, is about an address.
fn speaks_of_an_address<E: ProvideErrorMetadata>(error: &SdkError<E>) -> bool {
    let message = error.message().unwrap_or_default().to_lowercase();
    OF_THE_ADDRESS.iter().any(|words| message.contains(words))
}

#[cfg(test)]
mod tests;
