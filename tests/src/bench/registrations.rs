//! Registrations: from the posted token and the form until every step is done, events and accounts and all, by the loops that the
//! program runs; eight buyers at a time. Beside it the rows that this left, copied into tables of the same shape, a transaction each.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use control::work;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::{Engine, Figure, Goal, Rounds, Size, a_second, raw, start, together};
use crate::{Buyer, Client, TestApp};

/// What a registration leaves behind, and which rows of it are a tenant's.
const ROWS: [(&str, &str); 9] = [
    ("tenants", "id = $1"),
    ("licences", "tenant_id = $1"),
    ("registrations", "tenant_id = $1"),
    ("registration_steps", "tenant_id = $1"),
    ("public_keys", "tenant_id = $1"),
    ("memberships", "tenant_id = $1"),
    (
        "users",
        "id IN (SELECT user_id FROM memberships WHERE tenant_id = $1)",
    ),
    ("audit_log", "tenant_id = $1"),
    (
        "inbox",
        "license_key IN (SELECT license_key FROM licences WHERE tenant_id = $1)",
    ),
];

/// Longer than any round; one that does not end is a defect.
const PATIENCE: Duration = Duration::from_mins(2);

/// Measures it.
pub async fn measure(engine: Engine, size: &Size) -> Figure {
    let (t, _cluster) = start(engine).await;
    let raw = Arc::new(raw::Raw::open(t.database(), size.senders).await);
    let mut copies = Vec::new();
    for (table, condition) in ROWS {
        for sql in raw.copy_of(table).await {
            t.break_database(&sql).await;
        }
        copies.push(format!(
            "INSERT INTO raw_{table} SELECT * FROM {table} WHERE {condition}"
        ));
    }
    let copies = Arc::new(copies);
    let stop = CancellationToken::new();
    let mut loops = JoinSet::new();
    loops.spawn(work::receive_events(Arc::clone(t.app()), stop.clone()));
    loops.spawn(work::apply_events(Arc::clone(t.app()), stop.clone()));
    loops.spawn(work::provision(Arc::clone(t.app()), stop.clone()));
    loops.spawn(work::look_after_users(Arc::clone(t.app()), stop.clone()));
    loops.spawn(work::find_pricing(Arc::clone(t.app()), stop.clone()));
    loops.spawn(work::send_mail(Arc::clone(t.app()), stop.clone()));
    let mut rounds = Rounds::default();
    for round in 1..=size.rounds {
        let arrivals: Vec<Arrival> = (0..size.buyers)
            .map(|number| arrival(&t.buyer(&format!("buyer{round}x{number}"))))
            .collect();
        let mut turns: Vec<Vec<Arrival>> = (0..size.senders).map(|_| Vec::new()).collect();
        for (number, arrival) in arrivals.into_iter().enumerate() {
            turns[number % size.senders].push(arrival);
        }
        let begun = Instant::now();
        let took = together(turns.into_iter().map(set_up_all)).await;
        done(&t, size.buyers * round).await;
        rounds.ours.push(a_second(size.buyers, begun));
        rounds.latencies.extend(took.concat());
        let fresh = "SELECT id FROM tenants WHERE id NOT IN (SELECT id FROM raw_tenants)";
        let tenants = t.rows(fresh).await.concat();
        assert_eq!(tenants.len(), size.buyers);
        let begun = Instant::now();
        together((0..size.senders).map(|number| {
            let (raw, copies) = (Arc::clone(&raw), Arc::clone(&copies));
            let mine: Vec<String> = tenants
                .iter()
                .skip(number)
                .step_by(size.senders)
                .cloned()
                .collect();
            async move {
                for tenant in mine {
                    raw.change(&copies, Some(&tenant)).await;
                }
            }
        }))
        .await;
        rounds.limit.push(a_second(size.buyers, begun));
    }
    stop.cancel();
    loops.join_all().await;
    raw.close().await;
    rounds.figure(
        "registrations, token to ready",
        engine,
        "registrations/s",
        Goal::None,
    )
}

/// A buyer's browser, with what it brings along.
struct Arrival {
    browser: Client,
    token: String,
    email: String,
}

/// AWS has sold and said so before the browser comes.
fn arrival(buyer: &Buyer<'_>) -> Arrival {
    buyer.is_confirmed();
    Arrival {
        browser: Client::new(buyer.browser.base()),
        token: buyer.token.clone(),
        email: buyer.email(),
    }
}

/// Token and form, one buyer after the other; answers how long each waited for the token's answer.
async fn set_up_all(arrivals: Vec<Arrival>) -> Vec<Duration> {
    let mut took = Vec::new();
    for arrival in arrivals {
        let browser = &arrival.browser;
        let request = browser
            .request(reqwest::Method::POST, "/marketplace/register")
            .header("origin", "https://aws.amazon.com")
            .header("sec-fetch-site", "cross-site")
            .form(&[("x-amzn-marketplace-token", &arrival.token)]);
        let begun = Instant::now();
        let answer = browser.send(request).await;
        took.push(begun.elapsed());
        let _ = answer.expect(303);
        let fields = [("email", arrival.email.as_str()), ("name", "Ann Harbour")];
        let _ = browser.post_form("/welcome", &fields).await.expect(303);
    }
    took
}

/// Waits until so many registrations are finished.
async fn done(t: &TestApp, count: usize) {
    let until = Instant::now() + PATIENCE;
    let mut look = tokio::time::interval(Duration::from_millis(5));
    let condition = "step = 'activation' AND state = 'done'";
    let count = i64::try_from(count).expect("a few");
    while t.count("registration_steps", condition).await < count {
        assert!(
            Instant::now() < until,
            "registrations do not come to an end"
        );
        look.tick().await;
    }
}
