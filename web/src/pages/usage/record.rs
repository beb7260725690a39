//! `/usage/{record}`: the story of one hour. What was counted, when it was sealed, every sending, what AWS answered, and what comes next.

mod story;

use axum::{http::StatusCode, response::Response};
use control::{
    metering::{self, Attempt, Explained},
    usage::HourUsage,
};
use domain::{
    Error,
    metering::{MeteringRecord, RecordState},
};
use leptos::prelude::*;
use runtime::extract::Path;

use self::story::{Came, story};
use super::hours::standing;
use crate::{
    reader::Visitor,
    render,
    shell::{Console, Frame, Place},
    ui::{DocsLink, Pill, When, grouped, moment},
};

/// What the page says.
#[derive(Debug, Clone)]
pub(crate) struct Story {
    /// The frame.
    pub(crate) frame: Frame,
    /// The record, with what it is made of and every sending.
    pub(crate) told: Explained,
}

/// `GET /usage/{record}`
pub(in crate::pages) async fn show(Path(id): Path<String>, visitor: Visitor) -> Response {
    visitor.answer(page(&visitor, &id).await)
}

async fn page(visitor: &Visitor, id: &str) -> Result<Response, Error> {
    let id = id
        .parse()
        .map_err(|_| Error::not_found("metering record"))?;
    let page = Story {
        told: metering::story(&visitor.cx, visitor.tenant, id).await?,
        frame: visitor.frame().await?,
    };
    Ok(render::page(StatusCode::OK, || view(page)))
}

pub(crate) fn view(page: Story) -> impl IntoView {
    let Explained {
        record,
        usage,
        attempts,
    } = page.told;
    let (tone, word, _) = standing(&record);
    let (begin, end) = (record.hour.start(), record.hour.end());
    let heading = format!(
        "{}, {} to {} UTC",
        begin.format("%-d %B %Y"),
        begin.format("%H:%M"),
        end.format("%H:%M")
    );
    let what = format!("{} in this hour", record.dimension.label());
    let steps = steps(&record, &usage, &attempts).into_any();
    let facts = facts(&record).into_any();
    let sendings = (!attempts.is_empty()).then(|| sendings(attempts).into_any());
    let usage = (!usage.is_empty()).then(|| made_of(usage).into_any());
    view! {
        <Console title="Hour" frame=page.frame place=Place::Usage>
            <div class="page-head">
                <div>
                    <p class="back"><a href="/usage">"Back to usage"</a></p>
                    <h1>{heading}</h1>
                    <p>{what}</p>
                </div>
                <div class="row">
                    <DocsLink page="billing#states-of-an-hour" label="States of an hour"/>
                    <Pill tone=tone word=word/>
                </div>
            </div>
            <div class="cols">
                <div class="stack wide">
                    <section class="card" aria-label="What happened">
                        {steps}
                    </section>
                    {usage}
                    {sendings}
                </div>
                {facts}
            </div>
        </Console>
    }
}

fn steps(
    record: &MeteringRecord,
    usage: &[HourUsage],
    attempts: &[Attempt],
) -> impl IntoView + use<> {
    let steps: Vec<_> = story(record, usage, attempts)
        .into_iter()
        .zip(1..)
        .map(|(step, number)| {
            let (class, mark) = match step.came {
                Came::Done => ("step done", "✓".to_owned()),
                Came::Now => ("step now", number.to_string()),
                Came::Waiting => ("step", number.to_string()),
                Came::Failed => ("step failed", "!".to_owned()),
            };
            let at = step
                .at
                .map(|at| view! { <p class="note small"><When at=at/></p> });
            view! {
                <li class=class>
                    <span class="dot" aria-hidden="true">
                        {mark}
                    </span>
                    <div class="body">
                        <h2>{step.title}</h2>
                        <p class="note">{step.words}</p>
                        {at}
                    </div>
                </li>
            }
            .into_any()
        })
        .collect();
    view! { <ol class="steps">{steps}</ol> }
}

fn facts(record: &MeteringRecord) -> impl IntoView + use<> {
    let aws = record.metering_record_id.clone().unwrap_or_else(|| {
        let may_come = matches!(record.state, RecordState::Open) || record.state.is_on_its_way();
        if may_come { "none yet" } else { "none" }.to_owned()
    });
    view! {
        <aside class="card" aria-label="The record">
            <h2>"The record"</h2>
            <dl class="facts">
                <dt>"Quantity"</dt>
                <dd>{grouped(record.quantity)}</dd>
                <dt>"Dimension"</dt>
                <dd class="mono">{record.dimension.as_str()}</dd>
                <dt>"Hour"</dt>
                <dd class="mono">{record.hour.to_string()}</dd>
                <dt>"AWS's record"</dt>
                <dd class="mono">{aws}</dd>
                <dt>"Our record"</dt>
                <dd class="mono">{record.id.to_string()}</dd>
                <dt>"Licence"</dt>
                <dd class="mono">{record.licence.to_string()}</dd>
                <dt>"Last change"</dt>
                <dd><When at=record.changed_at/></dd>
            </dl>
        </aside>
    }
}

fn made_of(usage: Vec<HourUsage>) -> impl IntoView {
    let rows: Vec<_> = usage
        .into_iter()
        .map(|used| {
            view! {
                <tr>
                    <th scope="row" class="mono">
                        {used.meter.as_str()}
                    </th>
                    <td class="num" data-label="Events">{grouped(used.events)}</td>
                    <td class="num" data-label="Units">{grouped(used.quantity)}</td>
                    <td class="num" data-label="Late">{grouped(used.late)}</td>
                </tr>
            }
        })
        .collect();
    view! {
        <section class="card" aria-labelledby="usage-heading">
            <h2 id="usage-heading">"What it is made of"</h2>
            <div class="table cards" tabindex="0" role="region" aria-label="What it is made of">
                <table>
                    <caption>
                        <p>"Usage events billed in this hour, by their type."</p>
                    </caption>
                    <thead>
                        <tr>
                            <th scope="col">"Type"</th>
                            <th scope="col" class="num">
                                "Events"
                            </th>
                            <th scope="col" class="num">
                                "Units"
                            </th>
                            <th scope="col" class="num">
                                "Of them late"
                            </th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </section>
    }
}

/// The most sendings that are listed; AWS takes a record for a day, so there may be many.
const MOST_SENDINGS: usize = 50;

fn sendings(mut attempts: Vec<Attempt>) -> impl IntoView {
    let left_out = attempts.len().saturating_sub(MOST_SENDINGS);
    attempts.drain(..left_out);
    let rows: Vec<_> = attempts
        .into_iter()
        .map(|attempt| {
            let answered = match attempt.answered_at {
                Some(at) => moment(at).into_any(),
                None => view! { "no answer" }.into_any(),
            };
            let outcome = attempt.outcome.unwrap_or_else(|| "–".to_owned());
            view! {
                <tr>
                    <th scope="row" class="num" data-label="No.">
                        {attempt.attempt}
                    </th>
                    <td class="num" data-label="Units">{grouped(attempt.quantity)}</td>
                    <td data-label="Sent (UTC)">{moment(attempt.sent_at)}</td>
                    <td data-label="Answered">{answered}</td>
                    <td class="note" data-label="Answer">
                        <span class="mono">{outcome}</span>
                        {attempt.detail.map(|detail| view! { <p class="small quiet">{detail}</p> })}
                    </td>
                </tr>
            }
            .into_any()
        })
        .collect();
    let words = if left_out > 0 {
        format!(
            "The last {MOST_SENDINGS}; {} before them are left out.",
            grouped(left_out)
        )
    } else {
        "Each is written down before it is made.".to_owned()
    };
    view! {
        <section class="card" aria-labelledby="sendings-heading">
            <h2 id="sendings-heading">"Sendings"</h2>
            <div class="table cards" tabindex="0" role="region" aria-label="Sendings">
                <table>
                    <caption>
                        <p>{words}</p>
                    </caption>
                    <thead>
                        <tr>
                            <th scope="col" class="num">
                                "No."
                            </th>
                            <th scope="col" class="num">
                                "Units"
                            </th>
                            <th scope="col">"Sent (UTC)"</th>
                            <th scope="col">"Answered (UTC)"</th>
                            <th scope="col">"Answer"</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </section>
    }
}
