//! What really happened, kept apart from the product: who bought what, what AWS said about it, what was sent to us, and what we
//! answered. The judges compare the product's tables and AWS's books with this and with nothing else.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    Timestamp,
    id::{LicenceId, TenantId, UserId},
    licence::LicenseArn,
    policy::Person,
};

use crate::events::Subject;

/// Somebody who bought in AWS Marketplace.
#[derive(Debug)]
pub(super) struct Buyer {
    pub name: String,
    pub subject: Subject,
    pub license: LicenseArn,
    /// What the browser posts, the newest last.
    pub tokens: Vec<String>,
    pub bought_at: Timestamp,
    pub contract: bool,
    /// AWS ended it then.
    pub ended_at: Option<Timestamp>,
    /// What AWS said about it, delivered or not.
    pub said: Vec<Said>,
    /// What a 2xx told: tenant and licence.
    pub registered: Option<(TenantId, LicenceId)>,
    /// A 2xx told that it is over, or that it never was.
    pub refused: bool,
    /// The owner's address, once the form was answered with a 2xx, and every address that was ever typed.
    pub owner: Option<String>,
    pub typed: Vec<String>,
    /// The owner, signed in.
    pub session: Option<Person>,
    /// The people the owner invited, by address.
    pub guests: BTreeMap<String, Guest>,
}

/// What AWS's events say about a purchase: only what its standing depends on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Said {
    /// In force since.
    InForce(Timestamp),
    /// Over since.
    Over(Timestamp),
    /// Nothing that counts.
    Nothing,
}

/// Somebody invited. Whoever is removed and invited again begins anew.
#[derive(Debug, Clone, Default)]
pub(super) struct Guest {
    /// Accepting is under way, or its answer was lost.
    pub accepting: bool,
    /// A 2xx told that they are in.
    pub accepted: bool,
    /// Removing was asked for.
    pub removing: Option<UserId>,
    /// A 2xx told that they are out.
    pub removed: bool,
}

/// One usage event, whatever the number of times it is sent.
#[derive(Debug)]
pub(super) struct Sending {
    /// Whose licence it names.
    pub buyer: usize,
    pub source: String,
    pub id: String,
    /// Every content it was ever sent with.
    pub contents: Vec<Content>,
    /// The content that a 2xx called accepted.
    pub accepted: Option<Content>,
    /// A 2xx called it known.
    pub known: bool,
    /// How many times it was sent without anybody hearing the answer.
    pub unheard: usize,
    /// It was sent under another tenant's key.
    pub foreign: bool,
}

/// What tells one event from another with the same id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Content {
    pub dimension: &'static str,
    pub time: Timestamp,
    pub quantity: i64,
}

/// All of it.
#[derive(Debug, Default)]
pub(super) struct Truth {
    pub buyers: Vec<Buyer>,
    pub sendings: Vec<Sending>,
    /// Records that AWS was made to dislike: licence key, dimension, hour.
    pub poisoned: BTreeSet<(String, String, Timestamp)>,
    /// What an answer alone gives away as wrong.
    pub wrong: Vec<String>,
}

impl Buyer {
    /// The licence's key, as tables and AWS's books have it.
    pub(super) fn key(&self) -> String {
        self.license.key().as_str().to_owned()
    }
}
