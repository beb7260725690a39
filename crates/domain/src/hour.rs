//! The metering hour: a whole UTC hour, the unit AWS Marketplace deduplicates by.
//! The bucket of a moment is decided by UTC alone, so every replica agrees.

use chrono::{DateTime, Datelike, Duration, TimeZone, Utc};
use serde::{Deserialize, Serialize};

use crate::time::Timestamp;

const SECONDS: i64 = 3600;

/// A whole UTC hour, named by the hours since 1970-01-01T00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hour(i64);

impl Hour {
    /// The hour that `at` falls into.
    pub fn containing(at: Timestamp) -> Self {
        Self(at.timestamp().div_euclid(SECONDS))
    }

    /// The hour with this number; used when reading it back from a table.
    pub const fn from_number(number: i64) -> Self {
        Self(number)
    }

    /// Hours since 1970-01-01T00:00Z.
    pub const fn number(self) -> i64 {
        self.0
    }

    /// The hour's first instant: the `Timestamp` that AWS gets.
    pub fn start(self) -> Timestamp {
        // Any i64 that came from a timestamp is inside chrono's range; the fallback only keeps the function total.
        DateTime::<Utc>::from_timestamp(self.0.saturating_mul(SECONDS), 0)
            .unwrap_or(DateTime::<Utc>::MAX_UTC)
    }

    /// The first instant that is no longer in the hour.
    pub fn end(self) -> Timestamp {
        self.next().start()
    }

    /// The hour after this one.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }

    /// The hour before this one.
    #[must_use]
    pub const fn previous(self) -> Self {
        Self(self.0.saturating_sub(1))
    }

    /// The first hour of this hour's calendar month.
    #[must_use]
    pub fn month_begin(self) -> Self {
        let hours = i64::from(self.start().day0()) * 24 + self.of_day();
        Self(self.0.saturating_sub(hours))
    }

    /// Which hour of its day it is, from 0 to 23.
    pub const fn of_day(self) -> i64 {
        self.0.rem_euclid(24)
    }

    /// The hour so many hours later; earlier, if they are fewer than none.
    #[must_use]
    pub const fn plus(self, hours: i64) -> Self {
        Self(self.0.saturating_add(hours))
    }

    /// The first instant of the calendar month after this hour's.
    pub fn month_end(self) -> Timestamp {
        let start = self.start();
        let (year, month) = if start.month() == 12 {
            (start.year() + 1, 1)
        } else {
            (start.year(), start.month() + 1)
        };
        Utc.with_ymd_and_hms(year, month, 1, 0, 0, 0)
            .single()
            .unwrap_or(DateTime::<Utc>::MAX_UTC)
    }
}

impl std::fmt::Display for Hour {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.start().format("%Y-%m-%dT%H:00:00Z"))
    }
}

impl Serialize for Hour {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Hour {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let at = DateTime::<Utc>::deserialize(deserializer)?;
        if at.timestamp() % SECONDS != 0 || at.timestamp_subsec_nanos() != 0 {
            return Err(serde::de::Error::custom("not a whole UTC hour"));
        }
        Ok(Self::containing(at))
    }
}

/// The moment an hour may be sealed: its end and the grace for late usage.
/// From 03:00Z on the 1st the grace is skipped for last month, because AWS closes it at 06:00Z (`facts`: metering rules, month cut).
pub fn seal_due(hour: Hour, grace: Duration, now: Timestamp) -> bool {
    let end = hour.end();
    if now < end {
        return false;
    }
    let month_cut_near = now >= hour.month_end() + Duration::hours(3);
    month_cut_near || now >= end + grace
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn a_moment_belongs_to_the_hour_it_starts_in() {
        for (moment, hour) in [
            ("2026-11-22T10:00:00Z", "2026-11-22T10:00:00Z"),
            ("2026-11-22T10:59:59.999Z", "2026-11-22T10:00:00Z"),
            ("2026-12-31T23:59:59.999Z", "2026-12-31T23:00:00Z"),
            ("2027-01-01T00:00:00Z", "2027-01-01T00:00:00Z"),
            ("1969-12-31T23:30:00Z", "1969-12-31T23:00:00Z"),
        ] {
            assert_eq!(Hour::containing(at(moment)).to_string(), hour);
        }
    }

    #[test]
    fn a_month_begins_with_the_first_hour_of_its_first_day() {
        for (moment, hour) in [
            ("2026-11-22T10:30:00Z", "2026-11-01T00:00:00Z"),
            ("2026-11-01T00:00:00Z", "2026-11-01T00:00:00Z"),
            ("2024-02-29T23:59:59Z", "2024-02-01T00:00:00Z"),
            ("1969-12-31T23:30:00Z", "1969-12-01T00:00:00Z"),
        ] {
            let begin = Hour::containing(at(moment)).month_begin();
            assert_eq!(begin.to_string(), hour);
            assert_eq!(begin.of_day(), 0);
        }
    }

    #[test]
    fn sealing_waits_for_the_grace_except_near_the_month_cut() {
        let hour = Hour::containing(at("2026-11-22T10:30:00Z"));
        let grace = Duration::minutes(5);
        assert!(!seal_due(hour, grace, at("2026-11-22T11:04:59Z")));
        assert!(seal_due(hour, grace, at("2026-11-22T11:05:00Z")));
        let last = Hour::containing(at("2026-11-30T23:30:00Z"));
        let long = Duration::hours(20);
        assert!(!seal_due(last, long, at("2026-12-01T02:59:59Z")));
        assert!(seal_due(last, long, at("2026-12-01T03:00:00Z")));
    }
}
