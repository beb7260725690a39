//! promtool, which judges the alert rules: on PATH, or the one program of Debian's package `prometheus`, kept in the cache.
//! The package is not installed: it would bring a server that starts and listens. Optional: without it the rules' own tests are left out.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::tools::{Failure, Outcome, cache, quiet, run, which};

/// The program, if this machine has it.
///
/// # Errors
/// When there is no cache.
pub fn promtool() -> Result<Option<PathBuf>, Failure> {
    let cached = cache()?.join("tools/promtool");
    let mut candidates = which("promtool").into_iter().chain([cached]);
    Ok(candidates.find(|program| quiet(program, &["--version"]).is_some()))
}

pub(super) fn ensure(install: bool) -> Outcome {
    if promtool()?.is_some() {
        println!("ok        promtool");
        return Ok(());
    }
    println!("optional  promtool (judges the alert rules); Debian: prometheus");
    if !install || which("apt-get").is_none() || which("dpkg-deb").is_none() {
        return Ok(());
    }
    let tools = cache()?.join("tools");
    let dir = tools.join(format!("promtool-{}", std::process::id()));
    fs::create_dir_all(&dir)?;
    let fetched = fetch(&dir).and_then(|()| {
        Ok(fs::rename(
            dir.join("usr/bin/promtool"),
            tools.join("promtool"),
        )?)
    });
    // Ours, and a failure to remove it must not hide the outcome.
    let _ = fs::remove_dir_all(&dir);
    if fetched.is_err() {
        println!("optional  promtool could not be fetched; the rules' own tests are left out");
    }
    Ok(())
}

/// apt checks the package's signature chain; nothing of it is run but the one program.
fn fetch(dir: &std::path::Path) -> Outcome {
    run(Command::new("apt-get")
        .args(["download", "prometheus"])
        .current_dir(dir))?;
    run(Command::new("/bin/sh")
        .args([
            "-e",
            "-c",
            "dpkg-deb --fsys-tarfile prometheus_*.deb | tar -x ./usr/bin/promtool",
        ])
        .current_dir(dir))
}
