//! Claims of idempotency keys: queries. Answers are sealed by a key that is not here.
//! Every condition names holder and key, so nobody's request finds anybody else's.

use domain::{
    Error, Timestamp,
    idempotency::{Claim, Earlier},
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect,
    sea_query::{Expr, OnConflict},
};

use crate::{SystemTx, fault, inserted, row::idempotency as row};

/// Whether anything was claimed at `until` or before.
pub async fn any_until(tx: &SystemTx, until: Timestamp) -> Result<bool, Error> {
    let found = row::Entity::find()
        .filter(row::Column::ClaimedAt.lte(until))
        .one(tx.conn())
        .await
        .map_err(fault)?;
    Ok(found.is_some())
}

/// Forgets what was claimed at `until` or before; answers how many rows that were.
pub async fn forget(tx: &SystemTx, until: Timestamp) -> Result<u64, Error> {
    let done = row::Entity::delete_many()
        .filter(row::Column::ClaimedAt.lte(until))
        .exec(tx.conn())
        .await
        .map_err(fault)?;
    Ok(done.rows_affected)
}

/// Forgets the key that is claimed, if it was claimed at `until` or before.
pub async fn forget_own(tx: &SystemTx, claim: &Claim, until: Timestamp) -> Result<(), Error> {
    row::Entity::delete_many()
        .filter(same_key(claim))
        .filter(row::Column::ClaimedAt.lte(until))
        .exec(tx.conn())
        .await
        .map_err(fault)?;
    Ok(())
}

/// Who has the key that is claimed, locked for the rest of the transaction.
pub async fn lock(tx: &SystemTx, claim: &Claim) -> Result<Option<Earlier>, Error> {
    let found = row::Entity::find()
        .filter(same_key(claim))
        .lock_exclusive()
        .one(tx.conn())
        .await
        .map_err(fault)?;
    Ok(found.map(|row| Earlier {
        fingerprint: row.fingerprint,
        at: row.claimed_at,
        answer: row.answer,
    }))
}

/// Gives the key to the claim, unless somebody has it; who asks at the same moment waits here for the first.
pub async fn put(tx: &SystemTx, claim: &Claim) -> Result<bool, Error> {
    let model = row::ActiveModel {
        holder: Set(claim.holder.as_str().to_owned()),
        key: Set(claim.key.as_str().to_owned()),
        fingerprint: Set(claim.fingerprint.as_str().to_owned()),
        claimed_at: Set(claim.at),
        answer: Set(None),
    };
    let conflict = OnConflict::columns([row::Column::Holder, row::Column::Key])
        .do_nothing()
        .to_owned();
    inserted(
        row::Entity::insert(model)
            .on_conflict(conflict)
            .exec_without_returning(tx.conn())
            .await,
    )
}

/// Gives the key to the claim, whoever had it.
pub async fn take_over(tx: &SystemTx, claim: &Claim) -> Result<(), Error> {
    row::Entity::update_many()
        .col_expr(row::Column::ClaimedAt, Expr::value(claim.at))
        .filter(same_key(claim))
        .exec(tx.conn())
        .await
        .map_err(fault)?;
    Ok(())
}

/// Keeps the answer, if the key is still the claim's.
pub async fn answer(tx: &SystemTx, claim: &Claim, sealed: &str) -> Result<(), Error> {
    row::Entity::update_many()
        .col_expr(row::Column::Answer, Expr::value(sealed))
        .filter(still_its(claim))
        .exec(tx.conn())
        .await
        .map_err(fault)?;
    Ok(())
}

/// Frees the key, if it is still the claim's.
pub async fn release(tx: &SystemTx, claim: &Claim) -> Result<(), Error> {
    row::Entity::delete_many()
        .filter(still_its(claim))
        .exec(tx.conn())
        .await
        .map_err(fault)?;
    Ok(())
}

fn same_key(claim: &Claim) -> Condition {
    Condition::all()
        .add(row::Column::Holder.eq(claim.holder.as_str()))
        .add(row::Column::Key.eq(claim.key.as_str()))
}

/// Another request may have taken the key over meanwhile; it came a minute later.
fn still_its(claim: &Claim) -> Condition {
    same_key(claim)
        .add(row::Column::ClaimedAt.eq(claim.at))
        .add(row::Column::Answer.is_null())
}
