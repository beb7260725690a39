//! An id or a name for machines, beside its sentence or its fact, with a small button that copies it. Without scripts one click selects it.

use leptos::prelude::*;

use super::snippet::copy;

#[component]
pub(crate) fn Copyable(
    /// Its id on the page.
    #[prop(into)]
    id: String,
    /// What it is, as within a sentence: "tenant id".
    what: String,
    /// The text.
    text: String,
) -> impl IntoView {
    view! {
        <span class="copyable">
            <code class="wrap" id=id.clone()>
                {text}
            </code>
            {copy(id, &what)}
        </span>
    }
    .into_any()
}
