//! A step of a registration. Row shape of the table `registration_steps`; it leaves this package only as a domain type.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "registration_steps")]
pub struct Model {
    pub tenant_id: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub registration_id: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub step: String,
    pub state: String,
    pub message: String,
    pub failures: i32,
    pub checked_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
