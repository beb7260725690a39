//! The judges see what is wrong: each is given books that are right, and then books that are not.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Duration};
use domain::Timestamp;

use super::{
    audit, books, people, standing,
    tables::{Licence, Record, Tables, Usage},
};
use crate::{
    identity::Known,
    marketplace::{Held, Key},
    simulate::truth::{Buyer, Content, Said, Sending, Truth},
};

const KEY: &str = "l-00000000000000000000000000000001";

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn hour() -> Timestamp {
    at("2026-11-22T10:00:00Z")
}

fn record() -> Record {
    Record {
        id: "met_1".to_owned(),
        licence: KEY.to_owned(),
        dimension: "payments".to_owned(),
        hour: hour().timestamp() / 3600,
        quantity: 3,
        state: "accepted".to_owned(),
        attempts: 1,
        note: None,
        aws_id: Some("aws-1".to_owned()),
    }
}

fn usage() -> Usage {
    Usage {
        licence: KEY.to_owned(),
        source: "urn:shop".to_owned(),
        id: "event-1".to_owned(),
        dimension: "payments".to_owned(),
        time: hour() + Duration::minutes(5),
        quantity: 3,
        hour: hour().timestamp() / 3600,
        late: false,
    }
}

fn tables() -> Tables {
    let licence = Licence {
        id: "lic_1".to_owned(),
        tenant: "ten_1".to_owned(),
        key: KEY.to_owned(),
        standing: "active".to_owned(),
        since: Some(hour()),
        pricing: "subscription".to_owned(),
        sealed_through: Some(hour().timestamp() / 3600),
        ..Licence::default()
    };
    Tables {
        licences: vec![licence],
        records: vec![record()],
        usage: vec![usage()],
        ..Tables::default()
    }
}

fn truth() -> Truth {
    let content = Content {
        dimension: "payments",
        time: usage().time,
        quantity: 3,
    };
    let arn = format!("arn:aws:license-manager::111122223333:license:{KEY}");
    let buyer = Buyer {
        name: "buyer1".to_owned(),
        subject: crate::events::Subject {
            agreement_id: "agmt-1".to_owned(),
            license_arn: arn.clone(),
            account: "111122223333".to_owned(),
            product_code: "product".to_owned(),
        },
        license: arn.parse().unwrap(),
        tokens: Vec::new(),
        bought_at: hour(),
        contract: false,
        ended_at: None,
        said: vec![Said::Nothing, Said::InForce(hour())],
        registered: None,
        refused: false,
        owner: None,
        typed: Vec::new(),
        session: None,
        guests: BTreeMap::new(),
    };
    let sending = Sending {
        buyer: 0,
        source: "urn:shop".to_owned(),
        id: "event-1".to_owned(),
        contents: vec![content.clone()],
        accepted: Some(content),
        known: false,
        unheard: 0,
        foreign: false,
    };
    Truth {
        buyers: vec![buyer],
        sendings: vec![sending],
        ..Truth::default()
    }
}

fn held(quantity: i64) -> Vec<(Key, Held)> {
    let held = Held {
        quantity,
        id: "aws-1".to_owned(),
        taken_at: hour(),
        foreign: false,
    };
    vec![((KEY.to_owned(), "payments".to_owned(), hour()), held)]
}

#[test]
fn a_unit_that_is_missing_or_too_many_is_seen() {
    assert_eq!(books::conservation(&tables()), [""; 0]);
    for quantity in [2, 4] {
        let mut wrong = tables();
        wrong.records[0].quantity = quantity;
        assert_eq!(books::conservation(&wrong).len(), 1, "{quantity}");
    }
    let mut lost = tables();
    lost.records.clear();
    assert_eq!(books::conservation(&lost).len(), 1);
    let mut early = tables();
    early.usage[0].time += Duration::hours(1);
    assert!(!books::conservation(&early).is_empty());
}

#[test]
fn what_aws_bills_and_the_ledger_does_not_is_seen_and_the_other_way_round() {
    assert_eq!(books::aws(&tables(), &held(3)), [""; 0]);
    assert!(!books::aws(&tables(), &held(4)).is_empty());
    assert!(!books::aws(&tables(), &[]).is_empty());
    let mut unknown = tables();
    unknown.records.clear();
    assert!(!books::aws(&unknown, &held(3)).is_empty());
    let mut otherwise = tables();
    otherwise.records[0].state = "conflict".to_owned();
    assert!(!books::aws(&otherwise, &held(3)).is_empty());
}

#[test]
fn a_promise_that_is_not_kept_is_seen() {
    assert_eq!(books::promises(&tables(), &truth()), [""; 0]);
    let mut lost = tables();
    lost.usage.clear();
    assert!(!books::promises(&lost, &truth()).is_empty());
    let mut twice = tables();
    twice.usage.push(usage());
    assert!(!books::promises(&twice, &truth()).is_empty());
    let mut refused = truth();
    refused.sendings[0].accepted = None;
    assert!(!books::promises(&tables(), &refused).is_empty());
    let mut other = truth();
    other.sendings[0].foreign = true;
    assert!(!books::promises(&tables(), &other).is_empty());
    let mut changed = tables();
    changed.usage[0].quantity = 4;
    assert!(!books::promises(&changed, &truth()).is_empty());
}

#[test]
fn a_frozen_record_that_changes_is_seen() {
    let mut seen = BTreeMap::new();
    assert_eq!(books::frozen(&tables(), &mut seen), [""; 0]);
    assert_eq!(books::frozen(&tables(), &mut seen), [""; 0]);
    for change in [
        |record: &mut Record| record.quantity = 4,
        |record: &mut Record| record.state = "open".to_owned(),
        |record: &mut Record| record.state = "expired".to_owned(),
    ] {
        let mut wrong = tables();
        change(&mut wrong.records[0]);
        assert_eq!(books::frozen(&wrong, &mut seen.clone()).len(), 1);
    }
    let gone = Tables::default();
    assert_eq!(books::frozen(&gone, &mut seen).len(), 1);
}

#[test]
fn a_reason_that_is_missing_or_untrue_is_seen() {
    let weather = |hours| books::Weather {
        leaps: true,
        takes_first_hour: true,
        now: hour() + Duration::hours(hours),
    };
    let mut expired = tables();
    expired.records[0].state = "expired".to_owned();
    expired.records[0].note = Some("too late".to_owned());
    assert_eq!(books::reasons(&expired, &truth(), &weather(24)), [""; 0]);
    assert_eq!(books::reasons(&expired, &truth(), &weather(20)).len(), 1);
    expired.records[0].note = None;
    assert_eq!(books::reasons(&expired, &truth(), &weather(24)).len(), 1);
    let mut conflict = tables();
    conflict.records[0].state = "conflict".to_owned();
    conflict.records[0].note = Some("somebody else".to_owned());
    assert_eq!(books::reasons(&conflict, &truth(), &weather(1)).len(), 1);
}

#[test]
fn usage_that_is_late_without_reason_and_units_left_behind_are_seen() {
    let mut late = tables();
    late.usage[0].late = true;
    late.licences[0].sealed_through = Some(0);
    assert_eq!(books::late(&late, &mut BTreeSet::new(), hour()).len(), 1);
    late.licences[0].sealed_through = Some(late.usage[0].hour);
    assert_eq!(books::late(&late, &mut BTreeSet::new(), hour()), [""; 0]);
    let (mut left, mut stranded) = (tables(), BTreeSet::new());
    left.records[0].state = "open".to_owned();
    let now = hour() + Duration::hours(30);
    assert_eq!(books::carried(&left, &mut stranded, now), [""; 0]);
    left.records[0].state = "expired".to_owned();
    assert_eq!(books::carried(&left, &mut stranded, now).len(), 1);
}

#[test]
fn an_hour_without_a_record_is_seen() {
    let mut hours = tables();
    let two_later = hours.records[0].hour + 2;
    let captures = Record {
        dimension: "captures".to_owned(),
        ..record()
    };
    hours.records.push(captures);
    assert_eq!(books::every_hour(&hours), [""; 0]);
    hours.licences[0].sealed_through = Some(two_later);
    assert_eq!(books::every_hour(&hours).len(), 4);
}

#[test]
fn a_licence_that_stands_elsewhere_is_seen() {
    assert_eq!(standing::as_folded(&tables(), &truth()), [""; 0]);
    assert_eq!(standing::possible(&tables(), &truth()), [""; 0]);
    let mut over = truth();
    over.buyers[0]
        .said
        .push(Said::Over(hour() + Duration::hours(1)));
    assert_eq!(standing::possible(&tables(), &over), [""; 0]);
    assert_eq!(standing::as_folded(&tables(), &over).len(), 1);
    let mut believed = tables();
    believed.licences[0].since = Some(hour() - Duration::hours(1));
    assert_eq!(standing::possible(&believed, &truth()).len(), 1);
    let mut seen = BTreeMap::from([(KEY.to_owned(), hour())]);
    assert_eq!(standing::final_once_over(&tables(), &mut seen).len(), 1);
}

#[test]
fn a_second_tenant_and_an_account_of_nobody_are_seen() {
    let mut twice = tables();
    twice.licences.push(twice.licences[0].clone());
    assert!(!people::one_of_each(&twice, &truth()).is_empty());
    let nobody = Known {
        username: "somebody".to_owned(),
        enabled: true,
        marker: None,
    };
    assert_eq!(people::accounts(&tables(), &[]), [""; 0]);
    assert_eq!(people::accounts(&tables(), &[nobody]).len(), 1);
}

#[test]
fn a_line_that_was_changed_or_taken_out_is_seen() {
    let mut lines: Vec<audit::Line> = Vec::new();
    for seq in 1..=3 {
        let previous = lines
            .last()
            .map_or("0".repeat(64), |line| line.hash.clone());
        let mut line = audit::Line {
            chain: "vendor".to_owned(),
            seq,
            fields: vec![Some(format!("aud_{seq}")), None],
            previous,
            hash: String::new(),
        };
        line.hash = audit::hashed(&line);
        lines.push(line);
    }
    let heads = BTreeMap::from([("vendor".to_owned(), (3, lines[2].hash.clone()))]);
    assert_eq!(audit::chains(&lines, &heads), [""; 0]);
    lines[1].fields[1] = Some("changed".to_owned());
    assert_eq!(audit::chains(&lines, &heads).len(), 1);
    lines.remove(1);
    assert_eq!(audit::chains(&lines, &heads).len(), 1);
    lines.pop();
    assert!(!audit::chains(&lines, &heads).is_empty());
}

/// A moment as either database writes it.
#[test]
fn moments_are_read_from_both_databases() {
    let moment = DateTime::from_timestamp(1_795_341_600, 0);
    for text in [
        "2026-11-22 10:00:00 +00:00",
        "2026-11-22 10:00:00+00:00",
        "2026-11-22T10:00:00Z",
    ] {
        assert_eq!(super::moment(text), moment, "{text}");
    }
    assert_eq!(super::moment("null"), None);
}
