//! Where the next page of a list begins: behind the last row of the page before, in the list's own order, however deep that is.

use sea_orm::{
    Condition, Order, Value,
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
