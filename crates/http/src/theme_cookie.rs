//! The cookie that keeps the look somebody chose: `__Host-theme`, one of two words, for browsers of whoever is signed in and whoever is
//! not. Without it the look follows the system.

use axum::http::{HeaderMap, HeaderValue};

use crate::choice_cookie;

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
    Theme::of(&choice_cookie::read(headers, NAME)?)
}

/// The cookie that keeps it, or the one that ends it.
pub fn make(theme: Option<Theme>) -> HeaderValue {
    choice_cookie::make(NAME, theme.map(Theme::as_str))
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
