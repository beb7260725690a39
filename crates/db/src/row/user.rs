//! A person who signs in. Row shape of the table `users`; it leaves this package only as a domain type.

#![expect(
    clippy::struct_excessive_bools,
    reason = "a row is as wide as its table: each column is an errand or a fact of its own"
)]

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "users")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub email: String,
    pub email_key: String,
    pub name: String,
    pub username: Option<String>,
    pub known: String,
    pub operator: bool,
    pub resend: bool,
    pub reset_authenticator: bool,
    pub sign_out: bool,
    pub trouble: Option<String>,
    pub due: bool,
    pub looks: i32,
    pub look_at: DateTimeUtc,
    pub mailed_at: Option<DateTimeUtc>,
    pub first_signed_in_at: Option<DateTimeUtc>,
    pub last_signed_in_at: Option<DateTimeUtc>,
    pub created_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
