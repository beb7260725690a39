//! Creating requests that bore an `Idempotency-Key`, for seven days: what was asked, as a hash, and what was answered, sealed.

use sea_orm_migration::{
    prelude::*,
    schema::{string, text_null, timestamp_with_time_zone},
};

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("idempotency_keys")
                    // A tenant and who acts in it, or a person.
                    .col(string("holder"))
                    .col(string("key"))
                    .col(string("fingerprint"))
                    .col(timestamp_with_time_zone("claimed_at"))
                    // Sealed by a key that is not in this database; none while the request runs.
                    .col(text_null("answer"))
                    .primary_key(Index::create().col("holder").col("key"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("idempotency_keys_age")
                    .table("idempotency_keys")
                    .col("claimed_at")
                    .to_owned(),
            )
            .await
    }
}
