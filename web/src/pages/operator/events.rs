//! What AWS sent, and what came of it.

use control::inbox::{InboxState, Message};
use domain::list::Order;
use leptos::prelude::*;

use super::{
    list::{List, Page, Paths, narrowed, order},
    tenants,
};
use crate::{
    shell::{Frame, Place},
    ui::{Pill, Tone, When, head, moment},
    words::{local, say},
};

pub(crate) const PATHS: Paths = Paths {
    page: "/operator/events",
    file: "/api/v1/operator/events",
};

pub(crate) fn view(frame: Frame, list: List<Message, InboxState, Order>) -> impl IntoView {
    let filter = &list.filter;
    let order = order(filter.sort);
    let page = Page {
        title: say!("operator-events"),
        place: Place::Events,
        intro: say!("operator-events-intro"),
        empty: say!("operator-events-empty"),
        search: say!("operator-events-search"),
        state: |state| match state {
            InboxState::New => say!("operator-events-only-new"),
            InboxState::Applied => say!("operator-events-only-applied"),
            InboxState::Unmatched => say!("operator-events-only-unmatched"),
            InboxState::Duplicate => say!("operator-events-only-duplicate"),
            InboxState::Unknown => say!("operator-events-only-unknown"),
            InboxState::Unreadable => say!("operator-events-only-unreadable"),
        },
        caption: format!("{order} {}", say!("operator-events-caption")),
        heads: vec![
            filter.turning(
                say!("operator-events-arrived"),
                Order::Newest,
                Order::Oldest,
            ),
            head(say!("operator-events-what")),
            head(say!("operator-state")),
            head(say!("operator-events-agreement")),
            head(say!("operator-events-as-it-came")),
        ],
        done: None,
    };
    page.view(frame, list, row)
}

fn row(message: Message) -> AnyView {
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
    let agreement = match message.agreement_id {
        Some(id) => {
            let href = narrowed(tenants::PATHS.page, &id);
            view! { <a href=href>{id}</a> }.into_any()
        }
        None => "–".into_any(),
    };
    let label = say!("operator-events-body", id = message.id.to_string());
    view! {
        <tr>
            <th scope="row" data-label=say!("operator-events-arrived")>{moment(message.received_at)}</th>
            <td class="name" data-label=say!("operator-events-says")>{what} {happened}</td>
            <td class="note" data-label=say!("operator-state")><Pill tone=tone word=word/> {note}</td>
            <td class="mono id" data-label=say!("operator-events-agreement")>
                {agreement}
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
    .into_any()
}
