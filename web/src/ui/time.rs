//! Moments, in UTC and in words, with the exact one for machines.

use chrono::Datelike;
use domain::{Timestamp, time::rfc3339};
use leptos::prelude::*;

use crate::words::say;

/// A moment, to the minute or to the day.
#[component]
pub(crate) fn When(
    /// The moment.
    at: Timestamp,
    /// Whether the day is enough.
    #[prop(optional)]
    day: bool,
) -> impl IntoView {
    let words = if day {
        date(at)
    } else {
        say!("parts-date-time", date = date(at), time = time(at))
    };
    view! { <time datetime=rfc3339(at)>{words}</time> }
}

/// The day with its year.
pub(crate) fn date(at: Timestamp) -> String {
    say!(
        "parts-date",
        day = at.day(),
        month = month(at),
        year = at.year().to_string()
    )
}

/// The day, where its year is known.
pub(crate) fn day(at: Timestamp) -> String {
    say!("parts-day", day = at.day(), month = month(at))
}

fn month(at: Timestamp) -> String {
    say!("parts-month", month = at.month())
}

fn time(at: Timestamp) -> String {
    at.format("%H:%M").to_string()
}

/// A moment in a table whose heading names the zone.
pub(crate) fn short(at: Timestamp) -> String {
    say!("parts-day-time", day = day(at), time = time(at))
}

/// The same as an element, with the exact moment for machines.
pub(crate) fn moment(at: Timestamp) -> impl IntoView + use<> {
    view! { <time datetime=rfc3339(at)>{short(at)}</time> }
}

#[cfg(test)]
mod tests {
    use chrono::{Months, TimeZone, Utc};

    use super::*;
    use crate::words::Language;

    #[test]
    fn months_are_called_as_the_language_calls_them() {
        let january = Utc.with_ymd_and_hms(2026, 1, 8, 14, 5, 0).unwrap();
        let german = [
            "Jan.", "Feb.", "März", "Apr.", "Mai", "Juni", "Juli", "Aug.", "Sept.", "Okt.", "Nov.",
            "Dez.",
        ];
        for (number, name) in (0..12).zip(german) {
            let at = january + Months::new(number);
            assert_eq!(date(at), at.format("%-d %b %Y").to_string());
            assert_eq!(short(at), at.format("%-d %b, %H:%M").to_string());
            Language::German.with(|| {
                assert_eq!(date(at), format!("8. {name} 2026"));
                assert_eq!(short(at), format!("8. {name}, 14:05"));
            });
        }
    }
}
