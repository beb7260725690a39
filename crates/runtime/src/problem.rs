//! `domain::Error` as an RFC 9457 problem: the one place that turns kinds into statuses.
//! Handlers answer `Result<_, ApiError>`; the request id is added, and the private cause logged, by the middleware around them.
//! Invariant: nothing of the private cause is in any answer.

use std::sync::Arc;

use axum::{
    body::Body,
    extract::Request,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use domain::{Error, ErrorKind};
use serde::Serialize;
use tracing::{debug, error, warn};

use crate::request_id::RequestId;

/// The media type of problems.
pub const CONTENT_TYPE: &str = "application/problem+json";
/// Where the pages about each code are.
pub const DOCS: &str = "/docs/problems/";
/// Seconds after which trying again makes sense, unless the answer says otherwise.
const RETRY_AFTER: HeaderValue = HeaderValue::from_static("5");

/// An error on its way to a client that reads JSON.
#[derive(Debug)]
pub struct ApiError(pub Error);

impl From<Error> for ApiError {
    fn from(error: Error) -> Self {
        Self(error)
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let mut response = answer(&self.0, None);
        response.extensions_mut().insert(Marked(Arc::new(self.0)));
        response
    }
}

/// Says to the middleware which error the answer stands for.
#[derive(Clone)]
struct Marked(Arc<Error>);

/// The error that a finished answer tells programs, for a layer outside of [`crate::stack::wrap`] that has other words for it.
pub fn told(response: &Response) -> Option<&Error> {
    let Marked(error) = response.extensions().get()?;
    Some(error)
}

/// The JSON of a problem.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Problem {
    /// A page about this code.
    #[serde(rename = "type")]
    pub kind: String,
    /// The kind of trouble, the same for every problem of the status.
    pub title: &'static str,
    /// The HTTP status.
    pub status: u16,
    /// What happened here and what to do.
    pub detail: String,
    /// The stable code.
    pub code: String,
    /// For support.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// The members that were refused, if it was about members.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<ProblemField>,
}

/// One member that was refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ProblemField {
    /// JSON pointer or form field name.
    pub pointer: String,
    /// What is wrong with it.
    pub detail: String,
}

impl Problem {
    /// The public half of an error.
    pub fn of(error: &Error, request_id: Option<&RequestId>) -> Self {
        let (status, title) = status_of(error.kind());
        let errors = error.fields().iter().map(|field| ProblemField {
            pointer: field.pointer.clone().into_owned(),
            detail: field.detail.clone().into_owned(),
        });
        Self {
            kind: format!("{DOCS}{}", error.code()),
            title,
            status: status.as_u16(),
            detail: error.message().to_owned(),
            code: error.code().to_owned(),
            request_id: request_id.map(ToString::to_string),
            errors: errors.collect(),
        }
    }
}

/// The status and title of a kind of error; pages use it too.
pub const fn status_of(kind: ErrorKind) -> (StatusCode, &'static str) {
    match kind {
        ErrorKind::Malformed => (StatusCode::BAD_REQUEST, "The request cannot be read"),
        ErrorKind::Unauthenticated => (StatusCode::UNAUTHORIZED, "Not signed in"),
        ErrorKind::Forbidden => (StatusCode::FORBIDDEN, "Not allowed"),
        ErrorKind::NotFound => (StatusCode::NOT_FOUND, "Not found"),
        ErrorKind::Conflict => (StatusCode::CONFLICT, "Against the present state"),
        ErrorKind::Gone => (StatusCode::GONE, "No longer there"),
        ErrorKind::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "Too large"),
        ErrorKind::UnsupportedMedia => (
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "A content type we do not read",
        ),
        ErrorKind::Invalid => (StatusCode::UNPROCESSABLE_ENTITY, "Refused by a rule"),
        ErrorKind::TooMany => (StatusCode::TOO_MANY_REQUESTS, "Too many requests"),
        ErrorKind::Internal => (StatusCode::INTERNAL_SERVER_ERROR, "Our mistake"),
        ErrorKind::Unavailable => (StatusCode::SERVICE_UNAVAILABLE, "Not available right now"),
    }
}

/// The private half of an error, into the log of the request at hand. For answers that are not problems, such as pages.
pub fn log_private(error: &Error) {
    let (code, cause) = (error.code(), error.private());
    match error.kind() {
        ErrorKind::Internal => error!(
            error.code = code,
            error.cause = cause,
            "the request failed by a defect"
        ),
        ErrorKind::Unavailable => warn!(
            error.code = code,
            error.cause = cause,
            "the request failed by something behind us"
        ),
        _ => debug!(
            error.code = code,
            error.cause = cause,
            "the request was refused"
        ),
    }
}

fn answer(error: &Error, request_id: Option<&RequestId>) -> Response {
    let problem = Problem::of(error, request_id);
    let status = status_of(error.kind()).0;
    let body = serde_json::to_vec(&problem).unwrap_or_default();
    let mut response = (status, body).into_response();
    dress(response.headers_mut(), status);
    response
}

fn dress(headers: &mut HeaderMap, status: StatusCode) {
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(CONTENT_TYPE));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if status == StatusCode::UNAUTHORIZED {
        headers
            .entry(header::WWW_AUTHENTICATE)
            .or_insert(HeaderValue::from_static("Bearer"));
    }
    if matches!(
        status,
        StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS
    ) {
        headers.entry(header::RETRY_AFTER).or_insert(RETRY_AFTER);
    }
}

/// The middleware: adds the request id to problems, logs their causes, and turns the bare errors of libraries into problems.
pub(crate) async fn finish(request: Request, next: Next) -> Response {
    let id = request.extensions().get::<RequestId>().cloned();
    let mut response = next.run(request).await;
    let error = match response.extensions().get::<Marked>() {
        Some(Marked(error)) => Arc::clone(error),
        None if is_bare(&response) => match bare(response.status()) {
            Some(error) => Arc::new(error),
            None => return response,
        },
        None => return response,
    };
    log_private(&error);
    let mut problem = Problem::of(&error, id.as_ref());
    if response.status() == StatusCode::METHOD_NOT_ALLOWED {
        // Not a kind of error that operations know, so it has no place in `ErrorKind`.
        problem.status = StatusCode::METHOD_NOT_ALLOWED.as_u16();
        problem.title = "Method not allowed";
    }
    let status = StatusCode::from_u16(problem.status).unwrap_or(response.status());
    *response.status_mut() = status;
    // The other headers stay: `Allow` of a 405, cookies, a `Retry-After` that knew better.
    response.headers_mut().remove(header::CONTENT_LENGTH);
    dress(response.headers_mut(), status);
    *response.body_mut() = Body::from(serde_json::to_vec(&problem).unwrap_or_default());
    response.extensions_mut().insert(Marked(error));
    response
}

/// An error that some library answered in plain text or in nothing; our own answers always name a type.
fn is_bare(response: &Response) -> bool {
    let status = response.status();
    let plain = response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_none_or(|kind| kind.as_bytes().starts_with(b"text/plain"));
    plain && (status.is_client_error() || status.is_server_error())
}

fn bare(status: StatusCode) -> Option<Error> {
    use ErrorKind as Kind;
    Some(match status {
        StatusCode::BAD_REQUEST => {
            Error::new(Kind::Malformed, "malformed", "The request cannot be read.")
        }
        StatusCode::UNAUTHORIZED => Error::new(
            Kind::Unauthenticated,
            "unauthenticated",
            "Say who you are, with a bearer token.",
        ),
        StatusCode::FORBIDDEN => Error::new(Kind::Forbidden, "forbidden", "This is not allowed."),
        StatusCode::NOT_FOUND => no_such_address(),
        // `finish` puts the status right; axum adds `Allow` by itself.
        StatusCode::METHOD_NOT_ALLOWED => Error::new(
            Kind::NotFound,
            "method_not_allowed",
            "This address does not take that method.",
        ),
        StatusCode::PAYLOAD_TOO_LARGE => too_large(),
        StatusCode::UNSUPPORTED_MEDIA_TYPE => Error::new(
            Kind::UnsupportedMedia,
            "unsupported_media_type",
            "This address does not read that content type.",
        ),
        StatusCode::UNPROCESSABLE_ENTITY => Error::new(
            Kind::Invalid,
            "invalid",
            "A rule refuses what the request says.",
        ),
        StatusCode::INTERNAL_SERVER_ERROR => Error::internal("a bare 500"),
        StatusCode::SERVICE_UNAVAILABLE => Error::new(
            Kind::Unavailable,
            "timed_out",
            "This took too long. Try again.",
        ),
        _ => return None,
    })
}

pub(crate) fn no_such_address() -> Error {
    Error::new(
        ErrorKind::NotFound,
        "not_found",
        "There is nothing at this address.",
    )
}

pub(crate) fn too_large() -> Error {
    Error::new(
        ErrorKind::TooLarge,
        "too_large",
        "The body is larger than this address takes.",
    )
}
