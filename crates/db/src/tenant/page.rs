//! All tenants page by page, for the operator: sorted and narrowed by the database.

use domain::{
    Error,
    id::TenantId,
    list::{Asked, NamedOrder, Text, bad_cursor},
    tenant::{Tenant, TenantState},
};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, Order, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, SimpleExpr},
};

use super::read;
use crate::{
    SystemTx, fault,
    keyset::behind,
    licence,
    like::{has, lowered},
    row::{licence as licence_row, tenant as row},
};

/// Which tenants are asked for.
pub type Query = Asked<TenantState, NamedOrder, TenantId>;

/// One page of all tenants; empty behind one that is not there.
pub async fn page(tx: &SystemTx, query: &Query, limit: u64) -> Result<Vec<Tenant>, Error> {
    let mut found = row::Entity::find();
    if let Some(state) = query.state {
        found = found.filter(row::Column::State.eq(state.as_str()));
    }
    if let Some(text) = &query.text {
        found = found.filter(named(text));
    }
    let order = match query.sort {
        NamedOrder::Newest => Order::Desc,
        NamedOrder::Oldest | NamedOrder::Name => Order::Asc,
    };
    let id = || SimpleExpr::from(Expr::col((row::Entity, row::Column::Id)));
    if let Some(after) = query.after {
        let mut last = vec![(id(), after.to_string().into())];
        if query.sort == NamedOrder::Name {
            let Some(lowered) = lowered_name(tx, after).await? else {
                return Err(bad_cursor());
            };
            last.insert(0, (name(), lowered.into()));
        }
        found = found.filter(behind(&last, &order));
    }
    if query.sort == NamedOrder::Name {
        found = found.order_by(name(), order.clone());
    }
    let rows = found
        .order_by(id(), order)
        .limit(limit)
        .all(tx.conn())
        .await
        .map_err(fault)?;
    rows.into_iter().map(read).collect()
}

fn name() -> SimpleExpr {
    lowered((row::Entity, row::Column::Name))
}

/// By its id, by what names a licence of it, or by words in its name.
fn named(text: &Text) -> Condition {
    let of_licences = licence::named(text, licence_row::Column::TenantId);
    Condition::any()
        .add(row::Column::Id.eq(text.as_str()))
        .add(has(&name(), text.as_str()))
        .add(row::Column::Id.in_subquery(of_licences))
}

async fn lowered_name(tx: &SystemTx, id: TenantId) -> Result<Option<String>, Error> {
    row::Entity::find()
        .select_only()
        .expr(name())
        .filter(row::Column::Id.eq(id.to_string()))
        .into_tuple()
        .one(tx.conn())
        .await
        .map_err(fault)
}
