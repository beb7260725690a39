//! The list of API keys, and the question before one is revoked.

use domain::{
    Mode,
    api_key::{ApiKey, ApiKeyState},
    list::{NamedOrder, Word},
    policy::Action,
};
use leptos::prelude::*;

use super::{
    Filter,
    made::{NewForm, form},
    several,
};
use crate::{
    form::Faults,
    pages::list::{sort_word, turned},
    shell::{Console, Frame, Place},
    ui::{
        Bulk, Card, Confirm, Direction, DocsLink, Empty, EndedNotice, ErrorSummary, Export, Fact,
        Facts, Filters, Kind, LinkButton, Notice, PageHead, Pager, Pick, Pill, Select, Table, Tone,
        When, head,
    },
    words::{local, say},
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
    let yours = yours_of(page.filter.mode);
    let csv = (!page.keys.is_empty()).then(|| {
        view! { <Export href=page.filter.file() narrow=narrow/> }
    });
    let list = if page.keys.is_empty() {
        empty(&page.filter, may_make)
    } else {
        table(page.keys, &page.filter, may_revoke)
    };
    let moved = page.filter.after.is_some();
    let filters = (narrow || moved || csv.is_some()).then(|| filters(&page.filter));
    let (first, next) = (page.filter.first_page(), page.more);
    let next = next.map(|id| page.filter.address(&[("after", &id)]));
    let action = page.frame.action("/api-keys");
    let make = may_make.then(|| form(page.form, &page.faults, action));
    let ended = ended.map(|at| {
        view! { <EndedNotice at=at meaning=say!("api-keys-ended")/> }
    });
    view! {
        <Console title=say!("api-keys-title") frame=page.frame place=Place::ApiKeys>
            <PageHead
                title=say!("api-keys-title")
                intro=say!("api-keys-intro")
            >
                <DocsLink page="api-keys" label=say!("api-keys-docs")/>
                {csv}
            </PageHead>
            {ended}
            {page.done.map(|text| view! { <Notice text=text/> })}
            <ErrorSummary faults=page.faults.clone()/>
            <Card title=yours>
                {filters}
                {list}
                <Pager first=first next=next/>
            </Card>
            {make}
        </Console>
    }
}

fn yours_of(mode: Mode) -> String {
    match mode {
        Mode::Test => say!("api-keys-yours-test"),
        Mode::Live => say!("api-keys-yours-live"),
    }
}

fn empty(filter: &Filter, may_make: bool) -> AnyView {
    if filter.is_narrow() || filter.after.is_some() {
        return view! {
            <Empty words=say!("api-keys-none-like-that")>
                <LinkButton href="/api-keys" label=say!("api-keys-show-all") kind=Kind::Usual/>
            </Empty>
        }
        .into_any();
    }
    let words = match (filter.mode, may_make) {
        (Mode::Test, true) => say!("api-keys-none-yet"),
        (Mode::Test, false) => say!("api-keys-none"),
        (Mode::Live, true) => say!("api-keys-none-live-yet"),
        (Mode::Live, false) => say!("api-keys-none-live"),
    };
    view! { <Empty words=words/> }.into_any()
}

fn filters(filter: &Filter) -> AnyView {
    let states = vec![
        (
            ApiKeyState::InForce.word().to_owned(),
            say!("api-keys-used"),
        ),
        (
            ApiKeyState::Revoked.word().to_owned(),
            say!("api-keys-revoked"),
        ),
    ];
    let kept = vec![("sort", sort_word(filter.sort).to_owned())];
    let state = filter.state_word();
    view! {
        <Filters action="/api-keys" kept=kept>
            <Select
                name="state"
                label=say!("api-keys-state")
                any=say!("api-keys-any")
                options=states
                chosen=state
            />
        </Filters>
    }
    .into_any()
}

fn table(keys: Vec<ApiKey>, filter: &Filter, may_revoke: bool) -> AnyView {
    let by_name = (filter.sort == NamedOrder::Name).then_some(Direction::Ascending);
    let (other, by_age) = turned(&filter.sort, NamedOrder::Newest, NamedOrder::Oldest);
    // A box that nothing can be done with would be in the way.
    let choose = may_revoke && keys.iter().any(|key| key.revoked_at.is_none());
    let mut heads = vec![
        head(say!("api-keys-name"))
            .name()
            .sorted(filter.by(NamedOrder::Name), by_name),
        head(say!("api-keys-begins")),
        head(say!("api-keys-may")),
        head(say!("api-keys-made")).sorted(filter.by(other), by_age),
        head(say!("api-keys-last-used")),
        head(say!("api-keys-action")),
    ];
    if choose {
        heads.insert(0, head(say!("api-keys-choose")).unseen());
    }
    let rows: Vec<_> = keys
        .into_iter()
        .map(|key| row(key, may_revoke, choose))
        .collect();
    let caption = match filter.sort {
        NamedOrder::Name => say!("api-keys-by-name"),
        NamedOrder::Newest => say!("api-keys-newest"),
        NamedOrder::Oldest => say!("api-keys-oldest"),
    };
    let table = view! {
        <Table label=yours_of(filter.mode) caption=caption heads=heads>
            {rows}
        </Table>
    };
    if !choose {
        return table.into_any();
    }
    view! {
        <Bulk
            action="/api-keys/revoke"
            button=say!("api-keys-revoke-chosen")
            hint=say!("api-keys-revoke-chosen-hint")
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
    view! { <Pill tone=tone word=local(mode.as_str())/> }.into_any()
}

fn row(key: ApiKey, may_revoke: bool, choose: bool) -> AnyView {
    let scopes: Vec<&str> = key.scopes.iter().map(|scope| scope.as_str()).collect();
    let pick = choose.then(|| {
        let pick = key.revoked_at.is_none().then(|| {
            let value = key.id.to_string();
            let label = say!("api-keys-choose-which", name = key.name.as_str());
            view! { <Pick name=several::NAME value=value label=label/> }
        });
        view! { <td class="pick-cell">{pick}</td> }
    });
    let state = if let Some(at) = key.revoked_at {
        let at = view! { <br/> <When at=at day=true/> };
        view! { <span class="quiet">{say!("api-keys-revoked-at"; at = at)}</span> }.into_any()
    } else if !may_revoke {
        say!("api-keys-in-use").into_any()
    } else {
        let href = format!("/api-keys/{}/revoke", key.id);
        let about = say!("api-keys-revoke-which", name = key.name.as_str());
        view! { <LinkButton href=href label=say!("api-keys-revoke") kind=Kind::Small about=about/> }
            .into_any()
    };
    let used = match key.last_used_at {
        Some(at) => view! { <When at=at day=true/> }.into_any(),
        None => say!("api-keys-never").into_any(),
    };
    view! {
        <tr>
            {pick}
            <th scope="row" class="name">{key.name}</th>
            <td class="mono" data-label=say!("api-keys-begins")>{format!("{}…", key.prefix)}</td>
            <td class="mono scopes" data-label=say!("api-keys-may")>{scopes.join(", ")}</td>
            <td data-label=say!("api-keys-made")><When at=key.created_at day=true/></td>
            <td data-label=say!("api-keys-last-used")>{used}</td>
            <td data-label=say!("api-keys-action")>{state}</td>
        </tr>
    }
    .into_any()
}

/// The question before revoking.
pub(crate) fn confirm(frame: Frame, key: ApiKey) -> impl IntoView {
    let action = frame.action(&format!("/api-keys/{}/revoke", key.id));
    let used = match key.last_used_at {
        Some(at) => view! { <When at=at/> }.into_any(),
        None => say!("api-keys-never").into_any(),
    };
    view! {
        <Console title=say!("api-keys-revoke-title") frame=frame place=Place::ApiKeys>
            <PageHead
                title=say!("api-keys-revoke-question", name = key.name)
                intro=say!("api-keys-revoke-means")
                up=("/api-keys", say!("api-keys-title"))
            >
                <DocsLink
                    page="api-keys#change-a-key-without-a-gap"
                    label=say!("api-keys-revoke-docs")
                />
            </PageHead>
            <Card label=say!("api-keys-revoke-about")>
                <Facts>
                    <Fact name=say!("api-keys-begins") mono=true>
                        {format!("{}…", key.prefix)}
                    </Fact>
                    <Fact name=say!("api-keys-made")>
                        <When at=key.created_at/>
                    </Fact>
                    <Fact name=say!("api-keys-last-used")>{used}</Fact>
                </Facts>
                <Confirm
                    action=action
                    yes=say!("api-keys-revoke-yes")
                    kind=Kind::Danger
                    back="/api-keys"
                    no=say!("api-keys-revoke-no")
                />
            </Card>
        </Console>
    }
}
