//! Users: queries. A user belongs to no tenant; what a tenant sees of them goes through its memberships.

use domain::{
    Error, Timestamp,
    id::UserId,
    identity::Username,
    job::Work,
    registration::Email,
    user::{Errands, Known, User},
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, LockType, OnConflict},
};

use crate::{SystemTx, Tx, fault, inserted, job, row::user as row, unreadable};

/// Adds a person; `false` if somebody has the address already. The reconciler is due for them at once (`real` is real time).
pub async fn insert(
    tx: &impl Tx,
    id: UserId,
    email: &Email,
    name: &str,
    now: Timestamp,
    real: Timestamp,
) -> Result<bool, Error> {
    let model = row::ActiveModel {
        id: Set(id.to_string()),
        email: Set(email.as_str().to_owned()),
        email_key: Set(email.key()),
        name: Set(name.to_owned()),
        username: Set(None),
        known: Set(Known::None.as_str().to_owned()),
        operator: Set(false),
        resend: Set(false),
        reset_authenticator: Set(false),
        sign_out: Set(false),
        trouble: Set(None),
        due: Set(true),
        looks: Set(0),
        look_at: Set(real),
        mailed_at: Set(None),
        first_signed_in_at: Set(None),
        last_signed_in_at: Set(None),
        created_at: Set(now),
    };
    inserted(
        row::Entity::insert(model)
            .on_conflict(
                OnConflict::column(row::Column::EmailKey)
                    .do_nothing()
                    .to_owned(),
            )
            .exec_without_returning(tx.tx())
            .await,
    )
}

/// The person, by id.
pub async fn get(tx: &SystemTx, id: UserId) -> Result<User, Error> {
    row::Entity::find_by_id(id.to_string())
        .one(tx.conn())
        .await
        .map_err(fault)?
        .ok_or_else(|| Error::not_found("user"))
        .and_then(read)
}

/// The person with this address.
pub async fn find_by_email(tx: &impl Tx, email: &Email) -> Result<Option<User>, Error> {
    row::Entity::find()
        .filter(row::Column::EmailKey.eq(email.key()))
        .one(tx.tx())
        .await
        .map_err(fault)?
        .map(read)
        .transpose()
}

/// The same, who cannot be forgotten before the end of the transaction.
pub async fn find_and_keep(tx: &impl Tx, email: &Email) -> Result<Option<User>, Error> {
    row::Entity::find()
        .filter(row::Column::EmailKey.eq(email.key()))
        .lock(LockType::KeyShare)
        .one(tx.tx())
        .await
        .map_err(fault)?
        .map(read)
        .transpose()
}

/// The person whom the identity provider calls this.
pub async fn find_by_username(tx: &SystemTx, username: &Username) -> Result<Option<User>, Error> {
    row::Entity::find()
        .filter(row::Column::Username.eq(username.0.as_str()))
        .one(tx.conn())
        .await
        .map_err(fault)?
        .map(read)
        .transpose()
}

/// A person whose account there needs a look.
#[derive(Debug, Clone)]
pub struct Due {
    /// Who.
    pub user: User,
    /// What is to be done besides.
    pub errands: Errands,
    /// How often it was looked at since something last happened.
    pub looks: i32,
}

/// Whose accounts are due for a look at `now` (real time), the longest overdue first.
pub async fn due(tx: &SystemTx, now: Timestamp, limit: u64) -> Result<Vec<Due>, Error> {
    let rows = row::Entity::find()
        .filter(row::Column::Due.eq(true))
        .filter(row::Column::LookAt.lte(now))
        .filter(row::Column::Id.not_in_subquery(job::quarantined(Work::User)))
        .order_by_asc(row::Column::LookAt)
        .limit(limit)
        .all(tx.conn())
        .await
        .map_err(fault)?;
    rows.into_iter().map(read_due).collect()
}

/// One person with what is to be done, read again.
pub async fn get_due(tx: &SystemTx, id: UserId) -> Result<Option<Due>, Error> {
    row::Entity::find_by_id(id.to_string())
        // What happens to the person meanwhile waits, and makes them due again after this has settled.
        .lock_exclusive()
        .one(tx.conn())
        .await
        .map_err(fault)?
        .map(read_due)
        .transpose()
}

/// Something happened to the person: the reconciler is due at once (`now` is real time).
pub async fn look_again(tx: &impl Tx, id: UserId, now: Timestamp) -> Result<(), Error> {
    update(
        tx,
        id,
        &[
            (row::Column::Due, true.into()),
            (row::Column::Looks, 0.into()),
            (row::Column::LookAt, now.into()),
        ],
    )
    .await
}

/// Adds errands to what is to be done, and the reconciler is due at once (`now` is real time).
pub async fn add_errands(
    tx: &impl Tx,
    id: UserId,
    errands: Errands,
    now: Timestamp,
) -> Result<(), Error> {
    owe(tx, id, errands).await?;
    look_again(tx, id, now).await
}

/// The same, for the reconciler itself, which is at it already.
pub async fn owe(tx: &impl Tx, id: UserId, errands: Errands) -> Result<(), Error> {
    let mut columns = Vec::new();
    for (column, wanted) in [
        (row::Column::Resend, errands.resend),
        (row::Column::ResetAuthenticator, errands.reset_authenticator),
        (row::Column::SignOut, errands.sign_out),
    ] {
        if wanted {
            columns.push((column, true.into()));
        }
    }
    update(tx, id, &columns).await
}

/// Notes a look, the how manieth it is (from 1 on; 0 means that something happened since), what was in the way if anything was, and when the next one is due (real time).
pub async fn looked(
    tx: &SystemTx,
    id: UserId,
    looks: i32,
    look_at: Timestamp,
    trouble: Option<&str>,
) -> Result<(), Error> {
    update(
        tx,
        id,
        &[
            (row::Column::Looks, looks.into()),
            (row::Column::LookAt, look_at.into()),
            (row::Column::Trouble, trouble.map(str::to_owned).into()),
        ],
    )
    .await
}

/// Notes what is in the way.
pub async fn set_trouble(tx: &SystemTx, id: UserId, trouble: &str) -> Result<(), Error> {
    update(
        tx,
        id,
        &[(row::Column::Trouble, Some(trouble.to_owned()).into())],
    )
    .await
}

/// The account has no password of its own, whatever it had before.
pub async fn never_signed_in(tx: &SystemTx, id: UserId) -> Result<(), Error> {
    let never = Option::<Timestamp>::None;
    update(tx, id, &[(row::Column::FirstSignedInAt, never.into())]).await
}

/// Everything is as it should be.
pub async fn settle(tx: &SystemTx, id: UserId) -> Result<(), Error> {
    update(
        tx,
        id,
        &[
            (row::Column::Due, false.into()),
            (row::Column::Looks, 0.into()),
            (row::Column::Trouble, Option::<String>::None.into()),
        ],
    )
    .await
}

/// Records the account that is there now. With an account that is gone went its sessions, its authenticator and its password.
pub async fn set_account(
    tx: &SystemTx,
    id: UserId,
    known: Known,
    username: Option<&Username>,
) -> Result<(), Error> {
    let username = username.map(|name| name.0.clone());
    let mut columns = vec![
        (row::Column::Known, known.as_str().into()),
        (row::Column::Username, username.into()),
    ];
    if known == Known::None {
        for errand in [
            row::Column::Resend,
            row::Column::ResetAuthenticator,
            row::Column::SignOut,
        ] {
            columns.push((errand, false.into()));
        }
    }
    update(tx, id, &columns).await
}

/// Takes a done errand off the list; `false` if something happened to the person since the look that it was done after ([`looked`]).
/// That may have been the same errand, asked for once more while it was under way, so it is left for the next look.
pub async fn errand_done(tx: &SystemTx, id: UserId, errand: Errands) -> Result<bool, Error> {
    let mut query = row::Entity::update_many()
        .filter(row::Column::Id.eq(id.to_string()))
        .filter(row::Column::Looks.gt(0));
    for (column, done) in [
        (row::Column::Resend, errand.resend),
        (row::Column::ResetAuthenticator, errand.reset_authenticator),
        (row::Column::SignOut, errand.sign_out),
    ] {
        if done {
            query = query.col_expr(column, Expr::value(false));
        }
    }
    let done = query.exec(tx.conn()).await.map_err(fault)?;
    Ok(done.rows_affected > 0)
}

/// Records that a first password was mailed (real time).
pub async fn mailed(tx: &SystemTx, id: UserId, now: Timestamp) -> Result<(), Error> {
    update(tx, id, &[(row::Column::MailedAt, now.into())]).await
}

/// Adds one of the vendor's operators, whose account was made by hand; `false` if somebody has the address or the name already.
pub async fn insert_operator(
    tx: &SystemTx,
    id: UserId,
    email: &Email,
    username: &Username,
    now: Timestamp,
    real: Timestamp,
) -> Result<bool, Error> {
    if !insert(tx, id, email, "Operator", now, real).await? {
        return Ok(false);
    }
    set_account(tx, id, Known::Enabled, Some(username)).await?;
    update(
        tx,
        id,
        &[
            (row::Column::Operator, true.into()),
            (row::Column::Due, false.into()),
        ],
    )
    .await?;
    Ok(true)
}

/// Records a sign-in (real time), and whether the person is one of the vendor's operators.
pub async fn signed_in(
    tx: &SystemTx,
    id: UserId,
    operator: bool,
    now: Timestamp,
) -> Result<(), Error> {
    update(
        tx,
        id,
        &[
            (row::Column::LastSignedInAt, now.into()),
            (row::Column::Operator, operator.into()),
        ],
    )
    .await?;
    row::Entity::update_many()
        .col_expr(row::Column::FirstSignedInAt, Expr::value(now))
        .filter(row::Column::Id.eq(id.to_string()))
        .filter(row::Column::FirstSignedInAt.is_null())
        .exec(tx.conn())
        .await
        .map_err(fault)?;
    Ok(())
}

/// Forgets a person who never signed in and has no account.
pub async fn delete(tx: &SystemTx, id: UserId) -> Result<(), Error> {
    row::Entity::delete_many()
        .filter(row::Column::Id.eq(id.to_string()))
        .filter(row::Column::FirstSignedInAt.is_null())
        .exec(tx.conn())
        .await
        .map_err(fault)?;
    Ok(())
}

async fn update(
    tx: &impl Tx,
    id: UserId,
    columns: &[(row::Column, sea_orm::Value)],
) -> Result<(), Error> {
    if columns.is_empty() {
        return Ok(());
    }
    let mut query = row::Entity::update_many().filter(row::Column::Id.eq(id.to_string()));
    for (column, value) in columns {
        query = query.col_expr(*column, Expr::value(value.clone()));
    }
    query.exec(tx.tx()).await.map_err(fault)?;
    Ok(())
}

fn read_due(row: row::Model) -> Result<Due, Error> {
    Ok(Due {
        errands: Errands {
            resend: row.resend,
            reset_authenticator: row.reset_authenticator,
            sign_out: row.sign_out,
        },
        looks: row.looks,
        user: read(row)?,
    })
}

pub(crate) fn read(row: row::Model) -> Result<User, Error> {
    Ok(User {
        id: row.id.parse().map_err(unreadable)?,
        email: row.email.parse().map_err(unreadable)?,
        name: row.name,
        username: row.username.map(Username),
        known: row.known.parse()?,
        operator: row.operator,
        mailed_at: row.mailed_at,
        first_signed_in_at: row.first_signed_in_at,
        last_signed_in_at: row.last_signed_in_at,
        trouble: row.trouble,
        created_at: row.created_at,
    })
}
