//! axe-core, which judges the accessibility of pages in the browser suite: one file of its npm package, kept in the cache.
//! The file is known by its hash, so that a half-written one is fetched again and a changed one is never run.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use sha2::{Digest, Sha256};

use crate::tools::{Failure, Outcome, cache, failed, run};

/// The release that the suite is written for.
const VERSION: &str = "4.14.1";
const FILE_SHA256: &str = "29348999450cdf2849a8e70b7912fc2da85a849da39c0d0d5394f51d4a9ed95c";

/// The script, as `cargo xtask doctor` fetched it.
///
/// # Errors
/// When it is not there, or not that release's.
pub fn axe() -> Result<PathBuf, Failure> {
    let file = place()?;
    if is_it(&file) {
        return Ok(file);
    }
    failed("axe-core is not there: `cargo xtask doctor` fetches it")
}

/// Whether the script is there, for which npm would be needed otherwise.
pub(super) fn is_there() -> bool {
    axe().is_ok()
}

pub(super) fn ensure(install: bool) -> Outcome {
    if is_there() {
        println!("ok        axe-core {VERSION}");
        return Ok(());
    }
    println!("MISSING   axe-core {VERSION}; npm pack axe-core@{VERSION}");
    if !install {
        return Ok(());
    }
    let file = place()?;
    let dir = file.with_file_name(format!("axe-core-{VERSION}-{}", std::process::id()));
    fs::create_dir_all(&dir)?;
    let fetched = fetch(&dir).and_then(|()| Ok(fs::rename(dir.join("axe.min.js"), &file)?));
    // Ours, and a failure to remove it must not hide the outcome.
    let _ = fs::remove_dir_all(&dir);
    fetched?;
    axe().map(drop)
}

/// Unpacks the one file into `dir`. `npm pack` checks the archive's own hash, and runs nothing of it.
fn fetch(dir: &Path) -> Outcome {
    let package = format!("axe-core@{VERSION}");
    run(Command::new("npm")
        .args(["pack", "--silent", "--ignore-scripts", &package])
        .current_dir(dir))?;
    let archive = format!("axe-core-{VERSION}.tgz");
    run(Command::new("tar")
        .args([
            "-xzf",
            &archive,
            "--strip-components=1",
            "package/axe.min.js",
        ])
        .current_dir(dir))
}

fn place() -> Result<PathBuf, Failure> {
    Ok(cache()?.join(format!("tools/axe-core-{VERSION}.min.js")))
}

fn is_it(file: &Path) -> bool {
    fs::read(file).is_ok_and(|bytes| hex::encode(Sha256::digest(bytes)) == FILE_SHA256)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_file_under_that_name_is_not_it() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("axe.min.js");
        assert!(!is_it(&file));
        fs::write(&file, "alert(1)").unwrap();
        assert!(!is_it(&file));
    }
}
