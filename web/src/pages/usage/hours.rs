//! The table of hours, with its filters and its pages. Every hour is a link to its story.

use control::metering::Order;
use domain::{
    hour::Hour,
    id::MeteringId,
    metering::{MeteringRecord, RecordState},
    time::rfc3339,
    usage::Dimension,
};
use leptos::prelude::*;

use super::asked::{Asked, order_word};
use crate::{
    ui::{Pill, Tone, grouped, short},
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

/// The record's colour, word and note; an hour without units has nothing to lose.
pub(super) fn standing(record: &MeteringRecord) -> (Tone, String, Option<String>) {
    let (tone, word) = words(record.state);
    if record.state.is_alarming() && record.quantity == 0 {
        return (Tone::Plain, word, Some(say!("usage-state-nothing-lost")));
    }
    let note = record.note.as_deref();
    (tone, word, note.map(|note| local(note).into_owned()))
}

pub(super) fn filters(asked: &Asked) -> impl IntoView + use<> {
    let states: Vec<_> = RecordState::ALL
        .map(|entry| option(entry.as_str(), words(entry).1, asked.state == Some(entry)).into_any())
        .into();
    let dimensions: Vec<_> = Dimension::ALL
        .map(|entry| {
            let chosen = asked.dimension == Some(entry);
            option(entry.as_str(), local(entry.label()).into_owned(), chosen).into_any()
        })
        .into();
    let orders: Vec<_> = [
        (Order::Newest, say!("usage-hours-newest-first")),
        (Order::Oldest, say!("usage-hours-oldest-first")),
    ]
    .map(|(order, label)| option(order_word(order), label, asked.order == order).into_any())
    .into();
    view! {
        <form class="filters three" method="get" action="/usage">
            <input type="hidden" name="range" value=asked.range.as_str()/>
            <div class="control">
                <label for="state">{say!("usage-state")}</label>
                <select id="state" name="state">
                    <option value="">{say!("usage-hours-all-states")}</option>
                    {states}
                </select>
            </div>
            <div class="control">
                <label for="dimension">{say!("usage-dimension")}</label>
                <select id="dimension" name="dimension">
                    <option value="">{say!("usage-hours-all-dimensions")}</option>
                    {dimensions}
                </select>
            </div>
            <div class="control">
                <label for="sort">{say!("usage-hours-order")}</label>
                <select id="sort" name="sort">
                    {orders}
                </select>
            </div>
            <button class="btn" type="submit">
                {say!("usage-hours-show")}
            </button>
        </form>
    }
}

fn option(value: &'static str, label: String, chosen: bool) -> impl IntoView {
    view! {
        <option value=value selected=chosen>
            {label}
        </option>
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
            <nav class="row" aria-label=say!("usage-hours-pages")>
                {links}
            </nav>
        }
    })
}

pub(super) fn records(records: Vec<MeteringRecord>, order: Order) -> impl IntoView {
    let rows: Vec<_> = records
        .into_iter()
        .map(|record| row(record).into_any())
        .collect();
    let caption = match order {
        Order::Newest => say!("usage-hours-caption-newest"),
        Order::Oldest => say!("usage-hours-caption-oldest"),
    };
    view! {
        <div class="table cards" tabindex="0" role="region" aria-label=say!("usage-hours")>
            <table>
                <caption>
                    <p>{caption}</p>
                </caption>
                <thead>
                    <tr>
                        <th scope="col">{say!("usage-hours-hour")}</th>
                        <th scope="col">{say!("usage-dimension")}</th>
                        <th scope="col" class="num">
                            {say!("usage-quantity")}
                        </th>
                        <th scope="col">{say!("usage-state")}</th>
                        <th scope="col">{say!("usage-hours-aws-record")}</th>
                        <th scope="col" class="num">
                            {say!("usage-hours-attempts")}
                        </th>
                        <th scope="col">{say!("usage-hours-changed-utc")}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
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

pub(super) fn empty(is_filtered: bool, ended: bool) -> impl IntoView {
    let words = if is_filtered {
        let all = view! { <a href="/usage">{say!("usage-hours-no-match-all")}</a> };
        say!("usage-hours-no-match"; all = all)
    } else if ended {
        say!("usage-hours-none-ended").into_any()
    } else {
        say!("usage-hours-none").into_any()
    };
    view! { <p>{words}</p> }
}
