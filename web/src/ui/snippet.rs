//! A text to copy. Without scripts, one click selects all of it.

use leptos::prelude::*;

#[component]
pub(crate) fn Snippet(
    /// What it is, for who does not see the page.
    label: &'static str,
    /// The text.
    text: String,
) -> impl IntoView {
    view! {
        <div class="stack">
            <pre class="snippet" tabindex="0" role="group" aria-label=label>
                {text}
            </pre>
            <p class="hint">"Click the text to select all of it, then copy it."</p>
        </div>
    }
}
