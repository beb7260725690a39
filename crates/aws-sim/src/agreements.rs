//! The life of agreements and licences: purchase, end, renewal, replacement, and the tokens minted for them.
//!
//! Order and gaps of the events are those of a captured run (Created t+0, License Updated t+61 s, Ended, Deprovisioned 31 s later),
//! scaled so that License Updated comes `eventDelaySeconds` after Created.
//! Invariant: a licence's moments are fixed when they are decided; withholding an event hides it and changes nothing else.

use serde_json::{Value, json};

use crate::{
    clock::{HOUR_MS, MINUTE_MS, rfc3339},
    events,
    sim::{Change, LICENSE_ISSUER, Sim},
    switches,
    world::{Agreement, Entitlement, Entry, License, Pricing, Token, World},
};

mod request;

pub use request::{End, Granted, Purchase, Refusal};
use request::{delay, granted, refuse, withheld};

const YEAR_MS: i64 = 365 * 24 * HOUR_MS;
/// Captured: License Updated came 61 s after Created, License Deprovisioned 31 s after Ended.
const CAPTURED_ACTIVATION: i64 = 61;
const CAPTURED_DEPROVISIONING: i64 = 31;

/// Buys the product: agreement, licence, events, token.
pub fn purchase(sim: &Sim, change: &mut Change<'_>, request: Purchase) -> Result<Value, Refusal> {
    let now = sim.clock.business_ms();
    let account_id = request
        .account_id
        .clone()
        .unwrap_or_else(|| sim.ids.account());
    if account_id.len() != 12 || !account_id.bytes().all(|b| b.is_ascii_digit()) {
        return refuse(format!("accountId is 12 digits, not {account_id:?}."));
    }
    let product_code = request
        .product_code
        .clone()
        .unwrap_or_else(|| sim.settings.product_code.clone());
    if product_code.is_empty() || product_code.len() > 255 {
        return refuse("productCode has 1 to 255 characters.");
    }
    if let Some(days) = request.free_trial_days.filter(|d| !(7..=90).contains(d)) {
        return refuse(format!(
            "freeTrialDays is a whole number from 7 to 90, not {days}."
        ));
    }
    let pricing = request.pricing.unwrap_or(Pricing::Subscription);
    let term_end_ms = (pricing != Pricing::Subscription).then_some(now + YEAR_MS);
    let agreement = Agreement {
        agreement_id: sim.ids.agreement(),
        product_code,
        account_id,
        offer_id: sim.ids.offer(),
        license_arn: sim.ids.license_arn(LICENSE_ISSUER),
        pricing,
        intent: "NEW".into(),
        status: "ACTIVE".into(),
        previous_agreement_id: None,
        start_ms: now,
        term_end_ms,
        free_trial_days: request.free_trial_days,
        event_delay_seconds: delay(request.event_delay_seconds)?.unwrap_or(0),
        withhold: withheld(request.withhold.unwrap_or_default())?,
    };
    let entitlements = granted(
        sim,
        pricing,
        request.entitlements,
        term_end_ms.unwrap_or(now),
    )?;
    emit_created(sim, change, &agreement, now);
    let license = issue(sim, change, &agreement, entitlements, now);
    if agreement.pricing == Pricing::Subscription
        && !switches::is(change, "spendThresholdEvents", "off")
    {
        let body = events::spend_threshold(
            &sim.ids,
            &agreement,
            switches::is(change, "spendThresholdEvents", "nested"),
            license.active_from_ms,
        );
        events::schedule(
            change,
            "spendThreshold",
            body.to_string(),
            license.active_from_ms,
        );
    }
    change.put(Entry::Agreement(agreement.clone()));
    Ok(answer(sim, change, &agreement))
}

/// Ends an agreement: Ended now, Deprovisioned in proportion to the capture.
pub fn end(sim: &Sim, change: &mut Change<'_>, id: &str, request: End) -> Result<Value, Refusal> {
    let now = sim.clock.business_ms();
    let mut agreement = active(change, id)?;
    let status = request.status.unwrap_or_else(|| "CANCELLED".into());
    if !["CANCELLED", "EXPIRED", "TERMINATED", "RENEWED", "REPLACED"].contains(&status.as_str()) {
        return refuse(format!(
            "status is CANCELLED, EXPIRED, TERMINATED, RENEWED or REPLACED, not {status:?}."
        ));
    }
    agreement.status = status;
    agreement
        .withhold
        .extend(withheld(request.withhold.unwrap_or_default())?);
    if let Some(seconds) = delay(request.event_delay_seconds)? {
        agreement.event_delay_seconds = seconds;
    }
    emit_ended(sim, change, &agreement, now);
    // RENEWED and REPLACED are not churn: the licence goes on (facts on renewal), only its agreement is another one.
    if !["RENEWED", "REPLACED"].contains(&agreement.status.as_str()) {
        deprovision(sim, change, &agreement, now);
    }
    change.put(Entry::Agreement(agreement.clone()));
    events::deliver_due(sim, change);
    Ok(described(change, &agreement))
}

/// Renews (`RENEW`) or replaces (`REPLACE`) an agreement by a new one.
pub fn succeed(
    sim: &Sim,
    change: &mut Change<'_>,
    id: &str,
    intent: &str,
    request: Purchase,
) -> Result<Value, Refusal> {
    let now = sim.clock.business_ms();
    let mut old = active(change, id)?;
    if request.product_code.is_some() || request.account_id.is_some() {
        return refuse("productCode and accountId stay those of the agreement.");
    }
    let Some(before) = change.licenses.get(&old.license_arn).cloned() else {
        return Err(Refusal(404, "The agreement has no licence.".into()));
    };
    let pricing = request.pricing.unwrap_or(old.pricing);
    let renewed = switches::is(change, "licenceOnRenew", "new");
    let term_end_ms = (pricing != Pricing::Subscription)
        .then_some(old.term_end_ms.unwrap_or(now).max(now) + YEAR_MS);
    let new = Agreement {
        agreement_id: sim.ids.agreement(),
        offer_id: sim.ids.offer(),
        license_arn: if renewed {
            sim.ids.license_arn(LICENSE_ISSUER)
        } else {
            old.license_arn.clone()
        },
        pricing,
        intent: intent.into(),
        previous_agreement_id: Some(old.agreement_id.clone()),
        start_ms: now,
        term_end_ms,
        free_trial_days: request.free_trial_days,
        event_delay_seconds: delay(request.event_delay_seconds)?.unwrap_or(old.event_delay_seconds),
        withhold: withheld(request.withhold.unwrap_or_default())?,
        ..old.clone()
    };
    let entitlements = match request.entitlements {
        None if pricing == old.pricing => before
            .entitlements
            .iter()
            .cloned()
            .map(|e| Entitlement {
                expiration_ms: term_end_ms.unwrap_or(e.expiration_ms),
                ..e
            })
            .collect(),
        asked => granted(sim, pricing, asked, term_end_ms.unwrap_or(now))?,
    };
    old.withhold.extend(new.withhold.iter().cloned());
    old.status = if intent == "RENEW" {
        "RENEWED"
    } else {
        "REPLACED"
    }
    .into();
    let created_first = switches::is(change, "renewOrder", "createdFirst");
    if created_first {
        emit_created(sim, change, &new, now);
    }
    emit_ended(sim, change, &old, now);
    if !created_first {
        emit_created(sim, change, &new, now);
    }
    if renewed {
        issue(sim, change, &new, entitlements, now);
        deprovision(sim, change, &old, now + new.event_delay_seconds * 1000);
    } else {
        let license = License {
            agreement_id: new.agreement_id.clone(),
            pricing,
            entitlements,
            ..before
        };
        emit_updated(
            sim,
            change,
            &new,
            &license,
            now + new.event_delay_seconds * 1000,
        );
        change.put(Entry::License(license));
    }
    change.put(Entry::Agreement(old));
    change.put(Entry::Agreement(new.clone()));
    Ok(answer(sim, change, &new))
}

/// Mints a registration token for a licence.
pub fn mint(
    sim: &Sim,
    change: &mut Change<'_>,
    license_arn: &str,
    by_api: bool,
) -> Result<Token, Refusal> {
    let Some(license) = change.licenses.get(license_arn) else {
        return Err(Refusal(
            404,
            format!("There is no licence {license_arn:?}."),
        ));
    };
    let token = Token {
        token: sim.ids.token(),
        license_arn: license.arn.clone(),
        agreement_id: license.agreement_id.clone(),
        minted_ms: sim.clock.business_ms(),
        by_api,
        resolved: 0,
    };
    change.put(Entry::Token(token.clone()));
    Ok(token)
}

/// When a token stops resolving.
pub fn expires_ms(world: &World, token: &Token) -> i64 {
    // Agreement API: 30 minutes (model); the console's: 4 hours (AWS Marketplace, SaaS customer set-up page).
    token.minted_ms
        + MINUTE_MS
            * if token.by_api {
                30
            } else {
                switches::number(world, "tokenLifetimeMinutes")
            }
}

/// An agreement and its licence as the control route shows them.
pub fn described(world: &World, agreement: &Agreement) -> Value {
    let license = world.licenses.get(&agreement.license_arn);
    let time = |ms: Option<i64>| ms.map_or(Value::Null, |ms| json!(rfc3339(ms)));
    json!({
        "agreementId": agreement.agreement_id,
        "licenseArn": agreement.license_arn,
        "accountId": agreement.account_id,
        "productCode": agreement.product_code,
        "offerId": agreement.offer_id,
        "pricing": agreement.pricing,
        "intent": agreement.intent,
        "status": agreement.status,
        "previousAgreementId": agreement.previous_agreement_id,
        "startTime": rfc3339(agreement.start_ms),
        "endTime": time(agreement.term_end_ms),
        "freeTrialDays": agreement.free_trial_days,
        "withhold": agreement.withhold,
        "license": license.map(|l| json!({
            "activeFrom": rfc3339(l.active_from_ms),
            "endedAt": time(l.ended_ms),
            "deprovisionedAt": time(l.deprovisioned_ms),
            "entitlements": l.entitlements.iter().map(|e| json!({"dimension": e.dimension, "value": e.value, "expiresAt": rfc3339(e.expiration_ms)})).collect::<Vec<_>>(),
        })),
    })
}

fn answer(sim: &Sim, change: &mut Change<'_>, agreement: &Agreement) -> Value {
    let mut out = described(change, agreement);
    if let Ok(token) = mint(sim, change, &agreement.license_arn, false) {
        out["registrationToken"] = json!(token.token);
    }
    events::deliver_due(sim, change);
    out
}

fn active(world: &World, id: &str) -> Result<Agreement, Refusal> {
    match world.agreements.get(id) {
        None => Err(Refusal(404, format!("There is no agreement {id:?}."))),
        Some(a) if a.status == "ACTIVE" => Ok(a.clone()),
        Some(a) => Err(Refusal(
            409,
            format!("The agreement {id} is {} already.", a.status),
        )),
    }
}

fn issue(
    sim: &Sim,
    change: &mut Change<'_>,
    agreement: &Agreement,
    entitlements: Vec<Entitlement>,
    now: i64,
) -> License {
    let license = License {
        arn: agreement.license_arn.clone(),
        product_code: agreement.product_code.clone(),
        account_id: agreement.account_id.clone(),
        agreement_id: agreement.agreement_id.clone(),
        pricing: agreement.pricing,
        active_from_ms: now + agreement.event_delay_seconds * 1000,
        ended_ms: None,
        deprovisioned_ms: None,
        entitlements,
    };
    change.put(Entry::License(license.clone()));
    emit_updated(sim, change, agreement, &license, license.active_from_ms);
    license
}

fn deprovision(sim: &Sim, change: &mut Change<'_>, agreement: &Agreement, now: i64) {
    let Some(mut license) = change.licenses.get(&agreement.license_arn).cloned() else {
        return;
    };
    let gap = agreement.event_delay_seconds * 1000 * CAPTURED_DEPROVISIONING / CAPTURED_ACTIVATION;
    // A licence cannot be taken away before it was given.
    let at = (now + gap).max(license.active_from_ms);
    license.ended_ms = Some(now);
    license.deprovisioned_ms = Some(at);
    if !withholds(agreement, "licenseDeprovisioned") {
        let body = events::of_license(
            change,
            &sim.ids,
            "License Deprovisioned",
            agreement,
            &license,
            at,
        );
        events::schedule(change, "licenseDeprovisioned", body.to_string(), at);
    }
    change.put(Entry::License(license));
}

fn emit_created(sim: &Sim, change: &mut Change<'_>, agreement: &Agreement, at: i64) {
    if !withholds(agreement, "agreementCreated") {
        let body = events::created(change, &sim.ids, agreement, at);
        events::schedule(change, "agreementCreated", body.to_string(), at);
    }
}

fn emit_updated(
    sim: &Sim,
    change: &mut Change<'_>,
    agreement: &Agreement,
    license: &License,
    at: i64,
) {
    let silent = agreement.pricing == Pricing::Subscription
        && switches::is(change, "licenseUpdatedForPayg", "withheld");
    if !silent && !withholds(agreement, "licenseUpdated") {
        let body = events::of_license(change, &sim.ids, "License Updated", agreement, license, at);
        events::schedule(change, "licenseUpdated", body.to_string(), at);
    }
}

fn emit_ended(sim: &Sim, change: &mut Change<'_>, agreement: &Agreement, at: i64) {
    if !withholds(agreement, "agreementEnded") {
        let body = events::ended(change, &sim.ids, agreement, at);
        events::schedule(change, "agreementEnded", body.to_string(), at);
    }
}

fn withholds(agreement: &Agreement, name: &str) -> bool {
    agreement.withhold.iter().any(|w| w == name)
}

#[cfg(test)]
mod tests;
