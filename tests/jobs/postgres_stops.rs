//! PostgreSQL ends hard under load and comes back: what was acknowledged is there, what was not can be sent again, and nothing needs
//! to be started anew.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use futures_util::future::join_all;
use testkit::{
    ApiKey, Buyer, Options, TestApp,
    count::count,
    database::{TestDatabase, on_postgres},
    postgres::Cluster,
    server::Doors,
};
use tokio::sync::Notify;

pub(crate) const SENDERS: usize = 4;
/// Events between two stops, at least.
pub(crate) const BETWEEN: usize = 40;
/// The checklist's bound, from the moment PostgreSQL accepts again.
pub(crate) const HEALTHY: Duration = Duration::from_secs(5);

/// Three, or what the long form asks for: `PAYPHONE_POSTGRES_STOPS=50`.
fn how_many() -> usize {
    count("PAYPHONE_POSTGRES_STOPS", 3)
}

/// What the senders have done so far.
#[derive(Default)]
pub(crate) struct Progress {
    acknowledged: AtomicUsize,
    pub(crate) refused: AtomicUsize,
    more: Notify,
}

impl Progress {
    /// Waits until that many more are acknowledged.
    pub(crate) async fn another(&self, events: usize) {
        let enough = self.acknowledged.load(Ordering::SeqCst) + events;
        while self.acknowledged.load(Ordering::SeqCst) < enough {
            self.more.notified().await;
        }
    }
}

/// Sends events one by one until told to stop, each until it is acknowledged; answers their ids.
pub(crate) async fn sends(
    number: usize,
    (acme, till): (&Buyer<'_>, &ApiKey),
    progress: &Progress,
    over: &AtomicUsize,
) -> Vec<String> {
    let mut acknowledged = Vec::new();
    while over.load(Ordering::SeqCst) == 0 {
        let id = format!("sender-{number}-{}", acknowledged.len());
        let event = acme.usage(&id, 1);
        loop {
            let answer = till.sends_all(std::slice::from_ref(&event)).await;
            if answer.status == 200 {
                let status = answer.items()[0]["status"].clone();
                // The answer may have been lost with the server after the commit.
                assert!(status == "accepted" || status == "duplicate", "{status}");
                break;
            }
            let answer = answer.expect_problem(503, "unavailable");
            assert_ne!(answer.header("retry-after"), "");
            progress.refused.fetch_add(1, Ordering::SeqCst);
        }
        acknowledged.push(id);
        progress.acknowledged.fetch_add(1, Ordering::SeqCst);
        progress.more.notify_one();
    }
    acknowledged
}

/// A service on this database that takes as many requests as come.
pub(crate) async fn without_limits(database: TestDatabase) -> TestApp {
    let options = Options {
        doors: Doors::without_limits(),
        ..Options::default()
    };
    TestApp::on(database, tempfile::tempdir().unwrap(), options).await
}

/// Ends the server and starts it again, while the senders go on.
async fn stops(cluster: &Arc<Cluster>, progress: &Progress, over: &AtomicUsize) {
    for _ in 0..how_many() {
        progress.another(BETWEEN).await;
        let stopped = Arc::clone(cluster);
        tokio::task::spawn_blocking(move || {
            stopped.stop_hard();
            stopped.up();
        })
        .await
        .unwrap();
        let back = Instant::now();
        progress.another(BETWEEN).await;
        assert!(
            back.elapsed() < HEALTHY,
            "{:.2} of the bound",
            back.elapsed().as_secs_f64() / HEALTHY.as_secs_f64()
        );
    }
    over.store(1, Ordering::SeqCst);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hard_stops_lose_nothing_that_was_acknowledged() {
    if !on_postgres() {
        return;
    }
    let (database, cluster) = TestDatabase::apart();
    let t = without_limits(database).await;
    let acme = t.tenant("acme").await;
    let till = acme.till().await;
    let (progress, over) = (Progress::default(), AtomicUsize::new(0));
    let sending = (0..SENDERS).map(|number| sends(number, (&acme, &till), &progress, &over));
    let (sent, ()) = tokio::join!(join_all(sending), stops(&cluster, &progress, &over));
    let sent = sent.concat();
    t.looks_anew().await;
    let kept = t.rows("SELECT event_id FROM usage_events").await.concat();
    let lost: Vec<_> = sent.iter().filter(|id| !kept.contains(id)).collect();
    assert_eq!(lost, Vec::<&String>::new());
    assert_eq!(kept.len(), sent.len(), "each once");
    let units = t.number("SELECT sum(quantity) FROM metering_records").await;
    assert_eq!(units, i64::try_from(sent.len()).unwrap());
    println!(
        "{} hard stops, {} events acknowledged, {} times told to come again, 0 lost",
        how_many(),
        sent.len(),
        progress.refused.load(Ordering::SeqCst)
    );
}

/// R-12, as far as one server can play it: it becomes read only under open connections, as a demoted one does, which go on answering.
/// No connection is stuck with it, nobody is told of a defect, and once there is a writer the very next request is taken.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_may_not_write_any_more_is_left() {
    if !on_postgres() {
        return;
    }
    let (database, _cluster) = TestDatabase::apart();
    let folder = tempfile::tempdir().unwrap();
    let t = TestApp::on(database, folder, Options::default()).await;
    let acme = t.tenant("acme").await;
    let till = acme.till().await;
    let mut number = 0;
    let mut sends = async || {
        number += 1;
        let event = acme.usage(&number.to_string(), 1);
        till.sends_all(&[event]).await
    };
    let is = async |what: &str| {
        let set = format!("ALTER SYSTEM SET default_transaction_read_only = {what}");
        t.break_database(&set).await;
        t.break_database("SELECT pg_reload_conf()").await;
    };
    let _ = sends().await.expect(200);
    for _ in 0..3 {
        is("on").await;
        // The server tells its connections by and by: a request that got in before that was taken in time.
        let refused = loop {
            let answer = sends().await;
            if answer.status != 200 {
                break answer;
            }
        };
        let refused = refused.expect_problem(503, "unavailable");
        assert_ne!(refused.header("retry-after"), "");
        is("off").await;
        let back = loop {
            let answer = sends().await;
            if answer.status == 200 {
                break answer;
            }
            let _ = answer.expect_problem(503, "unavailable");
        };
        assert_eq!(back.items()[0]["status"], "accepted");
    }
    assert_eq!(
        t.count("usage_events", "true").await,
        t.number("SELECT sum(quantity) FROM metering_records").await
    );
}

/// The same under load and many times, because it matters at which moment of a request the server turns: between the look at its
/// connection and its first statement too. Nobody is told of a defect, and nothing that was acknowledged is lost.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_may_turn_read_only_at_any_moment() {
    if !on_postgres() {
        return;
    }
    let (database, _cluster) = TestDatabase::apart();
    let t = without_limits(database).await;
    let acme = t.tenant("acme").await;
    let till = acme.till().await;
    let (progress, over) = (Progress::default(), AtomicUsize::new(0));
    let sending = (0..SENDERS).map(|number| sends(number, (&acme, &till), &progress, &over));
    let turns = async {
        for _ in 0..count("PAYPHONE_READ_ONLY_TURNS", 100) {
            // No longer than a change waits for a writer, so that it may be taken after all.
            for what in ["on", "off"] {
                let set = format!("ALTER SYSTEM SET default_transaction_read_only = {what}");
                t.break_database(&set).await;
                t.break_database("SELECT pg_reload_conf()").await;
            }
            progress.another(2).await;
        }
        over.store(1, Ordering::SeqCst);
    };
    let (sent, ()) = tokio::join!(join_all(sending), turns);
    let sent = sent.concat();
    let kept = t.rows("SELECT event_id FROM usage_events").await.concat();
    let lost: Vec<_> = sent.iter().filter(|id| !kept.contains(id)).collect();
    assert_eq!(lost, Vec::<&String>::new());
    assert_eq!(kept.len(), sent.len(), "each once");
}
