//! Sessions: queries. The cookie's secret is here as a hash, the refresh token sealed by a key that is not here.

use domain::{
    Error, Timestamp,
    id::{SessionId, TenantId, UserId},
    session::Session,
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::Expr,
};

use crate::{SystemTx, Tx, fault, row::session as row, unreadable};

/// Adds a session. `refresh_token` is sealed already.
pub async fn insert(
    tx: &SystemTx,
    session: &Session,
    sha256: &str,
    refresh_token: Option<&str>,
) -> Result<(), Error> {
    let model = row::ActiveModel {
        id: Set(session.id.to_string()),
        sha256: Set(sha256.to_owned()),
        user_id: Set(session.user.to_string()),
        tenant_id: Set(session.tenant.map(|tenant| tenant.to_string())),
        created_at: Set(session.created_at),
        seen_at: Set(session.seen_at),
        authenticated_at: Set(session.authenticated_at),
        subject: Set(session.subject.clone()),
        checked_at: Set(session.checked_at),
        mfa: Set(session.mfa),
        operator: Set(session.operator),
        refresh_token: Set(refresh_token.map(str::to_owned)),
        user_agent: Set(session.user_agent.clone()),
        address: Set(session.address.clone()),
        ended_at: Set(None),
    };
    row::Entity::insert(model)
        .exec_without_returning(tx.conn())
        .await
        .map_err(fault)?;
    Ok(())
}

/// The session behind a cookie's hash, whatever its state.
pub async fn find_by_hash(tx: &SystemTx, sha256: &str) -> Result<Option<Session>, Error> {
    row::Entity::find()
        .filter(row::Column::Sha256.eq(sha256))
        .one(tx.conn())
        .await
        .map_err(fault)?
        .map(read)
        .transpose()
}

/// Which tenant a session looks at, or looked at.
pub async fn tenant_of(tx: &SystemTx, id: SessionId) -> Result<Option<TenantId>, Error> {
    let found = row::Entity::find_by_id(id.to_string())
        .one(tx.conn())
        .await
        .map_err(fault)?;
    Ok(found
        .map(read)
        .transpose()?
        .and_then(|session| session.tenant))
}

/// Whether the session was not ended.
pub async fn is_open(tx: &impl Tx, id: SessionId) -> Result<bool, Error> {
    let found = row::Entity::find_by_id(id.to_string())
        // What is secret of a session is out of a tenant's reach.
        .select_only()
        .column(row::Column::Id)
        .filter(row::Column::EndedAt.is_null())
        .into_tuple::<String>()
        .one(tx.tx())
        .await
        .map_err(fault)?;
    Ok(found.is_some())
}

/// Those of the sessions that were not ended; some may be over by time.
pub async fn open_of(tx: &SystemTx, ids: &[SessionId]) -> Result<Vec<Session>, Error> {
    let rows = row::Entity::find()
        .filter(row::Column::Id.is_in(ids.iter().map(ToString::to_string)))
        .filter(row::Column::EndedAt.is_null())
        .all(tx.conn())
        .await
        .map_err(fault)?;
    rows.into_iter().map(read).collect()
}

/// The person's sessions that were not ended, the one seen last first; some may be over by time.
pub async fn open(tx: &SystemTx, user: UserId) -> Result<Vec<Session>, Error> {
    let rows = row::Entity::find()
        .filter(row::Column::UserId.eq(user.to_string()))
        .filter(row::Column::EndedAt.is_null())
        .order_by_desc(row::Column::SeenAt)
        .all(tx.conn())
        .await
        .map_err(fault)?;
    rows.into_iter().map(read).collect()
}

/// Notes that the session was used.
pub async fn seen(tx: &SystemTx, id: SessionId, now: Timestamp) -> Result<(), Error> {
    update(tx, id, row::Column::SeenAt, now.into()).await
}

/// Takes the turn to ask the identity provider about the session; `None` if another request took it. Answers the sealed refresh token.
pub async fn claim_check(
    tx: &SystemTx,
    session: &Session,
    now: Timestamp,
) -> Result<Option<Option<String>>, Error> {
    let done = row::Entity::update_many()
        .col_expr(row::Column::CheckedAt, Expr::value(now))
        .filter(row::Column::Id.eq(session.id.to_string()))
        .filter(row::Column::CheckedAt.eq(session.checked_at))
        .filter(row::Column::EndedAt.is_null())
        .exec(tx.conn())
        .await
        .map_err(fault)?;
    if done.rows_affected == 0 {
        return Ok(None);
    }
    let found = row::Entity::find_by_id(session.id.to_string())
        .one(tx.conn())
        .await
        .map_err(fault)?;
    Ok(found.map(|row| row.refresh_token))
}

/// Keeps what the identity provider answered: the next refresh token, sealed, and whether the person is an operator; `false` if the
/// session was ended meanwhile, and so has no use for a token.
pub async fn checked(
    tx: &SystemTx,
    id: SessionId,
    refresh_token: &str,
    operator: bool,
) -> Result<bool, Error> {
    // In one statement: a session that is being ended at this moment is looked at again when that is done.
    let done = row::Entity::update_many()
        .col_expr(row::Column::RefreshToken, Expr::value(refresh_token))
        .col_expr(row::Column::Operator, Expr::value(operator))
        .filter(row::Column::Id.eq(id.to_string()))
        .filter(row::Column::EndedAt.is_null())
        .exec(tx.conn())
        .await
        .map_err(fault)?;
    Ok(done.rows_affected > 0)
}

/// Chooses the tenant that the session looks at.
pub async fn set_tenant(
    tx: &SystemTx,
    id: SessionId,
    tenant: Option<TenantId>,
) -> Result<(), Error> {
    let tenant = tenant.map(|tenant| tenant.to_string());
    update(tx, id, row::Column::TenantId, tenant.into()).await
}

/// Ends the session; answers its sealed refresh token, which is kept no longer.
pub async fn end(tx: &SystemTx, id: SessionId, now: Timestamp) -> Result<Option<String>, Error> {
    let found = row::Entity::find_by_id(id.to_string())
        .filter(row::Column::EndedAt.is_null())
        // The token that is answered is the last one: nobody keeps another meanwhile.
        .lock_exclusive()
        .one(tx.conn())
        .await
        .map_err(fault)?;
    let Some(found) = found else {
        return Ok(None);
    };
    update(tx, id, row::Column::EndedAt, now.into()).await?;
    update(
        tx,
        id,
        row::Column::RefreshToken,
        Option::<String>::None.into(),
    )
    .await?;
    Ok(found.refresh_token)
}

/// Ends every session of the person but one, if one is named; answers how many there were.
pub async fn end_all(
    tx: &SystemTx,
    user: UserId,
    but: Option<SessionId>,
    now: Timestamp,
) -> Result<u64, Error> {
    let mut query = row::Entity::update_many()
        .col_expr(row::Column::EndedAt, Expr::value(now))
        .col_expr(
            row::Column::RefreshToken,
            Expr::value(Option::<String>::None),
        )
        .filter(row::Column::UserId.eq(user.to_string()))
        .filter(row::Column::EndedAt.is_null());
    if let Some(but) = but {
        query = query.filter(row::Column::Id.ne(but.to_string()));
    }
    let done = query.exec(tx.conn()).await.map_err(fault)?;
    Ok(done.rows_affected)
}

/// Whether there are sessions from before `before`.
pub async fn any_older(tx: &SystemTx, before: Timestamp) -> Result<bool, Error> {
    let found = row::Entity::find()
        .filter(row::Column::CreatedAt.lt(before))
        .one(tx.conn())
        .await
        .map_err(fault)?;
    Ok(found.is_some())
}

/// Takes them away; answers how many there were.
pub async fn delete_older(tx: &SystemTx, before: Timestamp) -> Result<u64, Error> {
    let done = row::Entity::delete_many()
        .filter(row::Column::CreatedAt.lt(before))
        .exec(tx.conn())
        .await
        .map_err(fault)?;
    Ok(done.rows_affected)
}

async fn update(
    tx: &SystemTx,
    id: SessionId,
    column: row::Column,
    value: sea_orm::Value,
) -> Result<(), Error> {
    row::Entity::update_many()
        .col_expr(column, Expr::value(value))
        .filter(row::Column::Id.eq(id.to_string()))
        .exec(tx.conn())
        .await
        .map_err(fault)?;
    Ok(())
}

fn read(row: row::Model) -> Result<Session, Error> {
    Ok(Session {
        id: row.id.parse().map_err(unreadable)?,
        user: row.user_id.parse().map_err(unreadable)?,
        tenant: row
            .tenant_id
            .map(|tenant| tenant.parse().map_err(unreadable))
            .transpose()?,
        created_at: row.created_at,
        seen_at: row.seen_at,
        authenticated_at: row.authenticated_at,
        subject: row.subject,
        checked_at: row.checked_at,
        mfa: row.mfa,
        operator: row.operator,
        user_agent: row.user_agent,
        address: row.address,
        ended_at: row.ended_at,
    })
}
