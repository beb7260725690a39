//! The list of API keys, and the question before one is revoked.

use control::api_key::Sort;
use domain::{Mode, api_key::ApiKey, policy::Action};
use leptos::prelude::*;

use super::{
    Filter,
    made::{NewForm, form},
    several,
};
use crate::{
    form::Faults,
    shell::{Console, Frame, Place},
    ui::{
        Bulk, Card, Confirm, Direction, DocsLink, Empty, EndedNotice, ErrorSummary, Fact, Facts,
        Filters, Kind, LinkButton, Notice, PageHead, Pager, Pick, Pill, Select, Table, Tone, When,
        head,
    },
};

/// The list, and the form for one more.
#[derive(Debug, Clone)]
pub(crate) struct ApiKeys {
    /// The frame.
    pub(crate) frame: Frame,
    /// The keys of this page.
    pub(crate) keys: Vec<ApiKey>,
    /// Behind which key the next page begins, if there is one.
    pub(crate) more: Option<String>,
    /// What is asked for.
    pub(crate) filter: Filter,
    /// What stands in the form.
    pub(crate) form: NewForm,
    /// What was wrong with it.
    pub(crate) faults: Faults,
    /// What was just done.
    pub(crate) done: Option<String>,
}

pub(crate) fn view(page: ApiKeys) -> impl IntoView {
    let ended = page.frame.ended;
    let may_make = ended.is_none() && page.frame.may(Action::CreateApiKey);
    let may_revoke = page.frame.may(Action::RevokeApiKey);
    let narrow = page.filter.is_narrow();
    let csv = (!page.keys.is_empty()).then(|| {
        let href = "/api/v1/api-keys?format=csv";
        view! { <LinkButton href=href label="Export all (CSV)" kind=Kind::Usual/> }
    });
    let list = if page.keys.is_empty() {
        empty(narrow, may_make)
    } else {
        table(page.keys, &page.filter, may_revoke)
    };
    let filters = (narrow || csv.is_some()).then(|| filters(&page.filter));
    let (first, next) = (page.filter.first_page(), page.more);
    let next = next.map(|id| page.filter.address(&[("after", &id)]));
    let action = page.frame.action("/api-keys");
    let make = may_make.then(|| form(page.form, &page.faults, action));
    let ended = ended.map(|at| {
        view! {
            <EndedNotice
                at=at
                meaning="Usage is no longer taken under any key, and no new key can be made."
            />
        }
    });
    view! {
        <Console title="API keys" frame=page.frame place=Place::ApiKeys>
            <PageHead
                title="API keys"
                intro="Your integrations say who they are with these. We keep a fingerprint of each, never the key."
            >
                <DocsLink page="api-keys" label="API keys and scopes"/>
                {csv}
            </PageHead>
            {ended}
            {page.done.map(|text| view! { <Notice text=text/> })}
            <ErrorSummary faults=page.faults.clone()/>
            <Card title="Your keys">
                {filters}
                {list}
                <Pager newest=first older=next sorted=true/>
            </Card>
            {make}
        </Console>
    }
}

fn empty(narrow: bool, may_make: bool) -> AnyView {
    if narrow {
        return view! {
            <Empty words="No key is like that.">
                <LinkButton href="/api-keys" label="Show all" kind=Kind::Usual/>
            </Empty>
        }
        .into_any();
    }
    let words = if may_make {
        "There is none yet. Make the first one below."
    } else {
        "There is none."
    };
    view! { <Empty words=words/> }.into_any()
}

fn filters(filter: &Filter) -> AnyView {
    let pairs = |words: &[(&str, &str)]| -> Vec<(String, String)> {
        let pairs = words.iter();
        pairs
            .map(|(value, words)| ((*value).to_owned(), (*words).to_owned()))
            .collect()
    };
    let states = pairs(&[("used", "In use"), ("revoked", "Revoked")]);
    let modes = pairs(&[("test", "Test"), ("live", "Live")]);
    let kept = vec![("sort", filter.sort_word().to_owned())];
    let (state, mode) = (filter.state_word(), filter.mode_word());
    view! {
        <Filters action="/api-keys" kept=kept>
            <Select name="state" label="State" any="Any" options=states chosen=state/>
            <Select name="of" label="Mode" any="Test and live" options=modes chosen=mode/>
        </Filters>
    }
    .into_any()
}

fn table(keys: Vec<ApiKey>, filter: &Filter, may_revoke: bool) -> AnyView {
    let (by_name, by_age) = match filter.sort {
        Sort::Name => (Some(Direction::Ascending), None),
        Sort::Newest => (None, Some(Direction::Descending)),
        Sort::Oldest => (None, Some(Direction::Ascending)),
    };
    let turned = if filter.sort == Sort::Newest {
        Sort::Oldest
    } else {
        Sort::Newest
    };
    // A box that nothing can be done with would be in the way.
    let choose = may_revoke && keys.iter().any(|key| key.revoked_at.is_none());
    let mut heads = vec![
        head("Name").name().sorted(filter.by(Sort::Name), by_name),
        head("Mode"),
        head("Begins with"),
        head("May"),
        head("Made").sorted(filter.by(turned), by_age),
        head("Last used"),
        head("Action"),
    ];
    if choose {
        heads.insert(0, head("Choose").unseen());
    }
    let rows: Vec<_> = keys
        .into_iter()
        .map(|key| row(key, may_revoke, choose))
        .collect();
    let caption = match filter.sort {
        Sort::Name => "By name. A revoked key stays in the list and is refused.",
        Sort::Newest => "Newest first. A revoked key stays in the list and is refused.",
        Sort::Oldest => "Oldest first. A revoked key stays in the list and is refused.",
    };
    let table = view! {
        <Table label="Your keys" caption=caption heads=heads>
            {rows}
        </Table>
    };
    if !choose {
        return table.into_any();
    }
    view! {
        <Bulk
            action="/api-keys/revoke"
            button="Revoke the chosen…"
            hint="You are asked once more before anything happens."
        >
            {table}
        </Bulk>
    }
    .into_any()
}

/// Test or live.
pub(super) fn mode_pill(mode: Mode) -> AnyView {
    let tone = match mode {
        Mode::Test => Tone::Wait,
        Mode::Live => Tone::Ok,
    };
    view! { <Pill tone=tone word=mode.as_str()/> }.into_any()
}

fn row(key: ApiKey, may_revoke: bool, choose: bool) -> AnyView {
    let scopes: Vec<&str> = key.scopes.iter().map(|scope| scope.as_str()).collect();
    let pick = choose.then(|| {
        let pick = key.revoked_at.is_none().then(|| {
            let (value, label) = (key.id.to_string(), format!("Choose {}", key.name));
            view! { <Pick name=several::NAME value=value label=label/> }
        });
        view! { <td class="pick-cell">{pick}</td> }
    });
    let state = if let Some(at) = key.revoked_at {
        view! { <span class="quiet">"Revoked " <br/> <When at=at day=true/></span> }.into_any()
    } else if !may_revoke {
        "in use".into_any()
    } else {
        let href = format!("/api-keys/{}/revoke", key.id);
        let about = format!("Revoke {}", key.name);
        view! { <LinkButton href=href label="Revoke" kind=Kind::Small about=about/> }.into_any()
    };
    let used = match key.last_used_at {
        Some(at) => view! { <When at=at day=true/> }.into_any(),
        None => "never".into_any(),
    };
    view! {
        <tr>
            {pick}
            <th scope="row" class="name">{key.name}</th>
            <td data-label="Mode">{mode_pill(key.mode)}</td>
            <td class="mono" data-label="Begins with">{format!("{}…", key.prefix)}</td>
            <td class="mono scopes" data-label="May">{scopes.join(", ")}</td>
            <td data-label="Made"><When at=key.created_at day=true/></td>
            <td data-label="Last used">{used}</td>
            <td data-label="Action">{state}</td>
        </tr>
    }
    .into_any()
}

/// The question before revoking.
pub(crate) fn confirm(frame: Frame, key: ApiKey) -> impl IntoView {
    let action = frame.action(&format!("/api-keys/{}/revoke", key.id));
    let used = match key.last_used_at {
        Some(at) => view! { <When at=at/> }.into_any(),
        None => "never".into_any(),
    };
    view! {
        <Console title="Revoke an API key" frame=frame place=Place::ApiKeys>
            <PageHead
                title=format!("Revoke “{}”?", key.name)
                intro="Whatever uses this key is refused from that moment on. It cannot be undone."
                up=("/api-keys", "API keys".to_owned())
            >
                <DocsLink page="api-keys#change-a-key-without-a-gap" label="Change a key without a gap"/>
            </PageHead>
            <Card label="The key">
                <Facts>
                    <Fact name="Begins with" mono=true>
                        {format!("{}…", key.prefix)}
                    </Fact>
                    <Fact name="Made">
                        <When at=key.created_at/>
                    </Fact>
                    <Fact name="Last used">{used}</Fact>
                </Facts>
                <Confirm
                    action=action
                    yes="Revoke the key"
                    kind=Kind::Danger
                    back="/api-keys"
                    no="Keep it"
                />
            </Card>
        </Console>
    }
}
