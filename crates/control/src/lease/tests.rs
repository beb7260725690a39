//! How long a proof is good for, by either clock.

use std::{
    cell::Cell,
    future::{pending, ready},
    time::Duration,
};

use super::*;

const HALF: Duration = Duration::from_secs(3);
const A_MOMENT: Duration = Duration::from_millis(1);

fn since() -> Timestamp {
    "2026-11-22T10:00:00Z".parse().unwrap()
}

fn proof() -> Proof {
    let lease = Lease {
        name: "mails",
        token: 7,
    };
    Proof::of(lease, since())
}

#[tokio::test(start_paused = true)]
async fn something_is_begun_within_half_of_what_the_lease_lasts() {
    assert_eq!(HALF * 2, LASTS);
    let proof = proof();
    for passed in [Duration::ZERO, HALF] {
        let answer = proof.during(since() + passed, ready(1)).await;
        assert_eq!(answer.unwrap(), Some(1));
    }
    let begun = Cell::new(false);
    let late = proof.during(since() + HALF + A_MOMENT, async { begun.set(true) });
    assert!(is_lost(&late.await.unwrap_err()));
    assert!(!begun.get());
}

/// A machine that is paused may come back with its old time of day.
#[tokio::test(start_paused = true)]
async fn a_clock_that_was_set_back_prolongs_nothing() {
    let proof = proof();
    tokio::time::advance(HALF).await;
    let answer = proof.during(since() - HALF, ready(1)).await;
    assert_eq!(answer.unwrap(), Some(1));
    tokio::time::advance(A_MOMENT).await;
    let late = proof.during(since(), ready(1)).await;
    assert!(is_lost(&late.unwrap_err()));
}

#[tokio::test(start_paused = true)]
async fn what_is_not_answered_is_given_up_before_the_lease_can_be_another_s() {
    for passed in [Duration::ZERO, Duration::from_secs(1), HALF] {
        let began = Instant::now();
        let answer = proof().during(since() + passed, pending::<()>()).await;
        assert_eq!(answer.unwrap(), None);
        let waited = began.elapsed();
        let left = LASTS.saturating_sub(passed);
        assert!(waited >= left && waited < left + 5 * A_MOMENT, "{waited:?}");
    }
}

/// The first answer of two is there when the process wakes up too late: the second question is not asked.
#[tokio::test(start_paused = true)]
async fn nothing_more_is_sent_after_waking_up_too_late() {
    let asked = Cell::new(0);
    let both = async {
        asked.set(1);
        let _ = tokio::time::timeout(LASTS + A_MOMENT, pending::<()>()).await;
        asked.set(2);
    };
    let stopped = async {
        tokio::task::yield_now().await;
        tokio::time::advance(LASTS * 2).await;
    };
    let (answer, ()) = tokio::join!(proof().during(since(), both), stopped);
    assert_eq!(answer.unwrap(), None);
    assert_eq!(asked.get(), 1);
}

#[tokio::test(start_paused = true)]
async fn work_without_a_lease_has_all_the_time() {
    let slow = tokio::time::timeout(LASTS * 10, pending::<()>());
    let much_later = since() + chrono::Duration::days(1);
    let answer = Proof::NONE.during(much_later, slow).await;
    assert!(answer.unwrap().is_some());
}
