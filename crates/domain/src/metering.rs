//! The metering ledger: one record for each licence, dimension and hour, and what AWS's answers mean for it.
//! Invariant: a quantity never changes after its record is sealed; only a terminal state ends a record (P4).

use serde::{Deserialize, Serialize};

use crate::{
    hour::Hour,
    id::{LicenceId, MeteringId, TenantId},
    marketplace::RecordStatus,
    time::Timestamp,
    usage::Dimension,
};

/// Where a record stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum RecordState {
    /// Still counting.
    Open,
    /// The quantity is frozen; not sent yet.
    Sealed,
    /// Sent at least once; AWS's answer is not known.
    Sending,
    /// AWS has it: the end.
    Accepted,
    /// AWS says the customer is not subscribed: terminal, unbilled, alarmed.
    NotSubscribed,
    /// AWS's window closed before it was accepted: terminal, unbilled, alarmed.
    Expired,
    /// AWS holds another quantity for this hour than ours: terminal until a person looks.
    Conflict,
    /// AWS refuses this very record: terminal until a person looks.
    Rejected,
    /// AWS said something we do not know: held until a person looks.
    Held,
    /// Covered by a contract: counted, shown, not sent.
    Included,
}

impl RecordState {
    /// Every state.
    pub const ALL: [Self; 10] = [
        Self::Open,
        Self::Sealed,
        Self::Sending,
        Self::Accepted,
        Self::NotSubscribed,
        Self::Expired,
        Self::Conflict,
        Self::Rejected,
        Self::Held,
        Self::Included,
    ];

    /// The word used in tables and JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Sealed => "sealed",
            Self::Sending => "sending",
            Self::Accepted => "accepted",
            Self::NotSubscribed => "notSubscribed",
            Self::Expired => "expired",
            Self::Conflict => "conflict",
            Self::Rejected => "rejected",
            Self::Held => "held",
            Self::Included => "included",
        }
    }

    /// Whether AWS has yet to answer: the quantity is frozen and is, or will be, sent.
    pub const fn is_on_its_way(self) -> bool {
        matches!(self, Self::Sealed | Self::Sending)
    }

    /// Whether units in this state are lost to billing unless a person acts.
    pub const fn is_alarming(self) -> bool {
        matches!(
            self,
            Self::NotSubscribed | Self::Expired | Self::Conflict | Self::Rejected | Self::Held
        )
    }
}

impl std::str::FromStr for RecordState {
    type Err = crate::Error;

    fn from_str(text: &str) -> crate::Result<Self> {
        Self::ALL
            .into_iter()
            .find(|state| state.as_str() == text)
            .ok_or_else(|| crate::Error::internal(format!("unknown metering state {text:?}")))
    }
}

/// One licence, dimension and hour.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MeteringRecord {
    /// Our id.
    pub id: MeteringId,
    /// Whose it is.
    pub tenant: TenantId,
    /// The licence billed.
    pub licence: LicenceId,
    /// The dimension billed.
    pub dimension: Dimension,
    /// The hour billed.
    pub hour: Hour,
    /// Units; frozen once sealed.
    pub quantity: i64,
    /// Where it stands.
    pub state: RecordState,
    /// AWS's id for it, once accepted.
    pub metering_record_id: Option<String>,
    /// How often it was sent.
    pub attempts: i32,
    /// In words: why it stands where it stands, and what happens next.
    pub note: Option<String>,
    /// When its quantity was frozen (business time); absent while it is open, and for records that were sealed before this was kept.
    pub sealed_at: Option<Timestamp>,
    /// The last change (business time).
    pub changed_at: Timestamp,
}

/// The most a record may count: AWS's `Quantity` is a 32-bit integer.
pub const MAX_HOUR_QUANTITY: i64 = 2_147_483_647;

/// What one answer of AWS means for the record that was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// AWS has it.
    Settled,
    /// Not taken, and sending it again would not help.
    Ended(RecordState, &'static str),
}

/// Judges a per-record status. `same_quantity_sent_before` says whether an *earlier* attempt carried this very quantity.
///
/// `DuplicateRecord` has two readings: AWS's model calls an identical resend harmless, its metering guide says it may come back as a
/// duplicate. Our own attempts decide: sent before unchanged means settled, anything else is an incident.
pub fn judge(status: &RecordStatus, same_quantity_sent_before: bool) -> Verdict {
    match status {
        RecordStatus::Success => Verdict::Settled,
        RecordStatus::DuplicateRecord if same_quantity_sent_before => Verdict::Settled,
        RecordStatus::DuplicateRecord => Verdict::Ended(
            RecordState::Conflict,
            "AWS already holds another quantity for this hour, and we have no record of sending it. A person must compare with CloudTrail.",
        ),
        RecordStatus::CustomerNotSubscribed => Verdict::Ended(
            RecordState::NotSubscribed,
            "AWS says this customer has no active agreement. The units are not billed.",
        ),
        RecordStatus::Other(_) => Verdict::Ended(
            RecordState::Held,
            "AWS answered with a status this version does not know. Held until a person looks.",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_status_has_a_verdict() {
        assert_eq!(judge(&RecordStatus::Success, false), Verdict::Settled);
        assert_eq!(
            judge(&RecordStatus::DuplicateRecord, true),
            Verdict::Settled
        );
        for (status, state) in [
            (RecordStatus::DuplicateRecord, RecordState::Conflict),
            (
                RecordStatus::CustomerNotSubscribed,
                RecordState::NotSubscribed,
            ),
            (RecordStatus::Other("New".into()), RecordState::Held),
        ] {
            assert!(matches!(judge(&status, false), Verdict::Ended(s, _) if s == state));
        }
    }

    #[test]
    fn stored_words_round_trip() {
        for state in RecordState::ALL {
            assert_eq!(state.as_str().parse::<RecordState>().unwrap(), state);
            assert_eq!(serde_json::to_value(state).unwrap(), state.as_str());
        }
    }
}
