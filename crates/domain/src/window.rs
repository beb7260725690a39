//! When AWS Marketplace takes a metering record: the exact predicate, as a pure function.
//! Source: the `Timestamp` member of `UsageRecord` in the service model: 24 hours back, last month only until 06:00Z on the 1st,
//! not before the start of use, not in the future.

use chrono::Duration;

use crate::{hour::Hour, time::Timestamp};

/// The first instant at which AWS no longer takes a record for `hour`.
pub fn deadline(hour: Hour) -> Timestamp {
    (hour.start() + Duration::hours(24)).min(hour.month_end() + Duration::hours(6))
}

/// Whether AWS takes a record for `hour` at `now`, for a licence used since `start`.
pub fn accepts(hour: Hour, now: Timestamp, start: Timestamp) -> bool {
    hour >= Hour::containing(start) && hour.start() <= now && now < deadline(hour)
}

/// The earliest hour that can still be sealed, sent and accepted in good time: its deadline is at least half an hour away.
pub fn earliest(now: Timestamp) -> Hour {
    let good_time = now + Duration::minutes(30);
    let mut hour = Hour::containing(now - Duration::hours(24));
    while deadline(hour) <= good_time {
        hour = hour.next();
    }
    hour
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn the_windows_edges() {
        let start = at("2026-01-01T00:00:00Z");
        for (hour, now, taken) in [
            ("2026-11-22T10:00:00Z", "2026-11-23T09:59:59Z", true),
            ("2026-11-22T10:00:00Z", "2026-11-23T10:00:00Z", false),
            ("2026-11-22T10:00:00Z", "2026-11-22T09:59:59Z", false),
            ("2026-10-31T20:00:00Z", "2026-11-01T05:00:00Z", true),
            ("2026-10-31T20:00:00Z", "2026-11-01T07:00:00Z", false),
            ("2025-12-31T23:00:00Z", "2026-01-01T01:00:00Z", false), // before the start of use
        ] {
            assert_eq!(
                accepts(Hour::containing(at(hour)), at(now), start),
                taken,
                "{hour} at {now}"
            );
        }
    }

    proptest! {
        /// Nothing earlier can be sent in time, and the hour itself can, whatever the moment.
        #[test]
        fn the_earliest_hour_is_the_first_that_can_be_sent_in_time(minutes in 0_i64..40_000_000) {
            let now = at("2000-01-01T00:00:00Z") + Duration::minutes(minutes);
            let hour = earliest(now);
            prop_assert!(deadline(hour) > now + Duration::minutes(30));
            prop_assert!(deadline(hour.previous()) <= now + Duration::minutes(30));
            prop_assert!(hour <= Hour::containing(now));
        }

        /// The deadline form equals the form AWS documents: 24 h and the month cut, stated apart.
        #[test]
        fn the_deadline_says_the_same_as_the_documented_rule(hour in 480_000_i64..520_000, minutes in 0_i64..4_000) {
            use chrono::Datelike;
            let hour = Hour::from_number(hour);
            let now = hour.start() + Duration::minutes(minutes);
            let same_month = (hour.start().year(), hour.start().month()) == (now.year(), now.month());
            let documented = now - hour.start() < Duration::hours(24)
                && (same_month || now < hour.month_end() + Duration::hours(6));
            prop_assert_eq!(accepts(hour, now, hour.start()), documented);
        }
    }
}
