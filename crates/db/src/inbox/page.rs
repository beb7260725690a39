//! The inbox page by page, for the operator: sorted and narrowed by the database.

use domain::{
    Error,
    id::InboxId,
    list::{Asked, Order, Text},
};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect};

use super::{InboxState, Message, read};
use crate::{
    SystemTx, fault,
    keyset::by_moment,
    licence,
    like::{has, lowered},
    row::{inbox as row, licence as licence_row},
};

/// Which messages are asked for.
pub type Query = Asked<InboxState, Order, InboxId>;

/// One page of the inbox.
pub async fn page(tx: &SystemTx, query: &Query, limit: u64) -> Result<Vec<Message>, Error> {
    let mut found = row::Entity::find();
    if let Some(state) = query.state {
        found = found.filter(row::Column::State.eq(state.as_str()));
    }
    if let Some(text) = &query.text {
        found = found.filter(named(text));
    }
    let found = by_moment(found, row::Column::Id, query.sort, query.after);
    let rows = found.limit(limit).all(tx.conn()).await.map_err(fault)?;
    rows.into_iter().map(read).collect()
}

/// By its id or AWS's, by words in its type, or by what names the licence or the agreement that it is about: a tenant as well.
fn named(text: &Text) -> Condition {
    let licences = |column| licence::named(text, column);
    Condition::any()
        .add(row::Column::Id.eq(text.as_str()))
        .add(row::Column::MessageId.eq(text.as_str()))
        .add(row::Column::AgreementId.eq(text.as_str()))
        .add(row::Column::LicenseKey.eq(text.tail()))
        .add(has(
            &lowered((row::Entity, row::Column::DetailType)),
            text.as_str(),
        ))
        .add(row::Column::LicenseKey.in_subquery(licences(licence_row::Column::LicenseKey)))
        .add(row::Column::AgreementId.in_subquery(licences(licence_row::Column::AgreementId)))
}
