//! One usage record as sent: types, limits, quantities and allocations.
//!
//! Nothing here depends on the state. Source: the service model; for tags the strict character set of its text, not its accidental
//! range. Invariant: what passes has exactly one quantity and allocations that add up to it.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use crate::{error::AwsError, quantity};

/// A record that is well formed.
#[derive(Debug)]
pub(super) struct Usage {
    pub(super) timestamp_ms: i64,
    pub(super) dimension: String,
    /// Millionths.
    pub(super) quantity: u64,
    pub(super) license_arn: String,
    pub(super) account_id: String,
    pub(super) customer_identifier: Option<String>,
    /// As sent, for the answer.
    pub(super) echo: Value,
}

/// Reads one record.
pub(super) fn parse(record: &Value) -> Result<Usage, AwsError> {
    let Value::Object(members) = record else {
        return Err(malformed("A usage record is not a structure."));
    };
    let timestamp = members
        .get("Timestamp")
        .filter(|v| !v.is_null())
        .ok_or_else(|| AwsError::validation("Timestamp is required."))?;
    let seconds = timestamp
        .as_f64()
        .ok_or_else(|| malformed("Timestamp is not a number of epoch seconds."))?;
    if !(0.0..253_402_300_800.0).contains(&seconds) {
        return Err(AwsError::client(
            "TimestampOutOfBoundsException",
            "The timestamp value passed in the UsageRecord is out of allowed range.",
        ));
    }
    let dimension = text(members, "Dimension")?
        .ok_or_else(|| AwsError::validation("Dimension is required."))?;
    if !(1..=255).contains(&dimension.chars().count()) {
        return Err(AwsError::validation("Dimension has 1 to 255 characters."));
    }
    let account_id = text(members, "CustomerAWSAccountId")?.unwrap_or_default();
    if !account_id.bytes().all(|b| b.is_ascii_digit()) {
        return Err(AwsError::validation(
            "CustomerAWSAccountId has digits only.",
        ));
    }
    let (quantity, decimal) =
        quantity_of(members, "Quantity", "QuantityAsDecimal")?.unwrap_or((0, false));
    allocations(members, quantity, decimal, quantity_given(members))?;
    #[expect(
        clippy::cast_possible_truncation,
        reason = "bounded above, and AWS takes milliseconds at most"
    )]
    let timestamp_ms = (seconds * 1000.0).round() as i64;
    Ok(Usage {
        timestamp_ms,
        dimension,
        quantity,
        license_arn: text(members, "LicenseArn")?.unwrap_or_default(),
        account_id,
        customer_identifier: text(members, "CustomerIdentifier")?,
        echo: record.clone(),
    })
}

fn text(members: &Map<String, Value>, name: &str) -> Result<Option<String>, AwsError> {
    match members.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(malformed(format!("{name} is not a text."))),
    }
}

fn quantity_given(members: &Map<String, Value>) -> bool {
    ["Quantity", "QuantityAsDecimal"]
        .iter()
        .any(|n| members.get(*n).is_some_and(|v| !v.is_null()))
}

/// The quantity in millionths and whether it was a decimal; "you can't specify both".
fn quantity_of(
    members: &Map<String, Value>,
    integer: &str,
    decimal: &str,
) -> Result<Option<(u64, bool)>, AwsError> {
    let given = |name: &str| members.get(name).filter(|v| !v.is_null());
    match (given(integer), given(decimal)) {
        (Some(_), Some(_)) => Err(AwsError::validation(format!(
            "{integer} and {decimal} cannot both be specified."
        ))),
        (None, None) => Ok(None),
        (Some(value), None) => match quantity::from_integer(value) {
            Some(q) => Ok(Some((q, false))),
            None if value.is_i64() || value.is_u64() => Err(AwsError::validation(format!(
                "{integer} is a whole number from 0 to 2147483647."
            ))),
            None => Err(malformed(format!("{integer} is not a whole number."))),
        },
        (None, Some(value)) => {
            let text = value
                .as_str()
                .ok_or_else(|| malformed(format!("{decimal} is not a text.")))?;
            let bad = || {
                AwsError::validation(format!(
                    "{decimal} is not a decimal number with at most 10 integer digits and 6 decimals."
                ))
            };
            quantity::from_decimal(text)
                .map(|q| Some((q, true)))
                .ok_or_else(bad)
        }
    }
}

fn allocations(
    members: &Map<String, Value>,
    total: u64,
    decimal: bool,
    quantity_given: bool,
) -> Result<(), AwsError> {
    let list = match members.get("UsageAllocations") {
        None | Some(Value::Null) => return Ok(()),
        Some(Value::Array(list)) => list,
        Some(_) => return Err(malformed("UsageAllocations is not a list.")),
    };
    let bad = |text: &str| AwsError::client("InvalidUsageAllocationsException", text);
    if !(1..=2500).contains(&list.len()) {
        return Err(AwsError::validation(
            "UsageAllocations has 1 to 2500 entries.",
        ));
    }
    let (mut sum, mut seen) = (0, BTreeSet::new());
    for item in list {
        let Value::Object(item) = item else {
            return Err(malformed("A usage allocation is not a structure."));
        };
        let (share, share_decimal) = quantity_of(
            item,
            "AllocatedUsageQuantity",
            "AllocatedUsageQuantityAsDecimal",
        )?
        .ok_or_else(|| bad("A usage allocation has no quantity."))?;
        if share_decimal != decimal && (quantity_given || share_decimal) {
            return Err(bad(
                "The allocations don't use the same type of quantity as the usage quantity.",
            ));
        }
        sum += share;
        if !seen.insert(tags(item)?) {
            return Err(bad("Two usage allocations have the same set of tags."));
        }
    }
    if sum == total {
        Ok(())
    } else {
        Err(bad(
            "Sum of allocated usage quantities is not equal to the usage quantity.",
        ))
    }
}

/// The tags of one allocation as a comparable text.
fn tags(item: &Map<String, Value>) -> Result<String, AwsError> {
    let bad = |text: &str| AwsError::client("InvalidTagException", text);
    let list = match item.get("Tags") {
        None | Some(Value::Null) => return Ok(String::new()),
        Some(Value::Array(list)) => list,
        Some(_) => return Err(malformed("Tags is not a list.")),
    };
    if !(1..=5).contains(&list.len()) {
        return Err(bad("The number of tags is not between 1 and 5."));
    }
    let mut pairs = BTreeSet::new();
    for tag in list {
        let part = |name: &str, most: usize| {
            let text = tag.get(name).and_then(Value::as_str).unwrap_or_default();
            let plain = text
                .chars()
                .all(|c| c.is_alphanumeric() || " +-=._:/@".contains(c));
            if plain && (1..=most).contains(&text.chars().count()) {
                Ok(text)
            } else {
                Err(bad("The tag is invalid."))
            }
        };
        pairs.insert((part("Key", 100)?, part("Value", 256)?));
    }
    let keys: BTreeSet<_> = pairs.iter().map(|(key, _)| key).collect();
    if keys.len() < list.len() {
        Err(bad("A tag key occurs twice."))
    } else {
        Ok(json!(pairs).to_string())
    }
}

fn malformed(text: impl Into<String>) -> AwsError {
    AwsError::client("SerializationException", text)
}
