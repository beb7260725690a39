//! Key pairs, with the private half wrapped. Keys made ahead have no tenant, no mode and no certificate until they are assigned.

use sea_orm_migration::{
    prelude::*,
    schema::{
        blob, integer, string, string_null, timestamp_with_time_zone, timestamp_with_time_zone_null,
    },
};

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let unowned = || Expr::col("state").is_in(["pool", "damaged"]);
        manager
            .create_table(
                Table::create()
                    .table("keys")
                    .col(string("id").primary_key())
                    .col(string_null("tenant_id"))
                    .col(string_null("mode"))
                    .col(integer("bits"))
                    .col(string("state"))
                    .col(string("public_key_pem"))
                    .col(string_null("certificate_pem"))
                    .col(string("fingerprint").unique_key())
                    .col(blob("wrapped_private"))
                    .col(blob("wrapped_data_key"))
                    .col(string("wrapping_key_id"))
                    .col(timestamp_with_time_zone_null("not_before"))
                    .col(timestamp_with_time_zone_null("not_after"))
                    .col(timestamp_with_time_zone("created_at"))
                    .col(timestamp_with_time_zone_null("assigned_at"))
                    // A row without a tenant is a key that nobody has, or one that nobody can have; every other names tenant and mode.
                    .check(unowned().or(Expr::col("tenant_id").is_not_null()))
                    .check(unowned().or(Expr::col("mode").is_not_null()))
                    .check(unowned().not().or(Expr::col("tenant_id").is_null()))
                    .to_owned(),
            )
            .await?;
        // Two askers at once: the second one's assignment fails here, whatever they read before.
        manager
            .create_index(
                Index::create()
                    .name("keys_one_active")
                    .table("keys")
                    .col("tenant_id")
                    .col("mode")
                    .unique()
                    .and_where(Expr::col("state").eq("active"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("keys_state")
                    .table("keys")
                    .col("state")
                    .col("bits")
                    .to_owned(),
            )
            .await
    }
}
