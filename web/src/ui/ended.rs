//! What the end of a subscription means, and what to do about it: the same words wherever it matters.

use domain::Timestamp;
use leptos::prelude::*;

use super::{When, set_up};
use crate::words::say;

/// The whole of it, for a page that has nothing else to say.
#[component]
pub(crate) fn Ended(
    /// When it ended.
    at: Timestamp,
) -> impl IntoView {
    view! {
        <p>{say!("ended-at"; at = view! { <When at=at/> })}</p>
        <ul class="plain-steps">
            <li>{say!("ended-usage")}</li>
            <li>{say!("ended-last-hours")}</li>
            <li>{say!("ended-data")}</li>
        </ul>
        <p>{say!("ended-anew"; button = set_up())}</p>
    }
}

/// One sentence on top of a page about something else.
#[component]
pub(crate) fn EndedNotice(
    /// When it ended.
    at: Timestamp,
    /// What that means for this page.
    #[prop(into)]
    meaning: String,
) -> impl IntoView {
    let ended = view! { <strong>{say!("parts-ended-what")}</strong> };
    let at = view! { <When at=at/> };
    let more = view! { <a href="/">{say!("parts-ended-more")}</a> };
    view! {
        <p class="alert ended">
            <span>
                {say!("parts-ended", meaning = meaning; ended = ended, at = at, more = more)}
            </span>
        </p>
    }
}
