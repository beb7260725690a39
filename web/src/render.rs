//! From a view to an answer: the one place that turns Leptos views into bytes.
//! Pages are never hydrated, so the markers that hydration would need are taken out.

use axum::{
    http::StatusCode,
    response::{Html, IntoResponse, Response},
};
use leptos::prelude::*;

/// The HTML of a whole document.
pub(crate) fn html<V: RenderHtml>(view: impl FnOnce() -> V) -> String {
    let body = Owner::new().with(|| view().to_html());
    // Safe as plain text: a `<` that came from a value is always written `&lt;`.
    format!("<!DOCTYPE html>{}", body.replace("<!>", ""))
}

/// The answer with that document.
pub(crate) fn page<V: RenderHtml>(status: StatusCode, view: impl FnOnce() -> V) -> Response {
    (status, Html(html(view))).into_response()
}
