//! `/welcome`: who the first administrator is. Two fields, the AWS account they are for, and what happens next.
//! Posting again before anybody signed in corrects a mistyped address.

use std::sync::Arc;

use axum::{
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use control::registration::{Progress, complete, progress};
use domain::{
    Error, Timestamp,
    licence::{Licence, Pricing},
    policy::Actor,
    registration::read_contact,
};
use leptos::prelude::*;

use crate::{
    form::{Faults, Form},
    reader::Visitor,
    render,
    shell::Narrow,
    ui::{Ended, ErrorSummary, TextField},
};

/// What the page says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Welcome {
    /// The subscription, in words.
    pub(crate) subscription: String,
    /// Whether somebody gave name and address before.
    pub(crate) known: bool,
    /// What stands in the form.
    pub(crate) email: String,
    /// What stands in the form.
    pub(crate) name: String,
    /// What was wrong with it.
    pub(crate) faults: Faults,
    /// Where people write to.
    pub(crate) support: Arc<str>,
}

/// `GET /welcome`
pub(super) async fn show(visitor: Visitor) -> Response {
    visitor.answer(form_page(&visitor, None).await)
}

/// `POST /welcome`
pub(super) async fn submit(visitor: Visitor, form: Form) -> Response {
    visitor.answer(take(&visitor, form).await)
}

async fn take(visitor: &Visitor, form: Form) -> Result<Response, Error> {
    let Actor::Buyer { licence, .. } = *visitor.cx.actor() else {
        return Err(Error::not_found("registration"));
    };
    if let Some(page) = ended_page(visitor, StatusCode::CONFLICT).await? {
        return Ok(page);
    }
    let outcome = match read_contact(form.get("email"), form.get("name")) {
        Ok(contact) => complete(&visitor.cx, visitor.tenant, licence, &contact).await,
        Err(error) => Err(error),
    };
    match outcome {
        Ok(()) => Ok(Redirect::to("/").into_response()),
        Err(error) => match Faults::of(&error) {
            Some(faults) => form_page(visitor, Some((form, faults))).await,
            None => Err(error),
        },
    }
}

async fn form_page(visitor: &Visitor, sent: Option<(Form, Faults)>) -> Result<Response, Error> {
    if let Some(page) = ended_page(visitor, StatusCode::OK).await? {
        return Ok(page);
    }
    let Progress {
        registration,
        licence,
        ..
    } = progress(&visitor.cx, visitor.tenant).await?;
    let status = match sent {
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
        None => StatusCode::OK,
    };
    let known = registration.contact.is_some();
    let (email, name, faults) = match (sent, registration.contact) {
        (Some((form, faults)), _) => (
            form.get("email").to_owned(),
            form.get("name").to_owned(),
            faults,
        ),
        (None, Some(contact)) => (
            contact.email.as_str().to_owned(),
            contact.name,
            Faults::default(),
        ),
        (None, None) => (String::new(), String::new(), Faults::default()),
    };
    let page = Welcome {
        subscription: subscription_words(&licence),
        known,
        email,
        name,
        faults,
        support: visitor.support(),
    };
    Ok(render::page(status, || view(page)))
}

/// Instead of the form, when there is nothing left to set up.
async fn ended_page(visitor: &Visitor, status: StatusCode) -> Result<Option<Response>, Error> {
    let frame = visitor.frame().await?;
    Ok(frame
        .ended
        .map(|at| render::page(status, || ended(at, frame.support))))
}

pub(crate) fn ended(at: Timestamp, support: Arc<str>) -> impl IntoView {
    view! {
        <Narrow title="Subscription ended" support=support>
            <section class="card">
                <h1>"Your subscription has ended"</h1>
                <Ended at=at/>
                <p><a class="btn" href="/">"Look at your account"</a></p>
            </section>
        </Narrow>
    }
}

/// The subscription by its AWS account and how it is paid for, as far as that is known.
pub(super) fn subscription_words(licence: &Licence) -> String {
    let account = format!("AWS account ending {}", licence.account.last4());
    match licence.pricing {
        None => account,
        Some(Pricing::Subscription) => format!("{account}, pay as you go"),
        Some(Pricing::Contract) => format!("{account}, contract"),
    }
}

pub(crate) fn view(page: Welcome) -> impl IntoView {
    let (heading, words, button) = if page.known {
        (
            "Correct your details",
            "Saving replaces what you gave before.",
            "Save",
        )
    } else {
        (
            "Your subscription is here",
            "Two fields and you are in.",
            "Create my account",
        )
    };
    let intro = format!("{}. {words}", page.subscription);
    view! {
        <Narrow title="Welcome" support=page.support>
            <section class="card">
                <div>
                    <h1>{heading}</h1>
                    <p class="quiet">{intro}</p>
                </div>
                <ErrorSummary faults=page.faults.clone()/>
                <form class="form" method="post" action="/welcome" novalidate=true>
                    <TextField
                        name="email"
                        label="Work e-mail"
                        hint="The first administrator's address. We write there about this account and nothing else."
                        kind="email"
                        autocomplete="email"
                        value=page.email
                        fault=page.faults.about("email")
                    />
                    <TextField
                        name="name"
                        label="Your name"
                        hint="So that we know whom we are writing to."
                        kind="text"
                        autocomplete="name"
                        value=page.name
                        fault=page.faults.about("name")
                    />
                    <button class="btn primary big" type="submit">
                        {button}
                    </button>
                </form>
                {page.known.then(|| view! { <p><a href="/">"Back to set-up"</a></p> })}
            </section>
            <section class="card">
                <h2>"What happens next"</h2>
                <ol class="plain-steps">
                    <li>"AWS confirms the subscription. This usually takes a minute or two."</li>
                    <li>"We make your test key pair. Its private half never leaves the card plane."</li>
                    <li>"The next page shows both as they happen, then gives you keys to download and an API key."</li>
                </ol>
                <p class="quiet">
                    "Already set up, or coming back later? Press "
                    <strong>"Set up your account"</strong>
                    " in AWS Marketplace again: it opens this same account."
                </p>
            </section>
        </Narrow>
    }
}
