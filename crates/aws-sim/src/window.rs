//! When a metering timestamp is taken: one pure predicate.
//!
//! Source: the service model of `BatchMeterUsage` (24 hours back, last month's records until 06:00 UTC on the 1st, not before the
//! start of use). That future timestamps are refused is inferred, so it is a switch.
//! Invariant: no clock is read here; both moments are arguments.

use chrono::{Datelike as _, NaiveDate};

use crate::clock::{HOUR_MS, MINUTE_MS, moment};

/// The settings that the predicate depends on.
#[derive(Debug, Clone, Copy)]
pub struct Window {
    /// How far back a timestamp may lie (switch `windowHours`).
    pub hours: i64,
    /// Whether a timestamp after now is taken (switch `futureTimestamps`).
    pub future: bool,
    /// Whether the start of the hour in which the licence began is taken (switch `firstHour`).
    pub whole_first_hour: bool,
}

/// Whether a record stamped `ts` is taken at `now` for a licence in use since `start` (all in milliseconds).
pub fn accept(window: Window, ts: i64, now: i64, start: i64) -> bool {
    inside(window, ts, now) && ts >= earliest(window, start)
}

/// The part of the predicate that does not depend on the licence.
pub fn inside(window: Window, ts: i64, now: i64) -> bool {
    (window.future || ts <= now)
        && now - ts < window.hours * HOUR_MS
        && (same_month(ts, now) || ts > now || now < month_start(now) + 6 * HOUR_MS)
}

/// The earliest timestamp of a licence in use since `start`.
pub fn earliest(window: Window, start: i64) -> i64 {
    if window.whole_first_hour {
        start - start.rem_euclid(HOUR_MS)
    } else {
        start
    }
}

fn same_month(a: i64, b: i64) -> bool {
    let (a, b) = (moment(a), moment(b));
    (a.year(), a.month()) == (b.year(), b.month())
}

fn month_start(ms: i64) -> i64 {
    let at = moment(ms);
    NaiveDate::from_ymd_opt(at.year(), at.month(), 1)
        .and_then(|day| day.and_hms_opt(0, 0, 0))
        .map_or(ms - MINUTE_MS, |first| first.and_utc().timestamp_millis())
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;

    fn ms(text: &str) -> i64 {
        DateTime::parse_from_rfc3339(text)
            .unwrap()
            .timestamp_millis()
    }

    const DEFAULT: Window = Window {
        hours: 24,
        future: false,
        whole_first_hour: true,
    };

    #[test]
    fn the_window_follows_the_model() {
        let start = "2026-01-15T10:30:00Z";
        for (ts, now, taken, why) in [
            (
                "2026-10-10T10:00:00Z",
                "2026-10-10T10:00:00Z",
                true,
                "this very moment",
            ),
            (
                "2026-10-10T10:00:00.001Z",
                "2026-10-10T10:00:00Z",
                false,
                "in the future",
            ),
            (
                "2026-10-10T10:00:00Z",
                "2026-10-11T09:59:59.999Z",
                true,
                "a millisecond short of a day",
            ),
            (
                "2026-10-10T10:00:00Z",
                "2026-10-11T10:00:00Z",
                false,
                "a day old",
            ),
            (
                "2026-10-31T20:00:00Z",
                "2026-11-01T05:00:00Z",
                true,
                "last month, before six",
            ),
            (
                "2026-10-31T20:00:00Z",
                "2026-11-01T05:59:59.999Z",
                true,
                "last month, just before six",
            ),
            (
                "2026-10-31T20:00:00Z",
                "2026-11-01T06:00:00Z",
                false,
                "last month, at six",
            ),
            (
                "2026-10-31T20:00:00Z",
                "2026-11-01T07:00:00Z",
                false,
                "last month, eleven hours old",
            ),
            (
                "2026-11-01T00:00:00Z",
                "2026-11-01T07:00:00Z",
                true,
                "first hour of the month",
            ),
            (
                "2025-12-31T23:00:00Z",
                "2026-01-01T05:59:00Z",
                false,
                "before the licence began",
            ),
            (
                "2026-01-15T10:00:00Z",
                "2026-01-15T11:00:00Z",
                true,
                "the hour the licence began",
            ),
            (
                "2026-01-15T09:00:00Z",
                "2026-01-15T11:00:00Z",
                false,
                "the hour before",
            ),
        ] {
            assert_eq!(accept(DEFAULT, ms(ts), ms(now), ms(start)), taken, "{why}");
        }
    }

    #[test]
    fn switches_change_the_window() {
        let (ts, now) = (ms("2026-10-10T10:00:00Z"), ms("2026-10-10T16:00:00Z"));
        assert!(!accept(
            Window {
                hours: 6,
                ..DEFAULT
            },
            ts,
            now,
            0
        ));
        assert!(accept(
            Window {
                hours: 6,
                ..DEFAULT
            },
            ts,
            now - 1,
            0
        ));
        assert!(accept(
            Window {
                future: true,
                ..DEFAULT
            },
            now,
            ts,
            0
        ));
        let began = ms("2026-10-10T10:30:00Z");
        assert!(!accept(
            Window {
                whole_first_hour: false,
                ..DEFAULT
            },
            ts,
            now,
            began
        ));
    }
}
