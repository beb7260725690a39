//! The wall between tenants on PostgreSQL: row-level security, forced on the owner too, with a policy for each of a service's two roles.
//! SQLite has no roles and no row-level security; there the condition in every query is the wall.
//!
//! Roles are made by `deploy/postgres/roles.sql`, by somebody who may make roles; the owner of the tables, who runs the migrations, may not.
//! A migration that makes a table puts it behind the wall by [`tenant_table`], or opens it by [`grant_system`] and [`allow_tenant`], to no
//! more than goes through the door: `tests/api/grants.txt` and `tests/card/grants.txt` have the whole of it.
//! The services check the whole catalogue before they serve, and compare the policies of tenant tables word for word (`pool`).

use sea_orm_migration::{
    prelude::*,
    sea_orm::{ConnectionTrait, DbBackend},
};

/// The roles of one service.
#[derive(Clone, Copy)]
pub(crate) struct Roles {
    /// Sees the rows of the tenant that the transaction is for.
    pub(crate) tenant: &'static str,
    /// Sees all of them: what belongs to nobody, and views over all tenants.
    pub(crate) system: &'static str,
}

/// What both roles may do with most tables.
pub(crate) const CHANGE: &str = "SELECT, INSERT, UPDATE, DELETE";

/// The tenant of the transaction; nothing, if none was set. The setting is the empty text once a transaction before has set it.
pub(crate) const CURRENT: &str = "NULLIF(current_setting('payphone.tenant', true), '')";

/// Lets both roles use a table.
pub(crate) async fn grant(
    manager: &SchemaManager<'_>,
    roles: Roles,
    table: &str,
    privileges: &str,
) -> Result<(), DbErr> {
    let Roles { tenant, system } = roles;
    run(
        manager,
        &format!("GRANT {privileges} ON {table} TO {tenant}, {system}"),
    )
    .await
}

/// Lets the system's role alone use a table that has no tenant.
pub(crate) async fn grant_system(
    manager: &SchemaManager<'_>,
    roles: Roles,
    table: &str,
) -> Result<(), DbErr> {
    let system = roles.system;
    run(manager, &format!("GRANT {CHANGE} ON {table} TO {system}")).await
}

/// Puts a table behind the wall: one role sees the rows whose `column` is its tenant, and makes no others; the other sees all.
pub(crate) async fn tenant_table(
    manager: &SchemaManager<'_>,
    roles: Roles,
    table: &str,
    column: &str,
    privileges: &str,
) -> Result<(), DbErr> {
    let own = format!("{column} = {CURRENT}");
    behind(manager, roles, table, &own, &own, privileges).await
}

/// The same, with rows that the tenant's role may take although they are nobody's yet. No table is so any more: [`own_rows_alone`].
pub(crate) async fn tenant_table_with_pool(
    manager: &SchemaManager<'_>,
    roles: Roles,
    table: &str,
    column: &str,
    privileges: &str,
) -> Result<(), DbErr> {
    let own = format!("{column} = {CURRENT}");
    let seen = format!("{own} OR ({column} IS NULL AND {CURRENT} IS NOT NULL)");
    behind(manager, roles, table, &seen, &own, privileges).await
}

/// Takes back what [`tenant_table_with_pool`] showed besides.
pub(crate) async fn own_rows_alone(
    manager: &SchemaManager<'_>,
    table: &str,
    column: &str,
) -> Result<(), DbErr> {
    let sql = format!("ALTER POLICY one_tenant ON {table} USING ({column} = {CURRENT})");
    run(manager, &sql).await
}

/// What the tenant's role may do with a table, and nothing besides; nothing at all, if the privileges are empty.
pub(crate) async fn allow_tenant(
    manager: &SchemaManager<'_>,
    roles: Roles,
    table: &str,
    privileges: &str,
) -> Result<(), DbErr> {
    let tenant = roles.tenant;
    run(manager, &format!("REVOKE ALL ON {table} FROM {tenant}")).await?;
    if privileges.is_empty() {
        return Ok(());
    }
    run(
        manager,
        &format!("GRANT {privileges} ON {table} TO {tenant}"),
    )
    .await
}

async fn behind(
    manager: &SchemaManager<'_>,
    roles: Roles,
    table: &str,
    seen: &str,
    made: &str,
    privileges: &str,
) -> Result<(), DbErr> {
    let Roles { tenant, system } = roles;
    for sql in [
        format!("ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"),
        format!("ALTER TABLE {table} FORCE ROW LEVEL SECURITY"),
        format!(
            "CREATE POLICY one_tenant ON {table} TO {tenant} USING ({seen}) WITH CHECK ({made})"
        ),
        format!("CREATE POLICY all_tenants ON {table} TO {system} USING (true) WITH CHECK (true)"),
    ] {
        run(manager, &sql).await?;
    }
    grant(manager, roles, table, privileges).await
}

/// Lets whoever logs in see which migrations have run.
pub(crate) async fn show_migrations(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    run(manager, "GRANT SELECT ON seaql_migrations TO PUBLIC").await
}

/// Runs a statement on PostgreSQL.
pub(crate) async fn run(manager: &SchemaManager<'_>, sql: &str) -> Result<(), DbErr> {
    if manager.get_database_backend() == DbBackend::Postgres {
        manager.get_connection().execute_unprepared(sql).await?;
    }
    Ok(())
}
