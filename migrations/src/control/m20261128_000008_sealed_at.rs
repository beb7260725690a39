//! When a record was sealed, so that an hour's story can tell it. Records from before keep none.

use sea_orm_migration::{prelude::*, schema::timestamp_with_time_zone_null};

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .alter_table(
                Table::alter()
                    .table("metering_records")
                    .add_column(timestamp_with_time_zone_null("sealed_at"))
                    .to_owned(),
            )
            .await
    }
}
