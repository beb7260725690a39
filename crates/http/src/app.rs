//! The app, composed: REST, pages and the Marketplace landing under one set of layers.

use axum::{
    Router,
    extract::Request,
    http::header,
    middleware::{Next, from_fn, from_fn_with_state},
    response::{IntoResponse, Response},
};
use domain::{Error, ErrorKind};
use runtime::problem::ApiError;
use tower_http::csrf::{CsrfLayer, ProtectionError};

use crate::{Http, csp_reports, internal, limits, openapi, query_secrets, session_cookie};

pub use internal::router as internal_router;
pub use openapi::document;

/// The public router. `pages` are the console's; `landing` is the one route that a foreign site may post to.
///
/// The caller puts `runtime::stack::wrap` around it, `web::around` around that, and `security_headers::around` around both.
pub fn public_router(http: Http, pages: Router<Http>, landing: Router<Http>) -> Router {
    let (api, _) = openapi::routes().split_for_parts();
    api.merge(pages)
        // Fetch metadata and Origin decide; clients that send neither (API keys, curl) pass. See `facts` on CSRF.
        .layer(CsrfLayer::new().with_rejection_response(cross_site))
        // AWS Marketplace's own form posts across sites, so this stands outside; it changes nothing for anybody signed in.
        .merge(landing)
        .merge(csp_reports::router())
        // Above everything that asks who is calling: a cookie whose session is over is cleared with the answer.
        .layer(from_fn(clear_stale))
        .layer(from_fn(query_secrets::refuse))
        // Above every refusal, so that they are counted too.
        .layer(from_fn_with_state(http.clone(), limits::limit))
        .with_state(http)
}

async fn clear_stale(mut request: Request, next: Next) -> Response {
    let stale = session_cookie::Stale::default();
    request.extensions_mut().insert(stale.clone());
    let mut response = next.run(request).await;
    // A new session that this very answer opens is left alone.
    if stale.is_noted()
        && !response.headers().contains_key(header::SET_COOKIE)
        && let Some(cookie) = session_cookie::clear()
    {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

fn cross_site(_: ProtectionError) -> Response {
    let error = Error::new(
        ErrorKind::Forbidden,
        "cross_site",
        "Your browser says that another site sent this request, so nothing was changed. Open our page itself and do it there.",
    );
    ApiError(error).into_response()
}
