//! Making an API key: the form, and the page with the new secret.

use domain::{
    Mode,
    api_key::{ApiKey, Scope},
};
use leptos::prelude::*;

use crate::{
    form::{Faults, Form},
    shell::{Console, Frame, Place},
    ui::{Button, Card, Choice, DocsLink, Fieldset, Kind, LinkButton, PageHead, Secret, TextField},
};

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

pub(super) fn form(form: NewForm, faults: &Faults, action: String) -> AnyView {
    let modes: Vec<_> = [
        (Mode::Test, "Test", "For trying out. Test usage is listed at no price."),
        (Mode::Live, "Live", "What it sends counts towards your AWS bill."),
    ]
    .into_iter()
    .map(|(mode, label, hint)| {
        let checked = form.mode == mode.as_str();
        view! { <Choice kind="radio" name="mode" value=mode.as_str() label=label hint=hint checked=checked/> }.into_any()
    })
    .collect();
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
    let (name, mode, scope) = (
        faults.about("name"),
        faults.about("mode"),
        faults.about("scopes"),
    );
    view! {
        <Card title="Make an API key" id="make">
            <form class="form" method="post" action=action novalidate=true>
                <TextField
                    name="name"
                    label="Name"
                    hint="What will use it, such as “billing server”."
                    kind="text"
                    autocomplete="off"
                    value=form.name
                    fault=name
                />
                <Fieldset name="mode" legend="Mode" fault=mode>
                    {modes}
                </Fieldset>
                <Fieldset name="scopes" legend="What it may do" fault=scope>
                    {scopes}
                </Fieldset>
                <div>
                    <Button label="Make the key" kind=Kind::Primary/>
                </div>
            </form>
        </Card>
    }
    .into_any()
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
    let command = page.command.map(|command| {
        view! {
            <Card title="Try it">
                <p>
                    "Paste this into a terminal. It sends one usage event; the answer says "
                    <code>"accepted"</code> ", and " <a href="/usage">"Usage"</a> " shows it."
                </p>
                // It has the key in it.
                <Secret label="Command" id="command" text=command/>
            </Card>
        }
    });
    view! {
        <Console title="New API key" frame=page.frame place=Place::ApiKeys>
            <PageHead
                title="Copy your API key now"
                intro="This is the only time it is shown. If it gets lost, revoke it and make another."
            >
                <DocsLink page="usage-events" label="Send usage events"/>
            </PageHead>
            <Card title=page.key.name>
                <Secret label="API key" id="api-key" text=page.secret/>
                <p class="quiet">{kind}</p>
            </Card>
            {command}
            <p>
                <LinkButton href="/api-keys" label="I have copied it" kind=Kind::Primary/>
            </p>
        </Console>
    }
}
