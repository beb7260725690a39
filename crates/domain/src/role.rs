//! What a person may be in a tenant. What each role may do stands in `policy`, and nowhere else.

use serde::{Deserialize, Serialize};

use crate::Error;

/// A role in one tenant; a person may have another one in the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Role {
    /// Everything, owners included. A tenant always keeps one.
    Owner,
    /// Everything but owners and what belongs to the subscription itself.
    Admin,
    /// Keys, API keys and usage, for who wires the contact centre up.
    Developer,
    /// Takes payments; sees nothing of the administration.
    Agent,
    /// Sees everything there is to see, and changes nothing.
    Auditor,
}

impl Role {
    /// Every role, the mightiest first.
    pub const ALL: [Self; 5] = [
        Self::Owner,
        Self::Admin,
        Self::Developer,
        Self::Agent,
        Self::Auditor,
    ];

    /// The word used in tables, forms and JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Admin => "admin",
            Self::Developer => "developer",
            Self::Agent => "agent",
            Self::Auditor => "auditor",
        }
    }

    /// What people read.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Owner => "Owner",
            Self::Admin => "Admin",
            Self::Developer => "Developer",
            Self::Agent => "Agent",
            Self::Auditor => "Auditor",
        }
    }

    /// One sentence about what the role is for.
    pub const fn purpose(self) -> &'static str {
        match self {
            Self::Owner => "Everything, including other owners and the subscription.",
            Self::Admin => "Everything except owners and the subscription.",
            Self::Developer => "Keys, API keys and usage. For whoever wires up Amazon Connect.",
            Self::Agent => "Takes payments on calls. Sees nothing of the administration.",
            Self::Auditor => "Sees everything, changes nothing.",
        }
    }
}

impl std::fmt::Display for Role {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl std::str::FromStr for Role {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        Self::ALL
            .into_iter()
            .find(|role| role.as_str() == text)
            .ok_or_else(|| {
                Error::field(
                    "unknown_role",
                    "role",
                    "Choose one of owner, admin, developer, agent and auditor.",
                )
            })
    }
}
