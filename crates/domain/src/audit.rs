//! The audit trail's own rule: each line of a chain carries the hash of the one before, so that none can be changed, taken out or put
//! elsewhere without the rest giving it away. Every tenant has a chain; what belongs to no tenant is in the vendor's own.
//! The form that is hashed is fixed: other programs check exports by it, and old lines must stay provable.

use std::fmt::Write;

use sha2::{Digest, Sha256};

use crate::{
    id::{AuditId, TenantId},
    time::Timestamp,
};

/// Whose chain a line belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Chain {
    /// A tenant's.
    Tenant(TenantId),
    /// The vendor's own: what no tenant is concerned by.
    Vendor,
}

impl std::fmt::Display for Chain {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Tenant(tenant) => tenant.fmt(f),
            Self::Vendor => f.write_str("vendor"),
        }
    }
}

impl std::str::FromStr for Chain {
    type Err = crate::id::InvalidId;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == "vendor" {
            return Ok(Self::Vendor);
        }
        text.parse().map(Self::Tenant)
    }
}

/// Whether what was asked for was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It was done.
    Done,
    /// It was refused, and nothing changed.
    Refused,
}

impl Outcome {
    /// The word used in tables and exports.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Refused => "refused",
        }
    }
}

impl std::str::FromStr for Outcome {
    type Err = crate::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "done" => Ok(Self::Done),
            "refused" => Ok(Self::Refused),
            other => Err(crate::Error::internal(format!("unknown outcome {other:?}"))),
        }
    }
}

/// One line, before it has its place in the chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Our id.
    pub id: AuditId,
    /// When (business time).
    pub at: Timestamp,
    /// Who, as `Actor::audit_name` says it.
    pub actor: String,
    /// What, as `Action::as_str` says it.
    pub action: String,
    /// Whether it was done.
    pub outcome: Outcome,
    /// To which thing, by its id.
    pub target: Option<String>,
    /// What changed, or why it was refused: a short sentence or pair of words, never a secret and never an address.
    pub detail: Option<String>,
    /// The network address it came from.
    pub address: Option<String>,
    /// In which request.
    pub request_id: String,
}

/// One line in its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Whose chain.
    pub chain: Chain,
    /// Its place: 1, 2, 3 and so on.
    pub seq: i64,
    /// What it says.
    pub entry: Entry,
    /// The hash of the line before, in hex; 64 zeros for the first.
    pub previous: String,
    /// Its own hash, in hex.
    pub hash: String,
}

/// What stands before the first line.
pub const BEGINNING: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// The hash of a line in its place, in hex.
///
/// SHA-256 over, one after the other: `payphone-audit-1`, the hash of the line before (hex), the chain, the place (decimal), id, time
/// (RFC 3339 UTC with milliseconds), actor, action, outcome, target, detail, address, request id. Each is preceded by its length in
/// bytes as eight big-endian bytes; one that is absent is eight bytes of 255 and nothing more.
pub fn hash(previous: &str, chain: Chain, seq: i64, entry: &Entry) -> String {
    let mut digest = Sha256::new();
    let mut put = |field: Option<&str>| match field {
        Some(text) => {
            let length = u64::try_from(text.len()).unwrap_or(u64::MAX);
            digest.update(length.to_be_bytes());
            digest.update(text.as_bytes());
        }
        None => digest.update([0xff; 8]),
    };
    put(Some("payphone-audit-1"));
    put(Some(previous));
    put(Some(&chain.to_string()));
    put(Some(&seq.to_string()));
    put(Some(&entry.id.to_string()));
    put(Some(
        &entry
            .at
            .to_rfc3339_opts(chrono::SecondsFormat::Millis, true),
    ));
    put(Some(&entry.actor));
    put(Some(&entry.action));
    put(Some(entry.outcome.as_str()));
    put(entry.target.as_deref());
    put(entry.detail.as_deref());
    put(entry.address.as_deref());
    put(Some(&entry.request_id));
    digest
        .finalize()
        .iter()
        .fold(String::with_capacity(64), |mut hex, byte| {
            // Writing to a String cannot fail.
            let _ = write!(hex, "{byte:02x}");
            hex
        })
}

/// What is wrong with a chain, naming the line.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Broken {
    /// A line is missing, or one stands in another's place.
    #[error(
        "line {found} of {chain} stands where line {expected} should: lines were taken out or put elsewhere"
    )]
    Gap {
        /// Whose chain.
        chain: Chain,
        /// The place that should come.
        expected: i64,
        /// The place that came.
        found: i64,
    },
    /// A line does not carry the hash of the one before.
    #[error(
        "line {seq} of {chain} ({id}) does not follow the line before: one of the two was changed or put elsewhere"
    )]
    Unlinked {
        /// Whose chain.
        chain: Chain,
        /// Its place.
        seq: i64,
        /// Its id.
        id: AuditId,
    },
    /// A line's hash is not that of what it says.
    #[error("line {seq} of {chain} ({id}) was changed")]
    Changed {
        /// Whose chain.
        chain: Chain,
        /// Its place.
        seq: i64,
        /// Its id.
        id: AuditId,
    },
    /// A line cannot be read.
    #[error("line {seq} of {chain} ({id}) cannot be read: it was changed")]
    Unreadable {
        /// Whose chain.
        chain: Chain,
        /// Its place.
        seq: i64,
        /// Its id, as it stands there.
        id: String,
    },
    /// A tenant without a chain, though its making is a line.
    #[error("{chain} has no lines at all: its chain was taken away")]
    Gone {
        /// Whose chain.
        chain: Chain,
    },
    /// A line without a place, younger than the chain.
    #[error("line {id} of {chain} has no place: it was put in beside the chain")]
    Beside {
        /// Whose chain.
        chain: Chain,
        /// Its id, as it stands there.
        id: String,
    },
    /// The chain does not end where its head says.
    #[error(
        "{chain} should end with line {expected}, and ends with line {found}: lines were taken out or put in at the end"
    )]
    Short {
        /// Whose chain.
        chain: Chain,
        /// The last place, by the head.
        expected: i64,
        /// The last place that is there.
        found: i64,
    },
}

/// Walks one chain from its beginning, a line at a time, so that it need not fit into memory.
#[derive(Debug, Clone)]
pub struct Walk {
    chain: Chain,
    seq: i64,
    hash: String,
}

impl Walk {
    /// Before the first line.
    pub fn new(chain: Chain) -> Self {
        Self {
            chain,
            seq: 0,
            hash: BEGINNING.to_owned(),
        }
    }

    /// Takes the next line.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn step(&mut self, line: &Line) -> Result<(), Broken> {
        let (chain, seq, id) = (self.chain, line.seq, line.entry.id);
        if line.seq != self.seq + 1 {
            return Err(Broken::Gap {
                chain,
                expected: self.seq + 1,
                found: line.seq,
            });
        }
        if line.previous != self.hash {
            return Err(Broken::Unlinked { chain, seq, id });
        }
        let hash = hash(&line.previous, self.chain, line.seq, &line.entry);
        if line.hash != hash {
            return Err(Broken::Changed { chain, seq, id });
        }
        self.seq = line.seq;
        self.hash = hash;
        Ok(())
    }

    /// Ends the walk at what the head says; answers how many lines there were.
    ///
    /// # Errors
    /// The chain ends elsewhere.
    pub fn end(self, head_seq: i64, head_hash: &str) -> Result<i64, Broken> {
        if self.seq != head_seq || self.hash != head_hash {
            return Err(Broken::Short {
                chain: self.chain,
                expected: head_seq,
                found: self.seq,
            });
        }
        Ok(self.seq)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chain(length: i64) -> Vec<Line> {
        let chain = Chain::Tenant(TenantId::from_uuid(uuid::Uuid::from_u128(1)));
        let mut previous = BEGINNING.to_owned();
        (1..=length)
            .map(|seq| {
                let entry = Entry {
                    id: AuditId::from_uuid(uuid::Uuid::from_u128(seq.unsigned_abs().into())),
                    at: "2026-11-22T10:00:00Z".parse().unwrap(),
                    actor: "user:usr_1".to_owned(),
                    action: "apiKey.create".to_owned(),
                    outcome: Outcome::Done,
                    target: (seq % 2 == 0).then(|| format!("apk_{seq}")),
                    detail: None,
                    address: Some("192.0.2.1".to_owned()),
                    request_id: format!("req-{seq}"),
                };
                let hash = hash(&previous, chain, seq, &entry);
                Line {
                    chain,
                    seq,
                    entry,
                    previous: std::mem::replace(&mut previous, hash.clone()),
                    hash,
                }
            })
            .collect()
    }

    fn walk(lines: &[Line], head: &Line) -> Result<i64, Broken> {
        let mut walk = Walk::new(head.chain);
        for line in lines {
            walk.step(line)?;
        }
        walk.end(head.seq, &head.hash)
    }

    /// Security 74: modify, delete or reorder one line.
    #[test]
    fn a_changed_missing_or_moved_line_is_named() {
        let lines = chain(5);
        let head = lines.last().unwrap().clone();
        assert_eq!(walk(&lines, &head), Ok(5));
        for at in 0..5 {
            let mut changed = lines.clone();
            changed[at].entry.target = Some("apk_other".to_owned());
            assert!(
                matches!(walk(&changed, &head), Err(Broken::Changed { seq, .. }) if seq == lines[at].seq)
            );
            let mut missing = lines.clone();
            missing.remove(at);
            assert!(walk(&missing, &head).is_err(), "line {at} is missing");
            let mut rehashed = changed;
            rehashed[at].hash = hash(
                &rehashed[at].previous,
                rehashed[at].chain,
                rehashed[at].seq,
                &rehashed[at].entry,
            );
            assert!(walk(&rehashed, &head).is_err(), "line {at} was rehashed");
        }
        let mut moved = lines.clone();
        moved.swap(1, 2);
        assert!(matches!(
            walk(&moved, &head),
            Err(Broken::Gap { found: 3, .. })
        ));
    }

    #[test]
    fn a_field_cannot_flow_into_the_next() {
        let mut line = chain(1).remove(0);
        let one = hash(BEGINNING, line.chain, 1, &line.entry);
        line.entry.actor = "user:usr_1apiKey".to_owned();
        line.entry.action = ".create".to_owned();
        assert_ne!(one, hash(BEGINNING, line.chain, 1, &line.entry));
    }

    /// The form is public: this value was made by another program from the description above.
    #[test]
    fn the_hashed_form_is_the_documented_one() {
        let line = chain(1).remove(0);
        assert_eq!(
            line.hash,
            "a2414b5cb0b5f1df33cbdeaed5fd7186094b7e10c67c65a47ff74970badf0974"
        );
    }
}
