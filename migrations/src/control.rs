//! The control plane's schema. Public halves, masked data and the metering ledger; never a private key, never a digit.
//! Every table with a `tenant_id` is a tenant table; `inbox` belongs to the system, since AWS's events arrive before their tenant;
//! `users`, `sessions`, `recovery_codes` and `mails` belong to people, who may be in several; `idempotency_keys` to whoever sent them,
//! `leases` to the replicas, `jobs` to their work.

use sea_orm_migration::{MigrationTrait, MigratorTrait, async_trait};

mod m20261122_000001_tenants;
mod m20261122_000002_keys;
mod m20261122_000003_inbox;
mod m20261122_000004_metering;
mod m20261122_000005_audit;
mod m20261128_000001_people;
mod m20261128_000002_audit_chain;
mod m20261128_000003_idempotency;
mod m20261128_000004_wall;
mod m20261128_000005_leases;
mod m20261128_000006_jobs;
mod m20261128_000007_grants;
mod m20261128_000008_sealed_at;
mod m20261129_000001_free_trial;
mod m20261129_000002_lookups;

use crate::wall::Roles;

const ROLES: Roles = Roles {
    tenant: "payphone_tenant",
    system: "payphone_system",
};

/// Brings the control plane's database up to date.
#[derive(Debug)]
pub struct ControlMigrator;

#[async_trait::async_trait]
impl MigratorTrait for ControlMigrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261122_000001_tenants::Migration),
            Box::new(m20261122_000002_keys::Migration),
            Box::new(m20261122_000003_inbox::Migration),
            Box::new(m20261122_000004_metering::Migration),
            Box::new(m20261122_000005_audit::Migration),
            Box::new(m20261128_000001_people::Migration),
            Box::new(m20261128_000002_audit_chain::Migration),
            Box::new(m20261128_000003_idempotency::Migration),
            Box::new(m20261128_000004_wall::Migration),
            Box::new(m20261128_000005_leases::Migration),
            Box::new(m20261128_000006_jobs::Migration),
            Box::new(m20261128_000007_grants::Migration),
            Box::new(m20261128_000008_sealed_at::Migration),
            Box::new(m20261129_000001_free_trial::Migration),
            Box::new(m20261129_000002_lookups::Migration),
        ]
    }
}
