//! What is asked every second or for every page is found by an index, however much there is of it. And licences say whether the events
//! that came before them have still to be looked for: those of today, and those that the version before makes, do.

use sea_orm_migration::{prelude::*, schema::boolean};

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

/// Name, table and columns.
const LOOKUPS: [(&str, &str, &[&str]); 9] = [
    ("licences_look_back", "licences", &["looks_back", "id"]),
    ("inbox_state_id", "inbox", &["state", "id"]),
    (
        "registrations_tenant",
        "registrations",
        &["tenant_id", "created_at"],
    ),
    (
        "registration_steps_tenant",
        "registration_steps",
        &["tenant_id"],
    ),
    ("memberships_role", "memberships", &["tenant_id", "role"]),
    (
        "mails_invitation",
        "mails",
        &["invitation_id", "created_at"],
    ),
    ("api_keys_used", "api_keys", &["tenant_id", "last_used_at"]),
    (
        "metering_records_state",
        "metering_records",
        &["tenant_id", "state", "quantity"],
    ),
    (
        "metering_attempts_tenant",
        "metering_attempts",
        &["tenant_id"],
    ),
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .alter_table(
                Table::alter()
                    .table("licences")
                    .add_column(boolean("looks_back").default(true))
                    .to_owned(),
            )
            .await?;
        for (name, table, columns) in LOOKUPS {
            let mut index = Index::create().name(name).table(table).to_owned();
            for column in columns {
                index.col(*column);
            }
            manager.create_index(index).await?;
        }
        // The new one begins with the same column.
        manager
            .drop_index(Index::drop().name("inbox_state").table("inbox").to_owned())
            .await
    }
}
