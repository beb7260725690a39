//! Ids and randomness from a seed: the same test makes the same ids, in growing order, with the clock's real time in them.

use std::sync::{Mutex, PoisonError};

use domain::Ids;

use crate::{clock::TestClock, random::Random};

/// Seeded `Ids`.
#[derive(Debug)]
pub struct SeededIds {
    clock: TestClock,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    random: Random,
    /// Milliseconds and a 12-bit counter behind them.
    last: u64,
}

impl SeededIds {
    /// The ids of this seed.
    pub const fn new(clock: TestClock, seed: u64) -> Self {
        let state = State {
            random: Random::seeded(seed),
            last: 0,
        };
        Self {
            clock,
            state: Mutex::new(state),
        }
    }
}

impl Ids for SeededIds {
    fn uuid(&self) -> uuid::Uuid {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let now = u64::try_from(self.clock.real_now().timestamp_millis()).unwrap_or(0) << 12;
        state.last = now.max(state.last + 1);
        let [.., high, low] = (state.last & 0xfff).to_be_bytes();
        let mut tail = [0_u8; 10];
        tail[2..].copy_from_slice(&state.random.next().to_be_bytes());
        tail[0] = high;
        tail[1] = low;
        uuid::Builder::from_unix_timestamp_millis(state.last >> 12, &tail).into_uuid()
    }

    fn fill(&self, bytes: &mut [u8]) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        for byte in bytes {
            *byte = state.random.next().to_be_bytes()[0];
        }
    }
}
