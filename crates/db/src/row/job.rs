//! A job that was begun. Row shape of the table `jobs`; it leaves this package only as a domain type.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "jobs")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub work: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub item: String,
    pub attempts: i32,
    pub begun_at: DateTimeUtc,
    pub quarantined_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
