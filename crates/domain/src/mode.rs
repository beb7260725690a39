//! Test or live: what a key pair, an API key, a gateway, a Connect instance and a payment session each belong to.

use serde::{Deserialize, Serialize};

/// The mode of a thing; it never changes once given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// Only published test card numbers; usage is listed at no price.
    Test,
    /// Real cards and priced usage.
    Live,
}

impl Mode {
    /// The word used in JSON, in tables and in API keys.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Test => "test",
            Self::Live => "live",
        }
    }
}

impl std::fmt::Display for Mode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A word that is neither `test` nor `live`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("mode must be `test` or `live`")]
pub struct InvalidMode;

impl std::str::FromStr for Mode {
    type Err = InvalidMode;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "test" => Ok(Self::Test),
            "live" => Ok(Self::Live),
            _ => Err(InvalidMode),
        }
    }
}
