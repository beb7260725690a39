//! `/login`, `/callback`, `/logout`: the ways to the sign-in page and back, and what people read on them.
//! `GET /login` and `GET /callback` are the only GETs that change something, guarded by state and PKCE (security 44). Posts answer with a
//! page that carries a link, because browsers hold `form-action` against redirects.

use std::sync::Arc;

use axum::{
    Router,
    extract::State,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use domain::Error;
use http_api::{
    Http, registration_cookie, session_cookie,
    sign_in::{self, Callback},
};
use leptos::prelude::*;

use crate::{
    error_page,
    form::{Form, Query},
    reader::Anybody,
    render,
    shell::Narrow,
    ui::SignInHelp,
    words::say,
};

const CLEAR_SITE_DATA: HeaderName = HeaderName::from_static("clear-site-data");

/// Where the sign-in page sends people back to.
pub(crate) const CALLBACK: &str = "/callback";

/// The routes around signing in.
pub(crate) fn router() -> Router<Http> {
    Router::new()
        .route("/login", get(login))
        .route(CALLBACK, get(callback))
        .route("/logout", post(logout))
}

/// `GET /login?next=&again=`: to the sign-in page.
async fn login(State(http): State<Http>, any: Anybody, Query(query): Query) -> Response {
    any.answer(to_sign_in(&http, &query))
}

fn to_sign_in(http: &Http, query: &Form) -> Result<Response, Error> {
    let begun = sign_in::begin(http, query.get("next"), query.given("again").is_some())?;
    let headers = [(header::SET_COOKIE, begun.cookie)];
    Ok((headers, Redirect::to(&begun.url)).into_response())
}

/// `GET /callback`: back from the sign-in page.
async fn callback(
    State(http): State<Http>,
    any: Anybody,
    headers: HeaderMap,
    Query(query): Query,
) -> Response {
    let given = Callback {
        code: query.get("code"),
        state: query.get("state"),
        error: query.get("error"),
    };
    let before = any.cx.actor().person().map(|person| person.session);
    let mut response = match sign_in::finish(&http, &any.cx, &headers, &given, before).await {
        Ok(finished) => {
            let mut response = Redirect::to(&finished.next).into_response();
            for cookie in finished.cookies {
                response.headers_mut().append(header::SET_COOKIE, cookie);
            }
            return response;
        }
        Err(error) => error_page::answer(&any.reader, &error),
    };
    // However it ended, it cannot be finished a second time.
    if let Some(cookie) = sign_in::forget() {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// `POST /logout`: ends this browser's session, here and, for its tokens, over there.
async fn logout(State(http): State<Http>, any: Anybody) -> Response {
    let Some(person) = any.cx.actor().person() else {
        // Signed out already: the same answer, so that pressing twice is no error.
        return signed_out(&http, any.reader.support);
    };
    match control::session::end(&any.cx, person.session).await {
        Ok(token) => {
            if let Some(token) = token {
                sign_in::revoke(&http, &token).await;
            }
            signed_out(&http, any.reader.support)
        }
        Err(error) => any.answer(Err(error)),
    }
}

/// The page after signing out: everything this browser kept of the person is gone. Look and language stay, which are the browser's.
/// "cookies" in `Clear-Site-Data` would take these as well, even if they were set again: it is obeyed after `Set-Cookie` (W3C Clear
/// Site Data, 3.2). So each cookie that says who somebody is ends by itself.
pub(crate) fn signed_out(http: &Http, support: Arc<str>) -> Response {
    let way = sign_in::logout_url(http);
    let mut response = render::page(StatusCode::OK, || view(way, support));
    let headers = response.headers_mut();
    let registration = registration_cookie::clear(http.is_https()).to_string();
    let ended = [
        session_cookie::clear(),
        sign_in::forget(),
        HeaderValue::try_from(registration).ok(),
    ];
    for cookie in ended.into_iter().flatten() {
        headers.append(header::SET_COOKIE, cookie);
    }
    headers.insert(
        CLEAR_SITE_DATA,
        HeaderValue::from_static("\"cache\", \"storage\""),
    );
    response
}

pub(crate) fn view(way: String, support: Arc<str>) -> impl IntoView {
    view! {
        <Narrow title=say!("signed-out-title") support=support>
            <section class="card">
                <h1>{say!("signed-out-heading")}</h1>
                <p>{say!("signed-out-what")}</p>
                <div class="row">
                    <a class="btn primary" href=way>
                        {say!("signed-out-there")}
                    </a>
                    <a class="btn" href="/login">
                        {say!("signed-out-again")}
                    </a>
                </div>
                <SignInHelp/>
            </section>
        </Narrow>
    }
}
