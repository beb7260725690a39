//! The pages of `/welcome`: the form, “check your mail”, the choice for who is signed in already, and where nothing is left to do.
//! Invariant: whether an address is known here is not told: whoever named it need not be its owner.

use std::sync::Arc;

use domain::{Timestamp, id::TenantId, registration::StepRecord};
use islands::LookAgain;
use leptos::prelude::*;

use crate::{
    form::Faults,
    pages::setup::steps::{Side, SoFar, is_moving, list},
    shell::Narrow,
    ui::{Ended as EndedWords, ErrorSummary, TextField, set_up},
    words::{local, say},
};

/// What is brought up to date while steps are taken.
const PART: &str = "welcome";

/// What stands in the form.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Form {
    pub(crate) email: String,
    pub(crate) name: String,
}

/// Nobody was named yet.
#[derive(Debug, Clone)]
pub(crate) struct Open {
    /// The subscription, in words.
    pub(crate) subscription: String,
    /// What stands in the form.
    pub(crate) fields: Form,
    /// What was wrong with it.
    pub(crate) faults: Faults,
    /// Where people write to.
    pub(crate) support: Arc<str>,
}

pub(crate) fn open(page: Open) -> impl IntoView {
    let intro = say!("welcome-intro", subscription = page.subscription);
    let sign_in = view! { <a href="/login">{say!("sign-in")}</a> };
    view! {
        <Narrow title=say!("welcome-title") support=page.support>
            <section class="card">
                <div>
                    <h1>{say!("welcome-heading")}</h1>
                    <p class="quiet">{intro}</p>
                </div>
                <ErrorSummary faults=page.faults.clone()/>
                {form(page.fields, &page.faults, say!("welcome-create"), "btn primary big")}
            </section>
            <section class="card">
                <h2>{say!("welcome-next")}</h2>
                <ol class="plain-steps">
                    <li>{say!("welcome-next-mail")}</li>
                    <li>{say!("welcome-next-sign-in")}</li>
                    <li>{say!("welcome-next-meanwhile")}</li>
                </ol>
                <p class="quiet">{say!("welcome-known"; link = sign_in, button = set_up())}</p>
            </section>
        </Narrow>
    }
}

fn form(
    fields: Form,
    faults: &Faults,
    button: String,
    class: &'static str,
) -> impl IntoView + use<> {
    view! {
        <form class="form" method="post" action="/welcome" novalidate=true>
            <TextField
                name="email"
                label=say!("welcome-email")
                hint=say!("welcome-email-hint")
                kind="email"
                autocomplete="email"
                value=fields.email
                fault=faults.about("email")
            />
            <TextField
                name="name"
                label=say!("welcome-name")
                hint=say!("welcome-name-hint")
                kind="text"
                autocomplete="name"
                value=fields.name
                fault=faults.about("name")
            />
            <button class=class type="submit">
                {button}
            </button>
        </form>
    }
}

/// Somebody was named and has not come in yet.
#[derive(Debug, Clone)]
pub(crate) struct Named {
    /// The subscription, in words.
    pub(crate) subscription: String,
    /// Who was named.
    pub(crate) sent_to: Form,
    /// What is in the way, if anything is.
    pub(crate) trouble: Option<String>,
    /// The steps, in order.
    pub(crate) steps: Vec<StepRecord>,
    /// Whether the address is being corrected: then nothing moves under the typing hand.
    pub(crate) correcting: bool,
    /// What stands in the form.
    pub(crate) fields: Form,
    /// What was wrong with it.
    pub(crate) faults: Faults,
    /// Whether this browser is signed in, as somebody else perhaps.
    pub(crate) signed_in: bool,
    /// Where people write to.
    pub(crate) support: Arc<str>,
}

pub(crate) fn named(page: Named) -> impl IntoView {
    let so_far = SoFar::of(&page.steps);
    // One thing at a time: with a wrong address nobody can sign in.
    let sign_in = if page.correcting || page.trouble.is_some() {
        "btn big"
    } else {
        "btn primary big"
    };
    let moving = !page.correcting && is_moving(&page.steps, true);
    // Once nothing moves any more there are no such parts: whoever looks again by script gets the page anew, and looks no more.
    let part = moving.then_some(PART);
    let said = moving.then(|| so_far.words.clone());
    let look_again = moving.then(|| {
        view! {
            <LookAgain
                part=PART.to_owned()
                live=say!("parts-live")
                lost=say!("parts-live-lost")
            />
        }
    });
    let steps = list(page.steps, Side::Buyer, false);
    let may_repeat = !page.correcting && page.trouble.is_none();
    let title = if page.trouble.is_some() {
        say!("named-trouble")
    } else {
        say!("named-title")
    };
    let email = page.sent_to.email.clone();
    let email = view! { <strong class="wrap">{email}</strong> };
    let told = if page.trouble.is_some() {
        view! { <p>{say!("named-not-sent"; email = email)}</p> }.into_any()
    } else {
        view! {
            <p>{say!("named-sent"; email = email)}</p>
            <p>{say!("named-then")}</p>
        }
        .into_any()
    };
    view! {
        <Narrow title=title.clone() support=page.support refresh=moving>
            <section class="card" data-live=part>
                <div>
                    <h1>{title}</h1>
                    <p class="quiet">{page.subscription}</p>
                </div>
                <ErrorSummary faults=page.faults.clone()/>
                {page
                    .trouble
                    .map(|trouble| {
                        view! {
                            <p class="alert" role="status">
                                {local(&trouble).into_owned()}
                            </p>
                        }
                    })}
                {told}
                <a class=sign_in href="/login">
                    {say!("sign-in")}
                </a>
                {page
                    .signed_in
                    .then(|| {
                        let link = view! { <a href="/tenants">{say!("named-signed-in-link")}</a> };
                        view! { <p class="quiet small">{say!("named-signed-in"; link = link)}</p> }
                    })}
                {may_repeat.then(|| again(page.sent_to))}
            </section>
            {correction(page.fields, &page.faults, page.correcting, moving)}
            <section class="card" data-live=part data-say=said>
                <header>
                    <h2>{say!("named-meanwhile")}</h2>
                    <span class="quiet">{so_far.words}</span>
                </header>
                {steps}
            </section>
            <p class="quiet small">{say!("named-good-for"; button = set_up())}</p>
            {look_again}
        </Narrow>
    }
}

/// The same address once more.
fn again(to: Form) -> impl IntoView {
    view! {
        <form class="row" method="post" action="/welcome">
            <input type="hidden" name="email" value=to.email/>
            <input type="hidden" name="name" value=to.name/>
            <span class="quiet small">{say!("named-no-mail")}</span>
            <button class="btn small" type="submit">
                {say!("named-again")}
            </button>
        </form>
    }
}

/// The form again. While the page looks again by itself it would throw away what is being typed, so there it is a page of its own.
fn correction(
    fields: Form,
    faults: &Faults,
    correcting: bool,
    moving: bool,
) -> impl IntoView + use<> {
    if moving {
        return view! {
            <p>
                <a href="/welcome?correct=1">{say!("named-wrong")}</a>
            </p>
        }
        .into_any();
    }
    let class = if correcting {
        "btn primary big"
    } else {
        "btn big"
    };
    view! {
        <details class="card" open=correcting>
            <summary>{say!("named-wrong")}</summary>
            <div class="inside">
                <p class="quiet">{say!("named-wrong-means")}</p>
                {form(fields, faults, say!("named-correct"), class)}
                {correcting.then(|| view! { <p><a href="/welcome">{say!("named-leave")}</a></p> })}
            </div>
        </details>
    }
    .into_any()
}

/// Somebody came in: nothing is left to do here.
#[derive(Debug, Clone)]
pub(crate) struct Entered {
    /// Whether this browser is signed in.
    pub(crate) signed_in: bool,
    /// Where people write to.
    pub(crate) support: Arc<str>,
}

pub(crate) fn entered(page: Entered) -> impl IntoView {
    let (href, label) = if page.signed_in {
        ("/", say!("entered-open"))
    } else {
        ("/login", say!("sign-in"))
    };
    view! {
        <Narrow title=say!("entered-title") support=page.support>
            <section class="card">
                <h1>{say!("entered-heading")}</h1>
                <p>{say!("entered-what")}</p>
                <a class="btn primary big" href=href>
                    {label}
                </a>
            </section>
        </Narrow>
    }
}

/// One of the person's own tenants.
#[derive(Debug, Clone)]
pub(crate) struct Own {
    /// What it is called.
    pub(crate) name: String,
    /// Its id.
    pub(crate) id: TenantId,
}

/// The question for who is signed in already.
#[derive(Debug, Clone)]
pub(crate) struct Choice {
    /// The AWS account that subscribed, in words.
    pub(crate) account: String,
    /// Who is signed in.
    pub(crate) email: String,
    /// The tenants that the person is an owner of.
    pub(crate) owned: Vec<Own>,
    /// Where people write to.
    pub(crate) support: Arc<str>,
}

pub(crate) fn choice(page: Choice) -> impl IntoView {
    let owned = page.owned.into_iter().map(|own| {
        let label = say!("choice-into", tenant = own.name);
        view! {
            <form method="post" action="/welcome/attach">
                <input type="hidden" name="tenant" value=own.id.to_string()/>
                <button class="btn big" type="submit">
                    {label}
                </button>
            </form>
        }
    });
    let account = view! { <strong>{page.account}</strong> };
    let email = view! { <span class="wrap">{page.email}</span> };
    view! {
        <Narrow title=say!("choice-title") support=page.support>
            <section class="card">
                <h1>{say!("choice-heading")}</h1>
                <p>{say!("choice-what"; account = account, email = email)}</p>
                <div class="stack">{owned.collect_view()}</div>
                <p class="quiet">{say!("choice-into-means")}</p>
                <hr/>
                <a class="btn big" href="/welcome?separate=1">
                    {say!("choice-own")}
                </a>
                <p class="quiet">{say!("choice-own-means")}</p>
            </section>
        </Narrow>
    }
}

/// Nothing is left to set up.
pub(crate) fn ended(at: Timestamp, support: Arc<str>) -> impl IntoView {
    view! {
        <Narrow title=say!("ended-title") support=support>
            <section class="card">
                <h1>{say!("ended-heading")}</h1>
                <EndedWords at=at/>
                <p><a class="btn" href="/login">{say!("ended-look")}</a></p>
            </section>
        </Narrow>
    }
}
