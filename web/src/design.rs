//! `/design`: every component with sample values, for whoever builds pages. It is there in development alone: whoever composes the app
//! decides, and everywhere else the address does not exist.

use axum::{Router, http::StatusCode, response::Response, routing::get};
use http_api::Http;
use leptos::prelude::*;

use crate::{
    again,
    reader::Reader,
    render,
    shell::Open,
    theme,
    ui::{Card, PageHead, ThemeSwitch, gallery},
};

/// The route.
pub fn router() -> Router<Http> {
    Router::new().route("/design", get(show))
}

/// `GET /design`
async fn show(reader: Reader) -> Response {
    render::page(StatusCode::OK, || view(reader))
}

pub(crate) fn view(reader: Reader) -> impl IntoView {
    let samples: Vec<_> = gallery::all()
        .into_iter()
        .map(|(name, sample)| view! { <Card title=name><div>{sample}</div></Card> }.into_any())
        .collect();
    let sign_in = again::sign_in("/");
    view! {
        <Open title="Components" support=reader.support sign_in=sign_in>
            <PageHead
                title="Components"
                intro="Every component of the console with sample values. Look at them light and dark, wide and narrow."
            >
                <ThemeSwitch chosen=theme::chosen()/>
            </PageHead>
            {samples}
        </Open>
    }
}
