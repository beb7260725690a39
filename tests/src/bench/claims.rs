//! How many jobs a second the loops take: mails that are due, each counted, sent and ended, by the sender that the program runs.
//! Beside it the barest of claims: ten due rows at once, marked as done in one statement and one transaction.

use std::{sync::Arc, time::Instant};

use super::{Engine, Figure, Goal, Rounds, Size, a_second, raw, start, together};

/// How many rows a raw claim takes.
const CLAIM: usize = 10;

/// Measures it.
pub async fn measure(engine: Engine, size: &Size) -> Figure {
    let (t, _cluster) = start(engine).await;
    let raw = Arc::new(raw::Raw::open(t.database(), size.senders).await);
    for sql in raw.copy_of("mails").await {
        t.break_database(&sql).await;
    }
    let lock = match engine {
        Engine::Sqlite => "",
        Engine::Postgres => " FOR UPDATE SKIP LOCKED",
    };
    let claim = format!(
        "UPDATE raw_mails SET ended_at = look_at, text = '' WHERE id IN \
         (SELECT id FROM raw_mails WHERE ended_at IS NULL ORDER BY look_at LIMIT {CLAIM}{lock})"
    );
    let claim = Arc::new(vec![claim]);
    let at = domain::time::rfc3339(t.clock.now())
        .replace('T', " ")
        .replace('Z', "+00:00");
    let mut rounds = Rounds::default();
    let mut number = 0_u128;
    for round in 1..=size.rounds {
        for table in ["mails", "raw_mails"] {
            let rows: Vec<String> = (0..size.jobs)
                .map(|_| {
                    number += 1;
                    let id = domain::id::MailId::from_uuid(uuid::Uuid::from_u128(number));
                    format!("('{id}', 'ann@harbour.example', 'A subject', 'A text of some length.', '{at}', 0, '{at}')")
                })
                .collect();
            t.break_database(&format!(
                "INSERT INTO {table} (id, recipient, subject, text, created_at, failures, look_at) VALUES {}",
                rows.join(", ")
            ))
            .await;
        }
        let cx = t.cx("mail");
        let begun = Instant::now();
        together([async move {
            while control::mail::send_all(&cx).await.expect("mails are sent") > 0 {}
        }])
        .await;
        rounds.ours.push(a_second(size.jobs, begun));
        let begun = Instant::now();
        together((0..size.senders).map(|_| {
            let (raw, claim) = (Arc::clone(&raw), Arc::clone(&claim));
            async move { while raw.change(&claim, None).await > 0 {} }
        }))
        .await;
        rounds.limit.push(a_second(size.jobs, begun));
        let done = i64::try_from(size.jobs * round).expect("a few");
        for table in ["mails", "raw_mails"] {
            assert_eq!(
                t.count(table, "ended_at IS NOT NULL").await,
                done,
                "{table}"
            );
            assert_eq!(t.count(table, "ended_at IS NULL").await, 0, "{table}");
        }
    }
    raw.close().await;
    rounds.figure(
        "jobs (mails), claimed and ended",
        engine,
        "jobs/s",
        Goal::None,
    )
}
