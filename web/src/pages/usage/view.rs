//! The usage page.

use control::metering::Range;
use domain::{Timestamp, hour::Hour, id::MeteringId, live::Topic, metering::MeteringRecord};
use islands::LiveStatus;
use leptos::prelude::*;

use super::{
    Asked,
    bill::{self, Bill},
    hours::{empty, filters, pages, records},
    tiles::{self, Tiles},
};
use crate::{
    shell::{Console, Frame, Place},
    ui::{Chart, DocsLink, EndedNotice, Figure, Snippet, When},
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
        records(page.records, asked.order).into_any()
    } else {
        empty(asked.is_filtered(), ended.is_some()).into_any()
    };
    let csv = has_records.then(|| {
        view! {
            <a class="btn" href=asked.csv()>
                "Export all these hours (CSV)"
            </a>
        }
    });
    let pages = pages(&asked, page.further).into_any();
    view! {
        <Console title="Usage" frame=page.frame place=Place::Usage>
            <div class="page-head">
                <div>
                    <h1>"Usage"</h1>
                    <p>"What was used, what AWS accepted, hour by hour."</p>
                </div>
                <div class="row">
                    <DocsLink page="billing" label="How you are billed"/>
                    <a class="btn" href=asked.link()>
                        "Refresh"
                    </a>
                </div>
            </div>
            {ended
                .map(|at| {
                    view! {
                        <EndedNotice at=at meaning="Usage is no longer taken; the last hours are still sent to AWS."/>
                    }
                })}
            <div class="part" data-live=topic>
                {tiles::view(page.tiles, ended.is_some()).into_any()}
            </div>
            {chart(page.figure, &asked, page.now).into_any()}
            <div class="part" data-live=topic>
                {bill::view(page.bill).into_any()}
            </div>
            <section class="card" aria-labelledby="hours-heading">
                <header>
                    <h2 id="hours-heading">"Hours"</h2>
                    {csv}
                </header>
                {filters(&asked).into_any()}
                <div class="part" data-live=topic>
                    {table}
                </div>
                {pages}
            </section>
            {ended.is_none().then(|| example(page.command)).into_any()}
            <LiveStatus topic=topic.to_owned() mark=page.mark/>
        </Console>
    }
}

/// It is no part that follows what changes: whoever reads a value of it would lose it.
fn chart(figure: Figure, asked: &Asked, now: Timestamp) -> impl IntoView + use<> {
    let segments: Vec<_> = Range::CHOICES
        .map(|range| {
            let label = match range {
                Range::Today | Range::Hours48 => "48 hours",
                Range::Days7 => "7 days",
                Range::Days30 => "30 days",
            };
            let current = (range == asked.range).then_some("true");
            let href = Asked { range, ..*asked }.link();
            view! {
                <a href=href aria-current=current>
                    {label}
                </a>
            }
        })
        .into();
    let heading = match (asked.range, asked.dimension) {
        (Range::Days30, None) => "Units by the day".to_owned(),
        (Range::Days7, None) => "Units by six hours".to_owned(),
        (_, None) => "Units by the hour".to_owned(),
        (Range::Days30, Some(dimension)) => format!("{} by the day", dimension.label()),
        (Range::Days7, Some(dimension)) => format!("{} by six hours", dimension.label()),
        (_, Some(dimension)) => format!("{} by the hour", dimension.label()),
    };
    view! {
        <section class="card" aria-labelledby="chart-heading">
            <header>
                <div>
                    <h2 id="chart-heading">{heading}</h2>
                    <p class="quiet small">"By where they stand at AWS, as of " <When at=now/></p>
                </div>
                <nav class="segments" aria-label="How far back">
                    {segments}
                </nav>
            </header>
            <Chart figure=figure/>
        </section>
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
            <Snippet label="command" id="command" text=command/>
        </section>
    }
}
