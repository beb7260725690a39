//! Time in the test's hand: business time and real time stand still until they are moved, together or apart.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use chrono::{DateTime, Duration};
use domain::{Clock, RealTime, Timestamp};

/// Both clocks; clones show the same time.
#[derive(Debug, Clone)]
pub struct TestClock {
    business_ms: Arc<AtomicI64>,
    real_ms: Arc<AtomicI64>,
}

impl TestClock {
    /// Both clocks at this moment.
    pub fn at(moment: Timestamp) -> Self {
        let stand = || Arc::new(AtomicI64::new(moment.timestamp_millis()));
        Self {
            business_ms: stand(),
            real_ms: stand(),
        }
    }

    /// The present moment of business time.
    pub fn now(&self) -> Timestamp {
        moment(&self.business_ms)
    }

    /// The present moment of real time.
    pub fn real_now(&self) -> Timestamp {
        moment(&self.real_ms)
    }

    /// Time passes: both clocks go on.
    pub fn advance(&self, by: Duration) {
        self.advance_business(by);
        self.advance_real(by);
    }

    /// Business time alone goes on, as when the stand-in's clock is moved.
    pub fn advance_business(&self, by: Duration) {
        self.business_ms
            .fetch_add(by.num_milliseconds(), Ordering::SeqCst);
    }

    /// Real time alone goes on: time-outs, back-offs, sessions.
    pub fn advance_real(&self, by: Duration) {
        self.real_ms
            .fetch_add(by.num_milliseconds(), Ordering::SeqCst);
    }

    /// Both clocks go on until business time is this moment, which must lie ahead.
    pub fn advance_to(&self, moment: Timestamp) {
        let by = moment - self.now();
        assert!(by >= Duration::zero(), "{moment} is over");
        self.advance(by);
    }
}

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        moment(&self.business_ms)
    }
}

/// The real half of a [`TestClock`], as the port wants it.
#[derive(Debug, Clone)]
pub struct TestRealTime(pub TestClock);

impl RealTime for TestRealTime {
    fn now(&self) -> Timestamp {
        self.0.real_now()
    }
}

fn moment(ms: &AtomicI64) -> Timestamp {
    DateTime::from_timestamp_millis(ms.load(Ordering::SeqCst)).expect("a moment in chrono's range")
}
