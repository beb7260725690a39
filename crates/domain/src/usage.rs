//! Usage events: what a CloudEvent must say, and which hour it is billed in.

use chrono::Duration;
use serde::Deserialize;

use crate::{hour::Hour, id::TenantId, licence::LicenseArn, mode::Mode, time::Timestamp};

/// What is counted. The names are the CloudEvents `type`s of `contract.md`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Meter {
    /// A payment the gateway approved.
    PaymentApproved,
    /// A card captured without a charge.
    CaptureCompleted,
}

impl Meter {
    /// Every meter, in the order they are shown.
    pub const ALL: [Self; 2] = [Self::PaymentApproved, Self::CaptureCompleted];

    /// The CloudEvents `type`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::PaymentApproved => "payphone.payment.approved",
            Self::CaptureCompleted => "payphone.capture.completed",
        }
    }

    /// The listing's dimension this meter is billed in. Test usage has one dimension of its own, listed at no price.
    pub const fn dimension(self, mode: Mode) -> Dimension {
        match (mode, self) {
            (Mode::Test, _) => Dimension::TestPayments,
            (Mode::Live, Self::PaymentApproved) => Dimension::Payments,
            (Mode::Live, Self::CaptureCompleted) => Dimension::Captures,
        }
    }
}

impl std::str::FromStr for Meter {
    type Err = Refusal;

    fn from_str(text: &str) -> Result<Self, Refusal> {
        Self::ALL
            .into_iter()
            .find(|meter| meter.as_str() == text)
            .ok_or(Refusal::UnknownType)
    }
}

/// A dimension of the AWS Marketplace listing, by its API name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Dimension {
    /// Approved payments.
    Payments,
    /// Completed captures without a charge.
    Captures,
    /// Anything done in test mode; listed at no price.
    TestPayments,
}

impl Dimension {
    /// Every dimension, in the order they are shown.
    pub const ALL: [Self; 3] = [Self::Payments, Self::Captures, Self::TestPayments];

    /// The dimensions with a price: an active pay-as-you-go licence gets a record for each of them every hour, zero when idle.
    pub const PRICED: [Self; 2] = [Self::Payments, Self::Captures];

    /// The API name at AWS, case-sensitive there.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Payments => "payments",
            Self::Captures => "captures",
            Self::TestPayments => "test_payments",
        }
    }

    /// Which mode's usage it counts.
    pub const fn mode(self) -> Mode {
        match self {
            Self::Payments | Self::Captures => Mode::Live,
            Self::TestPayments => Mode::Test,
        }
    }

    /// Those of a mode, in the order they are shown.
    pub fn of(mode: Mode) -> impl Iterator<Item = Self> {
        Self::ALL
            .into_iter()
            .filter(move |dimension| dimension.mode() == mode)
    }

    /// What people call it.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Payments => "Payments",
            Self::Captures => "Captures",
            Self::TestPayments => "Test payments",
        }
    }
}

impl std::str::FromStr for Dimension {
    type Err = crate::Error;

    fn from_str(text: &str) -> crate::Result<Self> {
        Self::ALL
            .into_iter()
            .find(|dimension| dimension.as_str() == text)
            .ok_or_else(|| crate::Error::internal(format!("unknown dimension {text:?}")))
    }
}

/// Whose usage it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// This licence.
    Licence(LicenseArn),
    /// This tenant's default licence.
    Tenant(TenantId),
}

/// A usage event that says everything it must.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsageEvent {
    /// CloudEvents `id`; with `source` the idempotency key, for ever.
    pub id: String,
    /// CloudEvents `source`.
    pub source: String,
    /// What is counted.
    pub meter: Meter,
    /// Whose it is.
    pub subject: Subject,
    /// When it happened.
    pub time: Timestamp,
    /// How many.
    pub quantity: u32,
}

/// Why one event of a batch was refused; the others are unaffected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Not a CloudEvent 1.0 with the members we need.
    #[error(
        "not a CloudEvents 1.0 event: specversion must be \"1.0\", and id, source, type, subject, time and data are needed"
    )]
    NotACloudEvent,
    /// `id` or `source` is empty or too long.
    #[error("id and source must each have 1 to 256 characters")]
    BadKey,
    /// We do not count this.
    #[error("unknown type; known are payphone.payment.approved and payphone.capture.completed")]
    UnknownType,
    /// Neither a licence ARN nor a tenant id.
    #[error("subject must be a licence ARN or a ten_… id")]
    BadSubject,
    /// Not the caller's, or not there.
    #[error("there is no such licence or tenant")]
    UnknownSubject,
    /// The time lies ahead.
    #[error("time lies more than 5 minutes ahead")]
    Future,
    /// Too old to be billed.
    #[error("time lies more than 14 days back")]
    TooOld,
    /// From before the licence was in force: AWS does not honour it.
    #[error("time lies before the licence came into force")]
    BeforeStart,
    /// The quantity is no whole number in range.
    #[error("data.quantity must be a whole number from 0 to 1000000")]
    BadQuantity,
    /// AWS has not confirmed the licence.
    #[error("the licence is not active yet")]
    NotActive,
    /// The licence is over.
    #[error("the licence has ended")]
    Ended,
    /// The hour's total would not fit AWS's 32-bit quantity.
    #[error("the hour's total would pass 2147483647, the most AWS Marketplace takes")]
    HourFull,
}

impl Refusal {
    /// The stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::NotACloudEvent => "not_a_cloud_event",
            Self::BadKey => "bad_key",
            Self::UnknownType => "unknown_type",
            Self::BadSubject => "bad_subject",
            Self::UnknownSubject => "unknown_subject",
            Self::Future => "time_in_future",
            Self::TooOld => "too_old",
            Self::BeforeStart => "before_licence",
            Self::BadQuantity => "bad_quantity",
            Self::NotActive => "licence_not_active",
            Self::Ended => "licence_ended",
            Self::HourFull => "hour_full",
        }
    }
}

/// The most one event may count; a larger number is a defect of the sender.
pub const MAX_QUANTITY: u32 = 1_000_000;
/// The most events one batch may hold.
pub const MAX_BATCH: usize = 1000;

#[derive(Deserialize)]
struct Raw {
    specversion: String,
    id: String,
    source: String,
    r#type: String,
    subject: String,
    time: Timestamp,
    data: RawData,
}

#[derive(Deserialize)]
struct RawData {
    quantity: serde_json::Value,
}

/// Reads one CloudEvent (CloudEvents 1.0, JSON format); `now` is business time.
pub fn read_cloud_event(value: &serde_json::Value, now: Timestamp) -> Result<UsageEvent, Refusal> {
    // A struct would also be read from a list of its members; an event is an object and nothing else.
    if !value.is_object() || !value.get("data").is_some_and(serde_json::Value::is_object) {
        return Err(Refusal::NotACloudEvent);
    }
    let raw = Raw::deserialize(value).map_err(|_| Refusal::NotACloudEvent)?;
    if raw.specversion != "1.0" {
        return Err(Refusal::NotACloudEvent);
    }
    let good_key = |text: &str| {
        !text.is_empty() && text.chars().count() <= 256 && !text.chars().any(char::is_control)
    };
    if !good_key(&raw.id) || !good_key(&raw.source) {
        return Err(Refusal::BadKey);
    }
    let meter = raw.r#type.parse()?;
    let subject = read_subject(&raw.subject)?;
    let quantity = raw
        .data
        .quantity
        .as_u64()
        .and_then(|quantity| u32::try_from(quantity).ok())
        .filter(|quantity| *quantity <= MAX_QUANTITY)
        .ok_or(Refusal::BadQuantity)?;
    if raw.time > now + Duration::minutes(5) {
        return Err(Refusal::Future);
    }
    // To the millisecond, like every moment we keep.
    let time = chrono::SubsecRound::trunc_subsecs(raw.time, 3);
    Ok(UsageEvent {
        id: raw.id,
        source: raw.source,
        meter,
        subject,
        time,
        quantity,
    })
}

fn read_subject(text: &str) -> Result<Subject, Refusal> {
    if text.starts_with(TenantId::PREFIX) {
        return text
            .parse()
            .map(Subject::Tenant)
            .map_err(|_| Refusal::BadSubject);
    }
    text.parse()
        .map(Subject::Licence)
        .map_err(|_| Refusal::BadSubject)
}

/// The hour an event is billed in: its own, or the earliest one that is neither sealed nor too late to be sent.
///
/// A sealed hour is never amended: AWS would answer `DuplicateRecord` and drop the difference (P4). An hour whose window closes
/// before it can be sent would expire with its units.
pub fn billed_hour(time: Timestamp, sealed_through: Hour, earliest: Hour) -> Hour {
    Hour::containing(time)
        .max(sealed_through.next())
        .max(earliest)
}

/// Whether an event is too old to be billed at `now`: long after the hour it belongs to, nobody could explain it on a bill.
pub fn is_too_old(time: Timestamp, now: Timestamp) -> bool {
    time < now - Duration::days(14)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn now() -> Timestamp {
        "2026-11-22T10:00:00Z".parse().unwrap()
    }

    fn event() -> serde_json::Value {
        json!({
            "specversion": "1.0", "id": "1", "source": "urn:shop", "type": "payphone.payment.approved",
            "subject": "ten_0192aaaabbbb7ccc8dddeeeeffff0001", "time": "2026-11-22T09:59:00Z", "data": {"quantity": 2}
        })
    }

    #[test]
    fn each_bad_member_has_its_own_reason() {
        assert!(read_cloud_event(&event(), now()).is_ok());
        for (pointer, value, refusal) in [
            ("/specversion", json!("0.3"), Refusal::NotACloudEvent),
            ("/id", json!(""), Refusal::BadKey),
            ("/id", json!("x".repeat(257)), Refusal::BadKey),
            ("/id", json!("a\nb"), Refusal::BadKey),
            ("/source", json!(7), Refusal::NotACloudEvent),
            ("/type", json!("payphone.other"), Refusal::UnknownType),
            ("/subject", json!("ten_1"), Refusal::BadSubject),
            ("/subject", json!("somebody"), Refusal::BadSubject),
            ("/time", json!("yesterday"), Refusal::NotACloudEvent),
            ("/time", json!("2026-11-22T10:05:01Z"), Refusal::Future),
            ("/data/quantity", json!(-1), Refusal::BadQuantity),
            ("/data/quantity", json!(1.5), Refusal::BadQuantity),
            ("/data/quantity", json!("2"), Refusal::BadQuantity),
            ("/data/quantity", json!(1_000_001), Refusal::BadQuantity),
            (
                "/data/quantity",
                json!(18_446_744_073_709_551_615_u64),
                Refusal::BadQuantity,
            ),
        ] {
            let mut bad = event();
            *bad.pointer_mut(pointer).unwrap() = value;
            assert_eq!(read_cloud_event(&bad, now()), Err(refusal), "{pointer}");
        }
        let positional = json!([
            "1.0",
            "1",
            "urn:x",
            "payphone.payment.approved",
            "ten_1",
            "2026-11-22T09:59:00Z",
            [1]
        ]);
        for list in [json!([1]), positional] {
            assert_eq!(read_cloud_event(&list, now()), Err(Refusal::NotACloudEvent));
        }
        let mut list = event();
        list["data"] = json!([2]);
        assert_eq!(read_cloud_event(&list, now()), Err(Refusal::NotACloudEvent));
    }

    #[test]
    fn late_usage_joins_the_earliest_hour_that_can_still_be_sent() {
        let hour = Hour::containing(now());
        let early = Hour::from_number(hour.number() - 20);
        for (time, sealed, earliest, billed) in [
            (now(), hour.previous(), early, hour),
            (now(), hour, early, hour.next()),
            (now() - Duration::days(3), hour.previous(), early, hour),
            (now() + Duration::hours(2), hour, early, hour.next().next()),
            (
                now() - Duration::days(1),
                early.previous(),
                hour.previous(),
                hour.previous(),
            ),
        ] {
            assert_eq!(billed_hour(time, sealed, earliest), billed);
        }
        assert!(is_too_old(
            now() - Duration::days(14) - Duration::seconds(1),
            now()
        ));
        assert!(!is_too_old(now() - Duration::days(14), now()));
    }
}
