//! The middleware in front of every internal route: no valid peer token, no handler.
//! Reads the body before the handler does, since the token covers it.

use std::sync::Arc;

use axum::{
    body::Body,
    extract::{FromRequestParts, OriginalUri, Request, State},
    http::{header, request::Parts},
    middleware::Next,
    response::{IntoResponse, Response},
};
use domain::{Error, ErrorKind, RealTime};

use super::{PeerRefusal, PeerVerifier};
use crate::problem::{ApiError, too_large};

/// The largest internal body: a batch of usage events. The routes have limits of their own beneath it.
const MAX_BODY: usize = 1024 * 1024;

/// The peer behind a request, for handlers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PeerCaller {
    /// On whose behalf it asks, if on anybody's.
    pub acting: Option<String>,
}

impl<S: Send + Sync> FromRequestParts<S> for PeerCaller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        // Only there behind `require_peer`: a route outside of it answers 401 and not by accident.
        let caller = parts.extensions.get::<Self>().cloned();
        caller.ok_or_else(|| refuse(PeerRefusal::Missing))
    }
}

/// For `axum::middleware::from_fn_with_state((verifier, real), require_peer)`.
pub async fn require_peer(
    State((verifier, real)): State<(Arc<PeerVerifier>, Arc<dyn RealTime>)>,
    request: Request,
    next: Next,
) -> Response {
    match authenticate(&verifier, &*real, request).await {
        Ok(request) => next.run(request).await,
        Err(error) => error.into_response(),
    }
}

async fn authenticate(
    verifier: &PeerVerifier,
    real: &dyn RealTime,
    request: Request,
) -> Result<Request, ApiError> {
    let (mut parts, body) = request.into_parts();
    let token = parts
        .headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.strip_prefix("Bearer "))
        .ok_or_else(|| refuse(PeerRefusal::Missing))?;
    let body = axum::body::to_bytes(body, MAX_BODY)
        .await
        .map_err(|_| ApiError(too_large()))?;
    // Nesting cuts the path; the token is over the one that was sent.
    let uri = parts
        .extensions
        .get::<OriginalUri>()
        .map_or(&parts.uri, |OriginalUri(uri)| uri);
    let path = uri.path_and_query().map_or("/", |path| path.as_str());
    let acting = verifier
        .verify(token, parts.method.as_str(), path, &body, real.now())
        .map_err(refuse)?;
    parts.extensions.insert(PeerCaller { acting });
    Ok(Request::from_parts(parts, Body::from(body)))
}

fn refuse(refusal: PeerRefusal) -> ApiError {
    // The reason is logged as the cause; an answer that told it would help to forge the next one.
    tracing::warn!(peer.refusal = %refusal, "an internal request was refused");
    ApiError(
        Error::new(
            ErrorKind::Unauthenticated,
            "unauthenticated",
            "Only the peer service may ask here, with a fresh token.",
        )
        .because(refusal),
    )
}
