//! From a view to an answer: the one place that turns Leptos views into bytes.
//! Islands alone are hydrated, so the markers that hydration needs are taken out everywhere else. A page that has some gets their loader.

use axum::{
    http::{StatusCode, header},
    response::{Html, IntoResponse, Response},
};
use http_api::security_headers::Islands;
use leptos::prelude::*;

use crate::islands;

const BEGIN: &str = "<leptos-island ";
const END: &str = "</leptos-island>";
/// As `shell` writes it.
const REFRESH: &str = "<meta http-equiv=\"refresh\" content=\"2\">";

/// The answer with that document.
pub(crate) fn page<V: RenderHtml>(status: StatusCode, view: impl FnOnce() -> V) -> Response {
    let body = unmarked(&Owner::new().with(|| view().to_html()));
    let loader = islands::loader_url().filter(|_| body.contains(BEGIN));
    let is_live = loader.is_some();
    let body = match loader {
        Some(loader) => alive(&body, &loader),
        None => body,
    };
    let mut response = (status, Html(format!("<!DOCTYPE html>{body}"))).into_response();
    if is_live {
        response.extensions_mut().insert(Islands);
    }
    response
}

/// An answer with that document in place of what it said. Its status and its other headers stay.
pub(crate) fn instead<V: RenderHtml>(mut response: Response, view: impl FnOnce() -> V) -> Response {
    let (parts, body) = page(response.status(), view).into_parts();
    response.headers_mut().remove(header::CONTENT_LENGTH);
    response.headers_mut().extend(parts.headers);
    response.extensions_mut().extend(parts.extensions);
    *response.body_mut() = body;
    response
}

/// The HTML of a whole document, as it is without islands built in.
#[cfg(test)]
pub(crate) fn html<V: RenderHtml>(view: impl FnOnce() -> V) -> String {
    let body = Owner::new().with(|| view().to_html());
    format!("<!DOCTYPE html>{}", unmarked(&body))
}

/// The HTML of pieces, each under its name.
#[cfg(test)]
pub(crate) fn samples(
    make: impl FnOnce() -> Vec<crate::ui::gallery::Sample>,
) -> Vec<(&'static str, String)> {
    let html = |(name, view): crate::ui::gallery::Sample| (name, unmarked(&view.to_html()));
    Owner::new().with(|| make().into_iter().map(html).collect())
}

/// Without markers outside of islands, which have none in one another.
/// Safe as plain text: a `<` that came from a value is always written `&lt;`.
fn unmarked(body: &str) -> String {
    let mut out = String::with_capacity(body.len());
    let mut pieces = body.split(BEGIN);
    out.push_str(&pieces.next().unwrap_or_default().replace("<!>", ""));
    for piece in pieces {
        let (island, rest) = piece.split_once(END).unwrap_or((piece, ""));
        out.extend([BEGIN, island, END, &rest.replace("<!>", "")]);
    }
    out
}

/// With the loader. A page that follows what changes need not look again as a whole, unless scripts do not run.
fn alive(body: &str, loader: &str) -> String {
    let head = format!("<script type=\"module\" src=\"{loader}\"></script></head>");
    body.replacen("</head>", &head, 1).replacen(
        REFRESH,
        &format!("<noscript>{REFRESH}</noscript>"),
        1,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markers_stay_in_islands_alone() {
        let body = "a<!>b<leptos-island data-component=\"X_1\">c<!>d</leptos-island>e<!>";
        assert_eq!(
            unmarked(body),
            "ab<leptos-island data-component=\"X_1\">c<!>d</leptos-island>e"
        );
    }

    #[test]
    fn a_live_page_looks_again_as_a_whole_only_without_scripts() {
        let body = format!("<html><head>{REFRESH}<title>T</title></head><body></head></body>");
        assert_eq!(
            alive(&body, "/assets/l.js"),
            format!(
                "<html><head><noscript>{REFRESH}</noscript><title>T</title><script type=\"module\" src=\"/assets/l.js\"></script></head><body></head></body>"
            )
        );
    }
}
