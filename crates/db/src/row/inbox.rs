//! A message of the inbox. Row shape of the table `inbox`; it leaves this package only as a domain type.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "inbox")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub source: String,
    pub message_id: String,
    pub body: String,
    pub received_at: DateTimeUtc,
    pub state: String,
    pub note: Option<String>,
    pub detail_type: Option<String>,
    pub kind: Option<String>,
    pub event_time: Option<DateTimeUtc>,
    pub agreement_id: Option<String>,
    pub license_key: Option<String>,
    pub product_code: Option<String>,
    pub request_id: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
