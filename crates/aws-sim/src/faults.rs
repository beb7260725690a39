//! Faults that are injected into AWS answers and event deliveries.
//!
//! Each fault draws from its own seeded generator, so a run with the same seed and the same calls fails at the same places.
//! Invariant: a fault that does not match a call is not drawn for it.

use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{sim::Change, world::Entry};

/// What goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Kind {
    /// `ThrottlingException`, nothing done.
    Throttle,
    /// A 500, nothing done.
    ServerError,
    /// No answer for a minute, nothing done, then the connection is dropped.
    Timeout,
    /// Everything done, then the connection is dropped without an answer.
    LostAnswer,
    /// Some records of a `BatchMeterUsage` call come back as `UnprocessedRecords`.
    PartialBatch,
    /// The event is delivered twice.
    Duplicate,
    /// The event is delivered after the next one.
    Reorder,
    /// The event is delivered later.
    Delay,
    /// The event is never delivered.
    Lose,
}

/// A fault as asked for and as it stands.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Fault {
    /// Its number.
    pub id: u64,
    /// A botocore operation name, `*`, or for deliveries an event name.
    pub operation: String,
    /// What goes wrong.
    pub kind: Kind,
    /// How likely each matching call is hit.
    pub probability: f64,
    /// How many hits are left; none means no end.
    pub count: Option<u64>,
    /// Seed of its generator.
    pub seed: u64,
    /// For `delay`: seconds of business time.
    pub delay_seconds: i64,
    /// How many calls it was drawn for.
    pub draws: u64,
    /// How many calls it hit.
    pub hits: u64,
}

/// The operations that faults may name.
pub const OPERATIONS: &[&str] = &[
    "ResolveCustomer",
    "BatchMeterUsage",
    "GetEntitlements",
    "GetCallerIdentity",
    "GetQueueUrl",
    "CreateQueue",
    "DeleteQueue",
    "ListQueues",
    "SendMessage",
    "SendMessageBatch",
    "ReceiveMessage",
    "DeleteMessage",
    "DeleteMessageBatch",
    "ChangeMessageVisibility",
    "ChangeMessageVisibilityBatch",
    "GetQueueAttributes",
    "SetQueueAttributes",
    "PurgeQueue",
    "AdminCreateUser",
    "AdminGetUser",
    "AdminDeleteUser",
    "AdminDisableUser",
    "AdminEnableUser",
    "AdminUserGlobalSignOut",
    "AdminUpdateUserAttributes",
    "AdminSetUserPassword",
    "AdminResetUserPassword",
    "AdminSetUserMFAPreference",
    "AdminDeleteSoftwareToken",
    "ListUsers",
    "CreateGroup",
    "GetGroup",
    "AdminAddUserToGroup",
    "AdminRemoveUserFromGroup",
    "AdminListGroupsForUser",
    "ListUsersInGroup",
    "AdminListUserSessions",
    "AdminRevokeUserSession",
    "RevokeToken",
    "GetTokensFromRefreshToken",
    "DescribeUserPool",
    "DescribeUserPoolClient",
    "GetUserPoolMfaConfig",
    "CreateKey",
    "DescribeKey",
    "Encrypt",
    "Decrypt",
    "EnableKey",
    "DisableKey",
    "ScheduleKeyDeletion",
    "CancelKeyDeletion",
    "SendEmail",
    "GetAccount",
    "Jwks",
    "Token",
];

/// Names that are no AWS operations but pages of the user pool: its JWK set and its token endpoint. `*` does not mean them.
const ENDPOINTS: &[&str] = &["Jwks", "Token"];

/// Names of the events that delivery faults may be narrowed to.
pub const EVENT_NAMES: &[&str] = &[
    "agreementCreated",
    "licenseUpdated",
    "agreementEnded",
    "licenseDeprovisioned",
];

/// Names that stand for every delivery.
const ALL_DELIVERIES: &[&str] = &["*", "events", "EventDelivery"];

/// What `POST /_sim/v1/faults` takes.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Request {
    #[serde(default)]
    operation: Option<String>,
    kind: Value,
    #[serde(default)]
    probability: Option<f64>,
    #[serde(default)]
    count: Option<u64>,
    #[serde(default)]
    seed: Option<u64>,
    #[serde(default)]
    delay_seconds: Option<i64>,
}

impl Kind {
    /// Whether it concerns deliveries rather than AWS calls.
    pub fn of_delivery(self) -> bool {
        matches!(
            self,
            Self::Duplicate | Self::Reorder | Self::Delay | Self::Lose
        )
    }
}

impl Request {
    /// Checks the request; the error is a sentence for the caller.
    pub fn into_fault(self, id: u64) -> Result<Fault, String> {
        let kind: Kind = serde_json::from_value(self.kind.clone()).map_err(|_| {
            format!("There is no fault kind {}; the kinds are throttle, serverError, timeout, lostAnswer, partialBatch, duplicate, reorder, delay, lose.", self.kind)
        })?;
        let operation = match self.operation {
            None if kind.of_delivery() => "EventDelivery".to_owned(),
            None => return Err("The fault names no operation.".into()),
            Some(operation) => operation,
        };
        let known = if kind.of_delivery() {
            ALL_DELIVERIES.contains(&operation.as_str())
                || EVENT_NAMES.contains(&operation.as_str())
        } else {
            operation == "*" || OPERATIONS.contains(&operation.as_str())
        };
        if !known {
            let names = if kind.of_delivery() {
                [ALL_DELIVERIES, EVENT_NAMES].concat()
            } else {
                [&["*"], OPERATIONS].concat()
            };
            return Err(format!(
                "There is no operation {operation:?} for this kind; it takes {}.",
                names.join(", ")
            ));
        }
        if kind == Kind::PartialBatch && !["*", "BatchMeterUsage"].contains(&operation.as_str()) {
            return Err("The kind partialBatch is for BatchMeterUsage alone.".into());
        }
        let probability = self.probability.unwrap_or(1.0);
        if !(0.0..=1.0).contains(&probability) {
            return Err(format!(
                "The probability is a number from 0 to 1, not {probability}."
            ));
        }
        let delay_seconds = self.delay_seconds.unwrap_or(60);
        if !(0..=31_536_000).contains(&delay_seconds) {
            return Err(format!(
                "delaySeconds is a whole number from 0 to 31536000, not {delay_seconds}."
            ));
        }
        Ok(Fault {
            id,
            operation,
            kind,
            probability,
            count: self.count,
            seed: self.seed.unwrap_or(0),
            delay_seconds,
            draws: 0,
            hits: 0,
        })
    }
}

impl Fault {
    fn names(&self, name: &str) -> bool {
        self.operation == name
            || (self.operation == "*" && !ENDPOINTS.contains(&name))
            || (self.kind.of_delivery() && ALL_DELIVERIES.contains(&self.operation.as_str()))
    }

    /// Draws once; true means this call is hit.
    fn draw(&mut self) -> bool {
        let hit = self.rng().random::<f64>() < self.probability;
        self.draws += 1;
        if hit {
            self.hits += 1;
            self.count = self.count.map(|n| n.saturating_sub(1));
        }
        hit
    }

    /// A generator for the present draw.
    pub fn rng(&self) -> StdRng {
        StdRng::seed_from_u64(
            self.seed
                .wrapping_mul(0x9e37_79b9_7f4a_7c15)
                .wrapping_add(self.draws),
        )
    }
}

/// The first fault that hits a call of `name`, counted as drawn; `delivery` chooses between the two families.
pub fn strike(change: &mut Change<'_>, name: &str, delivery: bool) -> Option<Fault> {
    let matching: Vec<Fault> = change
        .faults
        .values()
        .filter(|f| f.kind.of_delivery() == delivery && f.count != Some(0) && f.names(name))
        .cloned()
        .collect();
    for mut fault in matching {
        if fault.kind == Kind::PartialBatch && name != "BatchMeterUsage" {
            continue;
        }
        let hit = fault.draw();
        change.put(Entry::Fault(fault.clone()));
        if hit {
            return Some(fault);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn fault(value: Value) -> Result<Fault, String> {
        serde_json::from_value::<Request>(value)
            .map_err(|e| e.to_string())?
            .into_fault(1)
    }

    #[test]
    fn requests_are_checked_with_a_sentence() {
        for (request, complaint) in [
            (
                json!({"operation": "BatchMeterUsage", "kind": "throttle"}),
                None,
            ),
            (json!({"kind": "duplicate"}), None),
            (
                json!({"operation": "licenseUpdated", "kind": "delay", "delaySeconds": 5}),
                None,
            ),
            (
                json!({"operation": "BatchMeterUsage", "kind": "explode"}),
                Some("the kinds are throttle"),
            ),
            (
                json!({"operation": "batchMeterUsage", "kind": "throttle"}),
                Some("it takes *, ResolveCustomer"),
            ),
            (
                json!({"operation": "ReceiveMessage", "kind": "partialBatch"}),
                Some("for BatchMeterUsage alone"),
            ),
            (
                json!({"operation": "*", "kind": "throttle", "probability": 2}),
                Some("from 0 to 1"),
            ),
            (json!({"kind": "throttle"}), Some("names no operation")),
            (
                json!({"operation": "*", "kind": "throttle", "often": 1}),
                Some("unknown field"),
            ),
        ] {
            match (fault(request.clone()), complaint) {
                (Ok(_), None) => {}
                (Err(text), Some(part)) => assert!(text.contains(part), "{request}: {text}"),
                (got, _) => panic!("{request}: {got:?}"),
            }
        }
    }

    #[test]
    fn the_same_seed_hits_the_same_calls() {
        let run = |seed| {
            let mut f = fault(
                json!({"operation": "*", "kind": "throttle", "probability": 0.3, "seed": seed}),
            )
            .unwrap();
            (0..1000).map(|_| f.draw()).collect::<Vec<_>>()
        };
        assert_eq!(run(1), run(1));
        assert_ne!(run(1), run(2));
        let hits = run(1).iter().filter(|h| **h).count();
        assert!((250..350).contains(&hits), "{hits} of 1000 at 0.3");
    }
}
