//! What this machine lacks, and the Debian packages that bring it.
//! Run as root on Debian it installs them; anywhere else it says what to install. It never asks a question.
//! Invariant: a machine that has everything is left alone, without a word to any network.

mod axe;
mod deny;
mod promtool;
mod python;

use std::path::Path;
use std::process::Command;

use crate::islands;
use crate::tools::{Outcome, cargo, failed, quiet, root, run as run_command, which};

pub use axe::axe;
pub(crate) use deny::cargo_deny;
pub use promtool::promtool;
pub(crate) use python::ORACLE;
pub use python::oracle_python;

/// What the machine is to be fit for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Building and running.
    Dev,
    /// Everything that CI runs.
    Test,
}

/// One thing a machine needs.
struct Need {
    name: &'static str,
    why: &'static str,
    packages: &'static [&'static str],
    scope: Scope,
    optional: bool,
    present: fn() -> bool,
}

const NEEDS: &[Need] = &[
    Need {
        name: "C compiler",
        why: "Rust links with it, and aws-lc-sys and SQLite are C",
        packages: &["gcc", "libc6-dev"],
        scope: Scope::Dev,
        optional: false,
        present: || {
            which("cc").is_some() && (!on_debian() || Path::new("/usr/include/stdlib.h").exists())
        },
    },
    Need {
        name: "setpriv",
        why: "ties the processes that dev starts to dev, so that none is left behind",
        packages: &["util-linux"],
        scope: Scope::Dev,
        optional: true,
        present: || which("setpriv").is_some(),
    },
    Need {
        name: "git",
        why: "tidy reads the list of files from it",
        packages: &["git"],
        scope: Scope::Test,
        optional: false,
        present: || which("git").is_some(),
    },
    Need {
        name: "Python 3.11 or newer, with venv and pip",
        why: "the independent checks in tests/oracle",
        packages: &["python3", "python3-venv", "python3-pip"],
        scope: Scope::Test,
        optional: false,
        present: python::has_python,
    },
    Need {
        name: "curl and Node 18 or newer",
        why: "the documentation's code samples are run in every language they are written in",
        packages: &["curl", "nodejs"],
        scope: Scope::Test,
        optional: false,
        present: || which("curl").is_some() && which("node").is_some(),
    },
    Need {
        name: "PostgreSQL",
        why: "the suites run on it as well as on SQLite",
        packages: &["postgresql"],
        scope: Scope::Test,
        optional: false,
        present: has_postgres,
    },
    Need {
        name: "systemd-analyze",
        why: "judges the units in deploy/systemd",
        packages: &["systemd"],
        scope: Scope::Test,
        optional: true,
        present: || which("systemd-analyze").is_some(),
    },
    Need {
        name: "Chromium and its driver",
        why: "the suite `browser`",
        packages: &["chromium", "chromium-driver"],
        scope: Scope::Test,
        optional: false,
        present: || which("chromium").is_some() && which("chromedriver").is_some(),
    },
    Need {
        name: "npm",
        why: "fetches axe-core, once",
        packages: &["npm"],
        scope: Scope::Test,
        optional: false,
        present: || which("npm").is_some() || axe::is_there(),
    },
    Need {
        name: "compiler for WebAssembly",
        why: "the islands of the console; elsewhere: rustup target add wasm32-unknown-unknown",
        packages: &["rustc-web", "cargo-web", "rust-web-src"],
        scope: Scope::Dev,
        optional: false,
        present: islands::can_build,
    },
    Need {
        name: "C++ compiler",
        why: "the fuzz targets: libFuzzer is C++",
        packages: &["g++"],
        scope: Scope::Test,
        optional: false,
        present: || which("c++").is_some(),
    },
];

/// Debian keeps the server's programs off the path.
fn has_postgres() -> bool {
    let versions = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten();
    which("initdb").is_some()
        || versions
            .flatten()
            .any(|version| version.path().join("bin/initdb").exists())
}

/// Reports, and installs where it may and `install` asks for it.
///
/// # Errors
/// When something that is needed is missing at the end; with `install` off it only reports.
pub fn run(scope: Scope, install: bool) -> Outcome {
    let root = root()?;
    let missing = missing(scope);
    let packages: Vec<&str> = missing
        .iter()
        .filter(|need| !need.optional)
        .flat_map(|need| need.packages)
        .copied()
        .collect();
    if scope == Scope::Test || !packages.is_empty() {
        report(scope);
    }
    if install && !packages.is_empty() && root_on_debian() {
        apt_install(&packages)?;
    }
    components(&root, scope, install)?;
    if scope == Scope::Test {
        python::venv(&root, install)?;
        deny::ensure(install)?;
        axe::ensure(install)?;
        promtool::ensure(install)?;
    }
    let left: Vec<&str> = self::missing(scope)
        .iter()
        .filter(|need| !need.optional)
        .map(|need| need.name)
        .collect();
    if install && !left.is_empty() {
        return failed(format!(
            "still missing: {}; on Debian: apt-get install {}",
            left.join(", "),
            packages.join(" ")
        ));
    }
    Ok(())
}

fn missing(scope: Scope) -> Vec<&'static Need> {
    NEEDS
        .iter()
        .filter(|need| wanted(need, scope) && !(need.present)())
        .collect()
}

fn wanted(need: &Need, scope: Scope) -> bool {
    scope == Scope::Test || need.scope == Scope::Dev
}

fn report(scope: Scope) {
    for need in NEEDS.iter().filter(|need| wanted(need, scope)) {
        let state = match ((need.present)(), need.optional) {
            (true, _) => "ok      ",
            (false, true) => "optional",
            (false, false) => "MISSING ",
        };
        println!(
            "{state}  {} ({}); Debian: {}",
            need.name,
            need.why,
            need.packages.join(" ")
        );
    }
}

fn on_debian() -> bool {
    Path::new("/etc/debian_version").exists()
}

fn root_on_debian() -> bool {
    on_debian() && which("apt-get").is_some() && quiet("id", &["-u"]).as_deref() == Some("0")
}

fn apt_install(packages: &[&str]) -> Outcome {
    run_command(Command::new("apt-get").arg("update"))?;
    let mut install = Command::new("apt-get");
    install.env("DEBIAN_FRONTEND", "noninteractive");
    run_command(
        install
            .args(["install", "-y", "--no-install-recommends"])
            .args(packages),
    )
}

/// rustfmt and clippy, which a minimal toolchain lacks.
fn components(root: &Path, scope: Scope, install: bool) -> Outcome {
    if scope == Scope::Dev {
        return Ok(());
    }
    for (tool, component) in [("fmt", "rustfmt"), ("clippy", "clippy")] {
        let has = cargo(root)
            .args([tool, "--version"])
            .output()
            .is_ok_and(|output| output.status.success());
        if has {
            println!("ok        {component}");
            continue;
        }
        println!("MISSING   {component}; rustup component add {component}");
        if install && quiet("rustup", &["--version"]).is_some() {
            run_command(
                Command::new("rustup")
                    .args(["component", "add", component])
                    .current_dir(root),
            )?;
        } else if install {
            return failed(format!(
                "{component} is missing: install it with your Rust toolchain"
            ));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dev_asks_for_less_than_test() {
        let count = |scope| NEEDS.iter().filter(|need| wanted(need, scope)).count();
        assert!(count(Scope::Dev) < count(Scope::Test));
        assert_eq!(count(Scope::Test), NEEDS.len());
    }

    #[test]
    fn every_need_names_a_package() {
        assert!(NEEDS.iter().all(|need| !need.packages.is_empty()));
    }
}
