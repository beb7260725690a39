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
) -> impl IntoView {
    let (line, set_line) = signal(Line::Off);
    let (said, set_said) = signal(String::new());
    // Effects run in the browser alone.
    Effect::new(move |done: Option<()>| {
        if done.is_some() {
            return;
        }
        let part = topic.clone();
        let changed = move || {
            let part = part.clone();
            leptos::task::spawn_local(async move {
                set_said.set(match page::renew(&part).await {
                    Ok(words) => words,
                    Err(page::Lost) => {
                        "This page could not be brought up to date. Reload it to go on.".to_owned()
                    }
                });
            });
        };
        hub::follow(topic.clone(), mark.clone(), changed, move |line| {
            set_line.set(line);
        });
    });
    view! {
        <p class="live quiet small" data-line=move || line.get().word() hidden=move || line.get() == Line::Off>
            <span>{move || line.get().words()}</span>
            " "
            <span role="status">{move || said.get()}</span>
        </p>
    }
}
