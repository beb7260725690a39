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
    ui::{ErrorSummary, Fact, Facts, TextField, When},
    words::{local, say},
};

/// What an invitation offers.
#[derive(Debug, Clone)]
pub(crate) struct Invitation {
    /// Into which tenant.
    pub(crate) tenant: String,
    /// As what.
    pub(crate) role: Role,
    /// Who sent it, by name.
    pub(crate) inviter: Option<String>,
    /// Whether the person has a name here already, and is not asked for one.
    pub(crate) known: bool,
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
    let Offer {
        invitation,
        tenant,
        inviter,
        known,
    } = look(&any.cx, secret).await?;
    Ok(Invitation {
        inviter,
        known: known.is_some(),
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
                is_here: any.cx.actor().person().map(|person| person.user) == Some(user.id),
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
    let inviter = page
        .inviter
        .map(|name| view! { <Fact name=say!("invitation-by")>{name}</Fact> });
    let name = (!page.known).then(|| {
        view! {
            <TextField
                name="name"
                label=say!("welcome-name")
                hint=say!("welcome-name-hint")
                kind="text"
                autocomplete="name"
                value=page.name
                fault=page.faults.about("name")
            />
        }
    });
    view! {
        <Narrow title=say!("invitation-title") support=page.support>
            <section class="card">
                <div>
                    <h1>{say!("invitation-heading", tenant = page.tenant)}</h1>
                    <p class="quiet">{say!("invitation-intro")}</p>
                </div>
                <ErrorSummary faults=page.faults.clone()/>
                <Facts>
                    {inviter}
                    <Fact name=say!("invitation-role")>
                        {local(page.role.title())} <br/> <span class="quiet">{local(page.role.purpose())}</span>
                    </Fact>
                    <Fact name=say!("invitation-email")>{page.email}</Fact>
                    <Fact name=say!("invitation-until")><When at=page.until/></Fact>
                </Facts>
                <form class="form" method="post" action=page.action novalidate=true>
                    {name}
                    <button class="btn primary big" type="submit">
                        {say!("invitation-accept")}
                    </button>
                </form>
                <p class="quiet small">{say!("invitation-close")}</p>
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
    /// Whether it is who is signed in in this browser.
    pub(crate) is_here: bool,
    /// Whether they have a password of their own already.
    pub(crate) has_password: bool,
    /// Where people write to.
    pub(crate) support: Arc<str>,
}

pub(crate) fn accepted(page: In) -> impl IntoView {
    let (way, label) = if page.is_here {
        ("/tenants", say!("frame-all-accounts"))
    } else {
        ("/login", say!("sign-in"))
    };
    let email = view! { <strong class="wrap">{page.email}</strong> };
    let words = if page.is_here {
        say!("invitation-here"; email = email)
    } else if page.has_password {
        say!("invitation-sign-in"; email = email)
    } else {
        say!("invitation-password"; email = email)
    };
    view! {
        <Narrow title=say!("invitation-accepted") support=page.support>
            <section class="card">
                <div>
                    <h1>{say!("invitation-accepted")}</h1>
                    <p class="quiet">{page.tenant}</p>
                </div>
                <p>{words}</p>
                <a class="btn primary big" href=way>
                    {label}
                </a>
            </section>
        </Narrow>
    }
}
