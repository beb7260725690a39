//! The process: routes, background delivery, and an orderly stop.
//!
//! Invariant: every route that a person or a test uses is named here.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use axum::{
    Router,
    extract::DefaultBodyLimit,
    routing::{any, post},
};
use tokio::net::TcpListener;

use crate::{
    cognito,
    connection::{CuttableListener, Wire},
    control, events, login, ses,
    sim::Sim,
    storefront, wire,
};

/// What handlers share.
pub type App = Arc<Sim>;

/// How often due events are looked for; the clock moves at its own pace between two looks.
const TICK: Duration = Duration::from_millis(250);
/// How long open requests may take once the process is asked to stop.
const DRAIN: Duration = Duration::from_secs(5);

/// All routes.
pub fn router(sim: App) -> Router {
    let rest = ses::PATHS.iter().fold(Router::new(), |router, (path, _)| {
        router.route(path, any(wire::handle))
    });
    Router::new()
        .route("/", post(wire::handle).get(storefront::root))
        .route(
            "/service/{service}/operation/{operation}",
            post(wire::handle),
        )
        // A queue URL is an endpoint of its own for older clients.
        .route("/{account}/{queue}", post(wire::handle))
        .merge(rest)
        .merge(control::routes())
        .merge(login::routes())
        .merge(storefront::routes())
        .fallback(storefront::not_found)
        .layer(DefaultBodyLimit::max(64 * 1024 * 1024))
        .with_state(sim)
}

/// Serves until `stop` resolves, then drains.
///
/// # Errors
///
/// If the listener fails, or the user pool cannot be prepared.
pub async fn serve(
    sim: App,
    listener: TcpListener,
    stop: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let addr: SocketAddr = listener.local_addr()?;
    cognito::prepare(&sim)
        .await
        .map_err(std::io::Error::other)?;
    tracing::info!(address = %addr, "aws-sim is listening; the storefront is at http://{addr}/storefront");
    let stopping = Arc::clone(&sim);
    let signal = async move {
        stop.await;
        tracing::info!("stopping");
        stopping.stop();
    };
    let service = router(Arc::clone(&sim)).into_make_service_with_connect_info::<Wire>();
    let server = axum::serve(CuttableListener(listener), service).with_graceful_shutdown(signal);
    let late = async {
        sim.stopping().await;
        tokio::time::sleep(DRAIN).await;
        tracing::warn!("some connections did not end in time");
    };
    tokio::select! { result = server.into_future() => result, () = late => Ok(()), () = tick(&sim) => Ok(()) }
}

/// Delivers events whose moment has come.
async fn tick(sim: &Sim) {
    let mut interval = tokio::time::interval(TICK);
    loop {
        interval.tick().await;
        let now = sim.clock.business_ms();
        if sim.read(|w| w.scheduled.values().any(|e| e.due_ms <= now)) {
            sim.change(|c| events::deliver_due(sim, c)).await;
        }
    }
}
