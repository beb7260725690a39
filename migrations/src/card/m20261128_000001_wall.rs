//! The wall between tenants on PostgreSQL. Keys made ahead are nobody's, and become a tenant's through its own door; the trail can be
//! read and added to.

use sea_orm_migration::prelude::*;

use super::ROLES;
use crate::wall::{CHANGE, show_migrations, tenant_table, tenant_table_with_pool};

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        tenant_table_with_pool(manager, ROLES, "keys", "tenant_id", CHANGE).await?;
        tenant_table(manager, ROLES, "audit", "tenant_id", "SELECT, INSERT").await?;
        show_migrations(manager).await
    }
}
