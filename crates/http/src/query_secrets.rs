//! Refuses API keys in a query string: query strings end up in logs, histories and referrers (ASVS 14.2.1).

use axum::{
    extract::Request,
    middleware::Next,
    response::{IntoResponse, Response},
};
use domain::{Error, ErrorKind};
use runtime::problem::ApiError;

pub(crate) async fn refuse(request: Request, next: Next) -> Response {
    let query = request.uri().query().unwrap_or_default();
    if query.contains("ppk_test_") || query.contains("ppk_live_") {
        return ApiError(Error::new(
            ErrorKind::Malformed,
            "secret_in_query",
            "An API key must not be in a URL. Send it as `Authorization: Bearer`, and revoke this one: it may have been logged on the way.",
        ))
        .into_response();
    }
    next.run(request).await
}
