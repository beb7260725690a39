//! I1, I2, I3, and what follows from them: what was promised is there, what is there adds up, AWS has it once, nothing that is frozen
//! changes, and what is not billed says why.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Datelike, Duration, TimeZone, Utc};
use domain::Timestamp;

use super::{
    super::truth::{Content, Truth},
    tables::{Record, Tables, Usage},
};
use crate::marketplace::{Held, Key};

/// States in which units end without being billed.
const UNBILLED: [&str; 5] = ["notSubscribed", "expired", "conflict", "rejected", "held"];
/// States that nothing leads out of.
const FINAL: [&str; 7] = [
    "accepted",
    "included",
    "notSubscribed",
    "expired",
    "conflict",
    "rejected",
    "held",
];

/// I3: every event that a 2xx called accepted or known is kept, once, as it was sent; none is kept that was refused or is another's.
pub(super) fn promises(tables: &Tables, truth: &Truth) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut kept: BTreeMap<(&str, &str), Vec<&Usage>> = BTreeMap::new();
    for usage in &tables.usage {
        kept.entry((&usage.source, &usage.id))
            .or_default()
            .push(usage);
    }
    for sending in &truth.sendings {
        let rows = kept
            .remove(&(&*sending.source, &*sending.id))
            .unwrap_or_default();
        let id = &sending.id;
        if rows.len() > 1 {
            wrong.push(format!("I2: {id} is kept {} times", rows.len()));
        }
        let promised = sending.accepted.is_some() || sending.known;
        let Some(row) = rows.first() else {
            if promised {
                wrong.push(format!("I3: {id} was acknowledged and is not there"));
            }
            continue;
        };
        if sending.foreign {
            wrong.push(format!("I7: {id} was kept from another tenant"));
        }
        if !promised && sending.unheard == 0 {
            wrong.push(format!("I3: {id} was refused and is there"));
        }
        if row.licence != truth.buyers[sending.buyer].key() {
            wrong.push(format!("I7: {id} is kept under another licence"));
        }
        let is = |content: &Content| {
            (content.dimension, content.time, content.quantity)
                == (&*row.dimension, row.time, row.quantity)
        };
        let same = sending
            .accepted
            .as_ref()
            .map_or_else(|| sending.contents.iter().any(is), is);
        if !same {
            wrong.push(format!(
                "I3: {id} is kept with another content than was accepted: {row:?}"
            ));
        }
    }
    wrong.extend(
        kept.keys()
            .map(|(_, id)| format!("I3: {id} was never sent")),
    );
    wrong
}

/// I1: in each licence, dimension and hour the ledger has exactly the units of the events that are billed there; and each event is
/// billed in its own hour by UTC, or later, or in the last that its licence has.
pub(super) fn conservation(tables: &Tables) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut units: BTreeMap<(&str, &str, i64), i64> = BTreeMap::new();
    for usage in &tables.usage {
        *units
            .entry((&usage.licence, &usage.dimension, usage.hour))
            .or_default() += usage.quantity;
        let own = usage.time.timestamp().div_euclid(3600);
        // What was taken before we heard that the licence had ended is billed in its last hour.
        let last = tables
            .licences
            .iter()
            .any(|licence| licence.key == usage.licence && licence.final_hour == Some(usage.hour));
        if (usage.hour < own && !last) || usage.late != (usage.hour != own) {
            wrong.push(format!(
                "I1: {} of {} is billed in hour {}, late: {}",
                usage.id, usage.time, usage.hour, usage.late
            ));
        }
    }
    for record in &tables.records {
        let key = (&*record.licence, &*record.dimension, record.hour);
        let used = units.remove(&key).unwrap_or_default();
        if used != record.quantity {
            wrong.push(format!(
                "I1: {used} units were used and the ledger has {record:?}"
            ));
        }
    }
    let lost = units.into_iter().filter(|(_, units)| *units != 0);
    wrong.extend(
        lost.map(|(key, units)| format!("I1: {units} units of {key:?} are not in the ledger")),
    );
    wrong
}

/// an event that is new to the judge is billed later than in its own hour only if that hour is sealed, or can hardly be sent in
/// time any more (half an hour, and what a clock may be off), or its licence had ended.
pub(super) fn late(tables: &Tables, judged: &mut BTreeSet<String>, now: Timestamp) -> Vec<String> {
    let mut wrong = Vec::new();
    for usage in &tables.usage {
        if !judged.insert(usage.id.clone()) || !usage.late {
            continue;
        }
        let own = usage.time.timestamp().div_euclid(3600);
        let start = DateTime::from_timestamp(own * 3600, 0).expect("an hour");
        let licence = tables
            .licences
            .iter()
            .find(|licence| licence.key == usage.licence);
        let excused = licence.is_some_and(|licence| {
            licence.sealed_through >= Some(own) || licence.final_hour == Some(usage.hour)
        });
        if !excused && closes(start) > now + Duration::minutes(30 + 75) {
            wrong.push(format!("R-06: late without reason: {usage:?}"));
        }
    }
    wrong
}

/// I2: what AWS bills is what the ledger has, once, and both know the same of it.
pub(super) fn aws(tables: &Tables, held: &[(Key, Held)]) -> Vec<String> {
    let mut wrong = Vec::new();
    let contracts: BTreeSet<&str> = tables
        .licences
        .iter()
        .filter(|licence| licence.pricing == "contract")
        .map(|licence| &*licence.key)
        .collect();
    let mut ledger: BTreeMap<Key, &Record> = BTreeMap::new();
    for record in &tables.records {
        let hour = DateTime::from_timestamp(record.hour * 3600, 0).expect("an hour");
        ledger.insert(
            (record.licence.clone(), record.dimension.clone(), hour),
            record,
        );
    }
    for (key, held) in held {
        let Some(record) = ledger.remove(key) else {
            wrong.push(format!(
                "I2: AWS bills {key:?}, of which the ledger knows nothing"
            ));
            continue;
        };
        if held.quantity != record.quantity || record.attempts == 0 {
            wrong.push(format!("I2: AWS bills {} for {record:?}", held.quantity));
        }
        // Without an answer a taken record may still be on its way, or have run out of time.
        if !matches!(
            &*record.state,
            "accepted" | "sending" | "expired" | "notSubscribed"
        ) {
            wrong.push(format!(
                "I2: AWS bills what the ledger calls otherwise: {record:?}"
            ));
        }
        if record.state == "accepted" && record.aws_id.as_ref() != Some(&held.id) {
            wrong.push(format!("I2: AWS calls it {}: {record:?}", held.id));
        }
        // A contract whose pricing nobody told in time before it ended is the one case in which it was sent all the same.
        if contracts.contains(&*key.0) && record.state != "expired" && record.attempts == 0 {
            wrong.push(format!("I2: a contract is billed by the hour: {record:?}"));
        }
    }
    let unknown = ledger.values().filter(|record| record.state == "accepted");
    wrong.extend(unknown.map(|record| format!("I2: AWS does not have {record:?}")));
    wrong
}

/// What the world was like, as far as it excuses what is not billed.
pub(super) struct Weather {
    pub leaps: bool,
    pub takes_first_hour: bool,
    pub now: Timestamp,
}

/// I1, the last part: what ends unbilled says why, and the reason is true.
pub(super) fn reasons(tables: &Tables, truth: &Truth, weather: &Weather) -> Vec<String> {
    let mut wrong = Vec::new();
    for record in tables
        .records
        .iter()
        .filter(|record| UNBILLED.contains(&&*record.state))
    {
        if record.note.is_none() {
            wrong.push(format!("I1: it does not say why: {record:?}"));
        }
        let Some(buyer) = truth
            .buyers
            .iter()
            .find(|buyer| buyer.key() == record.licence)
        else {
            wrong.push(format!("I1: nobody's record: {record:?}"));
            continue;
        };
        let hour = DateTime::from_timestamp(record.hour * 3600, 0).expect("an hour");
        let first = hour <= buyer.bought_at && !weather.takes_first_hour;
        let key = (record.licence.clone(), record.dimension.clone(), hour);
        // A process's clock may be an hour and a quarter off.
        let closed = weather.now + Duration::minutes(75) >= closes(hour);
        // Only the turn of a month closes an hour in a world where no days pass.
        let excused = weather.leaps || closes(hour) < hour + Duration::hours(24);
        let true_reason = match &*record.state {
            "expired" => first || (closed && excused),
            "notSubscribed" => buyer.ended_at.is_some(),
            "rejected" => truth.poisoned.contains(&key) || buyer.ended_at.is_some(),
            _ => false,
        };
        if !true_reason {
            wrong.push(format!("I1: without reason: {record:?}"));
        }
    }
    wrong
}

/// What lies open although its hour can no longer be sent has to be billed in another one, and must never run out of time: sealing was
/// held up, and that is nobody's loss.
pub(super) fn carried(
    tables: &Tables,
    stranded: &mut BTreeSet<String>,
    now: Timestamp,
) -> Vec<String> {
    let mut wrong = Vec::new();
    for record in tables.records.iter().filter(|record| record.quantity > 0) {
        let ended = tables
            .licences
            .iter()
            .any(|licence| licence.key == record.licence && licence.standing == "ended");
        let hour = DateTime::from_timestamp(record.hour * 3600, 0).expect("an hour");
        if record.state == "open" && closes(hour) < now - Duration::minutes(75) {
            stranded.insert(record.id.clone());
        } else if record.state == "expired" && stranded.contains(&record.id) && !ended {
            wrong.push(format!(
                "I1: sealed when it was too late to send it: {record:?}"
            ));
        }
    }
    wrong
}

/// When AWS takes no record for the hour any more: after a day, and at 06:00Z on the first of the next month.
fn closes(hour: Timestamp) -> Timestamp {
    let (year, month) = match hour.month() {
        12 => (hour.year() + 1, 1),
        month => (hour.year(), month + 1),
    };
    let cut = Utc.with_ymd_and_hms(year, month, 1, 6, 0, 0).single();
    (hour + Duration::hours(24)).min(cut.expect("the first of a month"))
}

/// P4: a record that is not open keeps its quantity, and one that has come to its end stays there.
pub(super) fn frozen(tables: &Tables, seen: &mut BTreeMap<String, (i64, String)>) -> Vec<String> {
    let mut wrong = Vec::new();
    let now: BTreeMap<&str, &Record> = tables
        .records
        .iter()
        .map(|record| (&*record.id, record))
        .collect();
    for (id, (quantity, state)) in seen.iter() {
        match now.get(&**id) {
            None => wrong.push(format!("P4: {id} was {state} with {quantity} and is gone")),
            Some(record) if record.quantity != *quantity || record.state == "open" => {
                wrong.push(format!("P4: it was {state} with {quantity}: {record:?}"));
            }
            Some(record) if FINAL.contains(&&**state) && record.state != *state => {
                wrong.push(format!("P4: it had ended as {state}: {record:?}"));
            }
            Some(_) => {}
        }
    }
    for record in tables
        .records
        .iter()
        .filter(|record| record.state != "open")
    {
        seen.insert(record.id.clone(), (record.quantity, record.state.clone()));
    }
    wrong
}

/// Every hour of a pay-as-you-go licence in force has a record for each priced dimension, used or not.
pub(super) fn every_hour(tables: &Tables) -> Vec<String> {
    let mut wrong = Vec::new();
    for licence in &tables.licences {
        let (Some(through), "active", "subscription") = (
            licence.sealed_through,
            &*licence.standing,
            &*licence.pricing,
        ) else {
            continue;
        };
        for dimension in ["payments", "captures"] {
            let own = tables.records.iter().filter(|record| {
                record.licence == licence.key
                    && record.dimension == dimension
                    && record.hour <= through
            });
            let hours: BTreeSet<i64> = own.map(|record| record.hour).collect();
            let Some(first) = hours.first() else { continue };
            let missing = (*first..=through).filter(|hour| !hours.contains(hour));
            wrong.extend(
                missing.map(|hour| {
                    format!("hour {hour} of {} {dimension} has no record", licence.key)
                }),
            );
        }
    }
    wrong
}
