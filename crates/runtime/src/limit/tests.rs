//! The limiter by itself, with a clock in the test's hand.

use std::sync::atomic::{AtomicI64, Ordering};

use chrono::DateTime;
use domain::Timestamp;

use super::*;

struct Hand(AtomicI64);

impl RealTime for Hand {
    fn now(&self) -> Timestamp {
        DateTime::from_timestamp_millis(self.0.load(Ordering::SeqCst)).unwrap()
    }
}

impl Hand {
    fn moves(&self, ms: i64) {
        self.0.fetch_add(ms, Ordering::SeqCst);
    }
}

const MINUTE: Duration = Duration::from_mins(1);

fn limiter<K: Hash + Eq>(quota: u32, most_keys: usize) -> (Limiter<K>, Arc<Hand>) {
    let hand = Arc::new(Hand(AtomicI64::new(1_795_000_000_000)));
    let policy = Policy {
        name: "test",
        quota,
        window: MINUTE,
    };
    (
        Limiter::new(policy, most_keys, Arc::clone(&hand) as _),
        hand,
    )
}

fn allowed(verdict: Verdict) -> bool {
    matches!(verdict, Verdict::Allowed { .. })
}

/// Security 52, 53: the request after the last one of the quota is refused, for this key alone.
#[test]
fn the_quota_is_what_one_key_may_ask_in_a_window() {
    let (limiter, _) = limiter(3, 100);
    for remaining in [2, 1, 0] {
        let verdict = Verdict::Allowed {
            remaining,
            reset: MINUTE,
        };
        assert_eq!(limiter.take("ann"), verdict);
    }
    for _ in 0..2 {
        let verdict = Verdict::Refused {
            retry_after: MINUTE,
        };
        assert_eq!(limiter.take("ann"), verdict);
    }
    assert!(allowed(limiter.take("bob")));
}

#[test]
fn a_request_comes_back_when_its_window_has_passed() {
    let (limiter, hand) = limiter(3, 100);
    assert!(allowed(limiter.take(1)));
    hand.moves(40_000);
    assert!(allowed(limiter.take(1)) && allowed(limiter.take(1)));
    hand.moves(19_999);
    let verdict = Verdict::Refused {
        retry_after: Duration::from_millis(1),
    };
    assert_eq!(limiter.take(1), verdict);
    hand.moves(1);
    let verdict = Verdict::Allowed {
        remaining: 0,
        reset: Duration::from_secs(40),
    };
    assert_eq!(limiter.take(1), verdict, "one, and not three");
    assert!(!allowed(limiter.take(1)));
    hand.moves(40_000);
    assert!(allowed(limiter.take(1)) && allowed(limiter.take(1)));
    hand.moves(60_000);
    assert_eq!((0..9).filter(|_| allowed(limiter.take(1))).count(), 3);
}

/// However requests are spread, and also over the seams of steps and generations.
#[test]
fn no_window_has_more_than_the_quota() {
    for (quota, pause) in [
        (10, 9),
        (10, 1_700),
        (50, 37),
        (50, 1_100),
        (7, 2_999),
        (600, 13),
    ] {
        let (limiter, hand) = limiter(quota, 100);
        let mut moments = Vec::new();
        for turn in 0..20_000_i64 {
            if allowed(limiter.take(0)) {
                moments.push(hand.0.load(Ordering::SeqCst));
            }
            hand.moves(pause + turn % 5);
        }
        let quota = usize::try_from(quota).unwrap();
        assert!(moments.len() > 2 * quota, "the quota comes back");
        for window in moments.windows(quota + 1) {
            assert!(window[quota] - window[0] >= 60_000, "{quota} {pause}");
        }
    }
}

/// Who keeps well below the quota is never refused.
#[test]
fn a_steady_client_is_not_disturbed() {
    let (limiter, hand) = limiter(1_000, 100);
    for _ in 0..10_000 {
        assert!(allowed(limiter.take(0)));
        hand.moves(64);
    }
}

#[test]
fn requests_at_the_same_moment_do_not_get_more() {
    let (limiter, _) = limiter(1_000, 100);
    let allowed: usize = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..8)
            .map(|_| scope.spawn(|| (0..500).filter(|_| allowed(limiter.take(0))).count()))
            .collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .sum()
    });
    assert_eq!(allowed, 1_000);
}

/// Many addresses fill no memory, and a client that keeps asking is not forgotten for them.
#[test]
fn the_number_of_keys_is_bounded_and_the_longest_silent_go_first() {
    let (limiter, hand) = limiter(5, 1_000);
    for key in 0..100_000 {
        limiter.take(key);
        assert!(limiter.keys() <= 1_000);
        if key % 100 == 0 {
            let expected = key / 100 < 5;
            assert_eq!(allowed(limiter.take(-1)), expected, "{key}");
        }
    }
    hand.moves(60_000);
    limiter.take(-1);
    hand.moves(60_000);
    limiter.take(-1);
    assert_eq!(limiter.keys(), 1, "what is over is forgotten");
}

#[test]
fn one_key_takes_no_more_room_the_more_it_asks() {
    let (limiter, hand) = limiter(1_000_000, 100);
    for _ in 0..100_000 {
        limiter.take(0);
        hand.moves(7);
    }
    let counts = limiter.counts.lock().unwrap();
    assert!(counts.young[&0].steps.len() <= 22);
}

#[test]
fn a_clock_that_is_set_back_shuts_nobody_out() {
    let (limiter, hand) = limiter(1, 100);
    assert!(allowed(limiter.take(0)));
    hand.moves(-30_000);
    assert!(!allowed(limiter.take(0)), "a little: nothing is given away");
    hand.moves(-86_400_000);
    assert!(allowed(limiter.take(0)), "a lot: counted anew");
    assert!(!allowed(limiter.take(0)));
    hand.moves(60_000);
    assert!(allowed(limiter.take(0)));
}

#[test]
fn the_log_is_told_of_a_key_once_a_minute() {
    let (limiter, hand) = limiter(1, 100);
    let told = |key: u8| limiter.judge(key).1;
    let mut times = 0;
    for _ in 0..300 {
        times += usize::from(told(1));
        hand.moves(1_000);
    }
    assert!((4..=5).contains(&times), "{times}");
    assert!(
        !told(2) && told(2) && !told(2),
        "another key has its own line"
    );
}

#[test]
fn refusals_are_counted_by_policy() {
    let metrics = crate::telemetry::metrics();
    let policy = Policy {
        name: "counted",
        quota: 1,
        window: MINUTE,
    };
    let hand = Hand(AtomicI64::new(0));
    let limiter = Limiter::new(policy, 10, Arc::new(hand));
    for _ in 0..4 {
        limiter.take(0);
    }
    let line = "requests_limited_total{policy=\"counted\"} 3";
    assert!(metrics.render().contains(line), "{}", metrics.render());
}
