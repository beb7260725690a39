//! The Python of the independent checks: a virtualenv in the cache, one for each content of `tests/oracle/requirements.txt`.
//! A marker file is written last, so that an installation that broke off is begun again.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::tools::{Failure, Outcome, cache, failed, quiet, root, run};

/// Where the checks are.
pub(crate) const ORACLE: &str = "tests/oracle";

/// Python 3.11 or newer that can make a virtualenv.
pub(super) fn has_python() -> bool {
    let probe = "import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))";
    quiet("python3", &["-c", probe]).is_some()
}

/// The interpreter that has the checks' requirements, as `cargo xtask doctor` installed it.
///
/// # Errors
/// When the virtualenv is not there.
pub fn oracle_python() -> Result<PathBuf, Failure> {
    let dir = place(&root()?)?;
    if complete(&dir) {
        return Ok(dir.join("bin/python"));
    }
    failed("the Python environment of tests/oracle is not there: `cargo xtask doctor` makes it")
}

pub(super) fn venv(root: &Path, install: bool) -> Outcome {
    let dir = place(root)?;
    if complete(&dir) {
        println!("ok        Python environment of {ORACLE}");
        return Ok(());
    }
    println!("MISSING   Python environment of {ORACLE}");
    if !install {
        return Ok(());
    }
    if dir.exists() {
        fs::remove_dir_all(&dir)?;
    }
    fs::create_dir_all(&dir)?;
    run(Command::new("python3").args(["-m", "venv"]).arg(&dir))?;
    let mut pip = Command::new(dir.join("bin/python"));
    pip.args([
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "-r",
    ]);
    run(pip.arg(root.join(ORACLE).join("requirements.txt")))?;
    fs::write(dir.join("complete"), "")?;
    Ok(())
}

fn place(root: &Path) -> Result<PathBuf, Failure> {
    let requirements = fs::read(root.join(ORACLE).join("requirements.txt"))?;
    Ok(cache()?.join(format!("venv-{:016x}", fnv1a(&requirements))))
}

/// The interpreter must still run: a system upgrade may have taken the one it links to.
fn complete(dir: &Path) -> bool {
    dir.join("complete").exists()
        && quiet(dir.join("bin/python"), &["-c", "import botocore"]).is_some()
}

/// FNV-1a: a name for a content, nothing that must withstand anybody.
fn fnv1a(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_the_published_one() {
        assert_eq!(fnv1a(b""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(fnv1a(b"foobar"), 0x8594_4171_f739_67e8);
    }

    #[test]
    fn an_environment_without_its_marker_is_not_complete() {
        let dir = tempfile::tempdir().unwrap();
        assert!(!complete(dir.path()));
    }
}
