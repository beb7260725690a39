//! A part of a page with a heading of its own.

use leptos::prelude::*;

#[component]
pub(crate) fn Card(
    /// Its heading.
    #[prop(into, optional)]
    title: Option<String>,
    /// Its id, if something leads to it.
    #[prop(optional)]
    id: Option<&'static str>,
    /// What it is about, where a heading would only repeat the page's.
    #[prop(into, optional)]
    label: Option<String>,
    /// What stands at the end of the heading's line: a state, or an action.
    #[prop(optional)]
    aside: Option<AnyView>,
    /// What is in it.
    children: Children,
) -> impl IntoView {
    let heading = title.map(|title| view! { <h2>{title}</h2> });
    let head = match aside {
        Some(aside) => view! { <header>{heading} {aside}</header> }.into_any(),
        None => heading.into_any(),
    };
    view! {
        <section class="card" id=id aria-label=label>
            {head}
            {children()}
        </section>
    }
    .into_any()
}
