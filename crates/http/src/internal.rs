//! The internal port: what the card plane may ask of us. Every request carries a service token for exactly its method, path and body.

use std::sync::Arc;

use axum::{
    Router,
    extract::{Request, State},
    middleware::from_fn_with_state,
    routing::post,
};
use control::Cx;
use domain::{RealTime, policy::Actor};
use runtime::{
    extract::Json,
    peer::{PeerVerifier, require_peer},
    problem::ApiError,
    request_id::RequestId,
    stack::body_limit,
};

use crate::{Http, page::Page, usage_events};

/// The internal router. The caller puts `runtime::stack::wrap` around it.
pub fn router(http: Http, verifier: Arc<PeerVerifier>) -> Router {
    let real: Arc<dyn RealTime> = Arc::clone(&http.app.real);
    Router::new()
        .route(
            "/api/v1/usage-events",
            post(usage).layer(body_limit(usage_events::MAX_BODY)),
        )
        .layer(from_fn_with_state((verifier, real), require_peer))
        .with_state(http)
}

async fn usage(
    State(http): State<Http>,
    request: Request,
) -> Result<Json<Page<usage_events::UsageResult>>, ApiError> {
    let request_id = request
        .extensions()
        .get::<RequestId>()
        .map(ToString::to_string)
        .unwrap_or_default();
    let cx = Cx::new(Arc::clone(&http.app), Actor::CardPlane, &request_id);
    usage_events::take(&cx, request).await
}
