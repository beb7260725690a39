//! Lock-out after failed sign-ins, by real time.
//!
//! Source: Cognito developer guide, "Lockout behavior for failed sign-in attempts": from the fifth failure on, the n-th failure locks for
//! 2^(n-5) seconds, about 15 minutes at most; attempts while locked do not count; 15 quiet minutes or a sign-in clear it.
//! Kept in memory alone. Invariant: an address that does not exist is counted like one that does.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use crate::clock::MINUTE_MS;

const LONGEST_MS: i64 = 15 * MINUTE_MS;
/// More names than a person mistypes; beyond it, forgotten ones are dropped.
const KEPT: usize = 10_000;

/// Failed attempts by name.
#[derive(Debug, Default)]
pub struct Lockouts(Mutex<HashMap<String, Attempts>>);

#[derive(Debug, Default, Clone, Copy)]
struct Attempts {
    failures: u32,
    last_ms: i64,
    locked_until_ms: i64,
}

impl Lockouts {
    /// Whether attempts are refused unseen.
    pub fn locked(&self, name: &str, real_ms: i64) -> bool {
        self.map()
            .get(name)
            .is_some_and(|a| real_ms < a.locked_until_ms)
    }

    /// Counts a failure.
    pub fn failed(&self, name: &str, real_ms: i64) {
        let mut map = self.map();
        if map.len() >= KEPT {
            map.retain(|_, a| real_ms - a.last_ms < LONGEST_MS);
        }
        let attempts = map.entry(name.to_owned()).or_default();
        if real_ms - attempts.last_ms.max(attempts.locked_until_ms) >= LONGEST_MS {
            attempts.failures = 0;
        }
        attempts.failures += 1;
        attempts.last_ms = real_ms;
        if let Some(power) = attempts.failures.checked_sub(5) {
            let lock_ms = 1_000_i64.checked_shl(power.min(20)).unwrap_or(LONGEST_MS);
            attempts.locked_until_ms = real_ms + lock_ms.min(LONGEST_MS);
        }
    }

    /// A sign-in clears the count.
    pub fn succeeded(&self, name: &str) {
        self.map().remove(name);
    }

    fn map(&self) -> MutexGuard<'_, HashMap<String, Attempts>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lock_doubles_from_the_fifth_failure_on() {
        let lockouts = Lockouts::default();
        let mut now = 1_000_000_000;
        for _ in 0..4 {
            lockouts.failed("ann", now);
            assert!(!lockouts.locked("ann", now));
        }
        for seconds in [1, 2, 4, 8] {
            lockouts.failed("ann", now);
            assert!(lockouts.locked("ann", now + seconds * 1_000 - 1));
            now += seconds * 1_000;
            assert!(!lockouts.locked("ann", now), "{seconds}");
        }
        assert!(!lockouts.locked("bob", now));
        for _ in 0..40 {
            lockouts.failed("ann", now);
        }
        assert!(!lockouts.locked("ann", now + LONGEST_MS));
        now += 2 * LONGEST_MS;
        lockouts.failed("ann", now);
        assert!(
            !lockouts.locked("ann", now),
            "a quiet quarter of an hour clears it"
        );
    }
}
