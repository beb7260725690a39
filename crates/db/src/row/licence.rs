//! A licence. Row shape of the table `licences`; it leaves this package only as a domain type.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "licences")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub tenant_id: String,
    pub license_key: String,
    pub license_arn: String,
    pub product_code: String,
    pub account: String,
    pub agreement_id: Option<String>,
    pub pricing: Option<String>,
    pub entitled_since: Option<DateTimeUtc>,
    pub standing: String,
    pub since: Option<DateTimeUtc>,
    pub ended_at: Option<DateTimeUtc>,
    pub sealed_through: Option<i64>,
    pub final_hour: Option<i64>,
    pub created_at: DateTimeUtc,
    pub free_trial: bool,
    pub looks_back: bool,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
