//! Moments, in UTC and in words, with the exact one for machines.

use domain::{Timestamp, time::rfc3339};
use leptos::prelude::*;

/// A moment, to the minute or to the day.
#[component]
pub(crate) fn When(
    /// The moment.
    at: Timestamp,
    /// Whether the day is enough.
    #[prop(optional)]
    day: bool,
) -> impl IntoView {
    let format = if day {
        "%-d %b %Y"
    } else {
        "%-d %b %Y, %H:%M UTC"
    };
    let words = at.format(format).to_string();
    view! { <time datetime=rfc3339(at)>{words}</time> }
}

/// A moment in a table whose heading names the zone.
pub(crate) fn short(at: Timestamp) -> String {
    at.format("%-d %b, %H:%M").to_string()
}

/// The same as an element, with the exact moment for machines.
pub(crate) fn moment(at: Timestamp) -> impl IntoView + use<> {
    view! { <time datetime=rfc3339(at)>{short(at)}</time> }
}
