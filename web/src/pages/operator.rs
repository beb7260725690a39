//! `/operator/…`: how all tenants are doing, for the vendor's operator: registrations, tenants, AWS's events, jobs. To anybody else these
//! pages do not exist, which is the operations' affair.

pub(crate) mod events;
pub(crate) mod jobs;
pub(crate) mod list;
pub(crate) mod registrations;
pub(crate) mod tenants;

use axum::{http::StatusCode, response::Response};
use control::job;
use runtime::extract::Path;

use self::list::{Filter, List};
use super::list::READ;
use crate::{
    flash::{self, Flash},
    form::{Form, Query},
    reader::SignedIn,
    render,
    words::say,
};

/// `GET /operator/registrations`
pub(super) async fn registrations(signed_in: SignedIn, Query(query): Query) -> Response {
    let page = async {
        let (filter, asked) = Filter::read(registrations::PATHS, &query)?;
        let found = control::registration::list_all(&signed_in.cx, &asked, READ).await?;
        let list = List::cut(found, filter, |last| last.registration.id.to_string());
        let frame = signed_in.frame().await?;
        Ok(render::page(StatusCode::OK, || {
            registrations::view(frame, list)
        }))
    };
    signed_in.answer(page.await)
}

/// `GET /operator/tenants`
pub(super) async fn tenants(signed_in: SignedIn, Query(query): Query) -> Response {
    let page = async {
        let (filter, asked) = Filter::read(tenants::PATHS, &query)?;
        let found = control::tenant::list_all(&signed_in.cx, &asked, READ).await?;
        let list = List::cut(found, filter, |(tenant, _)| tenant.id.to_string());
        let frame = signed_in.frame().await?;
        Ok(render::page(StatusCode::OK, || tenants::view(frame, list)))
    };
    signed_in.answer(page.await)
}

/// `GET /operator/events`
pub(super) async fn events(signed_in: SignedIn, Query(query): Query) -> Response {
    let page = async {
        let (filter, asked) = Filter::read(events::PATHS, &query)?;
        let found = control::inbox::list(&signed_in.cx, &asked, READ).await?;
        let list = List::cut(found, filter, |last| last.id.to_string());
        let frame = signed_in.frame().await?;
        Ok(render::page(StatusCode::OK, || events::view(frame, list)))
    };
    signed_in.answer(page.await)
}

/// `GET /operator/jobs`
pub(super) async fn jobs(signed_in: SignedIn, Query(query): Query, flash: Flash) -> Response {
    let page = async {
        let (filter, asked) = Filter::read(jobs::PATHS, &query)?;
        let found = job::list(&signed_in.cx, &asked, READ).await?;
        let list = List::cut(found, filter, |last| job::Place::of(last).to_string());
        let done = flash
            .done
            .given("again")
            .map(|_| say!("operator-jobs-again-done"));
        let frame = signed_in.frame().await?;
        Ok(render::page(StatusCode::OK, || {
            jobs::view(frame, list, done)
        }))
    };
    let page = page.await;
    flash.shown(signed_in.answer(page))
}

/// `POST /operator/jobs/{work}/{item}/rerun`
pub(super) async fn rerun(
    signed_in: SignedIn,
    Path((work, item)): Path<(String, String)>,
) -> Response {
    let outcome = job::rerun(&signed_in.cx, &work, &item).await;
    let answer = outcome.map(|()| flash::redirect("/operator/jobs", "again=1"));
    signed_in.answer_form(answer, "/operator/jobs", &Form::default())
}
