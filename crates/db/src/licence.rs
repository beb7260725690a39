//! Licences: queries. A licence is looked up by its key (`l-…`), because AWS spells its ARN in more than one way.

use std::collections::HashMap;

use domain::{
    Error, Timestamp,
    hour::Hour,
    id::{LicenceId, TenantId},
    licence::{Licence, LicenseKey, Pricing},
    lifecycle::Standing,
    list::Text,
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait,
    sea_query::{Expr, ExprTrait, OnConflict, SelectStatement},
};

use crate::{SystemTx, TenantTx, fault, inserted, like::ends, row::licence as row, unreadable};

/// Adds a licence to the transaction's tenant; `false` if the licence is already somebody's.
pub async fn insert(tx: &TenantTx, licence: &Licence) -> Result<bool, Error> {
    let model = row::ActiveModel {
        id: Set(licence.id.to_string()),
        tenant_id: Set(tx.tenant_text()),
        license_key: Set(licence.arn.key().as_str().to_owned()),
        license_arn: Set(licence.arn.as_str().to_owned()),
        product_code: Set(licence.product_code.clone()),
        account: Set(licence.account.as_str().to_owned()),
        agreement_id: Set(licence.agreement_id.clone()),
        pricing: Set(None),
        entitled_since: Set(None),
        standing: Set(licence.standing.as_str().to_owned()),
        since: Set(licence.standing.since()),
        ended_at: Set(licence.standing.ended_at()),
        sealed_through: Set(None),
        final_hour: Set(None),
        created_at: Set(licence.created_at),
        free_trial: Set(licence.free_trial),
        looks_back: Set(true),
    };
    inserted(
        row::Entity::insert(model)
            .on_conflict(
                OnConflict::column(row::Column::LicenseKey)
                    .do_nothing()
                    .to_owned(),
            )
            .exec_without_returning(tx.conn())
            .await,
    )
}

/// Whose licence it is, if it is anybody's.
pub async fn find_by_key(tx: &SystemTx, key: &LicenseKey) -> Result<Option<Licence>, Error> {
    row::Entity::find()
        .filter(row::Column::LicenseKey.eq(key.as_str()))
        .one(tx.conn())
        .await
        .map_err(fault)?
        .map(read)
        .transpose()
}

/// A tenant's licences, oldest first, for callers who may name any tenant: the operator and the card plane.
pub async fn of_tenant(tx: &SystemTx, tenant: TenantId) -> Result<Vec<Licence>, Error> {
    let rows = row::Entity::find()
        .filter(row::Column::TenantId.eq(tenant.to_string()))
        .order_by_asc(row::Column::CreatedAt)
        .all(tx.conn())
        .await
        .map_err(fault)?;
    rows.into_iter().map(read).collect()
}

/// These licences, by their ids, for the operator's view.
pub async fn those(tx: &SystemTx, ids: &[LicenceId]) -> Result<HashMap<LicenceId, Licence>, Error> {
    let rows = row::Entity::find()
        .filter(row::Column::Id.is_in(ids.iter().map(ToString::to_string)))
        .all(tx.conn())
        .await
        .map_err(fault)?;
    let licences = rows.into_iter().map(read);
    licences
        .map(|licence| licence.map(|licence| (licence.id, licence)))
        .collect()
}

/// One column of the licences that a text names: by our id or their tenant's, by AWS's key or ARN, by their agreement, or by the end of
/// their account. For conditions on what belongs to them.
pub(crate) fn named(text: &Text, column: row::Column) -> SelectStatement {
    let mut any = Condition::any()
        .add(row::Column::Id.eq(text.as_str()))
        .add(row::Column::TenantId.eq(text.as_str()))
        .add(row::Column::LicenseKey.eq(text.tail()))
        .add(row::Column::AgreementId.eq(text.as_str()));
    if let Some(digits) = text.account_end() {
        any = any.add(ends(Expr::col(row::Column::Account), digits));
    }
    row::Entity::find()
        .select_only()
        .column(column)
        .filter(column.is_not_null())
        .filter(any)
        .into_query()
}

/// The licences of these tenants, oldest first.
pub async fn of_tenants(tx: &SystemTx, tenants: &[TenantId]) -> Result<Vec<Licence>, Error> {
    let tenants = tenants.iter().map(ToString::to_string);
    let rows = row::Entity::find()
        .filter(row::Column::TenantId.is_in(tenants))
        .order_by_asc(row::Column::CreatedAt)
        .all(tx.conn())
        .await
        .map_err(fault)?;
    rows.into_iter().map(read).collect()
}

/// The tenant's licences, oldest first.
pub async fn list(tx: &TenantTx) -> Result<Vec<Licence>, Error> {
    let rows = row::Entity::find()
        .filter(row::Column::TenantId.eq(tx.tenant_text()))
        .order_by_asc(row::Column::CreatedAt)
        .all(tx.conn())
        .await
        .map_err(fault)?;
    rows.into_iter().map(read).collect()
}

/// One licence of the tenant.
pub async fn get(tx: &TenantTx, id: LicenceId) -> Result<Licence, Error> {
    find_row(tx, id).await.and_then(read)
}

async fn find_row(tx: &TenantTx, id: LicenceId) -> Result<row::Model, Error> {
    row::Entity::find_by_id(id.to_string())
        .filter(row::Column::TenantId.eq(tx.tenant_text()))
        .one(tx.conn())
        .await
        .map_err(fault)?
        .ok_or_else(|| Error::not_found("licence"))
}

/// The licence's metering position.
#[derive(Debug, Clone)]
pub struct Position {
    /// The licence.
    pub licence: Licence,
    /// The last sealed hour; `None` until the licence was first active.
    pub sealed_through: Option<Hour>,
    /// The last hour it can ever have; set when it ends.
    pub final_hour: Option<Hour>,
    /// When GetEntitlements first answered with something.
    pub entitled_since: Option<Timestamp>,
}

/// Reads the licence's metering position.
pub async fn position(tx: &TenantTx, id: LicenceId) -> Result<Position, Error> {
    find_row(tx, id).await.and_then(read_position)
}

/// Reads and locks it for the rest of the transaction, so that ingest and sealing cannot cross.
pub async fn lock_position(tx: &TenantTx, id: LicenceId) -> Result<Position, Error> {
    row::Entity::find_by_id(id.to_string())
        .filter(row::Column::TenantId.eq(tx.tenant_text()))
        .lock_exclusive()
        .one(tx.conn())
        .await
        .map_err(fault)?
        .ok_or_else(|| Error::not_found("licence"))
        .and_then(read_position)
}

/// The same for the licence that AWS knows by this key; `None` if it is none of the tenant's.
pub async fn lock_position_by_key(
    tx: &TenantTx,
    key: &LicenseKey,
) -> Result<Option<Position>, Error> {
    row::Entity::find()
        .filter(row::Column::TenantId.eq(tx.tenant_text()))
        .filter(row::Column::LicenseKey.eq(key.as_str()))
        .lock_exclusive()
        .one(tx.conn())
        .await
        .map_err(fault)?
        .map(read_position)
        .transpose()
}

fn read_position(row: row::Model) -> Result<Position, Error> {
    let sealed_through = row.sealed_through.map(Hour::from_number);
    let final_hour = row.final_hour.map(Hour::from_number);
    let entitled_since = row.entitled_since;
    Ok(Position {
        licence: read(row)?,
        sealed_through,
        final_hour,
        entitled_since,
    })
}

/// Records where the licence stands; `false` if that was known already.
pub async fn set_standing(tx: &TenantTx, id: LicenceId, standing: Standing) -> Result<bool, Error> {
    let known = find_row(tx, id).await?;
    if (known.standing.as_str(), known.since, known.ended_at)
        == (standing.as_str(), standing.since(), standing.ended_at())
    {
        return Ok(false);
    }
    update(tx, id)
        .col_expr(row::Column::Standing, Expr::value(standing.as_str()))
        .col_expr(row::Column::Since, Expr::value(standing.since()))
        .col_expr(row::Column::EndedAt, Expr::value(standing.ended_at()))
        .exec(tx.conn())
        .await
        .map_err(fault)?;
    Ok(true)
}

/// Records what GetEntitlements said about how the licence is paid for. An entitlement is proof of a contract whenever it is
/// seen; its absence says something only as long as nothing is known.
pub async fn set_pricing(
    tx: &TenantTx,
    id: LicenceId,
    pricing: Pricing,
    entitled_since: Option<Timestamp>,
) -> Result<(), Error> {
    let mut update = update(tx, id)
        .col_expr(row::Column::Pricing, Expr::value(pricing.as_str()))
        .col_expr(row::Column::EntitledSince, Expr::value(entitled_since));
    if pricing == Pricing::Subscription {
        update = update.filter(row::Column::Pricing.is_null());
    }
    update.exec(tx.conn()).await.map_err(fault)?;
    Ok(())
}

/// Whether a licence of the tenant that is in force began with a free trial.
pub async fn any_trial(tx: &TenantTx) -> Result<bool, Error> {
    let found = row::Entity::find()
        .filter(row::Column::TenantId.eq(tx.tenant_text()))
        .filter(row::Column::Standing.eq("active"))
        .filter(row::Column::FreeTrial.eq(true))
        .one(tx.conn())
        .await
        .map_err(fault)?;
    Ok(found.is_some())
}

/// Records the agreement, once AWS named it.
pub async fn set_agreement(tx: &TenantTx, id: LicenceId, agreement_id: &str) -> Result<(), Error> {
    update(tx, id)
        .col_expr(row::Column::AgreementId, Expr::value(agreement_id))
        .col_expr(row::Column::LooksBack, Expr::value(true))
        .filter(row::Column::AgreementId.is_null())
        .exec(tx.conn())
        .await
        .map_err(fault)?;
    Ok(())
}

/// Moves the last sealed hour forward.
pub async fn set_sealed_through(tx: &TenantTx, id: LicenceId, hour: Hour) -> Result<(), Error> {
    update(tx, id)
        .col_expr(row::Column::SealedThrough, Expr::value(hour.number()))
        .exec(tx.conn())
        .await
        .map_err(fault)?;
    Ok(())
}

/// Fixes the last hour the licence can ever have.
pub async fn set_final_hour(tx: &TenantTx, id: LicenceId, hour: Hour) -> Result<(), Error> {
    update(tx, id)
        .col_expr(row::Column::FinalHour, Expr::value(hour.number()))
        .exec(tx.conn())
        .await
        .map_err(fault)?;
    Ok(())
}

fn update(tx: &TenantTx, id: LicenceId) -> sea_orm::UpdateMany<row::Entity> {
    row::Entity::update_many()
        .filter(row::Column::Id.eq(id.to_string()))
        .filter(row::Column::TenantId.eq(tx.tenant_text()))
}

/// A licence whose hours may be due for sealing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Due {
    /// Its tenant.
    pub tenant: TenantId,
    /// The licence.
    pub licence: LicenceId,
}

/// Licences whose last sealed hour lies before `before`, or before the last hour they can ever have: by their ids, from after that one on.
///
/// Until it is known how a licence is paid for its hours wait, since a contract must not be sent zeros; one that ended before
/// `give_up_at` waits no longer, because AWS takes final usage for about an hour.
pub async fn due_for_sealing(
    tx: &SystemTx,
    before: Hour,
    give_up_at: Timestamp,
    after: Option<LicenceId>,
    limit: u64,
) -> Result<Vec<Due>, Error> {
    let last = Expr::col(row::Column::FinalHour);
    let mut due = row::Entity::find();
    if let Some(after) = after {
        due = due.filter(row::Column::Id.gt(after.to_string()));
    }
    let rows: Vec<(String, String)> = due
        .select_only()
        .columns([row::Column::TenantId, row::Column::Id])
        .filter(
            Condition::any()
                .add(row::Column::Pricing.is_not_null())
                .add(row::Column::EndedAt.lt(give_up_at)),
        )
        .filter(
            Condition::any()
                .add(
                    Condition::all()
                        .add(row::Column::Standing.eq("active"))
                        .add(row::Column::SealedThrough.lt(before.number())),
                )
                .add(Expr::col(row::Column::SealedThrough).lt(last)),
        )
        .order_by_asc(row::Column::Id)
        .limit(limit)
        .into_tuple()
        .all(tx.conn())
        .await
        .map_err(fault)?;
    rows.into_iter()
        .map(|(tenant, licence)| {
            Ok(Due {
                tenant: tenant.parse().map_err(unreadable)?,
                licence: licence.parse().map_err(unreadable)?,
            })
        })
        .collect()
}

/// The licences an event is about: by its licence, or by its agreement.
pub async fn concerned(
    tx: &SystemTx,
    license_keys: &[LicenseKey],
    agreement_id: Option<&str>,
) -> Result<Vec<Licence>, Error> {
    let mut which = Condition::any();
    if !license_keys.is_empty() {
        let keys = license_keys.iter().map(LicenseKey::as_str);
        which = which.add(row::Column::LicenseKey.is_in(keys));
    }
    if let Some(agreement) = agreement_id {
        which = which.add(row::Column::AgreementId.eq(agreement));
    }
    if which.is_empty() {
        return Ok(Vec::new());
    }
    let rows = row::Entity::find()
        .filter(which)
        .all(tx.conn())
        .await
        .map_err(fault)?;
    rows.into_iter().map(read).collect()
}

/// A licence whose events may lie in the inbox since before it was registered, or before its agreement was known. No more of it is read
/// than names them.
#[derive(Debug, Clone, FromQueryResult)]
pub struct LookingBack {
    id: String,
    license_key: String,
    /// Its agreement, if it is known.
    pub agreement_id: Option<String>,
}

impl LookingBack {
    /// Its key.
    pub fn key(&self) -> LicenseKey {
        LicenseKey::from_stored(self.license_key.clone())
    }
}

/// Licences whose events have still to be looked for.
pub async fn looking_back(tx: &SystemTx, limit: u64) -> Result<Vec<LookingBack>, Error> {
    row::Entity::find()
        .select_only()
        .columns([
            row::Column::Id,
            row::Column::LicenseKey,
            row::Column::AgreementId,
        ])
        .filter(row::Column::LooksBack.eq(true))
        .order_by_asc(row::Column::Id)
        .limit(limit)
        .into_model()
        .all(tx.conn())
        .await
        .map_err(fault)
}

/// Notes that they were looked for by what was known of the licence; if its agreement has become known since, it still looks.
pub async fn looked_back(tx: &SystemTx, licence: &LookingBack) -> Result<(), Error> {
    let same = match &licence.agreement_id {
        Some(agreement) => row::Column::AgreementId.eq(agreement.as_str()),
        None => row::Column::AgreementId.is_null(),
    };
    row::Entity::update_many()
        .col_expr(row::Column::LooksBack, Expr::value(false))
        .filter(row::Column::Id.eq(licence.id.as_str()))
        .filter(same)
        .exec(tx.conn())
        .await
        .map_err(fault)?;
    Ok(())
}

/// Licences with hours to seal that nobody asked AWS about yet: whether they are contracts decides how they are metered.
pub async fn without_pricing(tx: &SystemTx, limit: u64) -> Result<Vec<Licence>, Error> {
    let to_be_sealed = Expr::col(row::Column::SealedThrough).lt(Expr::col(row::Column::FinalHour));
    let rows = row::Entity::find()
        .filter(
            Condition::any()
                .add(row::Column::Standing.eq("active"))
                .add(to_be_sealed),
        )
        .filter(row::Column::Pricing.is_null())
        .order_by_asc(row::Column::CreatedAt)
        .limit(limit)
        .all(tx.conn())
        .await
        .map_err(fault)?;
    rows.into_iter().map(read).collect()
}

pub(crate) fn read(row: row::Model) -> Result<Licence, Error> {
    let standing = match (row.standing.as_str(), row.since, row.ended_at) {
        ("unconfirmed", ..) => Standing::Unconfirmed,
        ("active", Some(since), _) => Standing::Active { since },
        ("ended", since, Some(at)) => Standing::Ended { since, at },
        (other, ..) => return Err(unreadable(format!("licence standing {other:?}"))),
    };
    Ok(Licence {
        id: row.id.parse().map_err(unreadable)?,
        tenant: row.tenant_id.parse().map_err(unreadable)?,
        arn: row.license_arn.parse().map_err(unreadable)?,
        product_code: row.product_code,
        account: row.account.parse().map_err(unreadable)?,
        agreement_id: row.agreement_id,
        pricing: row.pricing.as_deref().map(str::parse).transpose()?,
        standing,
        free_trial: row.free_trial,
        created_at: row.created_at,
    })
}

/// Brings a licence with all its rows from a tenant that nobody ever entered into another one, and closes the one it came from;
/// `false` if somebody was named there, or the licence is not there. `real` is real time.
pub async fn attach(
    tx: &SystemTx,
    id: LicenceId,
    from: TenantId,
    to: TenantId,
    real: Timestamp,
) -> Result<bool, Error> {
    use crate::row::{
        invitation, membership, metering_attempt, metering_record, registration, step, tenant,
        usage_event,
    };
    let (from, to) = (from.to_string(), to.to_string());
    let members = membership::Entity::find()
        .filter(membership::Column::TenantId.eq(from.as_str()))
        .one(tx.conn())
        .await
        .map_err(fault)?;
    let invited = invitation::Entity::find()
        .filter(invitation::Column::TenantId.eq(from.as_str()))
        .filter(invitation::Column::RevokedAt.is_null())
        .one(tx.conn())
        .await
        .map_err(fault)?;
    if members.is_some() || invited.is_some() {
        return Ok(false);
    }
    let moved = row::Entity::update_many()
        .col_expr(row::Column::TenantId, Expr::value(to.as_str()))
        .filter(row::Column::Id.eq(id.to_string()))
        .filter(row::Column::TenantId.eq(from.as_str()))
        .exec(tx.conn())
        .await
        .map_err(fault)?;
    if moved.rows_affected == 0 {
        return Ok(false);
    }
    macro_rules! move_rows {
        ($($table:ident),+) => {
            $($table::Entity::update_many()
                .col_expr($table::Column::TenantId, Expr::value(to.as_str()))
                .filter($table::Column::TenantId.eq(from.as_str()))
                .exec(tx.conn())
                .await
                .map_err(fault)?;)+
        };
    }
    // The tenant was made for this licence alone, so everything of these kinds is the licence's. Its key pair stays behind, unused.
    move_rows!(
        registration,
        step,
        usage_event,
        metering_record,
        metering_attempt
    );
    registration::Entity::update_many()
        .col_expr(registration::Column::Looks, Expr::value(0))
        .col_expr(registration::Column::LookAt, Expr::value(real))
        .col_expr(
            registration::Column::CompletedAt,
            Expr::value(Option::<Timestamp>::None),
        )
        .filter(registration::Column::LicenceId.eq(id.to_string()))
        .exec(tx.conn())
        .await
        .map_err(fault)?;
    tenant::Entity::update_many()
        .col_expr(
            tenant::Column::State,
            Expr::value(domain::tenant::TenantState::Ended.as_str()),
        )
        .filter(tenant::Column::Id.eq(from))
        .exec(tx.conn())
        .await
        .map_err(fault)?;
    Ok(true)
}
