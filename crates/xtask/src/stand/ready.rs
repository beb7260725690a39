//! The ready file of the contract: a JSON that names the addresses and the processes once everything answers.
//! It is written to a neighbour and renamed, so that a reader never sees half of it.

use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::files;

/// The ready file's content.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Ready {
    /// Base URLs.
    pub addresses: Addresses,
    /// The product code of the listing.
    pub product_code: String,
    /// The bearer token of the vendor's operator, in dev alone.
    pub operator_token: String,
    /// Process ids.
    pub pids: Pids,
}

/// Base URLs without a trailing slash.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Addresses {
    /// The AWS stand-in.
    pub aws_sim: String,
    /// The control plane.
    pub control: String,
    /// The control plane's admin listener.
    pub control_admin: String,
    /// The card plane.
    pub card: String,
    /// The card plane's admin listener.
    pub card_admin: String,
}

/// Process ids; null for a process that does not run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Pids {
    /// The AWS stand-in.
    pub aws_sim: Option<u32>,
    /// The control plane.
    pub control: Option<u32>,
    /// The card plane.
    pub card: Option<u32>,
}

impl Ready {
    /// Writes the ready file, replacing an older one in one step; only the owner can read it, since the token is in it.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn write(&self, file: &Path) -> io::Result<()> {
        let mut text = serde_json::to_vec_pretty(self)?;
        text.push(b'\n');
        files::write_atomic(file, &text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_those_of_the_contract() {
        let ready = Ready {
            addresses: Addresses {
                aws_sim: "a".into(),
                control: "b".into(),
                control_admin: "c".into(),
                card: "d".into(),
                card_admin: "e".into(),
            },
            product_code: "payphone-demo".into(),
            operator_token: "t".into(),
            pids: Pids {
                aws_sim: Some(1),
                control: Some(2),
                card: Some(3),
            },
        };
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("ready.json");
        ready.write(&file).unwrap();
        let read: serde_json::Value =
            serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
        let expected = serde_json::json!({
            "addresses": {"awsSim": "a", "control": "b", "controlAdmin": "c", "card": "d", "cardAdmin": "e"},
            "productCode": "payphone-demo",
            "operatorToken": "t",
            "pids": {"awsSim": 1, "control": 2, "card": 3},
        });
        assert_eq!(read, expected);
    }
}
