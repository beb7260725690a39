//! Everything this stand-in remembers, and the journal entries that change it.
//!
//! Entries carry whole new values, never instructions, so replaying them needs no rule and repeating one is harmless.
//! Invariant: the world changes through [`World::apply`] alone.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    clock::HOUR_MS,
    cognito::state::{Pool, PoolEntry},
    faults::Fault,
    queue::{Message, Queue},
};

/// The whole state.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct World {
    /// Business time minus the machine's time.
    pub offset_ms: i64,
    /// How often this state was opened.
    pub starts: u64,
    /// The next number for whatever is kept in order of arrival.
    pub next_seq: u64,
    /// By agreement id.
    pub agreements: BTreeMap<String, Agreement>,
    /// By licence ARN.
    pub licenses: BTreeMap<String, License>,
    /// By the token itself.
    pub tokens: BTreeMap<String, Token>,
    /// By [`MeteringRow::key`].
    pub metering: BTreeMap<String, MeteringRow>,
    /// Events that are not delivered yet, in order of creation.
    pub scheduled: BTreeMap<u64, Scheduled>,
    /// By queue name.
    pub queues: BTreeMap<String, Queue>,
    /// By fault number.
    pub faults: BTreeMap<u64, Fault>,
    /// Switches that differ from their default.
    pub switches: BTreeMap<String, String>,
    /// Mail in order of arrival.
    pub mailbox: Vec<Mail>,
    /// The Cognito user pool.
    pub pool: Pool,
    /// Keys of KMS, by their id.
    pub kms_keys: BTreeMap<String, KmsKey>,
}

/// A symmetric key of KMS.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct KmsKey {
    /// A UUID.
    pub id: String,
    /// Where alone it serves.
    pub region: String,
    /// 32 bytes in hexadecimal; AWS would never show them.
    pub material: String,
    /// Whether it may be used.
    pub enabled: bool,
    /// When it is gone, once its deletion is scheduled.
    pub deletion_ms: Option<i64>,
    /// When it was made.
    pub created_ms: i64,
    /// For people.
    pub description: String,
}

impl std::fmt::Debug for KmsKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("KmsKey")
            .field("id", &self.id)
            .field("region", &self.region)
            .finish_non_exhaustive()
    }
}

/// How a buyer pays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Pricing {
    /// Pay as you go.
    Subscription,
    /// Entitlements paid up front, nothing metered.
    Contract,
    /// Entitlements up front, and metered use beyond them.
    ContractWithConsumption,
}

/// A purchase agreement.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Agreement {
    /// `agmt-…`.
    pub agreement_id: String,
    /// The listing that was bought.
    pub product_code: String,
    /// The buyer's account.
    pub account_id: String,
    /// `offer-…`.
    pub offer_id: String,
    /// The licence it grants.
    pub license_arn: String,
    /// How the buyer pays.
    pub pricing: Pricing,
    /// `NEW`, `RENEW` or `REPLACE`.
    pub intent: String,
    /// `ACTIVE`, or how it ended.
    pub status: String,
    /// The agreement this one follows.
    pub previous_agreement_id: Option<String>,
    /// When the buyer accepted.
    pub start_ms: i64,
    /// The end of the term; none for pay as you go.
    pub term_end_ms: Option<i64>,
    /// Length of the free trial.
    pub free_trial_days: Option<u32>,
    /// Seconds from *Created* to *License Updated*.
    pub event_delay_seconds: i64,
    /// Events that are never sent for this agreement.
    pub withhold: Vec<String>,
}

/// A licence and its life.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct License {
    /// The captured spelling, the only one ever stored.
    pub arn: String,
    /// The listing.
    pub product_code: String,
    /// The buyer's account.
    pub account_id: String,
    /// The agreement in force.
    pub agreement_id: String,
    /// How the buyer pays.
    pub pricing: Pricing,
    /// When *License Updated* made it usable.
    pub active_from_ms: i64,
    /// When *Purchase Agreement Ended* was due.
    pub ended_ms: Option<i64>,
    /// When *License Deprovisioned* was due.
    pub deprovisioned_ms: Option<i64>,
    /// What a contract grants.
    pub entitlements: Vec<Entitlement>,
}

/// One granted dimension.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Entitlement {
    /// API name of the dimension.
    pub dimension: String,
    /// `IntegerValue`, `DoubleValue`, `BooleanValue` or `StringValue`, by the JSON type.
    pub value: Value,
    /// A minimum: with automatic renewal this is the renewal date.
    pub expiration_ms: i64,
}

/// A registration token.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Token {
    /// The opaque text.
    pub token: String,
    /// What it resolves to.
    pub license_arn: String,
    /// The agreement it was minted for.
    pub agreement_id: String,
    /// When it was minted.
    pub minted_ms: i64,
    /// Minted through the Agreement API, which gives it 30 minutes only.
    pub by_api: bool,
    /// How often it was resolved.
    pub resolved: u64,
}

/// One line of the metering books.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MeteringRow {
    /// What makes two records the same one, and for refused ones also why.
    pub key: String,
    /// The region whose books this is.
    pub region: String,
    /// The licence.
    pub license_arn: String,
    /// The buyer's account.
    pub customer_aws_account_id: String,
    /// API name of the dimension.
    pub dimension: String,
    /// As sent.
    pub timestamp_ms: i64,
    /// Millionths.
    pub quantity: u64,
    /// `Success`, or why it is not honoured.
    pub status: String,
    /// Only for honoured records.
    pub metering_record_id: Option<String>,
    /// How often this very record was sent.
    pub attempts: u64,
    /// `ProductCode` came beside `LicenseArn`: the model warns that this is billed twice.
    pub billed_twice: bool,
    /// When it was first received, in business time.
    pub received_ms: i64,
    /// The tags and their shares, as sent.
    pub usage_allocations: Option<Value>,
}

/// An event that waits for its moment.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Scheduled {
    /// Its number.
    pub seq: u64,
    /// Business time of its delivery.
    pub due_ms: i64,
    /// The control route's name of the event, empty for a foreign envelope.
    pub name: String,
    /// The envelope, exactly as it will be delivered.
    pub body: String,
    /// A fault has already moved it.
    pub moved: bool,
    /// A reordering fault holds it until another event has passed.
    pub held: bool,
}

/// One mail.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Mail {
    /// Address.
    pub to: String,
    /// Subject line.
    pub subject: String,
    /// Plain text.
    pub body: String,
    /// Of an invitation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub temporary_password: Option<String>,
    /// RFC 3339, business time.
    pub at: String,
    /// Sender.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// The HTML form, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub html: Option<String>,
    /// SES's id of the message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message_id: Option<String>,
}

/// One line of the journal.
#[derive(Debug, Serialize, Deserialize)]
#[expect(missing_docs, reason = "each name says which value it carries")]
pub enum Entry {
    Snapshot(Box<World>),
    Started(u64),
    Offset(i64),
    Agreement(Agreement),
    License(License),
    Token(Token),
    Metering(MeteringRow),
    Scheduled(Scheduled),
    Delivered(u64),
    Queue(String, Queue),
    QueueAttributes(String, BTreeMap<String, String>),
    QueueGone(String),
    Message(String, Message),
    Seen {
        queue: String,
        seq: u64,
        visible_ms: i64,
        received: u64,
        first_received_ms: Option<i64>,
    },
    MessageGone(String, u64),
    Purged(String),
    Fault(Fault),
    FaultGone(u64),
    Switch(String, Option<String>),
    Mail(Mail),
    Pool(Box<PoolEntry>),
    KmsKey(KmsKey),
}

impl World {
    /// Takes one entry over.
    pub fn apply(&mut self, entry: Entry) {
        match entry {
            Entry::Snapshot(world) => *self = *world,
            Entry::Started(n) => self.starts = n,
            Entry::Offset(ms) => self.offset_ms = self.offset_ms.max(ms),
            Entry::Agreement(a) => drop(self.agreements.insert(a.agreement_id.clone(), a)),
            Entry::License(l) => drop(self.licenses.insert(l.arn.clone(), l)),
            Entry::Token(t) => drop(self.tokens.insert(t.token.clone(), t)),
            Entry::Metering(row) => drop(self.metering.insert(row.key.clone(), row)),
            Entry::Scheduled(event) => {
                self.used(event.seq);
                self.scheduled.insert(event.seq, event);
            }
            Entry::Delivered(seq) => drop(self.scheduled.remove(&seq)),
            Entry::Queue(name, queue) => drop(self.queues.insert(name, queue)),
            Entry::QueueAttributes(name, attributes) => {
                if let Some(queue) = self.queues.get_mut(&name) {
                    queue.attributes.extend(attributes);
                }
            }
            Entry::QueueGone(name) => drop(self.queues.remove(&name)),
            Entry::Message(name, message) => {
                self.used(message.seq);
                if let Some(queue) = self.queues.get_mut(&name) {
                    queue.messages.insert(message.seq, message);
                }
            }
            Entry::Seen {
                queue,
                seq,
                visible_ms,
                received,
                first_received_ms,
            } => {
                if let Some(message) = self
                    .queues
                    .get_mut(&queue)
                    .and_then(|q| q.messages.get_mut(&seq))
                {
                    message.visible_ms = visible_ms;
                    message.received = received;
                    message.first_received_ms = first_received_ms;
                }
            }
            Entry::MessageGone(name, seq) => {
                if let Some(queue) = self.queues.get_mut(&name) {
                    queue.messages.remove(&seq);
                }
            }
            Entry::Purged(name) => {
                if let Some(queue) = self.queues.get_mut(&name) {
                    queue.messages.clear();
                }
            }
            Entry::Fault(fault) => {
                self.used(fault.id);
                self.faults.insert(fault.id, fault);
            }
            Entry::FaultGone(id) => drop(self.faults.remove(&id)),
            Entry::Switch(name, Some(value)) => drop(self.switches.insert(name, value)),
            Entry::Switch(name, None) => drop(self.switches.remove(&name)),
            Entry::Mail(mail) => self.mailbox.push(mail),
            Entry::Pool(entry) => self.pool.apply(*entry),
            Entry::KmsKey(key) => drop(self.kms_keys.insert(key.id.clone(), key)),
        }
    }

    fn used(&mut self, seq: u64) {
        self.next_seq = self.next_seq.max(seq + 1);
    }

    /// Forgets tokens that have been useless for a week, so that compaction keeps the state small.
    pub fn prune(&mut self, now_ms: i64) {
        self.tokens
            .retain(|_, token| now_ms - token.minted_ms < 7 * 24 * HOUR_MS);
    }
}
