//! What AWS sent, and what came of it.

use control::inbox::Message;
use leptos::prelude::*;

use super::{List, Page};
use crate::{
    shell::{Frame, Place},
    ui::{Pill, Tone, When, moment},
};

pub(crate) fn view(frame: Frame, list: List<Message>) -> impl IntoView {
    let page = Page {
        title: "Events",
        place: Place::Events,
        path: "/operator/events",
        intro: "What AWS sent, each counted once, and what came of it.",
        empty: "Nothing has come yet. AWS sends the first event with the first agreement; if buyers are there and this stays empty, look at the EventBridge rule and its queue.",
    };
    page.view(frame, list, |rows| table(rows).into_any())
}

fn table(rows: Vec<Message>) -> impl IntoView {
    let rows: Vec<_> = rows.into_iter().map(row).collect();
    view! {
        <div class="table cards" tabindex="0" role="region" aria-label="Events">
            <table>
                <caption>
                    <p>"An unmatched event is about a licence that nobody has registered yet: it counts as soon as its buyer comes."</p>
                </caption>
                <thead>
                    <tr>
                        <th scope="col">"Arrived (UTC)"</th>
                        <th scope="col">"What it says"</th>
                        <th scope="col">"State"</th>
                        <th scope="col">"Agreement"</th>
                        <th scope="col">"As it came"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
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
