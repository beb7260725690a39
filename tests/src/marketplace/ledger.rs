//! AWS's own books of metered usage: what it takes, what it refuses, what it takes for a repetition. Written from AWS's documentation,
//! sharing nothing with the product's window, sealing or verdicts.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, Duration, TimeZone, Timelike, Utc};
use domain::{
    Timestamp,
    marketplace::{RecordAnswer, RecordStatus, UsageRecord},
};

use super::{FINAL_WINDOW, Purchase};

/// Licence key, dimension, and the hour's start.
pub type Key = (String, String, Timestamp);

/// What AWS took for one key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// The quantity it bills.
    pub quantity: i64,
    /// The id it gave.
    pub id: String,
    /// When.
    pub taken_at: Timestamp,
    /// Whether somebody other than the product sent it.
    pub foreign: bool,
}

/// The books.
#[derive(Debug)]
pub struct Ledger {
    held: BTreeMap<Key, Held>,
    /// Every quantity ever sent for a key.
    sent: BTreeMap<Key, BTreeSet<i64>>,
    poison: BTreeSet<Key>,
    unexpected: Vec<String>,
    /// How an identical record is answered the second time: as a success, or as a duplicate.
    pub repetition_is_duplicate: bool,
    /// Whether the hour in which the licence began is taken, stamped with the hour's start.
    pub takes_first_hour: bool,
}

impl Default for Ledger {
    fn default() -> Self {
        Self {
            held: BTreeMap::new(),
            sent: BTreeMap::new(),
            poison: BTreeSet::new(),
            unexpected: Vec::new(),
            repetition_is_duplicate: false,
            takes_first_hour: true,
        }
    }
}

impl Ledger {
    /// What AWS holds, oldest key first.
    pub fn held(&self) -> Vec<(Key, Held)> {
        self.held
            .iter()
            .map(|(k, h)| (k.clone(), h.clone()))
            .collect()
    }

    /// What AWS holds for one licence key.
    pub fn of(&self, licence: &str) -> Vec<(Key, Held)> {
        let mut held = self.held();
        held.retain(|((key, ..), _)| key == licence);
        held
    }

    /// The units AWS bills for one licence key and dimension.
    pub fn units(&self, licence: &str, dimension: &str) -> i64 {
        let own = |(key, ..): &&Key| key == licence;
        self.held
            .iter()
            .filter(|(key, _)| own(key) && key.1 == dimension)
            .map(|(_, held)| held.quantity)
            .sum()
    }

    /// Somebody else already sent this.
    pub fn holds_from_elsewhere(&mut self, key: Key, quantity: i64, now: Timestamp) {
        let held = Held {
            quantity,
            id: "foreign".to_owned(),
            taken_at: now,
            foreign: true,
        };
        self.held.insert(key, held);
    }

    /// AWS dislikes this record, whatever batch it comes in.
    pub fn dislikes(&mut self, key: Key) {
        self.poison.insert(key);
    }

    /// What the sender should never have done.
    pub fn unexpected(&self) -> &[String] {
        &self.unexpected
    }

    /// Judges a whole request as AWS would: one bad record refuses all of them, and then nothing is recorded.
    pub(super) fn judge(
        &mut self,
        records: &[UsageRecord],
        purchase_of: impl Fn(&str) -> Option<Purchase>,
        now: Timestamp,
    ) -> Result<Vec<RecordAnswer>, &'static str> {
        let mut products = BTreeSet::new();
        for record in records {
            let key = key_of(record);
            let purchase = purchase_of(&key.0).ok_or("InvalidLicenseException")?;
            products.insert(purchase.product_code.clone());
            if purchase.account != record.account.as_str() {
                return Err("InvalidCustomerIdentifierException");
            }
            if self.poison.contains(&key) {
                return Err("InvalidUsageDimensionException");
            }
            let start = hour_of(purchase.since);
            let begun = key.2 > start
                || (key.2 == start && (self.takes_first_hour || purchase.since == start));
            // An hour that begins after the end is outside the licence's activation period.
            if purchase.ended_at.is_some_and(|end| key.2 > end) {
                return Err("InvalidLicenseException");
            }
            if !begun || !in_window(key.2, now) {
                return Err("TimestampOutOfBoundsException");
            }
        }
        if products.len() > 1 {
            self.unexpected
                .push("two products in one request".to_owned());
            return Err("InvalidLicenseException");
        }
        let answers = records.iter().map(|record| {
            let key = key_of(record);
            let ended = purchase_of(&key.0).and_then(|purchase| purchase.ended_at);
            self.take(key, i64::from(record.quantity), ended, now)
        });
        Ok(answers.collect())
    }

    fn take(
        &mut self,
        key: Key,
        quantity: i64,
        ended: Option<Timestamp>,
        now: Timestamp,
    ) -> RecordAnswer {
        if let Some(held) = self.held.get(&key) {
            let same = held.quantity == quantity;
            if !same && !held.foreign {
                self.unexpected.push(format!(
                    "another quantity for {key:?}: {} then {quantity}",
                    held.quantity
                ));
            }
            let status = if same && !self.repetition_is_duplicate {
                RecordStatus::Success
            } else {
                RecordStatus::DuplicateRecord
            };
            return judged(status, Some(held.id.clone()));
        }
        if ended.is_some_and(|at| now >= at + FINAL_WINDOW) {
            return judged(RecordStatus::CustomerNotSubscribed, None);
        }
        let id = format!("aws-{}", self.held.len() + 1);
        let held = Held {
            quantity,
            id: id.clone(),
            taken_at: now,
            foreign: false,
        };
        self.held.insert(key, held);
        judged(RecordStatus::Success, Some(id))
    }

    /// Notes what AWS would never say, though it saw it.
    pub(super) fn sees(&mut self, records: &[UsageRecord]) {
        if records.is_empty() || records.len() > 25 {
            self.unexpected
                .push(format!("a request of {} records", records.len()));
        }
        let mut seen = BTreeSet::new();
        for record in records {
            let key = key_of(record);
            if record.quantity < 0 {
                self.unexpected
                    .push(format!("a negative quantity for {key:?}"));
            }
            if !seen.insert(key.clone()) {
                self.unexpected
                    .push(format!("{key:?} twice in one request"));
            }
            // A quantity that was sent once is frozen, taken or not (P4).
            let quantities = self.sent.entry(key.clone()).or_default();
            quantities.insert(i64::from(record.quantity));
            if quantities.len() > 1 {
                self.unexpected
                    .push(format!("the quantity of {key:?} changed after it was sent"));
            }
        }
    }
}

fn judged(status: RecordStatus, id: Option<String>) -> RecordAnswer {
    RecordAnswer::Judged {
        status,
        metering_record_id: id,
    }
}

fn key_of(record: &UsageRecord) -> Key {
    (
        record.license.key().as_str().to_owned(),
        record.dimension.as_str().to_owned(),
        record.hour.start(),
    )
}

fn hour_of(at: Timestamp) -> Timestamp {
    let whole = at.with_minute(0).and_then(|at| at.with_second(0));
    whole
        .and_then(|at| at.with_nanosecond(0))
        .expect("a whole hour")
}

/// Not in the future, not older than 24 hours, and of last month only until 06:00Z on the 1st.
fn in_window(stamp: Timestamp, now: Timestamp) -> bool {
    let same_month = (stamp.year(), stamp.month()) == (now.year(), now.month());
    let month = Utc.with_ymd_and_hms(now.year(), now.month(), 1, 6, 0, 0);
    let cut = month.single().expect("the first of a month");
    stamp <= now && now - stamp < Duration::hours(24) && (same_month || now < cut)
}
