//! The way to the other pages of a long list. Each is a link, so every page of it can be kept and sent.

use leptos::prelude::*;

#[component]
pub(crate) fn Pager(
    /// The first page; none if this is it.
    newest: Option<String>,
    /// The next one; none if this is the last.
    older: Option<String>,
    /// Whether the list may be in another order than the newest first.
    #[prop(optional)]
    sorted: bool,
) -> impl IntoView {
    let (first, next) = if sorted {
        ("First page", "Next page")
    } else {
        ("Newest", "Older")
    };
    (newest.is_some() || older.is_some()).then(|| {
        let link = |href: String, label: &'static str| {
            view! { <a class="btn" href=href>{label}</a> }
        };
        view! {
            <nav class="row no-print" aria-label="Pages">
                {newest.map(|href| link(href, first))}
                {older.map(|href| link(href, next))}
            </nav>
        }
        .into_any()
    })
}
