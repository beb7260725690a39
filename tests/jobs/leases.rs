//! Several replicas at once: each piece of background work by one of them at a time, and nothing by one whose time is over
//!

use std::sync::Arc;

use control::{
    App, Cx,
    cx::About,
    inbox,
    lease::{self, Lease, Turn},
    licence, mail, metering, registration, user,
};
use domain::{Error, policy::Action};
use futures_util::future::join_all;
use testkit::{TestApp, count::count, database::on_postgres};

/// The time of every lease is over, by the database's clock.
async fn time_is_over(t: &TestApp) {
    t.break_database("UPDATE leases SET until = 1 WHERE until > 0")
        .await;
}

async fn take(app: &App) -> Option<Lease> {
    lease::take(app, "work").await.unwrap()
}

#[tokio::test]
async fn one_has_it_until_its_time_is_over_or_it_is_given_back() {
    let t = TestApp::start().await;
    let (a, b) = (t.replica(), t.replica());
    let first = take(&a).await.unwrap();
    assert_eq!(take(&b).await, None);
    // The answer may have been lost with a connection; then the holder has it, and asks.
    let again = take(&a).await.unwrap();
    assert_eq!(again.token, first.token + 1);
    time_is_over(&t).await;
    // Nobody took it meanwhile, so it goes on.
    lease::prolong(&a).await.unwrap();
    assert_eq!(take(&b).await, None);
    time_is_over(&t).await;
    let second = take(&b).await.unwrap();
    assert!(second.token > again.token);
    // Its former holder cannot prolong it, nor give it back.
    let before = t.rows("SELECT holder, until FROM leases").await;
    lease::prolong(&a).await.unwrap();
    assert_eq!(t.rows("SELECT holder, until FROM leases").await, before);
    lease::prolong(&b).await.unwrap();
    let after = t.rows("SELECT holder FROM leases").await;
    assert_eq!(after, [[b.holder.clone()]]);
    if a.db.is_alone() {
        // Alone with its file, a process frees what the one before left.
        lease::release(&a).await.unwrap();
    } else {
        lease::release(&a).await.unwrap();
        assert_eq!(take(&a).await, None);
        lease::release(&b).await.unwrap();
    }
    assert!(take(&a).await.is_some());
}

/// A round may swallow that its lease was lost; the next one asks all the same, and takes it when the other is gone.
#[tokio::test]
async fn a_turn_that_was_lost_comes_again() {
    let t = TestApp::start().await;
    let (a, b) = (t.replica(), t.replica());
    let cx = Cx::system(Arc::clone(&a), "work");
    let mut turn = Turn::of("work");
    assert!(turn.take(&cx).await.unwrap().is_some());
    assert!(turn.take(&cx).await.unwrap().is_some());
    time_is_over(&t).await;
    assert!(take(&b).await.is_some());
    assert!(turn.take(&cx).await.unwrap().is_none());
    time_is_over(&t).await;
    let tenant = t.tenant("acme").await.ids().await.0;
    let cx = turn.take(&cx).await.unwrap().unwrap();
    let about = About::default();
    let tx = cx.write(Action::ProvisionTenant, tenant, about).await;
    tx.unwrap().commit().await.unwrap();
}

/// A change that is under way keeps others from taking the lease, and never its own process from prolonging it.
#[tokio::test]
async fn a_slow_change_does_not_hold_up_the_heartbeat() {
    if !on_postgres() {
        // One writer at a time: there is nothing to hold up.
        return;
    }
    let t = TestApp::start().await;
    let tenant = t.tenant("acme").await.ids().await.0;
    let (a, b) = (t.replica(), t.replica());
    let cx = Cx::system(Arc::clone(&a), "work").with_lease(take(&a).await.unwrap());
    let change = cx.write(Action::ProvisionTenant, tenant, About::default());
    let change = change.await.unwrap();
    lease::prolong(&a).await.unwrap();
    time_is_over(&t).await;
    // It waits as long as it waits for any lock, and gives up.
    let refused = lease::take(&b, "work").await.unwrap_err();
    assert_eq!(refused.code(), "unavailable");
    change.commit().await.unwrap();
    assert!(take(&b).await.is_some());
}

/// of four that ask at once one gets it, every time, and no turn has the token of another.
#[tokio::test]
async fn of_four_at_once_one_takes_it() {
    const ROUNDS: usize = 100;
    let t = TestApp::start().await;
    let replicas: Vec<_> = (0..4).map(|_| t.replica()).collect();
    let mut tokens = Vec::new();
    for _ in 0..ROUNDS {
        let asking = replicas.iter().map(|app| take(app));
        let taken: Vec<_> = join_all(asking).await.into_iter().flatten().collect();
        let [lease] = taken.as_slice() else {
            panic!("{} have it", taken.len());
        };
        tokens.push(lease.token);
        time_is_over(&t).await;
    }
    assert!(tokens.is_sorted_by(|a, b| a < b), "{tokens:?}");
}

/// what a process still writes that was stopped for longer than its lease is refused, through every door. Twenty times, or what
/// the long form asks for: `PAYPHONE_STALLED_WORKERS=100`.
#[tokio::test]
async fn a_stalled_workers_late_write_is_refused() {
    let times = count("PAYPHONE_STALLED_WORKERS", 20_i64);
    let t = TestApp::start().await;
    let tenant = t.tenant("acme").await.ids().await.0;
    let (a, b) = (t.replica(), t.replica());
    let cx = |app: &Arc<App>, lease| Cx::system(Arc::clone(app), "work").with_lease(lease);
    let write = async |cx: &Cx| -> Result<(), Error> {
        let about = About::default().detail("a late write");
        cx.write(Action::ProvisionTenant, tenant, about)
            .await?
            .commit()
            .await
    };
    for _ in 0..times {
        let stalled = cx(&a, take(&a).await.unwrap());
        write(&stalled).await.unwrap();
        time_is_over(&t).await;
        let now = cx(&b, take(&b).await.unwrap());
        let lines = t.count("audit_log", "true").await;
        assert_eq!(write(&stalled).await.unwrap_err().code(), "lease_lost");
        assert_eq!(t.count("audit_log", "true").await, lines);
        write(&now).await.unwrap();
        time_is_over(&t).await;
    }
    let late = "detail = 'a late write'";
    assert_eq!(t.count("audit_log", late).await, 2 * times);
}

/// One replica with its turns.
struct Worker {
    app: Arc<App>,
    turns: [Turn; 6],
}

impl Worker {
    fn of(app: Arc<App>) -> Self {
        let names = [
            "events",
            "registrations",
            "users",
            "mails",
            "sealing",
            "sending",
        ];
        Self {
            app,
            turns: names.map(Turn::of),
        }
    }

    /// A round of everything whose turn it is; answers whether anything was refused because the turn was over.
    async fn round(&mut self) -> bool {
        let base = Cx::system(Arc::clone(&self.app), "work");
        let mut lost = false;
        for (number, turn) in self.turns.iter_mut().enumerate() {
            let Some(cx) = turn.take(&base).await.unwrap() else {
                continue;
            };
            let mut pace = metering::Pace::new(1_000_000);
            let done = match number {
                0 => inbox::apply_all(&cx).await,
                1 => registration::reconcile_all(&cx).await,
                2 => user::reconcile_all(&cx).await,
                3 => mail::send_all(&cx).await.map(drop),
                4 => {
                    let priced = licence::reconcile_pricing(&cx).await;
                    priced.and(metering::seal_all(&cx).await.map(drop))
                }
                _ => metering::send_all(&cx, &mut pace).await.map(drop),
            };
            lost |= done.is_err_and(|error| error.code() == "lease_lost");
        }
        lost
    }
}

/// four replicas at once, whose leases run out in the middle of what they do: each purchase becomes one tenant with one key pair,
/// one account and one first mail, and each unit is billed once.
#[tokio::test]
async fn replicas_that_race_do_everything_once() {
    const BUYERS: usize = 6;
    let t = TestApp::start().await;
    let mut buyers = Vec::new();
    for number in 0..BUYERS {
        let buyer = t.buyer(&format!("buyer{number}"));
        buyer.is_confirmed();
        buyer.registers().await;
        buyer.completes(&buyer.email()).await;
        buyers.push(buyer);
    }
    while inbox::receive(&t.cx("inbox")).await.unwrap() > 0 {}
    let mut workers: Vec<_> = (0..4).map(|_| Worker::of(t.replica())).collect();
    let mut lost = 0;
    for round in 0..50 {
        let working = join_all(workers.iter_mut().map(Worker::round));
        let ends = async {
            if round < 30 {
                time_is_over(&t).await;
            }
        };
        let (refused, ()) = tokio::join!(working, ends);
        lost += refused.into_iter().filter(|lost| *lost).count();
        time_is_over(&t).await;
        // What was given up in the middle is looked at again later, by real time: at most ten minutes.
        t.clock.advance_real(chrono::Duration::minutes(10));
    }
    for buyer in &buyers {
        assert!(buyer.is_ready().await, "{}", buyer.name);
        assert_eq!(
            t.identity.invitations(&buyer.email()).len(),
            1,
            "{}",
            buyer.name
        );
    }
    assert_eq!(t.identity.accounts(), BUYERS);
    assert_eq!(t.card_plane.keys_made(), BUYERS);
    assert_eq!(
        t.count("memberships", "role = 'owner'").await,
        i64::try_from(BUYERS).unwrap()
    );

    for buyer in &buyers {
        buyer.signs_in().await;
        let till = buyer.till().await;
        till.sends(&buyer.usage("one", 7)).await;
    }
    t.clock.advance(chrono::Duration::minutes(70));
    for _ in 0..20 {
        let working = join_all(workers.iter_mut().map(Worker::round));
        let (refused, ()) = tokio::join!(working, time_is_over(&t));
        lost += refused.into_iter().filter(|lost| *lost).count();
        time_is_over(&t).await;
        t.clock.advance_real(chrono::Duration::seconds(61));
    }
    let open = "state IN ('open', 'sealed', 'sending') AND quantity > 0";
    assert_eq!(t.count("metering_records", open).await, 0);
    for buyer in &buyers {
        let records = buyer.records().await;
        let billed: i64 = records
            .iter()
            .filter(|record| record.3 == "accepted")
            .map(|record| record.2)
            .sum();
        assert_eq!(billed, 7, "{}: {records:?}", buyer.name);
    }
    println!("{lost} rounds were ended by a lease that was lost");
}
