//! `/usage/{record}`: the story of one hour. What was counted, when it was sealed, every sending, what AWS answered, and what comes next.

use axum::{http::StatusCode, response::Response};
use control::{
    metering::{self, Attempt, Explained},
    usage::HourUsage,
};
use domain::{
    Error, Timestamp,
    metering::{MeteringRecord, RecordState},
    window,
};
use leptos::prelude::*;
use runtime::extract::Path;

use super::hours::standing;
use crate::{
    reader::Visitor,
    render,
    shell::{Console, Frame, Place},
    ui::{DocsLink, Pill, Tone, When, counted, grouped, moment},
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

/// How far a step has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Came {
    Done,
    Now,
    Waiting,
    Failed,
}

/// One step of the story.
struct Step {
    title: &'static str,
    came: Came,
    words: String,
    at: Option<Timestamp>,
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

fn story(record: &MeteringRecord, usage: &[HourUsage], attempts: &[Attempt]) -> Vec<Step> {
    let is_open = record.state == RecordState::Open;
    let mut steps = vec![counted_step(record, usage), sealed_step(record)];
    if record.state == RecordState::Included {
        steps.push(Step {
            title: "In your contract",
            came: Came::Done,
            words:
                "Your contract covers these units: they are counted and shown, and AWS is not told."
                    .to_owned(),
            at: None,
        });
        return steps;
    }
    let last = attempts.last();
    steps.push(Step {
        title: "Sent to AWS",
        came: match (attempts.is_empty(), record.state) {
            (false, _) => Came::Done,
            (true, RecordState::Sealed) => Came::Now,
            (true, state) if state.is_alarming() => Came::Failed,
            (true, _) => Came::Waiting,
        },
        words: match (attempts.len(), record.state) {
            (0, RecordState::Sealed) => "It is sent within minutes.".to_owned(),
            (0, state) if state.is_alarming() => "It was never sent.".to_owned(),
            (0, _) => "It is sent once it is sealed.".to_owned(),
            (1, _) => "Once.".to_owned(),
            (many, _) => {
                format!("{many} times, always the same record: AWS counts it once. The first time:")
            }
        },
        at: attempts.first().map(|first| first.sent_at),
    });
    let answered = last.and_then(|last| last.answered_at);
    let (came, words, at) = match record.state {
        RecordState::Open | RecordState::Sealed => (
            Came::Waiting,
            format!(
                "AWS takes it until {} UTC.",
                window::deadline(record.hour).format("%-d %b, %H:%M")
            ),
            None,
        ),
        RecordState::Accepted => (
            Came::Done,
            "AWS has it, and puts it on the bill.".to_owned(),
            answered,
        ),
        RecordState::Sending => (
            Came::Now,
            record.note.clone().unwrap_or_else(|| {
                "AWS's answer is not known yet. The same record is sent again until it is."
                    .to_owned()
            }),
            answered,
        ),
        _ => {
            let (tone, word, note) = standing(record);
            let came = if tone == Tone::Plain {
                Came::Done
            } else {
                Came::Failed
            };
            let words = note.unwrap_or_else(|| format!("It ended as: {word}."));
            (came, words, answered.or(Some(record.changed_at)))
        }
    };
    steps.push(Step {
        title: if is_open || record.state == RecordState::Sealed {
            "Accepted by AWS"
        } else {
            "AWS's answer"
        },
        came,
        words,
        at,
    });
    steps
}

fn counted_step(record: &MeteringRecord, usage: &[HourUsage]) -> Step {
    let sum = |of: fn(&HourUsage) -> i64| {
        usage
            .iter()
            .fold(0_i64, |sum, used| sum.saturating_add(of(used)))
    };
    let (events, late) = (sum(|used| used.events), sum(|used| used.late));
    let units = counted(record.quantity, "unit", "units");
    let mut words = match (record.quantity, events) {
        (0, _) => "Nothing was used.".to_owned(),
        (_, 0) => format!("{units}."),
        _ => format!("{units} in {}.", counted(events, "event", "events")),
    };
    if late > 0 {
        let late = counted(late, "unit came", "units came");
        words += &format!(" {late} too late for an earlier hour, which was sealed already.");
    }
    let is_open = record.state == RecordState::Open;
    if is_open {
        words += " It is still counting.";
    }
    Step {
        title: "Counted",
        came: if is_open { Came::Now } else { Came::Done },
        words,
        at: None,
    }
}

fn sealed_step(record: &MeteringRecord) -> Step {
    let (came, words) = match (record.state, record.sealed_at) {
        (RecordState::Open, _) => (
            Came::Waiting,
            "Some minutes after the hour is over. From then on its quantity never changes.",
        ),
        (_, Some(_)) => (Came::Done, "From here on its quantity never changed."),
        // Of hours that AWS could not be told of any more, and of those from before it was kept.
        (_, None) => (Came::Done, "It is closed. When it was sealed is not kept."),
    };
    Step {
        title: "Sealed",
        came,
        words: words.to_owned(),
        at: record.sealed_at,
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{attempt, record};
    use domain::usage::Dimension::Payments;

    fn came(state: RecordState, attempts: usize) -> Vec<Came> {
        let attempts: Vec<Attempt> = (1..)
            .take(attempts)
            .map(|number| attempt(number, None))
            .collect();
        story(&record(2, Payments, 9, state), &[], &attempts)
            .iter()
            .map(|step| step.came)
            .collect()
    }

    #[test]
    fn a_story_has_come_as_far_as_its_record() {
        use Came::{Done, Failed, Now, Waiting};
        for (state, attempts, expected) in [
            (RecordState::Open, 0, vec![Now, Waiting, Waiting, Waiting]),
            (RecordState::Sealed, 0, vec![Done, Done, Now, Waiting]),
            (RecordState::Sending, 2, vec![Done, Done, Done, Now]),
            (RecordState::Accepted, 3, vec![Done; 4]),
            (RecordState::Expired, 0, vec![Done, Done, Failed, Failed]),
            (RecordState::Conflict, 1, vec![Done, Done, Done, Failed]),
            (RecordState::Included, 0, vec![Done; 3]),
        ] {
            assert_eq!(came(state, attempts), expected, "{state:?}");
        }
    }

    #[test]
    fn an_hour_without_units_has_nothing_to_lose() {
        let record = record(2, Payments, 0, RecordState::NotSubscribed);
        let steps = story(&record, &[], &[attempt(1, Some("CustomerNotSubscribed"))]);
        assert_eq!(steps[3].came, Came::Done);
        assert!(steps[0].words.contains("Nothing was used"));
        assert!(steps[3].words.contains("nothing is to be done"));
    }
}
