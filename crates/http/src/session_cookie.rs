//! The cookie of a signed-in browser: `__Host-session`, a secret and nothing else (RFC 6265bis, 4.1.3.2; ASVS 3.3).
//! Browsers take `Secure` cookies over http on loopback; plain HTTP clients in development do not, so there `session` is read too.

use axum::http::{Extensions, HeaderMap, HeaderValue};
use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};
use domain::session::ABSOLUTE;
use secrecy::{ExposeSecret, SecretString};
use std::sync::{Arc, OnceLock};

use crate::Http;

/// The cookie's name (contract).
pub const NAME: &str = "__Host-session";
/// Its name for plain HTTP clients in development (contract).
pub const PLAIN_NAME: &str = "session";

/// The secret that the request carries, if it carries one.
pub fn read(http: &Http, headers: &HeaderMap) -> Option<SecretString> {
    let jar = CookieJar::from_headers(headers);
    let found = jar
        .get(NAME)
        .or_else(|| jar.get(PLAIN_NAME).filter(|_| !http.is_https()))?;
    Some(SecretString::from(found.value()))
}

/// The cookie that opens a session.
pub fn make(secret: &SecretString) -> Option<HeaderValue> {
    let age = cookie::time::Duration::seconds(ABSOLUTE.num_seconds());
    header(Cookie::build((NAME, secret.expose_secret().to_owned())).max_age(age))
}

/// The cookie that ends it in the browser.
pub fn clear() -> Option<HeaderValue> {
    header(Cookie::build((NAME, "")).max_age(cookie::time::Duration::ZERO))
}

fn header(cookie: cookie::CookieBuilder<'static>) -> Option<HeaderValue> {
    let cookie = cookie
        .path("/")
        .secure(true)
        .http_only(true)
        .same_site(SameSite::Lax)
        .build();
    let mut value = HeaderValue::from_str(&cookie.to_string()).ok()?;
    value.set_sensitive(true);
    Some(value)
}

/// Whether the request carried a session that is none, found out by whoever asked: the middleware then clears the cookie (security 3).
#[derive(Clone, Default)]
pub(crate) struct Stale(Arc<OnceLock<()>>);

impl Stale {
    pub(crate) fn note(extensions: &Extensions) {
        if let Some(stale) = extensions.get::<Self>() {
            // Noted before: the same.
            let _ = stale.0.set(());
        }
    }

    pub(crate) fn is_noted(&self) -> bool {
        self.0.get().is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Security 8.
    #[test]
    fn the_cookie_has_every_attribute_it_must_have_and_no_domain() {
        let secret = SecretString::from("ab".repeat(32));
        let cookie = make(&secret).unwrap();
        assert_eq!(
            cookie.to_str().unwrap(),
            format!(
                "__Host-session={}; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=43200",
                secret.expose_secret()
            )
        );
        assert_eq!(
            clear().unwrap().to_str().unwrap(),
            "__Host-session=; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=0"
        );
    }
}
