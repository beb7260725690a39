//! The ARN of an AWS Marketplace licence, in AWS's words, and the key it is looked up by whatever its spelling.

use serde::Serialize;

use crate::{Error, ErrorKind};

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
}
