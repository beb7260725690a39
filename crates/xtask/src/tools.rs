//! What the sub-commands share: where the clone and the cache are, how to run a command, how to fail.
//! Commands run with the caller's terminal, so their own progress and colours are seen.

use std::path::{Path, PathBuf};
use std::process::Command;

/// Why a sub-command did not succeed; decides the exit code.
#[derive(Debug)]
pub enum Failure {
    /// Bad usage or bad configuration: exit code 2.
    Usage(String),
    /// Anything else: exit code 1.
    Failed(String),
}

impl<E: std::error::Error> From<E> for Failure {
    fn from(error: E) -> Self {
        Self::Failed(error.to_string())
    }
}

/// The result of a sub-command.
pub type Outcome = Result<(), Failure>;

/// Shorthand for [`Failure::Failed`].
pub(crate) fn failed<T>(message: impl Into<String>) -> Result<T, Failure> {
    Err(Failure::Failed(message.into()))
}

/// The root of the clone: the nearest directory above that holds this package.
///
/// # Errors
/// When the program runs outside a clone.
pub fn root() -> Result<PathBuf, Failure> {
    let here = std::env::current_dir()?;
    let root = here
        .ancestors()
        .find(|dir| dir.join("crates/xtask/Cargo.toml").is_file());
    root.map_or_else(
        || failed("run this inside the clone"),
        |dir| Ok(dir.to_owned()),
    )
}

/// Where things outlive a clone: `${XDG_CACHE_HOME:-$HOME/.cache}/payphone`.
///
/// # Errors
/// When neither variable is set.
pub fn cache() -> Result<PathBuf, Failure> {
    let given = |name| {
        std::env::var_os(name)
            .filter(|value| !value.is_empty())
            .map(PathBuf::from)
    };
    let cache = given("XDG_CACHE_HOME").or_else(|| given("HOME").map(|home| home.join(".cache")));
    cache.map_or_else(
        || failed("set HOME or XDG_CACHE_HOME"),
        |dir| Ok(dir.join("payphone")),
    )
}

/// The cargo that runs us, without what `cargo run` put into our environment: build scripts would see it as a change.
pub(crate) fn cargo(root: &Path) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    let ours = [
        "CARGO_MANIFEST_",
        "CARGO_PKG_",
        "CARGO_BIN_",
        "CARGO_CRATE_",
        "CARGO_PRIMARY_",
    ];
    for (name, _) in std::env::vars_os() {
        if ours
            .iter()
            .any(|prefix| name.to_string_lossy().starts_with(prefix))
        {
            command.env_remove(name);
        }
    }
    command.current_dir(root);
    command
}

/// Runs a command to its end with our standard streams.
pub(crate) fn run(command: &mut Command) -> Outcome {
    let line = line(command);
    println!("$ {line}");
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => failed(format!("`{line}` ended with {status}")),
        Err(error) => failed(format!("`{line}` could not be run: {error}")),
    }
}

/// The trimmed standard output of a command that succeeds quietly; `None` if it does not.
pub(crate) fn quiet(program: impl AsRef<std::ffi::OsStr>, args: &[&str]) -> Option<String> {
    let output = Command::new(program).args(args).output().ok()?;
    output
        .status
        .success()
        .then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// The full path of a program on PATH.
pub(crate) fn which(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|dir| dir.join(program))
        .find(|file| file.is_file())
}

fn line(command: &Command) -> String {
    let program = Path::new(command.get_program())
        .file_name()
        .unwrap_or(command.get_program());
    let args = command.get_args().map(|arg| arg.to_string_lossy());
    std::iter::once(program.to_string_lossy())
        .chain(args)
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failing_command_is_named_in_the_failure() {
        let Err(Failure::Failed(message)) = run(Command::new("false").arg("on-purpose")) else {
            panic!("`false` succeeded");
        };
        assert!(
            message.starts_with("`false on-purpose` ended with exit status"),
            "{message}"
        );
    }

    #[test]
    fn programs_are_found_on_the_path() {
        assert!(which("sh").is_some());
        assert!(which("no-such-program-anywhere").is_none());
    }
}
