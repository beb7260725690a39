//! `domain::Error` as a page: what happened, what to do next, and the request id; none shows the private cause.
//! The words of each code are in `words`.

mod words;

use std::sync::Arc;

use axum::{
    http::{HeaderMap, HeaderValue, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use domain::{Error, ErrorKind};
use leptos::prelude::*;
use runtime::problem::{self, log_private, status_of};

use self::words::words;
use crate::{
    docs,
    other_tenant::{self, Both},
    reader::Reader,
    render,
    shell::Narrow,
    ui::{Copyable, SetUpAgain, SignInHelp},
    words::{local, say},
};

/// What an error page says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ErrorPage {
    /// The heading.
    pub(crate) title: String,
    /// What happened and what to do.
    pub(crate) message: String,
    /// Whether to list the way back in through AWS Marketplace.
    pub(crate) set_up_again: bool,
    /// The two tenants to choose from, if a form was about the other one.
    pub(crate) both: Option<Both>,
    /// Whether to offer the way to the console's first page.
    pub(crate) home: bool,
    /// Where to sign in, if that is what helps.
    pub(crate) sign_in: Option<&'static str>,
    /// Whether signing in itself is what went wrong.
    pub(crate) help: bool,
    /// The code, if the documentation has a page about it.
    pub(crate) code: Option<&'static str>,
    /// The request's id.
    pub(crate) request_id: String,
    /// Where people write to.
    pub(crate) support: Arc<str>,
}

impl ErrorPage {
    pub(crate) fn of(reader: &Reader, error: &Error) -> Self {
        let (title, own_words) = words(error);
        let code = error.code();
        let sign_in = sign_in(code);
        Self {
            title,
            message: own_words.unwrap_or_else(|| local(error.message()).into_owned()),
            set_up_again: matches!(
                code,
                "token_invalid"
                    | "token_expired"
                    | "token_missing"
                    | "foreign_product"
                    | "unauthenticated"
            ),
            both: None,
            home: sign_in.is_none()
                && matches!(
                    error.kind(),
                    ErrorKind::NotFound | ErrorKind::Forbidden | ErrorKind::Conflict
                ),
            sign_in,
            help: sign_in.is_some() && code != "invitation_over" && code != "unauthenticated",
            code: Some(code).filter(|code| docs::explains(code)),
            request_id: reader.request_id.clone(),
            support: Arc::clone(&reader.support),
        }
    }

    /// The same for a form that was about another tenant than the one that is looked at.
    pub(crate) fn of_other_tenant(reader: &Reader, error: &Error, both: Both) -> Self {
        Self {
            both: Some(both),
            home: false,
            ..Self::of(reader, error)
        }
    }

    /// The same for people who are on their way in: whatever was wrong with what arrived, the way in is where they go next.
    pub(crate) fn of_arrival(reader: &Reader, error: &Error) -> Self {
        let page = Self::of(reader, error);
        match error.kind() {
            ErrorKind::TooLarge => Self {
                message: say!("errors-arrival-too-large"),
                set_up_again: true,
                ..page
            },
            ErrorKind::UnsupportedMedia => Self {
                message: say!("errors-arrival-unsupported"),
                set_up_again: true,
                ..page
            },
            // Coming in again would not make AWS name the licence.
            ErrorKind::Malformed if error.code() != "licence_missing" => Self {
                set_up_again: true,
                ..page
            },
            _ => page,
        }
    }
}

/// Where to sign in, for what signing in mends.
fn sign_in(code: &str) -> Option<&'static str> {
    match code {
        // Managed login may still know somebody who is not the right one, or came in without a second factor.
        "no_membership" | "mfa_required" | "sign_in_not_fresh" => Some("/login?again=1"),
        "unauthenticated"
        | "invitation_over"
        | "already_set_up"
        | "wrong_state"
        | "sign_in_lost"
        | "sign_in_used"
        | "sign_in_refused"
        | "sign_in_too_late"
        | "login_busy"
        | "login_misconfigured" => Some("/login"),
        _ => None,
    }
}

/// Addresses that nothing else answers: a page for people, the ordinary problem for programs.
pub(crate) async fn nowhere(reader: Reader, uri: Uri, headers: HeaderMap) -> Response {
    let reads_html = headers
        .get(header::ACCEPT)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|accept| accept.contains("text/html"));
    if reads_html && !uri.path().starts_with("/api/") {
        return answer(&reader, &Error::not_found("page"));
    }
    StatusCode::NOT_FOUND.into_response()
}

/// The answer: the page with its status, and the private cause in the log.
pub(crate) fn answer(reader: &Reader, error: &Error) -> Response {
    answer_page(error, ErrorPage::of(reader, error))
}

/// The answer to people who are on their way in.
pub(crate) fn answer_arrival(reader: &Reader, error: &Error) -> Response {
    answer_page(error, ErrorPage::of_arrival(reader, error))
}

/// The answer to a form that was about another tenant.
pub(crate) fn answer_other_tenant(reader: &Reader, error: &Error, both: Both) -> Response {
    answer_page(error, ErrorPage::of_other_tenant(reader, error, both))
}

fn answer_page(error: &Error, page: ErrorPage) -> Response {
    log_private(error);
    let status = status_of(error.kind()).0;
    let mut response = render::page(status, || view(page));
    let headers = response.headers_mut();
    if status == StatusCode::UNAUTHORIZED {
        headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    if matches!(
        status,
        StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS
    ) {
        headers.insert(header::RETRY_AFTER, HeaderValue::from_static("30"));
    }
    response
}

pub(crate) fn view(page: ErrorPage) -> impl IntoView {
    view! {
        <Narrow title=page.title.clone() support=page.support>
            <section class="card">
                <h1>{page.title}</h1>
                <p>{page.message}</p>
                {page.set_up_again.then(|| view! { <SetUpAgain/> })}
                {page
                    .sign_in
                    .map(|href| {
                        let (class, before) = if page.set_up_again {
                            ("btn", Some(say!("errors-account")))
                        } else {
                            ("btn primary", None)
                        };
                        view! {
                            <div class="row">
                                {before.map(|words| view! { <span class="quiet">{words}</span> })}
                                <a class=class href=href>
                                    {say!("sign-in")}
                                </a>
                            </div>
                        }
                    })}
                {page.both.map(other_tenant::ways)}
                {page.home.then(|| view! { <p><a class="btn" href="/">{say!("errors-home")}</a></p> })}
                {page.help.then(|| view! { <SignInHelp/> })}
                {(!page.request_id.is_empty())
                    .then(|| {
                        let request = view! {
                            <Copyable
                                id="request-id"
                                what=say!("errors-request-copy")
                                text=page.request_id
                            />
                        };
                        view! {
                            <p class="quiet small">{say!("errors-request"; request = request)}</p>
                        }
                    })}
                {page
                    .code
                    .map(|code| {
                        view! {
                            <p class="quiet small">
                                <a href=format!("{}{code}", problem::DOCS)>{say!("errors-about")}</a>
                            </p>
                        }
                    })}
            </section>
        </Narrow>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::reader;

    fn error(kind: ErrorKind, code: &'static str) -> Error {
        Error::new(kind, code, "What it was.")
    }

    #[test]
    fn whatever_arrives_wrong_is_shown_the_way_in() {
        for kind in [
            ErrorKind::UnsupportedMedia,
            ErrorKind::Malformed,
            ErrorKind::TooLarge,
        ] {
            let error = error(kind, "some_code");
            assert!(
                ErrorPage::of_arrival(&reader(), &error).set_up_again,
                "{kind:?}"
            );
            assert!(!ErrorPage::of(&reader(), &error).set_up_again, "{kind:?}");
        }
        for (kind, code) in [
            (ErrorKind::Gone, "licence_ended"),
            (ErrorKind::Malformed, "licence_missing"),
        ] {
            let error = error(kind, code);
            assert!(
                !ErrorPage::of_arrival(&reader(), &error).set_up_again,
                "{code}"
            );
        }
    }

    #[tokio::test]
    async fn browsers_get_a_page_for_an_unknown_address_and_programs_do_not() {
        const BROWSER: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
        for (path, accept, page) in [
            ("/nothing", BROWSER, true),
            ("/assets/nothing.css", BROWSER, true),
            ("/api/v1/nothing", BROWSER, false),
            ("/nothing", "*/*", false),
            ("/nothing", "application/json", false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT, HeaderValue::from_static(accept));
            let answer = nowhere(reader(), Uri::from_static(path), headers).await;
            assert_eq!(answer.status(), StatusCode::NOT_FOUND);
            let html = answer
                .headers()
                .get(header::CONTENT_TYPE)
                .is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
            assert_eq!(html, page, "{path} {accept}");
        }
    }
}
