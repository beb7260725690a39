//! The id of the request that is answered, for what is shown deep in a page: views know nothing of requests.

use axum::{extract::Request, middleware::Next, response::Response};
use runtime::request_id::RequestId;

tokio::task_local! {
    static ID: Option<RequestId>;
}

/// The layer around the pages: keeps it at hand while the request is answered.
pub(crate) async fn keep(request: Request, next: Next) -> Response {
    let id = request.extensions().get().cloned();
    ID.scope(id, next.run(request)).await
}

/// Of the request that is answered; none outside of any.
pub(crate) fn now() -> Option<RequestId> {
    ID.try_with(Clone::clone).ok().flatten()
}

/// Runs as if in the request with this id.
#[cfg(test)]
pub(crate) fn with<T>(id: &str, run: impl FnOnce() -> T) -> T {
    ID.sync_scope(RequestId::accept(id), run)
}
