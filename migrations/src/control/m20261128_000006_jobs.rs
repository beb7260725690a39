//! Jobs that were begun and have not ended: what ends the process each time is known by that.

use sea_orm_migration::{
    prelude::*,
    schema::{integer, string, timestamp_with_time_zone, timestamp_with_time_zone_null},
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
                    .table("jobs")
                    .col(string("work"))
                    .col(string("item"))
                    .col(integer("attempts"))
                    .col(timestamp_with_time_zone("begun_at"))
                    .col(timestamp_with_time_zone_null("quarantined_at"))
                    .primary_key(Index::create().col("work").col("item"))
                    .to_owned(),
            )
            .await?;
        grant(manager, ROLES, "jobs", CHANGE).await
    }
}
