//! Where the next page of a list begins: behind the last row of the page before, in the list's own order, however deep that is.

use domain::list;
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, Order, QueryFilter, QueryOrder, Select, Value,
    sea_query::{ExprTrait, SimpleExpr},
};

/// The rows behind one with these values, in an order by these columns, all in the same direction. The last column must tell any two
/// rows apart.
pub(crate) fn behind(last: &[(SimpleExpr, Value)], order: &Order) -> Condition {
    let mut any = Condition::any();
    for (at, (column, value)) in last.iter().enumerate() {
        let mut all = Condition::all();
        for (column, value) in last.iter().take(at) {
            all = all.add(column.clone().eq(value.clone()));
        }
        let beyond = match order {
            Order::Desc => column.clone().lt(value.clone()),
            _ => column.clone().gt(value.clone()),
        };
        any = any.add(all.add(beyond));
    }
    any
}

/// The rows in the order in which they were made, behind that one: an id of ours tells when its row was made.
pub(crate) fn by_moment<E: EntityTrait>(
    found: Select<E>,
    id: E::Column,
    order: list::Order,
    after: Option<impl ToString>,
) -> Select<E> {
    let after = after.map(|after| after.to_string());
    match order {
        list::Order::Newest => found
            .filter(Condition::all().add_option(after.map(|after| id.lt(after))))
            .order_by_desc(id),
        list::Order::Oldest => found
            .filter(Condition::all().add_option(after.map(|after| id.gt(after))))
            .order_by_asc(id),
    }
}
