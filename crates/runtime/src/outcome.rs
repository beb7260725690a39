//! How a command of ours ends: its text on standard output or its faults on standard error, and the exit code of the contract:
//! 0 done, 1 failed, 2 bad usage or bad configuration.

use std::{io::Write, process::ExitCode};

use crate::config::Faults;

/// The end of a command.
#[derive(Debug)]
pub enum Outcome {
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
        if faults.passes() {
            Self::Failed(faults.to_string())
        } else {
            Self::Refused(faults)
        }
    }
}

impl Outcome {
    /// Done, saying this.
    pub fn said(text: impl Into<String>) -> Self {
        Self::Said(text.into())
    }

    /// Prints it in the name of `program` and gives the exit code.
    pub fn report(self, program: &str) -> ExitCode {
        // A reader that is gone, as in `… | head -1`, is no failure of ours.
        match self {
            Self::Said(text) => {
                let _ = writeln!(std::io::stdout(), "{}", text.trim_end());
                ExitCode::SUCCESS
            }
            Self::Served(code) => code,
            Self::Failed(text) => {
                let _ = writeln!(std::io::stderr(), "{program}: {text}");
                ExitCode::FAILURE
            }
            Self::Refused(faults) => {
                for sentence in faults.sentences() {
                    let _ = writeln!(std::io::stderr(), "{program}: {sentence}");
                }
                ExitCode::from(2)
            }
        }
    }
}
