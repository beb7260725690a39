//! What `cargo xtask bench` measures inside of one process. Without it the counts are tiny: that each measurement still measures, not how
//! fast anything is.

use testkit::bench::{Engine, Figure, Goal, Size, claims, registrations, report, usage};

fn is_measured(figure: &Figure) {
    assert!(figure.ours > 0.0 && figure.limit > 0.0, "{figure:?}");
    assert!(figure.ratio().is_finite(), "{figure:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bench_usage() {
    for engine in Engine::ALL {
        let figures = usage::measure(engine, &Size::asked_for()).await;
        report(&figures);
        let goals = figures.each_ref().map(|figure| figure.goal);
        assert_eq!(goals, [0.7, 0.7, 0.5].map(Goal::AtLeast));
        for figure in &figures {
            is_measured(figure);
            let [half, most] = figure.latency.unwrap();
            assert!(half <= most && half.as_nanos() > 0, "{figure:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bench_registrations() {
    for engine in Engine::ALL {
        let figure = registrations::measure(engine, &Size::asked_for()).await;
        report([&figure]);
        is_measured(&figure);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bench_jobs() {
    for engine in Engine::ALL {
        let figure = claims::measure(engine, &Size::asked_for()).await;
        report([&figure]);
        is_measured(&figure);
    }
}
