//! What `cargo xtask bench` measures of the control plane: the real routes and loops on a real database that writes as production does,
//! each beside its limit, which is what the same database does with the same rows when nobody asks anything.
//! Invariant: both are measured in the same run, round about, so that whatever else the machine does meets both.

pub mod claims;
mod raw;
pub mod registrations;
pub mod usage;

use std::{
    fs::OpenOptions,
    io::Write,
    sync::Arc,
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::{
    Options, TestApp,
    database::{Plane, TestDatabase},
    postgres::Cluster,
    server::Doors,
};

/// Which database a figure is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// A file: WAL, synchronous FULL.
    Sqlite,
    /// A cluster of its own, fsync on.
    Postgres,
}

impl Engine {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Sqlite, Self::Postgres];

    /// As it is printed.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
        }
    }
}

/// How much is measured.
#[derive(Debug, Clone, Copy)]
pub struct Size {
    /// How many rounds of ours and of the limit, in turn; the median of each counts.
    pub rounds: usize,
    /// How many senders at the same time, and how many raw connections.
    pub senders: usize,
    /// Requests of one event, by each sender in a round.
    pub singles: usize,
    /// Requests of a hundred events, by each sender in a round.
    pub batches: usize,
    /// Buyers who arrive in a round.
    pub buyers: usize,
    /// Jobs that are due in a round.
    pub jobs: usize,
    /// How often each program is started.
    pub starts: usize,
    /// How often each page is asked for.
    pub pages: usize,
}

impl Size {
    /// What the figures in the documents were measured with.
    pub const FULL: Self = Self {
        rounds: 5,
        senders: 8,
        singles: 200,
        batches: 20,
        buyers: 40,
        jobs: 500,
        starts: 10,
        pages: 200,
    };
    /// Half a minute altogether.
    pub const QUICK: Self = Self {
        rounds: 3,
        senders: 8,
        singles: 40,
        batches: 4,
        buyers: 10,
        jobs: 100,
        starts: 3,
        pages: 50,
    };
    /// Whether it works at all.
    const TINY: Self = Self {
        rounds: 1,
        senders: 2,
        singles: 2,
        batches: 1,
        buyers: 2,
        jobs: 3,
        starts: 1,
        pages: 2,
    };

    /// What `PAYPHONE_BENCH_SIZE` asks for (`full`, `quick`), or else the least.
    ///
    /// # Panics
    /// If it asks for something else.
    #[expect(
        clippy::disallowed_methods,
        reason = "the tool that calls this suite says how much is measured"
    )]
    pub fn asked_for() -> Self {
        match std::env::var("PAYPHONE_BENCH_SIZE").as_deref() {
            Err(_) => Self::TINY,
            Ok("full") => Self::FULL,
            Ok("quick") => Self::QUICK,
            Ok(other) => panic!("no such size: {other}"),
        }
    }
}

/// What a ratio has to be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Goal {
    /// Nothing is asked for.
    None,
    /// So much of the limit, or more.
    AtLeast(f64),
    /// The limit itself, or less.
    Within,
}

/// One line of the table: what was measured, beside its limit.
#[derive(Debug, Clone)]
pub struct Figure {
    /// What, in a few words.
    pub name: String,
    /// On which database.
    pub engine: Engine,
    /// In what, such as `events/s`.
    pub unit: &'static str,
    /// The median of what we came to.
    pub ours: f64,
    /// The median of the raw rounds, or what it may be at most.
    pub limit: f64,
    /// What their ratio has to be.
    pub goal: Goal,
    /// How long one of ours took at the median and at the 99th percentile, where somebody waits for it.
    pub latency: Option<[Duration; 2]>,
}

impl Figure {
    /// Ours by the limit.
    pub fn ratio(&self) -> f64 {
        self.ours / self.limit
    }

    /// As `cargo xtask bench` reads it: latencies in milliseconds, `least` and `most` of the ratio or null.
    pub fn json(&self) -> Value {
        let (least, most) = match self.goal {
            Goal::None => (None, None),
            Goal::AtLeast(ratio) => (Some(ratio), None),
            Goal::Within => (None, Some(1.0)),
        };
        let ms = |at: usize| self.latency.map(|both| both[at].as_secs_f64() * 1e3);
        json!({
            "name": self.name, "database": self.engine.name(), "unit": self.unit,
            "ours": self.ours, "limit": self.limit, "ratio": self.ratio(),
            "least": least, "most": most, "p50Ms": ms(0), "p99Ms": ms(1),
        })
    }
}

/// Adds figures to the file that `PAYPHONE_BENCH_FIGURES` names, a line of JSON each.
///
/// # Panics
/// If it cannot be written.
pub fn report<'a>(figures: impl IntoIterator<Item = &'a Figure>) {
    let Some(file) = std::env::var_os("PAYPHONE_BENCH_FIGURES") else {
        return;
    };
    let lines = figures
        .into_iter()
        .map(|figure| format!("{}\n", figure.json()));
    let lines = lines.collect::<String>();
    let file = OpenOptions::new().append(true).create(true).open(file);
    file.and_then(|mut file| file.write_all(lines.as_bytes()))
        .expect("the figures are kept");
}

/// Rates of both sides, a round each in turn.
#[derive(Debug, Default)]
struct Rounds {
    ours: Vec<f64>,
    limit: Vec<f64>,
    latencies: Vec<Duration>,
}

impl Rounds {
    fn figure(
        mut self,
        name: &'static str,
        engine: Engine,
        unit: &'static str,
        goal: Goal,
    ) -> Figure {
        self.latencies.sort();
        let at = |percent| percentile(&self.latencies, percent);
        Figure {
            name: name.to_owned(),
            engine,
            unit,
            ours: median(self.ours),
            limit: median(self.limit),
            goal,
            latency: at(50).zip(at(99)).map(|(half, most)| [half, most]),
        }
    }
}

/// The value that so many of a hundred do not exceed; none of nothing. They come sorted.
pub fn percentile(sorted: &[Duration], percent: usize) -> Option<Duration> {
    let last = sorted.len().checked_sub(1)?;
    sorted.get(last * percent / 100).copied()
}

/// The middle one, or the lower of the two in the middle.
///
/// # Panics
/// If there is none.
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[(values.len() - 1) / 2]
}

/// Counts are far below what a float can hold exactly.
#[expect(clippy::cast_precision_loss, reason = "counts are small")]
fn a_second(count: usize, since: Instant) -> f64 {
    count as f64 / since.elapsed().as_secs_f64()
}

/// A control plane on a database that writes as production does. The cluster goes with the second.
async fn start(engine: Engine) -> (TestApp, Option<Arc<Cluster>>) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (database, cluster) = match engine {
        Engine::Sqlite => (TestDatabase::file_in(Plane::Control, folder.path()), None),
        Engine::Postgres => {
            let (database, cluster) = TestDatabase::apart();
            (database, Some(cluster))
        }
    };
    let options = Options {
        doors: Doors::without_limits(),
        ..Options::default()
    };
    (TestApp::on(database, folder, options).await, cluster)
}

/// Runs everything at the same time, off this thread, whose log is captured; answers all answers, in
/// the order in which they came.
async fn together<T: Send + 'static>(
    all: impl IntoIterator<Item = impl Future<Output = T> + Send + 'static>,
) -> Vec<T> {
    all.into_iter().collect::<JoinSet<T>>().join_all().await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_a_value_that_was_measured() {
        assert!((median(vec![3.0, 1.0, 2.0]) - 2.0).abs() < f64::EPSILON);
        assert!((median(vec![4.0, 1.0, 2.0, 3.0]) - 2.0).abs() < f64::EPSILON);
    }

    #[test]
    fn a_figure_has_the_ratio_and_the_latencies_of_its_rounds() {
        let rounds = Rounds {
            ours: vec![50.0],
            limit: vec![100.0],
            latencies: (1..=100).map(Duration::from_millis).collect(),
        };
        let figure = rounds.figure("x", Engine::Sqlite, "events/s", Goal::AtLeast(0.7));
        assert!((figure.ratio() - 0.5).abs() < f64::EPSILON);
        let expected = [50, 99].map(Duration::from_millis);
        assert_eq!(figure.latency, Some(expected));
        let json = figure.json();
        assert_eq!((&json["least"], &json["most"]), (&json!(0.7), &Value::Null));
        assert_eq!(
            (&json["p50Ms"], &json["database"]),
            (&json!(50.0), &json!("SQLite"))
        );
    }
}
