//! The security headers of every answer, in one place (ASVS 3.4). Pages have one policy, everything else another.
//! A page's policy lets scripts of our own files run, and inline ones that carry the answer's own nonce: none does yet, and whatever
//! else appears on a page is blocked and reported (`csp_reports`). A page with islands may compile WebAssembly, and no other.

use std::sync::Arc;

use axum::{
    Router,
    extract::{Request, State},
    http::{HeaderName, HeaderValue, header},
    middleware::{Next, from_fn_with_state},
    response::Response,
};
use base64::{Engine, engine::general_purpose::STANDARD};
use domain::Ids;

/// The content security policy of pages, around the answer's nonce.
///
/// Reports go by `report-to` over TLS alone: where that is named, Chromium ignores `report-uri`, and over plain http, as in development,
/// it delivers nothing else (measured).
pub fn page_policy(nonce: &str, tls: bool, islands: bool) -> String {
    let report_to = if tls { "report-to csp; " } else { "" };
    let wasm = if islands { " 'wasm-unsafe-eval'" } else { "" };
    format!(
        "default-src 'none'; script-src 'self' 'nonce-{nonce}'{wasm}; style-src 'self'; img-src 'self' data:; font-src 'self'; \
         connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'; \
         {report_to}report-uri /csp-reports"
    )
}

/// An extension of the response: the page has islands, which are WebAssembly.
#[derive(Debug, Clone, Copy)]
pub struct Islands;

/// The content security policy of everything that is no page: data is not to be rendered, framed or run.
pub const DATA_POLICY: &str =
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox";

const REPORTING_ENDPOINTS: HeaderName = HeaderName::from_static("reporting-endpoints");

const HEADERS: [(HeaderName, &str); 7] = [
    (
        header::STRICT_TRANSPORT_SECURITY,
        "max-age=63072000; includeSubDomains",
    ),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "same-origin"),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
    ),
    // Answers are somebody's; what may be kept says so itself.
    (header::CACHE_CONTROL, "no-store"),
];

/// Puts the headers around a whole router, so that time-outs and panics answer with them too. `tls` is whether people reach us by it.
pub fn around(router: Router, ids: Arc<dyn Ids>, tls: bool) -> Router {
    router.layer(from_fn_with_state((ids, tls), add))
}

/// Adds each header that the answer does not set itself.
async fn add(
    State((ids, tls)): State<(Arc<dyn Ids>, bool)>,
    request: Request,
    next: Next,
) -> Response {
    let mut response = next.run(request).await;
    let is_page = response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    let islands = response.extensions().get::<Islands>().is_some();
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers
            .entry(name)
            .or_insert(HeaderValue::from_static(value));
    }
    let policy = if is_page {
        if tls {
            headers
                .entry(REPORTING_ENDPOINTS)
                .or_insert(HeaderValue::from_static("csp=\"/csp-reports\""));
        }
        HeaderValue::from_str(&page_policy(&nonce(&*ids), tls, islands)).ok()
    } else {
        None
    };
    headers
        .entry(header::CONTENT_SECURITY_POLICY)
        .or_insert(policy.unwrap_or(HeaderValue::from_static(DATA_POLICY)));
    response
}

/// 128 random bits, new with every answer (CSP Level 3, 7.1).
fn nonce(ids: &dyn Ids) -> String {
    let mut bytes = [0_u8; 16];
    ids.fill(&mut bytes);
    STANDARD.encode(bytes)
}
