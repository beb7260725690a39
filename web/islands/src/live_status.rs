//! Keeps a part of the page as it is at the server, and says so. Without scripts it says nothing, and the page has its link to look again.

use leptos::prelude::*;

use crate::{
    hub::{self, Line},
    page,
};

/// Follows a topic of `GET /live`. When its mark is another than that of the page, the page is asked for again in the background, and
/// its parts with the topic as `data-live` are put in the place of the old ones.
#[island]
pub fn LiveStatus(
    /// What changes: `setup` or `usage`.
    topic: String,
    /// The topic's mark when the page was made.
    mark: String,
    /// What is said while the page is kept up to date, in the reader's language.
    live: String,
    /// What is said while it is not, and this is tried again.
    waiting: String,
    /// What is said when the page could not be asked for again.
    lost: String,
) -> impl IntoView {
    let (state, set_state) = signal(Line::Off);
    let (said, set_said) = signal(String::new());
    // Effects run in the browser alone.
    Effect::new(move |done: Option<()>| {
        if done.is_some() {
            return;
        }
        let (part, lost) = (topic.clone(), lost.clone());
        let changed = move || {
            let (part, lost) = (part.clone(), lost.clone());
            leptos::task::spawn_local(async move {
                set_said.set(page::renew(&part).await.unwrap_or(lost));
            });
        };
        hub::follow(topic.clone(), mark.clone(), changed, move |line| {
            set_state.set(line);
        });
    });
    let words = move || match state.get() {
        Line::Off => String::new(),
        Line::Live => live.clone(),
        Line::Waiting => waiting.clone(),
    };
    view! {
        <p class="live quiet small" data-line=move || state.get().word() hidden=move || state.get() == Line::Off>
            <span>{words}</span>
            " "
            <span role="status">{move || said.get()}</span>
        </p>
    }
}
