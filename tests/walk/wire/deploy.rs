//! What `deploy/` and the runbooks ship, run as an operator would run it.

mod alerts;
mod commands;
mod containers;
mod home;
mod machine;
mod migrate;
mod production;
mod restore;
mod rolling;
mod systemd;
mod tls;
mod units;

use std::path::{Path, PathBuf};

/// A file or folder of the clone.
fn shipped(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .join(path)
}

/// The text of a file of the clone.
fn text(path: &str) -> String {
    std::fs::read_to_string(shipped(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}
