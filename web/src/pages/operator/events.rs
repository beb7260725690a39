//! What AWS sent, and what came of it.

use control::inbox::Message;
use leptos::prelude::*;

use super::{List, Page};
use crate::{
    shell::{Frame, Place},
    ui::{Pill, Table, Tone, When, head, moment},
};

pub(crate) fn view(frame: Frame, list: List<Message>) -> impl IntoView {
    let page = Page {
        title: "Events",
        place: Place::Events,
        path: "/operator/events",
        intro: "What AWS sent, each counted once, and what came of it.",
        empty: "Nothing has come yet. AWS sends the first event with the first agreement; if buyers are there and this stays empty, look at the EventBridge rule and its queue.",
        states: &[
            ("new", "New"),
            ("applied", "Applied"),
            ("unmatched", "Unmatched"),
            ("duplicate", "Duplicate"),
            ("unknown", "Unknown"),
            ("unreadable", "Unreadable"),
        ],
    };
    page.view(frame, list, |rows| table(rows).into_any())
}

fn table(rows: Vec<Message>) -> impl IntoView {
    let rows: Vec<_> = rows.into_iter().map(row).collect();
    let heads = vec![
        head("Arrived (UTC)"),
        head("What it says"),
        head("State"),
        head("Agreement"),
        head("As it came"),
    ];
    view! {
        <Table label="Events" caption="An unmatched event is about a licence that nobody has registered yet: it counts as soon as its buyer comes." heads=heads>
            {rows}
        </Table>
    }
}

fn row(message: Message) -> impl IntoView {
    let tone = match &*message.state {
        "applied" => Tone::Ok,
        "new" | "unmatched" => Tone::Wait,
        "unreadable" | "unknown" => Tone::Bad,
        _ => Tone::Plain,
    };
    let note = message
        .note
        .map(|note| view! { <p class="quiet">{note}</p> });
    let happened = message
        .event_time
        .map(|at| view! { <p class="quiet small">"Happened " <When at=at/></p> });
    let what = message
        .detail_type
        .unwrap_or_else(|| "No envelope that we know".to_owned());
    let label = format!("Body of {}", message.id);
    view! {
        <tr>
            <th scope="row" data-label="Arrived (UTC)">{moment(message.received_at)}</th>
            <td class="name" data-label="Says">{what} {happened}</td>
            <td class="note" data-label="State"><Pill tone=tone word=message.state/> {note}</td>
            <td class="mono id" data-label="Agreement">
                {message.agreement_id.unwrap_or_else(|| "–".to_owned())}
            </td>
            <td class="id whole" data-label="As it came">
                <details>
                    <summary>"Show " <span class="mono quiet">{message.id.to_string()}</span></summary>
                    <pre class="snippet" tabindex="0" aria-label=label>
                        {message.body}
                    </pre>
                </details>
            </td>
        </tr>
    }
}
