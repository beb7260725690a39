//! Leases: which replica makes keys ahead, by the database's own clock.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, string},
};

use super::ROLES;
use crate::wall::grant_system;

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("leases")
                    .col(string("name").primary_key())
                    .col(string("holder"))
                    // Rises whenever the lease goes to somebody: what an earlier holder still writes is known by it.
                    .col(big_integer("token"))
                    // Milliseconds of the database's clock.
                    .col(big_integer("until"))
                    .to_owned(),
            )
            .await?;
        // No turn is asked for in what is done for one tenant.
        grant_system(manager, ROLES, "leases").await
    }
}
