//! Ids and randomness of the running product: UUID version 7 by real time, random bytes from the operating system.
//! Tests bring their own, seeded.
//! Invariant: ids of one process only ever grow, even within a millisecond (RFC 9562, 6.2, method 1).

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use domain::{Ids, RealTime};

/// The `Ids` of the running product.
pub struct SystemIds {
    real: Arc<dyn RealTime>,
    /// Milliseconds and the 12-bit counter that follows them in the id.
    last: AtomicU64,
}

impl SystemIds {
    /// Ids by this real time.
    pub fn new(real: Arc<dyn RealTime>) -> Self {
        Self {
            real,
            last: AtomicU64::new(0),
        }
    }
}

impl Ids for SystemIds {
    fn uuid(&self) -> uuid::Uuid {
        let now = u64::try_from(self.real.now().timestamp_millis()).unwrap_or(0) << 12;
        let stamp = self
            .last
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |last| {
                Some(now.max(last + 1))
            })
            .map_or(now, |last| now.max(last + 1));
        let mut random = [0u8; 10];
        self.fill(&mut random);
        let [.., high, low] = (stamp & 0xfff).to_be_bytes();
        random[0] = high;
        random[1] = low;
        uuid::Builder::from_unix_timestamp_millis(stamp >> 12, &random).into_uuid()
    }

    fn fill(&self, bytes: &mut [u8]) {
        if aws_lc_rs::rand::fill(bytes).is_err() {
            // Going on with predictable secrets would be worse than not going on.
            std::process::abort();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Standing;

    impl RealTime for Standing {
        fn now(&self) -> domain::Timestamp {
            chrono::DateTime::from_timestamp_millis(1_795_000_000_123).unwrap()
        }
    }

    #[test]
    fn ids_grow_within_one_millisecond_and_carry_the_time() {
        let ids = SystemIds::new(Arc::new(Standing));
        let made: Vec<_> = (0..10_000).map(|_| ids.uuid()).collect();
        assert!(made.is_sorted_by(|a, b| a < b));
        assert_eq!(made[0].get_version_num(), 7);
        let (seconds, _) = made[0].get_timestamp().unwrap().to_unix();
        assert_eq!(seconds, 1_795_000_000);
    }
}
