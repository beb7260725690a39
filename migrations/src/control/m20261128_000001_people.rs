//! People: who signs in, what they belong to, their browsers, recovery codes and invitations; and mail that is to be sent.
//! Users and sessions belong to no tenant: one person may be in several. Memberships and invitations are tenant tables.

use sea_orm_migration::{
    prelude::*,
    schema::{
        boolean, integer, string, string_null, text, timestamp_with_time_zone,
        timestamp_with_time_zone_null,
    },
};

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        registrations(manager).await?;
        users(manager).await?;
        memberships(manager).await?;
        sessions(manager).await?;
        recovery_codes(manager).await?;
        invitations(manager).await?;
        mails(manager).await
    }
}

/// How often the welcome form was sent lately: each may send a mail to an address that somebody typed.
async fn registrations(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = [
        integer("forms").default(0).to_owned(),
        timestamp_with_time_zone_null("forms_since"),
    ];
    for column in columns {
        let mut alter = Table::alter().table("registrations").to_owned();
        alter.add_column(column);
        manager.alter_table(alter).await?;
    }
    Ok(())
}

async fn users(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("users")
                .col(string("id").primary_key())
                .col(string("email"))
                // In small letters: what decides who is who.
                .col(string("email_key").unique_key())
                .col(string("name"))
                .col(string_null("username").unique_key())
                .col(string("known"))
                .col(boolean("operator"))
                .col(boolean("resend"))
                .col(boolean("reset_authenticator"))
                .col(boolean("sign_out"))
                .col(string_null("trouble"))
                // Whether the reconciler has to look; it clears this when all is as it should be.
                .col(boolean("due"))
                .col(integer("looks"))
                .col(timestamp_with_time_zone("look_at"))
                // When a first password was last mailed: nobody's mailbox is filled by who presses a button often.
                .col(timestamp_with_time_zone_null("mailed_at"))
                .col(timestamp_with_time_zone_null("first_signed_in_at"))
                .col(timestamp_with_time_zone_null("last_signed_in_at"))
                .col(timestamp_with_time_zone("created_at"))
                .to_owned(),
        )
        .await?;
    index(manager, "users_due", "users", &["due", "look_at"]).await
}

async fn memberships(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("memberships")
                .col(string("tenant_id"))
                .col(string("user_id"))
                .col(string("role"))
                .col(timestamp_with_time_zone("created_at"))
                // When the person first came in; until then the first owner's address can be corrected.
                .col(timestamp_with_time_zone_null("first_used_at"))
                .primary_key(Index::create().col("tenant_id").col("user_id"))
                .foreign_key(
                    ForeignKey::create()
                        .from("memberships", "tenant_id")
                        .to("tenants", "id"),
                )
                .foreign_key(
                    ForeignKey::create()
                        .from("memberships", "user_id")
                        .to("users", "id"),
                )
                .to_owned(),
        )
        .await?;
    index(manager, "memberships_user", "memberships", &["user_id"]).await
}

async fn sessions(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("sessions")
                .col(string("id").primary_key())
                .col(string("sha256").unique_key())
                .col(string("user_id"))
                .col(string_null("tenant_id"))
                .col(timestamp_with_time_zone("created_at"))
                .col(timestamp_with_time_zone("seen_at"))
                .col(timestamp_with_time_zone("authenticated_at"))
                // The identity provider's subject, and when it last said that the session may go on.
                .col(string("subject"))
                .col(timestamp_with_time_zone("checked_at"))
                .col(boolean("mfa"))
                .col(boolean("operator"))
                // Sealed by a key that is not in this database.
                .col(string_null("refresh_token"))
                .col(string("user_agent"))
                .col(string("address"))
                .col(timestamp_with_time_zone_null("ended_at"))
                .to_owned(),
        )
        .await?;
    index(
        manager,
        "sessions_user",
        "sessions",
        &["user_id", "ended_at"],
    )
    .await
}

async fn recovery_codes(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("recovery_codes")
                .col(string("user_id"))
                .col(string("sha256"))
                .col(timestamp_with_time_zone("created_at"))
                .primary_key(Index::create().col("user_id").col("sha256"))
                .to_owned(),
        )
        .await
}

async fn invitations(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("invitations")
                .col(string("id").primary_key())
                .col(string("tenant_id"))
                .col(string("email"))
                .col(string("email_key"))
                .col(string("role"))
                .col(string_null("invited_by"))
                // Of the link's secret; set when the mail goes out, and anew with every sending.
                .col(string_null("sha256").unique_key())
                .col(timestamp_with_time_zone("created_at"))
                .col(timestamp_with_time_zone("expires_at"))
                .col(timestamp_with_time_zone_null("accepted_at"))
                .col(timestamp_with_time_zone_null("revoked_at"))
                .foreign_key(
                    ForeignKey::create()
                        .from("invitations", "tenant_id")
                        .to("tenants", "id"),
                )
                .to_owned(),
        )
        .await?;
    index(
        manager,
        "invitations_tenant",
        "invitations",
        &["tenant_id", "email_key"],
    )
    .await
}

async fn mails(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("mails")
                .col(string("id").primary_key())
                .col(string("recipient"))
                .col(string("subject"))
                .col(text("text"))
                .col(string_null("invitation_id"))
                .col(timestamp_with_time_zone("created_at"))
                .col(integer("failures"))
                .col(timestamp_with_time_zone("look_at"))
                .col(string_null("trouble"))
                .col(timestamp_with_time_zone_null("ended_at"))
                .to_owned(),
        )
        .await?;
    index(manager, "mails_due", "mails", &["ended_at", "look_at"]).await
}

async fn index(
    manager: &SchemaManager<'_>,
    name: &'static str,
    table: &'static str,
    columns: &[&'static str],
) -> Result<(), DbErr> {
    let mut index = Index::create().name(name).table(table).to_owned();
    for column in columns {
        index.col(*column);
    }
    manager.create_index(index).await
}
