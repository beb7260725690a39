//! `ResolveCustomer`: a registration token becomes a product, an account, a licence and an agreement.
//! The token is a bearer credential for hours (`facts/marketplace.md` §1.11). It goes into the request and nowhere else.
//! The SDK does not print it either (a test holds it to that), unless told to by its variable `LOG_SIGNABLE_BODY`; at level *trace* it prints
//! answers, and so accounts and licences, which is why our filter is *info*.

use aws_sdk_marketplacemetering::{
    Client,
    operation::{RequestId, resolve_customer::ResolveCustomerOutput},
};
use domain::marketplace::{ResolveError, ResolvedCustomer};
use secrecy::{ExposeSecret, SecretString};

use crate::{
    call::{Call, tail},
    failure::{Cure, Failure},
};

/// Asks AWS who is behind the token.
pub(crate) async fn resolve_customer(
    client: &Client,
    token: &SecretString,
) -> Result<ResolvedCustomer, ResolveError> {
    if token.expose_secret().is_empty() {
        return Err(ResolveError::InvalidToken);
    }
    let call = Call::start("ResolveCustomer");
    let sent = client
        .resolve_customer()
        .registration_token(token.expose_secret())
        .send()
        .await;
    match sent {
        Ok(output) => {
            let customer = customer(&output);
            match &customer {
                Ok(customer) => call.answered(
                    "success",
                    output.request_id(),
                    &format_args!(
                        "license {}",
                        customer
                            .license
                            .as_ref()
                            .map_or("none".to_owned(), |arn| tail(arn.as_str())),
                    ),
                ),
                Err(error) => call.failed("unreadable", error),
            }
            customer
        }
        Err(error) => {
            let failure = Failure::of(&error);
            let meaning = meaning(&failure);
            match meaning {
                // Anybody may post anything to the registration page: no reason to warn.
                ResolveError::InvalidToken => {
                    call.answered("invalid_token", error.request_id(), &failure);
                }
                ResolveError::ExpiredToken => {
                    call.answered("expired_token", error.request_id(), &failure);
                }
                ResolveError::Busy(_) => call.failed("busy", &failure),
                ResolveError::Misconfigured(_) => call.failed("misconfigured", &failure),
            }
            Err(meaning)
        }
    }
}

/// `facts/marketplace.md` §3.2.
fn meaning(failure: &Failure) -> ResolveError {
    match failure.code() {
        _ if failure.is_about_our_credentials() => ResolveError::Misconfigured(failure.to_string()),
        // The request has no other member, so a request that is not valid is a token that is not valid.
        Some("InvalidTokenException" | "ValidationException") => ResolveError::InvalidToken,
        Some("ExpiredTokenException") => ResolveError::ExpiredToken,
        _ => match failure.cure() {
            Cure::Time => ResolveError::Busy(failure.to_string()),
            Cure::Person => ResolveError::Misconfigured(failure.to_string()),
        },
    }
}

/// Every member is optional, and an empty one counts as absent.
///
/// A licence ARN or account id that is there but cannot be read is *our* failing, to be seen by operators. Taken for absent, it would tell the
/// buyer that the product is of a kind we cannot serve. Without a product code the text is empty, which no list of listings contains.
fn customer(output: &ResolveCustomerOutput) -> Result<ResolvedCustomer, ResolveError> {
    Ok(ResolvedCustomer {
        product_code: output.product_code().unwrap_or_default().to_owned(),
        account: parsed("CustomerAWSAccountId", output.customer_aws_account_id())?,
        license: parsed("LicenseArn", output.license_arn())?,
        agreement_id: output
            .metadata()
            .and_then(|metadata| present(metadata.agreement_id()))
            .map(str::to_owned),
    })
}

fn present(member: Option<&str>) -> Option<&str> {
    member.filter(|text| !text.is_empty())
}

fn parsed<T: std::str::FromStr>(
    name: &str,
    member: Option<&str>,
) -> Result<Option<T>, ResolveError> {
    present(member)
        .map(|text| {
            text.parse().map_err(|_| {
                let end = tail(text);
                ResolveError::Misconfigured(format!(
                    "ResolveCustomer answered a {name} that this version cannot read ({end})"
                ))
            })
        })
        .transpose()
}

#[cfg(test)]
mod tests;
