//! The usage page.

use control::metering::Range;
use domain::{Mode, Timestamp, hour::Hour, id::MeteringId, live::Topic, metering::MeteringRecord};
use leptos::prelude::*;

use super::{
    Asked,
    bill::{self, Bill},
    figure::what,
    hours::{empty, filters, legend, pages, records},
    tiles::{self, Tiles},
};
use crate::{
    live::status::Live,
    shell::{Console, Frame, Place},
    ui::{Chart, DocsLink, EndedNotice, Figure, Segmented, Snippet, When},
    words::say,
};

/// What the page says.
#[derive(Debug, Clone)]
pub(crate) struct Usage {
    /// The frame.
    pub(crate) frame: Frame,
    /// The numbers on top.
    pub(crate) tiles: Tiles,
    /// The chart.
    pub(crate) figure: Figure,
    /// The present month.
    pub(crate) bill: Bill,
    /// What the address asks for.
    pub(crate) asked: Asked,
    /// The ledger's records of this page of the table.
    pub(crate) records: Vec<MeteringRecord>,
    /// Behind which record the next page begins, if there is one.
    pub(crate) further: Option<(Hour, MeteringId)>,
    /// Now.
    pub(crate) now: Timestamp,
    /// The command that sends a usage event.
    pub(crate) command: String,
    /// Which state of the usage this is.
    pub(crate) mark: String,
}

pub(crate) fn view(page: Usage) -> impl IntoView {
    let asked = page.asked;
    let ended = page.frame.ended;
    let topic = Topic::Usage.as_str();
    let has_records = !page.records.is_empty();
    let table = if has_records {
        records(page.records, &asked).into_any()
    } else {
        empty(&asked, ended.is_some()).into_any()
    };
    let csv = has_records.then(|| {
        view! {
            <a class="btn" href=asked.csv()>
                {say!("usage-hours-csv")}
            </a>
        }
    });
    let intro = match asked.mode {
        Mode::Test => say!("usage-what-test"),
        Mode::Live => say!("usage-what"),
    };
    let pages = pages(&asked, page.further).into_any();
    view! {
        <Console title=say!("usage-title") frame=page.frame place=Place::Usage>
            <div class="page-head">
                <div>
                    <h1>{say!("usage-title")}</h1>
                    <p>{intro}</p>
                </div>
                <div class="row">
                    <DocsLink page="billing" label=say!("usage-billed")/>
                    <a class="btn" href=asked.link()>
                        {say!("usage-refresh")}
                    </a>
                </div>
            </div>
            {ended
                .map(|at| view! { <EndedNotice at=at meaning=say!("usage-ended")/> })}
            <div class="part" data-live=topic>
                {tiles::view(page.tiles, ended.is_some()).into_any()}
            </div>
            {chart(page.figure, &asked, page.now).into_any()}
            <div class="part" data-live=topic>
                {bill::view(page.bill).into_any()}
            </div>
            <section class="card" aria-labelledby="hours-heading">
                <header>
                    <h2 id="hours-heading">{say!("usage-hours")}</h2>
                    <div class="row">{has_records.then(legend)} {csv}</div>
                </header>
                {filters(asked).into_any()}
                <div class="part" data-live=topic>
                    {table}
                </div>
                {pages}
            </section>
            {ended.is_none().then(|| example(page.command)).into_any()}
            <Live topic=Topic::Usage mark=page.mark/>
        </Console>
    }
}

/// It is no part that follows what changes: whoever reads a value of it would lose it.
fn chart(figure: Figure, asked: &Asked, now: Timestamp) -> impl IntoView + use<> {
    let ranges: Vec<_> = Range::CHOICES
        .map(|range| {
            let label = match range {
                Range::Today | Range::Hours48 => say!("usage-chart-48-hours"),
                Range::Days7 => say!("usage-chart-7-days"),
                Range::Days30 => say!("usage-chart-30-days"),
            };
            let href = Asked { range, ..*asked }.link();
            (href, label, range == asked.range)
        })
        .into();
    let heading = say!(
        "usage-chart-heading",
        what = what(asked.dimension),
        hours = asked.range.width()
    );
    let as_of = say!("usage-chart-as-of"; at = view! { <When at=now/> });
    view! {
        <section class="card" aria-labelledby="chart-heading">
            <header>
                <div>
                    <h2 id="chart-heading">{heading}</h2>
                    <p class="quiet small">{as_of}</p>
                </div>
                <Segmented label=say!("usage-chart-range") views=ranges/>
            </header>
            <Chart figure=figure/>
        </section>
    }
}

fn example(command: String) -> impl IntoView {
    let how = say!(
        "usage-example-how";
        variable = view! { <code>"PAYPHONE_API_KEY"</code> },
        scope = view! { <code>"usage:write"</code> },
        make = view! { <a href="/api-keys">{say!("usage-example-make")}</a> },
    );
    view! {
        <section class="card">
            <h2>{say!("usage-example")}</h2>
            <p>{how}</p>
            <Snippet label=say!("usage-example-command") id="command" text=command/>
        </section>
    }
}
