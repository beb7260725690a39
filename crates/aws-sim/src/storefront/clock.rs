//! The clock's form: `POST /storefront/clock`.

use axum::{
    Form,
    extract::State,
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use serde::Deserialize;

use super::Page;
use crate::{control::advance_clock, server::App};

/// The form.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Advance {
    advance_seconds: i64,
    #[serde(default)]
    back: String,
}

/// Moves business time ahead and goes back to the page.
pub(super) async fn advance(State(sim): State<App>, Form(form): Form<Advance>) -> Response {
    match advance_clock(&sim, form.advance_seconds).await {
        Ok(()) => {
            // Only pages of our own, and no scheme-relative address.
            let known = form.back.starts_with("/storefront")
                || ["/mailbox", "/authenticator"].contains(&form.back.as_str());
            Redirect::to(if known { &form.back } else { "/storefront" }).into_response()
        }
        Err(refusal) => Page::plain(
            StatusCode::UNPROCESSABLE_ENTITY,
            "The clock stays where it is",
            &refusal.1,
        )
        .into_response(),
    }
}
