//! `GetEntitlements`: what a licence is entitled to, all pages.
//! A page may be empty and still name a next one, and the whole list may be absent; both crashed AWS's own sample (`facts/marketplace.md` §3.4).
//! On the wire this is Smithy RPC-v2-CBOR, the SDK's own choice.

use aws_sdk_marketplaceentitlement::{
    Client,
    operation::RequestId,
    types::{self, EntitlementValue, GetEntitlementFilterName},
};
use chrono::DateTime;
use domain::{
    Timestamp,
    licence::LicenseArn,
    marketplace::{Entitlement, EntitlementError},
};

use crate::{
    call::{Call, tail},
    failure::{Cure, Failure},
};

/// A listing has at most some hundred dimensions, 25 to a page: past this the service is going round in circles.
const MAX_PAGES: usize = 100;

/// Reads all pages.
pub(crate) async fn get_entitlements(
    client: &Client,
    product_code: &str,
    license: &LicenseArn,
) -> Result<Vec<Entitlement>, EntitlementError> {
    let call = Call::start("GetEntitlements");
    let mut found = Vec::new();
    let mut next: Option<String> = None;
    for _ in 0..MAX_PAGES {
        let sent = client
            .get_entitlements()
            .product_code(product_code)
            .filter(
                GetEntitlementFilterName::LicenseArn,
                vec![license.as_str().to_owned()],
            )
            .set_next_token(next)
            .send()
            .await;
        let page = match sent {
            Ok(page) => page,
            Err(error) => {
                let failure = Failure::of(&error);
                let meaning = meaning(&failure);
                let outcome = match meaning {
                    EntitlementError::Busy(_) => "busy",
                    EntitlementError::Misconfigured(_) => "misconfigured",
                };
                call.failed(outcome, &failure);
                return Err(meaning);
            }
        };
        let ours = page.entitlements().iter().filter(|e| is_of(e, license));
        found.extend(ours.filter_map(entitlement));
        next = page
            .next_token()
            .filter(|token| !token.is_empty())
            .map(str::to_owned);
        if next.is_none() {
            let about = format!("license {}, {} found", tail(license.as_str()), found.len());
            call.answered("success", page.request_id(), &about);
            return Ok(found);
        }
    }
    // A part of the list is no answer: it would take away what the buyer has paid for.
    let text = format!("GetEntitlements has more than {MAX_PAGES} pages");
    call.failed("busy", &text);
    Err(EntitlementError::Busy(text))
}

fn meaning(failure: &Failure) -> EntitlementError {
    match failure.cure() {
        Cure::Time => EntitlementError::Busy(failure.to_string()),
        Cure::Person => EntitlementError::Misconfigured(failure.to_string()),
    }
}

/// The filter is AWS's work; an emulator that does not know this one must not hand a buyer somebody else's entitlements.
fn is_of(entitlement: &types::Entitlement, license: &LicenseArn) -> bool {
    entitlement
        .license_arn()
        .and_then(|arn| arn.parse::<LicenseArn>().ok())
        .is_none_or(|arn| arn.key() == license.key())
}

/// Without a dimension it entitles to nothing.
fn entitlement(entitlement: &types::Entitlement) -> Option<Entitlement> {
    Some(Entitlement {
        dimension: entitlement
            .dimension()
            .filter(|name| !name.is_empty())?
            .to_owned(),
        value: entitlement.value().map(value).unwrap_or_default(),
        expires_at: entitlement.expiration_date().and_then(timestamp),
    })
}

/// Exactly one member is set.
fn value(value: &EntitlementValue) -> String {
    if let Some(number) = value.integer_value() {
        return number.to_string();
    }
    if let Some(number) = value.double_value() {
        return number.to_string();
    }
    if let Some(yes) = value.boolean_value() {
        return yes.to_string();
    }
    value.string_value().unwrap_or_default().to_owned()
}

fn timestamp(at: &aws_smithy_types::DateTime) -> Option<Timestamp> {
    DateTime::from_timestamp_millis(at.to_millis().ok()?)
}

#[cfg(test)]
mod tests;
