//! `/account`: who one is here, in which tenants, in which browsers; choosing a tenant, signing out, and recovery codes.
//! It is about the person, not the tenant, so it is there for whoever is signed in.

pub(crate) mod browser;
pub(crate) mod codes;
pub(crate) mod tenants;
pub(crate) mod view;

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use domain::{
    Error,
    id::{SessionId, TenantId},
};
use http_api::Http;
use runtime::extract::Path;

use crate::{
    flash::{self, Flash},
    form::Form,
    reader::SignedIn,
    render, sign_in,
    words::say,
};

/// `GET /account`
pub(super) async fn show(signed_in: SignedIn, flash: Flash) -> Response {
    let page = page(&signed_in, &flash.done).await;
    flash.shown(signed_in.answer(page))
}

async fn page(signed_in: &SignedIn, just_done: &Form) -> Result<Response, Error> {
    let (frame, account) = signed_in.surroundings().await?;
    let ended = just_done
        .given("ended")
        .and_then(|id| id.parse::<SessionId>().ok())
        .filter(|id| account.sessions.iter().all(|session| session.id != *id));
    let page = view::AccountPage {
        frame,
        tenant: signed_in.cx.actor().tenant(),
        account,
        done: ended.map(|_| say!("account-browser-ended")),
    };
    Ok(render::page(StatusCode::OK, || view::view(page)))
}

/// `POST /account/tenant`, with `tenant`, and `next` if it goes on somewhere else than at the first page.
pub(super) async fn select_tenant(signed_in: SignedIn, form: Form) -> Response {
    let outcome = async {
        let tenant: TenantId = form
            .get("tenant")
            .parse()
            .map_err(|_| Error::not_found("tenant"))?;
        control::session::select_tenant(&signed_in.cx, tenant).await?;
        let next = http_api::sign_in::own_path(form.given("next").unwrap_or("/"));
        Ok(Redirect::to(next).into_response())
    };
    signed_in.answer(outcome.await)
}

/// `POST /account/sessions/{id}/end`
pub(super) async fn end_session(
    State(http): State<Http>,
    signed_in: SignedIn,
    Path(id): Path<String>,
) -> Response {
    let outcome = async {
        let id: SessionId = id.parse().map_err(|_| Error::not_found("session"))?;
        if let Some(token) = control::session::end(&signed_in.cx, id).await? {
            http_api::sign_in::revoke(&http, &token).await;
        }
        if id == signed_in.person.session {
            return Ok(sign_in::signed_out(&http, signed_in.support()));
        }
        Ok(flash::redirect("/account", &format!("ended={id}")))
    };
    signed_in.answer(outcome.await)
}

/// `POST /account/sign-out-everywhere`
pub(super) async fn sign_out_everywhere(State(http): State<Http>, signed_in: SignedIn) -> Response {
    let ended = control::session::end_everywhere(&signed_in.cx).await;
    signed_in.answer(ended.map(|_| sign_in::signed_out(&http, signed_in.support())))
}
