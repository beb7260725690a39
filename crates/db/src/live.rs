//! Marks of what open pages show, for many tenants in one look: a mark is another one when something it stands for has changed.
//! It is a hash, so it tells nothing, and may differ between versions; whoever compares two looks once more than needed then.

use std::{
    collections::BTreeMap,
    hash::{DefaultHasher, Hash, Hasher},
};

use domain::{Error, Timestamp, hour::Hour, id::TenantId, live::Marks};
use sea_orm::{
    ColumnTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{self, Alias, Expr, ExprTrait},
};

use crate::{
    Tx, fault,
    row::{api_key, licence, metering_record, step},
};

#[derive(FromQueryResult, Hash)]
struct StepRow {
    tenant_id: String,
    registration_id: String,
    step: String,
    state: String,
    message: String,
    checked_at: Timestamp,
}

#[derive(FromQueryResult)]
struct UsageRow {
    tenant_id: String,
    state: String,
    records: i64,
    quantity: i64,
}

/// The marks of these tenants; usage counts from the hour `from` on. A tenant of whom nothing is there has marks too.
pub async fn marks(
    tx: &impl Tx,
    tenants: &[TenantId],
    from: Hour,
) -> Result<BTreeMap<TenantId, Marks>, Error> {
    let names: Vec<String> = tenants.iter().map(ToString::to_string).collect();
    let mut setup = Hashes::default();
    let mut usage = Hashes::default();
    let steps = step::Entity::find()
        .filter(step::Column::TenantId.is_in(names.iter().cloned()))
        .order_by_asc(step::Column::RegistrationId)
        .order_by_asc(step::Column::Step)
        .into_model::<StepRow>()
        .all(tx.tx())
        .await
        .map_err(fault)?;
    for row in &steps {
        row.hash(setup.of(&row.tenant_id));
    }
    // The checklist says which key was used last, not when.
    let other = Alias::new("other");
    let last_use = sea_query::Query::select()
        .expr(Expr::col((other.clone(), api_key::Column::LastUsedAt)).max())
        .from_as(api_key::Entity, other.clone())
        .and_where(
            Expr::col((other, api_key::Column::TenantId))
                .equals((api_key::Entity, api_key::Column::TenantId)),
        )
        .to_owned();
    let keys: Vec<(String, String)> = api_key::Entity::find()
        .select_only()
        .columns([api_key::Column::TenantId, api_key::Column::Id])
        .filter(api_key::Column::TenantId.is_in(names.iter().cloned()))
        .filter(api_key::Column::LastUsedAt.in_subquery(last_use))
        .order_by_asc(api_key::Column::TenantId)
        .order_by_asc(api_key::Column::Id)
        .into_tuple()
        .all(tx.tx())
        .await
        .map_err(fault)?;
    for (tenant, key) in &keys {
        key.hash(setup.of(tenant));
    }
    let licences = licence::Entity::find()
        .filter(licence::Column::TenantId.is_in(names.iter().cloned()))
        .order_by_asc(licence::Column::Id)
        .all(tx.tx())
        .await
        .map_err(fault)?;
    for row in &licences {
        let shown = (&row.id, &row.standing, &row.agreement_id, &row.pricing);
        shown.hash(setup.of(&row.tenant_id));
    }
    let records = metering_record::Entity::find()
        .select_only()
        .columns([
            metering_record::Column::TenantId,
            metering_record::Column::State,
        ])
        .column_as(metering_record::Column::Id.count(), "records")
        .column_as(
            Expr::col(metering_record::Column::Quantity)
                .sum()
                .cast_as("bigint"),
            "quantity",
        )
        .filter(metering_record::Column::TenantId.is_in(names))
        .filter(metering_record::Column::Hour.gte(from.number()))
        .group_by(metering_record::Column::TenantId)
        .group_by(metering_record::Column::State)
        .order_by_asc(metering_record::Column::State)
        .into_model::<UsageRow>()
        .all(tx.tx())
        .await
        .map_err(fault)?;
    for row in &records {
        (&row.state, row.records, row.quantity).hash(usage.of(&row.tenant_id));
        if row.quantity > 0 {
            row.state.hash(setup.of(&row.tenant_id));
        }
    }
    let marks = tenants.iter().map(|tenant| {
        let name = tenant.to_string();
        let marks = Marks {
            setup: setup.of(&name).finish(),
            usage: usage.of(&name).finish(),
        };
        (*tenant, marks)
    });
    Ok(marks.collect())
}

/// A hash for each tenant, by its name.
#[derive(Default)]
struct Hashes(BTreeMap<String, DefaultHasher>);

impl Hashes {
    fn of(&mut self, tenant: &str) -> &mut DefaultHasher {
        self.0.entry(tenant.to_owned()).or_default()
    }
}
