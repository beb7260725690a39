//! The control plane's own configuration: which listings it answers for, and how it meters.

use domain::{usage::Dimension, usd::Usd};
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
    /// What a unit costs by the public listing.
    pub prices: PricesConfig,
}

/// `[marketplace.prices]`: US dollars for a unit, such as `0.12`; not known if empty. Shown beside usage, and never billed by: AWS bills.
#[derive(Debug, Clone, Serialize, Deserialize, Default)]
#[serde(default, deny_unknown_fields)]
pub struct PricesConfig {
    /// An approved payment.
    pub payments: String,
    /// A capture without a charge.
    pub captures: String,
}

impl PricesConfig {
    fn text(&self, dimension: Dimension) -> &str {
        match dimension {
            Dimension::Payments => &self.payments,
            Dimension::Captures => &self.captures,
            // Listed at no price, which is not the same as a price that is not known.
            Dimension::TestPayments => "0",
        }
    }

    /// What a unit costs by the listing, if that is known.
    pub fn of(&self, dimension: Dimension) -> Option<Usd> {
        self.text(dimension).parse().ok()
    }
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
        for dimension in Dimension::PRICED {
            let text = self.marketplace.prices.text(dimension);
            if !text.is_empty() && text.parse::<Usd>().is_err() {
                let key = dimension.as_str();
                faults.push(format!(
                    "marketplace.prices.{key}: {text:?} is not a price; write US dollars such as \"0.12\", or nothing if it is not known"
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_price_is_an_exact_amount_or_not_known() {
        let with = |payments: &str| ControlConfig {
            marketplace: MarketplaceConfig {
                product_codes: vec!["product".to_owned()],
                prices: PricesConfig {
                    payments: payments.to_owned(),
                    ..PricesConfig::default()
                },
            },
            ..ControlConfig::default()
        };
        for (text, price) in [("0.12", Some("$0.12")), ("", None)] {
            let config = with(text);
            assert_eq!(config.faults(), [""; 0]);
            let found = config.marketplace.prices.of(Dimension::Payments);
            assert_eq!(found.map(Usd::as_price).as_deref(), price);
            assert_eq!(config.marketplace.prices.of(Dimension::Captures), None);
        }
        for wrong in ["12 cents", "-1", "1e-3", "0.123456789"] {
            let faults = with(wrong).faults();
            assert_eq!(faults.len(), 1, "{faults:?}");
            assert!(
                faults[0].contains("marketplace.prices.payments"),
                "{faults:?}"
            );
        }
    }
}
