//! The part of `cargo metadata` that tidy looks at.
//! Read with `serde_json` alone: the crate `cargo_metadata` switches on a feature of `serde_json`, and with that the whole
//! dependency tree of the product would be compiled once more for builds that include xtask.

use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::tools::{Failure, cargo, failed};

/// The workspace.
#[derive(Debug, Deserialize)]
pub(super) struct Metadata {
    /// Its members; without `--no-deps` there would be more.
    pub(super) packages: Vec<Member>,
}

/// One package of the workspace.
#[derive(Debug, Deserialize)]
pub(super) struct Member {
    pub(super) name: String,
    pub(super) manifest_path: PathBuf,
    pub(super) dependencies: Vec<Dependency>,
}

/// What a package says it depends on.
#[derive(Debug, Deserialize)]
pub(super) struct Dependency {
    pub(super) name: String,
    /// `dev`, `build`, or nothing for an ordinary one.
    pub(super) kind: Option<String>,
    /// Set for packages of this clone.
    pub(super) path: Option<PathBuf>,
}

pub(super) fn read(root: &Path) -> Result<Metadata, Failure> {
    let output = cargo(root)
        .args(["metadata", "--no-deps", "--format-version", "1"])
        .output()?;
    if !output.status.success() {
        return failed(format!(
            "`cargo metadata` did not work: {}",
            String::from_utf8_lossy(&output.stderr).trim()
        ));
    }
    Ok(serde_json::from_slice(&output.stdout)?)
}
