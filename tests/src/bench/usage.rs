//! Usage events through the route, one a request and a hundred a request, from senders of one tenant or with a tenant each.
//! Beside it the same rows without a question asked: as many a transaction, on as many connections.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use serde_json::Value;

use super::{Engine, Figure, Goal, Rounds, Size, a_second, raw, start, together};
use crate::{ApiKey, TestApp};

/// How many events the larger requests have.
const BATCH: usize = 100;

/// An integration that sends for its tenant.
struct Sender {
    till: ApiKey,
    /// An event of its licence, whose id is still to be set.
    event: Value,
    /// The same as a row.
    row: raw::Event,
}

/// Measures all three.
pub async fn measure(engine: Engine, size: &Size) -> [Figure; 3] {
    let (t, _cluster) = start(engine).await;
    let senders = Arc::new(senders(&t, size.senders).await);
    let raw = Arc::new(raw::Raw::open(t.database(), size.senders).await);
    let mut sent = t.count("usage_events", "1 = 1").await;
    let mut figures = Vec::new();
    for (name, requests, events, goal, tenants) in [
        ("usage events, single, one tenant", size.singles, 1, 0.7, 1),
        (
            "usage events, single, a tenant each",
            size.singles,
            1,
            0.7,
            size.senders,
        ),
        (
            "usage events, batches of 100, a tenant each",
            size.batches,
            BATCH,
            0.5,
            size.senders,
        ),
    ] {
        let count = size.senders * requests * events;
        let mut rounds = Rounds::default();
        for round in 0..size.rounds {
            let prefix = format!("{name} {round}");
            let bodies = (0..size.senders).map(|number| {
                senders[number % tenants].bodies(&format!("{prefix} {number}"), requests, events)
            });
            let bodies: Vec<Vec<String>> = bodies.collect();
            let begun = Instant::now();
            let took = together(bodies.into_iter().enumerate().map(|(number, bodies)| {
                let senders = Arc::clone(&senders);
                async move { senders[number % tenants].sends(bodies).await }
            }))
            .await;
            rounds.ours.push(a_second(count, begun));
            rounds.latencies.extend(took.concat());
            let rows = (0..size.senders).map(|number| {
                senders[number % tenants].rows(&format!("raw {prefix} {number}"), requests, events)
            });
            let rows: Vec<Vec<Vec<raw::Event>>> = rows.collect();
            let begun = Instant::now();
            together(rows.into_iter().map(|transactions| {
                let raw = Arc::clone(&raw);
                async move {
                    for events in transactions {
                        raw.keep(&events).await;
                    }
                }
            }))
            .await;
            rounds.limit.push(a_second(count, begun));
            sent += 2 * i64::try_from(count).expect("a few");
        }
        figures.push(rounds.figure(name, engine, "events/s", Goal::AtLeast(goal)));
    }
    // Every event of both sides is there, and counted.
    assert_eq!(t.count("usage_events", "1 = 1").await, sent);
    let units = "SELECT sum(quantity) FROM metering_records";
    assert_eq!(t.number(units).await, sent);
    raw.close().await;
    figures.try_into().expect("three figures")
}

async fn senders(t: &TestApp, count: usize) -> Vec<Sender> {
    let mut senders = Vec::new();
    for number in 0..count {
        let buyer = t.tenant(&format!("bench{number}")).await;
        let till = buyer.till().await;
        let event = buyer.usage("first", 1);
        assert_eq!(till.sends(&event).await["status"], "accepted");
        let (tenant, licence) = buyer.ids().await;
        let sql = format!(
            "SELECT source, meter, mode, dimension, hour FROM usage_events WHERE licence_id = '{licence}'"
        );
        let row = t.rows(&sql).await.concat();
        let [source, meter, mode, dimension, hour] = <[String; 5]>::try_from(row).expect("a row");
        senders.push(Sender {
            till,
            event,
            row: raw::Event {
                words: [
                    tenant.to_string(),
                    licence.to_string(),
                    source,
                    meter,
                    mode,
                    dimension,
                ],
                id: String::new(),
                key: String::new(),
                time: t.clock.now(),
                hour: hour.parse().expect("an hour"),
            },
        });
    }
    senders
}

impl Sender {
    fn bodies(&self, prefix: &str, requests: usize, events: usize) -> Vec<String> {
        let body = |request: usize| {
            let event = |number: usize| {
                let mut event = self.event.clone();
                event["id"] = format!("{prefix} {request} {number}").into();
                event
            };
            Value::from((0..events).map(event).collect::<Vec<_>>()).to_string()
        };
        (0..requests).map(body).collect()
    }

    /// Sends one request after the other; answers how long each took.
    async fn sends(&self, bodies: Vec<String>) -> Vec<Duration> {
        let mut took = Vec::with_capacity(bodies.len());
        for body in bodies {
            let begun = Instant::now();
            let kind = "application/cloudevents-batch+json";
            let path = "/api/v1/usage-events";
            let answer = self.till.client.post_raw(path, kind, body).await;
            took.push(begun.elapsed());
            let answer = answer.expect(200).json();
            let items = answer["items"].as_array().expect("a list");
            let all = items.iter().all(|item| item["status"] == "accepted");
            assert!(all, "{answer}");
        }
        took
    }

    fn rows(&self, prefix: &str, requests: usize, events: usize) -> Vec<Vec<raw::Event>> {
        // As long as ours, which are `use_` and a UUID.
        let [_, licence, ..] = &self.row.words;
        let of = |request: usize| {
            let row = |number: usize| raw::Event {
                id: format!("{prefix} {request} {number} {licence}"),
                key: format!("{prefix} {request} {number}"),
                ..self.row.clone()
            };
            (0..events).map(row).collect()
        };
        (0..requests).map(of).collect()
    }
}
