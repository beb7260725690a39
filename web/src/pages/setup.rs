//! `/setup`: the tenant coming to life, step by step, and what to do with it then. The first page leads here until every step is done.
//! The page looks again by itself while something is on its way that needs nobody, and never otherwise.

pub(crate) mod steps;

use axum::{
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use control::{
    live,
    registration::{Progress, check_again, checklist},
    session::Account,
    user::HeadCount,
};
use domain::{
    Error, Timestamp, licence::Licence, lifecycle::Standing, live::Topic, policy::Action,
    registration::StepRecord, role::Role,
};
use leptos::prelude::*;

use self::steps::{Side, SoFar, is_moving, is_ready, list};
use super::welcome::subscription_words;
use crate::{
    flash::Flash,
    form::Form,
    live::status::Live,
    reader::Visitor,
    render,
    shell::{Console, Frame, Place},
    ui::{Copyable, DocsLink, Ended, Notice, Pill, Progress, Tone, When},
    words::say,
};

/// What the page says.
#[derive(Debug, Clone)]
pub(crate) struct Setup {
    /// The frame.
    pub(crate) frame: Frame,
    /// The steps, in order.
    pub(crate) steps: Vec<StepRecord>,
    /// What the account is paid for with, oldest first.
    pub(crate) subscriptions: Vec<Subscription>,
    /// The tenant's id.
    pub(crate) tenant: String,
    /// The first owners' addresses, as many as the card has room for.
    pub(crate) owners: Vec<String>,
    /// How many more there are.
    pub(crate) more_owners: u64,
    /// What would be good to do about getting in.
    pub(crate) prompts: Prompts,
    /// What was just done.
    pub(crate) done: Option<String>,
    /// Now.
    pub(crate) now: Timestamp,
    /// Which state of the set-up this is.
    pub(crate) mark: String,
}

/// One subscription.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Subscription {
    /// In words.
    pub(crate) words: String,
    /// What AWS says about it.
    pub(crate) standing: Standing,
    /// AWS's agreement, once known.
    pub(crate) agreement: Option<String>,
}

impl Subscription {
    fn of(licence: Licence) -> Self {
        Self {
            words: subscription_words(&licence),
            standing: licence.standing,
            agreement: licence.agreement_id,
        }
    }
}

/// What would be good to do, so that nobody is locked out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Prompts {
    /// The reader is the tenant's only owner.
    pub(crate) second_owner: bool,
    /// The reader has no recovery codes.
    pub(crate) recovery_codes: bool,
}

/// `GET /setup`
pub(super) async fn show(visitor: Visitor, flash: Flash) -> Response {
    let answer = async {
        let surroundings = visitor.signed_in.surroundings().await?;
        page(&visitor, surroundings, attached(&flash.done)).await
    };
    let answer = answer.await;
    flash.shown(visitor.answer(answer))
}

/// `POST /setup/check`: every step that is not done is looked at now.
pub(super) async fn check(visitor: Visitor) -> Response {
    let asked = check_again(&visitor.cx, visitor.tenant).await;
    visitor.answer(asked.map(|()| Redirect::to("/setup").into_response()))
}

/// What is said after a licence was brought into the tenant.
pub(super) fn attached(just_done: &Form) -> Option<String> {
    let attached = just_done.given("attached");
    attached.map(|_| say!("setup-attached"))
}

/// The page; at `/` too, once the subscription has ended.
pub(super) async fn page(
    visitor: &Visitor,
    (frame, account): (Frame, Account),
    done: Option<String>,
) -> Result<Response, Error> {
    let mark = live::mark(&visitor.cx, visitor.tenant, Topic::Setup).await?;
    let Progress { mut steps, .. } = checklist(&visitor.cx, visitor.tenant).await?;
    steps.sort_by_key(|record| record.step);
    let licences = control::tenant::agreements(&visitor.cx, visitor.tenant).await?;
    let people = control::user::count(&visitor.cx, visitor.tenant).await?;
    let owners = control::user::Query {
        role: Some(Role::Owner),
        ..Default::default()
    };
    let owners = control::user::page(&visitor.cx, visitor.tenant, &owners, OWNERS_SHOWN).await?;
    let second_owner = is_only_owner(frame.role(), &people);
    let page = Setup {
        frame,
        steps,
        subscriptions: licences.into_iter().map(Subscription::of).collect(),
        tenant: visitor.tenant.to_string(),
        owners: owners
            .into_iter()
            .map(|owner| owner.user.email.as_str().to_owned())
            .collect(),
        more_owners: people.owners.saturating_sub(OWNERS_SHOWN),
        prompts: Prompts {
            second_owner,
            recovery_codes: account.recovery_codes == 0,
        },
        done,
        now: visitor.cx.now(),
        mark,
    };
    Ok(render::page(StatusCode::OK, || view(page)))
}

/// Whether the reader is an owner, and nobody else is or is invited to be.
pub(super) const fn is_only_owner(role: Option<Role>, people: &HeadCount) -> bool {
    matches!(role, Some(Role::Owner)) && people.owners + people.owners_invited < 2
}

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
        <Console title=say!("ended-title") frame=frame place=Place::Overview>
            <div class="page-head">
                <h1>{say!("ended-heading")}</h1>
                <DocsLink page="billing#when-a-subscription-ends" label=say!("setup-end-docs")/>
            </div>
            <div class="cols">
                <section class="card" aria-label=say!("setup-end-means")>
                    <Ended at=at/>
                    <div class="row">
                        <a class="btn" href="/usage">{say!("setup-usage")}</a>
                        <a class="btn" href="/keys">{say!("setup-keys")}</a>
                        <a class="btn" href="/api-keys">{say!("setup-api-keys")}</a>
                    </div>
                </section>
                {account(page)}
            </div>
        </Console>
    }
}

fn view_steps(mut page: Setup) -> impl IntoView {
    let so_far = SoFar::of(&page.steps);
    let ready = is_ready(&page.steps);
    let moving = is_moving(&page.steps, true);
    // Boxed, or the page's type becomes too deep for the compiler.
    let steps = list(
        std::mem::take(&mut page.steps),
        Side::Member,
        !page.prompts.recovery_codes,
    )
    .into_any();
    let frame = page.frame.clone();
    let said = so_far.words.clone();
    let mark = std::mem::take(&mut page.mark);
    let topic = Topic::Setup.as_str();
    let heading = if ready {
        say!("setup-ready")
    } else {
        say!("setup-heading")
    };
    // An account that can be used may still have something that nobody has tried.
    let left = so_far.total.saturating_sub(so_far.finished);
    let left = (ready && left > 0).then(|| say!("setup-left", count = left));
    let overview = ready.then(|| view! { <a class="btn" href="/">{say!("overview-title")}</a> });
    // As long as there is something to look at.
    let check = (!so_far.is_all()).then(|| {
        view! {
            <form method="post" action="/setup/check">
                <button class="btn">{say!("setup-check")}</button>
            </form>
        }
    });
    view! {
        <Console title=say!("setup-title") frame=frame place=Place::SetUp refresh=moving>
            <div class="page-head" data-live=topic data-say=said>
                <div>
                    <h1>{heading}</h1>
                    <p>{left} {say!("setup-intro")}</p>
                </div>
                <div class="row">
                    <DocsLink page="set-up" label=say!("setup-docs")/>
                    {check}
                    {overview}
                </div>
            </div>
            // What was just done is said once: no part that follows what changes, which would lose it.
            {page.done.take().map(|text| view! { <Notice text=text/> })}
            <div class="part" data-live=topic>
                {prompts(page.prompts).into_any()}
            </div>
            <div class="cols">
                <section class="card" aria-label=say!("setup-steps") data-live=topic>
                    <Progress done=so_far.finished all=so_far.total words=so_far.words/>
                    {steps}
                </section>
                {account(page).into_any()}
            </div>
            <Live topic=Topic::Setup mark=mark/>
        </Console>
    }
}

/// What would be good to do, so that nobody is locked out.
pub(super) fn prompts(prompts: Prompts) -> impl IntoView {
    let any = prompts.second_owner || prompts.recovery_codes;
    let why = if prompts.second_owner {
        say!("setup-codes-why-alone")
    } else {
        say!("setup-codes-why")
    };
    let prompt = |title: String, why: String, href: &'static str, label: String, class| {
        view! {
            <li class="prompt">
                <div>
                    <h3>{title}</h3>
                    <p class="quiet">{why}</p>
                </div>
                <a class=class href=href>
                    {label}
                </a>
            </li>
        }
    };
    any.then(|| {
        view! {
            <section class="card">
                <h2>{say!("setup-prompts")}</h2>
                <ul class="prompts">
                    {prompts
                        .recovery_codes
                        .then(|| {
                            prompt(
                                say!("setup-codes"),
                                why,
                                "/account#recovery-codes",
                                say!("setup-codes"),
                                "btn primary",
                            )
                        })}
                    {prompts
                        .second_owner
                        .then(|| {
                            prompt(
                                say!("setup-owner"),
                                say!("setup-owner-why"),
                                "/people#invite",
                                say!("setup-owner-invite"),
                                "btn",
                            )
                        })}
                </ul>
            </section>
        }
    })
}

fn account(page: Setup) -> impl IntoView {
    let alone = match page.subscriptions.as_slice() {
        [only] => Some(standing_pill(only.standing)),
        _ => None,
    };
    let several = alone.is_none();
    let subscriptions = page.subscriptions.into_iter().map(|one| {
        let standing = several.then(|| view! { <br/> {standing_pill(one.standing)} });
        view! {
            <dt>{say!("setup-subscription")}</dt>
            <dd>{one.words} {standing}</dd>
            <dt>{say!("setup-agreement")}</dt>
            <dd class="mono">{one.agreement.unwrap_or_else(|| say!("setup-agreement-none"))}</dd>
        }
    });
    let subscriptions: Vec<_> = subscriptions.collect();
    let owners = owners(page.owners, page.more_owners);
    let topic = Topic::Setup.as_str();
    view! {
        <aside class="card" aria-label=say!("setup-account")>
            <header data-live=topic>
                <h2>{say!("setup-account")}</h2>
                {alone}
            </header>
            <dl class="facts" data-live=topic>
                {subscriptions}
                {owners}
                <dt>{say!("setup-as-of")}</dt>
                <dd><When at=page.now/></dd>
            </dl>
            // It stays, and a part that is put in another's place has no button.
            <dl class="facts long">
                <dt>{say!("setup-tenant-id")}</dt>
                <dd>
                    <Copyable id="tenant-id" what=say!("setup-tenant-id-copy") text=page.tenant/>
                </dd>
            </dl>
        </aside>
    }
}

/// The owners; nothing before there is one.
fn owners(owners: Vec<String>, more: u64) -> impl IntoView {
    if owners.is_empty() {
        return None;
    }
    let label = say!("setup-owners", count = owners.len());
    let more = (more > 0).then(|| view! { <div>{say!("setup-more", count = more)}</div> });
    let lines: Vec<_> = owners
        .into_iter()
        .map(|owner| view! { <div>{owner}</div> })
        .collect();
    Some(view! {
        <dt>{label}</dt>
        <dd>{lines} {more}</dd>
    })
}

/// How many owners are listed by address.
const OWNERS_SHOWN: u64 = 3;

fn standing_pill(standing: Standing) -> impl IntoView {
    let (tone, word) = match standing {
        Standing::Unconfirmed => (Tone::Wait, say!("setup-waiting")),
        Standing::Active { .. } => (Tone::Ok, say!("setup-active")),
        Standing::Ended { .. } => (Tone::Bad, say!("setup-ended")),
    };
    view! { <Pill tone=tone word=word/> }
}

/// What to do with an account that is set up; one of the ways is offered first, unless something else on the page is. Without a key pair
/// there is nothing to give to Amazon Connect.
pub(super) fn next_actions(frame: &Frame, has_key: bool, first: bool) -> impl IntoView + use<> {
    let class = if first { "btn primary" } else { "btn" };
    let keys = has_key.then(|| {
        (
            say!("setup-next-keys"),
            say!("setup-next-keys-how"),
            view! { <a class="btn" href="/keys">{say!("setup-next-keys-do")}</a> }.into_any(),
        )
    });
    let api_keys = if frame.may(Action::CreateApiKey) {
        (
            say!("setup-next-make"),
            say!("setup-next-make-how"),
            view! { <a class=class href="/api-keys">{say!("setup-next-make-do")}</a> }.into_any(),
        )
    } else {
        (
            say!("setup-next-look"),
            say!("setup-next-look-how"),
            view! { <a class="btn" href="/api-keys">{say!("overview-api-keys-see")}</a> }
                .into_any(),
        )
    };
    let usage = (
        say!("setup-next-usage"),
        say!("setup-next-usage-how"),
        view! { <a class="btn" href="/usage">{say!("overview-chart-see")}</a> }.into_any(),
    );
    let ways: Vec<_> = keys
        .into_iter()
        .chain([api_keys, usage])
        .zip(1..)
        .map(|((title, words, button), number)| {
            view! {
                <div class="stack">
                    <h3>{number} ". " {title}</h3>
                    <p class="quiet">{words}</p>
                    <p>{button}</p>
                </div>
            }
            .into_any()
        })
        .collect();
    let class = if has_key { "halves thirds" } else { "halves" };
    view! {
        <section class="card">
            <h2>{say!("setup-next")}</h2>
            <div class=class>{ways}</div>
        </section>
    }
}
