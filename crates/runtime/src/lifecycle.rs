//! How the process ends, in three steps: at SIGTERM or SIGINT it is no longer ready and serves on for a grace, so that balancers see it
//! and send no more; then everything is asked to stop, and what is in flight drains; after a hard limit it ends anyway.
//! Everything that runs beside `main` is spawned here, so that ending can wait for it.
//! Invariant: a background task that panics ends the process with exit code 1; none dies unseen.

use std::{
    future::poll_fn,
    panic::{AssertUnwindSafe, catch_unwind},
    process::ExitCode,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, Ordering},
    },
    task::Poll,
    time::Duration,
};

use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tracing::{Instrument, error, info, info_span, warn};

/// The contract says 25 s from SIGTERM to the end, the grace included; one second is for ending itself.
const END: Duration = Duration::from_secs(24);

/// Spawns tasks and ends them; cheap to clone.
#[derive(Clone, Default)]
pub struct Lifecycle {
    leaving: CancellationToken,
    stop: CancellationToken,
    grace: Arc<OnceLock<Duration>>,
    tasks: TaskTracker,
    failed: Arc<AtomicBool>,
    listening: Arc<AtomicBool>,
}

impl Lifecycle {
    /// Nothing runs yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Cancelled when everything has to stop.
    pub fn token(&self) -> CancellationToken {
        self.stop.clone()
    }

    /// Cancelled when the process is on its way out, at the latest when everything has to stop: it is not ready any more, and answers
    /// what still comes.
    pub fn leaving(&self) -> CancellationToken {
        self.leaving.clone()
    }

    /// Others send us requests from now on, and need this long to see that we leave. Once; without it there is no grace.
    pub fn serves_on_for(&self, grace: Duration) {
        // Whoever said it first is the one who serves.
        let _ = self.grace.set(grace);
    }

    /// Asks everything to stop, without a grace.
    pub fn stop(&self) {
        self.leaving.cancel();
        self.stop.cancel();
    }

    fn grace(&self) -> Duration {
        self.grace.get().copied().unwrap_or_default()
    }

    /// How long what is in flight may take once the grace is over.
    fn drain(&self) -> Duration {
        END.saturating_sub(self.grace())
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
        let lifecycle = self.clone();
        self.spawn("signals", async move {
            let asked = either(&mut terminate, &mut interrupt);
            if let Some(name) = lifecycle.stop.run_until_cancelled(asked).await {
                info!(signal.name = name, "asked to stop; no longer ready");
                let grace = tokio::time::sleep(lifecycle.grace());
                let again = either(&mut terminate, &mut interrupt);
                lifecycle.leave(grace, again).await;
            }
        });
        true
    }

    /// Serves on for the grace, unless somebody asks again; then everything has to stop.
    async fn leave<T>(&self, grace: impl Future<Output = ()>, again: impl Future<Output = T>) {
        self.leaving.cancel();
        tokio::select! {
            () = grace => {}
            _ = again => {}
            () = self.stop.cancelled() => {}
        }
        info!("draining");
        self.stop();
    }

    /// Waits for a signal and its grace, or for [`Lifecycle::stop`], then for the tasks. A second signal ends the grace, and one after
    /// that, or the limit, the wait.
    pub async fn run(self) -> ExitCode {
        if !self.listen() {
            return ExitCode::FAILURE;
        }
        self.stop.cancelled().await;
        // Listened to anew, so that only a further signal counts.
        let Some((mut terminate, mut interrupt)) = signals() else {
            return ExitCode::FAILURE;
        };
        self.tasks.close();
        let drained = tokio::select! {
            () = self.tasks.wait() => true,
            () = tokio::time::sleep(self.drain()) => false,
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
        self.stop();
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

    /// a balancer has the grace to see that this process is not ready; an impatient operator need not wait for it.
    #[tokio::test]
    async fn between_leaving_and_stopping_lies_the_grace_unless_somebody_asks_again() {
        for impatient in [false, true] {
            let lifecycle = Lifecycle::new();
            let (grace, over) = (CancellationToken::new(), CancellationToken::new());
            let (end, again) = (grace.clone(), over.clone());
            let seen = async {
                lifecycle.leaving().cancelled().await;
                assert!(!lifecycle.token().is_cancelled(), "it serves on");
                if impatient {
                    again.cancel();
                } else {
                    end.cancel();
                }
                lifecycle.token().cancelled().await;
            };
            tokio::join!(lifecycle.leave(grace.cancelled(), over.cancelled()), seen);
        }
    }

    #[test]
    fn who_serves_nobody_has_no_grace_and_the_end_is_within_the_limit_all_the_same() {
        let lifecycle = Lifecycle::new();
        assert_eq!(lifecycle.grace(), Duration::ZERO);
        lifecycle.serves_on_for(Duration::from_secs(10));
        assert_eq!(lifecycle.grace(), Duration::from_secs(10));
        assert_eq!(lifecycle.drain(), Duration::from_secs(14));
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
