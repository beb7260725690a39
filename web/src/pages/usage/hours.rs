//! The table of hours, with its filters and its pages. Every hour is a link to its story.

use control::metering::Order;
use domain::{
    Mode,
    hour::Hour,
    id::MeteringId,
    metering::{MeteringRecord, RecordState},
    time::rfc3339,
    usage::Dimension,
};
use leptos::prelude::*;

use super::asked::{Asked, order_word};
use crate::{
    ui::{Dialog, Direction, Facts, Filters, Pill, Select, Table, Tone, grouped, head, short},
    words::{local, say},
};

/// A state's colour and word.
pub(super) fn words(state: RecordState) -> (Tone, String) {
    match state {
        RecordState::Open => (Tone::Plain, say!("usage-state-open")),
        RecordState::Sealed => (Tone::Wait, say!("usage-state-sealed")),
        RecordState::Sending => (Tone::Wait, say!("usage-state-sending")),
        RecordState::Accepted => (Tone::Ok, say!("usage-state-accepted")),
        RecordState::NotSubscribed => (Tone::Bad, say!("usage-state-not-subscribed")),
        RecordState::Expired => (Tone::Bad, say!("usage-state-expired")),
        RecordState::Conflict => (Tone::Bad, say!("usage-state-conflict")),
        RecordState::Rejected => (Tone::Bad, say!("usage-state-rejected")),
        RecordState::Held => (Tone::Bad, say!("usage-state-held")),
        RecordState::Included => (Tone::Ok, say!("usage-state-included")),
    }
}

/// What a state means, and whether it is billed.
fn meaning(state: RecordState) -> String {
    match state {
        RecordState::Open => say!("usage-means-open"),
        RecordState::Sealed => say!("usage-means-sealed"),
        RecordState::Sending => say!("usage-means-sending"),
        RecordState::Accepted => say!("usage-means-accepted"),
        RecordState::NotSubscribed => say!("usage-means-not-subscribed"),
        RecordState::Expired => say!("usage-means-expired"),
        RecordState::Conflict => say!("usage-means-conflict"),
        RecordState::Rejected => say!("usage-means-rejected"),
        RecordState::Held => say!("usage-means-held"),
        RecordState::Included => say!("usage-means-included"),
    }
}

/// What the pills of the table mean, where the question arises.
pub(super) fn legend() -> impl IntoView {
    let states = RecordState::ALL.map(|state| {
        let (tone, word) = words(state);
        view! {
            <dt><Pill tone=tone word=word/></dt>
            <dd>{meaning(state)}</dd>
        }
    });
    view! {
        <Dialog id="states" button=say!("usage-states") title=say!("usage-states")>
            <Facts>{states.collect_view()}</Facts>
        </Dialog>
    }
}

/// The record's colour, word and note; an hour without units has nothing to lose.
pub(super) fn standing(record: &MeteringRecord) -> (Tone, String, Option<String>) {
    let (tone, word) = words(record.state);
    if record.state.is_alarming() && record.quantity == 0 {
        return (Tone::Plain, word, Some(say!("usage-state-nothing-lost")));
    }
    let note = record.note.as_deref();
    (tone, word, note.map(|note| local(note).into_owned()))
}

pub(super) fn filters(asked: Asked) -> impl IntoView {
    let states = RecordState::ALL
        .map(|entry| (entry.as_str().to_owned(), words(entry).1))
        .into();
    let dimensions: Vec<_> = Dimension::of(asked.mode)
        .map(|entry| (entry.as_str().to_owned(), local(entry.label()).into_owned()))
        .collect();
    // With one there is nothing to choose.
    let dimensions = (dimensions.len() > 1).then(|| {
        view! {
            <Select
                name="dimension"
                label=say!("usage-dimension")
                any=say!("usage-hours-all-dimensions")
                options=dimensions
                chosen=asked.dimension.map_or("", Dimension::as_str)
            />
        }
    });
    let kept = vec![
        ("range", asked.range.as_str().to_owned()),
        ("sort", order_word(asked.order).to_owned()),
    ];
    view! {
        <Filters action="/usage" kept=kept>
            <Select
                name="state"
                label=say!("usage-state")
                any=say!("usage-hours-all-states")
                options=states
                chosen=asked.state.map_or("", RecordState::as_str)
            />
            {dimensions}
        </Filters>
    }
}

/// The way to the other pages of the table.
pub(super) fn pages(asked: &Asked, further: Option<(Hour, MeteringId)>) -> impl IntoView + use<> {
    let (first, next) = match asked.order {
        Order::Newest => (say!("usage-hours-newest"), say!("usage-hours-older")),
        Order::Oldest => (say!("usage-hours-oldest"), say!("usage-hours-newer")),
    };
    let begins = |after| Asked { after, ..*asked }.link();
    let first = asked.after.map(|_| (begins(None), first));
    let next = further.map(|last| (begins(Some(last)), next));
    let links: Vec<_> = first
        .into_iter()
        .chain(next)
        .map(|(href, label)| view! { <a class="btn" href=href>{label}</a> })
        .collect();
    (!links.is_empty()).then(|| {
        view! {
            <nav class="row no-print" aria-label=say!("usage-hours-pages")>
                {links}
            </nav>
        }
    })
}

pub(super) fn records(records: Vec<MeteringRecord>, asked: &Asked) -> impl IntoView + use<> {
    let rows: Vec<_> = records
        .into_iter()
        .map(|record| row(record).into_any())
        .collect();
    let (caption, other, now) = match asked.order {
        Order::Newest => (
            say!("usage-hours-caption-newest"),
            Order::Oldest,
            Direction::Descending,
        ),
        Order::Oldest => (
            say!("usage-hours-caption-oldest"),
            Order::Newest,
            Direction::Ascending,
        ),
    };
    let turned = Asked {
        order: other,
        after: None,
        ..*asked
    };
    let heads = vec![
        head(say!("usage-hours-hour")).sorted(turned.link(), Some(now)),
        head(say!("usage-dimension")),
        head(say!("usage-quantity")).figures(),
        head(say!("usage-state")),
        head(say!("usage-hours-aws-record")),
        head(say!("usage-hours-attempts")).figures(),
        head(say!("usage-hours-changed-utc")),
    ];
    view! {
        <Table label=say!("usage-hours") caption=caption heads=heads>
            {rows}
        </Table>
    }
}

fn row(record: MeteringRecord) -> impl IntoView {
    let (tone, word, note) = standing(&record);
    let dimension = local(record.dimension.label());
    let href = format!("/usage/{}", record.id);
    let at = short(record.hour.start());
    // Two dimensions of one hour are two links: each says which it is.
    let label = format!("{at}, {dimension}");
    view! {
        <tr>
            <th scope="row">
                <a href=href aria-label=label>
                    <time datetime=record.hour.to_string()>{at}</time>
                </a>
            </th>
            <td data-label=say!("usage-dimension")>{dimension}</td>
            <td class="num" data-label=say!("usage-quantity")>{grouped(record.quantity)}</td>
            <td class="note" data-label=say!("usage-state")>
                <Pill tone=tone word=word/>
                {note.map(|note| view! { <p class="small quiet">{note}</p> })}
            </td>
            <td class="mono id" data-label=say!("usage-hours-aws-record")>{record.metering_record_id.unwrap_or_else(|| "–".to_owned())}</td>
            <td class="num" data-label=say!("usage-hours-attempts")>{record.attempts}</td>
            <td data-label=say!("usage-hours-changed")>
                <time datetime=rfc3339(record.changed_at)>{short(record.changed_at)}</time>
            </td>
        </tr>
    }
}

pub(super) fn empty(asked: &Asked, ended: bool) -> impl IntoView + use<> {
    let words = if asked.is_filtered() {
        let all = view! { <a href="/usage">{say!("usage-hours-no-match-all")}</a> };
        say!("usage-hours-no-match"; all = all)
    } else if ended {
        say!("usage-hours-none-ended").into_any()
    } else if asked.mode == Mode::Test {
        say!("usage-hours-none-test").into_any()
    } else {
        say!("usage-hours-none").into_any()
    };
    view! { <p>{words}</p> }
}
