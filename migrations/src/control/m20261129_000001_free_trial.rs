//! Whether a licence came with a free trial, which AWS tells once: in the form of the arrival. Of those from before it is not known.

use sea_orm_migration::{prelude::*, schema::boolean};

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .alter_table(
                Table::alter()
                    .table("licences")
                    .add_column(boolean("free_trial").default(false))
                    .to_owned(),
            )
            .await
    }
}
