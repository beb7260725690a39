//! The card plane's audit trail: one row for every key made or assigned, written in the transaction that does it.

use sea_orm_migration::{
    prelude::*,
    schema::{string, string_null, timestamp_with_time_zone},
};

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("audit")
                    .col(string("id").primary_key())
                    // Empty for what happens to no tenant, such as a key made ahead.
                    .col(string_null("tenant_id"))
                    .col(timestamp_with_time_zone("at"))
                    .col(string("actor"))
                    .col(string("action"))
                    .col(string("target"))
                    .col(string_null("request_id"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("audit_tenant")
                    .table("audit")
                    .col("tenant_id")
                    .col("at")
                    .to_owned(),
            )
            .await
    }
}
