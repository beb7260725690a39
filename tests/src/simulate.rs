//! Seeded simulation: several processes of the control plane on one database, with one AWS that fails, people that come and
//! go, clocks that are wrong, and a scheduler that decides every step by a number. What it decides is repeated by the same number.
//!
//! What repeats: every decision, every answer and every row, because one task runs at a time, from one call of a port to the next, and
//! transactions follow each other on one connection. What is not played here: two transactions at the same moment, and the database's own
//! failures; `tests/jobs/leases.rs`, `postgres_stops.rs` and the walk play those on the real thing.
//!
//! Safety: faults never stop, and nothing wrong may ever be seen. Liveness: they stop, and then everything has to come to rest.

mod calm;
mod choose;
mod desk;
mod ended;
mod judges;
mod people;
mod plan;
mod process;
mod stage;
mod tills;
mod trace;
mod truth;
mod wire;
mod work;
mod world;

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use world::World;

/// How many steps a world lives through.
const STEPS: usize = 100;
/// How often it is judged on the way, in steps.
const JUDGED: usize = 33;
/// After so many failing seeds nobody learns more from another one.
const ENOUGH: usize = 5;

/// What is to be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Faults for ever: nothing wrong may happen.
    Safety,
    /// Faults stop: everything comes to rest, where it belongs.
    Liveness,
}

impl Mode {
    /// The word on the command line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Safety => "safety",
            Self::Liveness => "liveness",
        }
    }
}

/// One run that came out right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Run {
    /// How many steps it took.
    pub steps: usize,
    /// Of everything that was decided and answered: two runs of a seed have the same.
    pub trace: u64,
}

/// One that did not.
#[derive(Debug, Clone)]
pub struct Failure {
    /// The seed.
    pub seed: u64,
    /// The mode.
    pub mode: Mode,
    /// What is wrong, and where; with the last decisions if they are known.
    pub story: String,
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (seed, mode) = (self.seed, self.mode.as_str());
        write!(
            f,
            "seed {seed} in {mode} mode:\n{}\nagain, with every decision: cargo xtask simulate --seeds 1 --from {seed} --mode {mode}",
            self.story
        )
    }
}

/// What many seeds came to.
#[derive(Debug, Default)]
pub struct Report {
    /// Runs that came out right.
    pub runs: u64,
    /// Their steps.
    pub steps: u64,
    /// How long it took.
    pub took: Duration,
    /// Those that did not come out right.
    pub failures: Vec<Failure>,
}

/// Runs one seed in one mode, on a runtime of its own.
///
/// # Errors
/// What went wrong, with the last decisions.
pub fn run(seed: u64, mode: Mode, every_line: bool) -> Result<Run, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let lived = catch_unwind(AssertUnwindSafe(|| {
        runtime.block_on(live(seed, mode, every_line))
    }));
    lived.unwrap_or_else(|payload| {
        let text = payload.downcast_ref::<String>().cloned();
        let text = text.or_else(|| {
            payload
                .downcast_ref::<&str>()
                .map(|text| (*text).to_owned())
        });
        let story = format!("a panic: {}", text.unwrap_or_default());
        Err(Failure { seed, mode, story })
    })
}

async fn live(seed: u64, mode: Mode, every_line: bool) -> Result<Run, Failure> {
    let mut world = World::of(seed, mode, &choose::usual(), every_line).await;
    let known = world.below(3);
    world.sets_up(known).await;
    world.somebody_buys();
    for step in 1..=STEPS {
        world.step().await;
        if step % JUDGED == 0 {
            let wrong = world.judged().await;
            told(&world, wrong)?;
        }
    }
    let wrong = match mode {
        Mode::Safety => world.judged_trail().await,
        Mode::Liveness => world.calms_down().await,
    };
    told(&world, wrong)?;
    let run = Run {
        steps: world.trace.step,
        trace: world.trace.hash(),
    };
    world.ends().await;
    Ok(run)
}

fn told(world: &World, wrong: Vec<String>) -> Result<(), Failure> {
    if wrong.is_empty() {
        return Ok(());
    }
    let story = format!(
        "the last decisions:\n{}\nat step {}:\n{}",
        world.trace.last().join("\n"),
        world.trace.step,
        wrong.join("\n")
    );
    let (seed, mode) = (world.seed, world.mode);
    Err(Failure { seed, mode, story })
}

/// Runs seeds one after the other on so many threads; `progress` hears of each.
///
/// # Panics
/// Never of a seed's own: those are in the report.
pub fn run_all(
    from: u64,
    seeds: u64,
    modes: &[Mode],
    threads: usize,
    progress: impl Fn(u64, &Result<Run, Failure>) + Sync,
) -> Report {
    let begun = Instant::now();
    let next = AtomicU64::new(0);
    let report = Mutex::new(Report::default());
    let lock = || report.lock().unwrap_or_else(PoisonError::into_inner);
    let every_line = seeds == 1;
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let number = next.fetch_add(1, Ordering::SeqCst);
                    if number >= seeds || lock().failures.len() >= ENOUGH {
                        return;
                    }
                    let seed = from.wrapping_add(number);
                    for mode in modes {
                        let run = run(seed, *mode, every_line);
                        progress(seed, &run);
                        let mut report = lock();
                        match run {
                            Ok(run) => {
                                report.runs += 1;
                                report.steps += run.steps as u64;
                            }
                            Err(failure) => report.failures.push(failure),
                        }
                    }
                }
            });
        }
    });
    let mut report = report.into_inner().unwrap_or_else(PoisonError::into_inner);
    report.took = begun.elapsed();
    report
}
