//! The look that this browser keeps: known to every page of a request, and chosen by `POST /theme`. Without one it follows the system.

use axum::{
    extract::Request,
    http::{HeaderMap, Uri, header},
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
};
use http_api::{
    sign_in::own_path,
    theme_cookie::{self, Theme},
};

use crate::form::Form;

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
    let back = Redirect::to(&came_from(&headers));
    ([(header::SET_COOKIE, cookie)], back).into_response()
}

/// The path of the page with the form. Of what the browser says only the path is used, so it leads nowhere else.
fn came_from(headers: &HeaderMap) -> String {
    let said = headers.get(header::REFERER);
    let uri: Option<Uri> = said
        .and_then(|value| value.to_str().ok())
        .and_then(|text| text.parse().ok());
    let path = uri.as_ref().and_then(Uri::path_and_query);
    let path = own_path(path.map_or("/", |path| path.as_str()));
    // Which is no page itself.
    let path = if path.starts_with("/theme") {
        "/"
    } else {
        path
    };
    path.to_owned()
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn the_way_back_is_a_path_of_our_own() {
        for (said, path) in [
            (
                "https://console.example/people?role=agent",
                "/people?role=agent",
            ),
            ("https://evil.example//evil.example/x", "/"),
            ("https://console.example/theme", "/"),
            ("https://console.example/logout", "/"),
            ("javascript:alert(1)", "/"),
            ("https://console.example", "/"),
            ("", "/"),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::REFERER, HeaderValue::from_static(said));
            assert_eq!(came_from(&headers), path, "{said}");
        }
        assert_eq!(came_from(&HeaderMap::new()), "/");
    }

    #[tokio::test]
    async fn the_look_is_known_to_what_is_rendered_for_the_request_alone() {
        assert_eq!(chosen(), None);
        let seen = CHOSEN.scope(Some(Theme::Dark), async { chosen() }).await;
        assert_eq!(seen, Some(Theme::Dark));
    }
}
