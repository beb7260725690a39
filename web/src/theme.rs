//! The look that this browser keeps: known to every page of a request, and chosen by `POST /theme`. Without one it follows the system.

use axum::{
    extract::Request,
    http::{HeaderMap, header},
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
};
use http_api::theme_cookie::{self, Theme};

use crate::{form::Form, here};

tokio::task_local! {
    /// Of the request that is answered: a page's views know nothing of requests.
    static CHOSEN: Option<Theme>;
}

/// Keeps it at hand while the request is answered.
pub(crate) async fn keep(request: Request, next: Next) -> Response {
    let theme = theme_cookie::read(request.headers());
    CHOSEN.scope(theme, next.run(request)).await
}

/// What was chosen in the browser that is answered; none for the system's.
pub(crate) fn chosen() -> Option<Theme> {
    CHOSEN.try_with(|theme| *theme).ok().flatten()
}

/// `POST /theme`, with `theme`: back to the page that it was sent from. An unknown word is the system's.
pub(crate) async fn choose(headers: HeaderMap, form: Form) -> Response {
    let cookie = theme_cookie::make(Theme::of(form.get("theme")));
    let back = Redirect::to(&here::came_from(&headers));
    ([(header::SET_COOKIE, cookie)], back).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_look_is_known_to_what_is_rendered_for_the_request_alone() {
        assert_eq!(chosen(), None);
        let seen = CHOSEN.scope(Some(Theme::Dark), async { chosen() }).await;
        assert_eq!(seen, Some(Theme::Dark));
    }
}
