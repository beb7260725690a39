//! The audit trail becomes a chain: every line has a place and the hash of the line before; a head per chain says where it ends.
//! Lines from before have no place; they stay readable and are counted apart.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, big_integer_null, string, string_null},
    sea_orm::{ConnectionTrait, DbBackend},
};

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let columns = [
            big_integer_null("seq"),
            string("outcome").default("done").to_owned(),
            string_null("detail"),
            string_null("address"),
            string_null("previous"),
            string_null("hash"),
        ];
        // One at a time: SQLite adds no two columns in one statement.
        for column in columns {
            let mut alter = Table::alter().table("audit_log").to_owned();
            alter.add_column(column);
            manager.alter_table(alter).await?;
        }
        manager
            .create_index(
                Index::create()
                    .name("audit_log_chain")
                    .table("audit_log")
                    .col("tenant_id")
                    .col("seq")
                    .unique()
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("audit_heads")
                    .col(string("tenant_id").primary_key())
                    .col(big_integer("seq"))
                    .col(string("hash"))
                    .to_owned(),
            )
            .await?;
        // On PostgreSQL the application's role may only insert and read; SQLite has no roles, so the table itself refuses.
        if manager.get_database_backend() == DbBackend::Sqlite {
            for change in ["UPDATE", "DELETE"] {
                let sql = format!(
                    "CREATE TRIGGER audit_log_no_{} BEFORE {change} ON audit_log BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END",
                    change.to_lowercase()
                );
                manager.get_connection().execute_unprepared(&sql).await?;
            }
        }
        Ok(())
    }
}
