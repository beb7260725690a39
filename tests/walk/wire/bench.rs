//! What `cargo xtask bench` measures of the programs as they are shipped: how soon they are ready and how much memory they hold, on both
//! databases. Without it the counts are tiny, and the programs those of a debug build: that it still measures.

use std::{
    fs, thread,
    time::{Duration, Instant},
};

use testkit::{
    bench::{Engine, Figure, Goal, Size, median, report},
    postgres::Cluster,
};
use walk::World;
use xtask::stand::{Proc, Wrapping, eventually, looking};

/// What a process may hold when nobody asks it anything.
const MEMORY_MB: f64 = 40.0;
/// How soon after its start a process may be asked.
const READY_SECONDS: f64 = 0.3;
/// Longer than any start takes.
const PATIENCE: Duration = Duration::from_mins(1);
/// What nobody asks anything for, before memory counts as idle.
const IDLE: Duration = Duration::from_secs(5);
const SERVICES: [Proc; 2] = [Proc::Card, Proc::Control];

#[test]
fn bench_programs() {
    let size = Size::asked_for();
    for engine in Engine::ALL {
        let cluster = (engine == Engine::Postgres).then(|| Cluster::start(true));
        let world = World::start_on(2048, Wrapping::File, cluster, false);
        let figures = SERVICES.map(|proc| starts(&world, engine, proc, size.starts));
        report(&figures);
        wait();
        let idle = SERVICES.map(|proc| memory(&world, engine, proc, "idle", Goal::Within));
        report(&idle);
        let requests = size.starts * 200;
        asks(&world, requests);
        wait();
        let what = format!("after {requests} requests");
        let after = memory(&world, engine, Proc::Control, &what, Goal::None);
        report([&after]);
        for figure in figures.iter().chain(&idle).chain([&after]) {
            assert!(
                figure.ours > 0.0 && figure.ratio().is_finite(),
                "{figure:?}"
            );
        }
    }
}

/// Kills and starts it so many times; the median time from the start until it says that it is ready.
fn starts(world: &World, engine: Engine, proc: Proc, count: usize) -> Figure {
    let took = (0..count).map(|_| {
        world.stand.kill9(proc).expect("kill -9");
        let begun = Instant::now();
        world.stand.start(proc).expect("a new start");
        let ready = || world.stand.is_ready(proc).then(|| begun.elapsed());
        let took = looking(Duration::from_millis(1), PATIENCE, ready);
        took.expect("it becomes ready").as_secs_f64()
    });
    Figure {
        name: format!("{}, start to ready", proc.binary()),
        engine,
        unit: "s",
        ours: median(took.collect()),
        limit: READY_SECONDS,
        goal: Goal::Within,
        latency: None,
    }
}

/// The resident set (proc(5), `smaps_rollup`), shared pages and all.
fn memory(world: &World, engine: Engine, proc: Proc, when: &str, goal: Goal) -> Figure {
    let id = world.stand.pid(proc).expect("it runs");
    let text = fs::read_to_string(format!("/proc/{id}/smaps_rollup")).expect("its memory");
    let line = text.lines().find_map(|line| line.strip_prefix("Rss:"));
    let kib = line.and_then(|line| line.trim().strip_suffix(" kB"));
    let kib: f64 = kib.and_then(|kib| kib.parse().ok()).expect("a size");
    Figure {
        name: format!("{}, memory {when}", proc.binary()),
        engine,
        unit: "MB",
        ours: kib * 1024.0 / 1e6,
        limit: MEMORY_MB,
        goal,
        latency: None,
    }
}

/// Eight at a time ask for pages and lists.
fn asks(world: &World, requests: usize) {
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                for _ in 0..requests / 16 {
                    let page = world.http.get(world.url("/")).send().expect("an answer");
                    assert!(page.text().is_ok());
                    let _ = world.operator("registrations");
                }
            });
        }
    });
}

fn wait() {
    let _ = eventually(IDLE, || None::<()>);
}
