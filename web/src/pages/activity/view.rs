//! The activity page.

use domain::{
    audit::{Entry, Outcome},
    id::UserId,
    list::Order,
    membership::Member,
    policy::Action,
    time::rfc3339,
};
use leptos::prelude::*;

use super::words;
use crate::{
    pages::list::{address, sort_word, turned},
    shell::{Console, Frame, Place},
    ui::{
        Card, DocsLink, Empty, Export, Filters, Kind, LinkButton, PageHead, Pager, Pill, Select,
        Table, Tone, date, head,
    },
    words::{local, say},
};

/// The page.
#[derive(Debug, Clone)]
pub(crate) struct Activity {
    /// The frame.
    pub(crate) frame: Frame,
    /// The lines of this page.
    pub(crate) entries: Vec<Entry>,
    /// Behind which place the next page begins, if there is one.
    pub(crate) more: Option<String>,
    /// The members to choose from, by name.
    pub(crate) choice: Vec<UserId>,
    /// Whom we know by name.
    pub(crate) members: Vec<Known>,
    /// What is asked for.
    pub(crate) filter: Filter,
}

/// A member, as the trail names them.
#[derive(Debug, Clone)]
pub(crate) struct Known {
    /// Who.
    pub(crate) user: UserId,
    /// What they are called.
    pub(crate) name: String,
    /// What they sign in with.
    pub(crate) email: String,
}

impl Known {
    pub(super) fn of(member: Member) -> Self {
        Self {
            user: member.user.id,
            name: member.user.name,
            email: member.user.email.as_str().to_owned(),
        }
    }

    /// The trail's word for them when they act.
    fn actor(&self) -> String {
        format!("user:{}", self.user)
    }

    /// The one with this id, as the trail names whom something is about.
    fn by_id<'a>(members: &'a [Self], id: &str) -> Option<&'a Self> {
        let id: UserId = id.parse().ok()?;
        members.iter().find(|known| known.user == id)
    }

    /// The one who acted.
    fn by_actor<'a>(members: &'a [Self], actor: &str) -> Option<&'a Self> {
        Self::by_id(members, actor.strip_prefix("user:")?)
    }
}

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Filter {
    pub(crate) action: Option<Action>,
    pub(crate) actor: Option<String>,
    pub(crate) outcome: Option<Outcome>,
    /// In which order.
    pub(crate) order: Order,
    /// Only lines behind this place, in that order; none for the beginning.
    pub(crate) after: Option<i64>,
}

impl Filter {
    fn is_narrow(&self) -> bool {
        self.action.is_some() || self.actor.is_some() || self.outcome.is_some()
    }

    /// An address with these filters, and something more.
    fn at(&self, path: &str, order: Order, more: &[(&str, &str)]) -> String {
        let own = [
            ("action", self.action.map_or("", Action::as_str)),
            ("actor", self.actor.as_deref().unwrap_or_default()),
            ("outcome", self.outcome.map_or("", Outcome::as_str)),
            ("sort", sort_word(order)),
        ];
        address(path, &[&own, more].concat())
    }

    /// Every line that matches, from the first to the last in this order, as a file.
    pub(super) fn csv(&self) -> String {
        self.at("/api/v1/audit-log", self.order, &[("format", "csv")])
    }
}

pub(crate) fn view(page: Activity) -> impl IntoView {
    let filter = page.filter;
    let at = |more: &[(&str, &str)]| filter.at("/activity", filter.order, more);
    let first = filter.after.map(|_| at(&[]));
    let next = page.more.map(|place| at(&[("after", &place)]));
    let csv = (!page.entries.is_empty()).then(|| {
        view! { <Export href=filter.csv() narrow=filter.is_narrow()/> }
    });
    let filters = filters(&filter, &page.choice, &page.members);
    let content = if page.entries.is_empty() {
        empty(filter.is_narrow() || filter.after.is_some())
    } else {
        table(page.entries, &page.members, &filter)
    };
    view! {
        <Console title=say!("activity-title") frame=page.frame place=Place::Activity>
            <PageHead
                title=say!("activity-title")
                intro=say!("activity-intro")
            >
                <DocsLink page="audit-trail" label=say!("activity-docs")/>
                {csv}
            </PageHead>
            <Card title=say!("activity-what-happened")>
                {filters}
                {content}
                <Pager first=first next=next/>
            </Card>
        </Console>
    }
}

fn filters(filter: &Filter, choice: &[UserId], known: &[Known]) -> AnyView {
    let chosen = filter.actor.clone().unwrap_or_default();
    let all = known.iter().filter(|known| choice.contains(&known.user));
    let mut actors: Vec<(String, String)> = all
        .map(|known| (known.actor(), known.name.clone()))
        .collect();
    // Somebody who is not among them: a member by their name, anybody else by the trail's own word.
    if !chosen.is_empty() && actors.iter().all(|(actor, _)| *actor != chosen) {
        let name = Known::by_actor(known, &chosen).map(|known| known.name.clone());
        actors.push((chosen.clone(), name.unwrap_or_else(|| chosen.clone())));
    }
    let actions = Action::ALL
        .iter()
        .map(|action| (action.as_str().to_owned(), words::words(*action)))
        .collect();
    let outcomes = [Outcome::Done, Outcome::Refused]
        .map(|outcome| (outcome.as_str().to_owned(), words::outcome(outcome)));
    let (action, outcome) = (
        filter.action.map_or("", Action::as_str),
        filter.outcome.map_or("", Outcome::as_str),
    );
    view! {
        <Filters action="/activity" kept=vec![("sort", sort_word(filter.order).to_owned())]>
            <Select
                name="actor"
                label=say!("activity-who")
                any=say!("activity-anybody")
                options=actors
                chosen=chosen
            />
            <Select
                name="action"
                label=say!("activity-what")
                any=say!("activity-anything")
                options=actions
                chosen=action
            />
            <Select
                name="outcome"
                label=say!("activity-outcome")
                any=say!("activity-any-outcome")
                options=outcomes.to_vec()
                chosen=outcome
            />
        </Filters>
    }
    .into_any()
}

fn table(entries: Vec<Entry>, members: &[Known], filter: &Filter) -> AnyView {
    let rows: Vec<_> = entries
        .into_iter()
        .map(|entry| row(entry, members).into_any())
        .collect();
    let caption = match filter.order {
        Order::Newest => say!("activity-newest"),
        Order::Oldest => say!("activity-oldest"),
    };
    let (other, now) = turned(&filter.order, Order::Newest, Order::Oldest);
    let other = filter.at("/activity", other, &[]);
    let heads = vec![
        head(say!("activity-time")).sorted(other, now),
        head(say!("activity-who")),
        head(say!("activity-what")),
        head(say!("activity-outcome")),
        head(say!("activity-about")),
        head(say!("activity-from-request")),
    ];
    view! {
        <Table label=say!("activity-lines") caption=caption heads=heads>
            {rows}
        </Table>
    }
    .into_any()
}

fn row(entry: Entry, members: &[Known]) -> impl IntoView + use<> {
    let who = match Known::by_actor(members, &entry.actor) {
        Some(known) => {
            view! { <td class="who" data-label=say!("activity-who")>{known.name.clone()}</td> }
                .into_any()
        }
        None => view! { <td class="mono who" data-label=say!("activity-who")>{entry.actor}</td> }
            .into_any(),
    };
    let tone = match entry.outcome {
        Outcome::Done => Tone::Ok,
        Outcome::Refused => Tone::Bad,
    };
    // Exact to the second: what happened one after the other should read so.
    let (day, time) = (date(entry.at), entry.at.format("%H:%M:%S").to_string());
    let raw = entry.action.clone();
    let what = words::of(&entry.action).map(|words| view! { {words} <br/> });
    let about = match (entry.target, entry.detail) {
        (None, None) => view! { "–" }.into_any(),
        (target, detail) => view! {
            {detail.map(|detail| view! { <span>{local(&detail).into_owned()}</span> <br/> })}
            {target.map(|target| about_whom(target, members))}
        }
        .into_any(),
    };
    view! {
        <tr>
            <th scope="row" data-label=say!("activity-time")>
                <time datetime=rfc3339(entry.at)>{day} <br/> {time}</time>
            </th>
            {who}
            <td data-label=say!("activity-what")>{what} <span class="mono quiet">{raw}</span></td>
            <td data-label=say!("activity-outcome")>
                <Pill tone=tone word=words::outcome(entry.outcome)/>
            </td>
            <td class="id" data-label=say!("activity-about")>
                {about}
            </td>
            <td class="mono id" data-label=say!("activity-from")>
                {entry.address.map(|address| view! { {address} <br/> })}
                <span class="quiet">{entry.request_id}</span>
            </td>
        </tr>
    }
}

/// Members by their names, everything else by its id.
fn about_whom(target: String, members: &[Known]) -> impl IntoView + use<> {
    match Known::by_id(members, &target) {
        Some(known) => view! {
            {known.name.clone()}
            <br/>
            <span class="quiet">{known.email.clone()}</span>
        }
        .into_any(),
        None => view! { <span class="mono quiet">{target}</span> }.into_any(),
    }
}

fn empty(narrow: bool) -> AnyView {
    if narrow {
        return view! {
            <Empty words=say!("activity-no-match")>
                <LinkButton href="/activity" label=say!("activity-show-all") kind=Kind::Usual/>
            </Empty>
        }
        .into_any();
    }
    view! { <Empty words=say!("activity-none")/> }.into_any()
}
