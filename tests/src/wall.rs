//! The wall between tenants in PostgreSQL itself, asked past the product's code: as its roles, on a connection of the test's own.
//! Also what its roles may do, as a text that stands beside the suites. SQLite has no such wall.

use std::{fmt::Write, path::Path};

use sqlx::{AssertSqlSafe, Executor, PgConnection, Row};

use crate::database::{RawLook, TestDatabase};

/// The beginning of a transaction of this role, for this tenant.
pub fn enter(role: &str, tenant: &str) -> String {
    format!("BEGIN; SET LOCAL ROLE {role}; SELECT set_config('payphone.tenant', '{tenant}', true)")
}

/// Runs statements; the refusal, if there is one.
///
/// # Errors
/// The refusal, as PostgreSQL words it.
pub async fn run(conn: &mut PgConnection, sql: &str) -> Result<(), String> {
    let done = conn.execute(sqlx::raw_sql(AssertSqlSafe(sql.to_owned())));
    done.await.map(|_| ()).map_err(|error| error.to_string())
}

/// The one number that a query answers.
pub async fn count(conn: &mut PgConnection, sql: &str) -> i64 {
    let row = conn.fetch_one(AssertSqlSafe(sql.to_owned())).await;
    row.unwrap_or_else(|error| panic!("{sql}: {error}")).get(0)
}

/// How many rows one statement changes as this role, for this tenant; nothing lasts. The refusal, if there is one.
///
/// # Errors
/// The refusal, as PostgreSQL words it.
pub async fn changed_as(
    conn: &mut PgConnection,
    (role, tenant): (&str, &str),
    sql: &str,
) -> Result<u64, String> {
    run(conn, &enter(role, tenant)).await?;
    let done = conn.execute(AssertSqlSafe(sql.to_owned())).await;
    run(conn, "ROLLBACK").await?;
    done.map(|done| done.rows_affected())
        .map_err(|error| error.to_string())
}

/// A hole that a test makes.
#[derive(Debug)]
pub struct Hole {
    /// What makes it.
    pub change: &'static str,
    /// What the check has to say of it.
    pub named: &'static str,
    /// What closes it again.
    pub back: &'static str,
}

/// Makes one hole after the other; answers those that the check does not name, with what it said instead.
///
/// # Panics
/// If a hole does not close again.
pub async fn unnamed(
    database: &TestDatabase,
    holes: &[Hole],
    check: impl AsyncFn() -> String,
) -> Vec<String> {
    let mut unnamed = Vec::new();
    for Hole {
        change,
        named,
        back,
    } in holes
    {
        database.write(change).await;
        let said = check().await;
        if !said.contains(named) {
            unnamed.push(format!("{change}: {said:?}"));
        }
        database.write(back).await;
        assert_eq!(check().await, "", "{back}");
    }
    unnamed
}

/// What may be done to which table by whom, and behind which policies: one line each.
const GRANTS: &str = "\
    WITH tables AS ( \
        SELECT oid, relname, relowner, relacl FROM pg_class \
        WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm')), \
    given AS ( \
        SELECT t.relname, a.grantee, a.privilege_type AS verb, NULL AS columns \
        FROM tables t, aclexplode(t.relacl) a WHERE a.grantee <> t.relowner \
        UNION ALL \
        SELECT t.relname, a.grantee, a.privilege_type, string_agg(c.attname, ', ' ORDER BY c.attnum) \
        FROM tables t JOIN pg_attribute c ON c.attrelid = t.oid, aclexplode(c.attacl) a \
        WHERE a.grantee <> t.relowner GROUP BY 1, 2, 3) \
    SELECT coalesce(nullif(grantee, 0)::regrole::text, 'PUBLIC'), relname::text, \
        string_agg(verb || coalesce(' (' || columns || ')', ''), ', ' \
            ORDER BY array_position('{SELECT,INSERT,UPDATE,DELETE}', verb)) \
    FROM given GROUP BY 1, 2 \
    UNION ALL \
    SELECT array_to_string(ARRAY(SELECT coalesce(nullif(r, 0)::regrole::text, 'PUBLIC') FROM unnest(p.polroles) AS r), ', '), \
        t.relname::text, 'policy ' || p.polname || ': ' || CASE WHEN sees = makes THEN sees ELSE concat(sees, ' / ', makes) END \
    FROM pg_policy p JOIN tables t ON t.oid = p.polrelid, \
        replace(pg_get_expr(p.polqual, t.oid), 'NULLIF(current_setting(''payphone.tenant''::text, true), ''''::text)', 'its own') AS sees, \
        replace(pg_get_expr(p.polwithcheck, t.oid), 'NULLIF(current_setting(''payphone.tenant''::text, true), ''''::text)', 'its own') AS makes \
    ORDER BY 1, 2, 3";

/// Compares what everybody but the owner may do with the text in that file (`UPDATE_GOLDEN=1` writes it anew). Nothing on SQLite.
///
/// # Panics
/// If they differ.
pub async fn check_grants(database: &TestDatabase, golden: &Path) {
    if database.url_as("postgres").is_none() {
        return;
    }
    let mut grants = String::new();
    for row in RawLook::open(database).await.rows(GRANTS).await {
        let _ = writeln!(grants, "{:21} {:18} {}", row[0], row[1], row[2]);
    }
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(golden, grants).expect("the golden text is written");
        return;
    }
    let known = std::fs::read_to_string(golden).unwrap_or_default();
    let lines = |text: &str, other: &str, sign: char| {
        let other: Vec<&str> = other.lines().collect();
        let mut differing = String::new();
        for line in text.lines().filter(|line| !other.contains(line)) {
            let _ = writeln!(differing, "{sign} {line}");
        }
        differing
    };
    assert!(
        known == grants,
        "not as in {} (UPDATE_GOLDEN=1 takes it over):\n{}{}",
        golden.display(),
        lines(&known, &grants, '-'),
        lines(&grants, &known, '+')
    );
}
