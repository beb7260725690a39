//! What the tenant's role may do, as narrow as what goes through its door: verbs by table, and columns where the rows are of others too.
//! It takes away, and may: nothing of an earlier release runs, since there has been none.

use sea_orm_migration::prelude::*;

use super::ROLES;
use crate::wall::{CURRENT, allow_tenant, run};

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // contract: unused since 0.1.0, the first release
        for (table, privileges) in ALLOWED {
            allow_tenant(manager, ROLES, table, privileges).await?;
        }
        leases(manager).await?;
        sessions(manager).await
    }
}

const ADD: &str = "SELECT, INSERT";
const KEEP: &str = "SELECT, INSERT, UPDATE";

const ALLOWED: &[(&str, &str)] = &[
    // Its own rows: the wall says which.
    ("tenants", KEEP),
    ("licences", KEEP),
    ("registrations", KEEP),
    ("registration_steps", KEEP),
    ("public_keys", ADD),
    ("api_keys", KEEP),
    ("invitations", KEEP),
    // Events stay as they came; which hour bills them may change.
    ("usage_events", "SELECT, INSERT, UPDATE (hour, late)"),
    // AWS's answers are the system's to write.
    ("metering_attempts", "SELECT"),
    // People: found by their address and added, and what is to be done about their accounts.
    (
        "users",
        "SELECT, INSERT, UPDATE (due, looks, look_at, resend, reset_authenticator, sign_out)",
    ),
    // Whether somebody is still signed in; who is removed looks at the tenant no more. No secret, no token.
    (
        "sessions",
        "SELECT (id, user_id, tenant_id, ended_at), UPDATE (tenant_id)",
    ),
    // How many are left, and none of them.
    ("recovery_codes", "SELECT (user_id)"),
    // How many went out, and none of their texts.
    ("mails", "SELECT (invitation_id, created_at), INSERT"),
    // What AWS said of a licence, and no message.
    (
        "inbox",
        "SELECT (state, kind, event_time, agreement_id, license_key)",
    ),
    // The right to update is what a lock asks for.
    ("leases", "SELECT, UPDATE (token)"),
    ("jobs", ""),
    ("idempotency_keys", ""),
];

/// A tenant's transaction locks a lease, and none takes or changes one.
async fn leases(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let (tenant, system) = (ROLES.tenant, ROLES.system);
    for sql in [
        "ALTER TABLE leases ENABLE ROW LEVEL SECURITY".to_owned(),
        format!("CREATE POLICY looks_alone ON leases TO {tenant} USING (true) WITH CHECK (false)"),
        format!("CREATE POLICY all_tenants ON leases TO {system} USING (true) WITH CHECK (true)"),
    ] {
        run(manager, &sql).await?;
    }
    Ok(())
}

/// A tenant's transaction asks about any session of its people, and sends those away that look at the tenant.
async fn sessions(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let (tenant, system) = (ROLES.tenant, ROLES.system);
    for sql in [
        "ALTER TABLE sessions ENABLE ROW LEVEL SECURITY".to_owned(),
        format!("CREATE POLICY looks ON sessions FOR SELECT TO {tenant} USING (true)"),
        format!(
            "CREATE POLICY sends_away ON sessions FOR UPDATE TO {tenant} USING (tenant_id = {CURRENT}) WITH CHECK (tenant_id IS NULL)"
        ),
        format!("CREATE POLICY all_tenants ON sessions TO {system} USING (true) WITH CHECK (true)"),
    ] {
        run(manager, &sql).await?;
    }
    Ok(())
}
