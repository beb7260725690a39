//! One line of the request log for each AWS request, written before the request has an effect.
//!
//! Invariant: no password, client secret, token or data key stands in the log; a mask of the same length does, so that limits can still be checked.

use axum::http::HeaderMap;
use serde_json::{Map, Value, json};

use super::Protocol;
use crate::{clock::rfc3339, sim::Sim};

/// Members of inputs that are secrets, Cognito's and KMS's.
const SECRETS: &[&str] = &[
    "TemporaryPassword",
    "Password",
    "ClientSecret",
    "Token",
    "RefreshToken",
    "Plaintext",
];
/// Past every limit of the model, so that a secret that is too long still shows as too long.
const LONGEST_MASK: usize = 512;

/// Writes the line.
#[expect(
    clippy::too_many_arguments,
    reason = "one call, one line of the log; a struct would name every field twice"
)]
pub(super) fn request(
    sim: &Sim,
    headers: &HeaderMap,
    service: &str,
    operation: &str,
    protocol: Protocol,
    region: &str,
    body: Option<&Value>,
    bytes: usize,
) {
    let headers: Map<String, Value> = headers
        .iter()
        .map(|(name, value)| {
            (
                name.as_str().to_owned(),
                Value::String(String::from_utf8_lossy(value.as_bytes()).into_owned()),
            )
        })
        .collect();
    let agent = |name: &str| {
        headers
            .get(name)
            .and_then(Value::as_str)
            .unwrap_or_default()
    };
    let agents = format!("{} {}", agent("user-agent"), agent("x-amz-user-agent"));
    let client = if agents.contains("aws-sdk-rust") {
        "rust"
    } else if agents.to_ascii_lowercase().contains("boto") {
        "boto3"
    } else {
        "other"
    };
    tracing::debug!(
        aws.service = service,
        aws.operation = operation,
        client,
        bytes,
        "received an AWS request"
    );
    sim.requests.append(&json!({
        "at": rfc3339(sim.clock.real_ms()),
        "businessTime": rfc3339(sim.clock.business_ms()),
        "service": service,
        "operation": operation,
        "protocol": match protocol {
            Protocol::Json10 | Protocol::Json11 => "json",
            Protocol::Cbor => "smithy-rpc-v2-cbor",
            Protocol::Query => "query",
            Protocol::RestJson => "rest-json",
        },
        "client": client,
        "region": region,
        "bytes": bytes,
        "headers": headers,
        "body": body.map(redacted),
    }));
}

/// The input without its secrets.
fn redacted(body: &Value) -> Value {
    let Value::Object(members) = body else {
        return body.clone();
    };
    let members = members.iter().map(|(name, value)| {
        let value = match value {
            Value::String(secret) if SECRETS.contains(&name.as_str()) => {
                Value::from("*".repeat(secret.chars().count().min(LONGEST_MASK)))
            }
            other => other.clone(),
        };
        (name.clone(), value)
    });
    Value::Object(members.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_become_masks_of_their_length() {
        let body = json!({"Username": "ann", "Password": "geheim!!", "Token": "t".repeat(2000), "Limit": 3});
        let shown = redacted(&body);
        assert_eq!(shown["Password"], "********");
        assert_eq!(shown["Token"].as_str().map(str::len), Some(LONGEST_MASK));
        assert_eq!(
            (&shown["Username"], &shown["Limit"]),
            (&json!("ann"), &json!(3))
        );
    }
}
