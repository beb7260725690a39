//! `SendMessage` and `SendMessageBatch`, with the MD5 sums that some SDKs verify.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use md5::{Digest as _, Md5};
use serde_json::{Value, json};

use super::{batch, parameter, queue_name};
use crate::{
    error::AwsError,
    queue,
    sim::{Change, Sim},
    wire::Call,
};

/// `SendMessage`.
pub(super) async fn one(sim: &Sim, call: &Call) -> Result<Value, AwsError> {
    let name = queue_name(sim, call)?;
    sim.change(|c| put(sim, c, &name, &call.body)).await
}

/// `SendMessageBatch`.
pub(super) async fn many(sim: &Sim, call: &Call) -> Result<Value, AwsError> {
    let name = queue_name(sim, call)?;
    let total: usize = batch::entries(call)?
        .iter()
        .filter_map(|(_, e)| e.get("MessageBody")?.as_str().map(str::len))
        .sum();
    if total > 1_048_576 {
        return Err(AwsError::client(
            "BatchRequestTooLong",
            "Batch requests cannot be longer than 1048576 bytes.",
        )
        .query("AWS.SimpleQueueService.BatchRequestTooLong"));
    }
    batch::each(sim, call, |c, entry| put(sim, c, &name, entry)).await
}

fn put(sim: &Sim, change: &mut Change<'_>, name: &str, body: &Value) -> Result<Value, AwsError> {
    let Some(Value::String(text)) = body.get("MessageBody").filter(|b| b.as_str() != Some(""))
    else {
        return Err(AwsError::client(
            "MissingParameter",
            "The request must contain the parameter MessageBody.",
        ));
    };
    let queue = change.queues.get(name).ok_or_else(super::no_queue)?;
    let most = queue.number("MaximumMessageSize");
    if i64::try_from(text.len()).is_ok_and(|n| n > most) {
        return Err(parameter(&format!(
            "One or more parameters are invalid. Reason: Message must be shorter than {most} bytes."
        )));
    }
    let delay = match body.get("DelaySeconds") {
        None | Some(Value::Null) => queue.number("DelaySeconds"),
        Some(value) => value
            .as_i64()
            .filter(|n| (0..=900).contains(n))
            .ok_or_else(|| parameter("DelaySeconds must be between 0 and 900."))?,
    };
    let attributes = body
        .get("MessageAttributes")
        .filter(|a| a.as_object().is_some_and(|m| !m.is_empty()))
        .cloned();
    let id = sim.ids.uuid();
    let mut out = json!({"MessageId": id, "MD5OfMessageBody": md5_hex(text.as_bytes())});
    if let Some(attributes) = &attributes {
        out["MD5OfMessageAttributes"] = json!(md5_of_attributes(attributes));
    }
    queue::send(
        change,
        name,
        id,
        text.clone(),
        attributes,
        sim.clock.real_ms(),
        delay,
    );
    Ok(out)
}

/// MD5 in hexadecimal.
pub(super) fn md5_hex(bytes: &[u8]) -> String {
    hex::encode(Md5::digest(bytes))
}

/// MD5 over the attributes in order of name (SQS developer guide, "Calculating the MD5 message digest for message attributes").
pub(super) fn md5_of_attributes(attributes: &Value) -> String {
    let mut members: Vec<_> = attributes.as_object().into_iter().flatten().collect();
    members.sort_by_key(|(name, _)| *name);
    let mut all = Vec::new();
    for (name, value) in members {
        let text = |key: &str| value.get(key).and_then(Value::as_str);
        let kind = text("DataType").unwrap_or("String");
        frame(&mut all, name.as_bytes());
        frame(&mut all, kind.as_bytes());
        if kind.starts_with("Binary") {
            all.push(2);
            frame(
                &mut all,
                &STANDARD
                    .decode(text("BinaryValue").unwrap_or_default())
                    .unwrap_or_default(),
            );
        } else {
            all.push(1);
            frame(&mut all, text("StringValue").unwrap_or_default().as_bytes());
        }
    }
    md5_hex(&all)
}

fn frame(out: &mut Vec<u8>, bytes: &[u8]) {
    out.extend(u32::try_from(bytes.len()).unwrap_or(u32::MAX).to_be_bytes());
    out.extend_from_slice(bytes);
}
