//! `ReceiveMessage`: leases messages, waiting for one up to twenty seconds.
//!
//! Invariant: a poll ends when the process stops, and never leases messages it does not answer with.

use std::time::Duration;

use serde_json::{Map, Value, json};

use super::{
    LOOK_AGAIN, parameter, queue_name,
    send::{md5_hex, md5_of_attributes},
};
use crate::{
    error::AwsError,
    queue::{self, Message, Receipt},
    sim::{SELLER_ACCOUNT, Sim},
    wire::Call,
};

/// Runs the operation.
pub(super) async fn receive(sim: &Sim, call: &Call) -> Result<Value, AwsError> {
    let name = queue_name(sim, call)?;
    let number = |member: &str, default: i64, low: i64, high: i64| {
        match call.body.get(member) {
        None | Some(Value::Null) => Ok(default),
        Some(value) => value
            .as_i64()
            .filter(|n| (low..=high).contains(n))
            .ok_or_else(|| parameter(&format!("Value {value} for parameter {member} is invalid. Reason: Must be between {low} and {high}, if provided."))),
    }
    };
    let defaults = sim.read(|w| {
        w.queues.get(&name).map(|q| {
            (
                q.number("VisibilityTimeout"),
                q.number("ReceiveMessageWaitTimeSeconds"),
            )
        })
    });
    let (visibility, wait) = defaults.ok_or_else(super::no_queue)?;
    let most = usize::try_from(number("MaxNumberOfMessages", 1, 1, 10)?).unwrap_or(1);
    let visibility = number("VisibilityTimeout", visibility, 0, 43_200)?;
    let until = sim.clock.real_ms() + number("WaitTimeSeconds", wait, 0, 20)? * 1000;
    let mut changes = sim.watch_changes();
    loop {
        let now = sim.clock.real_ms();
        let taken = sim
            .change(|c| queue::receive(c, &name, most, visibility, now))
            .await;
        if !taken.is_empty() {
            let messages: Vec<Value> = taken.iter().map(|m| shown(call, m)).collect();
            return Ok(json!({"Messages": messages}));
        }
        if now >= until {
            return Ok(json!({}));
        }
        // A message may arrive, or a lease may end, before the poll does.
        let next = sim
            .read(|w| w.queues.get(&name).and_then(|q| q.next_visible_ms(now)))
            .unwrap_or(until)
            .min(until);
        let pause =
            Duration::from_millis(u64::try_from(next - now).unwrap_or(0).max(1)).min(LOOK_AGAIN);
        tokio::select! {
            _ = changes.changed() => {}
            () = tokio::time::sleep(pause) => {}
            () = sim.stopping() => return Ok(json!({})),
        }
    }
}

fn shown(call: &Call, message: &Message) -> Value {
    let receipt = Receipt {
        seq: message.seq,
        received: message.received,
    };
    let mut out = json!({
        "MessageId": message.id,
        "ReceiptHandle": receipt.handle(&message.id),
        "MD5OfBody": md5_hex(message.body.as_bytes()),
        "Body": message.body,
    });
    let wanted = |member: &str| -> Vec<String> {
        call.body
            .get(member)
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect()
    };
    // `AttributeNames` is the older name of `MessageSystemAttributeNames`.
    let system = [
        wanted("MessageSystemAttributeNames"),
        wanted("AttributeNames"),
    ]
    .concat();
    let all = [
        ("ApproximateReceiveCount", message.received.to_string()),
        ("SentTimestamp", message.sent_ms.to_string()),
        (
            "ApproximateFirstReceiveTimestamp",
            message.first_received_ms.unwrap_or_default().to_string(),
        ),
        ("SenderId", SELLER_ACCOUNT.to_owned()),
    ];
    let attributes: Map<String, Value> = all
        .into_iter()
        .filter(|(k, _)| system.iter().any(|s| s == "All" || s == k))
        .map(|(k, v)| (k.to_owned(), Value::String(v)))
        .collect();
    if !attributes.is_empty() {
        out["Attributes"] = Value::Object(attributes);
    }
    let names = wanted("MessageAttributeNames");
    let wants = |key: &str| {
        names.iter().any(|n| {
            n == "All"
                || n == ".*"
                || n == key
                || n.strip_suffix(".*")
                    .is_some_and(|prefix| key.starts_with(prefix))
        })
    };
    let chosen: Map<String, Value> = message
        .attributes
        .iter()
        .filter_map(Value::as_object)
        .flatten()
        .filter(|(k, _)| wants(k))
        .map(|(k, v)| (k.clone(), v.clone()))
        .collect();
    if !chosen.is_empty() {
        let chosen = Value::Object(chosen);
        out["MD5OfMessageAttributes"] = json!(md5_of_attributes(&chosen));
        out["MessageAttributes"] = chosen;
    }
    out
}
