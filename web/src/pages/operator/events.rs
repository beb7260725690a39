//! What AWS sent, and what came of it.

use control::inbox::Message;
use leptos::prelude::*;

use super::{List, Page};
use crate::{
    shell::{Frame, Place},
    ui::{Pill, Table, Tone, When, head, moment},
    words::{local, say},
};

pub(crate) fn view(frame: Frame, list: List<Message>) -> impl IntoView {
    let page = Page {
        title: say!("operator-events"),
        place: Place::Events,
        path: "/operator/events",
        intro: say!("operator-events-intro"),
        empty: say!("operator-events-empty"),
        states: vec![
            ("new", say!("operator-events-only-new")),
            ("applied", say!("operator-events-only-applied")),
            ("unmatched", say!("operator-events-only-unmatched")),
            ("duplicate", say!("operator-events-only-duplicate")),
            ("unknown", say!("operator-events-only-unknown")),
            ("unreadable", say!("operator-events-only-unreadable")),
        ],
    };
    page.view(frame, list, |rows| table(rows).into_any())
}

fn table(rows: Vec<Message>) -> impl IntoView {
    let rows: Vec<_> = rows.into_iter().map(row).collect();
    let heads = vec![
        head(say!("operator-events-arrived")),
        head(say!("operator-events-what")),
        head(say!("operator-state")),
        head(say!("operator-events-agreement")),
        head(say!("operator-events-as-it-came")),
    ];
    view! {
        <Table label=say!("operator-events") caption=say!("operator-events-caption") heads=heads>
            {rows}
        </Table>
    }
}

fn row(message: Message) -> impl IntoView {
    let (tone, word) = match &*message.state {
        "new" => (Tone::Wait, say!("operator-events-new")),
        "applied" => (Tone::Ok, say!("operator-events-applied")),
        "unmatched" => (Tone::Wait, say!("operator-events-unmatched")),
        "duplicate" => (Tone::Plain, say!("operator-events-duplicate")),
        "unknown" => (Tone::Bad, say!("operator-events-unknown")),
        "unreadable" => (Tone::Bad, say!("operator-events-unreadable")),
        _ => (Tone::Plain, message.state),
    };
    let note = message
        .note
        .map(|note| view! { <p class="quiet">{local(&note).into_owned()}</p> });
    let happened = message.event_time.map(|at| {
        let happened = say!("operator-events-happened"; at = view! { <When at=at/> });
        view! { <p class="quiet small">{happened}</p> }
    });
    let what = message
        .detail_type
        .unwrap_or_else(|| say!("operator-events-no-envelope"));
    let label = say!("operator-events-body", id = message.id.to_string());
    view! {
        <tr>
            <th scope="row" data-label=say!("operator-events-arrived")>{moment(message.received_at)}</th>
            <td class="name" data-label=say!("operator-events-says")>{what} {happened}</td>
            <td class="note" data-label=say!("operator-state")><Pill tone=tone word=word/> {note}</td>
            <td class="mono id" data-label=say!("operator-events-agreement")>
                {message.agreement_id.unwrap_or_else(|| "–".to_owned())}
            </td>
            <td class="id whole" data-label=say!("operator-events-as-it-came")>
                <details>
                    <summary>{say!("operator-events-show")} " " <span class="mono quiet">{message.id.to_string()}</span></summary>
                    <pre class="snippet" tabindex="0" aria-label=label>
                        {message.body}
                    </pre>
                </details>
            </td>
        </tr>
    }
}
