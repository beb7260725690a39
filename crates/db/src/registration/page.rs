//! All tenants' registrations page by page, for the operator: sorted and narrowed by the database.

use domain::{
    Error,
    id::RegistrationId,
    list::{Asked, Order, Text},
    registration::{Registration, StepRecord, StepState},
};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect, QueryTrait,
    sea_query::SelectStatement,
};

use super::{read, read_step};
use crate::{
    SystemTx, fault,
    keyset::by_moment,
    licence,
    like::{has, lowered},
    row::{licence as licence_row, registration as row, step as step_row, tenant},
};

/// Which registrations are asked for. The state is that of the step that holds one up.
pub type Query = Asked<StepState, Order, RegistrationId>;

/// One page of all registrations with their steps.
pub async fn page(
    tx: &SystemTx,
    query: &Query,
    limit: u64,
) -> Result<Vec<(Registration, Vec<StepRecord>)>, Error> {
    let mut found = row::Entity::find();
    if let Some(state) = query.state {
        found = found.filter(stands(state));
    }
    if let Some(text) = &query.text {
        found = found.filter(named(text));
    }
    let found = by_moment(found, row::Column::Id, query.sort, query.after);
    let rows = found.limit(limit).all(tx.conn()).await.map_err(fault)?;
    let ids: Vec<String> = rows.iter().map(|row| row.id.clone()).collect();
    let mut steps = step_row::Entity::find()
        .filter(step_row::Column::RegistrationId.is_in(ids))
        .all(tx.conn())
        .await
        .map_err(fault)?;
    rows.into_iter()
        .map(|row| {
            let own = steps.extract_if(.., |step| step.registration_id == row.id);
            let mut own = own.map(read_step).collect::<Result<Vec<_>, _>>()?;
            own.sort_by_key(|record| record.step);
            Ok((read(row)?, own))
        })
        .collect()
}

/// What `domain::registration::held_up_by` says, in the database's words.
fn stands(state: StepState) -> Condition {
    let failed = || steps_in(StepState::Failed);
    let waiting = || steps_in(StepState::Waiting);
    let id = row::Column::Id;
    match state {
        StepState::Failed => Condition::all().add(id.in_subquery(failed())),
        StepState::Waiting => Condition::all()
            .add(id.in_subquery(waiting()))
            .add(id.not_in_subquery(failed())),
        StepState::Done => Condition::all()
            .add(id.not_in_subquery(waiting()))
            .add(id.not_in_subquery(failed())),
    }
}

fn steps_in(state: StepState) -> SelectStatement {
    step_row::Entity::find()
        .select_only()
        .column(step_row::Column::RegistrationId)
        .filter(step_row::Column::State.eq(state.as_str()))
        .into_query()
}

/// By its id, by what names its licence or its tenant, or by words in the tenant's name.
fn named(text: &Text) -> Condition {
    let licences = licence::named(text, licence_row::Column::Id);
    let tenants = tenant::Entity::find()
        .select_only()
        .column(tenant::Column::Id)
        .filter(has(
            &lowered((tenant::Entity, tenant::Column::Name)),
            text.as_str(),
        ))
        .into_query();
    Condition::any()
        .add(row::Column::Id.eq(text.as_str()))
        .add(row::Column::LicenceId.in_subquery(licences))
        .add(row::Column::TenantId.in_subquery(tenants))
}
