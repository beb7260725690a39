//! A key pair. Row shape of the table `keys`.

use sea_orm::entity::prelude::*;

// sea-orm asks for `Debug`; what it could show of the private half is ciphertext.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "keys")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub tenant_id: Option<String>,
    pub mode: Option<String>,
    pub bits: i32,
    pub state: String,
    pub public_key_pem: String,
    pub certificate_pem: Option<String>,
    pub fingerprint: String,
    pub wrapped_private: Vec<u8>,
    pub wrapped_data_key: Vec<u8>,
    pub wrapping_key_id: String,
    pub not_before: Option<DateTimeUtc>,
    pub not_after: Option<DateTimeUtc>,
    pub created_at: DateTimeUtc,
    pub assigned_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
