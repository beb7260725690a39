//! `/`: for each who comes, the page to begin with. Buyers go on to `/welcome`; members to the set-up until it is done, and see the
//! overview from then on; agents and operators, who may not, see a small page of their own.

use axum::{
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use control::registration;
use domain::{
    Error,
    policy::{Action, Actor},
    registration::StepState,
};
use leptos::prelude::*;

use super::{
    overview,
    setup::{self, Prompts, prompts},
};
use crate::{
    flash::Flash,
    form::Form,
    reader::{Anybody, SignedIn, Visitor},
    render,
    shell::{Console, Frame, Place},
    ui::Notice,
    words::say,
};

/// `GET /`
pub(super) async fn show(any: Anybody, flash: Flash) -> Response {
    if matches!(any.cx.actor(), Actor::Buyer { .. }) {
        return Redirect::to("/welcome").into_response();
    }
    let signed_in = match SignedIn::of(any) {
        Ok(signed_in) => signed_in,
        Err(other) => return *other,
    };
    if signed_in.is_operator() {
        let frame = signed_in.frame().await;
        return signed_in
            .answer(frame.map(|frame| render::page(StatusCode::OK, || operator(frame))));
    }
    let visitor = match Visitor::of(signed_in) {
        Ok(visitor) => visitor,
        Err(other) => return *other,
    };
    let page = page(&visitor, &flash.done).await;
    flash.shown(visitor.answer(page))
}

async fn page(visitor: &Visitor, just_done: &Form) -> Result<Response, Error> {
    let (frame, account) = visitor.signed_in.surroundings().await?;
    let done = setup::attached(just_done);
    if frame.may(Action::ReadSetup) {
        if frame.ended.is_some() {
            return setup::page(visitor, (frame, account), done).await;
        }
        if !is_set_up(visitor).await? {
            return Ok(Redirect::to("/setup").into_response());
        }
        return overview::page(visitor, (frame, account), done).await;
    }
    let page = Home {
        frame,
        prompts: Prompts {
            recovery_codes: account.recovery_codes == 0,
            ..Prompts::default()
        },
        done,
    };
    Ok(render::page(StatusCode::OK, || view(page)))
}

/// Whether every step of the tenant's newest registration is done.
async fn is_set_up(visitor: &Visitor) -> Result<bool, Error> {
    let progress = registration::progress(&visitor.cx, visitor.tenant).await?;
    let mut steps = progress.steps.iter();
    Ok(steps.all(|record| record.state == StepState::Done))
}

/// What the page of those says who take payments.
#[derive(Debug, Clone)]
pub(crate) struct Home {
    /// The frame.
    pub(crate) frame: Frame,
    /// What would be good to do about getting in.
    pub(crate) prompts: Prompts,
    /// What was just done.
    pub(crate) done: Option<String>,
}

pub(crate) fn view(page: Home) -> impl IntoView {
    view! {
        <Console title=say!("home-title") frame=page.frame place=Place::Home>
            <div class="page-head">
                <div>
                    <h1>{say!("home-heading")}</h1>
                    <p>{say!("home-intro")}</p>
                </div>
            </div>
            {page.done.map(|text| view! { <Notice text=text/> })}
            {prompts(page.prompts)}
            <section class="card">
                <h2>{say!("setup-account")}</h2>
                <p>{say!("home-account")}</p>
                <p><a class="btn" href="/account">{say!("account-title")}</a></p>
            </section>
        </Console>
    }
}

/// The operator's pages: where each is, what it is called, what it shows, and what opens it.
fn views() -> [(&'static str, String, String, String); 4] {
    [
        (
            "/operator/registrations",
            say!("home-registrations"),
            say!("home-registrations-what"),
            say!("home-registrations-open"),
        ),
        (
            "/operator/tenants",
            say!("home-tenants"),
            say!("home-tenants-what"),
            say!("home-tenants-open"),
        ),
        (
            "/operator/events",
            say!("home-events"),
            say!("home-events-what"),
            say!("home-events-open"),
        ),
        (
            "/operator/jobs",
            say!("home-jobs"),
            say!("home-jobs-what"),
            say!("home-jobs-open"),
        ),
    ]
}

pub(crate) fn operator(frame: Frame) -> impl IntoView {
    let views = views().map(|(href, name, words, open)| {
        view! {
            <li class="prompt">
                <div>
                    <h2>{name}</h2>
                    <p class="quiet">{words}</p>
                </div>
                <a class="btn" href=href>
                    {open}
                </a>
            </li>
        }
    });
    view! {
        <Console title=say!("home-operator") frame=frame place=Place::Home>
            <div class="page-head">
                <div>
                    <h1>{say!("home-operator-heading")}</h1>
                    <p>{say!("home-operator-intro")}</p>
                </div>
            </div>
            <section class="card">
                <ul class="prompts">{views.collect_view()}</ul>
            </section>
        </Console>
    }
}
