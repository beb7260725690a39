//! Which mode this browser looks at, test or live: chosen by `POST /mode`, kept by a cookie, read by [`crate::reader`].

use axum::{
    http::{HeaderMap, header},
    response::{IntoResponse, Redirect, Response},
};
use domain::Mode;
use http_api::mode_cookie;

use crate::{form::Form, here};

/// `POST /mode`, with `mode`: back to the page that it was sent from, from its beginning, since what it was narrowed to and how far one had
/// come in it belongs to the other mode. An unknown word is test.
pub(crate) async fn choose(headers: HeaderMap, form: Form) -> Response {
    let mode = form.get("mode").parse().unwrap_or(Mode::Test);
    let back = here::came_from(&headers);
    let path = back.split('?').next().unwrap_or("/");
    let cookie = mode_cookie::make(mode);
    ([(header::SET_COOKIE, cookie)], Redirect::to(path)).into_response()
}
