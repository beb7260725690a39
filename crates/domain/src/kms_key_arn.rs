//! The ARN of a KMS key, as rows name the key that wrapped them.
//! An alias is refused: it can be pointed at another key, and a row has to name the one that opens it.
//! Source: <https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#key-id-key-ARN>.

use std::{fmt, str::FromStr};

/// The longest key id of KMS: `mrk-` and 32 hexadecimal digits are 36, a UUID is 36.
const KEY_ID: usize = 36;

/// `arn:<partition>:kms:<region>:<account>:key/<key id>`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KmsKeyArn {
    text: String,
    region: String,
}

impl KmsKeyArn {
    /// The whole ARN.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The key's region, where alone it can be used.
    pub fn region(&self) -> &str {
        &self.region
    }
}

impl fmt::Display for KmsKeyArn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// Why a text is no ARN of a KMS key; a sentence's end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KmsKeyArnError {
    /// Of another shape.
    #[error(
        "is not the ARN of a KMS key, such as arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
    )]
    Shape,
    /// An alias.
    #[error(
        "is an alias, which can be pointed at another key, and rows have to name the key that opens them: give the ARN of the key itself, as `aws kms describe-key` tells it"
    )]
    Alias,
}

impl FromStr for KmsKeyArn {
    type Err = KmsKeyArnError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parts: Vec<_> = text.split(':').collect();
        let ["arn", partition, "kms", region, account, resource] = parts[..] else {
            let alias = text.starts_with("alias/");
            return Err(if alias {
                KmsKeyArnError::Alias
            } else {
                KmsKeyArnError::Shape
            });
        };
        let plain = |text: &str| {
            !text.is_empty()
                && text.len() <= KEY_ID
                && text
                    .bytes()
                    .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        };
        let account = account.len() == 12 && account.bytes().all(|b| b.is_ascii_digit());
        if !(partition.starts_with("aws") && plain(partition) && plain(region) && account) {
            return Err(KmsKeyArnError::Shape);
        }
        match resource.split_once('/') {
            Some(("alias", _)) => Err(KmsKeyArnError::Alias),
            Some(("key", id)) if plain(id) && id.len() == KEY_ID => Ok(Self {
                text: text.to_owned(),
                region: region.to_owned(),
            }),
            _ => Err(KmsKeyArnError::Shape),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_taken_and_aliases_and_the_rest_refused() {
        let key = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
        let arn: KmsKeyArn = key.parse().unwrap();
        assert_eq!((arn.as_str(), arn.region()), (key, "eu-west-1"));
        for good in [
            "arn:aws-us-gov:kms:us-gov-west-1:111122223333:key/mrk-1234abcd12ab34cd56ef1234567890ab",
            "arn:aws-cn:kms:cn-north-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
        ] {
            assert!(good.parse::<KmsKeyArn>().is_ok(), "{good}");
        }
        for alias in [
            "alias/payphone",
            "arn:aws:kms:eu-west-1:111122223333:alias/payphone",
        ] {
            assert_eq!(alias.parse::<KmsKeyArn>(), Err(KmsKeyArnError::Alias));
        }
        for bad in [
            "",
            "1234abcd-12ab-34cd-56ef-1234567890ab",
            "arn:aws:kms:eu-west-1:111122223333:key/",
            "arn:aws:kms:eu-west-1:111122223333:key/short",
            "arn:aws:kms::111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
            "arn:aws:kms:eu-west-1:1111:key/1234abcd-12ab-34cd-56ef-1234567890ab",
            "arn:aws:s3:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
            "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890a\n",
            "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab:x",
        ] {
            assert_eq!(
                bad.parse::<KmsKeyArn>(),
                Err(KmsKeyArnError::Shape),
                "{bad}"
            );
        }
    }
}
