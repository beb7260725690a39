//! Recovery codes: queries. What is kept is the SHA-256 of a code with some 73 random bits; a used one is gone.

use domain::{Error, Timestamp, id::UserId};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};

use crate::{SystemTx, fault, row::recovery_code as row};

/// Replaces the person's codes by these.
pub async fn replace(
    tx: &SystemTx,
    user: UserId,
    sha256: &[String],
    now: Timestamp,
) -> Result<(), Error> {
    row::Entity::delete_many()
        .filter(row::Column::UserId.eq(user.to_string()))
        .exec(tx.conn())
        .await
        .map_err(fault)?;
    let models = sha256.iter().map(|hash| row::ActiveModel {
        user_id: Set(user.to_string()),
        sha256: Set(hash.clone()),
        created_at: Set(now),
    });
    row::Entity::insert_many(models)
        .exec_without_returning(tx.conn())
        .await
        .map_err(fault)?;
    Ok(())
}

/// Uses a code up; `false` if the person has no such code.
pub async fn take(tx: &SystemTx, user: UserId, sha256: &str) -> Result<bool, Error> {
    let done = row::Entity::delete_many()
        .filter(row::Column::UserId.eq(user.to_string()))
        .filter(row::Column::Sha256.eq(sha256))
        .exec(tx.conn())
        .await
        .map_err(fault)?;
    Ok(done.rows_affected > 0)
}

/// How many codes the person has left.
pub async fn count(tx: &SystemTx, user: UserId) -> Result<u64, Error> {
    row::Entity::find()
        .filter(row::Column::UserId.eq(user.to_string()))
        .count(tx.conn())
        .await
        .map_err(fault)
}
