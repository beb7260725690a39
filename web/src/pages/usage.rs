//! `/usage`: what was used, what AWS accepted, what waits and what is at risk, hour by hour.
//! Filters and pages are parameters of a GET, so every view is a link.

pub(crate) mod view;

use axum::{http::StatusCode, response::Response};
use control::{live, metering};
use domain::{
    Error, ErrorKind,
    hour::Hour,
    id::MeteringId,
    live::Topic,
    metering::{MeteringRecord, RecordState},
    usage::Dimension,
};

use super::example;
use crate::{
    form::{Form, Query},
    reader::Visitor,
    render,
};

const ROWS: usize = 50;
/// How far back the tiles look.
const TILE_DAYS: i64 = 7;
/// Seven days of every dimension for a dozen licences.
const TILE_ROWS: u64 = 7_000;

/// `GET /usage`
pub(super) async fn list(visitor: Visitor, Query(query): Query) -> Response {
    visitor.answer(page(&visitor, &query).await)
}

async fn page(visitor: &Visitor, query: &Form) -> Result<Response, Error> {
    let (cx, tenant) = (&visitor.cx, visitor.tenant);
    let mark = live::mark(cx, tenant, Topic::Usage).await?;
    let state = known(query, "state", str::parse::<RecordState>)?;
    let dimension = known(query, "dimension", str::parse::<Dimension>)?;
    let after = known(query, "cursor", read_cursor)?;
    let filter = metering::Filter {
        state,
        dimension,
        ..metering::Filter::default()
    };
    let mut records = metering::list(cx, tenant, &filter, after, ROWS as u64 + 1).await?;
    let more = records.len() > ROWS;
    records.truncate(ROWS);
    let older = records
        .last()
        .filter(|_| more)
        .map(|last| format!("{}.{}", last.hour.number(), last.id));

    let hour = Hour::containing(cx.now());
    let lately = metering::Filter {
        from: Some(Hour::from_number(hour.number() - TILE_DAYS * 24)),
        ..metering::Filter::default()
    };
    let lately = metering::list(cx, tenant, &lately, None, TILE_ROWS).await?;
    let page = view::Usage {
        frame: visitor.frame().await?,
        tiles: tiles(hour, &lately),
        state,
        dimension,
        records,
        older,
        cursor: after.map(|(hour, id)| format!("{}.{id}", hour.number())),
        command: example::curl(&visitor.public_url, tenant, cx.now()),
        mark,
    };
    Ok(render::page(StatusCode::OK, || view::view(page)))
}

fn tiles(hour: Hour, lately: &[MeteringRecord]) -> view::Tiles {
    let sum = |wanted: &dyn Fn(&MeteringRecord) -> bool| {
        lately
            .iter()
            .filter(|record| wanted(record))
            .fold(view::Sum::default(), |sum, record| view::Sum {
                units: sum.units.saturating_add(record.quantity),
                records: sum.records + 1,
            })
    };
    view::Tiles {
        hour,
        used: sum(&|record| record.state == RecordState::Open && record.hour >= hour).units,
        accepted: sum(&|record| record.state == RecordState::Accepted),
        waiting: sum(&|record| match record.state {
            RecordState::Sealed | RecordState::Sending => true,
            RecordState::Open => record.hour < hour,
            _ => false,
        }),
        not_taken: sum(&view::is_not_taken),
        looked_into: sum(&view::is_looked_into).records,
    }
}

/// A parameter that is absent, or known; an unknown one would silently show something else than was asked for.
fn known<T, E>(
    query: &Form,
    name: &'static str,
    read: impl Fn(&str) -> Result<T, E>,
) -> Result<Option<T>, Error> {
    query.given(name).map(&read).transpose().map_err(|_| {
        Error::new(
            ErrorKind::Malformed,
            "bad_filter",
            format!("The address asks for a {name} that does not exist. Open Usage again and choose from the lists."),
        )
    })
}

fn read_cursor(text: &str) -> Result<(Hour, MeteringId), ()> {
    let (hour, id) = text.split_once('.').ok_or(())?;
    let hour = hour.parse().map(Hour::from_number).map_err(|_| ())?;
    Ok((hour, id.parse().map_err(|_| ())?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{now, record};
    use Dimension::Payments;

    #[test]
    fn an_hour_without_units_is_never_at_risk_and_only_open_ones_still_count() {
        let records = [
            record(0, Payments, 9, RecordState::Open),
            record(0, Payments, 90, RecordState::NotSubscribed),
            record(1, Payments, 4, RecordState::Open),
            record(2, Payments, 14, RecordState::Sealed),
            record(3, Payments, 0, RecordState::NotSubscribed),
            record(3, Payments, 0, RecordState::Held),
            record(4, Payments, 3, RecordState::Expired),
            record(4, Payments, 2, RecordState::Held),
        ];
        let found = tiles(Hour::containing(now()), &records);
        let sum = |units, records| view::Sum { units, records };
        assert_eq!(found.used, 9);
        assert_eq!(found.waiting, sum(18, 2));
        assert_eq!(found.not_taken, sum(95, 3));
        assert_eq!(found.looked_into, 1);
    }
}
