//! Registrations and their steps: queries.

use domain::{
    Error, Timestamp,
    id::{LicenceId, RegistrationId, TenantId},
    job::Work,
    registration::{Contact, Registration, Step, StepRecord, StepState},
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, UpdateMany,
    sea_query::{Expr, ExprTrait, OnConflict},
};

mod page;

pub use page::{Query, page};

use crate::{
    SystemTx, TenantTx, fault, job,
    row::{registration as row, step as step_row},
    unreadable,
};

/// Adds a registration to the transaction's tenant; `look_at` is real time.
pub async fn insert(
    tx: &TenantTx,
    id: RegistrationId,
    licence: LicenceId,
    now: Timestamp,
    look_at: Timestamp,
) -> Result<(), Error> {
    let registration = row::ActiveModel {
        id: Set(id.to_string()),
        tenant_id: Set(tx.tenant_text()),
        licence_id: Set(licence.to_string()),
        email: Set(None),
        contact_name: Set(None),
        created_at: Set(now),
        completed_at: Set(None),
        looks: Set(0),
        look_at: Set(look_at),
        forms: Set(0),
        forms_since: Set(None),
    };
    row::Entity::insert(registration)
        .exec_without_returning(tx.conn())
        .await
        .map_err(fault)?;
    Ok(())
}

/// The registration that began with this licence.
pub async fn for_licence(tx: &TenantTx, licence: LicenceId) -> Result<Registration, Error> {
    row::Entity::find()
        .filter(row::Column::LicenceId.eq(licence.to_string()))
        .filter(row::Column::TenantId.eq(tx.tenant_text()))
        .one(tx.conn())
        .await
        .map_err(fault)?
        .ok_or_else(|| Error::not_found("registration"))
        .and_then(read)
}

/// The tenant's registrations, oldest first.
pub async fn list(tx: &TenantTx) -> Result<Vec<Registration>, Error> {
    let rows = row::Entity::find()
        .filter(row::Column::TenantId.eq(tx.tenant_text()))
        .order_by_asc(row::Column::CreatedAt)
        .all(tx.conn())
        .await
        .map_err(fault)?;
    rows.into_iter().map(read).collect()
}

/// Records or corrects who the first administrator is.
pub async fn set_contact(
    tx: &TenantTx,
    id: RegistrationId,
    contact: &Contact,
) -> Result<(), Error> {
    row::Entity::update_many()
        .col_expr(row::Column::Email, Expr::value(contact.email.as_str()))
        .col_expr(row::Column::ContactName, Expr::value(contact.name.as_str()))
        .filter(row::Column::Id.eq(id.to_string()))
        .filter(row::Column::TenantId.eq(tx.tenant_text()))
        .exec(tx.conn())
        .await
        .map_err(fault)?;
    Ok(())
}

/// Counts a sending of the welcome form, and answers how many there were since a day ago at most (`now` is real time).
pub async fn count_form(tx: &TenantTx, id: RegistrationId, now: Timestamp) -> Result<i32, Error> {
    let found = row::Entity::find_by_id(id.to_string())
        .filter(row::Column::TenantId.eq(tx.tenant_text()))
        .one(tx.conn())
        .await
        .map_err(fault)?
        .ok_or_else(|| Error::not_found("registration"))?;
    let day = chrono::Duration::days(1);
    let (forms, since) = match found.forms_since {
        Some(since) if now < since + day => (found.forms.saturating_add(1), since),
        _ => (1, now),
    };
    row::Entity::update_many()
        .col_expr(row::Column::Forms, Expr::value(forms))
        .col_expr(row::Column::FormsSince, Expr::value(since))
        .filter(row::Column::Id.eq(id.to_string()))
        .filter(row::Column::TenantId.eq(tx.tenant_text()))
        .exec(tx.conn())
        .await
        .map_err(fault)?;
    Ok(forms)
}

/// Marks the registration as through.
pub async fn set_completed(tx: &TenantTx, id: RegistrationId, now: Timestamp) -> Result<(), Error> {
    row::Entity::update_many()
        .col_expr(row::Column::CompletedAt, Expr::value(now))
        .filter(row::Column::Id.eq(id.to_string()))
        .filter(row::Column::TenantId.eq(tx.tenant_text()))
        .filter(row::Column::CompletedAt.is_null())
        .exec(tx.conn())
        .await
        .map_err(fault)?;
    Ok(())
}

/// The registration's steps, in the order they are shown.
pub async fn steps(tx: &TenantTx, id: RegistrationId) -> Result<Vec<StepRecord>, Error> {
    let rows = step_row::Entity::find()
        .filter(step_row::Column::RegistrationId.eq(id.to_string()))
        .filter(step_row::Column::TenantId.eq(tx.tenant_text()))
        .all(tx.conn())
        .await
        .map_err(fault)?;
    let mut steps = rows
        .into_iter()
        .map(read_step)
        .collect::<Result<Vec<_>, _>>()?;
    steps.sort_by_key(|record| record.step);
    Ok(steps)
}

/// Records what is known about a step. A step that is done stays done.
pub async fn record_step(
    tx: &TenantTx,
    id: RegistrationId,
    record: &StepRecord,
) -> Result<(), Error> {
    let model = step_row::ActiveModel {
        tenant_id: Set(tx.tenant_text()),
        registration_id: Set(id.to_string()),
        step: Set(record.step.as_str().to_owned()),
        state: Set(record.state.as_str().to_owned()),
        message: Set(record.message.clone()),
        failures: Set(record.failures),
        checked_at: Set(record.checked_at),
    };
    let columns = [
        step_row::Column::State,
        step_row::Column::Message,
        step_row::Column::Failures,
        step_row::Column::CheckedAt,
    ];
    step_row::Entity::insert(model)
        .on_conflict(
            OnConflict::columns([step_row::Column::RegistrationId, step_row::Column::Step])
                .update_columns(columns)
                .action_and_where(
                    Expr::col((step_row::Entity, step_row::Column::State))
                        .ne(StepState::Done.as_str()),
                )
                .to_owned(),
        )
        .exec_without_returning(tx.conn())
        .await
        .map(|_| ())
        .or_else(|error| match error {
            sea_orm::DbErr::RecordNotInserted => Ok(()),
            error => Err(fault(error)),
        })
}

/// A registration that is due for a look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Due {
    /// Its tenant.
    pub tenant: TenantId,
    /// The registration.
    pub registration: RegistrationId,
    /// How often it was looked at since something last happened.
    pub looks: i32,
}

/// Which registrations still have a step to take and are due for a look at `now` (real time), the longest overdue first.
pub async fn due(tx: &SystemTx, now: Timestamp, limit: u64) -> Result<Vec<Due>, Error> {
    let rows: Vec<(String, String, i32)> = row::Entity::find()
        .select_only()
        .columns([row::Column::TenantId, row::Column::Id, row::Column::Looks])
        .filter(row::Column::CompletedAt.is_null())
        .filter(row::Column::LookAt.lte(now))
        .filter(row::Column::Id.not_in_subquery(job::quarantined(Work::Registration)))
        .order_by_asc(row::Column::LookAt)
        .limit(limit)
        .into_tuple()
        .all(tx.conn())
        .await
        .map_err(fault)?;
    rows.into_iter()
        .map(|(tenant, id, looks)| {
            Ok(Due {
                tenant: tenant.parse().map_err(unreadable)?,
                registration: id.parse().map_err(unreadable)?,
                looks,
            })
        })
        .collect()
}

/// The transaction's registration, by id.
pub async fn get(tx: &TenantTx, id: RegistrationId) -> Result<Registration, Error> {
    row::Entity::find_by_id(id.to_string())
        .filter(row::Column::TenantId.eq(tx.tenant_text()))
        .one(tx.conn())
        .await
        .map_err(fault)?
        .ok_or_else(|| Error::not_found("registration"))
        .and_then(read)
}

fn read(row: row::Model) -> Result<Registration, Error> {
    let contact = match (row.email, row.contact_name) {
        (Some(email), Some(name)) => Some(Contact {
            email: email.parse().map_err(unreadable)?,
            name,
        }),
        _ => None,
    };
    Ok(Registration {
        id: row.id.parse().map_err(unreadable)?,
        tenant: row.tenant_id.parse().map_err(unreadable)?,
        licence: row.licence_id.parse().map_err(unreadable)?,
        contact,
        created_at: row.created_at,
        completed_at: row.completed_at,
    })
}

fn read_step(row: step_row::Model) -> Result<StepRecord, Error> {
    Ok(StepRecord {
        step: row.step.parse::<Step>()?,
        state: row.state.parse()?,
        message: row.message,
        failures: row.failures,
        checked_at: row.checked_at,
    })
}

/// Notes a look and when the next one is due (real time).
pub async fn looked(
    tx: &TenantTx,
    id: RegistrationId,
    looks: i32,
    look_at: Timestamp,
) -> Result<(), Error> {
    row::Entity::update_many()
        .col_expr(row::Column::Looks, Expr::value(looks))
        .col_expr(row::Column::LookAt, Expr::value(look_at))
        .filter(row::Column::Id.eq(id.to_string()))
        .filter(row::Column::TenantId.eq(tx.tenant_text()))
        .exec(tx.conn())
        .await
        .map_err(fault)?;
    Ok(())
}

/// Something happened to the licence: its registration is due at once (`now` is real time).
pub async fn look_again(tx: &TenantTx, licence: LicenceId, now: Timestamp) -> Result<(), Error> {
    let of_licence =
        due_at_once(tx.tenant_text(), now).filter(row::Column::LicenceId.eq(licence.to_string()));
    of_licence.exec(tx.conn()).await.map_err(fault)?;
    Ok(())
}

/// Somebody asks: the tenant's unfinished registrations are due at once (`now` is real time).
pub async fn look_again_at_all(tx: &TenantTx, now: Timestamp) -> Result<(), Error> {
    let all = due_at_once(tx.tenant_text(), now);
    all.exec(tx.conn()).await.map_err(fault)?;
    Ok(())
}

/// Something happened to the tenant's people: its unfinished registrations are due at once (`now` is real time).
pub async fn look_again_at_tenant(
    tx: &SystemTx,
    tenant: TenantId,
    now: Timestamp,
) -> Result<(), Error> {
    let all = due_at_once(tenant.to_string(), now);
    all.exec(tx.conn()).await.map_err(fault)?;
    Ok(())
}

/// Makes the tenant's unfinished registrations due at once, as if nobody had looked yet.
fn due_at_once(tenant: String, now: Timestamp) -> UpdateMany<row::Entity> {
    row::Entity::update_many()
        .col_expr(row::Column::Looks, Expr::value(0))
        .col_expr(row::Column::LookAt, Expr::value(now))
        .filter(row::Column::TenantId.eq(tenant))
        .filter(row::Column::CompletedAt.is_null())
}
