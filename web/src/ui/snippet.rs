//! A text to copy: by its button, if it has an id; without scripts, one click selects all of it.
//! What is secret is covered until somebody asks for it, where scripts run.

use islands::{Copy, Reveal};
use leptos::prelude::*;

use crate::words::say;

#[component]
pub(crate) fn Snippet(
    /// What it is, as within a sentence: "public key". The buttons say it, and it is read out to who does not see the page.
    #[prop(into)]
    label: String,
    /// The text.
    text: String,
    /// Its id on the page.
    #[prop(into, optional)]
    id: Option<String>,
    /// What opens it, if it is long and need not be in sight. The buttons always are.
    #[prop(into, optional)]
    folded: Option<String>,
    /// Whether others should not see it.
    #[prop(optional)]
    secret: bool,
) -> impl IntoView {
    let buttons = id.clone().map(|id| {
        view! {
            <div class="row no-print">
                {copy(id.clone(), &label)}
                {secret.then(|| {
                    let show = say!("parts-reveal", what = label.as_str());
                    let hide = say!("parts-cover", what = label.as_str());
                    view! { <Reveal of=id show=show hide=hide/> }
                })}
            </div>
        }
        .into_any()
    });
    // Where there is a button, it is the way; it needs scripts.
    let hint = || view! { <p class="hint">{say!("parts-snippet-hint")}</p> };
    let hint = if buttons.is_some() {
        view! { <noscript>{hint()}</noscript> }.into_any()
    } else {
        hint().into_any()
    };
    let block = view! {
        <pre class="snippet" id=id tabindex="0" role="group" aria-label=label>
            {text}
        </pre>
        {hint}
    }
    .into_any();
    let block = match folded {
        Some(summary) => view! {
            <details class="folded">
                <summary>{summary}</summary>
                <div class="stack">{block}</div>
            </details>
        }
        .into_any(),
        None => block,
    };
    view! { <div class="stack">{block} {buttons}</div> }
}

/// The button that copies the text of that id; `what` it is, as within a sentence.
pub(super) fn copy(id: String, what: &str) -> impl IntoView + use<> {
    view! {
        <Copy
            of=id
            label=say!("parts-copy", what = what)
            copied=say!("parts-copied")
            press=say!("parts-copy-press")
        />
    }
}
