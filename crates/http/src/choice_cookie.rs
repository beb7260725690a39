//! A cookie that keeps what somebody chose in this browser: one of a few words, which says nothing about anybody. Scripts do not see it all
//! the same.

use axum::http::{HeaderMap, HeaderValue};
use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};

/// What the request's browser keeps under this name.
pub(crate) fn read(headers: &HeaderMap, name: &str) -> Option<String> {
    let jar = CookieJar::from_headers(headers);
    jar.get(name).map(|cookie| cookie.value().to_owned())
}

/// The cookie that keeps a word for a year, or the one that ends it.
pub(crate) fn make(name: &'static str, word: Option<&'static str>) -> HeaderValue {
    let age = match word {
        Some(_) => cookie::time::Duration::days(365),
        None => cookie::time::Duration::ZERO,
    };
    let cookie = Cookie::build((name, word.unwrap_or_default()))
        .path("/")
        .secure(true)
        .http_only(true)
        .same_site(SameSite::Lax)
        .max_age(age)
        .build();
    // Words of ours: there is nothing in it that a header may not have.
    HeaderValue::from_str(&cookie.to_string()).unwrap_or(HeaderValue::from_static(""))
}
