//! The wall between tenants on PostgreSQL, around every table so far. The audit trail can be read and added to, and nothing else.

use sea_orm_migration::prelude::*;

use super::ROLES;
use crate::wall::{CHANGE, grant, show_migrations, tenant_table};

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        tenant_table(manager, ROLES, "tenants", "id", CHANGE).await?;
        for table in [
            "licences",
            "registrations",
            "registration_steps",
            "public_keys",
            "api_keys",
            "usage_events",
            "metering_records",
            "metering_attempts",
            "memberships",
            "invitations",
        ] {
            tenant_table(manager, ROLES, table, "tenant_id", CHANGE).await?;
        }
        let add = "SELECT, INSERT";
        tenant_table(manager, ROLES, "audit_log", "tenant_id", add).await?;
        let follow = "SELECT, INSERT, UPDATE";
        tenant_table(manager, ROLES, "audit_heads", "tenant_id", follow).await?;
        // What belongs to the system, to people or to the post.
        for table in [
            "inbox",
            "users",
            "sessions",
            "recovery_codes",
            "mails",
            "idempotency_keys",
        ] {
            grant(manager, ROLES, table, CHANGE).await?;
        }
        show_migrations(manager).await
    }
}
