//! How a command ends: its text on standard output, or its faults on standard error, and the exit code.

use std::{io::Write, process::ExitCode};

use runtime::config::Faults;

/// The end of a command.
pub(crate) enum Outcome {
    /// Done, with something to print.
    Said(String),
    /// Served, and ended with this code.
    Served(ExitCode),
    /// Failed for a reason that no configuration mends (exit code 1).
    Failed(String),
    /// Bad usage or bad configuration (exit code 2).
    Refused(Faults),
}

impl From<Faults> for Outcome {
    fn from(faults: Faults) -> Self {
        Self::Refused(faults)
    }
}

impl Outcome {
    /// Done, saying this.
    pub(crate) fn said(text: impl Into<String>) -> Self {
        Self::Said(text.into())
    }

    /// Prints it and gives the exit code.
    pub(crate) fn report(self) -> ExitCode {
        // A reader that is gone, as in `… | head -1`, is no failure of ours.
        match self {
            Self::Said(text) => {
                let _ = writeln!(std::io::stdout(), "{}", text.trim_end());
                ExitCode::SUCCESS
            }
            Self::Served(code) => code,
            Self::Failed(text) => {
                let _ = writeln!(std::io::stderr(), "payphone-card: {text}");
                ExitCode::FAILURE
            }
            Self::Refused(faults) => {
                for sentence in faults.sentences() {
                    let _ = writeln!(std::io::stderr(), "payphone-card: {sentence}");
                }
                ExitCode::from(2)
            }
        }
    }
}
