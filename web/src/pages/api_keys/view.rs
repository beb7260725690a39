//! The pages about API keys: the list with its form, the new secret, and the question before revoking.

use domain::{
    Mode,
    api_key::{ApiKey, Scope},
    policy::Action,
};
use leptos::prelude::*;

use crate::{
    form::{Faults, Form},
    shell::{Console, Frame, Place},
    ui::{
        Choice, DocsLink, EndedNotice, ErrorSummary, FieldError, Notice, Pill, Snippet, TextField,
        Tone, When,
    },
};

/// The list, and the form for one more.
#[derive(Debug, Clone)]
pub(crate) struct ApiKeys {
    /// The frame.
    pub(crate) frame: Frame,
    /// Every key, newest first.
    pub(crate) keys: Vec<ApiKey>,
    /// What stands in the form.
    pub(crate) form: NewForm,
    /// What was wrong with it.
    pub(crate) faults: Faults,
    /// What was just done.
    pub(crate) done: Option<String>,
}

/// What stands in the form for a new key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NewForm {
    pub(crate) name: String,
    pub(crate) mode: String,
    pub(crate) scopes: Vec<String>,
}

impl Default for NewForm {
    /// As little as the first thing to try needs.
    fn default() -> Self {
        Self {
            name: String::new(),
            mode: Mode::Test.as_str().to_owned(),
            scopes: vec![Scope::UsageWrite.as_str().to_owned()],
        }
    }
}

impl NewForm {
    pub(crate) fn kept(form: &Form) -> Self {
        Self {
            name: form.get("name").to_owned(),
            mode: form.get("mode").to_owned(),
            scopes: form.all("scopes").map(str::to_owned).collect(),
        }
    }
}

pub(crate) fn view(page: ApiKeys) -> impl IntoView {
    let ended = page.frame.ended;
    let may_make = ended.is_none() && page.frame.may(Action::CreateApiKey);
    let list = if page.keys.is_empty() {
        let words = if may_make {
            "There is none yet. Make the first one below."
        } else {
            "There is none."
        };
        view! { <p class="quiet">{words}</p> }.into_any()
    } else {
        table(page.keys, page.frame.may(Action::RevokeApiKey)).into_any()
    };
    let action = page.frame.action("/api-keys");
    let make = may_make.then(|| new_form(page.form, &page.faults, action));
    view! {
        <Console title="API keys" frame=page.frame place=Place::ApiKeys>
            <div class="page-head">
                <div>
                    <h1>"API keys"</h1>
                    <p>"Your integrations say who they are with these. We keep a fingerprint of each, never the key."</p>
                </div>
                <DocsLink page="api-keys" label="API keys and scopes"/>
            </div>
            {ended
                .map(|at| {
                    view! {
                        <EndedNotice
                            at=at
                            meaning="Usage is no longer taken under any key, and no new key can be made."
                        />
                    }
                })}
            {page.done.map(|text| view! { <Notice text=text/> })}
            <ErrorSummary faults=page.faults.clone()/>
            <section class="card">
                <h2>"Your keys"</h2>
                {list}
            </section>
            {make}
        </Console>
    }
}

fn table(keys: Vec<ApiKey>, may_revoke: bool) -> impl IntoView {
    let rows = keys.into_iter().map(|key| {
        let scopes: Vec<&str> = key.scopes.iter().map(|scope| scope.as_str()).collect();
        let (mode_tone, mode) = match key.mode {
            Mode::Test => (Tone::Wait, "test"),
            Mode::Live => (Tone::Ok, "live"),
        };
        let state = if let Some(at) = key.revoked_at {
            view! { <span class="quiet">"Revoked " <br/> <When at=at day=true/></span> }.into_any()
        } else if !may_revoke {
            "in use".into_any()
        } else {
            let href = format!("/api-keys/{}/revoke", key.id);
            let label = format!("Revoke {}", key.name);
            view! {
                <a class="btn small" href=href aria-label=label>
                    "Revoke"
                </a>
            }
            .into_any()
        };
        view! {
            <tr>
                <th scope="row" class="name">{key.name}</th>
                <td data-label="Mode"><Pill tone=mode_tone word=mode/></td>
                <td class="mono" data-label="Begins with">{format!("{}…", key.prefix)}</td>
                <td class="mono scopes" data-label="May">{scopes.join(", ")}</td>
                <td data-label="Made"><When at=key.created_at day=true/></td>
                <td data-label="Last used">
                    {match key.last_used_at {
                        Some(at) => view! { <When at=at day=true/> }.into_any(),
                        None => "never".into_any(),
                    }}
                </td>
                <td data-label="Action">{state}</td>
            </tr>
        }
    });
    view! {
        <div class="table cards" tabindex="0" role="region" aria-label="Your keys">
            <table>
                <caption>
                    <p>"Newest first. A revoked key stays in the list and is refused."</p>
                </caption>
                <thead>
                    <tr>
                        <th scope="col" class="name">
                            "Name"
                        </th>
                        <th scope="col">"Mode"</th>
                        <th scope="col">"Begins with"</th>
                        <th scope="col">"May"</th>
                        <th scope="col">"Made"</th>
                        <th scope="col">"Last used"</th>
                        <th scope="col">"Action"</th>
                    </tr>
                </thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </div>
    }
}

fn new_form(form: NewForm, faults: &Faults, action: String) -> impl IntoView + use<> {
    let modes = [
        (Mode::Test, "Test", "For trying out. Test usage is listed at no price."),
        (Mode::Live, "Live", "What it sends counts towards your AWS bill."),
    ]
    .map(|(mode, label, hint)| {
        let checked = form.mode == mode.as_str();
        view! { <Choice kind="radio" name="mode" value=mode.as_str() label=label hint=hint checked=checked/> }
    });
    let scopes = Scope::ALL.map(|scope| {
        let checked = form.scopes.iter().any(|chosen| chosen == scope.as_str());
        view! {
            <Choice
                kind="checkbox"
                name="scopes"
                value=scope.as_str()
                label=scope.as_str()
                hint=meaning(scope)
                checked=checked
            />
        }
    });
    view! {
        <section class="card">
            <h2>"Make an API key"</h2>
            <form class="form" method="post" action=action novalidate=true>
                <TextField
                    name="name"
                    label="Name"
                    hint="What will use it, such as “billing server”."
                    kind="text"
                    autocomplete="off"
                    value=form.name
                    fault=faults.about("name")
                />
                <fieldset id="mode" tabindex="-1">
                    <legend>"Mode"</legend>
                    <FieldError name="mode" fault=faults.about("mode")/>
                    {modes.collect_view()}
                </fieldset>
                <fieldset id="scopes" tabindex="-1">
                    <legend>"What it may do"</legend>
                    <FieldError name="scopes" fault=faults.about("scopes")/>
                    <div class="choices">{scopes.collect_view()}</div>
                </fieldset>
                <div>
                    <button class="btn primary" type="submit">
                        "Make the key"
                    </button>
                </div>
            </form>
        </section>
    }
}

const fn meaning(scope: Scope) -> &'static str {
    match scope {
        Scope::UsageWrite => "Send usage events.",
        Scope::UsageRead => "Read usage and what AWS accepted.",
        Scope::Capture => {
            "Take cards from a call: the Amazon Connect Lambda (for a later version)."
        }
        Scope::PaymentsRead => "Read payments (for a later version).",
        Scope::PaymentsWrite => "Refund, capture and void payments (for a later version).",
        Scope::AdminRead => "Read everything an administrator can read.",
    }
}

/// The new key, with its secret.
pub(crate) struct Created {
    /// The frame.
    pub(crate) frame: Frame,
    /// The whole secret.
    pub(crate) secret: String,
    /// The key.
    pub(crate) key: ApiKey,
    /// What to paste into a terminal, if the key may send usage events.
    pub(crate) command: Option<String>,
}

pub(crate) fn created(page: Created) -> impl IntoView {
    let kind = match page.key.mode {
        Mode::Test => "It is a test key: usage it sends is listed at no price.",
        Mode::Live => "It is a live key: usage it sends counts towards your AWS bill.",
    };
    view! {
        <Console title="New API key" frame=page.frame place=Place::ApiKeys>
            <div class="page-head">
                <div>
                    <h1>"Copy your API key now"</h1>
                    <p>"This is the only time it is shown. If it gets lost, revoke it and make another."</p>
                </div>
                <DocsLink page="usage-events" label="Send usage events"/>
            </div>
            <section class="card">
                <h2>{page.key.name}</h2>
                <Snippet label="API key" id="api-key" secret=true text=page.secret/>
                <p class="quiet">{kind}</p>
            </section>
            {page
                .command
                .map(|command| {
                    view! {
                        <section class="card">
                            <h2>"Try it"</h2>
                            <p>
                                "Paste this into a terminal. It sends one usage event; the answer says "
                                <code>"accepted"</code> ", and " <a href="/usage">"Usage"</a> " shows it."
                            </p>
                            // It has the key in it.
                            <Snippet label="Command" id="command" secret=true text=command/>
                        </section>
                    }
                })}
            <p><a class="btn primary" href="/api-keys">"I have copied it"</a></p>
        </Console>
    }
}

/// The question before revoking.
pub(crate) fn confirm(frame: Frame, key: ApiKey) -> impl IntoView {
    let action = frame.action(&format!("/api-keys/{}/revoke", key.id));
    view! {
        <Console title="Revoke an API key" frame=frame place=Place::ApiKeys>
            <div class="page-head">
                <div>
                    <h1>{format!("Revoke “{}”?", key.name)}</h1>
                    <p>"Whatever uses this key is refused from that moment on. It cannot be undone."</p>
                </div>
                <DocsLink page="api-keys#change-a-key-without-a-gap" label="Change a key without a gap"/>
            </div>
            <section class="card">
                <dl class="facts">
                    <dt>"Begins with"</dt>
                    <dd class="mono">{format!("{}…", key.prefix)}</dd>
                    <dt>"Made"</dt>
                    <dd><When at=key.created_at/></dd>
                    <dt>"Last used"</dt>
                    <dd>
                        {match key.last_used_at {
                            Some(at) => view! { <When at=at/> }.into_any(),
                            None => "never".into_any(),
                        }}
                    </dd>
                </dl>
                <form class="row" method="post" action=action>
                    <button class="btn danger" type="submit">
                        "Revoke the key"
                    </button>
                    <a class="btn" href="/api-keys">"Keep it"</a>
                </form>
            </section>
        </Console>
    }
}
