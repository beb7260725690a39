//! The way to the other pages of a long list. Each is a link, so every page of it can be kept and sent.

use leptos::prelude::*;

use crate::words::say;

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
        (say!("parts-first"), say!("parts-next"))
    } else {
        (say!("parts-newest"), say!("parts-older"))
    };
    (newest.is_some() || older.is_some()).then(|| {
        let link = |href: String, label: String| {
            view! { <a class="btn" href=href>{label}</a> }
        };
        view! {
            <nav class="row no-print" aria-label=say!("parts-pages")>
                {newest.map(|href| link(href, first))}
                {older.map(|href| link(href, next))}
            </nav>
        }
        .into_any()
    })
}
