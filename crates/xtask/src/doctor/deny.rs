//! cargo-deny: on PATH, in the cache, or built from source into the cache (about three minutes of two cores).
//! It gets a target directory of its own, deleted afterwards: its dependencies are nobody else's.

use std::fs;
use std::path::PathBuf;

use crate::tools::{Failure, Outcome, cache, cargo, quiet, root, run, which};

/// The release that the project's `deny.toml` is written for.
const VERSION: &str = "0.20.2";

/// The program, if this machine has it.
pub(crate) fn cargo_deny() -> Result<Option<PathBuf>, Failure> {
    let cached = cache()?.join("tools/bin/cargo-deny");
    let candidates = std::iter::once(cached).chain(which("cargo-deny"));
    let wanted = format!("cargo-deny {VERSION}");
    Ok(candidates
        .into_iter()
        .find(|program| quiet(program, &["--version"]).is_some_and(|said| said == wanted)))
}

pub(super) fn ensure(install: bool) -> Outcome {
    if cargo_deny()?.is_some() {
        println!("ok        cargo-deny {VERSION}");
        return Ok(());
    }
    println!(
        "MISSING   cargo-deny {VERSION}; cargo install cargo-deny --version {VERSION} --locked"
    );
    if !install {
        return Ok(());
    }
    let cache = cache()?;
    let target = cache.join("build-cargo-deny");
    let mut install = cargo(&root()?);
    install
        .args([
            "install",
            "cargo-deny",
            "--version",
            VERSION,
            "--locked",
            "--root",
        ])
        .arg(cache.join("tools"));
    run(install.env("CARGO_TARGET_DIR", &target))?;
    fs::remove_dir_all(target)?;
    Ok(())
}
