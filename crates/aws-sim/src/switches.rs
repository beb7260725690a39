//! The switches: one for every point that only a live listing can answer, so that a product is tested under both answers.
//!
//! Sources: the list of open points about AWS Marketplace (its numbers stand in each meaning) and the notes on tokens, windows and paging.
//! Invariant: a value that is not in the table is never stored.

use serde_json::{Map, Value, json};

use crate::world::World;

/// One switch.
#[derive(Debug)]
pub struct Switch {
    /// Its name on the control route.
    pub name: &'static str,
    /// The values it takes, the default first; numbers are bounds of a whole number, lowest and highest, after the default.
    pub values: Values,
    /// What it decides.
    pub meaning: &'static str,
}

/// What a switch accepts.
#[derive(Debug)]
pub enum Values {
    /// One of these; the first is the default.
    OneOf(&'static [&'static str]),
    /// A whole number: default, lowest, highest.
    Number(i64, i64, i64),
}

use Values::{Number, OneOf};

mod identity;
mod kms;

/// Every switch.
pub fn all() -> impl Iterator<Item = &'static Switch> {
    MARKETPLACE
        .iter()
        .chain(identity::SWITCHES)
        .chain(kms::SWITCHES)
}

/// The switches about the listing.
const MARKETPLACE: &[Switch] = &[
    Switch {
        name: "emptyCustomerIdentifier",
        values: OneOf(&["accept", "reject"]),
        meaning: "point 1: BatchMeterUsage with CustomerIdentifier \"\" beside LicenseArn is accepted, or fails with InvalidCustomerIdentifierException",
    },
    Switch {
        name: "identicalResend",
        values: OneOf(&["Success", "DuplicateRecord"]),
        meaning: "point 2: status of a record that was taken before with the same quantity; the MeteringRecordId is the first one either way",
    },
    Switch {
        name: "dedupeBy",
        values: OneOf(&["hour", "timestamp"]),
        meaning: "point 3: two records are the same if their hour, or their exact timestamp, is",
    },
    Switch {
        name: "licenceOnRenew",
        values: OneOf(&["same", "new"]),
        meaning: "point 4: renew and replace keep the licence, or issue a new one and deprovision the old",
    },
    Switch {
        name: "licenseUpdatedForPayg",
        values: OneOf(&["emitted", "withheld"]),
        meaning: "point 5: pay-as-you-go agreements get a License Updated event, or none",
    },
    Switch {
        name: "finalWindowOpensOn",
        values: OneOf(&["licenseDeprovisioned", "agreementEnded"]),
        meaning: "point 6: the event that opens the final metering window",
    },
    Switch {
        name: "finalWindowMinutes",
        values: Number(60, 0, 1440),
        meaning: "point 6: length of the final metering window in minutes",
    },
    Switch {
        name: "formExtraFields",
        values: OneOf(&["present", "absent"]),
        meaning: "point 7: Set up your account also posts the undocumented agreement-id, product-id and fulfillment-url fields",
    },
    Switch {
        name: "spendThresholdEvents",
        values: OneOf(&["off", "flat", "nested"]),
        meaning: "point 8: a pay-as-you-go purchase is followed by a Spend Threshold Reached event with a detail of that shape",
    },
    Switch {
        name: "productCodeWithLicense",
        values: OneOf(&["reject", "accept"]),
        meaning: "point 11: ProductCode beside LicenseArn fails with InvalidProductCodeException, or is taken and marked billedTwice",
    },
    Switch {
        name: "futureTimestamps",
        values: OneOf(&["refuse", "accept"]),
        meaning: "point 12: timestamps after now fail with TimestampOutOfBoundsException, or are taken",
    },
    Switch {
        name: "firstHour",
        values: OneOf(&["accepted", "refused"]),
        meaning: "point 13: a record stamped with the start of the hour in which the licence began is taken, or out of bounds",
    },
    Switch {
        name: "tokenReuse",
        values: OneOf(&["sameAnswer", "ExpiredTokenException"]),
        meaning: "a registration token resolved before gives the same answer, or fails",
    },
    Switch {
        name: "tokenLifetimeMinutes",
        values: Number(240, 1, 1440),
        meaning: "lifetime of a token from the buyer's console (4 h documented, \"about one hour\" on the same page); tokens of the Agreement API always live 30 min",
    },
    Switch {
        name: "windowHours",
        values: OneOf(&["24", "6"]),
        meaning: "how old a metering timestamp may be",
    },
    Switch {
        name: "startBoundError",
        values: OneOf(&["TimestampOutOfBoundsException", "InvalidLicenseException"]),
        meaning: "what a timestamp before the licence's first hour fails with",
    },
    Switch {
        name: "unknownLicense",
        values: OneOf(&["CustomerNotSubscribed", "InvalidLicenseException"]),
        meaning: "a licence that never existed is a status of the record, or fails the call",
    },
    Switch {
        name: "resolveLicenseArn",
        values: OneOf(&["present", "absent"]),
        meaning: "ResolveCustomer answers LicenseArn, or leaves it out",
    },
    Switch {
        name: "resolveAgreementId",
        values: OneOf(&["present", "absent"]),
        meaning: "ResolveCustomer answers Metadata.AgreementId, or leaves Metadata out",
    },
    Switch {
        name: "disabledApi",
        values: OneOf(&["none", "ResolveCustomer", "BatchMeterUsage"]),
        meaning: "the operation answers DisabledApiException",
    },
    Switch {
        name: "entitlementsEmptyPage",
        values: OneOf(&["off", "on"]),
        meaning: "GetEntitlements begins with an empty page that carries a NextToken",
    },
    Switch {
        name: "entitlementsWhenEmpty",
        values: OneOf(&["emptyList", "absent"]),
        meaning: "without entitlements the Entitlements member is an empty list, or absent",
    },
    Switch {
        name: "licenseArnSpelling",
        values: OneOf(&["captured", "printed"]),
        meaning: "licence ARNs in events are spelt as captured, or as in AWS's printed example (no leading arn:, a region, no license:)",
    },
    Switch {
        name: "eventRole",
        values: OneOf(&["Proposer", "Manufacturer"]),
        meaning: "suffix of Purchase Agreement events; Manufacturer is what a seller gets under a channel partner's offer",
    },
    Switch {
        name: "renewOrder",
        values: OneOf(&["endedFirst", "createdFirst"]),
        meaning: "on renew and replace the old agreement's Ended comes before, or after, the new one's Created",
    },
    Switch {
        name: "meteringQuota",
        values: OneOf(&["off", "on"]),
        meaning: "more than 10 BatchMeterUsage calls in any second of real time in one region answer ThrottlingException",
    },
];

/// The value in force.
pub fn get<'a>(world: &'a World, name: &str) -> &'a str {
    match world.switches.get(name) {
        Some(value) => value,
        None => all().find(|s| s.name == name).map_or("", default),
    }
}

/// Whether a switch stands at `value`.
pub fn is(world: &World, name: &str, value: &str) -> bool {
    get(world, name) == value
}

/// The value of a numeric switch.
pub fn number(world: &World, name: &str) -> i64 {
    get(world, name).parse().unwrap_or_else(|_| {
        all()
            .find(|s| s.name == name)
            .map_or(0, |s| match s.values {
                Number(default, ..) => default,
                OneOf(_) => 0,
            })
    })
}

fn default(switch: &Switch) -> &'static str {
    match switch.values {
        OneOf(values) => values.first().copied().unwrap_or_default(),
        Number(..) => "",
    }
}

/// Checks one assignment; what comes back is the text to store, or nothing for the default.
pub fn check(name: &str, value: &Value) -> Result<Option<String>, String> {
    let Some(switch) = all().find(|s| s.name == name) else {
        let names: Vec<_> = all().map(|s| s.name).collect();
        return Err(format!(
            "There is no switch {name:?}; the switches are {}.",
            names.join(", ")
        ));
    };
    let text = match value {
        Value::Null => return Ok(None),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    match switch.values {
        OneOf(values) if values.contains(&text.as_str()) => {
            Ok(Some(text).filter(|t| t != values[0]))
        }
        OneOf(values) => Err(format!(
            "The switch {name} takes {}, not {value}.",
            values.join(" or ")
        )),
        Number(default, low, high) => match text.parse::<i64>() {
            Ok(n) if (low..=high).contains(&n) => Ok(Some(n.to_string()).filter(|_| n != default)),
            _ => Err(format!(
                "The switch {name} takes a whole number from {low} to {high}, not {value}."
            )),
        },
    }
}

/// All values in force, by name.
pub fn values(world: &World) -> Value {
    Value::Object(
        all()
            .map(|s| (s.name.to_owned(), current(world, s)))
            .collect::<Map<_, _>>(),
    )
}

/// All switches with their values, default and meaning.
pub fn describe(world: &World) -> Vec<Value> {
    all()
        .map(|s| match s.values {
            OneOf(values) => json!({"name": s.name, "value": current(world, s), "default": values[0], "values": values, "meaning": s.meaning}),
            Number(default, low, high) => {
                json!({"name": s.name, "value": current(world, s), "default": default, "minimum": low, "maximum": high, "meaning": s.meaning})
            }
        })
        .collect()
}

fn current(world: &World, switch: &Switch) -> Value {
    match switch.values {
        OneOf(_) => Value::from(get(world, switch.name)),
        Number(..) => Value::from(number(world, switch.name)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_values_of_the_table_are_taken() {
        for (name, value, expected) in [
            (
                "dedupeBy",
                json!("timestamp"),
                Ok(Some("timestamp".to_owned())),
            ),
            ("dedupeBy", json!("hour"), Ok(None)),
            ("windowHours", json!(6), Ok(Some("6".to_owned()))),
            ("finalWindowMinutes", json!(30), Ok(Some("30".to_owned()))),
            ("finalWindowMinutes", json!("60"), Ok(None)),
        ] {
            assert_eq!(check(name, &value), expected, "{name} {value}");
        }
        assert_eq!(
            check("dedupeBy", &json!("day")).unwrap_err(),
            "The switch dedupeBy takes hour or timestamp, not \"day\"."
        );
        assert!(
            check("nonsense", &json!(1))
                .unwrap_err()
                .contains("the switches are emptyCustomerIdentifier")
        );
        assert!(check("finalWindowMinutes", &json!(-1)).is_err());
    }

    #[test]
    fn a_new_world_stands_at_the_defaults() {
        let world = World::default();
        assert!(is(&world, "tokenReuse", "sameAnswer"));
        assert_eq!(number(&world, "finalWindowMinutes"), 60);
        assert_eq!(number(&world, "windowHours"), 24);
        assert_eq!(values(&world)["tokenLifetimeMinutes"], 240);
    }
}
