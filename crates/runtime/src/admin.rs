//! The admin listener: is the process alive, is it ready and if not why, and its metrics.
//! For the operator's network alone; nothing here is about a tenant.

use std::{future::Future, pin::Pin, sync::Arc, time::Duration};

use axum::{
    Json, Router,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use metrics_exporter_prometheus::PrometheusHandle;
use serde_json::json;
use tokio_util::sync::CancellationToken;

/// A check that takes longer counts as failed: probes give up sooner than databases do, and [`crate::health`] after two seconds.
const CHECK_TIME: Duration = Duration::from_millis(1500);

type Answer = Pin<Box<dyn Future<Output = Result<(), String>> + Send>>;
type Check = Box<dyn Fn() -> Answer + Send + Sync>;

/// What must hold before the service takes requests, by name.
pub struct Readiness {
    leaving: CancellationToken,
    checks: Vec<(&'static str, Check)>,
}

impl Readiness {
    /// No checks yet; a process that leaves is never ready.
    pub fn new(leaving: CancellationToken) -> Self {
        Self {
            leaving,
            checks: Vec::new(),
        }
    }

    /// Adds a check; its error is a short sentence for the operator.
    #[must_use]
    pub fn check<F, R>(mut self, name: &'static str, check: F) -> Self
    where
        F: Fn() -> R + Send + Sync + 'static,
        R: Future<Output = Result<(), String>> + Send + 'static,
    {
        self.checks
            .push((name, Box::new(move || Box::pin(check()))));
        self
    }

    async fn faults(&self) -> Vec<(&'static str, String)> {
        let mut faults = Vec::new();
        if self.leaving.is_cancelled() {
            faults.push(("lifecycle", "stopping".to_owned()));
        }
        for (name, check) in &self.checks {
            let result = tokio::time::timeout(CHECK_TIME, check()).await;
            match result.unwrap_or_else(|_| Err("no answer in time".to_owned())) {
                Ok(()) => {}
                Err(why) => faults.push((name, why)),
            }
        }
        faults
    }
}

/// `/healthz`, `/readyz`, `/metrics`.
pub fn router(readiness: Readiness, metrics: PrometheusHandle) -> Router {
    let readiness = Arc::new(readiness);
    Router::new()
        .route("/healthz", get(|| async { Json(json!({"status": "ok"})) }))
        .route("/readyz", get(ready).with_state(Arc::clone(&readiness)))
        .route("/metrics", get(scrape).with_state((readiness, metrics)))
}

async fn ready(State(readiness): State<Arc<Readiness>>) -> Response {
    let faults = readiness.faults().await;
    if faults.is_empty() {
        return Json(json!({"status": "ready", "notReady": []})).into_response();
    }
    let list: Vec<_> = faults
        .into_iter()
        .map(|(name, why)| json!({"name": name, "reason": why}))
        .collect();
    let body = Json(json!({"status": "notReady", "notReady": list}));
    (StatusCode::SERVICE_UNAVAILABLE, body).into_response()
}

async fn scrape(
    State((readiness, metrics)): State<(Arc<Readiness>, PrometheusHandle)>,
) -> Response {
    // As of now, and not as of the last probe: there may be none.
    let is_ready = readiness.faults().await.is_empty();
    metrics::gauge!("service_ready").set(if is_ready { 1.0 } else { 0.0 });
    let kind = [(header::CONTENT_TYPE, "text/plain; version=0.0.4")];
    (kind, metrics.render()).into_response()
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};

    use axum::{body::Body, extract::Request};
    use tower::ServiceExt;

    use super::*;

    #[tokio::test]
    async fn readiness_names_what_is_missing_and_ends_with_the_process() {
        let (stop, database) = (CancellationToken::new(), Arc::new(AtomicBool::new(false)));
        let seen = database.clone();
        let readiness = Readiness::new(stop.clone()).check("database", move || {
            let up = seen.load(Ordering::SeqCst);
            async move { if up { Ok(()) } else { Err("away".to_owned()) } }
        });
        let router = router(readiness, crate::telemetry::metrics());
        let ask_at = async |path: &str| {
            let request = Request::get(path).body(Body::empty()).unwrap();
            let answer = router.clone().oneshot(request).await.unwrap();
            let status = answer.status();
            let body = answer.into_body();
            let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap();
            (status.as_u16(), String::from_utf8(bytes.to_vec()).unwrap())
        };
        let ask = async || ask_at("/readyz").await;
        let (status, text) = ask().await;
        assert_eq!(status, 503);
        assert!(
            text.contains(r#"{"name":"database","reason":"away"}"#),
            "{text}"
        );
        database.store(true, Ordering::SeqCst);
        assert_eq!(ask().await.0, 200);
        let (status, text) = ask_at("/metrics").await;
        assert_eq!(status, 200);
        assert!(
            text.lines().any(|line| line.starts_with("service_ready ")),
            "{text}"
        );
        stop.cancel();
        assert_eq!(ask().await.0, 503);
    }
}
