//! What an SDK error means, whichever service it came from: does time mend it, or does a person have to?
//! Keeps AWS's error code, HTTP status and request id. AWS's own *message* is read but never kept: it may quote what was sent.

use std::{error::Error, fmt};

use aws_smithy_runtime_api::client::{orchestrator::HttpResponse, result};
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use aws_types::request_id::RequestId;

#[cfg(feature = "control")]
use crate::strip::StripError;

/// What every client of the SDK answers instead of its output.
pub(crate) type SdkError<E> = result::SdkError<E, HttpResponse>;

/// Codes of throttling and of failing services that come with a 4xx status; 429 and 5xx speak for themselves.
/// The throttling ones are those the SDK itself knows (`aws-runtime`, `THROTTLING_ERRORS`), as far as they concern these services.
const PASSING: [&str; 19] = [
    "Throttling",
    "ThrottlingException",
    "ThrottledException",
    "RequestThrottledException",
    "RequestThrottled",
    "TooManyRequestsException",
    "RequestLimitExceeded",
    "LimitExceededException",
    "BandwidthLimitExceeded",
    "SlowDown",
    "PriorRequestNotComplete",
    "KmsThrottled",
    "InternalServiceErrorException",
    "InternalFailure",
    "ServiceUnavailable",
    "RequestTimeout",
    "RequestTimeoutException",
    // The SDK measures the clock's error from this answer and signs the next call by AWS's time.
    "RequestTimeTooSkewed",
    "RequestExpired",
];

/// How many of [`PASSING`], from its beginning, are throttling.
const THROTTLING: usize = 12;

/// How the SDK words what is wrong on this side before anything was sent. It has no types for it that can be named here; should it change
/// its words, these count as passing again, which loses nothing. A credentials provider that merely did not answer is not among them.
const OURS: [&str; 4] = [
    "no credentials found in chain",
    "missing signing region",
    "Missing Region",
    "failed to apply endpoint",
];

/// The longest text kept of causes: the credentials chain tells of every provider it tried.
const MAX_CHAIN: usize = 600;

/// What mends a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cure {
    /// Time: the same call may pass later.
    Time,
    /// A person: role, region, product or program is wrong.
    Person,
}

/// What failed calls are counted as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// AWS asks us to slow down.
    Throttled,
    /// AWS or the way to it failed, and the same call may pass later.
    Passing,
    /// AWS refused the call; some refusals are answers that we asked for.
    Refused,
}

impl Kind {
    fn of(failure: &Failure, throttled: bool) -> Self {
        match (throttled, failure.cure) {
            (true, _) => Self::Throttled,
            (false, Cure::Time) => Self::Passing,
            (false, Cure::Person) => Self::Refused,
        }
    }
}

/// Makes the counter of failures known before there are any: what never happened is 0 then, and not unknown.
pub fn register_metrics() {
    for kind in [Kind::Throttled, Kind::Passing, Kind::Refused] {
        count(kind, 0);
    }
}

fn count(kind: Kind, failures: u64) {
    let word = match kind {
        Kind::Throttled => "throttled",
        Kind::Passing => "passing",
        Kind::Refused => "refused",
    };
    metrics::counter!("aws_failures_total", "kind" => word).increment(failures);
}

fn status_of<E>(error: &SdkError<E>) -> u16 {
    match error {
        SdkError::ServiceError(context) => context.raw().status().as_u16(),
        _ => 0,
    }
}

/// One failed call, fit to print.
#[derive(Debug)]
pub(crate) struct Failure {
    code: Option<String>,
    cure: Cure,
    #[cfg_attr(
        not(feature = "control"),
        expect(dead_code, reason = "registration tokens are the control plane's")
    )]
    stale_credentials: bool,
    text: String,
}

impl Failure {
    /// Reads an SDK error.
    pub(crate) fn of<E>(error: &SdkError<E>) -> Self
    where
        E: ProvideErrorMetadata + Error + 'static,
    {
        let failure = Self::read(error);
        let throttled = failure.is_throttling(status_of(error));
        count(Kind::of(&failure, throttled), 1);
        failure
    }

    fn read<E>(error: &SdkError<E>) -> Self
    where
        E: ProvideErrorMetadata + Error + 'static,
    {
        let request = error.request_id().unwrap_or("unknown");
        match error {
            SdkError::ServiceError(context) => {
                let (said, status) = (context.err(), context.raw().status().as_u16());
                let message = said.message().unwrap_or_default();
                let code = said.code().unwrap_or("an error without a code");
                Self {
                    cure: cure(code, message, status),
                    stale_credentials: message.contains("security token included in the request"),
                    text: format!("{code} (HTTP {status}, request {request})"),
                    code: said.code().map(str::to_owned),
                }
            }
            // The answer came but says nothing we can read, so what AWS did is unknown: the same as an answer that was lost.
            SdkError::ResponseError(context) => {
                let status = context.raw().status().as_u16();
                let why = error.source().map(ToString::to_string).unwrap_or_default();
                let why = masked(&why);
                Self::without_code(
                    Cure::Time,
                    format!("the answer cannot be read: {why} (HTTP {status}, request {request})"),
                )
            }
            SdkError::ConstructionFailure(_) => Self::without_code(Cure::Person, chain(error)),
            SdkError::DispatchFailure(_) => {
                let text = chain(error);
                // `StripError`: our own interceptor refused, because the SDK changed under it.
                #[cfg(feature = "control")]
                let stripping = causes(error).any(<dyn Error>::is::<StripError>);
                #[cfg(not(feature = "control"))]
                let stripping = false;
                let ours = stripping || OURS.iter().any(|words| text.contains(words));
                let cure = if ours { Cure::Person } else { Cure::Time };
                Self::without_code(cure, text)
            }
            _ => Self::without_code(Cure::Time, chain(error)),
        }
    }

    fn without_code(cure: Cure, text: String) -> Self {
        Self {
            code: None,
            cure,
            stale_credentials: false,
            text,
        }
    }

    fn is_throttling(&self, status: u16) -> bool {
        let known = |code| PASSING[..THROTTLING].contains(&code);
        status == 429 || self.code().is_some_and(known)
    }

    /// AWS's error code, if AWS said anything.
    pub(crate) fn code(&self) -> Option<&str> {
        self.code.as_deref()
    }

    /// What mends it.
    pub(crate) fn cure(&self) -> Cure {
        self.cure
    }

    /// Whether AWS complains of *our* credentials. Their expiry bears the same code as that of a registration token
    /// (`ExpiredTokenException`); only the message tells them apart.
    #[cfg(feature = "control")]
    pub(crate) fn is_about_our_credentials(&self) -> bool {
        self.stale_credentials
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

fn cure(code: &str, message: &str, status: u16) -> Cure {
    // A wrong clock and a wrong secret share a code; the clock is corrected by the SDK from this very answer.
    let skewed = code == "InvalidSignatureException"
        && (message.starts_with("Signature expired")
            || message.starts_with("Signature not yet current"));
    if skewed || status == 429 || status >= 500 || PASSING.contains(&code) {
        Cure::Time
    } else {
        Cure::Person
    }
}

fn causes<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |cause| (**cause).source())
}

/// All causes in one line. They arose on this side of the wire, or while credentials were fetched.
fn chain(error: &(dyn Error + 'static)) -> String {
    let mut parts: Vec<String> = Vec::new();
    for cause in causes(error) {
        let text = cause.to_string();
        let part = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if parts.last() != Some(&part) {
            parts.push(part);
        }
    }
    masked(&parts.join(": ")).chars().take(MAX_CHAIN).collect()
}

/// Shortens account ids: each run of twelve or more digits keeps its last four.
fn masked(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut digits = String::new();
    for c in text.chars().chain(std::iter::once('\0')) {
        if c.is_ascii_digit() {
            digits.push(c);
            continue;
        }
        match digits.len().checked_sub(4) {
            Some(hidden) if digits.len() >= 12 => {
                out.push('…');
                out.extend(digits.chars().skip(hidden));
            }
            _ => out.push_str(&digits),
        }
        digits.clear();
        if c != '\0' {
            out.push(c);
        }
    }
    out
}

#[cfg(test)]
mod tests;
