//! A usage event. Row shape of the table `usage_events`; it leaves this package only as a domain type.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "usage_events")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub tenant_id: String,
    pub licence_id: String,
    pub source: String,
    pub event_id: String,
    pub meter: String,
    pub mode: String,
    pub dimension: String,
    pub time: DateTimeUtc,
    pub quantity: i64,
    pub hour: i64,
    pub late: bool,
    pub received_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
