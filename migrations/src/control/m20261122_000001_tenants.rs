//! Tenants, their licences, and the registrations that made them.

use sea_orm_migration::{
    prelude::*,
    schema::{
        big_integer_null, integer, string, string_null, timestamp_with_time_zone,
        timestamp_with_time_zone_null,
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
                    .table("tenants")
                    .col(string("id").primary_key())
                    .col(string("name"))
                    .col(string("state"))
                    .col(timestamp_with_time_zone("created_at"))
                    .to_owned(),
            )
            .await?;
        // One licence, one row, whatever the number of posts that race for it: the unique key is what decides.
        manager
            .create_table(
                Table::create()
                    .table("licences")
                    .col(string("id").primary_key())
                    .col(string("tenant_id"))
                    .col(string("license_key").unique_key())
                    .col(string("license_arn"))
                    .col(string("product_code"))
                    .col(string("account"))
                    .col(string_null("agreement_id"))
                    .col(string_null("pricing"))
                    .col(timestamp_with_time_zone_null("entitled_since"))
                    .col(string("standing"))
                    .col(timestamp_with_time_zone_null("since"))
                    .col(timestamp_with_time_zone_null("ended_at"))
                    .col(big_integer_null("sealed_through"))
                    .col(big_integer_null("final_hour"))
                    .col(timestamp_with_time_zone("created_at"))
                    .foreign_key(
                        ForeignKey::create()
                            .from("licences", "tenant_id")
                            .to("tenants", "id"),
                    )
                    .to_owned(),
            )
            .await?;
        for (name, column) in [
            ("licences_tenant", "tenant_id"),
            ("licences_agreement", "agreement_id"),
        ] {
            manager
                .create_index(
                    Index::create()
                        .name(name)
                        .table("licences")
                        .col(column)
                        .to_owned(),
                )
                .await?;
        }
        manager
            .create_table(
                Table::create()
                    .table("registrations")
                    .col(string("id").primary_key())
                    .col(string("tenant_id"))
                    .col(string("licence_id").unique_key())
                    .col(string_null("email"))
                    .col(string_null("contact_name"))
                    .col(timestamp_with_time_zone("created_at"))
                    .col(timestamp_with_time_zone_null("completed_at"))
                    .col(integer("looks"))
                    .col(timestamp_with_time_zone("look_at"))
                    .foreign_key(
                        ForeignKey::create()
                            .from("registrations", "tenant_id")
                            .to("tenants", "id"),
                    )
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("registrations_look")
                    .table("registrations")
                    .col("completed_at")
                    .col("look_at")
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("registration_steps")
                    .col(string("tenant_id"))
                    .col(string("registration_id"))
                    .col(string("step"))
                    .col(string("state"))
                    .col(string("message"))
                    .col(integer("failures"))
                    .col(timestamp_with_time_zone("checked_at"))
                    .primary_key(Index::create().col("registration_id").col("step"))
                    .to_owned(),
            )
            .await?;
        Ok(())
    }
}
