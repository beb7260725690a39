//! The request id: taken from the caller if it is sane, made otherwise; in the span, in the answer's header and in every problem.
//! It is a name for support and logs, never a key to anything.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    http::{HeaderName, HeaderValue},
    middleware::Next,
    response::Response,
};
use domain::Ids;

/// The header, in both directions.
pub const HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// The id of the request at hand; handlers find it in the request's extensions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestId(Arc<str>);

impl RequestId {
    /// The caller's id if it is at most 64 letters, digits, `-` or `_`: anything else could forge log lines.
    pub fn accept(text: &str) -> Option<Self> {
        let sane = (1..=64).contains(&text.len())
            && text
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
        sane.then(|| Self(text.into()))
    }

    /// A new one.
    pub fn make(ids: &dyn Ids) -> Self {
        Self(format!("req_{}", ids.uuid().as_simple()).into())
    }

    /// Its text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for RequestId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// The middleware; `stack::wrap` applies it.
pub(crate) async fn give(
    State(ids): State<Arc<dyn Ids>>,
    mut request: Request,
    next: Next,
) -> Response {
    let id = request
        .headers()
        .get(HEADER)
        .and_then(|value| value.to_str().ok())
        .and_then(RequestId::accept)
        .unwrap_or_else(|| RequestId::make(&*ids));
    request.extensions_mut().insert(id.clone());
    let mut response = next.run(request).await;
    if let Ok(value) = HeaderValue::from_str(id.as_str()) {
        response.headers_mut().insert(HEADER, value);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_sane_ids_are_taken_over() {
        assert!(RequestId::accept("req_0192-A").is_some());
        for wrong in ["", "a b", "a\nb", "ü", "a\"", &"x".repeat(65)] {
            assert!(RequestId::accept(wrong).is_none(), "{wrong:?}");
        }
    }
}
