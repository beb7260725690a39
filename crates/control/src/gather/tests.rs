//! Requests that come while another has its turn, that go away, that wait behind a failure.

use std::{
    future::poll_fn,
    pin::pin,
    sync::atomic::{AtomicUsize, Ordering},
    task::Poll,
};

use tokio::sync::Notify;

use super::*;

type Words = Gather<&'static str, String, &'static str>;

/// Each word with all that ran beside it.
fn beside(words: &[&str]) -> Result<Vec<String>, &'static str> {
    let all = words.join("+");
    if words.contains(&"bad") {
        return Err("it is away");
    }
    Ok(words
        .iter()
        .map(|word| format!("{word} in {all}"))
        .collect())
}

/// A run that waits until it is let through.
async fn at_the_gate(gate: &Notify, words: Vec<&'static str>) -> Result<Vec<String>, &'static str> {
    gate.notified().await;
    beside(&words)
}

/// Goes on until it waits for something.
async fn begin<F: Future<Output: std::fmt::Debug>>(future: std::pin::Pin<&mut F>) {
    let mut future = future;
    poll_fn(|cx| match future.as_mut().poll(cx) {
        Poll::Pending => Poll::Ready(()),
        Poll::Ready(early) => panic!("it is over: {early:?}"),
    })
    .await;
}

#[tokio::test]
async fn who_comes_meanwhile_goes_together_when_it_is_their_turn() {
    let gather = Words::default();
    let gate = Notify::new();
    let runs = AtomicUsize::new(0);
    let run = |words: Vec<&'static str>| {
        runs.fetch_add(1, Ordering::SeqCst);
        at_the_gate(&gate, words)
    };
    let say = |key, word| gather.together(key, word, (|_: &&str| 1, 3), run);
    let mut first = pin!(say("k", "a"));
    begin(first.as_mut()).await;
    let (mut b, mut c) = (pin!(say("k", "b")), pin!(say("k", "c")));
    let (mut d, mut e) = (pin!(say("k", "d")), pin!(say("k", "e")));
    for word in [&mut b, &mut c, &mut d, &mut e] {
        begin(word.as_mut()).await;
    }
    // Another thing's are not in the way.
    let mut other = pin!(say("other", "x"));
    begin(other.as_mut()).await;
    assert_eq!(runs.load(Ordering::SeqCst), 2);
    for _ in 0..2 {
        gate.notify_one();
    }
    let all = async { tokio::join!(first, other) };
    assert_eq!(
        all.await,
        (Ok("a in a".to_owned()), Ok("x in x".to_owned()))
    );
    let all = async { tokio::join!(b, c, d, e) };
    let gates = async {
        for _ in 0..2 {
            gate.notify_one();
            tokio::task::yield_now().await;
        }
    };
    let ((b, c, d, e), ()) = tokio::join!(all, gates);
    assert_eq!(
        [b, c, d],
        ["b", "c", "d"].map(|word| Ok(format!("{word} in b+c+d")))
    );
    assert_eq!(e.unwrap(), "e in e");
    assert_eq!(runs.load(Ordering::SeqCst), 4);
    assert!(held(&gather.queues).is_empty(), "no queue is left");
}

#[tokio::test]
async fn who_went_away_takes_nobody_along_and_is_not_run_in_vain() {
    let gather = Words::default();
    let gate = Notify::new();
    let run = |words: Vec<&'static str>| at_the_gate(&gate, words);
    let say = |word| gather.together("k", word, (|_: &&str| 1, 9), run);
    let mut first = Box::pin(say("a"));
    begin(first.as_mut()).await;
    let mut leads = Box::pin(say("b"));
    let mut gone = Box::pin(say("c"));
    let mut stays = pin!(say("d"));
    for word in [&mut leads, &mut gone] {
        begin(word.as_mut()).await;
    }
    begin(stays.as_mut()).await;
    drop(gone);
    gate.notify_one();
    assert_eq!(first.await.unwrap(), "a in a");
    // It has the turn, and takes the other's word; then its caller goes away in the middle.
    begin(leads.as_mut()).await;
    drop(leads);
    gate.notify_one();
    assert_eq!(stays.await.unwrap(), "d in d");
    assert!(held(&gather.queues).is_empty(), "no queue is left");
}

#[tokio::test]
async fn who_waits_behind_a_failure_hears_of_it_and_the_next_begins_anew() {
    let gather = Words::default();
    let gate = Notify::new();
    let run = |words: Vec<&'static str>| at_the_gate(&gate, words);
    let say = |word| gather.together("k", word, (|_: &&str| 1, 9), run);
    let (mut bad, mut behind) = (pin!(say("bad")), pin!(say("b")));
    begin(bad.as_mut()).await;
    begin(behind.as_mut()).await;
    gate.notify_one();
    assert_eq!(bad.await, Err("it is away"));
    assert_eq!(behind.await, Err("it is away"));
    gate.notify_one();
    assert_eq!(say("c").await.unwrap(), "c in c");
}
