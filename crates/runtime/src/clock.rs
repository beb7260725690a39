//! The two clocks of the running product: real time from the system, business time as real time plus an offset.
//! The offset follows the AWS stand-in's clock in development and is zero in production.
//! Invariant: the offset is never lowered, over restarts neither, so business time never goes back by our doing.

use std::{
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::{Duration, SystemTime},
};

use chrono::{DateTime, SubsecRound, TimeDelta};
use domain::{Clock, RealTime, Timestamp};
use tracing::{info, warn};

use crate::{config::Faults, lifecycle::Lifecycle};

/// How often a followed clock is asked (contract, Time).
const FOLLOW_EVERY: Duration = Duration::from_millis(250);

/// What the system says.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemRealTime;

impl RealTime for SystemRealTime {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that reads the wall clock"
    )]
    fn now(&self) -> Timestamp {
        DateTime::from(SystemTime::now()).trunc_subsecs(3)
    }
}

/// Business time: real time plus an offset that only rises.
pub struct BusinessClock {
    real: Arc<dyn RealTime>,
    offset_ms: AtomicI64,
}

impl BusinessClock {
    /// Business time that equals real time for now.
    pub fn new(real: Arc<dyn RealTime>) -> Self {
        Self {
            real,
            offset_ms: AtomicI64::new(0),
        }
    }

    /// How far business time is ahead.
    pub fn offset_ms(&self) -> i64 {
        self.offset_ms.load(Ordering::SeqCst)
    }

    /// Raises the offset; answers whether that moved it. A lower one is ignored.
    pub fn raise_offset_ms(&self, offset_ms: i64) -> bool {
        self.offset_ms.fetch_max(offset_ms, Ordering::SeqCst) < offset_ms
    }
}

impl Clock for BusinessClock {
    fn now(&self) -> Timestamp {
        self.real.now() + TimeDelta::milliseconds(self.offset_ms())
    }
}

#[derive(serde::Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    // A float, so that whole and broken seconds both read.
    offset_seconds: f64,
}

/// A clock somewhere else whose offset we take over.
pub struct Follower {
    clock: Arc<BusinessClock>,
    url: String,
    offset_file: PathBuf,
    client: reqwest::Client,
}

impl Follower {
    /// Follows `url`, keeping the offset in `offset_file`.
    pub fn new(
        clock: Arc<BusinessClock>,
        url: String,
        offset_file: PathBuf,
        client: reqwest::Client,
    ) -> Self {
        Self {
            clock,
            url,
            offset_file,
            client,
        }
    }

    /// Takes the kept offset, then waits until the other clock has answered once: nothing may be judged by an old time before.
    /// Returns early if the lifecycle is stopped meanwhile.
    pub async fn start(self, lifecycle: &Lifecycle) -> Result<(), Faults> {
        if let Some(kept) = kept_offset(&self.offset_file)? {
            self.clock.raise_offset_ms(kept);
        }
        let stop = lifecycle.token();
        let mut told = false;
        loop {
            match stop.run_until_cancelled(self.look()).await {
                // Asked to stop while waiting, so nobody will need the time.
                None => return Ok(()),
                Some(Ok(())) => break,
                Some(Err(error)) if !told => {
                    warn!(clock.url = %self.url, error = %error, "waiting for the clock we follow");
                    told = true;
                }
                Some(Err(_)) => {}
            }
            wait(&stop).await;
        }
        info!(clock.url = %self.url, clock.offset_ms = self.clock.offset_ms(), "business time follows another clock");
        lifecycle.spawn("clock", async move {
            let mut well = true;
            while !stop.is_cancelled() {
                wait(&stop).await;
                let Some(result) = stop.run_until_cancelled(self.look()).await else {
                    return;
                };
                if let Err(error) = &result
                    && well
                {
                    warn!(clock.url = %self.url, error = %error, "the clock we follow does not answer");
                }
                well = result.is_ok();
            }
        });
        Ok(())
    }

    async fn look(&self) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
        let answer: Answer = self
            .client
            .get(&self.url)
            .send()
            .await?
            .error_for_status()?
            .json()
            .await?;
        let offset_ms = to_millis(answer.offset_seconds);
        if offset_ms > self.clock.offset_ms() {
            // Kept first: after a crash between the two, business time is what somebody has already seen, or later.
            let text = format!("{offset_ms}\n");
            crate::file::write_atomic(&self.offset_file, text.as_bytes(), 0o644)?;
            self.clock.raise_offset_ms(offset_ms);
        }
        Ok(())
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "`as` saturates, and no offset comes near"
)]
fn to_millis(seconds: f64) -> i64 {
    (seconds * 1000.0).round() as i64
}

async fn wait(stop: &tokio_util::sync::CancellationToken) {
    tokio::select! {
        () = stop.cancelled() => {}
        () = tokio::time::sleep(FOLLOW_EVERY) => {}
    }
}

fn kept_offset(file: &Path) -> Result<Option<i64>, Faults> {
    match std::fs::read_to_string(file) {
        Ok(text) => text.trim().parse().map(Some).map_err(|_| {
            format!(
                "the clock's offset in {} is not a number: restore the file, or remove it together with the data",
                file.display()
            )
            .into()
        }),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(format!(
            "cannot read the clock's offset in {}: {error}",
            file.display()
        )
        .into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_offset_is_never_lowered() {
        let clock = BusinessClock::new(Arc::new(SystemRealTime));
        assert!(clock.raise_offset_ms(5_000));
        assert!(!clock.raise_offset_ms(4_000));
        assert_eq!(clock.offset_ms(), 5_000);
    }

    #[tokio::test]
    async fn stopping_ends_the_wait_for_a_clock_that_never_answers() {
        let directory = tempfile::tempdir().unwrap();
        let mute = tokio::net::TcpListener::bind(("127.0.0.1", 0))
            .await
            .unwrap();
        let follower = Follower::new(
            Arc::new(BusinessClock::new(Arc::new(SystemRealTime))),
            format!("http://{}/", mute.local_addr().unwrap()),
            directory.path().join("offset"),
            crate::peer::http_client().unwrap(),
        );
        let lifecycle = Lifecycle::new();
        let stopping = async {
            let asked = mute.accept().await.unwrap();
            lifecycle.stop();
            asked
        };
        let both = async { tokio::join!(follower.start(&lifecycle), stopping) };
        let (started, _asked) = tokio::time::timeout(Duration::from_secs(2), both)
            .await
            .expect("it ends at once, not with the request's own time-out");
        started.unwrap();
        lifecycle.stop_and_wait().await;
    }

    #[test]
    fn real_time_is_kept_to_the_millisecond() {
        assert_eq!(SystemRealTime.now().timestamp_subsec_nanos() % 1_000_000, 0);
    }

    #[test]
    fn a_broken_offset_file_is_refused_and_a_missing_one_is_not() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("offset");
        assert_eq!(kept_offset(&file).unwrap(), None);
        std::fs::write(&file, "86400000\n").unwrap();
        assert_eq!(kept_offset(&file).unwrap(), Some(86_400_000));
        std::fs::write(&file, "soon").unwrap();
        assert!(kept_offset(&file).is_err());
    }
}
