//! The overview.

use control::{api_key::KeyCount, user::HeadCount};
use domain::{Mode, Timestamp, key::PublicKey, licence::Licence, lifecycle::Standing, live::Topic};
use leptos::prelude::*;

use super::attention::Need;
use crate::{
    live::status::Live,
    pages::{
        setup::next_actions,
        usage::{bill::Bill, tiles::Tiles},
        welcome::subscription_words,
    },
    shell::{Console, Frame, Place},
    ui::{self, Chart, DocsLink, Figure, Notice, Pill, Tile, Tone, When, grouped, money},
    words::{local, say},
};

/// What the page says; what the reader may not see is absent.
#[derive(Debug, Clone)]
pub(crate) struct Overview {
    /// The frame.
    pub(crate) frame: Frame,
    /// What needs somebody.
    pub(crate) attention: Vec<Need>,
    /// Usage.
    pub(crate) used: Option<Used>,
    /// What was bought, oldest first.
    pub(crate) licences: Option<Vec<Licence>>,
    /// The key pairs in use.
    pub(crate) keys: Option<Vec<PublicKey>>,
    /// The API keys.
    pub(crate) api_keys: Option<KeyCount>,
    /// The people.
    pub(crate) people: Option<HeadCount>,
    /// What was just done.
    pub(crate) done: Option<String>,
    /// Now.
    pub(crate) now: Timestamp,
}

/// Usage at a glance.
#[derive(Debug, Clone)]
pub(crate) struct Used {
    /// Today, by the hour.
    pub(crate) figure: Figure,
    /// Units of today.
    pub(crate) today: i64,
    /// Whether anything was ever used, as far as the page looks.
    pub(crate) ever: bool,
    /// The mode of the figure and the tiles.
    pub(crate) mode: Mode,
    /// The present hour and the last week.
    pub(crate) tiles: Tiles,
    /// Units that AWS did not take, of both modes: nothing that needs somebody is hidden by a switch.
    pub(crate) not_taken: i64,
    /// The present month, of both modes: AWS has one bill.
    pub(crate) bill: Bill,
    /// Which state of the usage this is.
    pub(crate) mark: String,
}

pub(crate) fn view(page: Overview) -> impl IntoView {
    let frame = page.frame.clone();
    let is_calm = page.attention.is_empty();
    // Until there is usage, how to come to some is what the page is about.
    let begins = page.used.as_ref().is_some_and(|used| !used.ever);
    let has_key = page.keys.as_ref().is_none_or(|keys| !keys.is_empty());
    let next = begins.then(|| next_actions(&page.frame, has_key, is_calm).into_any());
    let status = is_calm.then(|| view! { <Pill tone=Tone::Ok word=say!("overview-calm")/> });
    let mark = page.used.as_ref().map(|used| used.mark.clone());
    let live = mark.map(|mark| view! { <Live topic=Topic::Usage mark=mark/> });
    let cards = [
        page.licences
            .map(|licences| licence_card(licences).into_any()),
        page.keys.map(|keys| keys_card(keys).into_any()),
        page.api_keys.map(|keys| api_keys_card(keys).into_any()),
        page.people.map(|people| people_card(people).into_any()),
    ];
    let cards: Vec<_> = cards.into_iter().flatten().collect();
    let now = view! { <When at=page.now/> };
    view! {
        <Console title=say!("overview-title") frame=frame place=Place::Overview>
            <div class="page-head">
                <div>
                    <h1>{say!("overview-title")}</h1>
                    <p>{say!("overview-intro"; at = now)}</p>
                </div>
                <div class="row">
                    {status} <DocsLink page="usage-events" label=say!("overview-docs")/>
                </div>
            </div>
            {page.done.map(|text| view! { <Notice text=text/> })}
            {attention(page.attention).into_any()}
            {next}
            {page.used.map(|used| usage(used).into_any())}
            <div class="halves even">{cards}</div>
            {live}
        </Console>
    }
}

fn attention(needs: Vec<Need>) -> impl IntoView {
    let needs: Vec<_> = needs
        .into_iter()
        .enumerate()
        .map(|(index, need)| {
            // One primary action a view: what is most urgent.
            let class = if index == 0 { "btn primary" } else { "btn" };
            view! {
                <li class="prompt">
                    <div>
                        <h3>{need.title}</h3>
                        <p class="quiet">{need.why}</p>
                    </div>
                    <a class=class href=need.href>
                        {need.label}
                    </a>
                </li>
            }
        })
        .collect();
    (!needs.is_empty()).then(|| {
        view! {
            <section class="card" aria-labelledby="attention-heading">
                <h2 id="attention-heading">{say!("overview-needs")}</h2>
                <ul class="prompts">{needs}</ul>
            </section>
        }
    })
}

fn usage(used: Used) -> impl IntoView {
    let topic = Topic::Usage.as_str();
    view! {
        <div class="part" data-live=topic>
            {tiles(&used).into_any()}
        </div>
        <section class="card" aria-labelledby="today-heading">
            <header>
                <div>
                    <h2 id="today-heading">{say!("overview-chart")}</h2>
                    <p class="quiet small">{say!("overview-chart-means")}</p>
                </div>
                <a class="btn" href="/usage">
                    {say!("overview-chart-see")}
                </a>
            </header>
            <Chart figure=used.figure/>
        </section>
    }
}

fn tiles(used: &Used) -> impl IntoView + use<> {
    let (units, not_taken_units) = (used.today, used.tiles.not_taken.units);
    let billed = used
        .bill
        .lines
        .iter()
        .filter(|line| line.dimension.mode() == used.mode)
        .fold(0_i64, |sum, line| sum.saturating_add(line.units()));
    let month = say!("overview-month-means", month = used.bill.month.clone());
    let bill = match used.bill.expected() {
        Some(expected) => (
            say!("overview-bill"),
            money(&expected.on_a_bill()),
            if used.bill.trial {
                say!("overview-bill-trial")
            } else {
                say!("overview-bill-means")
            },
        ),
        None => (
            say!("overview-waiting"),
            grouped(used.tiles.waiting.units),
            say!("overview-waiting-means"),
        ),
    };
    let not_taken = match not_taken_units {
        0 => say!("overview-not-taken-none"),
        _ => say!("overview-not-taken-means"),
    };
    let today = if units == 0 {
        say!("overview-today-none")
    } else {
        say!("overview-today-means", units = grouped(used.tiles.used))
    };
    view! {
        <ui::Tiles>
            <Tile name=say!("overview-today") figure=grouped(units) note=today/>
            <Tile name=say!("overview-month") figure=grouped(billed) note=month/>
            <Tile name=bill.0 figure=bill.1 note=bill.2/>
            <Tile
                name=say!("overview-not-taken")
                figure=grouped(not_taken_units)
                note=not_taken
            />
        </ui::Tiles>
    }
}

/// How many subscriptions are named; there are hardly ever two.
const MOST_LICENCES: usize = 3;

fn licence_card(licences: Vec<Licence>) -> impl IntoView {
    let more = licences.len().saturating_sub(MOST_LICENCES);
    let lines: Vec<_> = licences
        .into_iter()
        .rev()
        .take(MOST_LICENCES)
        .map(|licence| {
            let (tone, word) = match licence.standing {
                Standing::Unconfirmed => (Tone::Wait, say!("setup-waiting")),
                Standing::Active { .. } => (Tone::Ok, say!("overview-in-force")),
                Standing::Ended { .. } => (Tone::Plain, say!("setup-ended")),
            };
            view! {
                <div class="line">
                    <span>{subscription_words(&licence)}</span>
                    <Pill tone=tone word=word/>
                </div>
            }
            .into_any()
        })
        .collect();
    let more =
        (more > 0).then(|| view! { <p class="quiet">{say!("setup-more", count = more)}</p> });
    card(
        say!("setup-subscription"),
        ("/subscription", say!("overview-subscription-see")),
        view! {
            {lines}
            {more}
        }
        .into_any(),
    )
}

fn keys_card(keys: Vec<PublicKey>) -> impl IntoView {
    let lines: Vec<_> = keys
        .into_iter()
        .map(|key| {
            let tone = match key.state {
                domain::key::KeyState::Active => Tone::Ok,
                _ => Tone::Wait,
            };
            let until = view! { <When at=key.not_after day=true/> };
            let words = if let Some(at) = key.last_used_at {
                say!("overview-key-used"; until = until, at = view! { <When at=at/> })
            } else {
                say!("overview-key-unused"; until = until)
            };
            // A name, not an amount: no separators.
            let name = say!(
                "overview-key",
                mode = key.mode.as_str(),
                bits = key.bits.to_string()
            );
            view! {
                <div class="line">
                    <span>{name}</span>
                    <Pill tone=tone word=local(key.state.as_str())/>
                </div>
                <p class="quiet small">{words}</p>
            }
            .into_any()
        })
        .collect();
    let none = lines
        .is_empty()
        .then(|| view! { <p class="quiet">{say!("overview-keys-none")}</p> });
    card(
        say!("overview-keys"),
        ("/keys", say!("overview-keys-see")),
        view! {
            {lines}
            {none}
        }
        .into_any(),
    )
}

fn api_keys_card(keys: KeyCount) -> impl IntoView {
    let words = match (keys.in_force, keys.never_used) {
        (0, _) => say!("overview-api-keys-none"),
        (many, 0) => say!("overview-api-keys-used", keys = grouped(many)),
        (many, unused) => say!(
            "overview-api-keys-unused",
            keys = grouped(many),
            unused = grouped(unused)
        ),
    };
    let last = keys.last_used_at.map(|at| {
        let at = view! { <When at=at/> };
        view! { <p class="quiet small">{say!("overview-api-keys-last"; at = at)}</p> }
    });
    card(
        say!("setup-api-keys"),
        ("/api-keys", say!("overview-api-keys-see")),
        view! {
            <p>{words}</p>
            {last}
        }
        .into_any(),
    )
}

fn people_card(people: HeadCount) -> impl IntoView {
    let (count, number) = (people.members, grouped(people.members));
    let words = match people.invited {
        0 => say!("overview-people", count = count, people = number),
        invited => say!(
            "overview-people-invited",
            count = count,
            people = number,
            invited = grouped(invited)
        ),
    };
    card(
        say!("setup-people"),
        ("/people", say!("overview-people-see")),
        view! { <p>{words}</p> }.into_any(),
    )
}

fn card(heading: String, (href, label): (&'static str, String), content: AnyView) -> impl IntoView {
    view! {
        <section class="card">
            <header>
                <h2>{heading}</h2>
                <a class="btn small" href=href>
                    {label}
                </a>
            </header>
            {content}
        </section>
    }
}
