//! Looks for what changed every two seconds, for a page that nobody is signed in on and that `GET /live` therefore says nothing to.
//! It is meant for seconds of waiting: when nothing is to be waited for any more, the page has no such parts, and becomes the new one.

use std::{cell::Cell, rc::Rc, time::Duration};

use leptos::prelude::*;
use web_sys::VisibilityState;

use crate::page;

const EVERY: Duration = Duration::from_secs(2);

/// Asks for the page again in the background and puts its parts with this `data-live` in the place of the old ones.
#[island]
pub fn LookAgain(
    /// The name of the parts.
    part: String,
    /// What is said while it looks, in the reader's language.
    live: String,
    /// What is said when the page could not be asked for again.
    lost: String,
) -> impl IntoView {
    let (said, set_said) = signal(String::new());
    let (looks, set_looks) = signal(false);
    // Effects run in the browser alone.
    Effect::new(move |done: Option<()>| {
        if done.is_some() {
            return;
        }
        set_looks.set(true);
        let busy = Rc::new(Cell::new(false));
        let (part, lost) = (part.clone(), lost.clone());
        let look = move || {
            if busy.get() || document().visibility_state() == VisibilityState::Hidden {
                return;
            }
            busy.set(true);
            let (part, lost, busy) = (part.clone(), lost.clone(), Rc::clone(&busy));
            leptos::task::spawn_local(async move {
                set_said.set(page::renew(&part).await.unwrap_or(lost));
                busy.set(false);
            });
        };
        set_interval(look, EVERY);
    });
    view! {
        <p class="live quiet small" hidden=move || !looks.get()>
            <span>{live}</span>
            " "
            <span role="status">{move || said.get()}</span>
        </p>
    }
}
