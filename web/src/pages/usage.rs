//! `/usage`: what was used, what AWS accepted, what waits and what is at risk; by the day in a chart, hour by hour in a table.
//! Range, filters, order and pages are parameters of a GET, so every view is a link. Sums are the database's: a page reads as little
//! after ten thousand hours as after ten.

mod asked;
pub(crate) mod bill;
pub(crate) mod figure;
mod hours;
pub(crate) mod record;
pub(crate) mod tiles;
pub(crate) mod view;

use axum::{http::StatusCode, response::Response};
use chrono::Datelike;
use control::{live, metering};
use domain::{Error, Timestamp, live::Topic};

pub(crate) use self::asked::Asked;
use self::{bill::Bill, tiles::Tiles};
use super::example;
use crate::{
    form::{Form, Query},
    reader::Visitor,
    render,
    words::say,
};

const ROWS: usize = 50;

/// `GET /usage`
pub(super) async fn list(visitor: Visitor, Query(query): Query) -> Response {
    visitor.answer(page(&visitor, &query).await)
}

async fn page(visitor: &Visitor, query: &Form) -> Result<Response, Error> {
    let (cx, tenant) = (&visitor.cx, visitor.tenant);
    let asked = Asked::read(query, visitor.mode)?;
    let mark = live::mark(cx, tenant, Topic::Usage).await?;
    let filter = asked.filter();
    let mut records = metering::list(cx, tenant, &filter, asked.after, ROWS as u64 + 1).await?;
    let more = records.len() > ROWS;
    records.truncate(ROWS);
    let further = records
        .last()
        .filter(|_| more)
        .map(|last| (last.hour, last.id));
    let figures = metering::figures(cx, tenant, asked.range, Some(asked.mode), asked.dimension);
    let figures = figures.await?;
    let prices = &cx.app().config.marketplace.prices;
    let page = view::Usage {
        frame: visitor.frame().await?,
        tiles: Tiles::of(&figures, Some(asked.mode)),
        figure: figure::of("units", &figures, asked.range, asked.dimension),
        bill: Bill::of(figures.hour, &figures.month, prices, figures.trial),
        asked,
        records,
        further,
        now: cx.now(),
        command: example::curl(&visitor.public_url, tenant, cx.now()),
        mark,
    };
    Ok(render::page(StatusCode::OK, || view::view(page)))
}

/// The month, written out.
fn month(at: Timestamp) -> String {
    say!("usage-month", month = at.month())
}
