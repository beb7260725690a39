//! Mail that is to be sent: written in the transaction that makes it necessary, sent afterwards (the outbox).
//! An invitation's link is made when its mail goes out, so no secret lies here; a mail that went out keeps no text.

use domain::{
    Error, Timestamp,
    id::{InvitationId, MailId},
    job::Work,
    mailer::Mail,
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select,
    sea_query::Expr,
};

use crate::{SystemTx, Tx, fault, job, row::mail as row, unreadable};

/// Adds a mail; with an invitation, its text has a place for the link. `real` is real time.
pub async fn insert(
    tx: &impl Tx,
    id: MailId,
    mail: &Mail,
    invitation: Option<InvitationId>,
    real: Timestamp,
) -> Result<(), Error> {
    let model = row::ActiveModel {
        id: Set(id.to_string()),
        recipient: Set(mail.to.as_str().to_owned()),
        subject: Set(mail.subject.clone()),
        text: Set(mail.text.clone()),
        invitation_id: Set(invitation.map(|invitation| invitation.to_string())),
        created_at: Set(real),
        failures: Set(0),
        look_at: Set(real),
        trouble: Set(None),
        ended_at: Set(None),
    };
    row::Entity::insert(model)
        .exec_without_returning(tx.tx())
        .await
        .map_err(fault)?;
    Ok(())
}

/// A mail to be sent.
#[derive(Debug, Clone)]
pub struct Due {
    /// Its id.
    pub id: MailId,
    /// What it says.
    pub mail: Mail,
    /// The invitation whose link it carries.
    pub invitation: Option<InvitationId>,
    /// How often it could not be sent.
    pub failures: i32,
}

/// What is to be sent at `now` (real time), the longest overdue first.
pub async fn due(tx: &SystemTx, now: Timestamp, limit: u64) -> Result<Vec<MailId>, Error> {
    let ids: Vec<String> = waiting(now)
        .select_only()
        .column(row::Column::Id)
        .filter(row::Column::Id.not_in_subquery(job::quarantined(Work::Mail)))
        .order_by_asc(row::Column::LookAt)
        .limit(limit)
        .into_tuple()
        .all(tx.conn())
        .await
        .map_err(fault)?;
    ids.iter()
        .map(|id| id.parse().map_err(unreadable))
        .collect()
}

/// One of them, read again and locked; none if it is not to be sent any more.
pub async fn get_due(tx: &SystemTx, id: MailId, now: Timestamp) -> Result<Option<Due>, Error> {
    let row = waiting(now)
        .filter(row::Column::Id.eq(id.to_string()))
        .lock_exclusive()
        .one(tx.conn())
        .await
        .map_err(fault)?;
    row.map(read).transpose()
}

fn waiting(now: Timestamp) -> Select<row::Entity> {
    row::Entity::find()
        .filter(row::Column::EndedAt.is_null())
        .filter(row::Column::LookAt.lte(now))
}

/// It went out, or never will: its text is kept no longer.
pub async fn end(
    tx: &SystemTx,
    id: MailId,
    trouble: Option<&str>,
    now: Timestamp,
) -> Result<(), Error> {
    set(
        tx,
        id,
        &[
            (row::Column::EndedAt, now.into()),
            (row::Column::Text, String::new().into()),
            (row::Column::Trouble, trouble.map(str::to_owned).into()),
        ],
    )
    .await
}

/// It could not be sent, and is tried again at `look_at` (real time).
pub async fn postpone(
    tx: &SystemTx,
    id: MailId,
    failures: i32,
    trouble: &str,
    look_at: Timestamp,
) -> Result<(), Error> {
    set(
        tx,
        id,
        &[
            (row::Column::Failures, failures.into()),
            (row::Column::Trouble, Some(trouble.to_owned()).into()),
            (row::Column::LookAt, look_at.into()),
        ],
    )
    .await
}

/// Whether there are mails that ended before `before`.
pub async fn any_ended_before(tx: &SystemTx, before: Timestamp) -> Result<bool, Error> {
    let found = row::Entity::find()
        .filter(row::Column::EndedAt.lt(before))
        .one(tx.conn())
        .await
        .map_err(fault)?;
    Ok(found.is_some())
}

/// Takes them away; answers how many there were.
pub async fn delete_ended_before(tx: &SystemTx, before: Timestamp) -> Result<u64, Error> {
    let done = row::Entity::delete_many()
        .filter(row::Column::EndedAt.lt(before))
        .exec(tx.conn())
        .await
        .map_err(fault)?;
    Ok(done.rows_affected)
}

fn read(row: row::Model) -> Result<Due, Error> {
    Ok(Due {
        id: row.id.parse().map_err(unreadable)?,
        mail: Mail {
            to: row.recipient.parse().map_err(unreadable)?,
            subject: row.subject,
            text: row.text,
        },
        invitation: row
            .invitation_id
            .map(|id| id.parse().map_err(unreadable))
            .transpose()?,
        failures: row.failures,
    })
}

async fn set(
    tx: &SystemTx,
    id: MailId,
    columns: &[(row::Column, sea_orm::Value)],
) -> Result<(), Error> {
    let mut query = row::Entity::update_many().filter(row::Column::Id.eq(id.to_string()));
    for (column, value) in columns {
        query = query.col_expr(*column, Expr::value(value.clone()));
    }
    query.exec(tx.conn()).await.map_err(fault)?;
    Ok(())
}
