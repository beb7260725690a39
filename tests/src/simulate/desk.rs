//! Where the product's calls wait for the scheduler: each call of a port stops here twice, on its way out and on its way back, and goes
//! on only when it is told how. Also where a process dies: at a number of draws of time or ids, which is the same in every run.
//! Invariant: nothing here decides anything; what is decided comes from the scheduler, and so from the seed.

use std::{
    panic::resume_unwind,
    pin::Pin,
    sync::{Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, Waker},
};

/// Which way a call is going.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// Nothing has happened over there.
    Out,
    /// It has happened; the answer is on its way.
    Back,
}

/// How a call goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// As it should.
    Go,
    /// Throttled, failed or timed out on the way out; lost on the way back.
    Fail,
    /// As the port plays it: an answer that is odd in one of its own ways.
    Odd(u64),
}

/// A call that waits.
#[derive(Debug, Clone, Copy)]
pub(super) struct Call {
    /// Its number.
    pub id: u64,
    /// The task that made it.
    pub task: u64,
    /// Port and operation.
    pub what: &'static str,
    /// Which way it is going.
    pub way: Way,
}

/// What unwinds through a task whose process dies.
#[derive(Debug)]
pub(super) struct Death;

/// The desk.
#[derive(Debug, Default)]
pub(super) struct Desk(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    running: u64,
    made: u64,
    waiting: Vec<(Call, Option<Verdict>, Option<Waker>)>,
    draws_left: Option<u64>,
    dead: bool,
}

impl Desk {
    /// From now on it is this task that makes calls; its process dies at that many draws, if any.
    pub(super) fn runs(&self, task: u64, draws_left: Option<u64>) {
        let mut state = self.state();
        state.running = task;
        state.draws_left = draws_left;
        state.dead = false;
    }

    /// Whether the process of the running task has died, though the task caught what unwound through it.
    pub(super) fn is_dead(&self) -> bool {
        self.state().dead
    }

    /// What waits, in the order in which it came.
    pub(super) fn waiting(&self) -> Vec<Call> {
        let state = self.state();
        let open = state.waiting.iter().filter(|(_, told, _)| told.is_none());
        open.map(|(call, ..)| *call).collect()
    }

    /// How a call goes on.
    pub(super) fn tell(&self, id: u64, verdict: Verdict) {
        let mut state = self.state();
        let mut waiting = state.waiting.iter_mut();
        if let Some((_, told, waker)) = waiting.find(|(call, ..)| call.id == id) {
            *told = Some(verdict);
            if let Some(waker) = waker.take() {
                waker.wake();
            }
        }
    }

    /// A call of a port, at one of its two stops.
    pub(super) async fn stop(&self, what: &'static str, way: Way) -> Verdict {
        Stop {
            desk: self,
            what,
            way,
            id: None,
        }
        .await
    }

    /// Time or an id is drawn, which is where the process may die.
    ///
    /// # Panics
    /// To kill the process: nothing after this moment happens.
    pub(super) fn draw(&self) {
        let mut state = self.state();
        if let Some(left) = &mut state.draws_left {
            if *left == 0 {
                state.dead = true;
                drop(state);
                resume_unwind(Box::new(Death));
            }
            *left -= 1;
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A call at a stop; dropped with its task, it waits no more.
struct Stop<'d> {
    desk: &'d Desk,
    what: &'static str,
    way: Way,
    id: Option<u64>,
}

impl Future for Stop<'_> {
    type Output = Verdict;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Verdict> {
        let mut state = self.desk.state();
        let Some(id) = self.id else {
            state.made += 1;
            let call = Call {
                id: state.made,
                task: state.running,
                what: self.what,
                way: self.way,
            };
            state.waiting.push((call, None, Some(cx.waker().clone())));
            drop(state);
            self.id = Some(call.id);
            return Poll::Pending;
        };
        let mut waiting = state.waiting.iter_mut();
        match waiting.find(|(call, ..)| call.id == id) {
            Some((_, Some(verdict), _)) => Poll::Ready(*verdict),
            Some((_, None, waker)) => {
                *waker = Some(cx.waker().clone());
                Poll::Pending
            }
            None => Poll::Pending,
        }
    }
}

impl Drop for Stop<'_> {
    fn drop(&mut self) {
        let id = self.id;
        let mut state = self.desk.state();
        state.waiting.retain(|(call, ..)| Some(call.id) != id);
    }
}
