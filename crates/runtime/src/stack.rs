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
    // axum's own bare 404 and 405 stay: they pass through the layers that the router brings along, such as its security headers, which
    // fallbacks set here would not. `problem::finish` turns them into problems.
    router
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

/// The panic itself is logged by the hook of `telemetry`, with its place.
fn panicked(_: Box<dyn std::any::Any + Send>) -> Response {
    ApiError(Error::internal("a handler panicked")).into_response()
}

#[cfg(test)]
mod tests {
    use axum::{
        body::Body,
        extract::Request,
        http::{HeaderMap, Method},
        routing::{get, post},
    };
    use domain::ErrorKind;
    use serde_json::Value;
    use tower::ServiceExt;

    use super::*;
    use crate::extract::Json;

    async fn panics() {
        panic!("password=hunter2");
    }

    fn router() -> Router {
        let ids = Arc::new(crate::ids::SystemIds::new(Arc::new(
            crate::clock::SystemRealTime,
        )));
        let broken = || async { Err::<(), _>(ApiError(Error::internal("password=hunter2"))) };
        let away = || async {
            let error = Error::new(ErrorKind::Unavailable, "away", "Away.");
            ([("retry-after", "9")], ApiError(error)).into_response()
        };
        let router = Router::new()
            .route("/panic", get(panics))
            .route("/broken", get(broken))
            .route("/away", get(away))
            .route("/stuck", get(std::future::pending::<()>))
            .route(
                "/small",
                post(|_: Json<Value>| async {}).layer(body_limit(4)),
            )
            .route(
                "/page",
                get(|| async { (StatusCode::NOT_FOUND, axum::response::Html("<p>")) }),
            );
        let limits = Limits {
            time: Duration::from_millis(20),
            ..Limits::default()
        };
        wrap(router, ids, limits)
    }

    async fn ask(method: Method, path: &str, kind: &str, body: &str) -> (u16, HeaderMap, String) {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("content-type", kind)
            .body(Body::from(body.to_owned()))
            .unwrap();
        let answer = router().oneshot(request).await.unwrap();
        let (parts, body) = answer.into_parts();
        let bytes = axum::body::to_bytes(body, 4096).await.unwrap();
        let text = String::from_utf8(bytes.to_vec()).unwrap();
        (parts.status.as_u16(), parts.headers, text)
    }

    #[tokio::test]
    async fn every_failure_is_a_problem_with_the_request_id_and_no_private_cause() {
        let json = "application/json";
        for (method, path, kind, body, status, code) in [
            (Method::GET, "/panic", json, "", 500, "internal"),
            (Method::GET, "/broken", json, "", 500, "internal"),
            (Method::GET, "/away", json, "", 503, "away"),
            (Method::GET, "/stuck", json, "", 503, "timed_out"),
            (
                Method::GET,
                "/nowhere?card=4111",
                json,
                "",
                404,
                "not_found",
            ),
            (Method::PUT, "/small", json, "", 405, "method_not_allowed"),
            (Method::POST, "/small", json, "[1,2,3]", 413, "too_large"),
            (Method::POST, "/small", json, "[1", 400, "malformed_json"),
            (
                Method::POST,
                "/small",
                "text/plain",
                "1",
                415,
                "unsupported_media_type",
            ),
        ] {
            let (found, headers, text) = ask(method, path, kind, body).await;
            let problem: Value = serde_json::from_str(&text).unwrap();
            assert_eq!((found, &problem["code"]), (status, &code.into()), "{path}");
            assert_eq!(problem["status"], status);
            assert_eq!(problem["type"], format!("/docs/problems/{code}"));
            assert_eq!(headers["content-type"], problem::CONTENT_TYPE);
            assert_eq!(
                headers["x-request-id"],
                problem["requestId"].as_str().unwrap()
            );
            assert!(
                !text.contains("hunter2") && !text.contains("4111"),
                "{text}"
            );
        }
    }

    #[tokio::test]
    async fn layers_outside_hear_which_error_was_told() {
        for (path, code) in [
            ("/panic", "internal"),
            ("/stuck", "timed_out"),
            ("/away", "away"),
            ("/small", "method_not_allowed"),
            ("/nowhere", "not_found"),
        ] {
            let request = Request::get(path).body(Body::empty()).unwrap();
            let answer = router().oneshot(request).await.unwrap();
            assert_eq!(problem::told(&answer).unwrap().code(), code, "{path}");
        }
        let request = Request::get("/page").body(Body::empty()).unwrap();
        let answer = router().oneshot(request).await.unwrap();
        assert!(problem::told(&answer).is_none());
    }

    #[tokio::test]
    async fn headers_that_knew_better_stay() {
        let (_, headers, _) = ask(Method::GET, "/away", "text/plain", "").await;
        assert_eq!(headers["retry-after"], "9");
        let (_, headers, _) = ask(Method::GET, "/stuck", "text/plain", "").await;
        assert_eq!(headers["retry-after"], "5");
        let (_, headers, _) = ask(Method::PUT, "/small", "text/plain", "").await;
        assert_eq!(headers["allow"], "POST");
        let (_, _, text) = ask(Method::GET, "/page", "text/plain", "").await;
        assert_eq!(text, "<p>");
    }
}
