//! Members page by page: sorted and narrowed by the database, so that a tenant of ten thousand is no slower than one of ten.

use domain::{
    Error,
    id::UserId,
    list::{Word, bad_cursor},
    membership::Member,
    role::Role,
};
use sea_orm::{
    ColumnTrait, EntityTrait, JoinType, Order, QueryFilter, QueryOrder, QuerySelect, RelationDef,
    Value,
    sea_query::{Expr, ExprTrait, SimpleExpr},
};

use super::with_users;
use crate::{
    TenantTx, fault,
    keyset::behind,
    like::{has, lowered},
    row::{membership as row, user},
};

/// What a list is sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sort {
    /// The role, the mightiest first; then the name.
    #[default]
    Role,
    /// The name.
    Name,
    /// Since when, the newest first.
    Newest,
}

impl Word for Sort {
    const ALL: &'static [Self] = &[Self::Role, Self::Name, Self::Newest];

    fn word(self) -> &'static str {
        match self {
            Self::Role => "role",
            Self::Name => "name",
            Self::Newest => "newest",
        }
    }
}

/// Which members are asked for.
#[derive(Debug, Clone, Default)]
pub struct Query {
    /// Those with this role alone.
    pub role: Option<Role>,
    /// Those with this in their name or address alone.
    pub text: Option<String>,
    /// In which order.
    pub sort: Sort,
    /// The last member of the page before.
    pub after: Option<UserId>,
}

/// One page of the tenant's members.
///
/// # Errors
/// `bad_cursor` behind somebody who is none, or none any more: an empty page would be taken for the last one.
pub async fn page(tx: &TenantTx, query: &Query, limit: u64) -> Result<Vec<Member>, Error> {
    let mut found = row::Entity::find()
        .join(JoinType::InnerJoin, users())
        .filter(row::Column::TenantId.eq(tx.tenant_text()));
    if let Some(role) = query.role {
        found = found.filter(row::Column::Role.eq(role.as_str()));
    }
    if let Some(text) = &query.text {
        let address = Expr::col((user::Entity, user::Column::EmailKey));
        found = found.filter(has(&name(), text).add(has(&address, text)));
    }
    let order = match query.sort {
        Sort::Newest => Order::Desc,
        Sort::Role | Sort::Name => Order::Asc,
    };
    let columns = columns(query.sort);
    if let Some(after) = query.after {
        let Some(last) = values(tx, after, query.sort).await? else {
            return Err(bad_cursor());
        };
        let last: Vec<(SimpleExpr, Value)> = columns.iter().cloned().zip(last).collect();
        found = found.filter(behind(&last, &order));
    }
    for column in columns {
        found = found.order_by(column, order.clone());
    }
    let rows = found.limit(limit).all(tx.conn()).await.map_err(fault)?;
    with_users(tx.conn(), rows).await
}

/// Those of these people who are members, in no order.
pub async fn those(tx: &TenantTx, users: &[UserId]) -> Result<Vec<Member>, Error> {
    let rows = row::Entity::find()
        .filter(row::Column::TenantId.eq(tx.tenant_text()))
        .filter(row::Column::UserId.is_in(users.iter().map(ToString::to_string)))
        .all(tx.conn())
        .await
        .map_err(fault)?;
    with_users(tx.conn(), rows).await
}

pub(super) fn users() -> RelationDef {
    row::Entity::belongs_to(user::Entity)
        .from(row::Column::UserId)
        .to(user::Column::Id)
        .into()
}

/// The name as the database lowers it: upper and lower case stand beside each other.
fn name() -> SimpleExpr {
    lowered((user::Entity, user::Column::Name))
}

/// How mighty the role is, from 0 on.
fn rank() -> SimpleExpr {
    let role = || Expr::col((row::Entity, row::Column::Role));
    let mut ranks = Expr::case(role().eq(Role::Owner.as_str()), 0_i64);
    for (rank, known) in (0_i64..).zip(Role::ALL) {
        ranks = ranks.case(role().eq(known.as_str()), rank);
    }
    ranks.finally(i64::MAX).into()
}

/// What the rows are sorted by; the last tells any two apart.
fn columns(sort: Sort) -> Vec<SimpleExpr> {
    let id = Expr::col((row::Entity, row::Column::UserId));
    let since = Expr::col((row::Entity, row::Column::CreatedAt));
    match sort {
        Sort::Role => vec![rank(), name(), id],
        Sort::Name => vec![name(), id],
        Sort::Newest => vec![since, id],
    }
}

/// What one member has in those columns.
async fn values(tx: &TenantTx, user: UserId, sort: Sort) -> Result<Option<Vec<Value>>, Error> {
    let mut found = row::Entity::find()
        .join(JoinType::InnerJoin, users())
        .filter(row::Column::TenantId.eq(tx.tenant_text()))
        .filter(row::Column::UserId.eq(user.to_string()))
        .select_only();
    found = found
        .column(row::Column::CreatedAt)
        .expr(name())
        .column(row::Column::Role);
    let row: Option<(domain::Timestamp, String, String)> =
        found.into_tuple().one(tx.conn()).await.map_err(fault)?;
    let Some((since, name, role)) = row else {
        return Ok(None);
    };
    let role: Role = role.parse()?;
    let rank = (0_i64..).zip(Role::ALL).find(|(_, known)| *known == role);
    let rank = rank.map_or(i64::MAX, |(rank, _)| rank);
    let id = user.to_string();
    Ok(Some(match sort {
        Sort::Role => vec![rank.into(), name.into(), id.into()],
        Sort::Name => vec![name.into(), id.into()],
        Sort::Newest => vec![since.into(), id.into()],
    }))
}
