//! I8: the audit trail verifies from its first line to its end, by the form that `domain::audit` documents and by nothing of its code.

use std::{collections::BTreeMap, fmt::Write};

use sha2::{Digest, Sha256};

use super::tables::{moment, some};
use crate::database::RawLook;

const BEGINNING: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// Chain, place, its fields in the order in which they are hashed, the hash before, its own.
pub(super) struct Line {
    pub chain: String,
    pub seq: i64,
    pub fields: Vec<Option<String>>,
    pub previous: String,
    pub hash: String,
}

pub(super) async fn lines(raw: &mut RawLook) -> Vec<Line> {
    let rows = raw
        .rows("SELECT tenant_id, seq, previous, hash, id, at, actor, action, outcome, target, detail, address, request_id \
               FROM audit_log ORDER BY tenant_id, seq")
        .await;
    let line = |row: Vec<String>| {
        let mut fields: Vec<Option<String>> = row[4..].iter().map(|text| some(text)).collect();
        let at = moment(&row[5]).expect("a moment");
        fields[1] = Some(at.format("%Y-%m-%dT%H:%M:%S%.3fZ").to_string());
        Line {
            chain: row[0].clone(),
            seq: row[1].parse().expect("a number"),
            fields,
            previous: row[2].clone(),
            hash: row[3].clone(),
        }
    };
    rows.into_iter().map(line).collect()
}

/// Where each chain should end: place and hash.
pub(super) async fn heads(raw: &mut RawLook) -> BTreeMap<String, (i64, String)> {
    let rows = raw
        .rows("SELECT tenant_id, seq, hash FROM audit_heads")
        .await;
    let head = |row: Vec<String>| {
        (
            row[0].clone(),
            (row[1].parse().expect("a number"), row[2].clone()),
        )
    };
    rows.into_iter().map(head).collect()
}

/// What is wrong with any chain.
pub(super) fn chains(lines: &[Line], heads: &BTreeMap<String, (i64, String)>) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut ends: BTreeMap<&str, (i64, &str)> = BTreeMap::new();
    for line in lines {
        let (seq, hash) = ends.get(&*line.chain).copied().unwrap_or((0, BEGINNING));
        if line.seq != seq + 1 || line.previous != hash || line.hash != hashed(line) {
            wrong.push(format!(
                "I8: line {} of {} does not hold",
                line.seq, line.chain
            ));
        }
        ends.insert(&line.chain, (line.seq, &line.hash));
    }
    let ends: BTreeMap<String, (i64, String)> = ends
        .into_iter()
        .map(|(chain, (seq, hash))| (chain.to_owned(), (seq, hash.to_owned())))
        .collect();
    if ends != *heads {
        wrong.push(format!(
            "I8: chains end at {ends:?}, and should at {heads:?}"
        ));
    }
    wrong
}

pub(super) fn hashed(line: &Line) -> String {
    let mut digest = Sha256::new();
    let seq = line.seq.to_string();
    let head = ["payphone-audit-1", &line.previous, &line.chain, &seq];
    let fields = line.fields.iter().map(Option::as_deref);
    for field in head.into_iter().map(Some).chain(fields) {
        match field {
            Some(text) => {
                digest.update((text.len() as u64).to_be_bytes());
                digest.update(text.as_bytes());
            }
            None => digest.update([0xff; 8]),
        }
    }
    digest
        .finalize()
        .iter()
        .fold(String::new(), |mut hex, byte| {
            write!(hex, "{byte:02x}").expect("a string takes it");
            hex
        })
}
