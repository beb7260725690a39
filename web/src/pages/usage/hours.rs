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
use crate::ui::{Pill, Tone, grouped, short};

/// A state's colour and word.
pub(super) const fn words(state: RecordState) -> (Tone, &'static str) {
    match state {
        RecordState::Open => (Tone::Plain, "open"),
        RecordState::Sealed => (Tone::Wait, "sealed"),
        RecordState::Sending => (Tone::Wait, "sending"),
        RecordState::Accepted => (Tone::Ok, "accepted"),
        RecordState::NotSubscribed => (Tone::Bad, "not subscribed"),
        RecordState::Expired => (Tone::Bad, "too late for AWS"),
        RecordState::Conflict => (Tone::Bad, "conflict"),
        RecordState::Rejected => (Tone::Bad, "refused by AWS"),
        RecordState::Held => (Tone::Bad, "held"),
        RecordState::Included => (Tone::Ok, "in your contract"),
    }
}

/// The record's colour, word and note; an hour without units has nothing to lose.
pub(super) fn standing(record: &MeteringRecord) -> (Tone, &'static str, Option<String>) {
    let (tone, word) = words(record.state);
    if record.state.is_alarming() && record.quantity == 0 {
        let note = "Nothing was used in this hour, so nothing is to be done.".to_owned();
        return (Tone::Plain, word, Some(note));
    }
    (tone, word, record.note.clone())
}

pub(super) fn filters(asked: &Asked) -> impl IntoView + use<> {
    let states: Vec<_> = RecordState::ALL
        .map(|entry| option(entry.as_str(), words(entry).1, asked.state == Some(entry)).into_any())
        .into();
    let dimensions: Vec<_> = Dimension::ALL
        .map(|entry| {
            let chosen = asked.dimension == Some(entry);
            option(entry.as_str(), entry.label(), chosen).into_any()
        })
        .into();
    let orders: Vec<_> = [
        (Order::Newest, "Newest first"),
        (Order::Oldest, "Oldest first"),
    ]
    .map(|(order, label)| option(order_word(order), label, asked.order == order).into_any())
    .into();
    view! {
        <form class="filters three" method="get" action="/usage">
            <input type="hidden" name="range" value=asked.range.as_str()/>
            <div class="control">
                <label for="state">"State"</label>
                <select id="state" name="state">
                    <option value="">"All states"</option>
                    {states}
                </select>
            </div>
            <div class="control">
                <label for="dimension">"Dimension"</label>
                <select id="dimension" name="dimension">
                    <option value="">"All dimensions"</option>
                    {dimensions}
                </select>
            </div>
            <div class="control">
                <label for="sort">"Order"</label>
                <select id="sort" name="sort">
                    {orders}
                </select>
            </div>
            <button class="btn" type="submit">
                "Show"
            </button>
        </form>
    }
}

fn option(value: &'static str, label: &'static str, chosen: bool) -> impl IntoView {
    view! {
        <option value=value selected=chosen>
            {label}
        </option>
    }
}

/// The way to the other pages of the table.
pub(super) fn pages(asked: &Asked, further: Option<(Hour, MeteringId)>) -> impl IntoView + use<> {
    let (first, next) = match asked.order {
        Order::Newest => ("Newest", "Older"),
        Order::Oldest => ("Oldest", "Newer"),
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
            <nav class="row" aria-label="Pages">
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
    let order = match order {
        Order::Newest => "Newest first.",
        Order::Oldest => "Oldest first.",
    };
    view! {
        <div class="table cards" tabindex="0" role="region" aria-label="Hours">
            <table>
                <caption>
                    <p>
                        {order} " A sealed hour never changes; late usage joins the next open hour. Each hour leads to its story."
                    </p>
                </caption>
                <thead>
                    <tr>
                        <th scope="col">"Hour (UTC)"</th>
                        <th scope="col">"Dimension"</th>
                        <th scope="col" class="num">
                            "Quantity"
                        </th>
                        <th scope="col">"State"</th>
                        <th scope="col">"AWS record"</th>
                        <th scope="col" class="num">
                            "Attempts"
                        </th>
                        <th scope="col">"Changed (UTC)"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}

fn row(record: MeteringRecord) -> impl IntoView {
    let (tone, word, note) = standing(&record);
    let dimension = record.dimension.label();
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
            <td data-label="Dimension">{dimension}</td>
            <td class="num" data-label="Quantity">{grouped(record.quantity)}</td>
            <td class="note" data-label="State">
                <Pill tone=tone word=word/>
                {note.map(|note| view! { <p class="small quiet">{note}</p> })}
            </td>
            <td class="mono id" data-label="AWS record">{record.metering_record_id.unwrap_or_else(|| "–".to_owned())}</td>
            <td class="num" data-label="Attempts">{record.attempts}</td>
            <td data-label="Changed">
                <time datetime=rfc3339(record.changed_at)>{short(record.changed_at)}</time>
            </td>
        </tr>
    }
}

pub(super) fn empty(is_filtered: bool, ended: bool) -> impl IntoView {
    if is_filtered {
        view! {
            <p>
                "No hour matches. " <a href="/usage">"Show all hours"</a> "."
            </p>
        }
        .into_any()
    } else if ended {
        view! { <p>"No hour was counted."</p> }.into_any()
    } else {
        view! {
            <p>
                "No hour has been counted yet. The first one appears with the first usage event, or when the first hour of the subscription has passed."
            </p>
        }
        .into_any()
    }
}
