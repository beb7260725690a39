//! How the process ends: SIGTERM or SIGINT asks everything to stop, what is in flight drains, and after a hard limit it ends anyway.
//! Everything that runs beside `main` is spawned here, so that ending can wait for it.
//! Invariant: a background task that panics ends the process with exit code 1; none dies unseen.

use std::{
    future::poll_fn,
    panic::{AssertUnwindSafe, catch_unwind},
    process::ExitCode,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::Poll,
    time::Duration,
};

use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tracing::{Instrument, error, info, info_span, warn};

/// The contract says 25 s from SIGTERM to the end; one second is for ending itself.
const DRAIN: Duration = Duration::from_secs(24);

/// Spawns tasks and ends them; cheap to clone.
#[derive(Clone, Default)]
pub struct Lifecycle {
    stop: CancellationToken,
    tasks: TaskTracker,
    failed: Arc<AtomicBool>,
    listening: Arc<AtomicBool>,
}

impl Lifecycle {
    /// Nothing runs yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Cancelled when the process is asked to stop.
    pub fn token(&self) -> CancellationToken {
        self.stop.clone()
    }

    /// Asks everything to stop.
    pub fn stop(&self) {
        self.stop.cancel();
    }

    /// Runs a background task. It should end soon after the token is cancelled; if it panics, the process ends with code 1.
    pub fn spawn(&self, name: &'static str, future: impl Future<Output = ()> + Send + 'static) {
        let lifecycle = self.clone();
        self.track(name, future, move || {
            lifecycle.failed.store(true, Ordering::SeqCst);
            lifecycle.stop();
        });
    }

    /// Runs the task of one connection or request: its panic is logged and ends nothing else.
    pub fn spawn_small(
        &self,
        name: &'static str,
        future: impl Future<Output = ()> + Send + 'static,
    ) {
        self.track(name, future, || ());
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that spawns: the tracker knows every task"
    )]
    fn track(
        &self,
        name: &'static str,
        future: impl Future<Output = ()> + Send + 'static,
        on_panic: impl FnOnce() + Send + 'static,
    ) {
        let task = async move {
            if caught(future).await.is_err() {
                error!(task.name = name, "a task panicked");
                on_panic();
            }
        };
        tokio::spawn(
            self.tasks
                .track_future(task.instrument(info_span!("task", task.name = name))),
        );
    }

    /// From here on SIGTERM and SIGINT ask everything to stop, also while the process still starts. `false` if they cannot be received.
    pub fn listen(&self) -> bool {
        if self.listening.swap(true, Ordering::SeqCst) {
            return true;
        }
        let Some((mut terminate, mut interrupt)) = signals() else {
            return false;
        };
        let stop = self.token();
        self.spawn("signals", async move {
            tokio::select! {
                () = stop.cancelled() => {}
                name = either(&mut terminate, &mut interrupt) => {
                    info!(signal.name = name, "asked to stop; draining");
                    stop.cancel();
                }
            }
        });
        true
    }

    /// Waits for a signal or for [`Lifecycle::stop`], then for the tasks; a second signal, or the limit, ends the wait.
    pub async fn run(self) -> ExitCode {
        if !self.listen() {
            return ExitCode::FAILURE;
        }
        self.stop.cancelled().await;
        // Listened to anew, so that only a second signal counts.
        let Some((mut terminate, mut interrupt)) = signals() else {
            return ExitCode::FAILURE;
        };
        self.tasks.close();
        let drained = tokio::select! {
            () = self.tasks.wait() => true,
            () = tokio::time::sleep(DRAIN) => false,
            _ = either(&mut terminate, &mut interrupt) => false,
        };
        if !drained {
            warn!(tasks.left = self.tasks.len(), "ending with work in flight");
            return ExitCode::FAILURE;
        }
        info!("stopped");
        if self.failed.load(Ordering::SeqCst) {
            ExitCode::FAILURE
        } else {
            ExitCode::SUCCESS
        }
    }

    /// Stops and waits for the tasks, without signals: for tests.
    pub async fn stop_and_wait(&self) {
        self.stop.cancel();
        self.tasks.close();
        self.tasks.wait().await;
    }
}

/// Runs the program on a runtime of its own, and does not wait for blocking work at the end, such as a key being made.
pub fn block_on(main: impl Future<Output = ExitCode>) -> ExitCode {
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => {
            error!(error = %error, "the runtime cannot start");
            return ExitCode::FAILURE;
        }
    };
    let code = runtime.block_on(main);
    runtime.shutdown_background();
    code
}

fn signals() -> Option<(Signal, Signal)> {
    let both = (
        signal(SignalKind::terminate()),
        signal(SignalKind::interrupt()),
    );
    if let (Ok(terminate), Ok(interrupt)) = both {
        return Some((terminate, interrupt));
    }
    error!("signals cannot be received");
    None
}

async fn either(terminate: &mut Signal, interrupt: &mut Signal) -> &'static str {
    tokio::select! {
        _ = terminate.recv() => "SIGTERM",
        _ = interrupt.recv() => "SIGINT",
    }
}

/// The panic itself is logged by the hook of `telemetry`; here only the fact counts.
async fn caught(future: impl Future<Output = ()>) -> Result<(), ()> {
    let mut future = std::pin::pin!(future);
    poll_fn(
        move |cx| match catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(cx))) {
            Ok(poll) => poll.map(Ok),
            Err(_) => Poll::Ready(Err(())),
        },
    )
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_panicking_background_task_ends_the_process_with_a_failure() {
        let lifecycle = Lifecycle::new();
        lifecycle.spawn("broken", async { panic!("on purpose") });
        let code = lifecycle.run().await;
        assert_eq!(format!("{code:?}"), format!("{:?}", ExitCode::FAILURE));
    }

    #[tokio::test]
    async fn stopping_waits_for_what_is_in_flight() {
        let lifecycle = Lifecycle::new();
        let done = Arc::new(AtomicBool::new(false));
        let (stop, flag) = (lifecycle.token(), done.clone());
        lifecycle.spawn("steady", async move {
            stop.cancelled().await;
            tokio::task::yield_now().await;
            flag.store(true, Ordering::SeqCst);
        });
        lifecycle.spawn_small("small", async { panic!("on purpose") });
        lifecycle.stop();
        let code = lifecycle.run().await;
        assert!(done.load(Ordering::SeqCst));
        assert_eq!(format!("{code:?}"), format!("{:?}", ExitCode::SUCCESS));
    }
}
