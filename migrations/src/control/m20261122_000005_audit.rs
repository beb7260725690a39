//! The audit trail: one row for every change, written in the transaction that makes it.

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
                    .table("audit_log")
                    .col(string("id").primary_key())
                    .col(string("tenant_id"))
                    .col(timestamp_with_time_zone("at"))
                    .col(string("actor"))
                    .col(string("action"))
                    .col(string_null("target"))
                    .col(string("request_id"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("audit_log_tenant")
                    .table("audit_log")
                    .col("tenant_id")
                    .col("at")
                    .to_owned(),
            )
            .await?;
        Ok(())
    }
}
