//! One span, one log line and one set of metrics per request, by matched path: never the raw path or query, which may carry anything.
//! Invariant: label values are bounded, since route, method and status are.

use std::time::Instant;

use axum::{
    extract::{MatchedPath, Request},
    http::Method,
    middleware::Next,
    response::Response,
};
use tracing::{Instrument, debug, field::Empty, info, info_span};

use crate::{limit::Verdict, request_id::RequestId};

/// The middleware; `stack::wrap` applies it.
pub(crate) async fn record(request: Request, next: Next) -> Response {
    let began = Instant::now();
    let method = method_name(request.method());
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or_else(|| "unmatched".to_owned(), |path| path.as_str().to_owned());
    let id = request.extensions().get::<RequestId>().cloned();
    let span = info_span!(
        "request",
        request.id = id.as_ref().map(RequestId::as_str),
        http.method = method,
        http.route = route,
        // Filled in by whoever finds out.
        tenant.id = Empty,
        actor = Empty,
    );
    let response = next.run(request).instrument(span.clone()).await;
    let (took, status) = (began.elapsed(), response.status().as_u16());
    let duration_ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
    span.in_scope(|| {
        // Probes and scrapes come every few seconds and say nothing; of refusals by a limit, `limit` tells once a minute.
        let quiet = matches!(route.as_str(), "/healthz" | "/readyz" | "/metrics")
            || matches!(response.extensions().get(), Some(Verdict::Refused { .. }));
        if quiet {
            debug!(http.status = status, duration_ms, "answered");
        } else {
            info!(
                http.status = status,
                duration_ms, "answered {method} {route} with {status}"
            );
        }
    });
    let labels = [
        ("route", route),
        ("method", method.to_owned()),
        ("status", status.to_string()),
    ];
    metrics::counter!("http_requests_total", &labels).increment(1);
    metrics::histogram!("http_request_seconds", &labels).record(took.as_secs_f64());
    response
}

/// Invented methods must not become labels.
fn method_name(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::HEAD => "HEAD",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}
