//! The one error type of the product: a stable code and a public sentence for the outside, a private source for the log.
//! The source is reachable only through [`Error::private`], so it cannot reach a client through `Display` by accident.

use std::{borrow::Cow, sync::Arc};

/// `Result` with our [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What the reader of an error can do about it; `docs/http-status.md` maps each kind to a status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ErrorKind {
    /// The request cannot be understood (400).
    Malformed,
    /// Understood, but a rule refuses what it says (422).
    Invalid,
    /// Nobody, or somebody we do not know (401).
    Unauthenticated,
    /// Known, but not allowed (403).
    Forbidden,
    /// Not there, or another tenant's (404).
    NotFound,
    /// Against the present state (409).
    Conflict,
    /// Was there, is no more (410).
    Gone,
    /// Larger than the limit (413).
    TooLarge,
    /// The content type is not one we read (415).
    UnsupportedMedia,
    /// Too often (429).
    TooMany,
    /// A defect of ours (500).
    Internal,
    /// A service behind us failed or is away; the same request may succeed later (503).
    Unavailable,
}

/// One field that a rule refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// JSON pointer (RFC 6901) or form field name.
    pub pointer: Cow<'static, str>,
    /// What is wrong and what would be right.
    pub detail: Cow<'static, str>,
}

/// An error with two audiences.
#[derive(Clone)]
pub struct Error {
    kind: ErrorKind,
    code: &'static str,
    message: Cow<'static, str>,
    fields: Vec<FieldError>,
    source: Option<Arc<dyn std::error::Error + Send + Sync>>,
    undone: bool,
}

/// The code of a change that may have been made or not: the answer to its commit was lost, and nothing tells which.
pub const OUTCOME_UNKNOWN: &str = "outcome_unknown";

impl Error {
    /// An error whose `code` is stable (`snake_case`) and whose `message` may be shown to anyone.
    pub fn new(kind: ErrorKind, code: &'static str, message: impl Into<Cow<'static, str>>) -> Self {
        Self {
            kind,
            code,
            message: message.into(),
            fields: Vec::new(),
            source: None,
            undone: false,
        }
    }

    /// A defect or a fault of the surroundings, told to the client in general words only.
    pub fn internal(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::new(
            ErrorKind::Internal,
            "internal",
            "Something went wrong on our side. Try again; if it stays, send us the request id.",
        )
        .because(source)
    }

    /// A service behind us that is away for now.
    pub fn unavailable(
        message: impl Into<Cow<'static, str>>,
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Self {
        Self::new(ErrorKind::Unavailable, "unavailable", message).because(source)
    }

    /// A change whose commit was not answered: it may have been made or not.
    pub fn outcome_unknown(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::new(
            ErrorKind::Unavailable,
            OUTCOME_UNKNOWN,
            "The connection to the database was lost while this was being kept, so it may be done or not. Look what is there before you ask again.",
        )
        .because(source)
    }

    /// The thing is not there, or belongs to somebody else, which must look the same.
    pub fn not_found(noun: &'static str) -> Self {
        Self::new(
            ErrorKind::NotFound,
            "not_found",
            format!("There is no such {noun}."),
        )
    }

    /// One field of a form or body was refused.
    pub fn field(
        code: &'static str,
        pointer: impl Into<Cow<'static, str>>,
        detail: impl Into<Cow<'static, str>>,
    ) -> Self {
        let detail = detail.into();
        let mut error = Self::new(ErrorKind::Invalid, code, detail.clone());
        error.fields.push(FieldError {
            pointer: pointer.into(),
            detail,
        });
        error
    }

    /// Several fields were refused at once.
    pub fn invalid_fields(fields: Vec<FieldError>) -> Self {
        let mut error = Self::new(
            ErrorKind::Invalid,
            "invalid_fields",
            "Some fields need another look.",
        );
        error.fields = fields;
        error
    }

    /// Adds the private cause.
    #[must_use]
    pub fn because(mut self, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        self.source = Some(Arc::from(source.into()));
        self
    }

    /// With the certainty that nothing was changed, and that the same may succeed if it is done anew, from its beginning.
    #[must_use]
    pub fn undone(mut self) -> Self {
        self.undone = true;
        self
    }

    /// Whether nothing was changed and the same may succeed if it is done anew, from its beginning.
    pub fn is_undone(&self) -> bool {
        self.undone
    }

    /// Whether it may have been done or not.
    pub fn is_outcome_unknown(&self) -> bool {
        self.code == OUTCOME_UNKNOWN
    }

    /// What the reader can do about it.
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// The stable code.
    pub fn code(&self) -> &'static str {
        self.code
    }

    /// The public sentence.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The fields that were refused, if it was about fields.
    pub fn fields(&self) -> &[FieldError] {
        &self.fields
    }

    /// The private cause with its own causes, for the log alone.
    pub fn private(&self) -> String {
        let mut text = String::new();
        let mut next: Option<&(dyn std::error::Error + 'static)> =
            self.source.as_deref().map(|e| e as _);
        while let Some(error) = next {
            if !text.is_empty() {
                text.push_str(": ");
            }
            text.push_str(&error.to_string());
            next = error.source();
        }
        text
    }
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::fmt::Debug for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Error")
            .field("kind", &self.kind)
            .field("code", &self.code)
            .field("message", &self.message)
            .finish_non_exhaustive()
    }
}

// `source()` stays None on purpose: error reporters that walk the chain must not print the private cause.
impl std::error::Error for Error {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_private_cause_is_in_neither_display_nor_debug() {
        let error = Error::internal(std::io::Error::other("password=hunter2"));
        assert!(error.private().contains("hunter2"));
        assert!(!format!("{error} {error:?} {error:#?}").contains("hunter2"));
        assert!(std::error::Error::source(&error).is_none());
    }
}
