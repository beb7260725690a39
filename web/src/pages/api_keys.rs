//! `/api-keys`: make, list and revoke API keys. A secret is on the page that made it and nowhere else.

mod filter;
pub(crate) mod made;
pub(crate) mod several;
pub(crate) mod view;

use axum::{extract::State, http::StatusCode, response::Response};
use control::api_key::{self, NewApiKey};
use domain::{
    Error, ErrorKind,
    api_key::{ApiKey, Scope},
    error::FieldError,
    id::ApiKeyId,
    policy::Action,
};
use http_api::{Http, idempotency};
use runtime::extract::Path;
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};

pub(crate) use self::filter::Filter;
use super::{
    example,
    list::{READ, cut},
};
use crate::{
    again,
    flash::{self, Flash},
    form::{Faults, Form, Query},
    reader::Visitor,
    render,
    words::say,
};

/// `GET /api-keys`; of the mode that is looked at; narrowed by `state`, sorted by `sort`, beginning `after` a key; a form's fields fill it in again.
pub(super) async fn list(visitor: Visitor, Query(query): Query, flash: Flash) -> Response {
    let form = if query.has_any(&["name", "mode", "scopes"]) {
        made::NewForm::kept(&query, visitor.mode, visitor.once())
    } else {
        made::NewForm::of(visitor.mode, visitor.once())
    };
    let page = list_page(&visitor, form, Faults::default(), &query, &flash.done).await;
    let page = page.map(|page| render::page(StatusCode::OK, || view::view(page)));
    flash.shown(visitor.answer(page))
}

async fn list_page(
    visitor: &Visitor,
    form: made::NewForm,
    faults: Faults,
    query: &Form,
    just_done: &Form,
) -> Result<view::ApiKeys, Error> {
    let filter = Filter::read(query, visitor.mode)?;
    let asked = filter.query();
    let mut keys = api_key::page(&visitor.cx, visitor.tenant, &asked, READ).await?;
    Ok(view::ApiKeys {
        frame: visitor.frame().await?,
        more: cut(&mut keys, |key| key.id.to_string()),
        done: done(visitor, just_done).await?,
        keys,
        filter,
        form,
        faults,
    })
}

/// What was just done, in words; nothing for what does not fit what is there.
async fn done(visitor: &Visitor, just_done: &Form) -> Result<Option<String>, Error> {
    if just_done.given("none").is_some() {
        return Ok(Some(say!("api-keys-done-nothing")));
    }
    let id = just_done.given("revoked").and_then(|id| id.parse().ok());
    let Some(id) = id else { return Ok(None) };
    let keys = match api_key::those(&visitor.cx, visitor.tenant, &[id]).await {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        keys => keys?,
    };
    let key = keys.iter().find(|key| key.revoked_at.is_some());
    let more = just_done.get("more").parse::<usize>().unwrap_or_default();
    Ok(key.map(|key| {
        say!(
            "api-keys-done-revoked",
            name = key.name.as_str(),
            more = more
        )
    }))
}

/// `POST /api-keys`: the secret is in this very answer, so there is no redirect to follow.
pub(super) async fn create(
    visitor: Result<Visitor, Response>,
    State(http): State<Http>,
    form: Form,
) -> Response {
    let visitor = match visitor {
        Ok(visitor) => visitor,
        Err(refused) => return again::keeping(refused, "/api-keys", &form),
    };
    visitor.answer_form(make(&visitor, &http, &form).await, "/api-keys", &form)
}

/// What is kept of a key that was made, for whoever loads the answer again.
#[derive(Serialize, Deserialize)]
struct Made {
    id: ApiKeyId,
    secret: String,
}

/// The new key with its secret; the same again for the very same form.
async fn made(visitor: &Visitor, http: &Http, form: &Form) -> Result<(ApiKey, String), Error> {
    let new = read(form)?;
    let (cx, tenant) = (visitor.cx.clone(), visitor.tenant);
    let creating = Box::pin(async move {
        let created = api_key::create(&cx, tenant, new).await?;
        Ok(Made {
            id: created.key.id,
            secret: created.secret.expose_secret().to_owned(),
        })
    });
    let (cx, once) = (visitor.cx.clone(), form.once("/api-keys")?);
    let made = idempotency::form_once(cx, http, Action::CreateApiKey, once, creating).await?;
    let keys = api_key::those(&visitor.cx, tenant, &[made.id]).await?;
    let found = || Error::not_found("API key");
    Ok((keys.into_iter().next().ok_or_else(found)?, made.secret))
}

async fn make(visitor: &Visitor, http: &Http, form: &Form) -> Result<Response, Error> {
    if visitor.frame().await?.ended.is_some() {
        let form = made::NewForm::of(visitor.mode, visitor.once());
        let faults = Faults::default();
        let page = list_page(visitor, form, faults, &Form::default(), &Form::default()).await?;
        return Ok(render::page(StatusCode::CONFLICT, || view::view(page)));
    }
    match made(visitor, http, form).await {
        Ok((key, secret)) => {
            let sends_usage = key.scopes.contains(&Scope::UsageWrite);
            let command = sends_usage.then(|| {
                let curl = example::curl(&visitor.public_url, visitor.tenant, visitor.cx.now());
                format!("{}\n{curl}", example::export(&secret))
            });
            let page = made::Created {
                frame: visitor.frame().await?,
                secret,
                key,
                command,
            };
            Ok(render::page(StatusCode::CREATED, || made::created(page)))
        }
        Err(error) => {
            let Some(faults) = Faults::of(&error) else {
                return Err(error);
            };
            let status = runtime::problem::status_of(error.kind()).0;
            let kept = made::NewForm::kept(form, visitor.mode, visitor.once());
            let page = list_page(visitor, kept, faults, &Form::default(), &Form::default()).await?;
            Ok(render::page(status, || view::view(page)))
        }
    }
}

fn read(form: &Form) -> Result<NewApiKey, Error> {
    let mode = form.get("mode").parse().map_err(|_| {
        Error::invalid_fields(vec![FieldError {
            pointer: "mode".into(),
            detail: say!("api-keys-make-mode-missing").into(),
        }])
    })?;
    let scopes = form
        .all("scopes")
        .map(str::parse::<Scope>)
        .collect::<Result<_, _>>()
        .map_err(|error| Error::field("unknown_scope", "scopes", error.message().to_owned()))?;
    Ok(NewApiKey {
        name: form.get("name").to_owned(),
        mode,
        scopes,
    })
}

/// `GET /api-keys/{id}/revoke`: what revoking means, before it is done.
pub(super) async fn confirm(visitor: Visitor, Path(id): Path<String>) -> Response {
    visitor.answer(confirm_page(&visitor, &id).await)
}

async fn confirm_page(visitor: &Visitor, id: &str) -> Result<Response, Error> {
    visitor.check(Action::RevokeApiKey).await?;
    let id = parse(id)?;
    let keys = api_key::those(&visitor.cx, visitor.tenant, &[id]).await?;
    let found = || Error::not_found("API key");
    let key = keys.into_iter().next().ok_or_else(found)?;
    if key.revoked_at.is_some() {
        return Ok(flash::redirect("/api-keys", &format!("revoked={id}")));
    }
    let frame = visitor.frame().await?;
    Ok(render::page(StatusCode::OK, || view::confirm(frame, key)))
}

/// `POST /api-keys/{id}/revoke`
pub(super) async fn revoke(visitor: Visitor, Path(id): Path<String>) -> Response {
    visitor.answer(take_back(&visitor, &id).await)
}

async fn take_back(visitor: &Visitor, id: &str) -> Result<Response, Error> {
    let key = api_key::revoke(&visitor.cx, visitor.tenant, parse(id)?).await?;
    Ok(flash::redirect("/api-keys", &format!("revoked={}", key.id)))
}

fn parse(id: &str) -> Result<ApiKeyId, Error> {
    id.parse().map_err(|_| Error::not_found("API key"))
}
