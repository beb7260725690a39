//! The pages of `/welcome`: the form, “check your mail”, the choice for who is signed in already, and where nothing is left to do.
//! Invariant: whether an address is known here is not told: whoever named it need not be its owner.

use std::sync::Arc;

use domain::{Timestamp, id::TenantId, registration::StepRecord};
use leptos::prelude::*;

use crate::{
    form::Faults,
    pages::setup::steps::{Side, SoFar, is_moving, list},
    shell::Narrow,
    ui::{Ended as EndedWords, ErrorSummary, TextField},
};

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
    let intro = format!(
        "{}. Two fields, then a mail with the way in.",
        page.subscription
    );
    view! {
        <Narrow title="Welcome" support=page.support>
            <section class="card">
                <div>
                    <h1>"Your subscription is here"</h1>
                    <p class="quiet">{intro}</p>
                </div>
                <ErrorSummary faults=page.faults.clone()/>
                {form(page.fields, &page.faults, "Create my account", "btn primary big")}
            </section>
            <section class="card">
                <h2>"What happens next"</h2>
                <ol class="plain-steps">
                    <li>"We mail you a temporary password, good for seven days; or, if you are known here already, a link to accept."</li>
                    <li>"You sign in; the first time, you choose your own password and add an authenticator app."</li>
                    <li>"Meanwhile AWS confirms the subscription, and we make your test key pair."</li>
                </ol>
                <p class="quiet">
                    "Set up already? " <a href="/login">"Sign in"</a>
                    ". Coming back later? Press "
                    <strong>"Set up your account"</strong>
                    " in AWS Marketplace again: it opens this same account."
                </p>
            </section>
        </Narrow>
    }
}

fn form(
    fields: Form,
    faults: &Faults,
    button: &'static str,
    class: &'static str,
) -> impl IntoView + use<> {
    view! {
        <form class="form" method="post" action="/welcome" novalidate=true>
            <TextField
                name="email"
                label="Work e-mail"
                hint="The first owner's address, to sign in with. We write there about this account and nothing else."
                kind="email"
                autocomplete="email"
                value=fields.email
                fault=faults.about("email")
            />
            <TextField
                name="name"
                label="Your name"
                hint="What your colleagues will see."
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
    let steps = list(page.steps, Side::Buyer);
    let may_repeat = !page.correcting && page.trouble.is_none();
    let title = if page.trouble.is_some() {
        "Something is in the way"
    } else {
        "Check your mail"
    };
    let email = page.sent_to.email.clone();
    let told = if page.trouble.is_some() {
        view! {
            <p>
                "The mail to " <strong class="wrap">{email}</strong>
                " is not on its way yet. It goes out by itself as soon as nothing is in the way."
            </p>
        }
        .into_any()
    } else {
        view! {
            <p>
                "A mail is on its way to " <strong class="wrap">{email}</strong>
                ". It has a temporary password, good for seven days, or, if this address is known here already, a link to accept."
            </p>
            <p>"With the temporary password, sign in; you then choose your own and add an authenticator app."</p>
        }
        .into_any()
    };
    view! {
        <Narrow title=title support=page.support refresh=moving>
            <section class="card">
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
                                {trouble}
                            </p>
                        }
                    })}
                {told}
                <a class=sign_in href="/login">
                    "Sign in"
                </a>
                {page
                    .signed_in
                    .then(|| {
                        view! {
                            <p class="quiet small">
                                "This browser is signed in already. If that is you, open the link in the mail first; then "
                                <a href="/tenants">"choose this account"</a> "."
                            </p>
                        }
                    })}
                {may_repeat.then(|| again(page.sent_to))}
            </section>
            {correction(page.fields, &page.faults, page.correcting, moving)}
            <section class="card">
                <header>
                    <h2>"Meanwhile"</h2>
                    <span class="quiet">{so_far.words}</span>
                </header>
                {steps}
            </section>
            <p class="quiet small">
                "This page is good for an hour. After that, press " <strong>"Set up your account"</strong>
                " in AWS Marketplace again: it opens this same account."
            </p>
        </Narrow>
    }
}

/// The same address once more.
fn again(to: Form) -> impl IntoView {
    view! {
        <form class="row" method="post" action="/welcome">
            <input type="hidden" name="email" value=to.email/>
            <input type="hidden" name="name" value=to.name/>
            <span class="quiet small">"No mail? Look into the spam folder first."</span>
            <button class="btn small" type="submit">
                "Send it again"
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
                <a href="/welcome?correct=1">"Wrong address? Correct it"</a>
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
            <summary>"Wrong address? Correct it"</summary>
            <div class="inside">
                <p class="quiet">"The account of the old address is taken away, and the new one gets a mail."</p>
                {form(fields, faults, "Save and send the mail", class)}
                {correcting.then(|| view! { <p><a href="/welcome">"Leave it as it is"</a></p> })}
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
        ("/", "Open the console")
    } else {
        ("/login", "Sign in")
    };
    view! {
        <Narrow title="Set up already" support=page.support>
            <section class="card">
                <h1>"This subscription is set up"</h1>
                <p>"Somebody has signed in to its account. To come in as well, be invited by one of its owners or admins."</p>
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
        let label = format!("Bring this subscription into {}", own.name);
        view! {
            <form method="post" action="/welcome/attach">
                <input type="hidden" name="tenant" value=own.id.to_string()/>
                <button class="btn big" type="submit">
                    {label}
                </button>
            </form>
        }
    });
    view! {
        <Narrow title="One more subscription" support=page.support>
            <section class="card">
                <h1>"Where does this subscription belong?"</h1>
                <p>
                    "It is the subscription of the " <strong>{page.account}</strong> ". You are signed in as "
                    <span class="wrap">{page.email}</span>
                    ". If you do not know this AWS account, close this page: nothing has changed."
                </p>
                <div class="stack">{owned.collect_view()}</div>
                <p class="quiet">"Its usage is then billed to that AWS account, and shown beside what you have. It cannot be taken out again."</p>
                <hr/>
                <a class="btn big" href="/welcome?separate=1">
                    "Set it up as an account of its own"
                </a>
                <p class="quiet">"With an owner, keys and people of its own."</p>
            </section>
        </Narrow>
    }
}

/// Nothing is left to set up.
pub(crate) fn ended(at: Timestamp, support: Arc<str>) -> impl IntoView {
    view! {
        <Narrow title="Subscription ended" support=support>
            <section class="card">
                <h1>"Your subscription has ended"</h1>
                <EndedWords at=at/>
                <p><a class="btn" href="/login">"Sign in to look at your account"</a></p>
            </section>
        </Narrow>
    }
}
