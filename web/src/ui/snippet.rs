//! A text to copy: by its button, if it has an id; without scripts, one click selects all of it.
//! What is secret is covered until somebody asks for it, where scripts run.

use islands::{Copy, Reveal};
use leptos::prelude::*;

use crate::words::{Language, say};

#[component]
pub(crate) fn Snippet(
    /// What it is, for who does not see the page.
    #[prop(into)]
    label: String,
    /// The text.
    text: String,
    /// Its id on the page.
    #[prop(optional)]
    id: Option<&'static str>,
    /// Whether others should not see it.
    #[prop(optional)]
    secret: bool,
) -> impl IntoView {
    // "Public key" within a sentence; "API key" stays, and so does every German noun.
    let what = match label.split_at_checked(1) {
        Some((first, rest))
            if Language::now() == Language::English && rest.starts_with(char::is_lowercase) =>
        {
            first.to_lowercase() + rest
        }
        _ => label.clone(),
    };
    let buttons = id.map(|id| {
        let of = || id.to_owned();
        view! {
            <div class="row no-print">
                <Copy
                    of=of()
                    label=say!("parts-copy", what = what.as_str())
                    copied=say!("parts-copied")
                    press=say!("parts-copy-press")
                />
                {secret.then(|| {
                    let show = say!("parts-reveal", what = what.as_str());
                    let hide = say!("parts-cover", what = what.as_str());
                    view! { <Reveal of=of() show=show hide=hide/> }
                })}
            </div>
        }
        .into_any()
    });
    view! {
        <div class="stack">
            <pre class="snippet" id=id tabindex="0" role="group" aria-label=label>
                {text}
            </pre>
            <p class="hint">{say!("parts-snippet-hint")}</p>
            {buttons}
        </div>
    }
}
