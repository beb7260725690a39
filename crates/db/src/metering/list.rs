//! The ledger as a tenant lists it: page by page, narrowed and in either order, along the index by tenant and hour.

use domain::{
    Error, Mode,
    hour::Hour,
    id::{LicenceId, MeteringId},
    metering::{MeteringRecord, RecordState},
    usage::Dimension,
};
use sea_orm::{
    ColumnTrait, Condition, QueryFilter, QueryOrder, QuerySelect, sea_query::SimpleExpr,
};

use super::{own, read};
use crate::{TenantTx, fault, row::metering_record as row};

/// In which order records are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Order {
    /// The newest hour first.
    #[default]
    Newest,
    /// The oldest hour first.
    Oldest,
}

/// What a list of records is narrowed by, and its order.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Only this licence.
    pub licence: Option<LicenceId>,
    /// Only dimensions of this mode.
    pub mode: Option<Mode>,
    /// Only this dimension.
    pub dimension: Option<Dimension>,
    /// Only this state.
    pub state: Option<RecordState>,
    /// From this hour on.
    pub from: Option<Hour>,
    /// Before this hour.
    pub until: Option<Hour>,
    /// Which hour comes first.
    pub order: Order,
}

/// One page of the tenant's records; the cursor is the last record of the page before.
pub async fn page(
    tx: &TenantTx,
    filter: &Filter,
    after: Option<(Hour, MeteringId)>,
    limit: u64,
) -> Result<Vec<MeteringRecord>, Error> {
    let is_newest = filter.order == Order::Newest;
    let direction = if is_newest {
        sea_orm::Order::Desc
    } else {
        sea_orm::Order::Asc
    };
    let mut query = own(tx)
        .order_by(row::Column::Hour, direction.clone())
        .order_by(row::Column::Id, direction)
        .limit(limit);
    if let Some(licence) = filter.licence {
        query = query.filter(row::Column::LicenceId.eq(licence.to_string()));
    }
    if let Some(mode) = filter.mode {
        query = query.filter(of_mode(mode));
    }
    if let Some(dimension) = filter.dimension {
        query = query.filter(row::Column::Dimension.eq(dimension.as_str()));
    }
    if let Some(state) = filter.state {
        query = query.filter(row::Column::State.eq(state.as_str()));
    }
    if let Some(from) = filter.from {
        query = query.filter(row::Column::Hour.gte(from.number()));
    }
    if let Some(until) = filter.until {
        query = query.filter(row::Column::Hour.lt(until.number()));
    }
    if let Some((hour, id)) = after {
        let (hour, id) = (hour.number(), id.to_string());
        let (further, later) = if is_newest {
            (row::Column::Hour.lt(hour), row::Column::Id.lt(id))
        } else {
            (row::Column::Hour.gt(hour), row::Column::Id.gt(id))
        };
        let same = Condition::all().add(row::Column::Hour.eq(hour)).add(later);
        query = query.filter(Condition::any().add(further).add(same));
    }
    let rows = query.all(tx.conn()).await.map_err(fault)?;
    rows.into_iter().map(read).collect()
}

/// The records in dimensions of this mode.
pub(super) fn of_mode(mode: Mode) -> SimpleExpr {
    row::Column::Dimension.is_in(Dimension::of(mode).map(Dimension::as_str))
}

/// One record of the tenant.
pub async fn get(tx: &TenantTx, id: MeteringId) -> Result<MeteringRecord, Error> {
    let row = own(tx)
        .filter(row::Column::Id.eq(id.to_string()))
        .one(tx.conn())
        .await
        .map_err(fault)?
        .ok_or_else(|| Error::not_found("metering record"))?;
    read(row)
}
