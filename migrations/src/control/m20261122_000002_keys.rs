//! Public halves of key pairs, and API keys as hashes.

use sea_orm_migration::{
    prelude::*,
    schema::{
        integer, string, string_null, timestamp_with_time_zone, timestamp_with_time_zone_null,
    },
};

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("public_keys")
                    .col(string("id").primary_key())
                    .col(string("tenant_id"))
                    .col(string("mode"))
                    .col(integer("bits"))
                    .col(string("state"))
                    .col(string("public_key_pem"))
                    .col(string("certificate_pem"))
                    .col(string("fingerprint"))
                    .col(string_null("connect_key_id"))
                    .col(timestamp_with_time_zone("not_before"))
                    .col(timestamp_with_time_zone("not_after"))
                    .col(timestamp_with_time_zone_null("last_used_at"))
                    .col(timestamp_with_time_zone("created_at"))
                    .to_owned(),
            )
            .await?;
        // One active key per tenant and mode; a rotation has one more, retiring.
        manager
            .create_index(
                Index::create()
                    .name("public_keys_one_active")
                    .table("public_keys")
                    .col("tenant_id")
                    .col("mode")
                    .unique()
                    .and_where(Expr::col("state").eq("active"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("api_keys")
                    .col(string("id").primary_key())
                    .col(string("tenant_id"))
                    .col(string("name"))
                    .col(string("mode"))
                    .col(string("scopes"))
                    .col(string("prefix"))
                    .col(string("sha256").unique_key())
                    .col(timestamp_with_time_zone("created_at"))
                    .col(timestamp_with_time_zone_null("last_used_at"))
                    .col(timestamp_with_time_zone_null("revoked_at"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("api_keys_tenant")
                    .table("api_keys")
                    .col("tenant_id")
                    .to_owned(),
            )
            .await?;
        Ok(())
    }
}
