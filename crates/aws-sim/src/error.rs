//! An error as AWS answers it: a code, a sentence and a status.
//!
//! How it is written depends on the protocol and is not decided here.

/// The error of one AWS call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AwsError {
    /// Shape name in the service model.
    pub code: &'static str,
    /// For people.
    pub message: String,
    /// HTTP status.
    pub status: u16,
    /// The code that older SQS clients know (`x-amzn-query-error`).
    pub query_code: Option<&'static str>,
}

impl AwsError {
    /// The caller's mistake: 400.
    pub fn client(code: &'static str, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            status: 400,
            query_code: None,
        }
    }

    /// The service's own failure: 500.
    pub fn server(code: &'static str, message: impl Into<String>) -> Self {
        Self {
            status: 500,
            ..Self::client(code, message)
        }
    }

    /// A member that breaks a constraint of the model.
    pub fn validation(message: impl Into<String>) -> Self {
        Self::client("ValidationException", message)
    }

    /// With another status.
    #[must_use]
    pub fn status(self, status: u16) -> Self {
        Self { status, ..self }
    }

    /// With the code of the query protocol.
    #[must_use]
    pub fn query(self, code: &'static str) -> Self {
        Self {
            query_code: Some(code),
            ..self
        }
    }
}
