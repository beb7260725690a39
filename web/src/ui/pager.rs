//! The way to the other pages of a long list, newest first. Each is a link, so every page of it can be kept and sent.

use leptos::prelude::*;

#[component]
pub(crate) fn Pager(
    /// The first page; none if this is it.
    newest: Option<String>,
    /// The next one; none if this is the last.
    older: Option<String>,
) -> impl IntoView {
    (newest.is_some() || older.is_some()).then(|| {
        let link = |href: String, label: &'static str| {
            view! { <a class="btn" href=href>{label}</a> }
        };
        view! {
            <nav class="row" aria-label="Pages">
                {newest.map(|href| link(href, "Newest"))}
                {older.map(|href| link(href, "Older"))}
            </nav>
        }
    })
}
