//! The frame of the batch operations: one to ten entries with distinct ids, each succeeding or failing by itself.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::{
    error::AwsError,
    sim::{Change, Sim},
    wire::Call,
};

/// The entries, once the batch as a whole is in order.
pub(super) fn entries(call: &Call) -> Result<Vec<(String, Value)>, AwsError> {
    let list = call
        .body
        .get("Entries")
        .and_then(Value::as_array)
        .cloned()
        .unwrap_or_default();
    let refuse = |code, query, text: &str| Err(AwsError::client(code, text).query(query));
    if list.is_empty() {
        return refuse(
            "EmptyBatchRequest",
            "AWS.SimpleQueueService.EmptyBatchRequest",
            "There should be at least one entry in the request.",
        );
    }
    if list.len() > 10 {
        return refuse(
            "TooManyEntriesInBatchRequest",
            "AWS.SimpleQueueService.TooManyEntriesInBatchRequest",
            "Maximum number of entries per request are 10.",
        );
    }
    let mut ids = BTreeSet::new();
    let mut out = Vec::new();
    for entry in list {
        let id = entry
            .get("Id")
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned();
        if id.is_empty()
            || id.len() > 80
            || !id
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
        {
            let text = "A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.";
            return refuse(
                "InvalidBatchEntryId",
                "AWS.SimpleQueueService.InvalidBatchEntryId",
                text,
            );
        }
        if !ids.insert(id.clone()) {
            return refuse(
                "BatchEntryIdsNotDistinct",
                "AWS.SimpleQueueService.BatchEntryIdsNotDistinct",
                "Two or more batch entries in the request have the same Id.",
            );
        }
        out.push((id, entry));
    }
    Ok(out)
}

/// Runs `work` on every entry.
pub(super) async fn each(
    sim: &Sim,
    call: &Call,
    work: impl Fn(&mut Change<'_>, &Value) -> Result<Value, AwsError>,
) -> Result<Value, AwsError> {
    let entries = entries(call)?;
    Ok(sim
        .change(|change| {
            let (mut done, mut failed) = (Vec::new(), Vec::new());
            for (id, entry) in &entries {
                match work(change, entry) {
                    Ok(mut result) => {
                        result["Id"] = json!(id);
                        done.push(result);
                    }
                    Err(error) => {
                        failed.push(json!({"Id": id, "SenderFault": true, "Code": error.query_code.unwrap_or(error.code), "Message": error.message}));
                    }
                }
            }
            json!({"Successful": done, "Failed": failed})
        })
        .await)
}
