//! Agreement and licence events as `EventBridge` envelopes, and their delivery into the queue.
//!
//! The shapes are those of a captured run: agreement events carry neither licence nor product code, licence events carry both and are
//! Manufacturer only. Detail values of the capture that mean nothing here (times, ids) are made afresh.
//! Invariant: an event is delivered when business time has reached its moment, in order of moment, unless a fault says otherwise.

use serde_json::{Value, json};

use crate::{
    clock::{rfc3339, rfc3339_seconds},
    faults::{self, Kind},
    ids::Ids,
    queue,
    sim::{Change, SELLER_ACCOUNT, Sim},
    switches,
    world::{Agreement, Entry, License, Scheduled, World},
};

/// How long a reordered event waits for another one to overtake it.
const HOLD_MS: i64 = 5_000;

/// *Purchase Agreement Created*.
pub fn created(world: &World, ids: &Ids, agreement: &Agreement, at_ms: i64) -> Value {
    let mut detail = detail(ids, agreement);
    detail["offer"] = json!({"id": agreement.offer_id});
    detail["resaleAuthorization"] = json!({"id": null});
    detail["agreement"] = json!({
        "id": agreement.agreement_id,
        "intent": agreement.intent,
        "status": "ACTIVE",
        "acceptanceTime": rfc3339(agreement.start_ms),
        "startTime": rfc3339(agreement.start_ms),
        // The capture has the year 9999 for pay as you go.
        "endTime": agreement.term_end_ms.map_or_else(|| "9999-01-01T00:00:00Z".to_owned(), rfc3339),
    });
    if agreement.intent == "RENEW" {
        detail["agreement"]["previousAgreementId"] = json!(agreement.previous_agreement_id);
    }
    envelope(
        ids,
        agreement,
        &of_agreement(world, "Purchase Agreement Created"),
        at_ms,
        &detail,
    )
}

/// *Purchase Agreement Ended*.
pub fn ended(world: &World, ids: &Ids, agreement: &Agreement, at_ms: i64) -> Value {
    let mut detail = detail(ids, agreement);
    detail["resaleAuthorization"] = json!({"id": null});
    detail["agreement"]["status"] = json!(agreement.status);
    envelope(
        ids,
        agreement,
        &of_agreement(world, "Purchase Agreement Ended"),
        at_ms,
        &detail,
    )
}

/// *License Updated* or *License Deprovisioned*.
pub fn of_license(
    world: &World,
    ids: &Ids,
    name: &str,
    agreement: &Agreement,
    license: &License,
    at_ms: i64,
) -> Value {
    let mut detail = detail(ids, agreement);
    detail["offer"] = json!({"id": agreement.offer_id});
    detail["product"] =
        json!({"id": product_id(&license.product_code), "code": license.product_code});
    detail["license"] = json!({"arn": spelt(world, &license.arn)});
    envelope(
        ids,
        agreement,
        &format!("{name} - Manufacturer"),
        at_ms,
        &detail,
    )
}

/// *Spend Threshold Reached*, whose shape nobody has published.
pub fn spend_threshold(ids: &Ids, agreement: &Agreement, nested: bool, at_ms: i64) -> Value {
    let mut detail = detail(ids, agreement);
    if nested {
        detail["spendThreshold"] = json!({"amount": {"value": "1000.00", "currencyCode": "USD"}, "percentage": 80, "reachedAt": rfc3339(at_ms)});
    } else {
        detail["threshold"] = json!("1000.00");
    }
    envelope(
        ids,
        agreement,
        "Purchase Agreement Spend Threshold Reached - Manufacturer",
        at_ms,
        &detail,
    )
}

/// The product id that goes with a product code.
pub fn product_id(product_code: &str) -> String {
    let tail: String = product_code
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .take(13)
        .collect();
    format!("prod-{tail}")
}

fn of_agreement(world: &World, name: &str) -> String {
    format!("{name} - {}", switches::get(world, "eventRole"))
}

fn detail(ids: &Ids, agreement: &Agreement) -> Value {
    json!({
        "requestId": ids.uuid(),
        "catalog": "AWSMarketplace",
        "agreement": {"id": agreement.agreement_id},
        "acceptor": {"accountId": agreement.account_id},
        "proposer": {"accountId": SELLER_ACCOUNT},
    })
}

fn envelope(
    ids: &Ids,
    agreement: &Agreement,
    detail_type: &str,
    at_ms: i64,
    detail: &Value,
) -> Value {
    json!({
        "version": "0",
        "id": ids.uuid(),
        "detail-type": detail_type,
        "source": "aws.agreement-marketplace",
        "account": SELLER_ACCOUNT,
        "time": rfc3339_seconds(at_ms),
        "region": "us-east-1",
        "resources": [format!("arn:aws:aws-marketplace::aws:agreement:{}", agreement.agreement_id)],
        "detail": detail,
    })
}

/// The licence ARN as the switch wants it spelt; the printed example has no leading `arn:`, a region and no `license:`.
fn spelt(world: &World, arn: &str) -> String {
    if switches::is(world, "licenseArnSpelling", "captured") {
        return arn.to_owned();
    }
    let mut parts = arn.split(':');
    let (account, id) = (
        parts.nth(4).unwrap_or_default(),
        parts.next_back().unwrap_or_default(),
    );
    format!("aws:license-manager:us-east-1:{account}:{id}")
}

/// Sets an event down for delivery, unless the agreement withholds it.
pub fn schedule(change: &mut Change<'_>, name: &str, body: String, due_ms: i64) {
    let event = Scheduled {
        seq: change.next_seq,
        due_ms,
        name: name.to_owned(),
        body,
        moved: false,
        held: false,
    };
    change.put(Entry::Scheduled(event));
}

/// Delivers whatever is due; answers how many messages were put into the queue.
pub fn deliver_due(sim: &Sim, change: &mut Change<'_>) -> usize {
    let now = sim.clock.business_ms();
    let mut due: Vec<(i64, u64)> = change
        .scheduled
        .values()
        .filter(|e| e.due_ms <= now)
        .map(|e| (e.due_ms, e.seq))
        .collect();
    if due.is_empty() {
        return 0;
    }
    due.sort_unstable();
    let mut held: Vec<u64> = change
        .scheduled
        .values()
        .filter(|e| e.held)
        .map(|e| e.seq)
        .collect();
    let mut sent = 0;
    for (_, seq) in due {
        // An event that was held may have gone out behind another one already.
        let Some(event) = change.scheduled.get(&seq).cloned() else {
            continue;
        };
        let copies = match disturbed(change, event.clone(), now) {
            Some(Kind::Delay) => continue,
            Some(Kind::Reorder) => {
                held.push(seq);
                continue;
            }
            Some(Kind::Lose) => 0,
            Some(Kind::Duplicate) => 2,
            _ => 1,
        };
        sent += put(sim, change, &event, copies);
        for seq in std::mem::take(&mut held) {
            if copies > 0
                && let Some(overtaken) = change.scheduled.get(&seq).cloned()
            {
                sent += put(sim, change, &overtaken, 1);
            } else if change.scheduled.contains_key(&seq) {
                held.push(seq);
            }
        }
    }
    sent
}

/// Lets a fault strike an event once; a delayed or held event is set down again.
fn disturbed(change: &mut Change<'_>, mut event: Scheduled, now: i64) -> Option<Kind> {
    let fault = if event.moved {
        None
    } else {
        faults::strike(change, &event.name, true)
    }?;
    if matches!(fault.kind, Kind::Delay | Kind::Reorder) {
        event.moved = true;
        event.held = fault.kind == Kind::Reorder;
        event.due_ms = now
            + if event.held {
                HOLD_MS
            } else {
                fault.delay_seconds * 1000
            };
        change.put(Entry::Scheduled(event));
    }
    Some(fault.kind)
}

fn put(sim: &Sim, change: &mut Change<'_>, event: &Scheduled, copies: usize) -> usize {
    for _ in 0..copies {
        queue::send(
            change,
            &sim.settings.queue,
            sim.ids.uuid(),
            event.body.clone(),
            None,
            sim.clock.real_ms(),
            0,
        );
    }
    change.put(Entry::Delivered(event.seq));
    copies
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::tests::sim;

    async fn delivered(kinds: &[(&str, &str)], names: &[&str]) -> Vec<String> {
        let (sim, _dir) = sim("2026-10-10T10:00:00Z");
        sim.change(|c| {
            for (operation, kind) in kinds {
                let request: faults::Request = serde_json::from_value(
                    json!({"operation": operation, "kind": kind, "count": 1}),
                )
                .unwrap();
                let fault = request.into_fault(c.next_seq).unwrap();
                c.put(Entry::Fault(fault));
            }
            for name in names {
                schedule(c, name, (*name).to_owned(), sim.clock.business_ms());
            }
            deliver_due(&sim, c);
        })
        .await;
        let mut bodies: Vec<String> = sim.read(|w| {
            w.queues["payphone-events"]
                .messages
                .values()
                .map(|m| m.body.clone())
                .collect()
        });
        sim.clock.advance(60_000);
        sim.change(|c| deliver_due(&sim, c)).await;
        bodies.push("|".into());
        bodies.extend(sim.read(|w| {
            w.queues["payphone-events"]
                .messages
                .values()
                .skip(bodies.len() - 1)
                .map(|m| m.body.clone())
                .collect::<Vec<_>>()
        }));
        bodies
    }

    #[tokio::test]
    async fn delivery_faults_do_what_they_say() {
        let both = &["agreementCreated", "licenseUpdated"];
        let (c, u) = ("agreementCreated", "licenseUpdated");
        for (faults, expected) in [
            (vec![], vec![c, u, "|"]),
            (vec![("events", "duplicate")], vec![c, c, u, "|"]),
            (vec![(u, "duplicate")], vec![c, u, u, "|"]),
            (vec![("events", "reorder")], vec![u, c, "|"]),
            (vec![(u, "reorder")], vec![c, "|", u]),
            (vec![("events", "delay")], vec![u, "|", c]),
            (vec![("*", "lose")], vec![u, "|"]),
        ] {
            assert_eq!(delivered(&faults, both).await, expected, "{faults:?}");
        }
    }

    #[tokio::test]
    async fn the_printed_spelling_has_a_region_and_no_arn() {
        let (sim, _dir) = sim("2026-10-10T10:00:00Z");
        let arn = "arn:aws:license-manager::294406891311:license:l-9d01";
        sim.change(|c| {
            c.put(Entry::Switch(
                "licenseArnSpelling".into(),
                Some("printed".into()),
            ));
        })
        .await;
        assert_eq!(
            sim.read(|w| spelt(w, arn)),
            "aws:license-manager:us-east-1:294406891311:l-9d01"
        );
    }
}
