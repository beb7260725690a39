//! `cargo xtask bench`: builds for release, lets the suites measure, and prints each figure beside its limit.
//! The suites write a line of JSON for each figure; the same tests with tiny counts are part of `cargo xtask test`, so that they do not rot.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::cli::{Bench, BenchArgs};
use crate::tools::{Failure, Outcome, cache, cargo, failed, root, run as run_command};

/// One line of the table.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
struct Figure {
    name: String,
    database: String,
    unit: String,
    ours: f64,
    limit: f64,
    ratio: f64,
    /// The least ratio that is good enough, if there is one.
    least: Option<f64>,
    /// The greatest.
    most: Option<f64>,
    p50_ms: Option<f64>,
    p99_ms: Option<f64>,
}

impl Figure {
    fn is_missed(&self) -> bool {
        self.least.is_some_and(|least| self.ratio < least)
            || self.most.is_some_and(|most| self.ratio > most)
    }
}

/// Measures and prints.
///
/// # Errors
/// When the build or a measurement fails; with `--check` when a goal is missed too.
pub fn run(args: &BenchArgs) -> Outcome {
    let root = root()?;
    let kept = cache()?.join("bench");
    fs::create_dir_all(&kept)?;
    let file = kept.join(format!("figures-{}.jsonl", std::process::id()));
    let chosen: Vec<Bench> = match args.only {
        Some(only) => vec![only],
        None => Bench::ALL.to_vec(),
    };
    let mut suites: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for bench in chosen {
        let (suite, test) = bench.test();
        suites.entry(suite).or_default().push(test);
    }
    // Programs and suites in one build, so that both have the same features and what they stand on is compiled once.
    let mut build = cargo(&root);
    build.args(["build", "--release", "--workspace", "--bins"]);
    for suite in suites.keys() {
        build.args(["--test", suite]);
    }
    run_command(&mut build)?;
    for (suite, tests) in suites {
        measure(&root, suite, &tests, args.quick, &file)?;
    }
    let figures = read(&file)?;
    fs::remove_file(&file)?;
    println!("\n{}", table(&figures));
    if let Some(json) = &args.json {
        fs::write(json, serde_json::to_string_pretty(&figures)? + "\n")?;
    }
    let missed = figures.iter().filter(|figure| figure.is_missed()).count();
    match missed {
        0 => println!("every goal is reached"),
        _ if args.check => return failed(format!("{missed} of the goals are missed")),
        _ => println!("{missed} of the goals are missed"),
    }
    Ok(())
}

/// One suite, one measurement after the other: two at once would measure each other.
fn measure(root: &Path, suite: &str, tests: &[&str], quick: bool, figures: &Path) -> Outcome {
    let mut test = cargo(root);
    test.args(["test", "--release", "--workspace", "--test", suite, "--"])
        .args(["--exact", "--test-threads=1"])
        .args(tests)
        .env("PAYPHONE_BENCH_SIZE", if quick { "quick" } else { "full" })
        .env("PAYPHONE_BENCH_FIGURES", figures);
    run_command(&mut test)
}

fn read(file: &Path) -> Result<Vec<Figure>, Failure> {
    let Ok(text) = fs::read_to_string(file) else {
        return failed("the suites measured nothing");
    };
    let figures: Result<_, serde_json::Error> = text.lines().map(serde_json::from_str).collect();
    Ok(figures?)
}

fn table(figures: &[Figure]) -> String {
    let head = [
        "what", "database", "ours", "limit", "ratio", "goal", "p50", "p99",
    ];
    let mut rows = vec![head.map(str::to_owned)];
    rows.extend(figures.iter().map(row));
    let width = |column: usize| {
        let widths = rows.iter().map(|row| row[column].chars().count());
        widths.max().unwrap_or_default()
    };
    let widths: [usize; 8] = std::array::from_fn(width);
    let line = |row: &[String; 8]| {
        let cells = row
            .iter()
            .zip(widths)
            .enumerate()
            .map(|(at, (cell, width))| {
                // Words begin where their column does, numbers end where theirs does.
                if at < 2 {
                    format!("{cell:<width$}")
                } else {
                    format!("{cell:>width$}")
                }
            });
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    rows.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn row(figure: &Figure) -> [String; 8] {
    let goal = match (figure.least, figure.most) {
        (Some(least), _) => format!("at least {least:.2}"),
        (None, Some(most)) => format!("at most {most:.2}"),
        (None, None) => String::new(),
    };
    let goal = if figure.is_missed() {
        format!("{goal} MISSED")
    } else {
        goal
    };
    let ms = |ms: Option<f64>| ms.map(|ms| format!("{ms:.1} ms")).unwrap_or_default();
    [
        figure.name.clone(),
        figure.database.clone(),
        format!("{} {}", number(figure.ours), figure.unit),
        format!("{} {}", number(figure.limit), figure.unit),
        format!("{:.2}", figure.ratio),
        goal,
        ms(figure.p50_ms),
        ms(figure.p99_ms),
    ]
}

/// Three digits that say something.
fn number(value: f64) -> String {
    match value {
        value if value >= 100.0 => format!("{value:.0}"),
        value if value >= 10.0 => format!("{value:.1}"),
        value => format!("{value:.2}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINES: &str = r#"{"name":"usage events, single","database":"SQLite","unit":"events/s","ours":650.4,"limit":1000.0,"ratio":0.6504,"least":0.7,"most":null,"p50Ms":3.25,"p99Ms":9.5}
{"name":"payphone, memory idle","database":"PostgreSQL","unit":"MB","ours":30.25,"limit":40.0,"ratio":0.75625,"least":null,"most":1.0,"p50Ms":null,"p99Ms":null}
{"name":"jobs","database":"SQLite","unit":"jobs/s","ours":5.125,"limit":50.0,"ratio":0.1025,"least":null,"most":null,"p50Ms":null,"p99Ms":null}"#;

    fn figures() -> Vec<Figure> {
        let figures = LINES.lines().map(serde_json::from_str);
        figures.collect::<Result<_, _>>().unwrap()
    }

    #[test]
    fn a_goal_is_missed_on_the_wrong_side_of_it_alone() {
        let [events, memory, jobs] = <[Figure; 3]>::try_from(figures()).unwrap();
        assert!(events.is_missed() && !memory.is_missed() && !jobs.is_missed());
        let more = Figure {
            ratio: 1.01,
            ..memory
        };
        let enough = Figure {
            ratio: 0.7,
            ..events
        };
        assert!(more.is_missed() && !enough.is_missed());
    }

    #[test]
    fn the_table_has_a_line_for_each_figure() {
        let expected = "\
what                   database            ours          limit  ratio                  goal     p50     p99
usage events, single   SQLite      650 events/s  1000 events/s   0.65  at least 0.70 MISSED  3.2 ms  9.5 ms
payphone, memory idle  PostgreSQL       30.2 MB        40.0 MB   0.76          at most 1.00
jobs                   SQLite       5.12 jobs/s    50.0 jobs/s   0.10";
        assert_eq!(table(&figures()), expected);
    }
}
