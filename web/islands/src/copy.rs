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
    /// What the button says, in the reader's language, as all words of an island: "Copy API key".
    label: String,
    /// What is said when it is copied.
    copied: String,
    /// What is said when the browser did not allow it: which keys to press.
    press: String,
) -> impl IntoView {
    let (ready, set_ready) = signal(false);
    let (said, set_said) = signal(String::new());
    // Effects run in the browser alone.
    Effect::new(move || set_ready.set(true));
    let copy = move |_| {
        let (of, copied, press) = (of.clone(), copied.clone(), press.clone());
        leptos::task::spawn_local(async move {
            let text = secret::covered(&of).unwrap_or_else(|| page::text(&of));
            set_said.set(if page::copy(&text).await {
                copied
            } else {
                page::select(&of);
                press
            });
            set_timeout(move || set_said.set(String::new()), SAID_FOR);
        });
    };
    view! {
        <button type="button" class="btn copy" hidden=move || !ready.get() on:click=copy>
            {label}
        </button>
        <span class="said small" role="status">
            {move || said.get()}
        </span>
    }
}
