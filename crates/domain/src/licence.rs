//! An AWS Marketplace licence: its ARN, the key we look it up by, and where it stands.
//! Everything is keyed by licence, never by AWS account: one account may hold several live licences of one product.

use serde::{Deserialize, Serialize};

use crate::{
    Error, ErrorKind,
    id::{LicenceId, TenantId},
    lifecycle::Standing,
    time::Timestamp,
};

pub use crate::license_arn::{LicenseArn, LicenseKey};

/// A twelve-digit AWS account id.
#[derive(Clone, PartialEq, Eq, Hash, Serialize)]
pub struct AwsAccountId(String);

impl AwsAccountId {
    /// All digits; only for AWS and for the account's own people.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The last four digits, for logs and for pages that others may see.
    pub fn last4(&self) -> &str {
        self.0
            .get(self.0.len().saturating_sub(4)..)
            .unwrap_or_default()
    }
}

impl std::fmt::Debug for AwsAccountId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "AwsAccountId(…{})", self.last4())
    }
}

impl std::str::FromStr for AwsAccountId {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        // The model allows 1 to 255 digits; AWS issues twelve.
        if text.is_empty() || text.len() > 255 || !text.bytes().all(|b| b.is_ascii_digit()) {
            return Err(Error::new(
                ErrorKind::Invalid,
                "invalid_aws_account",
                "An AWS account id is twelve digits.",
            ));
        }
        Ok(Self(text.to_owned()))
    }
}

/// How the buyer pays for a licence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Pricing {
    /// Pay as you go: every hour is metered, idle hours with zero.
    Subscription,
    /// Paid ahead: AWS holds entitlements for it.
    Contract,
}

impl Pricing {
    /// The word used in tables and JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Subscription => "subscription",
            Self::Contract => "contract",
        }
    }
}

impl std::str::FromStr for Pricing {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        match text {
            "subscription" => Ok(Self::Subscription),
            "contract" => Ok(Self::Contract),
            other => Err(Error::internal(format!("unknown pricing {other:?}"))),
        }
    }
}

/// One licence of one tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Licence {
    /// Our id.
    pub id: LicenceId,
    /// Whose it is.
    pub tenant: TenantId,
    /// AWS's ARN, verbatim.
    pub arn: LicenseArn,
    /// The listing's product code.
    pub product_code: String,
    /// The buyer's AWS account.
    pub account: AwsAccountId,
    /// The agreement, once AWS named it.
    pub agreement_id: Option<String>,
    /// How it is paid for; unknown until it is first confirmed.
    pub pricing: Option<Pricing>,
    /// What AWS's events, taken together, say.
    pub standing: Standing,
    /// Whether the buyer came with a free trial. AWS ends it by itself and prices it at nothing; when, we are not told.
    pub free_trial: bool,
    /// When it was first seen (business time).
    pub created_at: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn account_ids_are_masked_in_debug() {
        let account: AwsAccountId = "294406891311".parse().unwrap();
        assert_eq!(format!("{account:?}"), "AwsAccountId(…1311)");
    }
}
