//! The address that is answered: a page's views know nothing of requests.

use axum::{
    extract::Request,
    http::{HeaderMap, Method, Uri, header},
    middleware::Next,
    response::Response,
};

use http_api::sign_in::own_path;

use crate::sign_in;

tokio::task_local! {
    /// The query of a page that can be asked for again; none for an answer that is given once.
    static QUERY: Option<String>;
}

/// Keeps it at hand while the request is answered.
pub(crate) async fn keep(request: Request, next: Next) -> Response {
    let query = of(request.method(), request.uri());
    QUERY.scope(query, next.run(request)).await
}

/// What the page's address asks for; none if this very page cannot be asked for again, because it answers a form and may show a secret,
/// or what is wrong with what was typed. Such a page has no link to itself and nothing that comes back to it.
pub(crate) fn query() -> Option<String> {
    QUERY
        .try_with(Clone::clone)
        .unwrap_or_else(|_| Some(String::new()))
}

fn of(method: &Method, uri: &Uri) -> Option<String> {
    // What comes back from the sign-in page is good once, and belongs in no link.
    let is_again = method.is_safe() && uri.path() != sign_in::CALLBACK;
    is_again.then(|| uri.query().unwrap_or_default().to_owned())
}

/// The path of the page with the form. Of what the browser says only the path is used, so it leads nowhere else.
pub(crate) fn came_from(headers: &HeaderMap) -> String {
    let said = headers.get(header::REFERER);
    let uri: Option<Uri> = said
        .and_then(|value| value.to_str().ok())
        .and_then(|text| text.parse().ok());
    let path = uri.as_ref().and_then(Uri::path_and_query);
    let path = own_path(path.map_or("/", |path| path.as_str()));
    // Which are no pages themselves.
    let is_form = ["/theme", "/mode"]
        .iter()
        .any(|form| path.starts_with(form));
    if is_form { "/" } else { path }.to_owned()
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;
    use domain::role::Role;
    use leptos::prelude::*;

    use super::*;
    use crate::{
        render,
        samples::frame_of,
        shell::{Console, Place},
        words::Language,
    };

    /// As it is rendered in answer to this request.
    fn page(method: &Method, uri: &'static str) -> String {
        let frame = frame_of(Role::Owner);
        let view = || view! { <Console title="T" frame=frame place=Place::Home>""</Console> };
        let query = of(method, &Uri::from_static(uri));
        QUERY.sync_scope(query, || render::html(view))
    }

    #[test]
    fn the_other_language_keeps_what_the_address_asks_for() {
        for (uri, link) in [
            ("/keys", "?language=de"),
            ("/people?role=agent", "?role=agent&amp;language=de"),
            (
                "/people?language=en&q=a%26b&q=%22%3E",
                "?q=a%26b&amp;q=%22%3E&amp;language=de",
            ),
        ] {
            let html = page(&Method::GET, uri);
            let link = format!("href=\"{link}\" lang=\"de\"");
            assert!(html.contains(&link), "{uri}: {link}: {html}");
        }
        let german = Language::German.with(|| page(&Method::GET, "/people?language=de"));
        assert!(german.contains("href=\"?language=en\""));
    }

    #[test]
    fn a_page_that_is_given_once_offers_no_way_to_itself() {
        let offers = |html: &str| (html.contains("language="), html.contains("\"/theme\""));
        assert_eq!(offers(&page(&Method::GET, "/api-keys")), (true, true));
        for (method, uri) in [
            (Method::POST, "/api-keys?tenant=ten_1"),
            (Method::GET, "/callback?code=c&state=s"),
        ] {
            assert_eq!(offers(&page(&method, uri)), (false, false), "{uri}");
        }
    }

    #[test]
    fn the_way_back_is_a_path_of_our_own() {
        for (said, path) in [
            (
                "https://console.example/people?role=agent",
                "/people?role=agent",
            ),
            ("https://evil.example//evil.example/x", "/"),
            ("https://console.example/theme", "/"),
            ("https://console.example/mode", "/"),
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
}
