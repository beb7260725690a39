//! The product's name with its mark; a link where there is somewhere to go.

use leptos::prelude::*;

#[component]
pub(crate) fn Brand(
    /// Where it leads, if anywhere.
    #[prop(optional)]
    href: Option<&'static str>,
) -> impl IntoView {
    let content = view! {
        <svg
            viewBox="0 0 24 24"
            fill="none"
            stroke="currentColor"
            stroke-width="1.8"
            aria-hidden="true"
        >
            <rect x="2.5" y="5" width="19" height="14" rx="3"></rect>
            <path d="M2.5 9.5h19"></path>
            <path d="M7 14h.01M10.5 14h.01M14 14h.01" stroke-linecap="round"></path>
        </svg>
        "Payphone"
    };
    match href {
        Some(href) => view! { <a class="brand" href=href>{content}</a> }.into_any(),
        None => view! { <span class="brand">{content}</span> }.into_any(),
    }
}
