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
    form::{Form, Query},
    reader::{Anybody, SignedIn, Visitor},
    render,
    shell::{Console, Frame, Place},
    ui::Notice,
};

/// `GET /`; `?attached=1` after a licence was brought into the tenant.
pub(super) async fn show(any: Anybody, Query(query): Query) -> Response {
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
    visitor.answer(page(&visitor, &query).await)
}

async fn page(visitor: &Visitor, query: &Form) -> Result<Response, Error> {
    let (frame, account) = visitor.signed_in.surroundings().await?;
    let done = setup::attached(query);
    if frame.may(Action::ReadSetup) {
        if frame.ended.is_some() {
            return setup::page(visitor, (frame, account), done).await;
        }
        if !is_set_up(visitor).await? {
            let to = if done.is_some() {
                "/setup?attached=1"
            } else {
                "/setup"
            };
            return Ok(Redirect::to(to).into_response());
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
        <Console title="Home" frame=page.frame place=Place::Home>
            <div class="page-head">
                <div>
                    <h1>"You are in"</h1>
                    <p>"Payments come here. There is nothing to do until they do."</p>
                </div>
            </div>
            {page.done.map(|text| view! { <Notice text=text/> })}
            {prompts(page.prompts)}
            <section class="card">
                <h2>"Your account"</h2>
                <p>"See where you are signed in, and make recovery codes in case you lose your authenticator."</p>
                <p><a class="btn" href="/account">"Account"</a></p>
            </section>
        </Console>
    }
}

/// The operator's pages.
const VIEWS: [(&str, &str, &str); 4] = [
    (
        "/operator/registrations",
        "Registrations",
        "Who came from AWS Marketplace, and the step that holds each of them up.",
    ),
    (
        "/operator/tenants",
        "Tenants",
        "Every customer, and where their licences stand.",
    ),
    (
        "/operator/events",
        "Events",
        "What AWS sent, and what came of it.",
    ),
    (
        "/operator/jobs",
        "Jobs",
        "Background work that is running, and what is quarantined because it never came to an end.",
    ),
];

pub(crate) fn operator(frame: Frame) -> impl IntoView {
    let views = VIEWS.map(|(href, name, words)| {
        view! {
            <li class="prompt">
                <div>
                    <h2>{name}</h2>
                    <p class="quiet">{words}</p>
                </div>
                <a class="btn" href=href>
                    {format!("Open {}", name.to_lowercase())}
                </a>
            </li>
        }
    });
    view! {
        <Console title="Operator" frame=frame place=Place::Home>
            <div class="page-head">
                <div>
                    <h1>"You are signed in as the vendor's operator"</h1>
                    <p>"You see how all accounts are doing, and none of their people, keys or payments."</p>
                </div>
            </div>
            <section class="card">
                <ul class="prompts">{views.collect_view()}</ul>
            </section>
        </Console>
    }
}
