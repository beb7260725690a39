//! `/api-keys`: make, list and revoke API keys. A secret is on the page that made it and nowhere else.

pub(crate) mod view;

use axum::{
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use control::api_key::{self, NewApiKey};
use domain::{
    Error,
    api_key::{ApiKey, Scope},
    error::FieldError,
    id::ApiKeyId,
    policy::Action,
};
use runtime::extract::Path;
use secrecy::ExposeSecret;

use super::example;
use crate::{
    form::{Faults, Form, Query},
    reader::Visitor,
    render,
};

/// `GET /api-keys`; `?revoked=` names the key that was just revoked, and a form's fields fill it in again.
pub(super) async fn list(visitor: Visitor, Query(query): Query) -> Response {
    let form = if query.has_any(&["name", "mode", "scopes"]) {
        view::NewForm::kept(&query)
    } else {
        view::NewForm::default()
    };
    let page = list_page(&visitor, form, Faults::default(), &query).await;
    visitor.answer(page.map(|page| render::page(StatusCode::OK, || view::view(page))))
}

async fn list_page(
    visitor: &Visitor,
    form: view::NewForm,
    faults: Faults,
    query: &Form,
) -> Result<view::ApiKeys, Error> {
    let keys = api_key::list(&visitor.cx, visitor.tenant).await?;
    let done = query
        .given("revoked")
        .and_then(|id| id.parse::<ApiKeyId>().ok())
        .and_then(|id| keys.iter().find(|key| key.id == id))
        .filter(|key| key.revoked_at.is_some())
        .map(|key| {
            format!(
                "“{}” is revoked. Nothing is accepted under it any more.",
                key.name
            )
        });
    Ok(view::ApiKeys {
        frame: visitor.frame().await?,
        keys,
        form,
        faults,
        done,
    })
}

/// `POST /api-keys`: the secret is in this very answer, so there is no redirect to follow.
pub(super) async fn create(visitor: Visitor, form: Form) -> Response {
    visitor.answer_form(make(&visitor, &form).await, "/api-keys", &form)
}

async fn make(visitor: &Visitor, form: &Form) -> Result<Response, Error> {
    if visitor.frame().await?.ended.is_some() {
        let (form, faults) = (view::NewForm::default(), Faults::default());
        let page = list_page(visitor, form, faults, &Form::default()).await?;
        return Ok(render::page(StatusCode::CONFLICT, || view::view(page)));
    }
    let outcome = match read(form) {
        Ok(new) => api_key::create(&visitor.cx, visitor.tenant, new).await,
        Err(error) => Err(error),
    };
    match outcome {
        Ok(created) => {
            let secret = created.secret.expose_secret();
            let sends_usage = created.key.scopes.contains(&Scope::UsageWrite);
            let command = sends_usage.then(|| {
                let curl = example::curl(&visitor.public_url, visitor.tenant, visitor.cx.now());
                format!("{}\n{curl}", example::export(secret))
            });
            let page = view::Created {
                frame: visitor.frame().await?,
                secret: secret.to_owned(),
                key: created.key,
                command,
            };
            Ok(render::page(StatusCode::CREATED, || view::created(page)))
        }
        Err(error) => {
            let Some(faults) = Faults::of(&error) else {
                return Err(error);
            };
            let status = runtime::problem::status_of(error.kind()).0;
            let kept = view::NewForm::kept(form);
            let page = list_page(visitor, kept, faults, &Form::default()).await?;
            Ok(render::page(status, || view::view(page)))
        }
    }
}

fn read(form: &Form) -> Result<NewApiKey, Error> {
    let mode = form.get("mode").parse().map_err(|_| {
        let detail = "Choose test or live.";
        Error::invalid_fields(vec![FieldError {
            pointer: "mode".into(),
            detail: detail.into(),
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
    let key: ApiKey = api_key::list(&visitor.cx, visitor.tenant)
        .await?
        .into_iter()
        .find(|key| key.id == id)
        .ok_or_else(|| Error::not_found("API key"))?;
    if key.revoked_at.is_some() {
        return Ok(Redirect::to(&format!("/api-keys?revoked={id}")).into_response());
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
    Ok(Redirect::to(&format!("/api-keys?revoked={}", key.id)).into_response())
}

fn parse(id: &str) -> Result<ApiKeyId, Error> {
    id.parse().map_err(|_| Error::not_found("API key"))
}
