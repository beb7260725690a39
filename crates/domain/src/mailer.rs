//! The port that sends our own mail. First passwords and reset codes are the identity provider's mail, not ours.

use async_trait::async_trait;

use crate::registration::Email;

/// One mail, in plain text.
#[derive(Clone, PartialEq, Eq)]
pub struct Mail {
    /// Whom it goes to.
    pub to: Email,
    /// The subject: one line.
    pub subject: String,
    /// The text. May carry a one-time link, so it is not for any log.
    pub text: String,
}

impl std::fmt::Debug for Mail {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Mail")
            .field("subject", &self.subject)
            .finish_non_exhaustive()
    }
}

/// Why a mail was not sent.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    /// Out of reach or throttled: it may be sent again.
    #[error("the mail service did not answer: {0}")]
    Busy(String),
    /// It refuses us or our sender address: a person of ours must look.
    #[error("the mail service refuses us: {0}")]
    Misconfigured(String),
    /// It refuses this recipient for good.
    #[error("the mail service refuses the recipient: {0}")]
    BadAddress(String),
}

/// The mail service. There is no idempotency: after a lost answer a mail may be sent twice, which its text must bear.
#[async_trait]
pub trait Mailer: Send + Sync {
    /// Hands the mail over (SES v2 `SendEmail`).
    async fn send(&self, mail: &Mail) -> Result<(), MailError>;
}
