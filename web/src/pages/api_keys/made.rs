//! Making an API key: the form, and the page with the new secret.

use domain::{
    Mode,
    api_key::{ApiKey, Scope},
};
use leptos::prelude::*;

use crate::{
    form::{Faults, Form, ONCE},
    shell::{Console, Frame, Place},
    ui::{Button, Card, Choice, DocsLink, Fieldset, Kind, LinkButton, PageHead, Secret, TextField},
    words::say,
};

/// What stands in the form for a new key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NewForm {
    pub(crate) name: String,
    pub(crate) mode: Mode,
    pub(crate) scopes: Vec<String>,
    /// The name of this showing of the form.
    pub(crate) once: String,
}

impl NewForm {
    /// As little as the first thing to try needs.
    pub(crate) fn of(mode: Mode, once: String) -> Self {
        Self {
            name: String::new(),
            mode,
            scopes: vec![Scope::UsageWrite.as_str().to_owned()],
            once,
        }
    }

    /// What was typed. A mode that was not said, or is none, is the one that is looked at: there is no field to correct it in.
    pub(crate) fn kept(form: &Form, mode: Mode, once: String) -> Self {
        Self {
            name: form.get("name").to_owned(),
            mode: form.get("mode").parse().unwrap_or(mode),
            scopes: form.all("scopes").map(str::to_owned).collect(),
            once,
        }
    }
}

pub(super) fn form(form: NewForm, faults: &Faults, action: String) -> AnyView {
    // What is shown of it is what is sent, even if another tab looks at the other mode by now.
    let (means, button) = match form.mode {
        Mode::Live => (
            say!("api-keys-make-live"),
            say!("api-keys-make-live-button"),
        ),
        Mode::Test => (
            say!("api-keys-make-test"),
            say!("api-keys-make-test-button"),
        ),
    };
    let scopes: Vec<_> = Scope::ALL
        .into_iter()
        .map(|scope| {
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
            .into_any()
        })
        .collect();
    let (name, scope) = (faults.about("name"), faults.about("scopes"));
    view! {
        <Card title=say!("api-keys-make") id="make">
            <p>{means}</p>
            <form class="form" method="post" action=action novalidate=true>
                <input type="hidden" name="mode" value=form.mode.as_str()/>
                <input type="hidden" name=ONCE value=form.once/>
                <TextField
                    name="name"
                    label=say!("api-keys-name")
                    hint=say!("api-keys-make-name-hint")
                    kind="text"
                    autocomplete="off"
                    value=form.name
                    fault=name
                />
                <Fieldset name="scopes" legend=say!("api-keys-make-scopes") fault=scope>
                    {scopes}
                </Fieldset>
                <div>
                    <Button label=button kind=Kind::Primary/>
                </div>
            </form>
        </Card>
    }
    .into_any()
}

fn meaning(scope: Scope) -> String {
    match scope {
        Scope::UsageWrite => say!("api-keys-scope-usage-write"),
        Scope::UsageRead => say!("api-keys-scope-usage-read"),
        Scope::Capture => say!("api-keys-scope-capture"),
        Scope::PaymentsRead => say!("api-keys-scope-payments-read"),
        Scope::PaymentsWrite => say!("api-keys-scope-payments-write"),
        Scope::AdminRead => say!("api-keys-scope-admin-read"),
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
        Mode::Test => say!("api-keys-new-test"),
        Mode::Live => say!("api-keys-new-live"),
    };
    let command = page.command.map(|command| {
        let accepted = view! { <code>"accepted"</code> };
        let usage = view! { <a href="/usage">{say!("api-keys-try-usage")}</a> };
        view! {
            <Card title=say!("api-keys-try")>
                <p>{say!("api-keys-try-how"; accepted = accepted, usage = usage)}</p>
                // It has the key in it.
                <Secret label=say!("api-keys-try-command") id="command" text=command/>
            </Card>
        }
    });
    view! {
        <Console title=say!("api-keys-new") frame=page.frame place=Place::ApiKeys>
            <PageHead
                title=say!("api-keys-new-copy")
                intro=say!("api-keys-new-once")
            >
                <DocsLink page="usage-events" label=say!("api-keys-new-docs")/>
            </PageHead>
            <Card title=page.key.name>
                <Secret label=say!("api-keys-new-secret") id="api-key" text=page.secret/>
                <p class="quiet">{kind}</p>
            </Card>
            {command}
            <p>
                <LinkButton href="/api-keys" label=say!("api-keys-new-copied") kind=Kind::Primary/>
            </p>
        </Console>
    }
}
