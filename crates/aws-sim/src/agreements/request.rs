//! What callers may ask of agreements, and the checks that need no state.
//!
//! Invariant: a refusal is a sentence that names what is allowed.

use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    faults::EVENT_NAMES,
    sim::Sim,
    world::{Entitlement, Pricing},
};

/// What `POST /_sim/v1/agreements` takes.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Purchase {
    /// Default: the listing of this stand-in.
    pub product_code: Option<String>,
    /// Default: a new account.
    pub account_id: Option<String>,
    /// Default: subscription.
    pub pricing: Option<Pricing>,
    /// Default for contracts: ten of the first contract dimension.
    pub entitlements: Option<Vec<Granted>>,
    /// 7–90 days.
    pub free_trial_days: Option<u32>,
    /// Seconds from Created to License Updated.
    pub event_delay_seconds: Option<f64>,
    /// Events never sent.
    pub withhold: Option<Vec<String>>,
}

/// One entitlement asked for.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Granted {
    dimension: String,
    value: Value,
    #[serde(default)]
    expires_at: Option<String>,
}

/// What `POST …/end` takes.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct End {
    /// Default: CANCELLED.
    pub status: Option<String>,
    /// Overrides the agreement's.
    pub event_delay_seconds: Option<f64>,
    /// Added to the agreement's.
    pub withhold: Option<Vec<String>>,
}

/// A sentence for a caller, with an HTTP status.
#[derive(Debug, PartialEq, Eq)]
pub struct Refusal(pub u16, pub String);

pub(super) fn refuse<T>(text: impl Into<String>) -> Result<T, Refusal> {
    Err(Refusal(400, text.into()))
}

pub(super) fn withheld(names: Vec<String>) -> Result<Vec<String>, Refusal> {
    match names.iter().find(|n| !EVENT_NAMES.contains(&n.as_str())) {
        Some(name) => refuse(format!(
            "withhold takes {}, not {name:?}.",
            EVENT_NAMES.join(", ")
        )),
        None => Ok(names),
    }
}

pub(super) fn delay(seconds: Option<f64>) -> Result<Option<i64>, Refusal> {
    match seconds {
        None => Ok(None),
        #[expect(clippy::cast_possible_truncation, reason = "bounded one line above")]
        Some(s) if (0.0..=31_536_000.0).contains(&s) => Ok(Some(s as i64)),
        Some(s) => refuse(format!(
            "eventDelaySeconds is a number from 0 to 31536000, not {s}."
        )),
    }
}

pub(super) fn granted(
    sim: &Sim,
    pricing: Pricing,
    asked: Option<Vec<Granted>>,
    expiration_ms: i64,
) -> Result<Vec<Entitlement>, Refusal> {
    if pricing == Pricing::Subscription {
        return if asked.is_some_and(|list| !list.is_empty()) {
            refuse("A subscription has no entitlements; use contract or contractWithConsumption.")
        } else {
            Ok(Vec::new())
        };
    }
    let default = || Granted {
        dimension: sim
            .settings
            .contract_dimensions
            .first()
            .cloned()
            .unwrap_or_default(),
        value: json!(10),
        expires_at: None,
    };
    asked
        .unwrap_or_else(|| vec![default()])
        .into_iter()
        .map(|g| {
            if !sim.settings.contract_dimensions.contains(&g.dimension) {
                return refuse(format!(
                    "The listing has the contract dimensions {}, not {:?}.",
                    sim.settings.contract_dimensions.join(", "),
                    g.dimension
                ));
            }
            if g.value.is_null() || g.value.is_array() || g.value.is_object() {
                return refuse("The value of an entitlement is a number, a boolean or a text.");
            }
            let expiration_ms = match &g.expires_at {
                None => expiration_ms,
                Some(text) => match chrono::DateTime::parse_from_rfc3339(text) {
                    Ok(at) => at.timestamp_millis(),
                    Err(_) => {
                        return refuse(format!("expiresAt is an RFC 3339 time, not {text:?}."));
                    }
                },
            };
            Ok(Entitlement {
                dimension: g.dimension,
                value: g.value,
                expiration_ms,
            })
        })
        .collect()
}
