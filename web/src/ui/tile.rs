//! One figure with its name: a few of them side by side say how things are.

use leptos::prelude::*;

/// Figures side by side; inside are [`Tile`]s.
#[component]
pub(crate) fn Tiles(children: Children) -> impl IntoView {
    view! { <dl class="tiles">{children()}</dl> }.into_any()
}

#[component]
pub(crate) fn Tile(
    /// What is counted.
    #[prop(into)]
    name: String,
    /// How much it is.
    #[prop(into)]
    figure: String,
    /// What that means.
    #[prop(into, optional)]
    note: Option<String>,
) -> impl IntoView {
    view! {
        <div class="tile">
            <dt>{name}</dt>
            <dd>
                {figure}
                {note.map(|note| view! { <small>{note}</small> })}
            </dd>
        </div>
    }
    .into_any()
}
