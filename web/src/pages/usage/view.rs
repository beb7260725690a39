//! The usage page.

use domain::{
    hour::Hour,
    live::Topic,
    metering::{MeteringRecord, RecordState},
    time::rfc3339,
    usage::Dimension,
};
use islands::LiveStatus;
use leptos::prelude::*;

use super::ROWS;
use crate::{
    shell::{Console, Frame, Place},
    ui::{DocsLink, EndedNotice, Pager, Pill, Snippet, Tone, short},
};

/// What the page says.
#[derive(Debug, Clone)]
pub(crate) struct Usage {
    /// The frame.
    pub(crate) frame: Frame,
    /// The numbers on top.
    pub(crate) tiles: Tiles,
    /// Only this state.
    pub(crate) state: Option<RecordState>,
    /// Only this dimension.
    pub(crate) dimension: Option<Dimension>,
    /// The ledger's records, newest hour first.
    pub(crate) records: Vec<MeteringRecord>,
    /// Where this page begins; none for the newest.
    pub(crate) cursor: Option<String>,
    /// Where the next page begins, if there is one.
    pub(crate) older: Option<String>,
    /// The command that sends a usage event.
    pub(crate) command: String,
    /// Which state of the usage this is.
    pub(crate) mark: String,
}

/// The numbers on top.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Tiles {
    /// The present hour.
    pub(crate) hour: Hour,
    /// Units used in it.
    pub(crate) used: i64,
    /// At AWS.
    pub(crate) accepted: Sum,
    /// Sealed, on its way.
    pub(crate) waiting: Sum,
    /// Units that AWS did not take, or not in the quantity we hold.
    pub(crate) not_taken: Sum,
    /// How many of those records we look into ourselves.
    pub(crate) looked_into: usize,
}

/// Whether units are in a record that AWS did not take. An hour without any has nothing to lose.
pub(crate) fn is_not_taken(record: &MeteringRecord) -> bool {
    record.state.is_alarming() && record.quantity > 0
}

/// Whether something can still be found out about it; what was too late or not subscribed is over.
pub(crate) fn is_looked_into(record: &MeteringRecord) -> bool {
    is_not_taken(record)
        && matches!(
            record.state,
            RecordState::Conflict | RecordState::Rejected | RecordState::Held
        )
}

/// Units, and the records they are in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Sum {
    pub(crate) units: i64,
    pub(crate) records: usize,
}

impl Usage {
    fn is_filtered(&self) -> bool {
        self.state.is_some() || self.dimension.is_some()
    }

    /// The filters as parameters, to be appended to others.
    fn parameters(&self) -> String {
        let mut text = String::new();
        if let Some(state) = self.state {
            text += "&state=";
            text += state.as_str();
        }
        if let Some(dimension) = self.dimension {
            text += "&dimension=";
            text += dimension.as_str();
        }
        text
    }
}

pub(crate) fn view(page: Usage) -> impl IntoView {
    let parameters = page.parameters();
    // Exactly the rows of the table below, so that the file says what the page says.
    let from = page
        .cursor
        .as_deref()
        .map_or_else(String::new, |cursor| format!("&cursor={cursor}"));
    let csv = format!("/api/v1/metering-records?format=csv&limit={ROWS}{from}{parameters}");
    let newest = format!("/usage?{}", parameters.trim_start_matches('&'));
    let older = page
        .older
        .as_deref()
        .map(|cursor| format!("/usage?cursor={cursor}{parameters}"));
    let is_filtered = page.is_filtered();
    let ended = page.frame.ended;
    let topic = Topic::Usage.as_str();
    let table = if page.records.is_empty() {
        empty(is_filtered, ended.is_some()).into_any()
    } else {
        records(page.records).into_any()
    };
    view! {
        <Console title="Usage" frame=page.frame place=Place::Usage>
            <div class="page-head">
                <div>
                    <h1>"Usage"</h1>
                    <p>"What was used, what AWS accepted, hour by hour."</p>
                </div>
                <div class="row">
                    <DocsLink page="billing" label="How you are billed"/>
                    <a class="btn" href="/usage">"Refresh"</a>
                    <a class="btn" href=csv>"Export these hours (CSV)"</a>
                </div>
            </div>
            {ended
                .map(|at| {
                    view! {
                        <EndedNotice at=at meaning="Usage is no longer taken; the last hours are still sent to AWS."/>
                    }
                })}
            <div class="part" data-live=topic>{tiles(page.tiles, ended.is_some()).into_any()}</div>
            <section class="card">
                <header>
                    <h2>"Hours"</h2>
                </header>
                {filters(page.state, page.dimension).into_any()}
                <div class="part" data-live=topic>{table}</div>
                <Pager newest=page.cursor.map(|_| newest) older=older/>
            </section>
            {ended.is_none().then(|| example(page.command)).into_any()}
            <LiveStatus topic=topic.to_owned() mark=page.mark/>
        </Console>
    }
}

fn example(command: String) -> impl IntoView {
    view! {
        <section class="card">
            <h2>"Send a usage event"</h2>
            <p>
                "Paste this into a terminal. It counts one payment, and pasting the same text twice still counts one. "
                <code>"PAYPHONE_API_KEY"</code> " must hold an API key with the scope "
                <code>"usage:write"</code> "; " <a href="/api-keys">"make one"</a> " if you have none."
            </p>
            <Snippet label="Command" text=command/>
        </section>
    }
}

fn tiles(tiles: Tiles, ended: bool) -> impl IntoView {
    let records = |sum: Sum, what: &str| match sum.records {
        1 => format!("units in 1 hourly record{what}"),
        many => format!("units in {} hourly records{what}", grouped(many)),
    };
    let waiting = match tiles.waiting.records {
        0 => "every finished hour is settled".to_owned(),
        _ => records(tiles.waiting, ", sent within minutes"),
    };
    let not_taken = match (tiles.not_taken.records, tiles.looked_into) {
        (0, _) => "nothing late, nothing refused".to_owned(),
        (_, 0) => records(tiles.not_taken, ", not billed"),
        (_, 1) => records(tiles.not_taken, "; we are looking into 1 of them"),
        (_, many) => {
            let many = grouped(many);
            records(
                tiles.not_taken,
                &format!("; we are looking into {many} of them"),
            )
        }
    };
    let tile = |label: &'static str, number: i64, words: String| {
        view! {
            <div class="tile">
                <dt>{label}</dt>
                <dd>{grouped(number)} <small>{words}</small></dd>
            </div>
        }
    };
    let start = tiles.hour.start().format("%H:%M");
    let hour = match (ended, tiles.used) {
        (false, _) => format!("units since {start} UTC, still counting"),
        (true, 0) => "no usage is taken any more".to_owned(),
        (true, _) => format!("units since {start} UTC, in the last hour"),
    };
    view! {
        <dl class="tiles">
            {tile("Used this hour", tiles.used, hour)}
            {tile("Accepted by AWS, 7 days", tiles.accepted.units, records(tiles.accepted, ""))}
            {tile("Waiting to be accepted", tiles.waiting.units, waiting)}
            {tile("Not taken by AWS, 7 days", tiles.not_taken.units, not_taken)}
        </dl>
    }
}

/// Digits in groups of three.
fn grouped(number: impl ToString) -> String {
    let text = number.to_string();
    let digits = text.trim_start_matches('-');
    let sign = text.len() - digits.len();
    let mut grouped = text[..sign].to_owned();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

fn filters(state: Option<RecordState>, dimension: Option<Dimension>) -> impl IntoView {
    let states = RecordState::ALL.map(|entry| {
        let chosen = state == Some(entry);
        view! {
            <option value=entry.as_str() selected=chosen>
                {words(entry).1}
            </option>
        }
    });
    let dimensions = Dimension::ALL.map(|entry| {
        let chosen = dimension == Some(entry);
        view! {
            <option value=entry.as_str() selected=chosen>
                {entry.label()}
            </option>
        }
    });
    view! {
        <form class="filters" method="get" action="/usage">
            <div class="control">
                <label for="state">"State"</label>
                <select id="state" name="state">
                    <option value="">"All states"</option>
                    {states.collect_view()}
                </select>
            </div>
            <div class="control">
                <label for="dimension">"Dimension"</label>
                <select id="dimension" name="dimension">
                    <option value="">"All dimensions"</option>
                    {dimensions.collect_view()}
                </select>
            </div>
            <button class="btn" type="submit">
                "Show"
            </button>
        </form>
    }
}

/// A state's colour and word.
fn words(state: RecordState) -> (Tone, &'static str) {
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

fn records(records: Vec<MeteringRecord>) -> impl IntoView {
    let rows = records.into_iter().map(|record| {
        let (tone, word) = words(record.state);
        let nothing_lost = record.state.is_alarming() && record.quantity == 0;
        let tone = if nothing_lost { Tone::Plain } else { tone };
        let note = if nothing_lost {
            Some("Nothing was used in this hour, so nothing is to be done.".to_owned())
        } else {
            record.note
        };
        view! {
            <tr>
                <th scope="row">
                    <time datetime=record.hour.to_string()>{short(record.hour.start())}</time>
                </th>
                <td>{record.dimension.label()}</td>
                <td class="num">{grouped(record.quantity)}</td>
                <td class="note">
                    <Pill tone=tone word=word/>
                    {note.map(|note| view! { <p class="small quiet">{note}</p> })}
                </td>
                <td class="mono id">{record.metering_record_id.unwrap_or_else(|| "–".to_owned())}</td>
                <td class="num">{record.attempts}</td>
                <td>
                    <time datetime=rfc3339(record.changed_at)>{short(record.changed_at)}</time>
                </td>
            </tr>
        }
    });
    view! {
        <div class="table" tabindex="0" role="region" aria-label="Hours">
            <table>
                <caption>
                    <p>"Newest first. A sealed hour never changes; late usage joins the next open hour."</p>
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
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </div>
    }
}

fn empty(is_filtered: bool, ended: bool) -> impl IntoView {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_by_thousands() {
        for (number, text) in [
            (0, "0"),
            (999, "999"),
            (1000, "1,000"),
            (2_147_483_647, "2,147,483,647"),
            (-1234, "-1,234"),
        ] {
            assert_eq!(grouped(number), text);
        }
    }
}
