//! `/invitations/{secret}`: what an invitation offers, and accepting it. For whoever holds the link; it signs nobody in.
//! Looking changes nothing, because mail scanners open links. Invariant: the secret in the address goes to nobody: no link of these
//! pages leads elsewhere, and their answers send no referrer.

use std::sync::Arc;

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::Response,
};
use control::invitation::{Accepted, Offer, accept, look};
use domain::{Error, Timestamp, role::Role};
use leptos::prelude::*;
use runtime::extract::Path;

use crate::{
    form::{Faults, Form},
    reader::Anybody,
    render,
    shell::{Narrow, org},
    ui::{ErrorSummary, TextField, When},
};

/// What an invitation offers.
#[derive(Debug, Clone)]
pub(crate) struct Invitation {
    /// Into which tenant.
    pub(crate) tenant: String,
    /// As what.
    pub(crate) role: Role,
    /// Whom it was sent to.
    pub(crate) email: String,
    /// Until when.
    pub(crate) until: Timestamp,
    /// Where the form goes: this very address.
    pub(crate) action: String,
    /// What stands in the form.
    pub(crate) name: String,
    /// What was wrong with it.
    pub(crate) faults: Faults,
    /// Where people write to.
    pub(crate) support: Arc<str>,
}

/// `GET /invitations/{secret}`
pub(super) async fn show(any: Anybody, Path(secret): Path<String>) -> Response {
    let page = offer(&any, &secret, String::new(), Faults::default()).await;
    let response = any.answer(page.map(|page| render::page(StatusCode::OK, || view(page))));
    without_referrer(response)
}

/// `POST /invitations/{secret}`, with `name`.
pub(super) async fn submit(any: Anybody, Path(secret): Path<String>, form: Form) -> Response {
    let response = any.answer(take(&any, &secret, &form).await);
    without_referrer(response)
}

async fn offer(
    any: &Anybody,
    secret: &str,
    name: String,
    faults: Faults,
) -> Result<Invitation, Error> {
    let Offer { invitation, tenant } = look(&any.cx, secret).await?;
    Ok(Invitation {
        tenant: org(&tenant.name, tenant.id),
        role: invitation.role,
        email: invitation.email.as_str().to_owned(),
        until: invitation.expires_at,
        // What was looked up is 64 hex digits, so it needs no escaping.
        action: format!("/invitations/{secret}"),
        name,
        faults,
        support: Arc::clone(&any.reader.support),
    })
}

async fn take(any: &Anybody, secret: &str, form: &Form) -> Result<Response, Error> {
    match accept(&any.cx, secret, form.get("name")).await {
        Ok(Accepted { tenant, user }) => {
            let page = In {
                tenant: org(&tenant.name, tenant.id),
                email: user.email.as_str().to_owned(),
                has_password: user.first_signed_in_at.is_some(),
                support: Arc::clone(&any.reader.support),
            };
            Ok(render::page(StatusCode::OK, || accepted(page)))
        }
        Err(error) => {
            let Some(faults) = Faults::of(&error) else {
                return Err(error);
            };
            let status = runtime::problem::status_of(error.kind()).0;
            let page = offer(any, secret, form.get("name").to_owned(), faults).await?;
            Ok(render::page(status, || view(page)))
        }
    }
}

fn without_referrer(mut response: Response) -> Response {
    response.headers_mut().insert(
        header::REFERRER_POLICY,
        HeaderValue::from_static("no-referrer"),
    );
    response
}

pub(crate) fn view(page: Invitation) -> impl IntoView {
    view! {
        <Narrow title="Invitation" support=page.support>
            <section class="card">
                <div>
                    <h1>{format!("Join {}", page.tenant)}</h1>
                    <p class="quiet">"You are invited to this account at Payphone."</p>
                </div>
                <ErrorSummary faults=page.faults.clone()/>
                <dl class="facts">
                    <dt>"Your role"</dt>
                    <dd>{page.role.title()} <br/> <span class="quiet">{page.role.purpose()}</span></dd>
                    <dt>"You sign in with"</dt>
                    <dd>{page.email}</dd>
                    <dt>"Good until"</dt>
                    <dd>
                        <When at=page.until/>
                    </dd>
                </dl>
                <form class="form" method="post" action=page.action novalidate=true>
                    <TextField
                        name="name"
                        label="Your name"
                        hint="What your colleagues will see."
                        kind="text"
                        autocomplete="name"
                        value=page.name
                        fault=page.faults.about("name")
                    />
                    <button class="btn primary big" type="submit">
                        "Accept"
                    </button>
                </form>
                <p class="quiet small">"If you did not expect this, close the page: nothing happens then."</p>
            </section>
        </Narrow>
    }
}

/// After accepting.
#[derive(Debug, Clone)]
pub(crate) struct In {
    /// Into which tenant.
    pub(crate) tenant: String,
    /// What they sign in with.
    pub(crate) email: String,
    /// Whether they have a password of their own already.
    pub(crate) has_password: bool,
    /// Where people write to.
    pub(crate) support: Arc<str>,
}

pub(crate) fn accepted(page: In) -> impl IntoView {
    let email = page.email;
    let words = if page.has_password {
        view! {
            <p>
                "Sign in as " <strong class="wrap">{email}</strong> " with the password you have."
            </p>
        }
        .into_any()
    } else {
        view! {
            <p>
                "A temporary password is on its way to " <strong class="wrap">{email}</strong>
                ". It is good for seven days. Sign in with it; you then choose your own password and add an authenticator app."
            </p>
        }
        .into_any()
    };
    view! {
        <Narrow title="You are in" support=page.support>
            <section class="card">
                <div>
                    <h1>"You are in"</h1>
                    <p class="quiet">{page.tenant}</p>
                </div>
                {words}
                <a class="btn primary big" href="/login">
                    "Sign in"
                </a>
            </section>
        </Narrow>
    }
}
