//! The activity page.

use domain::{
    audit::{Entry, Outcome},
    id::UserId,
    policy::Action,
    time::rfc3339,
};
use leptos::prelude::*;

use super::words;
use crate::{
    shell::{Console, Frame, Place},
    ui::{DocsLink, Pager, Pill, Tone},
};

/// The page.
#[derive(Debug, Clone)]
pub(crate) struct Activity {
    /// The frame.
    pub(crate) frame: Frame,
    /// The lines, newest first.
    pub(crate) entries: Vec<Entry>,
    /// Where the next page begins, if there is one.
    pub(crate) older: Option<i64>,
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
    /// Only lines before this place; none for the newest.
    pub(crate) before: Option<i64>,
}

impl Filter {
    fn is_narrow(&self) -> bool {
        self.action.is_some() || self.actor.is_some() || self.outcome.is_some()
    }

    /// An address with these filters.
    fn at(&self, path: &str, first: &[(&str, &str)]) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(first);
        if let Some(action) = self.action {
            query.append_pair("action", action.as_str());
        }
        if let Some(actor) = &self.actor {
            query.append_pair("actor", actor);
        }
        if let Some(outcome) = self.outcome {
            query.append_pair("outcome", outcome.as_str());
        }
        let query = query.finish();
        if query.is_empty() {
            return path.to_owned();
        }
        format!("{path}?{query}")
    }

    /// Every line that matches, from the newest to the first, as a file.
    pub(super) fn csv(&self) -> String {
        self.at("/api/v1/audit-log", &[("format", "csv")])
    }
}

pub(crate) fn view(page: Activity) -> impl IntoView {
    let filter = page.filter;
    let newest = filter.before.map(|_| filter.at("/activity", &[]));
    let older = page
        .older
        .map(|place| filter.at("/activity", &[("before", &place.to_string())]));
    let csv = (!page.entries.is_empty()).then(|| {
        view! {
            <a class="btn" href=filter.csv()>
                {if filter.is_narrow() { "Export what matches (CSV)" } else { "Export everything (CSV)" }}
            </a>
        }
    });
    let content = if page.entries.is_empty() {
        empty(filter.is_narrow() || filter.before.is_some()).into_any()
    } else {
        table(page.entries, &page.members).into_any()
    };
    view! {
        <Console title="Activity" frame=page.frame place=Place::Activity>
            <div class="page-head">
                <div>
                    <h1>"Activity"</h1>
                    <p>"Every change, and what was refused. Lines are chained to each other, so none can be changed or taken out unnoticed."</p>
                </div>
                <div class="row">
                    <DocsLink page="audit-trail" label="Audit trail and its proof"/>
                    {csv}
                </div>
            </div>
            <section class="card">
                <h2>"What happened"</h2>
                {filters(&filter, &page.members)}
                {content}
                <Pager newest=newest older=older/>
            </section>
        </Console>
    }
}

fn filters(filter: &Filter, members: &[Known]) -> impl IntoView + use<> {
    let chosen = filter.actor.clone().unwrap_or_default();
    let is_member = Known::by_actor(members, &chosen).is_some();
    // Somebody who is no member, by the trail's own word.
    let other = (!chosen.is_empty() && !is_member).then(|| {
        view! {
            <option value=chosen.clone() selected=true>
                {chosen.clone()}
            </option>
        }
    });
    let members: Vec<_> = members
        .iter()
        .map(|known| {
            let actor = known.actor();
            let selected = actor == chosen;
            view! {
                <option value=actor selected=selected>
                    {known.name.clone()}
                </option>
            }
        })
        .collect();
    let actions: Vec<_> = Action::ALL
        .iter()
        .map(|action| {
            let selected = filter.action == Some(*action);
            view! {
                <option value=action.as_str() selected=selected>
                    {words::words(*action)}
                </option>
            }
        })
        .collect();
    let outcomes = [Outcome::Done, Outcome::Refused].map(|outcome| {
        let selected = filter.outcome == Some(outcome);
        view! {
            <option value=outcome.as_str() selected=selected>
                {outcome.as_str()}
            </option>
        }
    });
    view! {
        <form class="filters three" method="get" action="/activity">
            <div class="control">
                <label for="actor">"Who"</label>
                <select id="actor" name="actor">
                    <option value="">"Anybody"</option>
                    {members}
                    {other}
                </select>
            </div>
            <div class="control">
                <label for="action">"What"</label>
                <select id="action" name="action">
                    <option value="">"Anything"</option>
                    {actions}
                </select>
            </div>
            <div class="control">
                <label for="outcome">"Outcome"</label>
                <select id="outcome" name="outcome">
                    <option value="">"Done or refused"</option>
                    {outcomes.collect_view()}
                </select>
            </div>
            <button class="btn" type="submit">
                "Show"
            </button>
        </form>
    }
}

fn table(entries: Vec<Entry>, members: &[Known]) -> impl IntoView + use<> {
    let rows: Vec<_> = entries
        .into_iter()
        .map(|entry| row(entry, members))
        .collect();
    view! {
        <div class="table cards" tabindex="0" role="region" aria-label="Lines">
            <table>
                <caption>
                    <p>"Newest first."</p>
                </caption>
                <thead>
                    <tr>
                        <th scope="col">"Time (UTC)"</th>
                        <th scope="col">"Who"</th>
                        <th scope="col">"What"</th>
                        <th scope="col">"Outcome"</th>
                        <th scope="col">"About"</th>
                        <th scope="col">"From, in which request"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}

fn row(entry: Entry, members: &[Known]) -> impl IntoView + use<> {
    let who = match Known::by_actor(members, &entry.actor) {
        Some(known) => {
            view! { <td class="who" data-label="Who">{known.name.clone()}</td> }.into_any()
        }
        None => view! { <td class="mono who" data-label="Who">{entry.actor}</td> }.into_any(),
    };
    let (tone, word) = match entry.outcome {
        Outcome::Done => (Tone::Ok, "done"),
        Outcome::Refused => (Tone::Bad, "refused"),
    };
    // Exact to the second: what happened one after the other should read so.
    let (day, time) = (
        entry.at.format("%-d %b %Y").to_string(),
        entry.at.format("%H:%M:%S").to_string(),
    );
    let raw = entry.action.clone();
    let what = words::of(&entry.action).map(|words| view! { {words} <br/> });
    let about = match (entry.target, entry.detail) {
        (None, None) => view! { "–" }.into_any(),
        (target, detail) => view! {
            {detail.map(|detail| view! { <span>{detail}</span> <br/> })}
            {target.map(|target| about_whom(target, members))}
        }
        .into_any(),
    };
    view! {
        <tr>
            <th scope="row" data-label="Time (UTC)">
                <time datetime=rfc3339(entry.at)>{day} <br/> {time}</time>
            </th>
            {who}
            <td data-label="What">{what} <span class="mono quiet">{raw}</span></td>
            <td data-label="Outcome">
                <Pill tone=tone word=word/>
            </td>
            <td class="id" data-label="About">
                {about}
            </td>
            <td class="mono id" data-label="From">
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

fn empty(narrow: bool) -> impl IntoView {
    if narrow {
        view! {
            <p>
                "Nothing matches. " <a href="/activity">"Show everything"</a> "."
            </p>
        }
        .into_any()
    } else {
        view! { <p>"Nothing has happened yet. The first line appears with the first change."</p> }
            .into_any()
    }
}
