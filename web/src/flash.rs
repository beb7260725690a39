//! What was just done, for the page that comes next to say: the cookie `__Host-flash`, written as a query (`removed=usr_…`), which goes
//! when it was said. In an address it would be said again at each reload, and by anybody's link.
//! Invariant: a page says only what it has words for, and nothing of the cookie but ids that it looks up.

use std::convert::Infallible;

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, HeaderValue, header, request::Parts},
    response::{IntoResponse, Redirect, Response},
};
use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};
use cookie::time::Duration;
use http_api::{Http, who::BY_ITSELF};

use crate::form::Form;

const NAME: &str = "__Host-flash";
/// A browser follows at once; what nobody saw by then is old.
const LASTS: Duration = Duration::minutes(1);

/// What the request's browser was told to have said.
#[derive(Debug, Clone, Default)]
pub(crate) struct Flash {
    pub(crate) done: Form,
    is_there: bool,
}

impl FromRequestParts<Http> for Flash {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &Http) -> Result<Self, Infallible> {
        Ok(Self::of(&parts.headers))
    }
}

impl Flash {
    /// It is for people: a page that asks by itself leaves it to the one that somebody opens.
    fn of(headers: &HeaderMap) -> Self {
        let jar = CookieJar::from_headers(headers);
        let value = jar.get(NAME).map(Cookie::value);
        let value = value.filter(|value| !value.is_empty() && !headers.contains_key(BY_ITSELF));
        Self {
            is_there: value.is_some(),
            done: Form::parse(value.unwrap_or_default().as_bytes()),
        }
    }

    /// The page that said it. What leads elsewhere, and what went wrong, said nothing yet.
    pub(crate) fn shown(self, mut page: Response) -> Response {
        if self.is_there && page.status().is_success() {
            set(&mut page, "", Duration::ZERO);
        }
        page
    }
}

/// To the page that says it.
pub(crate) fn redirect(to: &str, done: &str) -> Response {
    let mut response = Redirect::to(to).into_response();
    set(&mut response, done, LASTS);
    response
}

fn set(response: &mut Response, value: &str, age: Duration) {
    let cookie = Cookie::build((NAME, value))
        .path("/")
        .secure(true)
        .http_only(true)
        .same_site(SameSite::Lax)
        .max_age(age)
        .build();
    if let Ok(cookie) = HeaderValue::try_from(cookie.to_string()) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
}

#[cfg(test)]
mod tests {
    use axum::http::StatusCode;

    use super::*;

    fn cookie(response: &Response) -> Option<&str> {
        response.headers().get(header::SET_COOKIE)?.to_str().ok()
    }

    fn asked(pairs: &[(&'static str, &'static str)]) -> Flash {
        let headers = pairs
            .iter()
            .map(|(name, value)| (name.parse().unwrap(), HeaderValue::from_static(value)));
        Flash::of(&headers.collect())
    }

    #[test]
    fn what_was_done_is_said_by_the_next_page_and_by_no_other() {
        let to = redirect("/people", "removed=usr_1&more=2");
        assert_eq!(to.headers()[header::LOCATION], "/people");
        assert_eq!(
            cookie(&to),
            Some(
                "__Host-flash=removed=usr_1&more=2; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=60"
            )
        );
        let next = || asked(&[("cookie", "a=b; __Host-flash=removed=usr_1&more=2")]);
        assert_eq!(next().done.get("removed"), "usr_1");
        assert_eq!(next().done.get("more"), "2");
        let page = next().shown(StatusCode::OK.into_response());
        assert_eq!(
            cookie(&page),
            Some("__Host-flash=; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=0")
        );
        for elsewhere in [StatusCode::SEE_OTHER, StatusCode::NOT_FOUND] {
            assert_eq!(cookie(&next().shown(elsewhere.into_response())), None);
        }
    }

    #[test]
    fn a_page_that_asks_by_itself_and_one_without_anything_to_say_leave_it() {
        for pairs in [
            &[][..],
            &[("cookie", "__Host-flash=")],
            &[("cookie", "flash=removed=usr_1")],
            &[("cookie", "__Host-flash=removed=usr_1"), (BY_ITSELF, "1")],
        ] {
            let flash = asked(pairs);
            assert_eq!(flash.done.given("removed"), None, "{pairs:?}");
            assert_eq!(cookie(&flash.shown(StatusCode::OK.into_response())), None);
        }
    }
}
