//! Our own extractors in place of axum's: whatever a client sends wrong is answered as a problem, with a JSON pointer to the member.
//! Invariant: a refusal never repeats the value it refuses, which may be a card number.

use axum::{
    RequestExt,
    body::Bytes,
    extract::{
        FromRequest, FromRequestParts, Request,
        rejection::{BytesRejection, FailedToBufferBody},
    },
    http::{HeaderMap, header, request::Parts},
    response::{IntoResponse, Response},
};
use domain::{Error, ErrorKind, error::FieldError};
use serde::{Serialize, de::DeserializeOwned};

use crate::problem::{ApiError, too_large};

/// A JSON body, in both directions.
#[derive(Debug, Clone)]
pub struct Json<T>(pub T);

/// The query string.
#[derive(Debug, Clone)]
pub struct Query<T>(pub T);

/// The path's parameters; what does not parse is not there (404).
#[derive(Debug, Clone)]
pub struct Path<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Json<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, _: &S) -> Result<Self, ApiError> {
        if !is_json(request.headers()) {
            return Err(ApiError(Error::new(
                ErrorKind::UnsupportedMedia,
                "unsupported_media_type",
                "Send `content-type: application/json`.",
            )));
        }
        let body = body(request).await?;
        parse_json(&body).map(Self).map_err(ApiError)
    }
}

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        axum::Json(self.0).into_response()
    }
}

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        match axum::extract::Query::<T>::from_request_parts(parts, state).await {
            Ok(axum::extract::Query(value)) => Ok(Self(value)),
            Err(error) => Err(ApiError(Error::new(
                ErrorKind::Malformed,
                "malformed_query",
                format!(
                    "The query cannot be read: {}.",
                    without_value(&error.body_text())
                ),
            ))),
        }
    }
}

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        match axum::extract::Path::<T>::from_request_parts(parts, state).await {
            Ok(axum::extract::Path(value)) => Ok(Self(value)),
            Err(_) => Err(ApiError(crate::problem::no_such_address())),
        }
    }
}

/// The whole body, within the limit that `stack::wrap` or the route set.
pub async fn body(request: Request) -> Result<Bytes, ApiError> {
    request.extract().await.map_err(|rejection| {
        ApiError(match rejection {
            BytesRejection::FailedToBufferBody(FailedToBufferBody::LengthLimitError(_)) => {
                too_large()
            }
            _ => Error::new(
                ErrorKind::Malformed,
                "malformed",
                "The body ended before it was whole.",
            ),
        })
    })
}

/// Reads JSON; the error points to the member.
pub fn parse_json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Error> {
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        // The first member that is not as it should be ends the reading. What comes behind may be no JSON, or deeper than we read.
        match serde_json::from_slice::<serde_json::Value>(bytes) {
            Err(error) => not_json(&error),
            Ok(_) => refuse(&error),
        }
    })?;
    reader
        .end()
        .map_err(|error| not_json(&error))
        .map(|()| value)
}

fn refuse(error: &serde_path_to_error::Error<serde_json::Error>) -> Error {
    if !error.inner().is_data() {
        return not_json(error.inner());
    }
    let message = error.inner().to_string();
    let message = message
        .rsplit_once(" at line ")
        .map_or(&*message, |(text, _)| text);
    Error::invalid_fields(vec![FieldError {
        pointer: pointer(error.path()).into(),
        detail: without_value(message).into(),
    }])
}

fn not_json(error: &serde_json::Error) -> Error {
    let (line, column) = (error.line(), error.column());
    Error::new(
        ErrorKind::Malformed,
        "malformed_json",
        format!("The body is not JSON: look at line {line}, column {column}."),
    )
}

/// RFC 6901.
fn pointer(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    path.iter()
        .fold(String::new(), |text, segment| match segment {
            Segment::Seq { index } => format!("{text}/{index}"),
            Segment::Map { key } | Segment::Enum { variant: key } => {
                format!("{text}/{}", key.replace('~', "~0").replace('/', "~1"))
            }
            Segment::Unknown => text,
        })
}

/// serde quotes the value it did not like; what it expected is all the client needs.
fn without_value(message: &str) -> String {
    for (start, said) in [
        ("invalid type", "is of the wrong type"),
        ("invalid value", "has a value out of range"),
        ("unknown variant", "is not one of the known words"),
        ("invalid length", "has the wrong length"),
    ] {
        if let Some(at) = message.find(start) {
            let expected = message[at..].rsplit_once("expected ");
            return expected.map_or_else(
                || said.to_owned(),
                |(_, expected)| format!("{said}: expected {expected}"),
            );
        }
    }
    if message.contains("invalid digit") || message.contains("character") {
        return "a parameter is of the wrong type".to_owned();
    }
    message.to_owned()
}

fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers
        .get(header::CONTENT_TYPE)
        .and_then(|v| v.to_str().ok());
    let essence = kind
        .unwrap_or_default()
        .split(';')
        .next()
        .unwrap_or_default()
        .trim();
    essence.eq_ignore_ascii_case("application/json")
        || (essence.starts_with("application/") && essence.ends_with("+json"))
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Sample {
        #[expect(dead_code, reason = "only its reading is tested")]
        items: Vec<Item>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "camelCase", deny_unknown_fields)]
    struct Item {
        #[expect(dead_code, reason = "only its reading is tested")]
        quantity: u8,
        #[expect(dead_code, reason = "only its reading is tested")]
        mode: domain::Mode,
    }

    fn error_of(text: &str) -> Error {
        parse_json::<Sample>(text.as_bytes()).unwrap_err()
    }

    #[test]
    fn refusals_point_to_the_member_and_never_repeat_the_value() {
        for (text, pointer, detail) in [
            (
                r#"{"items":[{"quantity":"4111111111111111","mode":"test"}]}"#,
                "/items/0/quantity",
                "expected u8",
            ),
            (
                r#"{"items":[{"quantity":4111111111111111,"mode":"test"}]}"#,
                "/items/0/quantity",
                "expected u8",
            ),
            (
                r#"{"items":[{"quantity":1,"mode":"4111111111111111"}]}"#,
                "/items/0/mode",
                "expected `test` or `live`",
            ),
            (
                r#"{"items":[{"mode":"test"}]}"#,
                "/items/0",
                "missing field `quantity`",
            ),
            (r#"{"items":[],"more":1}"#, "/more", "unknown field `more`"),
        ] {
            let error = error_of(text);
            let field = &error.fields()[0];
            assert_eq!(
                (error.kind(), &*field.pointer),
                (ErrorKind::Invalid, pointer)
            );
            assert!(field.detail.contains(detail), "{}", field.detail);
            assert!(!field.detail.contains("4111"), "{}", field.detail);
        }
    }

    #[test]
    fn what_is_not_json_is_malformed() {
        // Security 51: however deep it is, and wherever.
        let deep = "[".repeat(10_000) + &"]".repeat(10_000);
        let in_a_member = format!("{{\"more\":{deep}}}");
        for text in ["", "{", "{\"items\":[]}x", "[1,]", &deep, &in_a_member] {
            assert_eq!(error_of(text).kind(), ErrorKind::Malformed, "{text}");
        }
    }
}
