//! `BatchMeterUsage`: the gate that a whole batch must pass, then one verdict for each record.
//!
//! Sources: the service model for limits, statuses, exceptions and the window; AWS's metering guide for books kept by region and hour.
//! Pure contracts have no metered dimension, so metering one fails with `InvalidUsageDimensionException`.
//! Invariant: a call that fails has written nothing; the first honoured quantity of a key never changes.

use rand::RngExt as _;
use serde_json::{Value, json};

use crate::{
    clock::HOUR_MS,
    error::AwsError,
    faults::Fault,
    sim::{Change, Sim},
    switches,
    window::{self, Window},
    wire::Call,
    world::{Entry, License, MeteringRow, Pricing, World},
};

mod record;

use record::Usage;

/// Calls per second, account and region (AWS Marketplace, metering service quotas).
const QUOTA: usize = 10;

/// Runs the operation; a fault may leave some records unprocessed.
pub async fn batch_meter_usage(
    sim: &Sim,
    call: &Call,
    partial: Option<&Fault>,
) -> Result<Value, AwsError> {
    if sim.read(|w| switches::is(w, "meteringQuota", "on")) && over_quota(sim, &call.region) {
        return Err(AwsError::client("ThrottlingException", "Rate exceeded"));
    }
    if sim.read(|w| switches::is(w, "disabledApi", "BatchMeterUsage")) {
        return Err(AwsError::client(
            "DisabledApiException",
            "The API is disabled in the Region.",
        ));
    }
    if call.bytes >= 1_000_000 {
        return Err(AwsError::client(
            "RequestEntityTooLargeException",
            "The request must be smaller than 1 MB.",
        )
        .status(413));
    }
    let product_code = match call.body.get("ProductCode") {
        None | Some(Value::Null) => None,
        Some(Value::String(text)) => Some(text.as_str()).filter(|t| !t.is_empty()),
        Some(_) => {
            return Err(AwsError::client(
                "SerializationException",
                "ProductCode is not a text.",
            ));
        }
    };
    let records = match call.body.get("UsageRecords") {
        Some(Value::Array(records)) => records,
        None | Some(Value::Null) => return Err(AwsError::validation("UsageRecords is required.")),
        Some(_) => {
            return Err(AwsError::client(
                "SerializationException",
                "UsageRecords is not a list.",
            ));
        }
    };
    if records.len() > 25 {
        let text = "1 validation error detected: Value at 'usageRecords' failed to satisfy constraint: Member must have length less than or equal to 25";
        return Err(AwsError::validation(text));
    }
    let usages = records
        .iter()
        .map(record::parse)
        .collect::<Result<Vec<_>, _>>()?;
    let skipped = partial
        .map(|fault| unprocessed(fault, usages.len()))
        .unwrap_or_default();
    let now = sim.clock.business_ms();
    sim.change(|change| {
        gate(sim, change, &usages, product_code, now)?;
        let (mut results, mut left) = (Vec::new(), Vec::new());
        for (index, usage) in usages.iter().enumerate() {
            if skipped.contains(&index) {
                left.push(usage.echo.clone());
            } else {
                results.push(meter(
                    sim,
                    change,
                    usage,
                    &call.region,
                    product_code.is_some(),
                    now,
                ));
            }
        }
        Ok(json!({"Results": results, "UnprocessedRecords": left}))
    })
    .await
}

/// Everything that fails the whole batch.
fn gate(
    sim: &Sim,
    world: &World,
    usages: &[Usage],
    product_code: Option<&str>,
    now: i64,
) -> Result<(), AwsError> {
    let window = window_of(world);
    let mut product: Option<&str> = None;
    for usage in usages {
        identity(world, usage, product_code)?;
        let license = world.licenses.get(&usage.license_arn);
        if let Some(license) = license {
            if license.account_id != usage.account_id {
                return Err(invalid_license(
                    "The LicenseArn does not match the customer.",
                ));
            }
            if *product.get_or_insert(&license.product_code) != license.product_code {
                return Err(invalid_license(
                    "The licenses of one call belong to different products.",
                ));
            }
            if product_code.is_some_and(|code| code != license.product_code) {
                let text = "The product code passed does not match the product code used for publishing the product.";
                return Err(AwsError::client("InvalidProductCodeException", text));
            }
        } else if switches::is(world, "unknownLicense", "InvalidLicenseException") {
            return Err(invalid_license("The LicenseArn is not known."));
        }
        if !sim.settings.dimensions.contains(&usage.dimension)
            || license.is_some_and(|l| l.pricing == Pricing::Contract)
        {
            let text = format!(
                "The usage dimension {:?} does not match one of the UsageDimensions associated with products.",
                usage.dimension
            );
            return Err(AwsError::client("InvalidUsageDimensionException", text));
        }
    }
    for usage in usages {
        let license = world.licenses.get(&usage.license_arn);
        if !window::inside(window, usage.timestamp_ms, now) {
            return Err(out_of_bounds());
        }
        let Some(license) = license.filter(|l| subscribed(world, l, now)) else {
            continue;
        };
        if usage.timestamp_ms < window::earliest(window, license.active_from_ms) {
            return Err(match switches::get(world, "startBoundError") {
                "InvalidLicenseException" => {
                    invalid_license("The usage is before the license activation period.")
                }
                _ => out_of_bounds(),
            });
        }
        if opening(world, license).is_some_and(|end| usage.timestamp_ms > end) {
            return Err(invalid_license(
                "The usage is after the license activation period.",
            ));
        }
    }
    Ok(())
}

fn identity(world: &World, usage: &Usage, product_code: Option<&str>) -> Result<(), AwsError> {
    let no_customer =
        |text: &str| Err(AwsError::client("InvalidCustomerIdentifierException", text));
    match usage.customer_identifier.as_deref() {
        None => {}
        // The Rust SDK writes an empty CustomerIdentifier whenever none is set; what AWS makes of it is an open point.
        Some("") if switches::is(world, "emptyCustomerIdentifier", "accept") => {}
        Some("") => return no_customer("CustomerIdentifier must not be empty."),
        Some(_) if !usage.license_arn.is_empty() || !usage.account_id.is_empty() => {
            return no_customer(
                "CustomerIdentifier cannot be combined with CustomerAWSAccountId or LicenseArn.",
            );
        }
        // Products on Concurrent Agreements have no customer identifiers at all.
        Some(_) => {
            return no_customer(
                "You have metered usage for a CustomerIdentifier that does not exist.",
            );
        }
    }
    if usage.license_arn.is_empty() {
        return Err(invalid_license(
            "The product uses Concurrent Agreements: every record needs a LicenseArn.",
        ));
    }
    if !usage.license_arn.starts_with("arn:aws") || usage.license_arn.split(':').count() < 6 {
        return Err(invalid_license("The LicenseArn is not valid."));
    }
    if usage.account_id.is_empty() {
        return no_customer("CustomerAWSAccountId is required beside LicenseArn.");
    }
    if product_code.is_some() && switches::is(world, "productCodeWithLicense", "reject") {
        return Err(AwsError::client(
            "InvalidProductCodeException",
            "ProductCode cannot be combined with LicenseArn.",
        ));
    }
    Ok(())
}

/// The verdict on one record of a batch that passed the gate.
fn meter(
    sim: &Sim,
    change: &mut Change<'_>,
    usage: &Usage,
    region: &str,
    billed_twice: bool,
    now: i64,
) -> Value {
    let key = key(change, usage, region);
    let live = change
        .licenses
        .get(&usage.license_arn)
        .is_some_and(|l| subscribed(change, l, now));
    let earlier = change.metering.get(&key).cloned();
    let (status, row_key) = match &earlier {
        _ if !live => (
            "CustomerNotSubscribed",
            format!("{key}|CustomerNotSubscribed|{}", usage.quantity),
        ),
        Some(row) if row.quantity != usage.quantity => (
            "DuplicateRecord",
            format!("{key}|DuplicateRecord|{}", usage.quantity),
        ),
        Some(_) => (switches::get(change, "identicalResend"), key),
        None => ("Success", key),
    };
    let status = status.to_owned();
    let honoured = status == "Success" || earlier.as_ref().is_some_and(|e| e.key == row_key);
    let row = match change.metering.get(&row_key).cloned() {
        Some(row) => MeteringRow {
            attempts: row.attempts + 1,
            billed_twice: row.billed_twice || billed_twice,
            ..row
        },
        None => MeteringRow {
            key: row_key,
            region: region.to_owned(),
            license_arn: usage.license_arn.clone(),
            customer_aws_account_id: usage.account_id.clone(),
            dimension: usage.dimension.clone(),
            timestamp_ms: usage.timestamp_ms,
            quantity: usage.quantity,
            status: status.clone(),
            metering_record_id: honoured.then(|| sim.ids.uuid()),
            attempts: 1,
            billed_twice: honoured && billed_twice,
            received_ms: now,
            usage_allocations: usage.echo.get("UsageAllocations").cloned(),
        },
    };
    let mut result = json!({"UsageRecord": usage.echo, "Status": status});
    if let Some(id) = &row.metering_record_id {
        result["MeteringRecordId"] = json!(id);
    }
    change.put(Entry::Metering(row));
    result
}

/// What makes two records the same: region, customer, licence, dimension and hour (or exact timestamp).
fn key(world: &World, usage: &Usage, region: &str) -> String {
    let ts = usage.timestamp_ms;
    let at = if switches::is(world, "dedupeBy", "hour") {
        ts - ts.rem_euclid(HOUR_MS)
    } else {
        ts
    };
    format!(
        "{region}|{}|{}|{}|{at}",
        usage.license_arn, usage.account_id, usage.dimension
    )
}

/// Whether usage of the licence is honoured now: from activation until the final window closes.
fn subscribed(world: &World, license: &License, now: i64) -> bool {
    let length = switches::number(world, "finalWindowMinutes") * crate::clock::MINUTE_MS;
    now >= license.active_from_ms && opening(world, license).is_none_or(|end| now < end + length)
}

/// When the final metering window opens, once that is known.
fn opening(world: &World, license: &License) -> Option<i64> {
    if switches::is(world, "finalWindowOpensOn", "agreementEnded") {
        license.ended_ms
    } else {
        license.deprovisioned_ms
    }
}

fn window_of(world: &World) -> Window {
    Window {
        hours: switches::number(world, "windowHours"),
        future: switches::is(world, "futureTimestamps", "accept"),
        whole_first_hour: switches::is(world, "firstHour", "accepted"),
    }
}

fn unprocessed(fault: &Fault, records: usize) -> Vec<usize> {
    let mut rng = fault.rng();
    let chosen: Vec<usize> = (0..records).filter(|_| rng.random_bool(0.5)).collect();
    if chosen.is_empty() && records > 0 {
        vec![rng.random_range(0..records)]
    } else {
        chosen
    }
}

fn over_quota(sim: &Sim, region: &str) -> bool {
    let now = sim.clock.real_ms();
    let mut calls = sim
        .recent_calls
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner);
    let recent = calls.entry(region.to_owned()).or_default();
    while recent.front().is_some_and(|at| now - at >= 1000) {
        recent.pop_front();
    }
    if recent.len() >= QUOTA {
        return true;
    }
    recent.push_back(now);
    false
}

fn invalid_license(text: &str) -> AwsError {
    AwsError::client("InvalidLicenseException", text)
}

fn out_of_bounds() -> AwsError {
    AwsError::client(
        "TimestampOutOfBoundsException",
        "The timestamp value passed in the UsageRecord is out of allowed range.",
    )
}

#[cfg(test)]
mod tests;
