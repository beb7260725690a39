//! Leases: which replica does which background work, by the database's own clock.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, string},
};

use super::ROLES;
use crate::wall::{CHANGE, grant};

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
        // The tenant's role too: a change of a tenant's rows by background work looks whether it is still its turn.
        grant(manager, ROLES, "leases", CHANGE).await
    }
}
