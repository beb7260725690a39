//! What stands around the public router and its standard layers for people who look at pages: problems as pages, wherever below they were
//! made, time-outs and panics included; and the look and the language that the browser keeps, for every page.
//! Invariant: programs get what they would have got, and log and metrics, which are written below, know nothing of it.

use std::sync::Arc;

use axum::{
    Router,
    extract::{Request, State},
    http::{HeaderMap, Method, StatusCode, Uri, header},
    middleware::{Next, from_fn, from_fn_with_state},
    response::{IntoResponse, Redirect, Response},
};
use http_api::Http;
use runtime::{problem, request_id};

use crate::{
    error_page::{self, ErrorPage},
    here,
    reader::Reader,
    render, theme, words,
};

/// Puts the layers around the whole public router, outside of the standard layers, whose problems it shows: problems, the look that was
/// chosen, where we are, and around all of them the language.
pub fn around(router: Router, http: Http) -> Router {
    router
        .layer(from_fn_with_state(Arc::clone(&http.support_email), answer))
        .layer(from_fn(theme::keep))
        .layer(from_fn(here::keep))
        .layer(from_fn_with_state(http, words::layer))
}

/// Whether a page is what the request wants: browsers say so, and the API has none.
pub(crate) fn wants_page(uri: &Uri, headers: &HeaderMap) -> bool {
    let accepts = headers
        .get(header::ACCEPT)
        .and_then(|value| value.to_str().ok());
    accepts.is_some_and(|accept| accept.contains("text/html")) && !uri.path().starts_with("/api/")
}

/// The page that has the form whose address this is. After a form with a fault, its address stands in the browser, and whoever loads that
/// by hand wants the page and not the form's answer.
fn page_with_form(path: &str) -> Option<&'static str> {
    [
        "/people",
        "/api-keys",
        "/account",
        "/setup",
        "/welcome",
        "/operator/jobs",
    ]
    .into_iter()
    .find(|page| {
        let rest = path.strip_prefix(page);
        rest.is_some_and(|rest| rest.starts_with('/'))
    })
}

/// A problem keeps its status and its headers, such as `Allow` and `Retry-After`, and is told in a page.
async fn answer(State(support): State<Arc<str>>, request: Request, next: Next) -> Response {
    let wants_page = wants_page(request.uri(), request.headers());
    let form = (request.method() == Method::GET)
        .then(|| page_with_form(request.uri().path()))
        .flatten();
    let response = next.run(request).await;
    let Some(error) = problem::told(&response).filter(|_| wants_page) else {
        return response;
    };
    if let (Some(page), StatusCode::METHOD_NOT_ALLOWED) = (form, response.status()) {
        return Redirect::to(page).into_response();
    }
    // The request got its id below.
    let id = response.headers().get(request_id::HEADER);
    let reader = Reader {
        support,
        request_id: id
            .and_then(|id| id.to_str().ok())
            .unwrap_or_default()
            .to_owned(),
    };
    let page = ErrorPage::of(&reader, error);
    render::instead(response, || error_page::view(page))
}

#[cfg(test)]
mod tests {
    use axum::{
        body::{Body, to_bytes},
        handler::Handler,
        http::StatusCode,
        response::IntoResponse,
    };
    use domain::{Error, ErrorKind};
    use runtime::problem::ApiError;

    use super::*;
    use crate::words::Language;

    const BROWSER: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

    async fn away() -> Response {
        let error = Error::new(
            ErrorKind::Unavailable,
            "timed_out",
            "This took too long. Try again.",
        );
        let headers = [("retry-after", "9"), ("x-request-id", "req_1")];
        (headers, ApiError(error)).into_response()
    }

    async fn ask(path: &str, accept: &str) -> (StatusCode, HeaderMap, String) {
        let request = Request::builder().uri(path).header(header::ACCEPT, accept);
        let around = from_fn_with_state(Arc::<str>::from("support@payphone.example"), answer);
        let answer = away
            .layer(around)
            .call(request.body(Body::empty()).unwrap(), ())
            .await;
        let (parts, body) = answer.into_parts();
        let body = to_bytes(body, 100_000).await.unwrap();
        let text = String::from_utf8(body.to_vec()).unwrap();
        (parts.status, parts.headers, text)
    }

    #[tokio::test]
    async fn a_browser_is_told_in_a_page_with_the_same_status_and_headers() {
        let (status, headers, text) = ask("/keys", BROWSER).await;
        assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(headers[header::CONTENT_TYPE], "text/html; charset=utf-8");
        assert_eq!(headers[header::RETRY_AFTER], "9");
        assert_eq!(headers[header::CACHE_CONTROL], "no-store");
        for said in ["This took too long", "req_1", "support@payphone.example"] {
            assert!(text.contains(said), "{said}: {text}");
        }
        let german = Language::German.scope(ask("/keys", BROWSER)).await.2;
        assert!(german.contains("Das hat zu lange gedauert"), "{german}");
    }

    #[tokio::test]
    async fn programs_get_the_problem_as_it_was() {
        for (path, accept) in [
            ("/api/v1/keys", BROWSER),
            ("/keys", "*/*"),
            ("/keys", "application/json"),
        ] {
            let (_, headers, text) = ask(path, accept).await;
            assert_eq!(headers[header::CONTENT_TYPE], problem::CONTENT_TYPE);
            assert!(text.contains("\"code\":\"timed_out\""), "{text}");
        }
    }
}
