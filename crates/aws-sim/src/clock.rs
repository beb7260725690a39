//! The two clocks: real time (leases of messages, long polls) and business time (tokens, windows, agreements).
//!
//! Business time is system time plus an offset that only ever grows.
//! Invariant: no other file of this crate reads the machine's clock.

use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, SecondsFormat, Utc};

/// Milliseconds of one hour.
pub const HOUR_MS: i64 = 3_600_000;
/// Milliseconds of one minute.
pub const MINUTE_MS: i64 = 60_000;

/// Real time and business time, both as milliseconds since the Unix epoch.
#[derive(Debug, Default)]
pub struct Clock {
    offset_ms: AtomicI64,
    fixed_ms: Option<AtomicI64>,
}

impl Clock {
    /// A clock on the machine's time.
    pub fn system() -> Self {
        Self::default()
    }

    /// A clock that stands still; tests move it with [`Clock::advance`].
    pub fn fixed(ms: i64) -> Self {
        Self {
            offset_ms: AtomicI64::new(0),
            fixed_ms: Some(AtomicI64::new(ms)),
        }
    }

    /// The machine's time.
    pub fn real_ms(&self) -> i64 {
        self.fixed_ms
            .as_ref()
            .map_or_else(machine_ms, |ms| ms.load(Ordering::SeqCst))
    }

    /// The time that judges tokens, metering windows and agreements.
    pub fn business_ms(&self) -> i64 {
        self.real_ms() + self.offset_ms()
    }

    /// How far business time is ahead of the machine's time.
    pub fn offset_ms(&self) -> i64 {
        self.offset_ms.load(Ordering::SeqCst)
    }

    /// Sets the offset unless that would move business time back.
    pub fn raise_offset(&self, offset_ms: i64) {
        self.offset_ms.fetch_max(offset_ms, Ordering::SeqCst);
    }

    /// Moves business time ahead.
    pub fn advance(&self, ms: i64) {
        self.offset_ms.fetch_add(ms.max(0), Ordering::SeqCst);
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the one place where this program reads the machine's clock"
)]
fn machine_ms() -> i64 {
    Utc::now().timestamp_millis()
}

/// RFC 3339 with milliseconds, the form of every time this program answers.
pub fn rfc3339(ms: i64) -> String {
    moment(ms).to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// RFC 3339 with whole seconds, the form of an `EventBridge` envelope's `time`.
pub fn rfc3339_seconds(ms: i64) -> String {
    moment(ms).to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// The calendar moment; a value no calendar can hold becomes the epoch.
pub fn moment(ms: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(ms).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn business_time_never_goes_back() {
        let clock = Clock::fixed(1_000);
        clock.raise_offset(500);
        clock.raise_offset(200);
        clock.advance(-5);
        assert_eq!(clock.business_ms(), 1_500);
        assert_eq!(clock.real_ms(), 1_000);
    }
}
