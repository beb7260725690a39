//! The app, composed: REST, pages and the Marketplace landing under one set of layers.

use axum::{
    Router,
    middleware::from_fn,
    response::{IntoResponse, Response},
};
use domain::{Error, ErrorKind};
use runtime::problem::ApiError;
use tower_http::csrf::{CsrfLayer, ProtectionError};

use crate::{Http, internal, openapi, query_secrets};

pub use internal::router as internal_router;
pub use openapi::document;

/// The public router. `pages` are the console's; `landing` is the one route that a foreign site may post to.
///
/// The caller puts `runtime::stack::wrap` around it, and `security_headers::around` around that.
pub fn public_router(http: Http, pages: Router<Http>, landing: Router<Http>) -> Router {
    let (api, _) = openapi::routes().split_for_parts();
    api.merge(pages)
        // Fetch metadata and Origin decide; clients that send neither (API keys, curl) pass. See `facts` on CSRF.
        .layer(CsrfLayer::new().with_rejection_response(cross_site))
        // AWS Marketplace's own form posts across sites, so this stands outside; it changes nothing for anybody signed in.
        .merge(landing)
        .layer(from_fn(query_secrets::refuse))
        .with_state(http)
}

fn cross_site(_: ProtectionError) -> Response {
    let error = Error::new(
        ErrorKind::Forbidden,
        "cross_site",
        "Your browser says that another site sent this request, so nothing was changed. Open our page itself and do it there.",
    );
    ApiError(error).into_response()
}
