//! The way to the page of the documentation that answers what is asked here.

use leptos::prelude::*;

#[component]
pub(crate) fn DocsLink(
    /// The page's name under `/docs/`, with a heading's id where that is closer.
    page: &'static str,
    /// What it tells.
    #[prop(into)]
    label: String,
) -> impl IntoView {
    view! {
        <a class="docs-link" href=format!("/docs/{page}")>
            {label}
        </a>
    }
}
