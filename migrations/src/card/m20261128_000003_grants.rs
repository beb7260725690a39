//! What the tenant's role may do, as narrow as what goes through its door: it sees its own keys and moves them to another wrapping key.
//! Keys that are nobody's are given away through the system's door. Nobody deletes a key.
//! It takes away, and may: nothing of an earlier release runs, since there has been none.

use sea_orm_migration::prelude::*;

use super::ROLES;
use crate::wall::{allow_tenant, own_rows_alone, run};

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // contract: unused since 0.1.0, the first release
        own_rows_alone(manager, "keys", "tenant_id").await?;
        let rewrap = "SELECT, UPDATE (wrapped_data_key, wrapping_key_id)";
        // contract: unused since 0.1.0, the first release
        allow_tenant(manager, ROLES, "keys", rewrap).await?;
        let system = ROLES.system;
        // contract: unused since 0.1.0, the first release
        run(manager, &format!("REVOKE DELETE ON keys FROM {system}")).await
    }
}
