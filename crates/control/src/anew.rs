//! A change done anew, from its beginning, when the database took it back: a deadlock, a server that was stopped or is no writer any
//! more, a connection that was cut (P8). Requests do it, because nobody else would; background work does its next round anyway.
//! Invariant: what may have lasted is done anew only where doing it twice is the same as once.

use std::time::Duration;

use domain::Error;

/// How often a change is tried: then whoever asked hears 503.
const TRIES: u32 = 3;
/// Before the second try; before the third it is twice that.
const PAUSE: Duration = Duration::from_millis(100);

/// Does a change until it is not taken back.
///
/// # Errors
/// The change's own; that of its last try if it was taken back each time.
pub(crate) async fn anew<T, F>(change: impl Fn() -> F) -> Result<T, Error>
where
    F: Future<Output = Result<T, Error>>,
{
    until(change, Error::is_undone).await
}

/// The same for a change that may be done twice: also when it is unknown whether it lasted.
///
/// # Errors
/// As [`anew`].
pub(crate) async fn anew_or_again<T, F>(change: impl Fn() -> F) -> Result<T, Error>
where
    F: Future<Output = Result<T, Error>>,
{
    until(change, |error| {
        error.is_undone() || error.is_outcome_unknown()
    })
    .await
}

async fn until<T, F>(change: impl Fn() -> F, passes: impl Fn(&Error) -> bool) -> Result<T, Error>
where
    F: Future<Output = Result<T, Error>>,
{
    let mut tries = 1;
    loop {
        match change().await {
            Err(error) if passes(&error) && tries < TRIES => {
                metrics::counter!("changes_done_anew_total").increment(1);
                tracing::info!(
                    error.code = error.code(),
                    error.cause = error.private(),
                    "a change is done anew"
                );
                tokio::time::sleep(PAUSE * tries).await;
                tries += 1;
            }
            outcome => return outcome,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    async fn tries(fault: fn() -> Error, good_at: u32, again: bool) -> (u32, Result<u32, Error>) {
        let count = Cell::new(0);
        let change = || async {
            count.set(count.get() + 1);
            if count.get() == good_at {
                Ok(count.get())
            } else {
                Err(fault())
            }
        };
        let outcome = if again {
            anew_or_again(change).await
        } else {
            anew(change).await
        };
        (count.get(), outcome)
    }

    #[tokio::test(start_paused = true)]
    async fn only_what_was_taken_back_is_done_anew_and_not_for_ever() {
        let undone = || Error::unavailable("busy", "40P01").undone();
        let unknown = || Error::outcome_unknown("the connection was reset");
        let busy = || Error::unavailable("busy", "55P03");

        assert_eq!(tries(undone, 2, false).await.0, 2);
        let (count, outcome) = tries(undone, 9, false).await;
        assert_eq!(count, TRIES);
        assert!(outcome.unwrap_err().is_undone());
        assert_eq!(tries(unknown, 2, false).await.0, 1);
        assert_eq!(tries(unknown, 2, true).await.0, 2);
        assert_eq!(tries(busy, 2, true).await.0, 1);
    }
}
