//! Time and randomness as parameters: business time, real time and ids are injected, never read from the surroundings.
//! Business time judges metering hours, agreements and certificates; real time judges sessions, time-outs and service tokens.

use chrono::{DateTime, Utc};

/// A moment in UTC, to the millisecond: both databases and every JSON answer keep exactly that much.
pub type Timestamp = DateTime<Utc>;

/// Business time.
pub trait Clock: Send + Sync {
    /// The present moment of business time.
    fn now(&self) -> Timestamp;
}

/// Real time: what the wall clock says, whatever the business clock is told.
pub trait RealTime: Send + Sync {
    /// The present moment of real time.
    fn now(&self) -> Timestamp;
}

/// Where ids and secrets come from.
pub trait Ids: Send + Sync {
    /// A UUIDv7 by real time.
    fn uuid(&self) -> uuid::Uuid;

    /// Fills the buffer from a cryptographically secure source.
    fn fill(&self, bytes: &mut [u8]);
}

/// The RFC 3339 text of a moment, in UTC with a `Z`, to the second unless there are milliseconds.
pub fn rfc3339(at: Timestamp) -> String {
    at.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true)
}
