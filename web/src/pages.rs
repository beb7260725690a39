//! The console's pages, and the table of their routes.

pub(crate) mod api_keys;
pub(crate) mod example;
pub(crate) mod keys;
pub(crate) mod setup;
pub(crate) mod usage;
pub(crate) mod welcome;

use axum::{
    Router,
    routing::{any, get},
};
use http_api::Http;
use runtime::stack::body_limit;

use crate::{assets, error_page, form};

/// Every page of the console. Signing in is not there yet: who may see them is decided by the `registration` cookie.
pub fn router() -> Router<Http> {
    Router::new()
        .route("/", get(setup::show))
        .route("/welcome", get(welcome::show).post(welcome::submit))
        .route("/keys", get(keys::list))
        .route("/api-keys", get(api_keys::list).post(api_keys::create))
        .route(
            "/api-keys/{id}/revoke",
            get(api_keys::confirm).post(api_keys::revoke),
        )
        .route("/usage", get(usage::list))
        .route("/favicon.ico", get(assets::favicon))
        .route("/assets/{name}", get(assets::show))
        .route("/{*path}", any(error_page::nowhere))
        .layer(body_limit(form::LIMIT))
}

#[cfg(test)]
mod tests {
    #[test]
    fn no_two_routes_are_in_each_others_way() {
        drop(super::router().merge(crate::landing::router()));
    }
}
