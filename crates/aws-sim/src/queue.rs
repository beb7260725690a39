//! SQS standard queues as a store: messages, visibility by real time, dead-letter queues.
//!
//! Not the wire: names, errors and limits of the API are in `sqs`.
//! Invariant: a message leaves a queue only by deletion, purge, retention or its dead-letter rule.

use std::collections::BTreeMap;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    sim::Change,
    world::{Entry, World},
};

/// A standard queue.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Queue {
    /// Real time of its creation.
    pub created_ms: i64,
    /// Attributes that were set.
    pub attributes: BTreeMap<String, String>,
    /// In order of arrival.
    pub messages: BTreeMap<u64, Message>,
}

/// A message and its lease.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Message {
    /// Order of arrival.
    pub seq: u64,
    /// `MessageId`.
    pub id: String,
    /// As sent.
    pub body: String,
    /// `MessageAttributes` as sent.
    pub attributes: Option<Value>,
    /// Real time.
    pub sent_ms: i64,
    /// Real time from which it can be received.
    pub visible_ms: i64,
    /// `ApproximateReceiveCount`.
    pub received: u64,
    /// `ApproximateFirstReceiveTimestamp`.
    pub first_received_ms: Option<i64>,
}

/// What a receipt handle points at.
#[derive(Debug, PartialEq, Eq)]
pub struct Receipt {
    /// The message's place.
    pub seq: u64,
    /// Which receipt of it.
    pub received: u64,
}

/// Attributes that can be set, with their defaults, lowest and highest values where they are numbers.
pub const NUMERIC_ATTRIBUTES: &[(&str, i64, i64, i64)] = &[
    ("DelaySeconds", 0, 0, 900),
    ("MaximumMessageSize", 1_048_576, 1024, 1_048_576),
    ("MessageRetentionPeriod", 345_600, 60, 1_209_600),
    ("ReceiveMessageWaitTimeSeconds", 0, 0, 20),
    ("VisibilityTimeout", 30, 0, 43_200),
];

impl Queue {
    /// An empty queue.
    pub fn created(now_ms: i64) -> Self {
        Self {
            created_ms: now_ms,
            ..Self::default()
        }
    }

    /// A numeric attribute in force.
    pub fn number(&self, name: &str) -> i64 {
        self.attributes
            .get(name)
            .and_then(|v| v.parse().ok())
            .unwrap_or_else(|| {
                NUMERIC_ATTRIBUTES
                    .iter()
                    .find(|(n, ..)| *n == name)
                    .map_or(0, |(_, default, ..)| *default)
            })
    }

    /// Messages that can be received, that are leased, and that are delayed.
    pub fn counts(&self, now_ms: i64) -> (usize, usize, usize) {
        let waiting = |leased: bool| {
            self.messages
                .values()
                .filter(|m| m.visible_ms > now_ms && (m.received > 0) == leased)
                .count()
        };
        let (leased, delayed) = (waiting(true), waiting(false));
        (self.messages.len() - leased - delayed, leased, delayed)
    }

    /// Real time at which the next hidden message becomes visible.
    pub fn next_visible_ms(&self, now_ms: i64) -> Option<i64> {
        self.messages
            .values()
            .map(|m| m.visible_ms)
            .filter(|at| *at > now_ms)
            .min()
    }

    fn redrive(&self) -> Option<(String, u64)> {
        let policy: Value = serde_json::from_str(self.attributes.get("RedrivePolicy")?).ok()?;
        let limit = policy
            .get("maxReceiveCount")
            .and_then(|n| n.as_u64().or_else(|| n.as_str()?.parse().ok()))?;
        let target = policy
            .get("deadLetterTargetArn")?
            .as_str()?
            .rsplit(':')
            .next()?
            .to_owned();
        Some((target, limit))
    }
}

/// Puts a message into a queue.
pub fn send(
    change: &mut Change<'_>,
    queue: &str,
    id: String,
    body: String,
    attributes: Option<Value>,
    now_ms: i64,
    delay_seconds: i64,
) {
    let message = Message {
        seq: change.next_seq,
        id,
        body,
        attributes,
        sent_ms: now_ms,
        visible_ms: now_ms + delay_seconds * 1000,
        received: 0,
        first_received_ms: None,
    };
    change.put(Entry::Message(queue.to_owned(), message));
}

/// Leases up to `max` messages for `visibility_seconds` of real time.
pub fn receive(
    change: &mut Change<'_>,
    name: &str,
    max: usize,
    visibility_seconds: i64,
    now_ms: i64,
) -> Vec<Message> {
    let Some(queue) = change.queues.get(name) else {
        return Vec::new();
    };
    let oldest_ms = now_ms - queue.number("MessageRetentionPeriod") * 1000;
    let redrive = queue.redrive();
    let (mut expired, mut dead, mut taken) = (Vec::new(), Vec::new(), Vec::new());
    for message in queue.messages.values() {
        if taken.len() == max {
            break;
        }
        if message.sent_ms < oldest_ms {
            expired.push(message.seq);
        } else if message.visible_ms > now_ms {
        } else if redrive
            .as_ref()
            .is_some_and(|(_, limit)| message.received >= *limit)
        {
            dead.push(message.clone());
        } else {
            taken.push(message.clone());
        }
    }
    for seq in expired {
        change.put(Entry::MessageGone(name.to_owned(), seq));
    }
    for message in dead {
        change.put(Entry::MessageGone(name.to_owned(), message.seq));
        if let Some((target, _)) = redrive
            .as_ref()
            .filter(|(target, _)| change.queues.contains_key(target))
        {
            let seq = change.next_seq;
            change.put(Entry::Message(
                target.clone(),
                Message {
                    seq,
                    received: 0,
                    first_received_ms: None,
                    ..message
                },
            ));
        }
    }
    for message in &mut taken {
        message.visible_ms = now_ms + visibility_seconds * 1000;
        message.received += 1;
        message.first_received_ms = message.first_received_ms.or(Some(now_ms));
        change.put(seen(name, message));
    }
    taken
}

/// Changes the lease of a received message; false if the receipt is no longer the current one.
pub fn change_visibility(
    change: &mut Change<'_>,
    name: &str,
    receipt: &Receipt,
    seconds: i64,
    now_ms: i64,
) -> bool {
    let Some(mut message) = current(change, name, receipt)
        .filter(|m| m.visible_ms > now_ms)
        .cloned()
    else {
        return false;
    };
    message.visible_ms = now_ms + seconds * 1000;
    change.put(seen(name, &message));
    true
}

/// Deletes by receipt; an outdated receipt deletes nothing and is no error (SQS: `DeleteMessage`).
pub fn delete(change: &mut Change<'_>, name: &str, receipt: &Receipt) {
    if let Some(seq) = current(change, name, receipt).map(|m| m.seq) {
        change.put(Entry::MessageGone(name.to_owned(), seq));
    }
}

fn current<'a>(world: &'a World, name: &str, receipt: &Receipt) -> Option<&'a Message> {
    world
        .queues
        .get(name)?
        .messages
        .get(&receipt.seq)
        .filter(|m| m.received == receipt.received)
}

fn seen(queue: &str, message: &Message) -> Entry {
    Entry::Seen {
        queue: queue.to_owned(),
        seq: message.seq,
        visible_ms: message.visible_ms,
        received: message.received,
        first_received_ms: message.first_received_ms,
    }
}

impl Receipt {
    /// The opaque handle.
    pub fn handle(&self, message_id: &str) -> String {
        STANDARD.encode(format!("{} {} {message_id}", self.seq, self.received))
    }

    /// Reads a handle; nothing for one that was never given out.
    pub fn parse(handle: &str) -> Option<Self> {
        let text = String::from_utf8(STANDARD.decode(handle).ok()?).ok()?;
        let mut parts = text.split(' ');
        let receipt = Self {
            seq: parts.next()?.parse().ok()?,
            received: parts.next()?.parse().ok()?,
        };
        parts.next().map(|_| receipt)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::{Sim, tests::sim};

    const Q: &str = "payphone-events";

    fn take(sim: &Sim, now_ms: i64) -> Vec<(String, u64)> {
        sim.change_soon(|c| receive(c, Q, 10, 30, now_ms))
            .0
            .into_iter()
            .map(|m| (m.body, m.received))
            .collect()
    }

    #[tokio::test]
    async fn a_lease_hides_a_message_until_it_ends() {
        let (sim, _dir) = sim("2026-10-10T10:00:00Z");
        sim.change_soon(|c| send(c, Q, "1".into(), "a".into(), None, 0, 0));
        assert_eq!(take(&sim, 0), [("a".to_owned(), 1)]);
        assert_eq!(take(&sim, 29_999), []);
        assert_eq!(take(&sim, 30_000), [("a".to_owned(), 2)]);
        let outdated = Receipt {
            seq: 0,
            received: 1,
        };
        sim.change_soon(|c| delete(c, Q, &outdated));
        assert_eq!(
            take(&sim, 60_000),
            [("a".to_owned(), 3)],
            "an outdated receipt deletes nothing"
        );
        let current = Receipt {
            seq: 0,
            received: 3,
        };
        assert_eq!(
            Receipt::parse(&current.handle("id")),
            Some(Receipt {
                seq: 0,
                received: 3
            })
        );
        assert!(
            sim.change_soon(|c| change_visibility(c, Q, &current, 0, 60_001))
                .0
        );
        assert!(
            !sim.change_soon(|c| change_visibility(c, Q, &current, 0, 60_002))
                .0,
            "no longer in flight"
        );
        sim.change_soon(|c| delete(c, Q, &current));
        assert_eq!(take(&sim, 90_000), []);
    }

    #[tokio::test]
    async fn messages_received_too_often_move_to_the_dead_letter_queue() {
        let (sim, _dir) = sim("2026-10-10T10:00:00Z");
        sim.change_soon(|c| {
            c.put(Entry::Queue("dead".into(), Queue::created(0)));
            let policy = r#"{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:dead","maxReceiveCount":1}"#;
            c.put(Entry::QueueAttributes(Q.into(), [("RedrivePolicy".to_owned(), policy.to_owned())].into()));
            send(c, Q, "1".into(), "a".into(), None, 0, 0);
        });
        assert_eq!(take(&sim, 0).len(), 1);
        assert_eq!(take(&sim, 30_000), []);
        assert_eq!(sim.read(|w| w.queues["dead"].messages.len()), 1);
    }
}
