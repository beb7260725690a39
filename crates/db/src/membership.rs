//! Memberships: queries. Who belongs to a tenant is that tenant's row; where a person belongs is a view over all tenants.

use std::collections::{BTreeMap, HashMap};

use domain::{
    Error, Timestamp,
    id::{TenantId, UserId},
    membership::{Member, Membership},
    registration::Email,
    role::Role,
    tenant::Tenant,
};
use pool::Statements;
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, EntityTrait, JoinType, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, OnConflict},
};

mod page;

pub use page::{Query, Sort, page, those};

use crate::{
    SystemTx, TenantTx, Tx, fault, inserted,
    row::{membership as row, recovery_code, session, tenant, user},
    unreadable,
};

/// Makes the person a member of the transaction's tenant; `false` if they are one already, whatever their role. `entered` is when they
/// agreed to it themselves (real time); nobody did for who was merely named.
pub async fn insert(
    tx: &TenantTx,
    user: UserId,
    role: Role,
    now: Timestamp,
    entered: Option<Timestamp>,
) -> Result<bool, Error> {
    let model = row::ActiveModel {
        tenant_id: Set(tx.tenant_text()),
        user_id: Set(user.to_string()),
        role: Set(role.as_str().to_owned()),
        created_at: Set(now),
        first_used_at: Set(entered),
    };
    inserted(
        row::Entity::insert(model)
            .on_conflict(
                OnConflict::columns([row::Column::TenantId, row::Column::UserId])
                    .do_nothing()
                    .to_owned(),
            )
            .exec_without_returning(tx.conn())
            .await,
    )
}

/// All members of the transaction's tenant, in no order: for one that nobody has come into yet, which has hardly more than one.
pub async fn list(tx: &TenantTx) -> Result<Vec<Member>, Error> {
    let rows = row::Entity::find()
        .filter(row::Column::TenantId.eq(tx.tenant_text()))
        .all(tx.conn())
        .await
        .map_err(fault)?;
    with_users(tx.conn(), rows).await
}

/// A tenant's owners by name: those who hear what was done, and without whom nobody could let anybody in.
pub async fn owners(tx: &impl Tx, tenant: TenantId) -> Result<Vec<Member>, Error> {
    let rows = row::Entity::find()
        .filter(row::Column::TenantId.eq(tenant.to_string()))
        .filter(row::Column::Role.eq(Role::Owner.as_str()))
        .all(tx.tx())
        .await
        .map_err(fault)?;
    let mut owners = with_users(tx.tx(), rows).await?;
    owners.sort_by(|a, b| (&a.user.name, a.user.id).cmp(&(&b.user.name, b.user.id)));
    Ok(owners)
}

/// A tenant's member.
///
/// # Errors
/// `not_found` for who is none.
pub async fn get(tx: &impl Tx, tenant: TenantId, user: UserId) -> Result<Member, Error> {
    let found = find(tx, tenant, user).await?;
    found.ok_or_else(|| Error::not_found("user"))
}

/// The same, if they are one.
pub async fn find(tx: &impl Tx, tenant: TenantId, user: UserId) -> Result<Option<Member>, Error> {
    let found = row::Entity::find_by_id((tenant.to_string(), user.to_string()))
        .one(tx.tx())
        .await
        .map_err(fault)?;
    let found = found.into_iter().collect();
    Ok(with_users(tx.tx(), found).await?.pop())
}

/// The member of the transaction's tenant with this address.
pub async fn find_by_email(tx: &TenantTx, email: &Email) -> Result<Option<Member>, Error> {
    let rows = row::Entity::find()
        .join(JoinType::InnerJoin, page::users())
        .filter(row::Column::TenantId.eq(tx.tenant_text()))
        .filter(user::Column::EmailKey.eq(email.key()))
        .all(tx.conn())
        .await
        .map_err(fault)?;
    Ok(with_users(tx.conn(), rows).await?.pop())
}

/// Whether anybody ever came into the transaction's tenant.
pub async fn is_entered(tx: &TenantTx) -> Result<bool, Error> {
    let found = row::Entity::find()
        .filter(row::Column::TenantId.eq(tx.tenant_text()))
        .filter(row::Column::FirstUsedAt.is_not_null())
        .limit(1)
        .all(tx.conn())
        .await
        .map_err(fault)?;
    Ok(!found.is_empty())
}

/// Members with who they are and how many codes they have left, in the order of their rows.
async fn with_users(conn: &Statements, rows: Vec<row::Model>) -> Result<Vec<Member>, Error> {
    let ids: Vec<String> = rows.iter().map(|row| row.user_id.clone()).collect();
    let mut users: HashMap<String, user::Model> = user::Entity::find()
        .filter(user::Column::Id.is_in(ids.clone()))
        .all(conn)
        .await
        .map_err(fault)?
        .into_iter()
        .map(|row| (row.id.clone(), row))
        .collect();
    let codes: Vec<(String, i64)> = recovery_code::Entity::find()
        .select_only()
        .column(recovery_code::Column::UserId)
        // Not the codes, whose hashes are out of a tenant's reach.
        .column_as(recovery_code::Column::UserId.count(), "count")
        .filter(recovery_code::Column::UserId.is_in(ids))
        .group_by(recovery_code::Column::UserId)
        .into_tuple()
        .all(conn)
        .await
        .map_err(fault)?;
    let codes: HashMap<String, i64> = codes.into_iter().collect();
    rows.into_iter()
        .map(|row| {
            let found = users
                .remove(&row.user_id)
                .ok_or_else(|| unreadable("a member without a user"))?;
            let left = codes.get(&row.user_id).copied().unwrap_or_default();
            Ok(Member {
                user: crate::user::read(found)?,
                membership: read(row)?,
                recovery_codes: u64::try_from(left).unwrap_or_default(),
            })
        })
        .collect()
}

/// Gives a member another role.
pub async fn set_role(tx: &TenantTx, user: UserId, role: Role) -> Result<(), Error> {
    row::Entity::update_many()
        .col_expr(row::Column::Role, Expr::value(role.as_str()))
        .filter(row::Column::TenantId.eq(tx.tenant_text()))
        .filter(row::Column::UserId.eq(user.to_string()))
        .exec(tx.conn())
        .await
        .map_err(fault)?;
    Ok(())
}

/// Takes a member out of the transaction's tenant, whose pages their open browsers leave with the same commit.
pub async fn delete(tx: &TenantTx, user: UserId) -> Result<(), Error> {
    row::Entity::delete_many()
        .filter(row::Column::TenantId.eq(tx.tenant_text()))
        .filter(row::Column::UserId.eq(user.to_string()))
        .exec(tx.conn())
        .await
        .map_err(fault)?;
    session::Entity::update_many()
        .col_expr(
            session::Column::TenantId,
            Expr::value(Option::<String>::None),
        )
        .filter(session::Column::UserId.eq(user.to_string()))
        .filter(session::Column::TenantId.eq(tx.tenant_text()))
        .exec(tx.conn())
        .await
        .map_err(fault)?;
    Ok(())
}

/// How many members the tenant has; of that role, if one is named.
pub async fn count(tx: &TenantTx, role: Option<Role>) -> Result<u64, Error> {
    let mut found = row::Entity::find().filter(row::Column::TenantId.eq(tx.tenant_text()));
    if let Some(role) = role {
        found = found.filter(row::Column::Role.eq(role.as_str()));
    }
    found.count(tx.conn()).await.map_err(fault)
}

/// Where a person belongs, with the tenants themselves, the oldest membership first.
pub async fn of_user(tx: &SystemTx, user: UserId) -> Result<Vec<(Membership, Tenant)>, Error> {
    let rows = row::Entity::find()
        .filter(row::Column::UserId.eq(user.to_string()))
        .order_by_asc(row::Column::CreatedAt)
        .order_by_asc(row::Column::TenantId)
        .all(tx.conn())
        .await
        .map_err(fault)?;
    let ids: Vec<String> = rows.iter().map(|row| row.tenant_id.clone()).collect();
    let mut tenants: HashMap<String, tenant::Model> = tenant::Entity::find()
        .filter(tenant::Column::Id.is_in(ids))
        .all(tx.conn())
        .await
        .map_err(fault)?
        .into_iter()
        .map(|row| (row.id.clone(), row))
        .collect();
    rows.into_iter()
        .map(|row| {
            let found = tenants
                .remove(&row.tenant_id)
                .ok_or_else(|| unreadable("a membership without a tenant"))?;
            Ok((read(row)?, crate::tenant::read(found)?))
        })
        .collect()
}

/// A tenant that a person belongs to.
pub async fn tenant(tx: &SystemTx, id: TenantId) -> Result<Tenant, Error> {
    tenant::Entity::find_by_id(id.to_string())
        .one(tx.conn())
        .await
        .map_err(fault)?
        .ok_or_else(|| Error::not_found("tenant"))
        .and_then(crate::tenant::read)
}

/// Notes that the person came in (real time), the first time.
pub async fn used(
    tx: &SystemTx,
    tenant: TenantId,
    user: UserId,
    now: Timestamp,
) -> Result<(), Error> {
    row::Entity::update_many()
        .col_expr(row::Column::FirstUsedAt, Expr::value(now))
        .filter(row::Column::TenantId.eq(tenant.to_string()))
        .filter(row::Column::UserId.eq(user.to_string()))
        .filter(row::Column::FirstUsedAt.is_null())
        .exec(tx.conn())
        .await
        .map_err(fault)?;
    Ok(())
}

/// What a person is in a tenant, if anything: asked in every request, and again in the transaction of every change.
pub async fn role(tx: &impl Tx, tenant: TenantId, user: UserId) -> Result<Option<Role>, Error> {
    row::Entity::find_by_id((tenant.to_string(), user.to_string()))
        .one(tx.tx())
        .await
        .map_err(fault)?
        .map(|row| row.role.parse())
        .transpose()
}

/// What these people are, in each of their tenants.
pub async fn roles_of(
    tx: &SystemTx,
    users: &[UserId],
) -> Result<BTreeMap<(TenantId, UserId), Role>, Error> {
    let rows = row::Entity::find()
        .filter(row::Column::UserId.is_in(users.iter().map(ToString::to_string)))
        .all(tx.conn())
        .await
        .map_err(fault)?;
    let members = rows.into_iter().map(read);
    members
        .map(|member| member.map(|member| ((member.tenant, member.user), member.role)))
        .collect()
}

fn read(row: row::Model) -> Result<Membership, Error> {
    Ok(Membership {
        tenant: row.tenant_id.parse().map_err(unreadable)?,
        user: row.user_id.parse().map_err(unreadable)?,
        role: row.role.parse()?,
        created_at: row.created_at,
        first_used_at: row.first_used_at,
    })
}
