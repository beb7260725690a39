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
    let value = if mono {
        view! { <dd class="mono">{children()}</dd> }.into_any()
    } else {
        view! { <dd>{children()}</dd> }.into_any()
    };
    view! {
        <dt>{name}</dt>
        {value}
    }
    .into_any()
}
