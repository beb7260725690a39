//! A secret that is shown once is covered until somebody asks for it: others may see the screen. Without scripts it is shown.

use leptos::prelude::*;

use crate::{page, secret};

/// Covers the text of the element `of`, and shows it on request. Copying gives the text either way.
#[island]
pub fn Reveal(
    /// The id of the element whose text it is.
    of: String,
    /// What the button says while it is covered: "Show API key".
    show: String,
    /// What the button says while it is shown: "Hide API key".
    hide: String,
) -> impl IntoView {
    let (shown, set_shown) = signal(true);
    let (ready, set_ready) = signal(false);
    let id = of.clone();
    // Effects run in the browser alone.
    Effect::new(move |done: Option<()>| {
        if done.is_none() {
            secret::cover(&id, page::text(&id));
            page::set_text(&id, secret::COVER);
            set_shown.set(false);
            set_ready.set(true);
        }
    });
    let id = of.clone();
    let turn = move |_| {
        if shown.get_untracked() {
            secret::cover(&id, page::text(&id));
            page::set_text(&id, secret::COVER);
        } else if let Some(text) = secret::uncover(&id) {
            page::set_text(&id, &text);
        }
        set_shown.update(|shown| *shown = !*shown);
    };
    view! {
        <button type="button" class="btn reveal" aria-controls=of hidden=move || !ready.get() on:click=turn>
            {move || if shown.get() { hide.clone() } else { show.clone() }}
        </button>
    }
}
