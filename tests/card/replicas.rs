//! Several replicas of the card plane on one database: the pool is filled to its size and no further, whoever dies or stalls.
//! On SQLite there is one process; there the same is asked of several that share its store.
#![expect(clippy::unwrap_used, reason = "what goes wrong here fails the test")]

use std::{sync::Arc, time::Duration};

use card::{
    app::App,
    key::{self, Pool, top_up},
    lease,
    store::{self, Store},
};
use domain::{ErrorKind, Mode, id::TenantId};
use testkit::database::on_postgres;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::card::{Place, app};

/// Another process on the same database.
async fn replica(place: &Place, of: &App) -> App {
    let store = if on_postgres() {
        Store::open(&place.database.url()).await.unwrap()
    } else {
        of.store.clone()
    };
    App {
        store,
        holder: lease::holder(&*of.ids),
        pool: Arc::new(Pool::default()),
        ..of.clone()
    }
}

async fn ready(app: &App) -> u64 {
    let tx = app.store.system_read().await.unwrap();
    store::key::pool_size(&tx, app.keys.bits).await.unwrap()
}

/// Polls until it holds; the bound is the test's, not the product's.
async fn until(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    let waiting = async {
        while !holds().await {
            tokio::task::yield_now().await;
        }
    };
    let in_time = tokio::time::timeout(Duration::from_mins(1), waiting).await;
    assert!(in_time.is_ok(), "{what}");
}

#[tokio::test(flavor = "multi_thread")]
async fn four_replicas_fill_the_pool_to_its_size_and_never_further() {
    let place = Place::new();
    let first = app(&place).await;
    let mut replicas = vec![first.clone()];
    for _ in 0..3 {
        replicas.push(replica(&place, &first).await);
    }
    let size = u64::from(first.keys.pool_size);
    let mut stops = Vec::new();
    let mut fillers = JoinSet::new();
    for app in &replicas {
        let stop = CancellationToken::new();
        fillers.spawn(key::fill(app.clone(), stop.clone()));
        stops.push(stop);
    }
    for round in 0..6 {
        until("the pool is full", async || {
            let now = ready(&first).await;
            assert!(now <= size, "{now} keys");
            now == size
        })
        .await;
        // Whoever has the lease may be any of them; one is told to stop in each round but the last two.
        if let Some(stop) = stops.get(round).filter(|_| round < 3) {
            stop.cancel();
        }
        let tenant = TenantId::make(&*first.ids);
        let asker = &replicas[round % replicas.len()];
        key::ensure(asker, tenant, Mode::Live, &key::Origin::default())
            .await
            .unwrap();
    }
    for stop in stops {
        stop.cancel();
    }
    fillers.join_all().await;
    assert!(ready(&first).await <= size);
}

/// who stalled while a key was made, and lost the turn meanwhile, adds nothing.
#[tokio::test(flavor = "multi_thread")]
async fn a_key_made_in_a_turn_that_was_lost_is_thrown_away() {
    let place = Place::new();
    let (a, b) = {
        let a = app(&place).await;
        let b = replica(&place, &a).await;
        (a, b)
    };
    let stalled = lease::take(&a, None).await.unwrap().unwrap();
    assert_eq!(lease::take(&b, None).await.unwrap(), None);
    assert_eq!(lease::take(&a, Some(stalled)).await.unwrap(), Some(stalled));
    place
        .database
        .write("UPDATE leases SET until = 1 WHERE until > 0")
        .await;
    let taken = lease::take(&b, None).await.unwrap().unwrap();
    let error = top_up(&a, stalled).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.code()),
        (ErrorKind::Unavailable, "lease_lost")
    );
    assert_eq!(ready(&a).await, 0);
    assert_eq!(lease::take(&a, Some(stalled)).await.unwrap(), None);
    assert!(top_up(&b, taken).await.unwrap());
    assert_eq!(ready(&a).await, 1);
}

/// Nothing inside the process tells of another one's key: the table is looked at each second.
#[tokio::test(flavor = "multi_thread")]
async fn who_waits_gets_the_key_that_another_replica_made() {
    let place = Place::new();
    let asked = app(&place).await;
    let maker = replica(&place, &asked).await;
    let tenant = TenantId::make(&*asked.ids);
    let mut waiting = JoinSet::new();
    waiting.spawn({
        let asked = asked.clone();
        async move { key::ensure(&asked, tenant, Mode::Live, &key::Origin::default()).await }
    });
    let lease = lease::take(&maker, None).await.unwrap().unwrap();
    assert!(top_up(&maker, lease).await.unwrap());
    // Less than the asker would wait in production, where nobody asks again by themselves.
    let given = tokio::time::timeout(Duration::from_secs(5), waiting.join_next()).await;
    let given = given.unwrap().unwrap().unwrap();
    assert_eq!(given.unwrap().bits, 2048);
}
