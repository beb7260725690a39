//! Managed login and the OIDC endpoints of the user pool: the browser's side of Cognito.
//!
//! Plain pages and forms without script, in English whatever `lang` asks for. Sources: Cognito developer guide, "Managed login reference"
//! and its pages on the authorize, login, logout, token, revoke and userInfo endpoints; what they leave open is a switch.
//! Invariant: a code, a token or an error leaves for a registered callback URL only.

use std::collections::BTreeMap;

use axum::{
    Router,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde_json::json;

use crate::{
    connection::Wire,
    faults::{self, Kind},
    server::App,
    sim::Sim,
};

mod authorize;
mod discovery;
mod forgot;
mod logout;
mod pages;
mod qr;
mod steps;
mod token;

/// Scopes that the app client may ask for.
pub const SCOPES: &[&str] = &[
    "openid",
    "email",
    "profile",
    "phone",
    "aws.cognito.signin.user.admin",
];

/// The cookie of managed login's browser session.
const COOKIE: &str = "cognito";
/// "A session cookie that is valid for one hour."
const BROWSER_SECONDS: i64 = 3600;

/// All pages and endpoints.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/oauth2/authorize", get(authorize::authorize))
        .route("/login", get(authorize::login).post(steps::password))
        .route("/login/new-password", post(steps::new_password))
        .route("/login/authenticator-setup", post(steps::set_up))
        .route("/login/authenticator", post(steps::code))
        .route("/forgotPassword", get(forgot::show).post(forgot::send))
        .route("/confirmforgotPassword", post(forgot::confirm))
        .route("/logout", get(logout::logout))
        .route("/error", get(logout::error))
        .route("/oauth2/token", post(token::token))
        .route("/oauth2/revoke", post(token::revoke))
        .route(
            "/oauth2/userInfo",
            get(discovery::user_info).post(discovery::user_info),
        )
        .route("/{pool}/.well-known/jwks.json", get(discovery::jwks))
        .route(
            "/{pool}/.well-known/openid-configuration",
            get(discovery::configuration),
        )
}

/// Scheme and authority of an absolute URL.
pub fn origin(url: &str) -> Option<String> {
    let (scheme, rest) = url.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    Some(format!("{scheme}://{authority}"))
}

/// A URL with more members in its query.
pub fn with_query(url: &str, members: &[(&str, Option<&str>)]) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    for (name, value) in members {
        if let Some(value) = value {
            query.append_pair(name, value);
        }
    }
    let query = query.finish();
    if query.is_empty() {
        return url.to_owned();
    }
    let mark = if url.contains('?') { '&' } else { '?' };
    format!("{url}{mark}{query}")
}

/// Members of a query or a form; of a repeated one the first counts.
fn members(text: &[u8]) -> BTreeMap<String, String> {
    let mut out = BTreeMap::new();
    for (name, value) in form_urlencoded::parse(text) {
        out.entry(name.into_owned())
            .or_insert_with(|| value.into_owned());
    }
    out
}

/// A member that is there and not empty.
fn member<'a>(members: &'a BTreeMap<String, String>, name: &str) -> Option<&'a str> {
    members
        .get(name)
        .map(String::as_str)
        .filter(|v| !v.is_empty())
}

/// 302, as Cognito answers.
fn found(location: &str) -> Response {
    let mut response = StatusCode::FOUND.into_response();
    if let Ok(value) = HeaderValue::from_str(location) {
        response.headers_mut().insert(header::LOCATION, value);
    }
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// The value of managed login's cookie.
fn cookie(headers: &HeaderMap) -> Option<&str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|h| h.to_str().ok())
        .flat_map(|h| h.split(';'))
        .find_map(|pair| pair.trim().strip_prefix(COOKIE)?.strip_prefix('='))
}

/// Sets the cookie, or with nothing clears it. Not `Secure`: this stand-in speaks plain HTTP.
fn set_cookie(response: &mut Response, value: Option<&str>) {
    let (value, age) = value.map_or(("", 0), |v| (v, BROWSER_SECONDS));
    let text = format!("{COOKIE}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={age}");
    if let Ok(value) = HeaderValue::from_str(&text) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
}

/// JSON that nobody may keep.
fn json_response(status: StatusCode, value: &serde_json::Value) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "application/json;charset=UTF-8"),
        (header::CACHE_CONTROL, "no-store"),
        (header::PRAGMA, "no-cache"),
    ];
    (status, headers, value.to_string()).into_response()
}

/// What a fault makes of an endpoint's answer.
struct Struck(StatusCode, &'static str);

impl IntoResponse for Struck {
    fn into_response(self) -> Response {
        json_response(self.0, &json!({ "error": self.1 }))
    }
}

/// Lets faults strike an endpoint that is no AWS operation; true means that the answer is to be lost.
async fn struck(sim: &Sim, wire: &Wire, name: &str) -> Result<bool, Struck> {
    let fault = sim.change(|c| faults::strike(c, name, false)).await;
    match fault.map(|f| f.kind) {
        Some(Kind::Throttle) => Err(Struck(StatusCode::TOO_MANY_REQUESTS, "too_many_requests")),
        Some(Kind::ServerError) => Err(Struck(StatusCode::INTERNAL_SERVER_ERROR, "server_error")),
        Some(Kind::Timeout) => {
            crate::wire::hold(sim, wire).await;
            Err(Struck(StatusCode::SERVICE_UNAVAILABLE, "never_sent"))
        }
        Some(Kind::LostAnswer) => Ok(true),
        _ => Ok(false),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_taken_apart_and_put_together() {
        assert_eq!(
            origin("http://127.0.0.1:8080/callback?x=1").as_deref(),
            Some("http://127.0.0.1:8080")
        );
        assert_eq!(origin("nonsense"), None);
        let members = [("code", Some("a b")), ("state", None), ("x", Some("&"))];
        assert_eq!(
            with_query("http://h/c", &members),
            "http://h/c?code=a+b&x=%26"
        );
        assert_eq!(
            with_query("http://h/c?y=1", &members),
            "http://h/c?y=1&code=a+b&x=%26"
        );
    }

    #[test]
    fn the_cookie_is_found_among_others() {
        let mut headers = HeaderMap::new();
        headers.append(header::COOKIE, HeaderValue::from_static("a=1; xcognito=2"));
        assert_eq!(cookie(&headers), None);
        headers.append(header::COOKIE, HeaderValue::from_static("b=2; cognito=abc"));
        assert_eq!(cookie(&headers), Some("abc"));
    }
}
