//! An AWS Marketplace licence: its ARN, the key we look it up by, and where it stands.
//! Everything is keyed by licence, never by AWS account: one account may hold several live licences of one product.

use serde::{Deserialize, Serialize};

use crate::{
    Error, ErrorKind,
    id::{LicenceId, TenantId},
    lifecycle::Standing,
    time::Timestamp,
};

/// A licence ARN, kept exactly as AWS spelled it.
///
/// AWS is known to spell it in two ways (`arn:aws:license-manager::111122223333:license:l-…` in captured events, a
/// region and no `license:` in the printed example), so look-ups go by [`LicenseKey`].
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct LicenseArn(String);

impl LicenseArn {
    /// Longest text taken; the service model allows a tail of 1023 after the prefix.
    pub const MAX_LEN: usize = 1200;

    /// The ARN as AWS wrote it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The part that identifies the licence in every spelling: `l-` and what follows, or the whole ARN if there is none.
    pub fn key(&self) -> LicenseKey {
        let tail = self.0.rsplit([':', '/']).next().unwrap_or(&self.0);
        LicenseKey(if tail.len() > 2 && tail.starts_with("l-") {
            tail.to_owned()
        } else {
            self.0.clone()
        })
    }
}

impl std::fmt::Display for LicenseArn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::str::FromStr for LicenseArn {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let text = text.trim();
        let plain = text.bytes().all(|b| b.is_ascii_graphic());
        if text.is_empty()
            || text.len() > Self::MAX_LEN
            || !plain
            || !text.contains("license-manager")
        {
            return Err(Error::new(
                ErrorKind::Invalid,
                "invalid_license_arn",
                "That is not the ARN of an AWS Marketplace licence.",
            ));
        }
        Ok(Self(text.to_owned()))
    }
}

/// What identifies a licence whatever the spelling of its ARN.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LicenseKey(String);

impl LicenseKey {
    /// The key as stored.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// A key read back from a table.
    pub fn from_stored(text: String) -> Self {
        Self(text)
    }
}

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
    /// When it was first seen (business time).
    pub created_at: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_spellings_of_an_arn_have_one_key() {
        let captured: LicenseArn =
            "arn:aws:license-manager::294406891311:license:l-0123456789abcdef0123456789abcdef"
                .parse()
                .unwrap();
        let printed: LicenseArn =
            "aws:license-manager:us-east-1:294406891311:l-0123456789abcdef0123456789abcdef"
                .parse()
                .unwrap();
        assert_eq!(captured.key(), printed.key());
        assert_eq!(
            captured.key().as_str(),
            "l-0123456789abcdef0123456789abcdef"
        );
    }

    #[test]
    fn what_is_no_arn_is_refused() {
        for wrong in [
            "",
            "l-0123",
            "arn:aws:s3:::bucket",
            "arn:aws:license-manager::1:license:l-1\n2",
            &"x".repeat(2000),
        ] {
            assert!(wrong.parse::<LicenseArn>().is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn account_ids_are_masked_in_debug() {
        let account: AwsAccountId = "294406891311".parse().unwrap();
        assert_eq!(format!("{account:?}"), "AwsAccountId(…1311)");
    }
}
