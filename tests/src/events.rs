//! AWS's EventBridge envelopes as they were seen in the wild: what happens to an agreement and to a licence.

use domain::{Timestamp, time::rfc3339};
use serde_json::{Value, json};

/// What happens to a purchase.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Happening {
    /// Purchase Agreement Created.
    Created,
    /// License Updated.
    Updated,
    /// Purchase Agreement Ended, with this status.
    Ended(&'static str),
    /// License Deprovisioned.
    Deprovisioned,
}

/// Whose happening it is.
#[derive(Debug, Clone)]
pub struct Subject {
    /// The agreement.
    pub agreement_id: String,
    /// The licence's ARN.
    pub license_arn: String,
    /// The buyer's account.
    pub account: String,
    /// The listing.
    pub product_code: String,
}

/// The envelope; `id` is EventBridge's, and the request id is made from it.
pub fn envelope(what: Happening, of: &Subject, id: &str, at: Timestamp) -> Value {
    let (detail_type, status, names_licence) = match what {
        Happening::Created => ("Purchase Agreement Created - Proposer", "ACTIVE", false),
        Happening::Updated => ("License Updated - Manufacturer", "ACTIVE", true),
        Happening::Ended(status) => ("Purchase Agreement Ended - Proposer", status, false),
        Happening::Deprovisioned => ("License Deprovisioned - Manufacturer", "ACTIVE", true),
    };
    let mut detail = json!({
        "requestId": format!("request-{id}"),
        "catalog": "AWSMarketplace",
        "agreement": {"id": of.agreement_id, "status": status, "endTime": "9999-01-01T00:00:00Z"},
        "acceptor": {"accountId": of.account},
        "proposer": {"accountId": "999988887777"},
        "offer": {"id": "offer-1"},
    });
    if names_licence {
        detail["license"] = json!({"arn": of.license_arn});
        detail["product"] = json!({"code": of.product_code, "id": "prod-1"});
    }
    json!({
        "version": "0",
        "id": id,
        "detail-type": detail_type,
        "source": "aws.agreement-marketplace",
        "account": "999988887777",
        "time": rfc3339(at),
        "region": "us-east-1",
        "resources": [format!("arn:aws:aws-marketplace::aws:agreement:{}", of.agreement_id)],
        "detail": detail,
    })
}
