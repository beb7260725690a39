//! The card plane's routers: public, internal (the control plane alone) and admin, each for a listener of its own.
//! Invariant: nothing of `/internal/v1` is routed on the public listener, and nothing of it answers without a peer token.

use std::{sync::Arc, time::Duration};

use axum::{
    Json, Router,
    extract::Request,
    http::{HeaderName, HeaderValue, header},
    middleware::{Next, from_fn, from_fn_with_state},
    response::Response,
    routing::get,
};
use runtime::{
    admin::Readiness,
    peer::{PeerVerifier, require_peer},
    stack::{Limits, wrap},
};

use crate::app::App;

mod keys;
mod openapi;

pub use openapi::document;

/// Sealed ciphertexts are a few kilobytes at most.
const PUBLIC_BODY: usize = 64 * 1024;

/// The public listener; `/v1` arrives with capture.
pub fn public_router(app: &App) -> Router {
    let router = Router::new().route("/openapi.json", get(async || Json(document())));
    dressed(app, router, PUBLIC_BODY)
}

/// The internal listener.
pub fn internal_router(app: &App, peer: Arc<PeerVerifier>) -> Router {
    let authenticated = from_fn_with_state((peer, app.real.clone()), require_peer);
    let router = Router::new()
        .nest("/internal/v1", keys::router())
        .layer(authenticated)
        .with_state(app.clone());
    dressed(app, router, Limits::default().body)
}

/// The admin listener.
pub fn admin_router(app: &App, readiness: Readiness) -> Router {
    let store = app.store.clone();
    let readiness = readiness.check("database", move || {
        let store = store.clone();
        async move { store.ping().await.map_err(|error| error.to_string()) }
    });
    let router = runtime::admin::router(readiness, runtime::telemetry::metrics());
    dressed(app, router, Limits::default().body)
}

fn dressed(app: &App, router: Router, body: usize) -> Router {
    let limits = Limits {
        body,
        time: Duration::from_secs(15),
    };
    // Outermost, so that problems carry the headers too.
    wrap(router, app.ids.clone(), limits).layer(from_fn(security_headers))
}

/// For answers that no browser shows; the agent page will bring its own policy.
async fn security_headers(request: Request, next: Next) -> Response {
    const HEADERS: [(HeaderName, HeaderValue); 6] = [
        (
            header::X_CONTENT_TYPE_OPTIONS,
            HeaderValue::from_static("nosniff"),
        ),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (
            header::CONTENT_SECURITY_POLICY,
            HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'"),
        ),
        (
            header::REFERRER_POLICY,
            HeaderValue::from_static("no-referrer"),
        ),
        (
            header::STRICT_TRANSPORT_SECURITY,
            HeaderValue::from_static("max-age=63072000; includeSubDomains"),
        ),
        (
            HeaderName::from_static("cross-origin-resource-policy"),
            HeaderValue::from_static("same-origin"),
        ),
    ];
    let mut response = next.run(request).await;
    for (name, value) in HEADERS {
        response.headers_mut().entry(name).or_insert(value);
    }
    response
}
