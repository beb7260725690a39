//! `/usage/{record}`: the story of one hour. What was counted, when it was sealed, every sending, what AWS answered, and what comes next.

mod story;

use axum::{http::StatusCode, response::Response};
use chrono::Datelike;
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
use super::{hours::standing, month};
use crate::{
    reader::Visitor,
    render,
    shell::{Console, Frame, Place},
    ui::{DocsLink, Fact, Facts, Pill, Standing, Step, Steps, Table, When, grouped, head, moment},
    words::{local, say},
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
    let heading = say!(
        "usage-record-heading",
        day = begin.day(),
        month = month(begin),
        year = begin.year().to_string(),
        from = begin.format("%H:%M").to_string(),
        until = end.format("%H:%M").to_string()
    );
    let what = say!("usage-record-what", what = local(record.dimension.label()));
    let steps = steps(&record, &usage, &attempts).into_any();
    let facts = facts(record).into_any();
    let sendings = (!attempts.is_empty()).then(|| sendings(attempts).into_any());
    let usage = (!usage.is_empty()).then(|| made_of(usage).into_any());
    view! {
        <Console title=say!("usage-record-title") frame=page.frame place=Place::Usage>
            <div class="page-head">
                <div>
                    <p class="back"><a href="/usage">{say!("usage-record-back")}</a></p>
                    <h1>{heading}</h1>
                    <p>{what}</p>
                </div>
                <div class="row">
                    <DocsLink page="billing#states-of-an-hour" label=say!("usage-record-states")/>
                    <Pill tone=tone word=word/>
                </div>
            </div>
            <div class="cols">
                <div class="stack wide">
                    <section class="card" aria-label=say!("usage-record-happened")>
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
            let standing = match step.came {
                Came::Done => Standing::Done,
                Came::Now => Standing::Now,
                Came::Waiting => Standing::Later,
                Came::Failed => Standing::Failed,
            };
            let at = step
                .at
                .map(|at| view! { <p class="note small"><When at=at/></p> });
            view! {
                <Step number=number standing=standing title=step.title>
                    <p class="note">{step.words}</p>
                    {at}
                </Step>
            }
            .into_any()
        })
        .collect();
    view! { <Steps>{steps}</Steps> }
}

fn facts(record: MeteringRecord) -> impl IntoView {
    let aws = record.metering_record_id.clone().unwrap_or_else(|| {
        let may_come = matches!(record.state, RecordState::Open) || record.state.is_on_its_way();
        if may_come {
            say!("usage-record-aws-none-yet")
        } else {
            say!("usage-record-aws-none")
        }
    });
    view! {
        <aside class="card" aria-label=say!("usage-record-facts")>
            <h2>{say!("usage-record-facts")}</h2>
            <Facts>
                <Fact name=say!("usage-quantity")>{grouped(record.quantity)}</Fact>
                <Fact name=say!("usage-dimension") mono=true>{record.dimension.as_str()}</Fact>
                <Fact name=say!("usage-record-hour") mono=true>{record.hour.to_string()}</Fact>
                <Fact name=say!("usage-record-aws") mono=true>{aws}</Fact>
                <Fact name=say!("usage-record-ours") mono=true>{record.id.to_string()}</Fact>
                <Fact name=say!("usage-record-licence") mono=true>{record.licence.to_string()}</Fact>
                <Fact name=say!("usage-record-changed")><When at=record.changed_at/></Fact>
            </Facts>
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
                    <td class="num" data-label=say!("usage-made-of-events")>{grouped(used.events)}</td>
                    <td class="num" data-label=say!("usage-units")>{grouped(used.quantity)}</td>
                    <td class="num" data-label=say!("usage-made-of-late")>{grouped(used.late)}</td>
                </tr>
            }
        })
        .collect();
    let heads = vec![
        head(say!("usage-made-of-type")),
        head(say!("usage-made-of-events")).figures(),
        head(say!("usage-units")).figures(),
        head(say!("usage-made-of-of-them-late")).figures(),
    ];
    view! {
        <section class="card" aria-labelledby="usage-heading">
            <h2 id="usage-heading">{say!("usage-made-of")}</h2>
            <Table label=say!("usage-made-of") caption=say!("usage-made-of-caption") heads=heads>
                {rows}
            </Table>
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
                None => say!("usage-sendings-no-answer").into_any(),
            };
            let outcome = attempt.outcome.unwrap_or_else(|| "–".to_owned());
            view! {
                <tr>
                    <th scope="row" class="num" data-label=say!("usage-sendings-number")>
                        {attempt.attempt}
                    </th>
                    <td class="num" data-label=say!("usage-units")>{grouped(attempt.quantity)}</td>
                    <td data-label=say!("usage-sendings-sent")>{moment(attempt.sent_at)}</td>
                    <td data-label=say!("usage-sendings-answered")>{answered}</td>
                    <td class="note" data-label=say!("usage-sendings-answer")>
                        <span class="mono">{outcome}</span>
                        {attempt.detail.map(|detail| view! { <p class="small quiet">{local(&detail).into_owned()}</p> })}
                    </td>
                </tr>
            }
            .into_any()
        })
        .collect();
    let words = if left_out > 0 {
        say!(
            "usage-sendings-last",
            most = MOST_SENDINGS,
            count = left_out
        )
    } else {
        say!("usage-sendings-all")
    };
    let heads = vec![
        head(say!("usage-sendings-number")).figures(),
        head(say!("usage-units")).figures(),
        head(say!("usage-sendings-sent")),
        head(say!("usage-sendings-answered-utc")),
        head(say!("usage-sendings-answer")),
    ];
    view! {
        <section class="card" aria-labelledby="sendings-heading">
            <h2 id="sendings-heading">{say!("usage-sendings")}</h2>
            <Table label=say!("usage-sendings") caption=words heads=heads>
                {rows}
            </Table>
        </section>
    }
}
