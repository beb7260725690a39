//! `/welcome`: for the buyer behind the `registration` cookie alone. Who the first owner is, where their first password went, and the
//! steps as they happen; posting again before anybody signed in corrects a mistyped address, or mails the password again.
//! Whoever is signed in as well is asked first whether the subscription shall be part of an account they have: nothing is attached
//! by merely arriving.

pub(crate) mod view;

use std::sync::Arc;

use axum::{
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use control::{
    Cx,
    registration::{Progress, WelcomeState, complete, progress, welcome},
};
use domain::{
    Error, ErrorKind,
    id::{LicenceId, TenantId},
    licence::{Licence, Pricing},
    policy::Actor,
    registration::read_contact,
    role::Role,
};

use self::view::{Choice, Entered, Form as Fields, Named, Open, Own};
use crate::{
    flash,
    form::{Faults, Form, Query},
    reader::{Anybody, SignedIn},
    render,
    shell::org,
    words::say,
};

/// Somebody with the cookie.
struct Buyer {
    cx: Cx,
    tenant: TenantId,
    licence: LicenceId,
    support: Arc<str>,
}

impl Buyer {
    fn of(any: &Anybody) -> Result<Self, Error> {
        match &any.buyer {
            Some(actor @ Actor::Buyer { tenant, licence }) => Ok(Self {
                cx: any.cx.acting_as(actor.clone()),
                tenant: *tenant,
                licence: *licence,
                support: Arc::clone(&any.reader.support),
            }),
            _ => Err(Error::new(
                ErrorKind::Unauthenticated,
                "unauthenticated",
                "Come in from AWS Marketplace.",
            )),
        }
    }
}

/// `GET /welcome`; `?separate=1` after the choice, `?correct=1` to correct the address.
pub(super) async fn show(any: Anybody, Query(query): Query) -> Response {
    any.answer(page(&any, &query).await)
}

/// `POST /welcome`
pub(super) async fn submit(any: Anybody, form: Form) -> Response {
    any.answer(take(&any, &form).await)
}

/// `POST /welcome/attach`, with `tenant`.
pub(super) async fn attach(signed_in: SignedIn, form: Form) -> Response {
    // Whoever has to sign in again comes back to the choice.
    signed_in.answer(bring_in(&signed_in, &form).await)
}

async fn page(any: &Anybody, query: &Form) -> Result<Response, Error> {
    let buyer = Buyer::of(any)?;
    let Some(known) = look(&buyer).await? else {
        return Ok(entered(any, &buyer));
    };
    if let Some(at) = known.progress.licence.standing.ended_at() {
        return Ok(render::page(StatusCode::OK, || {
            view::ended(at, buyer.support)
        }));
    }
    match &known.state {
        WelcomeState::Open => {
            if query.given("separate").is_none()
                && let Some(choice) = choice(any, &buyer, &known).await?
            {
                return Ok(render::page(StatusCode::OK, || view::choice(choice)));
            }
            Ok(open(
                &buyer,
                &known,
                Fields::default(),
                Faults::default(),
                StatusCode::OK,
            ))
        }
        WelcomeState::Named { contact, .. } => {
            let fields = Fields {
                email: contact.email.as_str().to_owned(),
                name: contact.name.clone(),
            };
            let correcting = query.given("correct").is_some();
            let page = named(any, &buyer, known, fields, Faults::default(), correcting);
            Ok(render::page(StatusCode::OK, || view::named(page)))
        }
        WelcomeState::Entered => Ok(entered(any, &buyer)),
    }
}

async fn take(any: &Anybody, form: &Form) -> Result<Response, Error> {
    let buyer = Buyer::of(any)?;
    let Some(known) = look(&buyer).await? else {
        return Ok(entered(any, &buyer));
    };
    if let Some(at) = known.progress.licence.standing.ended_at() {
        return Ok(render::page(StatusCode::CONFLICT, || {
            view::ended(at, buyer.support)
        }));
    }
    let outcome = match read_contact(form.get("email"), form.get("name")) {
        Ok(contact) => complete(&buyer.cx, buyer.tenant, buyer.licence, &contact).await,
        Err(error) => Err(error),
    };
    let error = match outcome {
        Ok(()) => return Ok(Redirect::to("/welcome").into_response()),
        Err(error) => error,
    };
    let Some(faults) = Faults::of(&error).filter(|_| error.code() != "already_set_up") else {
        return Err(error);
    };
    let status = runtime::problem::status_of(error.kind()).0;
    let fields = Fields {
        email: form.get("email").to_owned(),
        name: form.get("name").to_owned(),
    };
    if matches!(known.state, WelcomeState::Named { .. }) {
        let page = named(any, &buyer, known, fields, faults, true);
        return Ok(render::page(status, || view::named(page)));
    }
    Ok(open(&buyer, &known, fields, faults, status))
}

async fn bring_in(signed_in: &SignedIn, form: &Form) -> Result<Response, Error> {
    let buyer = Buyer::of(&signed_in.any)?;
    let to: TenantId = form
        .get("tenant")
        .parse()
        .map_err(|_| Error::not_found("tenant"))?;
    // The door lets an owner of the tenant through that is looked at, so that one is chosen first; then it is asked with it.
    let cx = as_member(signed_in, to).await?;
    control::licence::attach(&cx, to, buyer.tenant, buyer.licence).await?;
    control::session::select_tenant(&signed_in.cx, to).await?;
    Ok(flash::redirect("/", "attached=1"))
}

/// The same person in another of their tenants, for this one request.
async fn as_member(signed_in: &SignedIn, tenant: TenantId) -> Result<Cx, Error> {
    let account = control::session::account(&signed_in.cx).await?;
    let (membership, _) = account
        .tenants
        .iter()
        .find(|(membership, _)| membership.tenant == tenant)
        .ok_or_else(|| Error::not_found("tenant"))?;
    let mut person = signed_in.person.clone();
    person.membership = Some((tenant, membership.role));
    Ok(signed_in.cx.acting_as(Actor::User(person)))
}

/// Where it stands.
struct Known {
    progress: Progress,
    state: WelcomeState,
    account: String,
}

/// None if the licence was brought into another tenant meanwhile.
async fn look(buyer: &Buyer) -> Result<Option<Known>, Error> {
    let found = async {
        let known = welcome(&buyer.cx, buyer.tenant, buyer.licence).await?;
        let mut progress = progress(&buyer.cx, buyer.tenant).await?;
        progress.steps.sort_by_key(|record| record.step);
        Ok(Known {
            account: say!(
                "subscription-account",
                digits = known.account.last4().to_owned()
            ),
            state: known.state,
            progress,
        })
    };
    match found.await {
        Ok(known) => Ok(Some(known)),
        Err(error) if Error::kind(&error) == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

fn open(
    buyer: &Buyer,
    known: &Known,
    fields: Fields,
    faults: Faults,
    status: StatusCode,
) -> Response {
    let page = Open {
        subscription: subscription_words(&known.progress.licence),
        fields,
        faults,
        support: Arc::clone(&buyer.support),
    };
    render::page(status, || view::open(page))
}

fn named(
    any: &Anybody,
    buyer: &Buyer,
    known: Known,
    fields: Fields,
    faults: Faults,
    correcting: bool,
) -> Named {
    let (sent_to, name, trouble) = match known.state {
        WelcomeState::Named { contact, trouble } => {
            (contact.email.as_str().to_owned(), contact.name, trouble)
        }
        // The caller looked.
        WelcomeState::Open | WelcomeState::Entered => Default::default(),
    };
    Named {
        subscription: subscription_words(&known.progress.licence),
        sent_to: Fields {
            email: sent_to,
            name,
        },
        trouble,
        steps: known.progress.steps,
        correcting,
        fields,
        faults,
        signed_in: any.cx.actor().person().is_some(),
        support: Arc::clone(&buyer.support),
    }
}

fn entered(any: &Anybody, buyer: &Buyer) -> Response {
    let page = Entered {
        signed_in: any.cx.actor().person().is_some(),
        support: Arc::clone(&buyer.support),
    };
    render::page(StatusCode::OK, || view::entered(page))
}

/// The accounts that the subscription could become part of; none if the browser is not signed in as an owner of any.
async fn choice(any: &Anybody, buyer: &Buyer, known: &Known) -> Result<Option<Choice>, Error> {
    if !matches!(any.cx.actor(), Actor::User(_)) {
        return Ok(None);
    }
    let account = control::session::account(&any.cx).await?;
    let owned: Vec<Own> = account
        .tenants
        .into_iter()
        .filter(|(membership, tenant)| membership.role == Role::Owner && tenant.id != buyer.tenant)
        .map(|(_, tenant)| Own {
            name: org(&tenant.name, tenant.id),
            id: tenant.id,
        })
        .collect();
    Ok((!owned.is_empty()).then(|| Choice {
        account: known.account.clone(),
        email: account.user.email.as_str().to_owned(),
        owned,
        support: Arc::clone(&buyer.support),
    }))
}

/// The subscription by its AWS account and how it is paid for, as far as that is known.
pub(super) fn subscription_words(licence: &Licence) -> String {
    let digits = licence.account.last4().to_owned();
    match licence.pricing {
        None => say!("subscription-account", digits = digits),
        Some(Pricing::Subscription) => say!("subscription-usage", digits = digits),
        Some(Pricing::Contract) => say!("subscription-contract", digits = digits),
    }
}
