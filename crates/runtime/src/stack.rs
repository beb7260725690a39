//! The layers around every router, listed once, outermost first, each with why it stands above the next.
//! Security headers that differ between pages and APIs belong to the services.

use std::{sync::Arc, time::Duration};

use axum::{
    Router,
    extract::DefaultBodyLimit,
    http::StatusCode,
    middleware::{from_fn, from_fn_with_state},
    response::{IntoResponse, Response},
};
use domain::{Error, Ids};
use tower_http::{catch_panic::CatchPanicLayer, timeout::TimeoutLayer};

use crate::{
    problem::{self, ApiError},
    record, request_id,
};

/// What a router takes.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// The largest body; a route may set its own by [`body_limit`].
    pub body: usize,
    /// How long until the answer begins.
    pub time: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body: 256 * 1024,
            time: Duration::from_secs(30),
        }
    }
}

/// Puts the standard layers around a finished router. To be called last: routes added afterwards stand outside.
pub fn wrap(router: Router, ids: Arc<dyn Ids>, limits: Limits) -> Router {
    router
        .fallback(no_such_address)
        .method_not_allowed_fallback(no_such_method)
        // Innermost: a limit that a route's own `body_limit` may still override.
        .layer(DefaultBodyLimit::max(limits.body))
        // Above the handlers: whatever they do, the answer begins in time.
        .layer(TimeoutLayer::with_status_code(
            StatusCode::SERVICE_UNAVAILABLE,
            limits.time,
        ))
        // Above everything that may panic.
        .layer(CatchPanicLayer::custom(panicked))
        // Above whatever answers an error, in order to put the request id into it.
        .layer(from_fn(problem::finish))
        // Above the problems: it counts the final status, and its span is around their logging.
        .layer(from_fn(record::record))
        // Outermost: everything below wants the id.
        .layer(from_fn_with_state(ids, request_id::give))
}

/// The body limit of one route or one group of routes.
pub fn body_limit(bytes: usize) -> DefaultBodyLimit {
    DefaultBodyLimit::max(bytes)
}

async fn no_such_address() -> ApiError {
    ApiError(problem::no_such_address())
}

/// axum adds `Allow` by itself.
async fn no_such_method() -> Response {
    let error = Error::new(
        domain::ErrorKind::NotFound,
        "method_not_allowed",
        "This address does not take that method.",
    );
    let mut response = ApiError(error).into_response();
    *response.status_mut() = StatusCode::METHOD_NOT_ALLOWED;
    response
}

/// The panic itself is logged by the hook of `telemetry`, with its place.
fn panicked(_: Box<dyn std::any::Any + Send>) -> Response {
    ApiError(Error::internal("a handler panicked")).into_response()
}
