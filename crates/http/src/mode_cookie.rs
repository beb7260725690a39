//! The cookie that keeps which mode somebody looks at: `__Host-mode`. It narrows what pages show and gives nobody anything: what somebody
//! may see and do is asked of their role, whatever the mode.

use axum::http::{HeaderMap, HeaderValue};
use domain::Mode;

use crate::choice_cookie;

/// The cookie's name.
const NAME: &str = "__Host-mode";

/// The mode that the request's browser looks at. Test, until somebody chooses: everybody begins there, and nothing costs anything in it.
pub fn read(headers: &HeaderMap) -> Mode {
    choice_cookie::read(headers, NAME)
        .and_then(|word| word.parse().ok())
        .unwrap_or(Mode::Test)
}

/// The cookie that keeps it.
pub fn make(mode: Mode) -> HeaderValue {
    choice_cookie::make(NAME, Some(mode.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::header;

    #[test]
    fn what_is_kept_is_read_again_and_all_else_is_test() {
        assert_eq!(
            make(Mode::Live).to_str().unwrap(),
            "__Host-mode=live; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=31536000"
        );
        for (value, mode) in [
            ("a=b; __Host-mode=live", Mode::Live),
            ("__Host-mode=test", Mode::Test),
            ("__Host-mode=\"><script>", Mode::Test),
            ("mode=live", Mode::Test),
            ("", Mode::Test),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::COOKIE, HeaderValue::from_static(value));
            assert_eq!(read(&headers), mode, "{value}");
        }
    }
}
