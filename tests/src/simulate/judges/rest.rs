//! I6: once faults stop, nothing that is due lies there for more than a minute, and in the end nothing is left to do.

use chrono::Duration;
use domain::Timestamp;

use super::tables::moment;
use crate::database::RawLook;

/// How old due work may be.
const MOST: Duration = Duration::seconds(60);

/// What is to be done, with when it is due (real time).
const WORK: [(&str, &str); 5] = [
    (
        "registration",
        "SELECT id, look_at FROM registrations WHERE completed_at IS NULL",
    ),
    ("account", "SELECT id, look_at FROM users WHERE due"),
    (
        "mail",
        "SELECT id, look_at FROM mails WHERE ended_at IS NULL",
    ),
    (
        "record",
        "SELECT id, coalesce(retry_at, changed_at) FROM metering_records WHERE state IN ('sealed', 'sending')",
    ),
    (
        "message",
        "SELECT id, received_at FROM inbox WHERE state = 'new'",
    ),
];

/// Everything that is to be done, with when.
async fn work(raw: &mut RawLook) -> Vec<(String, Timestamp)> {
    let mut all = Vec::new();
    for (what, sql) in WORK {
        for row in raw.rows(sql).await {
            let due = moment(&row[1]).expect("a moment");
            all.push((format!("{what} {}", row[0]), due));
        }
    }
    all
}

/// What should have been done by now.
pub(in super::super) async fn overdue(raw: &mut RawLook, now: Timestamp) -> Vec<String> {
    let mut late = work(raw).await;
    late.retain(|(_, due)| *due < now - MOST);
    late.into_iter()
        .map(|(what, due)| format!("I6: {what} was due at {due}, and it is {now}"))
        .collect()
}

/// When there is something to do next.
pub(in super::super) async fn next_due(raw: &mut RawLook) -> Option<Timestamp> {
    work(raw).await.into_iter().map(|(_, due)| due).min()
}

/// What is left to do.
pub(in super::super) async fn left(raw: &mut RawLook) -> Vec<String> {
    work(raw)
        .await
        .into_iter()
        .map(|(what, due)| format!("{what} at {due}"))
        .collect()
}

/// Whether nothing is left to do.
pub(in super::super) async fn is_at_rest(raw: &mut RawLook) -> bool {
    work(raw).await.is_empty()
}
