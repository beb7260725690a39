//! A tenant: one customer of ours, the unit of isolation.

use serde::{Deserialize, Serialize};

use crate::{id::TenantId, list::Word, time::Timestamp};

/// Where a tenant stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum TenantState {
    /// Being set up; nothing is billable yet.
    Provisioning,
    /// At least one licence is active.
    Active,
    /// Every licence has ended; data is kept for reading.
    Ended,
}

impl TenantState {
    /// The word used in tables and JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Provisioning => "provisioning",
            Self::Active => "active",
            Self::Ended => "ended",
        }
    }
}

impl Word for TenantState {
    const ALL: &'static [Self] = &[Self::Provisioning, Self::Active, Self::Ended];

    fn word(self) -> &'static str {
        self.as_str()
    }
}

impl std::str::FromStr for TenantState {
    type Err = crate::Error;

    fn from_str(text: &str) -> crate::Result<Self> {
        match text {
            "provisioning" => Ok(Self::Provisioning),
            "active" => Ok(Self::Active),
            "ended" => Ok(Self::Ended),
            other => Err(crate::Error::internal(format!(
                "unknown tenant state {other:?}"
            ))),
        }
    }
}

/// One tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tenant {
    /// Its id.
    pub id: TenantId,
    /// What it is called in the console; until somebody names it, after its AWS account.
    pub name: String,
    /// Where it stands.
    pub state: TenantState,
    /// When it was made (business time).
    pub created_at: Timestamp,
}
