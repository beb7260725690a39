//! One line in the log for every call to AWS: `operation`, `outcome`, `duration_ms`, AWS's request id, and what the call was about.
//! What is handed in must already be fit to print; [`tail`] shortens licence ARNs to their last four characters.

use std::{fmt::Display, time::Instant};

/// A call that is under way.
pub(crate) struct Call {
    operation: &'static str,
    started: Instant,
}

impl Call {
    /// Starts the watch.
    pub(crate) fn start(operation: &'static str) -> Self {
        Self {
            operation,
            started: Instant::now(),
        }
    }

    /// AWS answered, be it yes or no: part of an ordinary day.
    pub(crate) fn answered(&self, outcome: &str, request_id: Option<&str>, about: &dyn Display) {
        tracing::debug!(
            operation = self.operation,
            outcome,
            duration_ms = self.elapsed_ms(),
            request_id,
            about = %about,
            "AWS answered {}", self.operation,
        );
    }

    /// The call came to nothing, or to something that a person should be able to find.
    pub(crate) fn failed(&self, outcome: &str, error: &dyn Display) {
        tracing::warn!(
            operation = self.operation,
            outcome,
            duration_ms = self.elapsed_ms(),
            error = %error,
            "{} failed", self.operation,
        );
    }

    fn elapsed_ms(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX)
    }
}

/// The last four characters, as much as a log may show of an ARN.
pub(crate) fn tail(text: &str) -> String {
    let skip = text.chars().count().saturating_sub(4);
    format!("…{}", text.chars().skip(skip).collect::<String>())
}

#[cfg(test)]
pub(crate) mod tests;
