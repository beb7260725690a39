//! A button that copies a text of the page. Without scripts there is no button, and the text is there to be selected.

use leptos::prelude::*;
use std::time::Duration;

use crate::{page, secret};

/// How long the button says what it did.
const SAID_FOR: Duration = Duration::from_secs(2);

/// Copies the text of the element `of`; where the browser does not allow it, selects it and says what to press.
#[island]
pub fn Copy(
    /// The id of the element whose text it is.
    of: String,
    /// What it is, after the word "Copy": "API key".
    what: String,
) -> impl IntoView {
    let (ready, set_ready) = signal(false);
    let (said, set_said) = signal("");
    // Effects run in the browser alone.
    Effect::new(move || set_ready.set(true));
    let copy = move |_| {
        let of = of.clone();
        leptos::task::spawn_local(async move {
            let text = secret::covered(&of).unwrap_or_else(|| page::text(&of));
            let copied = page::copy(&text).await;
            if !copied {
                page::select(&of);
            }
            set_said.set(if copied {
                "Copied"
            } else {
                "Press Ctrl+C or ⌘C to copy"
            });
            set_timeout(move || set_said.set(""), SAID_FOR);
        });
    };
    view! {
        <button type="button" class="btn copy" hidden=move || !ready.get() on:click=copy>
            {format!("Copy {what}")}
        </button>
        <span class="said small" role="status">
            {move || said.get()}
        </span>
    }
}
