//! `GetEntitlements`: what live contracts grant.
//!
//! Source: the service model (filters OR-ed within a key and AND-ed across keys, pages of 25 at most, a `NextToken` that may come with
//! an empty page). Pay as you go grants nothing. Invariant: paging without changes in between shows every entitlement once.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Map, Value, json};

use crate::{
    error::AwsError,
    sim::Sim,
    switches,
    wire::Call,
    world::{Entitlement, License, World},
};

/// Runs the operation.
pub fn get_entitlements(sim: &Sim, call: &Call) -> Result<Value, AwsError> {
    let body = &call.body;
    let product_code = match body.get("ProductCode") {
        Some(Value::String(code)) if (1..=255).contains(&code.len()) => code,
        _ => return Err(invalid("ProductCode has 1 to 255 characters.")),
    };
    let filters = filters(body.get("Filter"))?;
    let page = match body.get("MaxResults") {
        None | Some(Value::Null) => 25,
        Some(value) => value
            .as_u64()
            .filter(|n| (1..=25).contains(n))
            .ok_or_else(|| invalid("MaxResults is a whole number from 1 to 25."))?,
    };
    let page = usize::try_from(page).unwrap_or(25);
    let start = match body.get("NextToken") {
        None | Some(Value::Null) => None,
        Some(token) => Some(
            token
                .as_str()
                .and_then(read_token)
                .ok_or_else(|| invalid("NextToken is not valid."))?,
        ),
    };
    let now = sim.clock.business_ms();
    Ok(sim.read(|world| {
        let all: Vec<Value> = world
            .licenses
            .values()
            .filter(|l| l.product_code == *product_code && live(l, now))
            .flat_map(|l| l.entitlements.iter().map(move |e| (l, e)))
            .filter(|(l, e)| {
                filters
                    .iter()
                    .all(|(key, values)| matches(key, values, l, e))
            })
            .map(|(l, e)| shown(l, e))
            .collect();
        answer(world, &all, start, page)
    }))
}

fn answer(world: &World, all: &[Value], start: Option<usize>, page: usize) -> Value {
    let empty_first = start.is_none() && switches::is(world, "entitlementsEmptyPage", "on");
    let from = start.unwrap_or(0).min(all.len());
    let to = if empty_first {
        from
    } else {
        (from + page).min(all.len())
    };
    let mut out = json!({});
    if to > from || switches::is(world, "entitlementsWhenEmpty", "emptyList") {
        out["Entitlements"] = Value::Array(all[from..to].to_vec());
    }
    if to < all.len() || empty_first {
        out["NextToken"] = json!(STANDARD.encode(format!("entitlements {to}")));
    }
    out
}

fn read_token(token: &str) -> Option<usize> {
    String::from_utf8(STANDARD.decode(token).ok()?)
        .ok()?
        .strip_prefix("entitlements ")?
        .parse()
        .ok()
}

fn filters(value: Option<&Value>) -> Result<Map<String, Value>, AwsError> {
    let filters = match value {
        None | Some(Value::Null) => return Ok(Map::new()),
        Some(Value::Object(filters)) => filters.clone(),
        Some(_) => return Err(invalid("Filter is not a map.")),
    };
    for (key, values) in &filters {
        if ![
            "CUSTOMER_IDENTIFIER",
            "CUSTOMER_AWS_ACCOUNT_ID",
            "DIMENSION",
            "LICENSE_ARN",
        ]
        .contains(&key.as_str())
        {
            return Err(invalid(format!("There is no filter {key}.")));
        }
        if !values
            .as_array()
            .is_some_and(|list| !list.is_empty() && list.iter().all(Value::is_string))
        {
            return Err(invalid(format!("The filter {key} has no values.")));
        }
    }
    if filters.contains_key("CUSTOMER_IDENTIFIER")
        && filters.contains_key("CUSTOMER_AWS_ACCOUNT_ID")
    {
        return Err(invalid(
            "CUSTOMER_IDENTIFIER and CUSTOMER_AWS_ACCOUNT_ID cannot be combined.",
        ));
    }
    Ok(filters)
}

fn matches(key: &str, values: &Value, license: &License, entitlement: &Entitlement) -> bool {
    let actual = match key {
        "CUSTOMER_AWS_ACCOUNT_ID" => &license.account_id,
        "DIMENSION" => &entitlement.dimension,
        "LICENSE_ARN" => &license.arn,
        // Products on Concurrent Agreements have no customer identifiers.
        _ => return false,
    };
    values
        .as_array()
        .is_some_and(|list| list.iter().any(|v| v == actual))
}

/// Entitlements are revoked with *License Deprovisioned*.
fn live(license: &License, now: i64) -> bool {
    now >= license.active_from_ms && license.deprovisioned_ms.is_none_or(|end| now < end)
}

fn shown(license: &License, entitlement: &Entitlement) -> Value {
    let kind = match &entitlement.value {
        Value::Bool(_) => "BooleanValue",
        Value::String(_) => "StringValue",
        Value::Number(n) if n.is_i64() || n.is_u64() => "IntegerValue",
        _ => "DoubleValue",
    };
    json!({
        "ProductCode": license.product_code,
        "Dimension": entitlement.dimension,
        "CustomerAWSAccountId": license.account_id,
        "LicenseArn": license.arn,
        "Value": {kind: entitlement.value},
        "ExpirationDate": entitlement.expiration_ms / 1000,
    })
}

fn invalid(text: impl Into<String>) -> AwsError {
    AwsError::client("InvalidParameterException", text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        agreements::{End, Purchase, end, purchase},
        sim::tests::sim,
        wire::Protocol,
        world::Entry,
    };

    fn ask(sim: &Sim, body: Value) -> Result<Value, AwsError> {
        let call = Call {
            service: "marketplace-entitlement",
            operation: "GetEntitlements".into(),
            protocol: Protocol::Cbor,
            body,
            bytes: 0,
            region: "us-east-1".into(),
            base_url: String::new(),
        };
        get_entitlements(sim, &call)
    }

    #[tokio::test]
    async fn every_entitlement_of_a_live_licence_is_shown_once_whatever_the_paging() {
        for empty_page in ["off", "on"] {
            let (sim, _dir) = sim("2026-10-10T10:00:00Z");
            sim.change(|c| {
                c.put(Entry::Switch(
                    "entitlementsEmptyPage".into(),
                    Some(empty_page.into()),
                ));
            })
            .await;
            let mut bought = Vec::new();
            for pricing in [
                "contract",
                "contractWithConsumption",
                "subscription",
                "contract",
            ] {
                let request: Purchase =
                    serde_json::from_value(json!({"pricing": pricing})).unwrap();
                bought.push(sim.change(|c| purchase(&sim, c, request)).await.unwrap());
            }
            sim.change(|c| {
                end(
                    &sim,
                    c,
                    bought[3]["agreementId"].as_str().unwrap(),
                    End::default(),
                )
            })
            .await
            .unwrap();
            let (mut seen, mut token) = (Vec::new(), Value::Null);
            loop {
                let page = ask(
                    &sim,
                    json!({"ProductCode": "payphone-demo", "MaxResults": 1, "NextToken": token}),
                )
                .unwrap();
                seen.extend(
                    page["Entitlements"]
                        .as_array()
                        .unwrap()
                        .iter()
                        .map(|e| e["LicenseArn"].clone()),
                );
                token = page["NextToken"].clone();
                if token.is_null() {
                    break;
                }
            }
            let mut expected = vec![
                bought[0]["licenseArn"].clone(),
                bought[1]["licenseArn"].clone(),
            ];
            expected.sort_by_key(Value::to_string);
            assert_eq!(seen, expected, "{empty_page}");
        }
    }

    #[tokio::test]
    async fn filters_are_checked() {
        let (sim, _dir) = sim("2026-10-10T10:00:00Z");
        sim.change(|c| {
            c.put(Entry::Switch(
                "entitlementsWhenEmpty".into(),
                Some("absent".into()),
            ));
        })
        .await;
        assert_eq!(
            ask(
                &sim,
                json!({"ProductCode": "payphone-demo", "Filter": {"DIMENSION": ["x"]}})
            )
            .unwrap(),
            json!({})
        );
        for bad in [
            json!({}),
            json!({"ProductCode": "p", "Filter": {"LICENSE_ARN": []}}),
            json!({"ProductCode": "p", "Filter": {"COLOUR": ["x"]}}),
            json!({"ProductCode": "p", "Filter": {"CUSTOMER_IDENTIFIER": ["x"], "CUSTOMER_AWS_ACCOUNT_ID": ["y"]}}),
            json!({"ProductCode": "p", "MaxResults": 26}),
            json!({"ProductCode": "p", "NextToken": "x"}),
        ] {
            assert_eq!(
                ask(&sim, bad.clone()).unwrap_err().code,
                "InvalidParameterException",
                "{bad}"
            );
        }
    }
}
