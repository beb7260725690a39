//! Invitations: queries. The link's secret is here as a hash, new with every mail.

use domain::{
    Error, Timestamp,
    id::{InvitationId, TenantId, UserId},
    invitation::Invitation,
    list::Order,
    registration::Email,
    role::Role,
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect,
    QueryTrait, sea_query::Expr,
};

use crate::{
    SystemTx, TenantTx, fault,
    keyset::by_moment,
    like::{has, lowered},
    row::{invitation as row, mail},
    unreadable,
};

/// Adds an invitation into the transaction's tenant.
pub async fn insert(tx: &TenantTx, invitation: &Invitation) -> Result<(), Error> {
    let model = row::ActiveModel {
        id: Set(invitation.id.to_string()),
        tenant_id: Set(tx.tenant_text()),
        email: Set(invitation.email.as_str().to_owned()),
        email_key: Set(invitation.email.key()),
        role: Set(invitation.role.as_str().to_owned()),
        invited_by: Set(invitation.invited_by.map(|user| user.to_string())),
        sha256: Set(None),
        created_at: Set(invitation.created_at),
        expires_at: Set(invitation.expires_at),
        accepted_at: Set(None),
        revoked_at: Set(None),
    };
    row::Entity::insert(model)
        .exec_without_returning(tx.conn())
        .await
        .map_err(fault)?;
    Ok(())
}

/// Which pending invitations are asked for.
#[derive(Debug, Clone, Default)]
pub struct Query {
    /// Those into this role alone.
    pub role: Option<Role>,
    /// Those with this in their address alone.
    pub text: Option<String>,
    /// The last one of the page before.
    pub after: Option<InvitationId>,
}

/// One page of the tenant's invitations that were neither accepted nor taken back, newest first; some may have expired.
pub async fn pending(tx: &TenantTx, query: &Query, limit: u64) -> Result<Vec<Invitation>, Error> {
    let mut found = own(tx)
        .filter(row::Column::AcceptedAt.is_null())
        .filter(row::Column::RevokedAt.is_null());
    if let Some(role) = query.role {
        found = found.filter(row::Column::Role.eq(role.as_str()));
    }
    if let Some(text) = &query.text {
        found = found.filter(has(&lowered(row::Column::EmailKey), text));
    }
    let rows = by_moment(found, row::Column::Id, Order::Newest, query.after)
        .limit(limit)
        .all(tx.conn())
        .await
        .map_err(fault)?;
    rows.into_iter().map(read).collect()
}

/// Those of these that are still pending.
pub async fn pending_of_those(
    tx: &TenantTx,
    ids: &[InvitationId],
) -> Result<Vec<Invitation>, Error> {
    let rows = own(tx)
        .filter(row::Column::Id.is_in(ids.iter().map(ToString::to_string)))
        .filter(row::Column::AcceptedAt.is_null())
        .filter(row::Column::RevokedAt.is_null())
        .all(tx.conn())
        .await
        .map_err(fault)?;
    rows.into_iter().map(read).collect()
}

/// How many can still be accepted (`now` is real time); as that role, if one is named.
pub async fn count_open(tx: &TenantTx, now: Timestamp, role: Option<Role>) -> Result<u64, Error> {
    let mut found = own(tx)
        .filter(row::Column::AcceptedAt.is_null())
        .filter(row::Column::RevokedAt.is_null())
        .filter(row::Column::ExpiresAt.gt(now));
    if let Some(role) = role {
        found = found.filter(row::Column::Role.eq(role.as_str()));
    }
    found.count(tx.conn()).await.map_err(fault)
}

/// One invitation of the tenant.
pub async fn get(tx: &TenantTx, id: InvitationId) -> Result<Invitation, Error> {
    own(tx)
        .filter(row::Column::Id.eq(id.to_string()))
        .one(tx.conn())
        .await
        .map_err(fault)?
        .ok_or_else(|| Error::not_found("invitation"))
        .and_then(read)
}

/// The tenant's invitation of this address that was neither accepted nor taken back.
pub async fn pending_of(tx: &TenantTx, email: &Email) -> Result<Option<Invitation>, Error> {
    own(tx)
        .filter(row::Column::EmailKey.eq(email.key()))
        .filter(row::Column::AcceptedAt.is_null())
        .filter(row::Column::RevokedAt.is_null())
        .one(tx.conn())
        .await
        .map_err(fault)?
        .map(read)
        .transpose()
}

/// Makes it good until `expires_at`; the links sent before stop working.
pub async fn renew(tx: &TenantTx, id: InvitationId, expires_at: Timestamp) -> Result<(), Error> {
    set(
        tx,
        id,
        &[
            (row::Column::ExpiresAt, expires_at.into()),
            (row::Column::Sha256, Option::<String>::None.into()),
        ],
    )
    .await
}

/// Takes it back.
pub async fn revoke(tx: &TenantTx, id: InvitationId, now: Timestamp) -> Result<(), Error> {
    set(tx, id, &[(row::Column::RevokedAt, now.into())]).await
}

/// Takes back everything that is open of what a person sent; answers how many there were.
pub async fn revoke_of(tx: &TenantTx, inviter: UserId, now: Timestamp) -> Result<u64, Error> {
    let done = row::Entity::update_many()
        .col_expr(row::Column::RevokedAt, Expr::value(now))
        .filter(row::Column::TenantId.eq(tx.tenant_text()))
        .filter(row::Column::InvitedBy.eq(inviter.to_string()))
        .filter(row::Column::AcceptedAt.is_null())
        .filter(row::Column::RevokedAt.is_null())
        .exec(tx.conn())
        .await
        .map_err(fault)?;
    Ok(done.rows_affected)
}

/// How many mails with links of this tenant's invitations were queued since then (real time).
pub async fn count_mailed(tx: &TenantTx, since: Timestamp) -> Result<u64, Error> {
    let own = row::Entity::find()
        .select_only()
        .column(row::Column::Id)
        .filter(row::Column::TenantId.eq(tx.tenant_text()))
        .into_query();
    mail::Entity::find()
        // What mails say is out of a tenant's reach.
        .select_only()
        .column(mail::Column::CreatedAt)
        .filter(mail::Column::InvitationId.in_subquery(own))
        .filter(mail::Column::CreatedAt.gt(since))
        .count(tx.conn())
        .await
        .map_err(fault)
}

/// Uses it up; `false` if somebody else was first.
pub async fn accept(tx: &TenantTx, id: InvitationId, now: Timestamp) -> Result<bool, Error> {
    let done = row::Entity::update_many()
        .col_expr(row::Column::AcceptedAt, Expr::value(now))
        .filter(row::Column::TenantId.eq(tx.tenant_text()))
        .filter(row::Column::Id.eq(id.to_string()))
        .filter(row::Column::AcceptedAt.is_null())
        .filter(row::Column::RevokedAt.is_null())
        .exec(tx.conn())
        .await
        .map_err(fault)?;
    Ok(done.rows_affected > 0)
}

/// The invitation behind a link's hash, with its tenant.
pub async fn find_by_hash(
    tx: &SystemTx,
    sha256: &str,
) -> Result<Option<(TenantId, Invitation)>, Error> {
    let found = row::Entity::find()
        .filter(row::Column::Sha256.eq(sha256))
        .one(tx.conn())
        .await
        .map_err(fault)?;
    found
        .map(|row| {
            let invitation = read(row)?;
            Ok((invitation.tenant, invitation))
        })
        .transpose()
}

/// Gives the link that is about to be mailed its hash; `false` if the invitation is no longer to be accepted.
pub async fn set_link(tx: &SystemTx, id: InvitationId, sha256: &str) -> Result<bool, Error> {
    let done = row::Entity::update_many()
        .col_expr(row::Column::Sha256, Expr::value(sha256))
        .filter(row::Column::Id.eq(id.to_string()))
        .filter(row::Column::AcceptedAt.is_null())
        .filter(row::Column::RevokedAt.is_null())
        .exec(tx.conn())
        .await
        .map_err(fault)?;
    Ok(done.rows_affected > 0)
}

fn own(tx: &TenantTx) -> sea_orm::Select<row::Entity> {
    row::Entity::find().filter(row::Column::TenantId.eq(tx.tenant_text()))
}

async fn set(
    tx: &TenantTx,
    id: InvitationId,
    columns: &[(row::Column, sea_orm::Value)],
) -> Result<(), Error> {
    let mut query = row::Entity::update_many()
        .filter(row::Column::TenantId.eq(tx.tenant_text()))
        .filter(row::Column::Id.eq(id.to_string()));
    for (column, value) in columns {
        query = query.col_expr(*column, Expr::value(value.clone()));
    }
    query.exec(tx.conn()).await.map_err(fault)?;
    Ok(())
}

fn read(row: row::Model) -> Result<Invitation, Error> {
    Ok(Invitation {
        id: row.id.parse().map_err(unreadable)?,
        tenant: row.tenant_id.parse().map_err(unreadable)?,
        email: row.email.parse().map_err(unreadable)?,
        role: row.role.parse()?,
        invited_by: row
            .invited_by
            .map(|user| user.parse().map_err(unreadable))
            .transpose()?,
        created_at: row.created_at,
        expires_at: row.expires_at,
        accepted_at: row.accepted_at,
        revoked_at: row.revoked_at,
    })
}
