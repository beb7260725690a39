//! The cookie that keeps the look somebody chose: `__Host-theme`, one of two words, for browsers of whoever is signed in and whoever is
//! not. It says nothing about anybody, and scripts do not see it all the same. Without it the look follows the system.

use axum::http::{HeaderMap, HeaderValue};
use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};

/// The cookie's name (contract).
pub const NAME: &str = "__Host-theme";

/// A look that somebody chose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Theme {
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

impl Theme {
    /// The word in cookies, forms and HTML.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// The look of that word; `None` for any other, which is the system's.
    pub fn of(word: &str) -> Option<Self> {
        [Self::Light, Self::Dark]
            .into_iter()
            .find(|theme| theme.as_str() == word)
    }
}

/// What the request's browser keeps.
pub fn read(headers: &HeaderMap) -> Option<Theme> {
    Theme::of(CookieJar::from_headers(headers).get(NAME)?.value())
}

/// The cookie that keeps it for a year, or the one that ends it.
pub fn make(theme: Option<Theme>) -> HeaderValue {
    let age = match theme {
        Some(_) => cookie::time::Duration::days(365),
        None => cookie::time::Duration::ZERO,
    };
    let word = theme.map_or("", Theme::as_str);
    let cookie = Cookie::build((NAME, word))
        .path("/")
        .secure(true)
        .http_only(true)
        .same_site(SameSite::Lax)
        .max_age(age)
        .build();
    // Words of ours: there is nothing in it that a header may not have.
    HeaderValue::from_str(&cookie.to_string()).unwrap_or(HeaderValue::from_static(""))
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::header;

    #[test]
    fn what_is_kept_is_read_again_and_nothing_else_is() {
        for (theme, kept) in [
            (
                Some(Theme::Dark),
                "__Host-theme=dark; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=31536000",
            ),
            (
                None,
                "__Host-theme=; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=0",
            ),
        ] {
            assert_eq!(make(theme).to_str().unwrap(), kept);
        }
        for (value, theme) in [
            ("a=b; __Host-theme=dark", Some(Theme::Dark)),
            ("__Host-theme=light", Some(Theme::Light)),
            ("__Host-theme=\"><script>", None),
            ("theme=dark", None),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::COOKIE, HeaderValue::from_static(value));
            assert_eq!(read(&headers), theme, "{value}");
        }
    }
}
