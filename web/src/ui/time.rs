//! Moments, in UTC and in words, with the exact one for machines.

use domain::{Timestamp, hour::Hour, time::rfc3339};
use leptos::prelude::*;

/// A moment to the minute.
#[component]
pub(crate) fn When(
    /// The moment.
    at: Timestamp,
) -> impl IntoView {
    let words = at.format("%-d %b %Y, %H:%M UTC").to_string();
    view! { <time datetime=rfc3339(at)>{words}</time> }
}

/// An hour, by its start.
pub(crate) fn hour_words(hour: Hour) -> String {
    hour.start().format("%-d %b %Y, %H:%M").to_string()
}
