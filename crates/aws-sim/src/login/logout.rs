//! `/logout`, which ends the browser's session, and the error page.
//!
//! Source: developer guide, "Logout endpoint": `client_id` with `logout_uri` goes there, `client_id` with `redirect_uri` and
//! `response_type` goes to a new sign-in; tokens stay in force.

use axum::{
    extract::{RawQuery, State},
    http::{HeaderMap, StatusCode},
    response::Response,
};

use super::{authorize, cookie, found, member, members, pages, set_cookie};
use crate::{cognito::state::PoolEntry, server::App};

/// `GET /logout`.
pub(super) async fn logout(
    State(sim): State<App>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let query = query.unwrap_or_default();
    let asked = members(query.as_bytes());
    let settings = &sim.settings.pool;
    if member(&asked, "client_id") != Some(settings.client_id.as_str()) {
        return pages::error(StatusCode::BAD_REQUEST, "invalid_client");
    }
    let target = match member(&asked, "logout_uri") {
        Some(uri) => settings
            .logout_urls
            .iter()
            .find(|known| *known == uri)
            .cloned(),
        None => sim
            .read(|w| authorize::check(&sim, w, &query))
            .ok()
            .map(|_| format!("/login?{query}")),
    };
    let Some(target) = target else {
        return pages::error(StatusCode::BAD_REQUEST, "redirect_mismatch");
    };
    if let Some(old) = cookie(&headers).map(ToOwned::to_owned) {
        sim.change(|c| {
            if c.pool.browsers.contains_key(&old) {
                PoolEntry::BrowserGone(old).put(c);
            }
        })
        .await;
    }
    let mut response = found(&target);
    set_cookie(&mut response, None);
    response
}

/// `GET /error`: what a client that cannot be trusted with an answer leaves the person with.
pub(super) async fn error(RawQuery(query): RawQuery) -> Response {
    let asked = members(query.unwrap_or_default().as_bytes());
    let code = member(&asked, "error").unwrap_or("invalid_request");
    pages::error(StatusCode::BAD_REQUEST, code)
}
