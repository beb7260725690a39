//! A metering record. Row shape of the table `metering_records`; it leaves this package only as a domain type.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "metering_records")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub tenant_id: String,
    pub licence_id: String,
    pub dimension: String,
    pub hour: i64,
    pub quantity: i64,
    pub state: String,
    pub metering_record_id: Option<String>,
    pub attempts: i32,
    pub note: Option<String>,
    pub retry_at: Option<DateTimeUtc>,
    pub changed_at: DateTimeUtc,
    pub sealed_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::licence::Entity",
        from = "Column::LicenceId",
        to = "super::licence::Column::Id"
    )]
    Licence,
}

impl Related<super::licence::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Licence.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
