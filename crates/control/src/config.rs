//! The control plane's own configuration: which listings it answers for, and how it meters.

use serde::{Deserialize, Serialize};

/// Configuration of operations and background work.
#[derive(Debug, Clone, Serialize, Deserialize, Default)]
#[serde(default, deny_unknown_fields)]
pub struct ControlConfig {
    /// Where people reach us, without trailing slash: what links in mails begin with.
    pub public_url: String,
    /// AWS Marketplace listings.
    pub marketplace: MarketplaceConfig,
    /// Metering.
    pub metering: MeteringConfig,
}

/// `[marketplace]`
#[derive(Debug, Clone, Serialize, Deserialize, Default)]
#[serde(default, deny_unknown_fields)]
pub struct MarketplaceConfig {
    /// The product codes we answer for; a token of any other product is refused. In the environment: separated by commas.
    #[serde(deserialize_with = "codes")]
    pub product_codes: Vec<String>,
}

fn codes<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Codes {
        One(String),
        Many(Vec<String>),
    }
    Ok(match Codes::deserialize(deserializer)? {
        Codes::One(text) => text
            .split(',')
            .map(|code| code.trim().to_owned())
            .filter(|code| !code.is_empty())
            .collect(),
        Codes::Many(codes) => codes,
    })
}

/// How the hour in which a licence began is metered; AWS's answer to it is not documented.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "lowercase")]
pub enum FirstHour {
    /// Sent as it is, stamped with the hour's start.
    #[default]
    Whole,
    /// Folded into the next hour.
    Next,
}

/// `[metering]`
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MeteringConfig {
    /// How the first hour is metered.
    pub first_hour: FirstHour,
    /// How long an hour waits for late usage before it is sealed, in minutes (0 to 1200).
    pub seal_grace_minutes: u32,
    /// BatchMeterUsage calls a second (AWS's quota is 10; 1 to 10).
    pub calls_per_second: u32,
}

impl Default for MeteringConfig {
    fn default() -> Self {
        Self {
            first_hour: FirstHour::Whole,
            seal_grace_minutes: 5,
            calls_per_second: 8,
        }
    }
}

impl ControlConfig {
    /// What is wrong, each as a sentence that says what to change.
    pub fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        if self.marketplace.product_codes.is_empty() {
            faults.push("marketplace.product_codes is empty: name the product code of your AWS Marketplace listing".to_owned());
        }
        for code in &self.marketplace.product_codes {
            let known = |c: char| c.is_ascii_alphanumeric() || "-/=:_.@".contains(c);
            if code.is_empty() || !code.chars().all(known) {
                faults.push(format!(
                    "marketplace.product_codes: {code:?} is not a product code; in the environment write them as one,two"
                ));
            }
        }
        if self.metering.seal_grace_minutes > 1200 {
            faults.push(
                "metering.seal_grace_minutes must be at most 1200: AWS takes records for 24 hours"
                    .to_owned(),
            );
        }
        if !(1..=10).contains(&self.metering.calls_per_second) {
            faults.push(
                "metering.calls_per_second must be from 1 to 10: AWS's quota is 10".to_owned(),
            );
        }
        faults
    }
}
