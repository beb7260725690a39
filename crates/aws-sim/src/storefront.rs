//! The storefront: what a buyer sees of AWS Marketplace, as plain pages and forms that need no JavaScript.
//!
//! Not a copy of Amazon's pages: only the steps matter (subscribe, set up your account, cancel). Forms answer 303.
//! Invariant: no inline style or script, so the content policy closes everything but our own stylesheet.

use axum::{
    Router,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};

use crate::server::App;

mod authenticator;
mod books;
mod clock;
pub(crate) mod html;
mod listing;
mod mailbox;
mod subscriptions;

const STYLESHEET: &str = include_str!("../assets/storefront.css");

/// All pages for people.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/storefront", get(listing::show))
        .route(
            "/storefront/subscriptions",
            get(subscriptions::list).post(listing::subscribe),
        )
        .route("/storefront/subscriptions/{id}", get(subscriptions::show))
        .route(
            "/storefront/subscriptions/{id}/cancel",
            post(subscriptions::cancel),
        )
        .route("/storefront/books", get(books::show))
        .route("/storefront/clock", post(clock::advance))
        .route("/storefront/storefront.css", get(stylesheet))
        .route("/mailbox", get(mailbox::show))
        .route("/authenticator", get(authenticator::show))
}

/// `GET /`: people land on the storefront.
pub async fn root() -> Redirect {
    Redirect::to("/storefront")
}

/// Any address that nothing answers to.
pub async fn not_found(headers: HeaderMap) -> Response {
    let browser = headers
        .get(header::ACCEPT)
        .and_then(|a| a.to_str().ok())
        .is_some_and(|a| a.contains("text/html"));
    if browser {
        return Page::plain(
            StatusCode::NOT_FOUND,
            "Nothing here",
            "This address does not exist.",
        )
        .into_response();
    }
    crate::agreements::Refusal(404, "This address does not exist.".into()).into_response()
}

async fn stylesheet() -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/css; charset=utf-8"),
        (header::CACHE_CONTROL, "no-cache"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (headers, STYLESHEET).into_response()
}

/// A rendered page with its status; the headers are the same for all.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) status: StatusCode,
    pub(crate) html: String,
    /// Origins beside our own that a form of the page posts to, directly or by redirect.
    pub(crate) form_target: Option<String>,
}

impl Page {
    fn ok(html: String) -> Self {
        Self {
            status: StatusCode::OK,
            html,
            form_target: None,
        }
    }

    fn plain(status: StatusCode, title: &str, text: &str) -> Self {
        Self {
            status,
            html: html::bare(title, text),
            form_target: None,
        }
    }
}

impl IntoResponse for Page {
    fn into_response(self) -> Response {
        let target = self
            .form_target
            .map(|t| format!(" {t}"))
            .unwrap_or_default();
        let policy = format!(
            "default-src 'none'; style-src 'self'; form-action 'self'{target}; frame-ancestors 'none'; base-uri 'none'"
        );
        let mut response = (self.status, self.html).into_response();
        let headers = response.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("text/html; charset=utf-8"),
        );
        if let Ok(policy) = HeaderValue::from_str(&policy) {
            headers.insert(header::CONTENT_SECURITY_POLICY, policy);
        }
        headers.insert(
            header::X_CONTENT_TYPE_OPTIONS,
            HeaderValue::from_static("nosniff"),
        );
        // The cross-site POST carries its true Origin, as from the real Marketplace, but no path.
        headers.insert(
            header::REFERRER_POLICY,
            HeaderValue::from_static("strict-origin-when-cross-origin"),
        );
        // A page may hold a fresh registration token.
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        response
    }
}
