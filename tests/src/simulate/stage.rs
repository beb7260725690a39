//! Tasks, and polling them. One task runs at a time, until it ends, dies, or waits at the desk and nothing of it is under way in the
//! database: then all others stand still, and what it does is the same in every run.

use std::{
    future::poll_fn,
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll, Wake, Waker},
    time::Duration,
};

use db::Database;
use domain::Error;
use futures_util::task::AtomicWaker;

use super::{
    desk::{Death, Desk},
    work::{Outcome, Work},
};

/// Far longer than anything takes between two stops; what takes longer never comes to an end.
const STUCK: Duration = Duration::from_secs(30);

/// A look at whether the one connection is free.
type Probe = Pin<Box<dyn Future<Output = Result<(), Error>>>>;

/// A piece of work under way in a process.
pub(super) struct Task {
    pub id: u64,
    pub process: usize,
    pub name: String,
    /// The lease under which it works, as it stood at its first stop.
    pub lease: Option<Vec<String>>,
    work: Work,
    flag: Arc<Flag>,
    waker: Waker,
}

/// How far a task came.
pub(super) enum Came {
    /// It waits at the desk.
    Waiting,
    /// It ended.
    Ended(Outcome),
    /// Its process died in the middle.
    Dead,
}

/// Whether a task was woken, and who is to be told.
#[derive(Default)]
struct Flag {
    woken: AtomicBool,
    outer: AtomicWaker,
}

impl Wake for Flag {
    fn wake(self: Arc<Self>) {
        self.woken.store(true, Ordering::SeqCst);
        self.outer.wake();
    }
}

impl Task {
    pub(super) fn new(id: u64, process: usize, name: String, work: Work) -> Self {
        let flag = Arc::new(Flag::default());
        flag.woken.store(true, Ordering::SeqCst);
        Self {
            id,
            process,
            name,
            lease: None,
            work,
            waker: Waker::from(Arc::clone(&flag)),
            flag,
        }
    }

    /// Lets it run.
    ///
    /// # Panics
    /// If the product panics, or never comes to a stop.
    pub(super) async fn run(&mut self, desk: &Desk, db: &Database) -> Came {
        let name = self.name.clone();
        let running = tokio::time::timeout(STUCK, self.run_on(desk, db));
        let Ok(came) = running.await else {
            panic!(
                "{name} neither ends nor waits for anything outside: is a port called within a transaction?"
            );
        };
        came
    }

    async fn run_on(&mut self, desk: &Desk, db: &Database) -> Came {
        // There is one connection, given out in the order of asking: whoever gets it behind the task, without the task having moved
        // meanwhile, knows that no part of the task is using it or waiting for it.
        let mut probe: Option<Probe> = None;
        poll_fn(|cx| {
            self.flag.outer.register(cx.waker());
            while self.flag.woken.swap(false, Ordering::SeqCst) {
                probe = None;
                let mut inner = Context::from_waker(&self.waker);
                let polled = catch_unwind(AssertUnwindSafe(|| self.work.as_mut().poll(&mut inner)));
                // Jobs are caught when they panic, so that one of them holds up nobody else. The dead are dead all the same.
                if desk.is_dead() {
                    return Poll::Ready(Came::Dead);
                }
                match polled {
                    Ok(Poll::Ready(outcome)) => return Poll::Ready(Came::Ended(outcome)),
                    Ok(Poll::Pending) => {}
                    Err(payload) if payload.is::<Death>() => return Poll::Ready(Came::Dead),
                    Err(payload) => resume_unwind(payload),
                }
            }
            if !desk.waiting().iter().any(|call| call.task == self.id) {
                return Poll::Pending;
            }
            let probe = probe.get_or_insert_with(|| {
                let db = db.clone();
                Box::pin(async move {
                    // The fakes give way once in each call; so does this, and comes behind them.
                    tokio::task::yield_now().await;
                    db.ping().await
                })
            });
            probe.as_mut().poll(cx).map(|_| Came::Waiting)
        })
        .await
    }
}
