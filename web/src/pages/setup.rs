//! `/`: the tenant coming to life, step by step, and what to do with it then.
//! The page looks again by itself while something is on its way that needs nobody, and never otherwise.

use axum::{http::StatusCode, response::Response};
use control::registration::{Progress, progress};
use domain::{
    Error, Timestamp,
    lifecycle::Standing,
    registration::{Step, StepRecord, StepState},
};
use leptos::prelude::*;

use super::welcome::subscription_words;
use crate::{
    reader::Visitor,
    render,
    shell::{Console, Frame, Place},
    ui::{Ended, Pill, Tone, When},
};

/// What the page says.
#[derive(Debug, Clone)]
pub(crate) struct Setup {
    /// The frame.
    pub(crate) frame: Frame,
    /// The steps, in order.
    pub(crate) steps: Vec<StepRecord>,
    /// The subscription, in words.
    pub(crate) subscription: String,
    /// What AWS says about it.
    pub(crate) standing: Standing,
    /// AWS's agreement, once known.
    pub(crate) agreement: Option<String>,
    /// The tenant's id.
    pub(crate) tenant: String,
    /// The first administrator, once named.
    pub(crate) administrator: Option<String>,
    /// Now.
    pub(crate) now: Timestamp,
}

/// `GET /`
pub(super) async fn show(visitor: Visitor) -> Response {
    visitor.answer(page(&visitor).await)
}

async fn page(visitor: &Visitor) -> Result<Response, Error> {
    let Progress {
        registration,
        licence,
        mut steps,
    } = progress(&visitor.cx, visitor.tenant).await?;
    steps.sort_by_key(|record| record.step);
    let page = Setup {
        frame: visitor.frame().await?,
        steps,
        subscription: subscription_words(&licence),
        standing: licence.standing,
        agreement: licence.agreement_id,
        tenant: visitor.tenant.to_string(),
        administrator: registration
            .contact
            .map(|contact| contact.email.as_str().to_owned()),
        now: visitor.cx.now(),
    };
    Ok(render::page(StatusCode::OK, || view(page)))
}

/// Whether looking again makes sense: something is under way that waits neither for the reader nor for a new subscription.
fn is_moving(steps: &[StepRecord]) -> bool {
    let state = |step| {
        steps
            .iter()
            .find(|record| record.step == step)
            .map_or(StepState::Waiting, |record| record.state)
    };
    let done = |step| state(step) == StepState::Done;
    if done(Step::Activation) || state(Step::Licence) == StepState::Failed {
        return false;
    }
    !done(Step::Licence) || !done(Step::KeyPair) || done(Step::Administrator)
}

/// What to do about a step, in the words of the API's `help`, where the page has no button for it.
const fn help(step: Step, state: StepState) -> Option<&'static str> {
    match (step, state) {
        (_, StepState::Done) | (Step::Administrator, _) => None,
        (Step::Licence, StepState::Waiting) => Some(
            "Nothing to do. If it takes longer than ten minutes, look at the subscription's state in AWS Marketplace.",
        ),
        (Step::Licence, StepState::Failed) => Some("Subscribe again in AWS Marketplace."),
        _ => Some("Nothing to do: it is tried again by itself."),
    }
}

/// Whether a step's help says more than that it goes on by itself.
const fn is_own(step: Step, state: StepState) -> bool {
    matches!((step, state), (Step::Licence, _) | (_, StepState::Failed))
}

/// Whether only the last step is left, which waits for nobody and nothing.
fn is_last_check(steps: &[StepRecord]) -> bool {
    steps.iter().all(|record| match record.step {
        Step::Activation => record.state == StepState::Waiting,
        _ => record.state == StepState::Done,
    })
}

const LAST_CHECK: &str = "A moment: the last check is running.";

pub(crate) fn view(page: Setup) -> impl IntoView {
    match page.frame.ended {
        Some(at) => view_ended(at, page).into_any(),
        None => view_steps(page).into_any(),
    }
}

/// Nothing is left to set up.
fn view_ended(at: Timestamp, page: Setup) -> impl IntoView {
    let frame = page.frame.clone();
    view! {
        <Console title="Subscription ended" frame=frame place=Place::SetUp>
            <div class="page-head">
                <h1>"Your subscription has ended"</h1>
            </div>
            <div class="cols">
                <section class="card" aria-label="What the end means">
                    <Ended at=at/>
                    <div class="row">
                        <a class="btn" href="/usage">"Usage"</a>
                        <a class="btn" href="/keys">"Keys"</a>
                        <a class="btn" href="/api-keys">"API keys"</a>
                    </div>
                </section>
                {account(page)}
            </div>
        </Console>
    }
}

fn view_steps(mut page: Setup) -> impl IntoView {
    let last_check = is_last_check(&page.steps);
    if last_check && let Some(record) = page.steps.last_mut() {
        LAST_CHECK.clone_into(&mut record.message);
    }
    let total = page.steps.len();
    let done = page
        .steps
        .iter()
        .filter(|record| record.state == StepState::Done)
        .count();
    let finished = done == total;
    let moving = is_moving(&page.steps);
    let words = if last_check {
        LAST_CHECK.to_owned()
    } else {
        format!("{done} of {total} done")
    };
    let current = page
        .steps
        .iter()
        .position(|record| record.state == StepState::Waiting);
    let frame = page.frame.clone();
    let steps = std::mem::take(&mut page.steps)
        .into_iter()
        .enumerate()
        .map(|(index, record)| {
            let help = help(record.step, record.state).filter(|_| {
                !last_check && (Some(index) == current || is_own(record.step, record.state))
            });
            step(index + 1, Some(index) == current, record, help)
        })
        .collect_view();
    view! {
        <Console title="Set up" frame=frame place=Place::SetUp refresh=moving>
            <div class="page-head">
                <div>
                    <h1>{if finished { "Your account is ready" } else { "Set up your account" }}</h1>
                    <p>"Each step checks itself. Nothing here waits for us."</p>
                </div>
                <div class="row">
                    <span class="quiet">{words.clone()}</span>
                    {(!finished).then(|| view! { <a class="btn" href="/">"Refresh"</a> })}
                </div>
            </div>
            <progress max=total.to_string() value=done.to_string() aria-label=words></progress>
            {finished.then(next_actions)}
            <div class="cols">
                <section class="card" aria-label="Steps">
                    <ol class="steps">{steps}</ol>
                </section>
                {account(page)}
            </div>
            <p class="quiet small">
                "This way in is good for an hour. After that, press "
                <strong>"Set up your account"</strong> " in AWS Marketplace again: it opens this same account."
            </p>
        </Console>
    }
}

fn account(page: Setup) -> impl IntoView {
    view! {
        <aside class="card" aria-label="Your account">
            <header>
                <h2>"Your account"</h2>
                {standing_pill(page.standing)}
            </header>
            <dl class="facts">
                <dt>"Subscription"</dt>
                <dd>{page.subscription}</dd>
                <dt>"Agreement"</dt>
                <dd class="mono">{page.agreement.unwrap_or_else(|| "not named yet".to_owned())}</dd>
                <dt>"Tenant id"</dt>
                <dd class="mono">{page.tenant}</dd>
                <dt>"First admin"</dt>
                <dd>{page.administrator.unwrap_or_else(|| "not named yet".to_owned())}</dd>
                <dt>"As of"</dt>
                <dd><When at=page.now/></dd>
            </dl>
        </aside>
    }
}

fn standing_pill(standing: Standing) -> impl IntoView {
    let (tone, word) = match standing {
        Standing::Unconfirmed => (Tone::Wait, "waiting for AWS"),
        Standing::Active { .. } => (Tone::Ok, "active"),
        Standing::Ended { .. } => (Tone::Bad, "ended"),
    };
    view! { <Pill tone=tone word=word/> }
}

fn step(
    number: usize,
    current: bool,
    record: StepRecord,
    help: Option<&'static str>,
) -> impl IntoView {
    let (class, mark, tone) = match record.state {
        StepState::Done => ("step done", "✓".to_owned(), Tone::Ok),
        StepState::Failed => ("step failed", "!".to_owned(), Tone::Bad),
        StepState::Waiting if current => ("step now", number.to_string(), Tone::Wait),
        StepState::Waiting => ("step", number.to_string(), Tone::Plain),
    };
    let action = match (record.step, record.state) {
        (Step::Administrator, StepState::Done) => Some(("btn", "/welcome", "Correct")),
        (Step::Administrator, _) => Some(("btn primary", "/welcome", "Give name and e-mail")),
        (Step::KeyPair, StepState::Done) => Some(("btn", "/keys", "Keys")),
        _ => None,
    };
    view! {
        <li class=class>
            <span class="dot" aria-hidden="true">
                {mark}
            </span>
            <div class="body">
                <div class="row">
                    <h2>{record.step.title()}</h2>
                    <Pill tone=tone word=record.state.as_str()/>
                </div>
                <p class="note">{record.message}</p>
                {help.map(|help| view! { <p class="note">{help}</p> })}
                <p class="note small">"Checked " <When at=record.checked_at/></p>
            </div>
            <div>
                {action
                    .map(|(class, href, label)| {
                        view! {
                            <a class=class href=href>
                                {label}
                            </a>
                        }
                    })}
            </div>
        </li>
    }
}

fn next_actions() -> impl IntoView {
    view! {
        <section class="card">
            <h2>"What to do now"</h2>
            <div class="halves thirds">
                <div class="stack">
                    <h3>"1. Give Amazon Connect your key"</h3>
                    <p class="quiet">"Download the public key and the certificate; the page says where each one goes."</p>
                    <p><a class="btn" href="/keys">"Download keys"</a></p>
                </div>
                <div class="stack">
                    <h3>"2. Make an API key"</h3>
                    <p class="quiet">"Your integration sends it along. It is shown once, with a command to try it."</p>
                    <p><a class="btn primary" href="/api-keys">"Make an API key"</a></p>
                </div>
                <div class="stack">
                    <h3>"3. Send a usage event"</h3>
                    <p class="quiet">"See it counted, and see AWS accept the hour once it has passed."</p>
                    <p><a class="btn" href="/usage">"Usage"</a></p>
                </div>
            </div>
        </section>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use StepState::{Done, Failed, Waiting};

    #[test]
    fn the_page_looks_again_only_while_something_moves_by_itself() {
        for (states, moving) in [
            ([Done, Waiting, Waiting, Waiting, Waiting], true),
            ([Done, Waiting, Done, Waiting, Waiting], true),
            // Only the reader can go on from here.
            ([Done, Waiting, Done, Done, Waiting], false),
            ([Done, Done, Done, Done, Waiting], true),
            ([Done, Done, Done, Failed, Waiting], true),
            ([Done, Done, Failed, Done, Waiting], false),
            ([Done, Done, Done, Done, Done], false),
        ] {
            let steps: Vec<_> = Step::ALL
                .into_iter()
                .zip(states)
                .map(|(step, state)| crate::samples::step(step, state))
                .collect();
            assert_eq!(is_moving(&steps), moving, "{states:?}");
        }
    }
}
