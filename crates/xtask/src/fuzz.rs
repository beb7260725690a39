//! Builds the fuzz targets and runs each for a while, by the commands that `fuzz/README.md` explains.
//! Invariant: the corpus in the clone is only read; what is found stays in a directory that the failure names.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use crate::tools::{Failure, Outcome, cache, cargo, failed, quiet, root, run};

const FOLDER: &str = "fuzz";

/// The targets, each with a dictionary and a corpus of its own name.
const TARGETS: &[&str] = &["token_verification"];

/// LLVM's counters and the trace of comparisons, which libFuzzer steers by; the stable compiler has both.
const FLAGS: &str = "-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares --cfg fuzzing";

/// Fuzzes each target for that long.
///
/// # Errors
/// When one does not build, or something is found.
pub(crate) fn run_all(each: Duration) -> Outcome {
    let folder = root()?.join(FOLDER);
    let target = target_dir()?;
    let Some(host) = quiet("rustc", &["--print", "host-tuple"]) else {
        return failed("`rustc --print host-tuple` says nothing");
    };
    let mut build = cargo(&folder);
    build
        .args(["build", "--locked", "--release", "--target", &host])
        .env("CARGO_TARGET_DIR", &target)
        .env("RUSTFLAGS", FLAGS);
    run(&mut build)?;
    let programs = target.join(host).join("release");
    TARGETS
        .iter()
        .try_for_each(|name| fuzz(&folder, &programs, name, each))
}

fn fuzz(folder: &Path, programs: &Path, name: &str, each: Duration) -> Outcome {
    let found = std::env::temp_dir().join(format!("payphone-fuzz-{name}-{}", std::process::id()));
    fs::create_dir_all(&found)?;
    let mut program = Command::new(programs.join(name));
    program
        .arg(&found)
        .arg(format!("corpus/{name}"))
        .arg(format!("-dict={name}.dict"))
        .args(["-max_len=4096", "-len_control=0", "-timeout=10"])
        .arg(format!("-artifact_prefix={}/", found.display()))
        .arg(format!("-max_total_time={}", each.as_secs()))
        // It says something twice a second otherwise.
        .args(["-verbosity=0", "-print_final_stats=1"])
        .current_dir(folder);
    if let Err(Failure::Failed(why) | Failure::Usage(why)) = run(&mut program) {
        return failed(format!("{why}; the input is in {}", found.display()));
    }
    // New inputs are only ways to the same code; those worth keeping are added by hand.
    Ok(fs::remove_dir_all(found)?)
}

/// Beside the target directory of the workspace, since other flags would compile everything in it anew.
fn target_dir() -> Result<PathBuf, Failure> {
    let Some(target) = std::env::var_os("CARGO_TARGET_DIR").map(PathBuf::from) else {
        return Ok(cache()?.join("target-fuzz"));
    };
    let mut name = target.file_name().unwrap_or_default().to_owned();
    name.push("-fuzz");
    Ok(std::path::absolute(target.with_file_name(name))?)
}
