//! A signed-in browser. Row shape of the table `sessions`; it leaves this package only as a domain type.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "sessions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub sha256: String,
    pub user_id: String,
    pub tenant_id: Option<String>,
    pub created_at: DateTimeUtc,
    pub seen_at: DateTimeUtc,
    pub authenticated_at: DateTimeUtc,
    pub subject: String,
    pub checked_at: DateTimeUtc,
    pub mfa: bool,
    pub operator: bool,
    pub refresh_token: Option<String>,
    pub user_agent: String,
    pub address: String,
    pub ended_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
