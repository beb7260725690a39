//! The inbox: every message that arrived, as it arrived, whether we understood it or not (P1).

use sea_orm_migration::{
    prelude::*,
    schema::{string, string_null, text, timestamp_with_time_zone, timestamp_with_time_zone_null},
};

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("inbox")
                    .col(string("id").primary_key())
                    .col(string("source"))
                    .col(string("message_id"))
                    .col(text("body"))
                    .col(timestamp_with_time_zone("received_at"))
                    .col(string("state"))
                    .col(string_null("note"))
                    .col(string_null("detail_type"))
                    .col(string_null("kind"))
                    .col(timestamp_with_time_zone_null("event_time"))
                    .col(string_null("agreement_id"))
                    .col(string_null("license_key"))
                    .col(string_null("product_code"))
                    .col(string_null("request_id"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("inbox_once")
                    .table("inbox")
                    .col("source")
                    .col("message_id")
                    .unique()
                    .to_owned(),
            )
            .await?;
        for (name, column) in [
            ("inbox_agreement", "agreement_id"),
            ("inbox_license", "license_key"),
            ("inbox_state", "state"),
        ] {
            manager
                .create_index(
                    Index::create()
                        .name(name)
                        .table("inbox")
                        .col(column)
                        .to_owned(),
                )
                .await?;
        }
        Ok(())
    }
}
