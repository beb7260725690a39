//! Names and what they are: a definition list.

use leptos::prelude::*;

/// The list; inside are [`Fact`]s.
#[component]
pub(crate) fn Facts(children: Children) -> impl IntoView {
    view! { <dl class="facts">{children()}</dl> }.into_any()
}

#[component]
pub(crate) fn Fact(
    /// The name.
    #[prop(into)]
    name: String,
    /// Whether it is written for machines.
    #[prop(optional)]
    mono: bool,
    /// What it is.
    children: Children,
) -> impl IntoView {
    let class = mono.then_some("mono");
    view! {
        <dt>{name}</dt>
        <dd class=class>{children()}</dd>
    }
    .into_any()
}
