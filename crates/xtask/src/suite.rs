//! `cargo xtask test`: what CI runs, in order, stopping at the first failure; and `chaos` and `simulate`, the long forms of parts of it.
//! Every step shares one target directory, and all of them build the whole workspace, so that features are the same and
//! dependencies are compiled once.

use std::process::Command;
use std::time::{Duration, Instant};

use crate::cli::SimulateArgs;
use crate::doctor::{self, Scope, cargo_deny};
use crate::stand::files::random;
use crate::tools::{Failure, Outcome, cargo, failed, root, run as run_command};
use crate::{fuzz, islands, openapi, oracle, tidy};

/// What a step reports beside its success, such as a part that was left out.
type Note = Result<Option<String>, Failure>;

/// One step: its heading and what it does.
struct Step {
    name: &'static str,
    run: fn() -> Note,
}

/// Tells the tests (`trial.rs` of the kit) that what takes root or a disk of its own is not to be left out.
const EVERY_TRIAL: (&str, &str) = ("PAYPHONE_EVERY_TRIAL", "1");

const STEPS: &[Step] = &[
    Step {
        name: "doctor",
        run: || doctor::run(Scope::Test, true).map(|()| None),
    },
    Step {
        name: "format",
        run: || step(&["fmt", "--all", "--check"]),
    },
    Step {
        name: "clippy",
        run: || {
            step(&[
                "clippy",
                "--workspace",
                "--all-targets",
                "--",
                "-D",
                "warnings",
            ])
        },
    },
    Step {
        name: "documentation",
        run: documentation,
    },
    Step {
        name: "tidy",
        run: || tidy::run().map(|()| None),
    },
    Step {
        name: "dependencies",
        run: dependencies,
    },
    // Before what is built for the tests takes them in.
    Step {
        name: "islands",
        run: || islands::run(false).map(|()| None),
    },
    Step {
        name: "tests",
        run: tests,
    },
    Step {
        name: "tests on PostgreSQL",
        run: tests_on_postgres,
    },
    Step {
        name: "binaries",
        run: || step(&["build", "--workspace", "--bins"]),
    },
    Step {
        name: "openapi",
        run: documents,
    },
    Step {
        name: "oracle",
        run: || oracle::self_check().map(|()| None),
    },
    Step {
        name: "second AWS client",
        run: || oracle::second_client().map(|()| None),
    },
];

/// What of the programs' suite is about the database too.
const ON_POSTGRES: &[&str] = &[
    "chaos",
    "walk::",
    "races::",
    "lines::",
    "refusals::",
    "identity::",
    "kms::",
    "--nocapture",
];

/// What takes minutes however little was changed; the walk comes last, because it takes most.
const LONG: &[Step] = &[
    Step {
        name: "fuzz",
        run: || fuzz::run_all(Duration::from_mins(1)).map(|()| None),
    },
    Step {
        name: "walk on PostgreSQL",
        run: || walk_with(20, None, true, ON_POSTGRES),
    },
    Step {
        name: "walk",
        run: walk,
    },
];

/// Runs every step, or with `quick` all but the long ones.
///
/// # Errors
/// The first step that fails, after the table of those that ran.
pub fn run(quick: bool) -> Outcome {
    let long = if quick { &[] } else { LONG };
    let steps = STEPS.iter().chain(long);
    let mut table = Vec::new();
    let mut failure = None;
    for step in steps {
        println!("\n=== {} ===", step.name);
        let begun = Instant::now();
        match (step.run)() {
            Ok(note) => table.push((
                step.name,
                begun.elapsed(),
                note.unwrap_or_else(|| "passed".to_owned()),
            )),
            Err(error) => {
                table.push((step.name, begun.elapsed(), "FAILED".to_owned()));
                failure = Some((step.name, error));
                break;
            }
        }
    }
    println!("\n{}", render(&table));
    match failure {
        Some((name, Failure::Failed(why) | Failure::Usage(why))) => {
            failed(format!("step {name} failed: {why}"))
        }
        None => {
            println!("all {} steps passed", table.len());
            Ok(())
        }
    }
}

fn render(table: &[(&str, Duration, String)]) -> String {
    let line = |name: &str, took: Duration, note: &str| {
        let line = format!("{name:<18} {:>7.1} s  {note}", took.as_secs_f64());
        line.trim_end().to_owned()
    };
    let total = table.iter().map(|(_, took, _)| *took).sum();
    let steps = table
        .iter()
        .map(|(name, took, note)| line(name, *took, note));
    steps
        .chain([line("total", total, "")])
        .collect::<Vec<_>>()
        .join("\n")
}

fn step(args: &[&str]) -> Note {
    run_command(cargo(&root()?).args(args)).map(|()| None)
}

fn documentation() -> Note {
    let mut doc = cargo(&root()?);
    doc.args([
        "doc",
        "--workspace",
        "--no-deps",
        "--document-private-items",
    ])
    .env("RUSTDOCFLAGS", "-D warnings");
    run_command(&mut doc).map(|()| None)
}

fn dependencies() -> Note {
    let Some(program) = cargo_deny()? else {
        return failed("cargo-deny is not there: `cargo xtask doctor` installs it");
    };
    let root = root()?;
    let deny = |args: &[&str]| {
        run_command(
            Command::new(&program)
                .arg("--locked")
                .args(args)
                .current_dir(&root),
        )
    };
    deny(&["check", "bans", "licenses", "sources"])?;
    if !has_advisories() {
        return Ok(Some(
            "passed; advisories skipped: no advisory database".to_owned(),
        ));
    }
    deny(&["check", "--disable-fetch", "advisories"])?;
    Ok(None)
}

/// Whether cargo-deny's copy of the RustSec database is here; CI of users fetches it, ours passes without.
fn has_advisories() -> bool {
    let home = std::env::var_os("CARGO_HOME").map(std::path::PathBuf::from);
    let home =
        home.or_else(|| Some(std::path::PathBuf::from(std::env::var_os("HOME")?).join(".cargo")));
    let entries = home.and_then(|home| std::fs::read_dir(home.join("advisory-dbs")).ok());
    entries.is_some_and(|entries| entries.flatten().any(|entry| entry.path().is_dir()))
}

fn tests() -> Note {
    let mut test = cargo(&root()?);
    test.args(["test", "--workspace", "--exclude", "walk"])
        .env(EVERY_TRIAL.0, EVERY_TRIAL.1)
        .env("INSTA_UPDATE", "no");
    run_command(&mut test).map(|()| None)
}

/// The suites of the test kit once more, on a cluster of their own: what is different between the two databases is not for the tests
/// to know.
fn tests_on_postgres() -> Note {
    let mut test = cargo(&root()?);
    test.args(["test", "--workspace"]);
    for suite in KIT_SUITES {
        test.args(["--test", suite]);
    }
    test.env("PAYPHONE_TEST_DATABASE", "postgres")
        .env(EVERY_TRIAL.0, EVERY_TRIAL.1)
        .env("INSTA_UPDATE", "no");
    run_command(&mut test).map(|()| None)
}

fn documents() -> Note {
    let root = root()?;
    if !root.join(openapi::FOLDER).is_dir() {
        return Ok(Some(format!("skipped: no {} yet", openapi::FOLDER)));
    }
    openapi::documents(&root, true).map(|()| None)
}

fn walk() -> Note {
    walk_with(20, None, false, &[])
}

/// Kills processes at random moments of the walk, `kills` times.
///
/// # Errors
/// When the walk does not come out right.
pub fn chaos(kills: u32, seed: Option<u64>, postgres: bool) -> Outcome {
    step(&["build", "--workspace", "--bins"])?;
    walk_with(kills, seed, postgres, &["chaos", "--nocapture"]).map(|_| ())
}

/// Plays seeds of the simulation, or a storm.
///
/// # Errors
/// When a seed shows something wrong, or does not come to rest.
pub fn simulate(args: &SimulateArgs) -> Outcome {
    let mut test = cargo(&root()?);
    test.args(["test", "--workspace", "--test", "jobs"]);
    if args.release {
        test.arg("--release");
    }
    let suite = match args.storm {
        Some(_) => "storm::",
        None => "simulate::no_seed",
    };
    test.args(["--", "--nocapture", suite]);
    let numbers = [
        ("SEEDS", args.seeds),
        ("FROM", args.from),
        ("STORM", args.storm.unwrap_or_default()),
    ];
    for (name, number) in numbers {
        test.env(format!("PAYPHONE_SIMULATE_{name}"), number.to_string());
    }
    test.env("PAYPHONE_SIMULATE_MODE", args.mode.as_str());
    if args.postgres {
        test.env("PAYPHONE_TEST_DATABASE", "postgres");
    }
    run_command(&mut test)
}

fn walk_with(kills: u32, seed: Option<u64>, postgres: bool, args: &[&str]) -> Note {
    let seed = match seed {
        Some(seed) => seed,
        None => u64::from(u32::from_ne_bytes(random()?)),
    };
    println!(
        "CHAOS_KILLS={kills} CHAOS_SEED={seed} (`cargo xtask chaos --kills {kills} --seed {seed}{}` repeats it)",
        if postgres { " --postgres" } else { "" }
    );
    let root = root()?;
    let mut test = cargo(&root);
    test.args(["test", "--workspace"]);
    // The browser sees no database.
    let suites = if postgres { &["wire"] } else { WALK_SUITES };
    for suite in suites {
        test.args(["--test", suite]);
    }
    // One world of three processes at a time: the machine has two cores, and what is measured here is order, not load.
    test.args(["--", "--test-threads=1"]);
    test.args(args);
    test.env(EVERY_TRIAL.0, EVERY_TRIAL.1)
        .env("CHAOS_KILLS", kills.to_string())
        .env("CHAOS_SEED", seed.to_string());
    if postgres {
        test.env("PAYPHONE_TEST_DATABASE", "postgres");
    }
    test.env("INSTA_UPDATE", "no");
    run_command(&mut test).map(|()| Some(format!("passed (chaos seed {seed})")))
}

/// The test binaries of tests.
const KIT_SUITES: &[&str] = &["card", "api", "jobs"];

/// The test binaries of tests/walk. They are named one by one, in a build of the whole workspace, because `-p walk` would
/// choose other features and compile hyper, rustls and all that stands on them a second time.
const WALK_SUITES: &[&str] = &["wire", "browser"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_has_a_line_for_each_step_and_a_total() {
        let table = [
            ("format", Duration::from_millis(1500), "passed".to_owned()),
            ("tidy", Duration::from_millis(250), "FAILED".to_owned()),
        ];
        let expected = "format                 1.5 s  passed\ntidy                   0.2 s  FAILED\ntotal                  1.8 s";
        assert_eq!(render(&table), expected);
    }

    #[test]
    fn fuzzing_and_the_walk_are_what_quick_leaves_out() {
        let names = |steps: &[Step]| steps.iter().map(|step| step.name).collect::<Vec<_>>();
        assert_eq!(names(LONG), ["fuzz", "walk on PostgreSQL", "walk"]);
        assert!(names(STEPS).iter().all(|name| !names(LONG).contains(name)));
    }
}
