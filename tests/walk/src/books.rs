//! aws-sim's books, read back: the judge of what was billed.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::World;

/// What AWS holds: units by licence, dimension and hour; only what it honoured.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Book {
    /// Units by (licence, dimension, hour).
    pub units: BTreeMap<(String, String, String), i64>,
    /// Lines that AWS did not honour, which a faultless product never causes.
    pub refused: Vec<Value>,
}

impl Book {
    /// Reads the books; two honoured records for one licence, dimension and hour fail the test.
    pub fn read(world: &World) -> Self {
        let mut book = Self::default();
        for item in world.sim("metering-records")["items"]
            .as_array()
            .expect("a list")
        {
            if item["status"] != "Success" {
                book.refused.push(item.clone());
                continue;
            }
            let text = |member: &str| {
                item[member]
                    .as_str()
                    .unwrap_or_else(|| panic!("{member} in {item}"))
                    .to_owned()
            };
            let key = (text("licenseArn"), text("dimension"), text("timestamp"));
            let quantity = item["quantity"]
                .as_i64()
                .unwrap_or_else(|| panic!("quantity in {item}"));
            let twice = book.units.insert(key, quantity);
            assert!(twice.is_none(), "two honoured records for one hour: {item}");
        }
        book
    }

    /// All units of a licence in a dimension.
    pub fn total(&self, license_arn: &str, dimension: &str) -> i64 {
        let of = |(arn, dim, _): &&(String, String, String)| arn == license_arn && dim == dimension;
        self.units
            .keys()
            .filter(of)
            .filter_map(|key| self.units.get(key))
            .sum()
    }

    /// The hours of a licence in a dimension.
    pub fn hours(&self, license_arn: &str, dimension: &str) -> Vec<(String, i64)> {
        let of = |((arn, dim, _), _): &(&(String, String, String), &i64)| {
            arn == license_arn && dim == dimension
        };
        self.units
            .iter()
            .filter(of)
            .map(|((_, _, hour), units)| (hour.clone(), *units))
            .collect()
    }
}
