//! The SQS operations a consumer needs, over AWS JSON 1.0: input checks, limits and error names.
//!
//! Not here: what a queue is (`queue`). FIFO queues, permissions, tags and move tasks are not offered.
//! Invariant: visibility and long polls go by real time, never by business time.

use std::time::Duration;

use serde_json::{Value, json};

use crate::{
    error::AwsError,
    queue::{self, Queue, Receipt},
    sim::{SELLER_ACCOUNT, Sim},
    wire::Call,
    world::{Entry, World},
};

mod batch;
mod receive;
mod send;

/// Runs one operation.
pub async fn run(sim: &Sim, call: &Call) -> Result<Value, AwsError> {
    match call.operation.as_str() {
        "GetQueueUrl" => {
            let name = text(call, "QueueName")?;
            sim.read(|w| {
                if w.queues.contains_key(&name) {
                    Ok(json!({"QueueUrl": url(call, &name)}))
                } else {
                    Err(no_queue())
                }
            })
        }
        "CreateQueue" => create(sim, call).await,
        "DeleteQueue" => {
            let name = queue_name(sim, call)?;
            sim.change(|c| c.put(Entry::QueueGone(name))).await;
            Ok(json!({}))
        }
        "ListQueues" => Ok(list(sim, call)),
        "SendMessage" => send::one(sim, call).await,
        "SendMessageBatch" => send::many(sim, call).await,
        "ReceiveMessage" => receive::receive(sim, call).await,
        "DeleteMessage" => {
            let (name, receipt) = (queue_name(sim, call)?, receipt(&call.body)?);
            sim.change(|c| queue::delete(c, &name, &receipt)).await;
            Ok(json!({}))
        }
        "DeleteMessageBatch" => {
            let name = queue_name(sim, call)?;
            batch::each(sim, call, |c, entry| {
                queue::delete(c, &name, &receipt(entry)?);
                Ok(json!({}))
            })
            .await
        }
        "ChangeMessageVisibility" => {
            let (name, receipt, seconds) = (
                queue_name(sim, call)?,
                receipt(&call.body)?,
                visibility(&call.body)?,
            );
            let now = sim.clock.real_ms();
            if sim
                .change(|c| queue::change_visibility(c, &name, &receipt, seconds, now))
                .await
            {
                Ok(json!({}))
            } else {
                Err(not_in_flight())
            }
        }
        "ChangeMessageVisibilityBatch" => {
            let (name, now) = (queue_name(sim, call)?, sim.clock.real_ms());
            batch::each(sim, call, |c, entry| {
                let (receipt, seconds) = (receipt(entry)?, visibility(entry)?);
                if queue::change_visibility(c, &name, &receipt, seconds, now) {
                    Ok(json!({}))
                } else {
                    Err(not_in_flight())
                }
            })
            .await
        }
        "GetQueueAttributes" => attributes(sim, call),
        "SetQueueAttributes" => {
            let name = queue_name(sim, call)?;
            let given = given_attributes(&call.body)?;
            sim.change(|c| c.put(Entry::QueueAttributes(name, given)))
                .await;
            Ok(json!({}))
        }
        "PurgeQueue" => {
            let name = queue_name(sim, call)?;
            sim.change(|c| c.put(Entry::Purged(name))).await;
            Ok(json!({}))
        }
        other => Err(AwsError::client(
            "UnknownOperationException",
            format!("sqs has no operation {other} here."),
        )
        .query("InvalidAction")),
    }
}

async fn create(sim: &Sim, call: &Call) -> Result<Value, AwsError> {
    let name = text(call, "QueueName")?;
    let plain = name.len() <= 80
        && name
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
    if name.is_empty() || !plain {
        return Err(parameter(
            "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length",
        ));
    }
    let given = given_attributes(&call.body)?;
    let now = sim.clock.real_ms();
    sim.change(|c| {
        if let Some(queue) = c.queues.get(&name) {
            if given.iter().any(|(k, v)| attribute(queue, k).is_some_and(|old| old != *v)) {
                return Err(AwsError::client("QueueNameExists", "A queue already exists with the same name and a different value for an attribute.").query("QueueAlreadyExists"));
            }
        } else {
            c.put(Entry::Queue(name.clone(), Queue { attributes: given, ..Queue::created(now) }));
        }
        Ok(json!({"QueueUrl": url(call, &name)}))
    })
    .await
}

fn list(sim: &Sim, call: &Call) -> Value {
    let prefix = call
        .body
        .get("QueueNamePrefix")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let urls: Vec<_> = sim.read(|w| {
        w.queues
            .keys()
            .filter(|n| n.starts_with(prefix))
            .map(|n| url(call, n))
            .collect()
    });
    if urls.is_empty() {
        json!({})
    } else {
        json!({"QueueUrls": urls})
    }
}

fn attributes(sim: &Sim, call: &Call) -> Result<Value, AwsError> {
    let name = queue_name(sim, call)?;
    let wanted: Vec<&str> = call
        .body
        .get("AttributeNames")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let now = sim.clock.real_ms();
    sim.read(|world| {
        let Some(queue) = world.queues.get(&name) else {
            return Err(no_queue());
        };
        let (visible, leased, delayed) = queue.counts(now);
        let mut all: Vec<(&str, String)> = queue::NUMERIC_ATTRIBUTES
            .iter()
            .map(|(n, ..)| (*n, queue.number(n).to_string()))
            .collect();
        all.extend([
            ("ApproximateNumberOfMessages", visible.to_string()),
            ("ApproximateNumberOfMessagesNotVisible", leased.to_string()),
            ("ApproximateNumberOfMessagesDelayed", delayed.to_string()),
            ("CreatedTimestamp", (queue.created_ms / 1000).to_string()),
            (
                "LastModifiedTimestamp",
                (queue.created_ms / 1000).to_string(),
            ),
            (
                "QueueArn",
                format!("arn:aws:sqs:{}:{SELLER_ACCOUNT}:{name}", call.region),
            ),
            ("SqsManagedSseEnabled", "true".to_owned()),
        ]);
        all.extend(
            OTHER_ATTRIBUTES
                .iter()
                .filter_map(|n| Some((*n, queue.attributes.get(*n)?.clone()))),
        );
        if let Some(bad) = wanted.iter().find(|n| {
            **n != "All" && !all.iter().any(|(k, _)| k == *n) && !OTHER_ATTRIBUTES.contains(n)
        }) {
            return Err(AwsError::client(
                "InvalidAttributeName",
                format!("Unknown Attribute {bad}."),
            ));
        }
        let shown: serde_json::Map<String, Value> = all
            .into_iter()
            .filter(|(k, _)| wanted.contains(&"All") || wanted.contains(k))
            .map(|(k, v)| (k.to_owned(), Value::String(v)))
            .collect();
        Ok(if shown.is_empty() {
            json!({})
        } else {
            json!({"Attributes": shown})
        })
    })
}

/// Attributes that are kept and given back but change nothing, except for the redrive policy.
const OTHER_ATTRIBUTES: &[&str] = &[
    "Policy",
    "RedrivePolicy",
    "RedriveAllowPolicy",
    "KmsMasterKeyId",
    "KmsDataKeyReusePeriodSeconds",
];

fn attribute(queue: &Queue, name: &str) -> Option<String> {
    let numeric = queue::NUMERIC_ATTRIBUTES.iter().any(|(n, ..)| *n == name);
    if numeric {
        Some(queue.number(name).to_string())
    } else {
        queue.attributes.get(name).cloned()
    }
}

fn given_attributes(body: &Value) -> Result<std::collections::BTreeMap<String, String>, AwsError> {
    let mut given = std::collections::BTreeMap::new();
    for (name, value) in body
        .get("Attributes")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
    {
        let value = value.as_str().unwrap_or_default().to_owned();
        if let Some((_, _, low, high)) = queue::NUMERIC_ATTRIBUTES.iter().find(|(n, ..)| n == name)
        {
            if !value
                .parse::<i64>()
                .is_ok_and(|n| (*low..=*high).contains(&n))
            {
                return Err(AwsError::client(
                    "InvalidAttributeValue",
                    format!("Invalid value for the parameter {name}."),
                ));
            }
        } else if !OTHER_ATTRIBUTES.contains(&name.as_str()) && name != "SqsManagedSseEnabled" {
            return Err(AwsError::client(
                "InvalidAttributeName",
                format!("Unknown Attribute {name}."),
            ));
        }
        given.insert(name.clone(), value);
    }
    Ok(given)
}

fn url(call: &Call, name: &str) -> String {
    format!("{}/{SELLER_ACCOUNT}/{name}", call.base_url)
}

/// The queue that `QueueUrl` names; its host is not looked at, as with AWS's own endpoints.
fn queue_name(sim: &Sim, call: &Call) -> Result<String, AwsError> {
    let url = text(call, "QueueUrl")?;
    let name = url
        .trim_end_matches('/')
        .rsplit('/')
        .next()
        .unwrap_or_default()
        .to_owned();
    sim.read(|w: &World| w.queues.contains_key(&name))
        .then_some(name)
        .ok_or_else(no_queue)
}

fn text(call: &Call, name: &str) -> Result<String, AwsError> {
    match call.body.get(name) {
        Some(Value::String(text)) if !text.is_empty() => Ok(text.clone()),
        _ => Err(AwsError::client(
            "MissingParameter",
            format!("The request must contain the parameter {name}."),
        )),
    }
}

fn receipt(body: &Value) -> Result<Receipt, AwsError> {
    let handle = body
        .get("ReceiptHandle")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let bad = || {
        AwsError::client(
            "ReceiptHandleIsInvalid",
            format!("The input receipt handle \"{handle}\" is not a valid receipt handle."),
        )
        .status(404)
    };
    Receipt::parse(handle).ok_or_else(bad)
}

fn visibility(body: &Value) -> Result<i64, AwsError> {
    match body.get("VisibilityTimeout").and_then(Value::as_i64) {
        Some(seconds) if (0..=43_200).contains(&seconds) => Ok(seconds),
        _ => Err(parameter(
            "Value for parameter VisibilityTimeout is invalid. Reason: Must be between 0 and 43200.",
        )),
    }
}

fn no_queue() -> AwsError {
    AwsError::client("QueueDoesNotExist", "The specified queue does not exist.")
        .query("AWS.SimpleQueueService.NonExistentQueue")
}

fn not_in_flight() -> AwsError {
    AwsError::client("MessageNotInflight", "The message is not in flight.")
        .query("AWS.SimpleQueueService.MessageNotInflight")
}

fn parameter(text: &str) -> AwsError {
    AwsError::client("InvalidParameterValueException", text).query("InvalidParameterValue")
}

/// The longest a poll waits before it looks again by itself.
const LOOK_AGAIN: Duration = Duration::from_secs(5);
