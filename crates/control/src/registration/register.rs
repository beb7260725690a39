//! The buyer's arrival: the token is resolved at once, in the request that brought it, and then forgotten.
//! Keyed by licence: the same token again, or fifty times at once, finds the tenant that the first one made.

use domain::{
    Error, ErrorKind, Timestamp,
    id::{LicenceId, RegistrationId, TenantId},
    licence::{AwsAccountId, Licence, LicenseArn},
    lifecycle::{Standing, fold},
    marketplace::{ResolveError, ResolvedCustomer},
    policy::Action,
    registration::{Step, StepRecord, StepState},
};
use secrecy::{ExposeSecret, SecretString};

use crate::{Cx, anew::anew, cx::About};

/// What the buyer's arrival led to.
#[derive(Debug, Clone)]
pub struct Registered {
    /// The tenant.
    pub tenant: TenantId,
    /// The licence.
    pub licence: LicenceId,
}

/// Resolves a Marketplace token and makes the licence's tenant, or finds it. `free_trial` is AWS's hint beside the token.
///
/// # Errors
/// Each of ResolveCustomer's refusals has its own code, so that each has its own page.
pub async fn register(
    cx: &Cx,
    token: &SecretString,
    free_trial: bool,
) -> Result<Registered, Error> {
    check_form(token)?;
    let customer = cx
        .app()
        .marketplace
        .resolve_customer(token)
        .await
        .map_err(refusal)?;
    let (arn, account) = check_product(cx, &customer)?;
    let now = cx.now();
    // The loser of a race finds the winner's row the second time round.
    for _ in 0..3 {
        let (known, agreement) = {
            let tx = cx.app().db.system_read().await?;
            let key = arn.key();
            let known = db::licence::find_by_key(&tx, &key).await?;
            let agreement = match &customer.agreement_id {
                Some(agreement) => Some(agreement.clone()),
                None => db::inbox::agreement_of_unregistered(&tx, &key).await?,
            };
            if known.is_none() {
                let events = db::inbox::about_unregistered(&tx, &key, agreement.as_deref()).await?;
                let standing = fold(&key, agreement.as_deref(), None, &events);
                if standing.ended_at().is_some() {
                    return Err(ended());
                }
            }
            (known, agreement)
        };
        if let Some(licence) = known {
            return recognise(cx, licence, &customer).await;
        }
        let licence = Licence {
            id: LicenceId::make(&*cx.app().ids),
            tenant: TenantId::make(&*cx.app().ids),
            arn: arn.clone(),
            product_code: customer.product_code.clone(),
            account: account.clone(),
            agreement_id: agreement,
            pricing: None,
            standing: Standing::Unconfirmed,
            free_trial,
            created_at: now,
        };
        if make(cx, &licence, now).await? {
            cx.app().nudge.registrations.notify_one();
            // Events that waited for it.
            cx.app().nudge.inbox.notify_one();
            return Ok(Registered {
                tenant: licence.tenant,
                licence: licence.id,
            });
        }
    }
    Err(Error::unavailable(
        "Too many visits for this subscription at once. Try again.",
        "licence race was lost three times",
    ))
}

/// Whether the token can be one at all: AWS's are at most 512 characters of a small alphabet, and we leave some room.
fn check_form(token: &SecretString) -> Result<(), Error> {
    let text = token.expose_secret();
    if text.is_empty() || text.len() > 4096 || !text.bytes().all(|b| b.is_ascii_graphic()) {
        return Err(refusal(ResolveError::InvalidToken));
    }
    Ok(())
}

fn refusal(error: ResolveError) -> Error {
    match error {
        ResolveError::InvalidToken => Error::new(
            ErrorKind::Malformed,
            "token_invalid",
            "This link did not come from AWS Marketplace, or it was cut short. Open the product under Manage subscriptions in AWS Marketplace and press Set up your account.",
        ),
        ResolveError::ExpiredToken => Error::new(
            ErrorKind::Malformed,
            "token_expired",
            "This link is good for four hours, and they are over. In AWS Marketplace, open Manage subscriptions and press Set up your account again. Your subscription is fine; you need no new one.",
        ),
        ResolveError::Busy(detail) => Error::new(
            ErrorKind::Unavailable,
            "marketplace_busy",
            "AWS Marketplace is not answering us right now. Nothing is lost: go back and press Set up your account again in a minute.",
        )
        .because(detail),
        ResolveError::Misconfigured(detail) => Error::new(
            ErrorKind::Internal,
            "marketplace_misconfigured",
            "Something is wrong on our side, not with your subscription. We have been told. Try again later, or write to support.",
        )
        .because(detail),
    }
}

fn check_product(
    cx: &Cx,
    customer: &ResolvedCustomer,
) -> Result<(LicenseArn, AwsAccountId), Error> {
    if !cx
        .app()
        .config
        .marketplace
        .product_codes
        .contains(&customer.product_code)
    {
        return Err(Error::new(
            ErrorKind::Malformed,
            "foreign_product",
            "This subscription is for another product. Open Payphone under Manage subscriptions in AWS Marketplace and press Set up your account there.",
        ));
    }
    match (&customer.license, &customer.account) {
        (Some(license), Some(account)) => Ok((license.clone(), account.clone())),
        _ => Err(Error::new(
            ErrorKind::Malformed,
            "licence_missing",
            "AWS Marketplace did not tell us which licence this is, so we cannot set it up. Write to support and name your AWS account.",
        )),
    }
}

fn ended() -> Error {
    Error::new(
        ErrorKind::Gone,
        "licence_ended",
        "This subscription has ended, so it can no longer be set up. Subscribe again in AWS Marketplace to start a new one.",
    )
}

/// A licence that is known already: its tenant is found, whoever asks and however often.
async fn recognise(
    cx: &Cx,
    licence: Licence,
    customer: &ResolvedCustomer,
) -> Result<Registered, Error> {
    anew(|| async {
        if licence.standing.ended_at().is_some() && licence.standing.since().is_none() {
            return Err(ended());
        }
        if let (None, Some(agreement)) = (&licence.agreement_id, &customer.agreement_id) {
            let tx = cx
                .write(
                    Action::RegisterLicence,
                    licence.tenant,
                    About::target(licence.id),
                )
                .await?;
            db::licence::set_agreement(&tx, licence.id, agreement).await?;
            tx.commit().await?;
            cx.app().nudge.registrations.notify_one();
        }
        Ok(Registered {
            tenant: licence.tenant,
            licence: licence.id,
        })
    })
    .await
}

/// Tenant, licence, registration and its steps in one transaction; `false` if another post was first.
async fn make(cx: &Cx, licence: &Licence, now: Timestamp) -> Result<bool, Error> {
    anew(|| async {
        let tx = cx
            .write(
                Action::RegisterLicence,
                licence.tenant,
                About::target(licence.id),
            )
            .await?;
        db::tenant::insert(
            &tx,
            &format!("AWS account {}", licence.account.as_str()),
            now,
        )
        .await?;
        if !db::licence::insert(&tx, licence).await? {
            return Ok(false);
        }
        let registration = RegistrationId::make(&*cx.app().ids);
        db::registration::insert(&tx, registration, licence.id, now, cx.app().real.now()).await?;
        for step in Step::ALL {
            let (state, message) = first_words(step);
            let record = StepRecord {
                step,
                state,
                message: message.to_owned(),
                failures: 0,
                checked_at: now,
            };
            db::registration::record_step(&tx, registration, &record).await?;
        }
        tx.commit().await?;
        Ok(true)
    })
    .await
}

fn first_words(step: Step) -> (StepState, &'static str) {
    match step {
        Step::Tenant => (StepState::Done, "Your account exists."),
        Step::Administrator => (
            StepState::Waiting,
            "Waiting for your name and e-mail address.",
        ),
        Step::Licence => (
            StepState::Waiting,
            "Waiting for AWS to confirm the subscription. This usually takes a minute or two.",
        ),
        Step::KeyPair => (StepState::Waiting, "Your key pair is being made."),
        // What follows a registration is no step of it.
        Step::Activation | Step::ApiKey | Step::Usage => {
            (StepState::Waiting, "Waiting for the steps above.")
        }
    }
}
