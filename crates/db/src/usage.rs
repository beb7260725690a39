//! Usage events: queries. A row is never changed once written; `(tenant, source, event id)` is unique for ever.

use domain::{
    Error, Timestamp,
    hour::Hour,
    id::{LicenceId, UsageId},
    mode::Mode,
    usage::{Dimension, Meter},
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait, OnConflict},
};

use crate::{TenantTx, fault, row::usage_event as row, unreadable};

/// A usage event as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewUsage {
    /// Our id.
    pub id: UsageId,
    /// The licence it is billed to.
    pub licence: LicenceId,
    /// CloudEvents `source`.
    pub source: String,
    /// CloudEvents `id`.
    pub event_id: String,
    /// What is counted.
    pub meter: Meter,
    /// Test or live.
    pub mode: Mode,
    /// The dimension it is billed in.
    pub dimension: Dimension,
    /// When it happened.
    pub time: Timestamp,
    /// How many.
    pub quantity: i64,
    /// The hour it is billed in.
    pub hour: Hour,
    /// Whether that is a later hour than its own.
    pub late: bool,
    /// When it arrived (business time).
    pub received_at: Timestamp,
}

/// What tells an event repeated from one that only borrows its key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// Our id.
    pub id: UsageId,
    /// CloudEvents `source`.
    pub source: String,
    /// CloudEvents `id`.
    pub event_id: String,
    /// The meter's stored word.
    pub meter: String,
    /// The mode's stored word.
    pub mode: String,
    /// When it happened.
    pub time: Timestamp,
    /// How many.
    pub quantity: i64,
}

/// Those of the tenant's events that carry one of these sources and one of these ids.
pub async fn known(tx: &TenantTx, keys: &[(String, String)]) -> Result<Vec<Known>, Error> {
    let sources: std::collections::BTreeSet<&str> =
        keys.iter().map(|(source, _)| source.as_str()).collect();
    // Both columns, so that the unique index serves: an id alone would read all of the tenant's events.
    let rows = row::Entity::find()
        .filter(row::Column::TenantId.eq(tx.tenant_text()))
        .filter(row::Column::Source.is_in(sources))
        .filter(row::Column::EventId.is_in(keys.iter().map(|(_, id)| id.as_str())))
        .all(tx.conn())
        .await
        .map_err(fault)?;
    rows.into_iter()
        .map(|row| {
            Ok(Known {
                id: row.id.parse().map_err(unreadable)?,
                source: row.source,
                event_id: row.event_id,
                meter: row.meter,
                mode: row.mode,
                time: row.time,
                quantity: row.quantity,
            })
        })
        .collect()
}

/// Keeps events of the transaction's tenant, unless their source and id are taken; answers how many it kept. Whoever keeps several in
/// one transaction keeps them sorted by source and id: two who wait for each other crosswise would wait for ever.
pub async fn insert_all(tx: &TenantTx, events: &[NewUsage]) -> Result<u64, Error> {
    let taken = OnConflict::columns([
        row::Column::TenantId,
        row::Column::Source,
        row::Column::EventId,
    ])
    .do_nothing()
    .to_owned();
    let mut kept = 0;
    // 13 columns a row; SQLite takes 32,766 bound values a statement.
    for chunk in events.chunks(1000) {
        let models = chunk.iter().map(|event| row::ActiveModel {
            id: Set(event.id.to_string()),
            tenant_id: Set(tx.tenant_text()),
            licence_id: Set(event.licence.to_string()),
            source: Set(event.source.clone()),
            event_id: Set(event.event_id.clone()),
            meter: Set(event.meter.as_str().to_owned()),
            mode: Set(event.mode.as_str().to_owned()),
            dimension: Set(event.dimension.as_str().to_owned()),
            time: Set(event.time),
            quantity: Set(event.quantity),
            hour: Set(event.hour.number()),
            late: Set(event.late),
            received_at: Set(event.received_at),
        });
        kept += match row::Entity::insert_many(models)
            .on_conflict(taken.clone())
            .exec_without_returning(tx.conn())
            .await
        {
            Ok(rows) => rows,
            Err(DbErr::RecordNotInserted) => 0,
            Err(error) => return Err(fault(error)),
        };
    }
    Ok(kept)
}

/// Bills the events of an hour that is not sealed in another one.
pub async fn carry(
    tx: &TenantTx,
    (licence, dimension, from): (LicenceId, Dimension, Hour),
    to: Hour,
) -> Result<(), Error> {
    row::Entity::update_many()
        .col_expr(row::Column::Hour, Expr::value(to.number()))
        .col_expr(row::Column::Late, Expr::value(true))
        .filter(row::Column::TenantId.eq(tx.tenant_text()))
        .filter(row::Column::LicenceId.eq(licence.to_string()))
        .filter(row::Column::Dimension.eq(dimension.as_str()))
        .filter(row::Column::Hour.eq(from.number()))
        .exec(tx.conn())
        .await
        .map_err(fault)?;
    Ok(())
}

/// What was used in one hour, by meter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HourUsage {
    /// The hour it is billed in.
    pub hour: Hour,
    /// The licence it is billed to.
    pub licence: LicenceId,
    /// The dimension it is billed in.
    pub dimension: Dimension,
    /// What was counted.
    pub meter: Meter,
    /// How many events.
    pub events: i64,
    /// How many units.
    pub quantity: i64,
    /// How many of the units belong to earlier hours that were sealed already.
    pub late: i64,
}

/// The tenant's usage from `from` until before `until`, newest hour first.
pub async fn by_hour(tx: &TenantTx, from: Hour, until: Hour) -> Result<Vec<HourUsage>, Error> {
    #[derive(sea_orm::FromQueryResult)]
    struct Row {
        hour: i64,
        licence_id: String,
        dimension: String,
        meter: String,
        events: i64,
        quantity: i64,
        late: i64,
    }
    let units = || Expr::col(row::Column::Quantity);
    let rows = row::Entity::find()
        .select_only()
        .columns([
            row::Column::Hour,
            row::Column::LicenceId,
            row::Column::Dimension,
            row::Column::Meter,
        ])
        .column_as(row::Column::Id.count(), "events")
        .column_as(units().sum().cast_as("bigint"), "quantity")
        .column_as(
            Expr::expr(Expr::case(row::Column::Late.eq(true), units()).finally(0))
                .sum()
                .cast_as("bigint"),
            "late",
        )
        .filter(row::Column::TenantId.eq(tx.tenant_text()))
        .filter(row::Column::Hour.gte(from.number()))
        .filter(row::Column::Hour.lt(until.number()))
        .group_by(row::Column::Hour)
        .group_by(row::Column::LicenceId)
        .group_by(row::Column::Dimension)
        .group_by(row::Column::Meter)
        .order_by_desc(row::Column::Hour)
        .order_by_asc(row::Column::Dimension)
        .order_by_asc(row::Column::Meter)
        .into_model::<Row>()
        .all(tx.conn())
        .await
        .map_err(fault)?;
    rows.into_iter()
        .map(|row| {
            Ok(HourUsage {
                hour: Hour::from_number(row.hour),
                licence: row.licence_id.parse().map_err(unreadable)?,
                dimension: row.dimension.parse()?,
                meter: row.meter.parse().map_err(unreadable)?,
                events: row.events,
                quantity: row.quantity,
                late: row.late,
            })
        })
        .collect()
}
