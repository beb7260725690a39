//! What stands around all of the public router for people who look at pages: refusals of the limits by address as pages, which are made
//! before any page is asked for; and the look that the browser keeps, for every page.

use axum::{
    Router,
    extract::{Request, State},
    http::header,
    middleware::{Next, from_fn, from_fn_with_state},
    response::Response,
};
use http_api::{Http, limits::Standing};

use crate::{error_page, here, reader::Reader, theme, words};

/// Puts the layers around the whole public router, inside the standard layers, which give the request its id: refusals, the look that was
/// chosen, where we are, and around all of them the language.
pub fn around(router: Router, http: Http) -> Router {
    router
        .layer(from_fn_with_state(http.clone(), answer))
        .layer(from_fn(theme::keep))
        .layer(from_fn(here::keep))
        .layer(from_fn_with_state(http, words::layer))
}

async fn answer(State(http): State<Http>, request: Request, next: Next) -> Response {
    let reads_html = request
        .headers()
        .get(header::ACCEPT)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|accept| accept.contains("text/html"));
    let is_page = reads_html && !request.uri().path().starts_with("/api/");
    let reader = Reader::new(request.extensions(), &http);
    let response = next.run(request).await;
    let standing = response.extensions().get::<Standing>().copied();
    match standing.map(|standing| (standing, standing.refusal())) {
        Some((standing, Err(error))) if is_page => {
            let mut page = error_page::answer(&reader, &error);
            standing.dress(&mut page);
            page
        }
        _ => response,
    }
}
