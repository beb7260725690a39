//! Several replicas at once: each piece of background work by one of them at a time, and nothing by one whose time is over
//!

use std::{cell::Cell, sync::Arc};

use control::{
    App, Cx,
    cx::About,
    inbox,
    lease::{self, Lease, Turn},
    licence, mail, metering, registration, user,
};
use domain::{Error, policy::Action};
use futures_util::future::join_all;
use testkit::{Buyer, TestApp, database::on_postgres};

/// The time of every lease is over, by the database's clock.
pub(crate) async fn time_is_over(t: &TestApp) {
    t.break_database("UPDATE leases SET until = 1 WHERE until > 0")
        .await;
}

pub(crate) async fn take(app: &App) -> Option<Lease> {
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

    /// A round of everything whose turn it is, side by side as the loops are; answers whether anything was refused because the turn was
    /// over.
    async fn round(&mut self) -> bool {
        let base = Cx::system(Arc::clone(&self.app), "work");
        let turns = self.turns.iter_mut().enumerate();
        let working = turns.map(|(number, turn)| {
            let base = &base;
            async move {
                let mut lost = false;
                // Whoever does not have it asks again while the other is at it.
                for _ in 0..3 {
                    if let Some(cx) = turn.take(base).await.unwrap() {
                        let done = work(number, &cx).await;
                        lost |= done.is_err_and(|error| error.code() == "lease_lost");
                    }
                }
                lost
            }
        });
        join_all(working).await.contains(&true)
    }
}

async fn work(number: usize, cx: &Cx) -> Result<(), Error> {
    let mut pace = metering::Pace::new(1_000_000);
    match number {
        0 => inbox::apply_all(cx).await,
        1 => registration::reconcile_all(cx).await,
        2 => user::reconcile_all(cx).await,
        3 => mail::send_all(cx).await.map(drop),
        4 => {
            let priced = licence::reconcile_pricing(cx).await;
            priced.and(metering::seal_all(cx).await.map(drop))
        }
        _ => metering::send_all(cx, &mut pace).await.map(drop),
    }
}

/// So much time passes, for the processes and for their leases.
async fn time_passes(t: &TestApp, by: chrono::Duration) {
    t.clock.advance_real(by);
    let ms = by.num_milliseconds();
    t.break_database(&format!(
        "UPDATE leases SET until = until - {ms} WHERE until > 0"
    ))
    .await;
}

/// four replicas at once, whose leases run out in the middle of what they do: each purchase becomes one tenant with one key pair,
/// one account and one first mail, each invitation is mailed once, and each unit is billed once.
#[tokio::test]
async fn replicas_that_race_do_everything_once() {
    race(4).await;
}

/// The same with two.
#[tokio::test]
async fn two_replicas_that_race_do_everything_once() {
    race(2).await;
}

async fn race(replicas: usize) {
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
    let mut workers: Vec<_> = (0..replicas).map(|_| Worker::of(t.replica())).collect();
    let mut lost = 0;
    for round in 0..50 {
        let passing = if round < 30 {
            Passing::Always
        } else {
            Passing::Never
        };
        lost += round_of(&t, &mut workers, passing).await;
        // What was given up in the middle is looked at again later, by real time: at most ten minutes.
        time_passes(&t, chrono::Duration::minutes(10)).await;
    }
    for buyer in &buyers {
        assert!(buyer.is_ready().await, "{}", buyer.name);
        let mailed = t.identity.invitations(&buyer.email()).len();
        assert_eq!(mailed, 1, "{}", buyer.name);
    }
    assert_eq!(t.identity.accounts(), BUYERS);
    assert_eq!(t.card_plane.keys_made(), BUYERS);
    assert_eq!(
        t.count("memberships", "role = 'owner'").await,
        i64::try_from(BUYERS).unwrap()
    );

    let invited = |buyer: &Buyer<'_>| format!("helper@{}.example", buyer.name);
    let mut tills = Vec::new();
    for buyer in &buyers {
        buyer.signs_in().await;
        tills.push(buyer.till().await);
        let body = serde_json::json!({"email": invited(buyer), "role": "agent"});
        let _ = buyer
            .browser
            .post("/api/v1/invitations", &body)
            .await
            .expect(201);
    }
    for _ in 0..10 {
        lost += round_of(&t, &mut workers, Passing::Once).await;
        time_passes(&t, chrono::Duration::seconds(61)).await;
    }
    for (buyer, till) in buyers.iter().zip(&tills) {
        till.sends(&buyer.usage("one", 7)).await;
    }
    t.clock.advance(chrono::Duration::minutes(70));
    let mut lost_over_units = 0;
    for round in 0..30 {
        let passing = if round < 20 {
            Passing::Always
        } else {
            Passing::Never
        };
        lost_over_units += round_of(&t, &mut workers, passing).await;
        time_passes(&t, chrono::Duration::seconds(61)).await;
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
        assert_eq!(
            t.mailer.mails_to(&invited(buyer)).len(),
            1,
            "{}",
            buyer.name
        );
    }
    assert!(
        lost > 0 && lost_over_units > 0,
        "no lease was ever lost in the middle of something: {lost} and {lost_over_units}"
    );
    println!(
        "{replicas} replicas: {lost} rounds over purchases and mails, and {lost_over_units} over units, were ended by a lease that was lost"
    );
}

/// How time goes on while everybody is at work.
#[derive(Clone, Copy)]
enum Passing {
    /// On and on, so that leases are lost in the middle of things. What was done and could not be noted is found done by the next; a mail
    /// would go out again.
    Always,
    /// By a little more than half of what a lease lasts.
    Once,
    Never,
}

/// A round of all of them at once; answers how many lost a lease.
async fn round_of(t: &TestApp, workers: &mut [Worker], passing: Passing) -> usize {
    let over = Cell::new(false);
    let working = async {
        let lost = join_all(workers.iter_mut().map(Worker::round)).await;
        over.set(true);
        lost
    };
    let passes = async {
        while !over.get() && !matches!(passing, Passing::Never) {
            time_passes(t, chrono::Duration::milliseconds(3100)).await;
            if matches!(passing, Passing::Once) {
                break;
            }
        }
    };
    let (lost, ()) = tokio::join!(working, passes);
    lost.into_iter().filter(|lost| *lost).count()
}
