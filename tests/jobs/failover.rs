//! a standby takes over under load while the old server stays up read only and goes on answering: the first change is taken within
//! the bound, no connection is stuck with the old one, and nothing that was acknowledged is lost.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Instant,
};

use futures_util::future::join_all;
use testkit::{
    count::count,
    database::{TestDatabase, on_postgres},
};

use crate::postgres_stops::{BETWEEN, HEALTHY, Progress, SENDERS, sends, without_limits};

/// Three, or what the long form asks for: `PAYPHONE_FAILOVERS=20`.
fn how_many() -> usize {
    count("PAYPHONE_FAILOVERS", 3)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_standby_takes_over_and_nothing_is_lost() {
    if !on_postgres() {
        return;
    }
    let (database, first) = TestDatabase::apart();
    let (database, line) = database.over_a_line().unwrap();
    let t = without_limits(database).await;
    let acme = t.tenant("acme").await;
    let till = acme.till().await;
    let (progress, over) = (Progress::default(), AtomicUsize::new(0));
    let sending = (0..SENDERS).map(|number| sends(number, (&acme, &till), &progress, &over));
    let failovers = async {
        // Those before stay up: nothing that still holds on to one may be let off by its end.
        let mut servers = vec![first];
        let mut slowest = 0.0_f64;
        for _ in 0..how_many() {
            let old = Arc::clone(servers.last().unwrap());
            let standby = tokio::task::spawn_blocking(move || Arc::new(old.standby()));
            let new = standby.await.unwrap();
            progress.another(BETWEEN).await;
            let (old, next) = (Arc::clone(servers.last().unwrap()), Arc::clone(&new));
            let promoted = tokio::task::spawn_blocking(move || {
                old.ask(
                    "postgres",
                    "ALTER SYSTEM SET default_transaction_read_only = on",
                );
                old.ask("postgres", "SELECT pg_reload_conf()");
                next.promote();
            });
            promoted.await.unwrap();
            line.lead_to(new.sockets());
            let began = Instant::now();
            progress.another(1).await;
            let share = began.elapsed().as_secs_f64() / HEALTHY.as_secs_f64();
            assert!(share < 1.0, "{share:.2} of the bound");
            slowest = slowest.max(share);
            progress.another(BETWEEN).await;
            servers.push(new);
        }
        over.store(1, Ordering::SeqCst);
        (servers, slowest)
    };
    let (sent, (servers, slowest)) = tokio::join!(join_all(sending), failovers);
    let sent = sent.concat();
    let last = servers.last().unwrap();
    let mut look = testkit::database::RawLook::at(&last.url("postgres", "payphone")).await;
    let kept = look
        .rows("SELECT event_id FROM usage_events")
        .await
        .concat();
    let missing: Vec<_> = sent.iter().filter(|id| !kept.contains(id)).collect();
    assert_eq!(missing, Vec::<&String>::new());
    assert_eq!(kept.len(), sent.len(), "each once");
    let units = look
        .number("SELECT sum(quantity) FROM metering_records")
        .await;
    assert_eq!(units, i64::try_from(sent.len()).unwrap());
    println!(
        "{} failovers, the first change after {slowest:.2} of the bound at worst, {} events acknowledged, {} times told to come again, 0 lost",
        how_many(),
        sent.len(),
        progress.refused.load(Ordering::SeqCst)
    );
}
