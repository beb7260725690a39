//! Agreement and licence events, and the fold that turns any set of them into where a licence stands.
//! Invariant: the fold is a function of the *set* of events: order, repetition and delay of delivery never change its result (P3, I5).
//! Source: AWS Marketplace's EventBridge events, source `aws.agreement-marketplace`.

use serde::Deserialize;

use crate::{
    license_arn::{LicenseArn, LicenseKey},
    time::Timestamp,
};

/// How a purchase agreement ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum AgreementEnd {
    /// The buyer or the seller cancelled it.
    Cancelled,
    /// Its term ran out.
    Expired,
    /// AWS or the seller terminated it.
    Terminated,
    /// A successor carries on: not churn.
    Renewed,
    /// A successor carries on: not churn.
    Replaced,
}

/// What an event says, as far as we act on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum LifecycleKind {
    /// An agreement was accepted. It names no licence and activates nothing.
    AgreementCreated,
    /// An agreement ended.
    AgreementEnded(AgreementEnd),
    /// The licence is in force.
    LicenseUpdated,
    /// The licence is gone for good.
    LicenseDeprovisioned,
}

impl LifecycleKind {
    /// The word used in tables.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AgreementCreated => "agreement_created",
            Self::AgreementEnded(AgreementEnd::Cancelled) => "agreement_cancelled",
            Self::AgreementEnded(AgreementEnd::Expired) => "agreement_expired",
            Self::AgreementEnded(AgreementEnd::Terminated) => "agreement_terminated",
            Self::AgreementEnded(AgreementEnd::Renewed) => "agreement_renewed",
            Self::AgreementEnded(AgreementEnd::Replaced) => "agreement_replaced",
            Self::LicenseUpdated => "license_updated",
            Self::LicenseDeprovisioned => "license_deprovisioned",
        }
    }

    /// The kind behind a stored word.
    pub fn from_stored(text: &str) -> Option<Self> {
        Some(match text {
            "agreement_created" => Self::AgreementCreated,
            "agreement_cancelled" => Self::AgreementEnded(AgreementEnd::Cancelled),
            "agreement_expired" => Self::AgreementEnded(AgreementEnd::Expired),
            "agreement_terminated" => Self::AgreementEnded(AgreementEnd::Terminated),
            "agreement_renewed" => Self::AgreementEnded(AgreementEnd::Renewed),
            "agreement_replaced" => Self::AgreementEnded(AgreementEnd::Replaced),
            "license_updated" => Self::LicenseUpdated,
            "license_deprovisioned" => Self::LicenseDeprovisioned,
            _ => return None,
        })
    }
}

/// What was read out of one EventBridge envelope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope {
    /// EventBridge's own event id: the first deduplication key.
    pub id: String,
    /// `detail-type` without its role suffix.
    pub detail_type: String,
    /// When it happened, by AWS.
    pub time: Timestamp,
    /// `detail.requestId`; with agreement and type the second deduplication key.
    pub request_id: Option<String>,
    /// `detail.agreement.id`.
    pub agreement_id: Option<String>,
    /// `detail.license.arn`, if the event names a licence.
    pub license: Option<LicenseArn>,
    /// `detail.product.code`, if the event names a product.
    pub product_code: Option<String>,
    /// What it says; `None` is an event we keep and show, but do not act on.
    pub kind: Option<LifecycleKind>,
}

/// Why a message is no lifecycle event.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// Not an EventBridge envelope at all.
    #[error("not an EventBridge envelope: {0}")]
    NotAnEnvelope(String),
    /// An envelope from somewhere else.
    #[error("the source is {0:?}, not aws.agreement-marketplace")]
    ForeignSource(String),
}

#[derive(Deserialize)]
struct RawEnvelope {
    id: String,
    #[serde(rename = "detail-type")]
    detail_type: String,
    source: String,
    time: Timestamp,
    #[serde(default)]
    detail: RawDetail,
}

#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
struct RawDetail {
    request_id: Option<String>,
    agreement: RawAgreement,
    license: RawLicense,
    product: RawProduct,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct RawAgreement {
    id: Option<String>,
    status: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct RawLicense {
    arn: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct RawProduct {
    code: Option<String>,
}

/// Reads an EventBridge envelope. Unknown detail-types and unknown members are kept, never refused.
pub fn read_envelope(body: &str) -> Result<Envelope, Unreadable> {
    let raw: RawEnvelope =
        serde_json::from_str(body).map_err(|e| Unreadable::NotAnEnvelope(e.to_string()))?;
    if raw.source != "aws.agreement-marketplace" {
        return Err(Unreadable::ForeignSource(raw.source));
    }
    // Which copy we get depends on whether we are proposer, manufacturer or both: match every role, then forget it.
    let detail_type = [" - Proposer", " - Manufacturer", " - Acceptor"]
        .iter()
        .find_map(|suffix| raw.detail_type.strip_suffix(suffix))
        .unwrap_or(&raw.detail_type)
        .to_owned();
    let license = raw
        .detail
        .license
        .arn
        .as_deref()
        .and_then(|arn| arn.parse().ok());
    let kind = kind_of(&detail_type, raw.detail.agreement.status.as_deref());
    Ok(Envelope {
        id: raw.id,
        time: raw.time,
        request_id: raw.detail.request_id,
        agreement_id: raw.detail.agreement.id,
        product_code: raw.detail.product.code,
        license,
        kind,
        detail_type,
    })
}

fn kind_of(detail_type: &str, agreement_status: Option<&str>) -> Option<LifecycleKind> {
    match detail_type {
        "Purchase Agreement Created" => Some(LifecycleKind::AgreementCreated),
        "License Updated" => Some(LifecycleKind::LicenseUpdated),
        "License Deprovisioned" => Some(LifecycleKind::LicenseDeprovisioned),
        "Purchase Agreement Ended" => match agreement_status? {
            "CANCELLED" => Some(LifecycleKind::AgreementEnded(AgreementEnd::Cancelled)),
            "EXPIRED" => Some(LifecycleKind::AgreementEnded(AgreementEnd::Expired)),
            "TERMINATED" => Some(LifecycleKind::AgreementEnded(AgreementEnd::Terminated)),
            "RENEWED" => Some(LifecycleKind::AgreementEnded(AgreementEnd::Renewed)),
            "REPLACED" => Some(LifecycleKind::AgreementEnded(AgreementEnd::Replaced)),
            _ => None,
        },
        _ => None,
    }
}

/// One event, as the fold sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LifecycleEvent {
    /// What it says.
    pub kind: LifecycleKind,
    /// When it happened, by AWS.
    pub time: Timestamp,
    /// Its agreement.
    pub agreement_id: Option<String>,
    /// Its licence, if it names one.
    pub license: Option<LicenseKey>,
}

/// Where a licence stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// AWS has not said yet that it is in force.
    Unconfirmed,
    /// In force since this moment.
    Active {
        /// Start of use.
        since: Timestamp,
    },
    /// Over. It never comes back: a new purchase is a new licence.
    Ended {
        /// Start of use, if it was ever in force.
        since: Option<Timestamp>,
        /// When it ended.
        at: Timestamp,
    },
}

impl Standing {
    /// The word used in tables and JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unconfirmed => "unconfirmed",
            Self::Active { .. } => "active",
            Self::Ended { .. } => "ended",
        }
    }

    /// Start of use, if it was ever in force.
    pub const fn since(self) -> Option<Timestamp> {
        match self {
            Self::Unconfirmed => None,
            Self::Active { since } => Some(since),
            Self::Ended { since, .. } => since,
        }
    }

    /// When it ended, if it did.
    pub const fn ended_at(self) -> Option<Timestamp> {
        match self {
            Self::Ended { at, .. } => Some(at),
            _ => None,
        }
    }
}

/// Folds everything known about one licence, in any order and any number of copies, into where it stands.
///
/// `entitled_since` is the moment GetEntitlements first answered with an entitlement (contracts), which counts like License Updated.
/// A licence may outlive its agreement (renewal under the same licence), so the end of *any* agreement that its own events name
/// counts, unless a successor carries on. The first ending wins: it is final, however late a License Updated is delivered.
pub fn fold<'a>(
    license: &LicenseKey,
    agreement_id: Option<&str>,
    entitled_since: Option<Timestamp>,
    events: impl IntoIterator<Item = &'a LifecycleEvent>,
) -> Standing {
    let events: Vec<&LifecycleEvent> = events.into_iter().collect();
    let own = |event: &&&LifecycleEvent| event.license.as_ref() == Some(license);
    let agreements: Vec<&str> = events
        .iter()
        .filter(own)
        .filter_map(|event| event.agreement_id.as_deref())
        .chain(agreement_id)
        .collect();
    let mut since = entitled_since;
    let mut ended: Option<Timestamp> = None;
    for event in &events {
        let of_agreement = event
            .agreement_id
            .as_deref()
            .is_some_and(|id| agreements.contains(&id));
        match event.kind {
            LifecycleKind::LicenseUpdated if own(&event) => {
                since = Some(earliest(since, event.time));
            }
            LifecycleKind::LicenseDeprovisioned if own(&event) => {
                ended = Some(earliest(ended, event.time));
            }
            LifecycleKind::AgreementEnded(
                AgreementEnd::Cancelled | AgreementEnd::Expired | AgreementEnd::Terminated,
            ) if of_agreement => {
                ended = Some(earliest(ended, event.time));
            }
            _ => {}
        }
    }
    match (since, ended) {
        (since, Some(at)) => Standing::Ended { since, at },
        (Some(since), None) => Standing::Active { since },
        (None, None) => Standing::Unconfirmed,
    }
}

fn earliest(known: Option<Timestamp>, other: Timestamp) -> Timestamp {
    known.map_or(other, |known| known.min(other))
}

#[cfg(test)]
mod tests;
