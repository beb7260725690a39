//! Seeded simulation: R-03 (safety), R-04 (liveness), and with them parts of R-06 (late usage), R-07 (AWS throttles and fails), R-08 (lost
//! answers), R-09 (AWS or we are away for long), R-10 (clocks that are wrong).
//! `cargo xtask simulate` sets how many seeds, from which one, and in which mode.

use testkit::{
    count::count,
    database::on_postgres,
    simulate::{Mode, run, run_all},
};

fn modes() -> Vec<Mode> {
    #[expect(
        clippy::disallowed_methods,
        reason = "a switch of the tests, not of the product"
    )]
    let told = std::env::var("PAYPHONE_SIMULATE_MODE").unwrap_or_default();
    let both = [Mode::Safety, Mode::Liveness];
    both.into_iter()
        .filter(|mode| told.is_empty() || told == "both" || told == mode.as_str())
        .collect()
}

///
#[test]
fn no_seed_shows_anything_wrong_and_every_world_comes_to_rest() {
    // On PostgreSQL a seed takes some ten times as long.
    let usual = if on_postgres() { 20 } else { 200 };
    let (seeds, from) = (
        count("PAYPHONE_SIMULATE_SEEDS", usual),
        count("PAYPHONE_SIMULATE_FROM", 0),
    );
    let modes = modes();
    let report = run_all(from, seeds, &modes, 2, |seed, run| {
        if run.is_err() || (seed - from) % 100 == 99 {
            println!(
                "seed {seed} {}",
                if run.is_ok() { "holds" } else { "FAILS" }
            );
        }
    });
    let ms = u64::try_from(report.took.as_millis()).unwrap().max(1);
    println!(
        "{} runs of {seeds} seeds from {from}: {} steps in {} s, {} steps/s; {} failed",
        report.runs,
        report.steps,
        ms / 1_000,
        report.steps * 1_000 / ms,
        report.failures.len()
    );
    let failures: Vec<String> = report.failures.iter().map(ToString::to_string).collect();
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}

/// the same seed decides, answers and writes the same.
#[test]
fn a_seed_repeats_itself() {
    if on_postgres() {
        // Its leases go by its own clock.
        return;
    }
    for seed in 1_000..1_000 + count("PAYPHONE_SIMULATE_REPEATS", 10) {
        for mode in [Mode::Safety, Mode::Liveness] {
            let first = run(seed, mode, false).expect("it holds");
            assert_eq!(
                run(seed, mode, false).expect("it holds"),
                first,
                "seed {seed}"
            );
        }
    }
}
