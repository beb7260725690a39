//! The card plane's schema: wrapped private keys and the card plane's own audit trail; no card data in any table so far.
//! Rows of the key pool belong to no tenant yet; every other row of a tenant table names its tenant.

use sea_orm_migration::{MigrationTrait, MigratorTrait, async_trait};

mod m20261122_000001_keys;
mod m20261122_000002_audit;
mod m20261128_000001_wall;
mod m20261128_000002_leases;
mod m20261128_000003_grants;

use crate::wall::Roles;

const ROLES: Roles = Roles {
    tenant: "payphone_card_tenant",
    system: "payphone_card_system",
};

/// Brings the card plane's database up to date.
#[derive(Debug)]
pub struct CardMigrator;

#[async_trait::async_trait]
impl MigratorTrait for CardMigrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261122_000001_keys::Migration),
            Box::new(m20261122_000002_audit::Migration),
            Box::new(m20261128_000001_wall::Migration),
            Box::new(m20261128_000002_leases::Migration),
            Box::new(m20261128_000003_grants::Migration),
        ]
    }
}
