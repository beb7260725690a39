//! `domain::Error` as a page: what happened, what to do next, and the request id; none shows the private cause.
//! The words of each code are in `words`.

mod words;

use std::sync::Arc;

use axum::{
    extract::{FromRequestParts, Request, State},
    http::{HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use control::Cx;
use domain::{Error, ErrorKind, policy::Actor};
use http_api::{Http, mode_cookie};
use leptos::prelude::*;
use runtime::problem::{self, log_private, status_of};

use self::words::words;
use crate::{
    docs,
    other_tenant::{self, Both},
    problems::wants_page,
    reader::{self, Anybody, Reader},
    render,
    shell::{Console, Frame, Narrow, Place},
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

    /// The same for whoever acts: a role that does not allow something is named.
    pub(crate) fn of_member(reader: &Reader, error: &Error, actor: &Actor) -> Self {
        let page = Self::of(reader, error);
        let membership = actor.person().and_then(|person| person.membership);
        match membership.filter(|_| error.code() == "forbidden") {
            Some((_, role)) => Self {
                message: say!("errors-role-yours", role = local(role.title())),
                ..page
            },
            None => page,
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

/// Addresses that nothing else answers: for people a page, in the console if they are in it; for programs the ordinary problem.
pub(crate) async fn nowhere(State(http): State<Http>, request: Request) -> Response {
    let (mut parts, _) = request.into_parts();
    if !wants_page(&parts.uri, &parts.headers) {
        return StatusCode::NOT_FOUND.into_response();
    }
    match Anybody::from_request_parts(&mut parts, &http).await {
        Ok(any) => any.answer(Err(Error::not_found("page"))),
        Err(refused) => refused,
    }
}

/// The answer: the page with its status, and the private cause in the log.
pub(crate) fn answer(reader: &Reader, error: &Error) -> Response {
    answer_page(error, ErrorPage::of(reader, error))
}

/// The answer to people who are on their way in.
pub(crate) fn answer_arrival(reader: &Reader, error: &Error) -> Response {
    answer_page(error, ErrorPage::of_arrival(reader, error))
}

/// An extension of an answer: the error page in it, and who may see it within the console.
#[derive(Clone)]
struct Within {
    cx: Cx,
    page: ErrorPage,
}

/// The answer to whoever acts in the context. For who is signed in, `in_console` puts the console around it.
pub(crate) fn answer_in_console(cx: &Cx, error: &Error, page: ErrorPage) -> Response {
    let mut response = answer_page(error, page.clone());
    // What is not available may well be what the frame would be asked of.
    if cx.actor().person().is_some() && error.kind() != ErrorKind::Unavailable {
        let cx = cx.clone();
        response.extensions_mut().insert(Within { cx, page });
    }
    response
}

/// The layer around the pages: whoever is signed in keeps the navigation when something goes wrong. A page whose frame cannot be had
/// stays as it is. It is a layer because the frame has to be waited for, and only then.
pub(crate) async fn in_console(request: Request, next: Next) -> Response {
    let mode = mode_cookie::read(request.headers());
    let mut response = next.run(request).await;
    let Some(Within { cx, page }) = response.extensions_mut().remove() else {
        return response;
    };
    match reader::surroundings(&cx, Arc::clone(&page.support), mode).await {
        Ok((frame, _)) => render::instead(response, || view_within(page, frame)),
        Err(_) => response,
    }
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

/// The page of who is not in.
pub(crate) fn view(page: ErrorPage) -> impl IntoView {
    view! {
        <Narrow title=page.title.clone() support=Arc::clone(&page.support)>
            {card(page)}
        </Narrow>
    }
}

/// The same within the console.
pub(crate) fn view_within(page: ErrorPage, frame: Frame) -> impl IntoView {
    view! {
        <Console title=page.title.clone() frame=frame place=Place::Nowhere>
            {card(page)}
        </Console>
    }
}

fn card(page: ErrorPage) -> AnyView {
    view! {
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
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use domain::role::Role;

    use super::*;
    use crate::samples::{frame_of, reader};

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

    #[test]
    fn whose_role_is_too_small_is_told_which_it_is() {
        let forbidden = error(ErrorKind::Forbidden, "forbidden");
        let message = |actor| ErrorPage::of_member(&reader(), &forbidden, &actor).message;
        let agent = frame_of(Role::Agent).actor;
        assert!(message(agent).starts_with("Your role in this account is Agent."));
        assert!(message(Actor::Anonymous).starts_with("Ask an owner"));
        let other = error(ErrorKind::Forbidden, "owners_only");
        let page = ErrorPage::of_member(&reader(), &other, &frame_of(Role::Admin).actor);
        assert_eq!(page, ErrorPage::of(&reader(), &other));
    }
}
