//! Background work, driven by the test: round after round until nothing changes any more.

use control::{inbox, licence, mail, metering, registration, sweep, user};
use domain::Error;

use crate::TestApp;

/// More rounds than any sane amount of work needs.
const MOST_ROUNDS: usize = 60;

/// What one round of work came to.
#[derive(Debug)]
pub struct Round {
    /// How many messages came from the queue.
    pub received: usize,
    /// What failed.
    pub failed: Vec<Error>,
}

impl TestApp {
    /// Takes one round of all background work.
    pub async fn run_once(&self) -> Round {
        let mut failed = Vec::new();
        let mut keep = |result: Result<(), Error>| failed.extend(result.err());
        let received = inbox::receive(&self.cx("inbox")).await;
        let received = received.map_or_else(|error| (0, Err(error)), |count| (count, Ok(())));
        keep(received.1);
        keep(inbox::apply_all(&self.cx("inbox")).await);
        keep(user::reconcile_all(&self.cx("user")).await);
        keep(mail::send_all(&self.cx("mail")).await.map(drop));
        keep(sweep::sweep(&self.cx("sweep")).await.map(drop));
        keep(registration::reconcile_all(&self.cx("registration")).await);
        keep(licence::reconcile_pricing(&self.cx("registration")).await);
        keep(metering::seal_all(&self.cx("metering")).await.map(drop));
        let mut pace = self.pace.lock().await;
        keep(
            metering::send_all(&self.cx("metering"), &mut pace)
                .await
                .map(drop),
        );
        Round {
            received: received.0,
            failed,
        }
    }

    /// Does all background work until a round changes nothing; failures are tried again a few times, as the loops do.
    pub async fn run_until_quiet(&self) {
        let mut failures = 0;
        for _ in 0..MOST_ROUNDS {
            let before = self.data_version().await;
            let round = self.run_once().await;
            failures += usize::from(!round.failed.is_empty());
            let idle = round.received == 0 && round.failed.is_empty();
            let quiet = idle && self.data_version().await == before;
            if quiet || failures > 5 {
                return;
            }
        }
        panic!("background work does not come to rest");
    }

    /// The same, with real time going on between the rounds until no record waits for its next sending.
    pub async fn run_until_sent(&self) {
        for _ in 0..MOST_ROUNDS {
            self.run_until_quiet().await;
            if self
                .count("metering_records", "state IN ('sealed', 'sending')")
                .await
                == 0
            {
                return;
            }
            self.clock.advance_real(chrono::Duration::seconds(61));
        }
        panic!("records are still on their way");
    }

    /// An hour passes, and the grace for late usage, to the same minute of the next hour; all work is done.
    pub async fn an_hour_passes(&self) {
        self.clock.advance(chrono::Duration::hours(1));
        self.run_until_quiet().await;
    }
}
