//! Keyed request limits: at most so many of one key in any window of time, counted in memory, by the injected clock.
//! A sliding window and not GCRA (`governor`), which lets nearly twice its quota through in the first window and tracks any number of keys.
//! Invariants: no window of the policy's length ever has more than its quota; no more than the given number of keys is remembered.

use std::{
    collections::{HashMap, VecDeque},
    hash::Hash,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use domain::RealTime;
use tracing::info;

/// In how many steps a window is remembered. Requests of one step are forgotten together, at most a twentieth of the window late;
/// a quota that is no larger is remembered one by one.
const STEPS: u32 = 20;
/// How long a key that was told of in the log is not told of again.
const TELL_EVERY_MS: i64 = 60_000;

/// One named limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Policy {
    /// Its name in headers, metrics and the log.
    pub name: &'static str,
    /// How many requests of one key it lets through in a window.
    pub quota: u32,
    /// The window.
    pub window: Duration,
}

/// What the limit says about one request. A response that carries a refusal as an extension gets no log line of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It may go on, and is counted.
    Allowed {
        /// How many more may follow at once.
        remaining: u32,
        /// When more will be allowed again than that.
        reset: Duration,
    },
    /// It may not, and is not counted.
    Refused {
        /// When the next one will be allowed.
        retry_after: Duration,
    },
}

/// One policy, counted for each key by itself.
pub struct Limiter<K> {
    policy: Policy,
    window_ms: i64,
    step_ms: i64,
    half: usize,
    real: Arc<dyn RealTime>,
    counts: Mutex<Counts<K>>,
}

impl<K> std::fmt::Debug for Limiter<K> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Limiter")
            .field("policy", &self.policy)
            .finish_non_exhaustive()
    }
}

impl<K: Hash + Eq> Limiter<K> {
    /// A limit that remembers at most `most_keys` keys; beyond, those that asked longest ago are forgotten.
    ///
    /// Whoever has that many addresses gains nothing by being forgotten that the addresses did not give already.
    pub fn new(policy: Policy, most_keys: usize, real: Arc<dyn RealTime>) -> Self {
        let window_ms = i64::try_from(policy.window.as_millis()).unwrap_or(i64::MAX);
        let window_ms = window_ms.clamp(1, i64::MAX / 4);
        let step_ms = if policy.quota > STEPS {
            window_ms / i64::from(STEPS)
        } else {
            0
        };
        Self {
            policy,
            window_ms,
            step_ms,
            half: (most_keys / 2).max(1),
            counts: Mutex::new(Counts {
                now: i64::MIN / 4,
                turned: i64::MIN / 4,
                young: HashMap::new(),
                old: HashMap::new(),
            }),
            real,
        }
    }

    /// The policy.
    pub const fn policy(&self) -> Policy {
        self.policy
    }

    /// Counts one request of the key, unless the limit refuses it. A refusal is in the metrics, and now and then in the log.
    pub fn take(&self, key: K) -> Verdict {
        let (verdict, tell) = self.judge(key);
        if matches!(verdict, Verdict::Refused { .. }) {
            metrics::counter!("requests_limited_total", "policy" => self.policy.name).increment(1);
        }
        if tell {
            // Without the key, which may be an address; the tenant is in the request's span, if there is one.
            info!(
                limit.policy = self.policy.name,
                limit.quota = self.policy.quota,
                "requests over the limit are refused"
            );
        }
        verdict
    }

    /// How many keys are remembered.
    pub fn keys(&self) -> usize {
        let counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        counts.young.len() + counts.old.len()
    }

    fn judge(&self, key: K) -> (Verdict, bool) {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        // Under the lock, so that moments are counted in their order.
        let now = counts.advance(self.real.now().timestamp_millis(), self.window_ms);
        let trail = counts.trail(key, self.half);
        trail.forget(now - self.window_ms);
        let more_in = trail
            .steps
            .front()
            .map_or(self.window_ms, |step| step.last + self.window_ms - now);
        if trail.spent >= self.policy.quota {
            let tell = trail.told.is_none_or(|told| now - told >= TELL_EVERY_MS);
            if tell {
                trail.told = Some(now);
            }
            let retry_after = millis(more_in);
            return (Verdict::Refused { retry_after }, tell);
        }
        trail.count(now, self.step_ms);
        let verdict = Verdict::Allowed {
            remaining: self.policy.quota - trail.spent,
            reset: millis(more_in),
        };
        (verdict, false)
    }
}

fn millis(ms: i64) -> Duration {
    Duration::from_millis(u64::try_from(ms).unwrap_or(0))
}

/// Two generations of keys: those that asked since the last turn, and those that did so before it.
struct Counts<K> {
    now: i64,
    turned: i64,
    young: HashMap<K, Trail>,
    old: HashMap<K, Trail>,
}

impl<K: Hash + Eq> Counts<K> {
    /// The present moment, which never goes back, and the forgetting that is due.
    fn advance(&mut self, real: i64, window: i64) -> i64 {
        if real + window < self.now {
            // Somebody set the clock back by more than a window. Waiting for it to catch up could shut people out for hours.
            (self.young, self.old) = (HashMap::new(), HashMap::new());
            (self.now, self.turned) = (real, real);
        }
        self.now = self.now.max(real);
        if self.now - self.turned >= window {
            // What is old by now has not asked for a whole window, so nothing is lost with it.
            self.turn();
        }
        self.now
    }

    fn turn(&mut self) {
        self.old = std::mem::take(&mut self.young);
        self.turned = self.now;
    }

    /// The key's trail, among the young from now on.
    fn trail(&mut self, key: K, half: usize) -> &mut Trail {
        let kept = self.old.remove(&key);
        if self.young.len() >= half && !self.young.contains_key(&key) {
            self.turn();
        }
        self.young
            .entry(key)
            .or_insert_with(|| kept.unwrap_or_default())
    }
}

/// What is remembered of one key.
#[derive(Default)]
struct Trail {
    spent: u32,
    steps: VecDeque<Step>,
    told: Option<i64>,
}

/// Some requests close together.
struct Step {
    first: i64,
    last: i64,
    spent: u32,
}

impl Trail {
    /// Drops the steps whose last request was at this moment or before.
    fn forget(&mut self, until: i64) {
        while let Some(step) = self.steps.pop_front_if(|step| step.last <= until) {
            self.spent = self.spent.saturating_sub(step.spent);
        }
    }

    fn count(&mut self, now: i64, step_ms: i64) {
        self.spent += 1;
        match self.steps.back_mut() {
            Some(step) if now - step.first <= step_ms => {
                step.last = now;
                step.spent += 1;
            }
            _ => self.steps.push_back(Step {
                first: now,
                last: now,
                spent: 1,
            }),
        }
    }
}

#[cfg(test)]
mod tests;
