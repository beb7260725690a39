//! The way to the other pages of a long list. Each is a link, so every page of it can be kept and sent.

use leptos::prelude::*;

use crate::words::say;

#[component]
pub(crate) fn Pager(
    /// The first page; none if this is it.
    first: Option<String>,
    /// The next one; none if this is the last.
    next: Option<String>,
    /// What it leads through, where a page has more than one.
    #[prop(optional)]
    label: Option<String>,
) -> impl IntoView {
    (first.is_some() || next.is_some()).then(|| {
        let link = |href: String, label: String| {
            view! { <a class="btn" href=href>{label}</a> }
        };
        view! {
            <nav class="row no-print" aria-label=label.unwrap_or_else(|| say!("parts-pages"))>
                {first.map(|href| link(href, say!("parts-first")))}
                {next.map(|href| link(href, say!("parts-next")))}
            </nav>
        }
        .into_any()
    })
}
