//! Sums over the ledger, made by the database: however many records there are, few rows come back.
//! Both queries go along the index by tenant and hour.

use domain::{Error, Mode, hour::Hour, id::LicenceId, metering::RecordState, usage::Dimension};
use sea_orm::{
    ColumnTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait},
};

use crate::{TenantTx, fault, row::metering_record as row, unreadable};

/// Units in one state, in one stretch of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stretch {
    /// Its first hour.
    pub begin: Hour,
    /// Where the units stand.
    pub state: RecordState,
    /// How many.
    pub quantity: i64,
}

/// Units by stretches of `width` hours, counted from midnight UTC if a day is a multiple of that, and by state; oldest first.
/// From `from` until before `until`, which bounds the rows: ten for each stretch.
pub async fn by_stretch(
    tx: &TenantTx,
    mode: Option<Mode>,
    dimension: Option<Dimension>,
    (from, until): (Hour, Hour),
    width: i64,
) -> Result<Vec<Stretch>, Error> {
    #[derive(FromQueryResult)]
    struct Row {
        stretch: i64,
        state: String,
        quantity: i64,
    }
    let width = Ord::max(width, 1);
    // A division of whole numbers, on both databases.
    let stretch = || Expr::col(row::Column::Hour).div(width);
    let mut query = row::Entity::find()
        .select_only()
        .column_as(stretch(), "stretch")
        .column(row::Column::State)
        .column_as(units(), "quantity")
        .filter(row::Column::TenantId.eq(tx.tenant_text()))
        .filter(row::Column::Hour.gte(from.number()))
        .filter(row::Column::Hour.lt(until.number()));
    if let Some(mode) = mode {
        query = query.filter(super::list::of_mode(mode));
    }
    if let Some(dimension) = dimension {
        query = query.filter(row::Column::Dimension.eq(dimension.as_str()));
    }
    let rows = query
        // By its name, which is no column of the table: repeated, the divisor would be another parameter to PostgreSQL.
        .group_by(Expr::col("stretch"))
        .group_by(row::Column::State)
        .order_by_asc(Expr::col("stretch"))
        .order_by_asc(row::Column::State)
        .into_model::<Row>()
        .all(tx.conn())
        .await
        .map_err(fault)?;
    rows.into_iter()
        .map(|row| {
            Ok(Stretch {
                begin: Hour::from_number(row.stretch.saturating_mul(width)),
                state: row.state.parse()?,
                quantity: row.quantity,
            })
        })
        .collect()
}

/// What one licence has in one dimension and state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Total {
    /// The licence.
    pub licence: LicenceId,
    /// The dimension.
    pub dimension: Dimension,
    /// Where the units stand.
    pub state: RecordState,
    /// How many.
    pub quantity: i64,
    /// In how many records.
    pub records: i64,
    /// How many of the records have any units.
    pub used: i64,
}

/// The states of the records that have any units.
pub async fn states_in_use(tx: &TenantTx) -> Result<Vec<RecordState>, Error> {
    let states: Vec<String> = row::Entity::find()
        .select_only()
        .column(row::Column::State)
        .filter(row::Column::TenantId.eq(tx.tenant_text()))
        .filter(row::Column::Quantity.gt(0))
        .distinct()
        .into_tuple()
        .all(tx.conn())
        .await
        .map_err(fault)?;
    states
        .iter()
        .map(|state| state.parse().map_err(unreadable))
        .collect()
}

/// Units by licence, dimension and state, from `from` until before `until`.
pub async fn totals(tx: &TenantTx, from: Hour, until: Hour) -> Result<Vec<Total>, Error> {
    #[derive(FromQueryResult)]
    struct Row {
        licence_id: String,
        dimension: String,
        state: String,
        quantity: i64,
        records: i64,
        used: i64,
    }
    let groups = [
        row::Column::LicenceId,
        row::Column::Dimension,
        row::Column::State,
    ];
    let mut query = row::Entity::find()
        .select_only()
        .columns(groups)
        .column_as(units(), "quantity")
        .column_as(row::Column::Id.count(), "records")
        .column_as(
            Expr::expr(Expr::case(row::Column::Quantity.gt(0), 1).finally(0))
                .sum()
                .cast_as("bigint"),
            "used",
        )
        .filter(row::Column::TenantId.eq(tx.tenant_text()))
        .filter(row::Column::Hour.gte(from.number()))
        .filter(row::Column::Hour.lt(until.number()));
    for group in groups {
        query = query.group_by(group).order_by_asc(group);
    }
    let rows = query
        .into_model::<Row>()
        .all(tx.conn())
        .await
        .map_err(fault)?;
    rows.into_iter()
        .map(|row| {
            Ok(Total {
                licence: row.licence_id.parse().map_err(unreadable)?,
                dimension: row.dimension.parse()?,
                state: row.state.parse()?,
                quantity: row.quantity,
                records: row.records,
                used: row.used,
            })
        })
        .collect()
}

/// PostgreSQL's sum of `bigint` is `numeric`.
fn units() -> sea_orm::sea_query::SimpleExpr {
    Expr::col(row::Column::Quantity).sum().cast_as("bigint")
}
