//! What an SDK error means, whichever service it came from: does time mend it, or does a person have to?
//! Keeps AWS's error code, HTTP status and request id. AWS's own *message* is read but never kept: it may quote what was sent.

use std::{error::Error, fmt};

use aws_sdk_marketplacemetering::{
    error::{ProvideErrorMetadata, SdkError},
    operation::RequestId,
};

use crate::strip::StripError;

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

/// What mends a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cure {
    /// Time: the same call may pass later.
    Time,
    /// A person: role, region, product or program is wrong.
    Person,
}

/// One failed call, fit to print.
#[derive(Debug)]
pub(crate) struct Failure {
    code: Option<String>,
    cure: Cure,
    stale_credentials: bool,
    text: String,
}

impl Failure {
    /// Reads an SDK error.
    pub(crate) fn of<E>(error: &SdkError<E>) -> Self
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
            // Our own interceptor refused, because the SDK changed under it: no time will mend that.
            _ if causes(error).any(|cause| cause.is::<StripError>()) => {
                Self::without_code(Cure::Person, chain(error))
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
        let part = cause.to_string();
        if parts.last() != Some(&part) {
            parts.push(part);
        }
    }
    masked(&parts.join(": "))
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
mod tests {
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

    #[test]
    fn account_ids_are_masked() {
        assert_eq!(
            masked("arn:aws:iam::111122223333:role/x"),
            "arn:aws:iam::…3333:role/x"
        );
        assert_eq!(masked("port 8080 at 20261122"), "port 8080 at 20261122");
        assert_eq!(masked("111122223333"), "…3333");
    }
}
