//! Security 32, 33: the services read the catalogue before they serve, and name every hole in the wall between tenants.
//! On a cluster of the tests' own, since roles are the cluster's. SQLite has no such wall.

use std::{path::Path, sync::Arc};

use db::Database;
use testkit::{
    TestApp,
    database::{TestDatabase, on_postgres},
    postgres::Cluster,
    wall::{Hole, check_grants, unnamed},
};

async fn holes(url: &str) -> String {
    let database = Database::open(url).await.unwrap();
    let checked = database.check_wall().await;
    database.close().await;
    checked.map_or_else(|holes| holes.to_string(), |()| String::new())
}

/// A wall without a hole; none on SQLite.
async fn whole() -> Option<(TestDatabase, Arc<Cluster>)> {
    if !on_postgres() {
        return None;
    }
    let (database, cluster) = TestDatabase::apart();
    assert_eq!(holes(&database.url()).await, "");
    Some((database, cluster))
}

async fn every_one_is_named(list: &[Hole]) {
    let Some((database, _cluster)) = whole().await else {
        return;
    };
    let unnamed = unnamed(&database, list, async || holes(&database.url()).await).await;
    assert!(unnamed.is_empty(), "{unnamed:#?}");
}

const OWN: &str = "tenant_id = NULLIF(current_setting('payphone.tenant', true), '')";

/// Tables and their policies.
#[tokio::test]
async fn every_hole_is_named() {
    let back = |name: &str| -> &'static str {
        format!(
            "ALTER POLICY one_tenant ON {name} TO payphone_tenant USING ({OWN}) WITH CHECK ({OWN})"
        )
        .leak()
    };
    every_one_is_named(&[
        Hole {
            change: "ALTER TABLE memberships NO FORCE ROW LEVEL SECURITY",
            named: "memberships",
            back: "ALTER TABLE memberships FORCE ROW LEVEL SECURITY",
        },
        Hole {
            change: "ALTER TABLE tenants DISABLE ROW LEVEL SECURITY",
            named: "tenants",
            back: "ALTER TABLE tenants ENABLE ROW LEVEL SECURITY",
        },
        Hole {
            change: "CREATE TABLE forgotten (id text, tenant_id text)",
            named: "forgotten",
            back: "DROP TABLE forgotten",
        },
        Hole {
            change: "CREATE SCHEMA elsewhere; CREATE TABLE elsewhere.copies (id text, tenant_id text)",
            named: "elsewhere.copies",
            back: "DROP SCHEMA elsewhere CASCADE",
        },
        Hole {
            change: "ALTER POLICY one_tenant ON licences TO payphone_system",
            named: "licences",
            back: back("licences"),
        },
        Hole {
            change: "ALTER POLICY one_tenant ON licences TO payphone_tenant, payphone_login",
            named: "licences",
            back: back("licences"),
        },
        Hole {
            change: "ALTER POLICY one_tenant ON memberships TO PUBLIC",
            named: "memberships",
            back: back("memberships"),
        },
        Hole {
            change: "CREATE POLICY everybody ON memberships TO PUBLIC USING (true)",
            named: "memberships",
            back: "DROP POLICY everybody ON memberships",
        },
        Hole {
            change: "CREATE POLICY more ON metering_records TO payphone_tenant USING (quantity = 0)",
            named: "metering_records",
            back: "DROP POLICY more ON metering_records",
        },
        Hole {
            change: "ALTER POLICY one_tenant ON usage_events USING (true)",
            named: "usage_events",
            back: back("usage_events"),
        },
        Hole {
            change: "ALTER POLICY one_tenant ON usage_events WITH CHECK (true)",
            named: "usage_events",
            back: back("usage_events"),
        },
        Hole {
            change: "ALTER POLICY one_tenant ON api_keys USING (tenant_id = current_setting('payphone.tenant', true))",
            named: "api_keys",
            back: back("api_keys"),
        },
        Hole {
            change: "DROP POLICY one_tenant ON audit_log; CREATE POLICY one_tenant ON audit_log FOR SELECT TO payphone_tenant USING (true)",
            named: "audit_log",
            back: format!("DROP POLICY one_tenant ON audit_log; CREATE POLICY one_tenant ON audit_log TO payphone_tenant USING ({OWN}) WITH CHECK ({OWN})").leak(),
        },
    ])
    .await;
}

/// Ways around the tables' policies: a view and a function read with the rights of whoever owns them.
#[tokio::test]
async fn every_way_around_is_named() {
    every_one_is_named(&[
        Hole {
            change: "CREATE VIEW past AS SELECT id FROM licences; ALTER VIEW past OWNER TO payphone_owner; \
                     GRANT SELECT ON past TO payphone_tenant",
            named: "past",
            back: "DROP VIEW past",
        },
        Hole {
            change: "CREATE VIEW past AS SELECT id FROM licences; GRANT SELECT (id) ON past TO PUBLIC",
            named: "past",
            back: "DROP VIEW past",
        },
        Hole {
            change: "CREATE MATERIALIZED VIEW past AS SELECT id FROM users; GRANT SELECT ON past TO payphone_system",
            named: "past",
            back: "DROP MATERIALIZED VIEW past",
        },
        Hole {
            change: "CREATE FUNCTION past() RETURNS bigint LANGUAGE sql SECURITY DEFINER AS 'SELECT count(*) FROM public.licences'",
            named: "past",
            back: "DROP FUNCTION past()",
        },
        Hole {
            change: "CREATE TABLE owned (id text); ALTER TABLE owned OWNER TO payphone_system",
            named: "payphone_system owns",
            back: "DROP TABLE owned",
        },
        Hole {
            change: "CREATE SCHEMA elsewhere; CREATE TABLE elsewhere.owned (id text); ALTER TABLE elsewhere.owned OWNER TO payphone_tenant",
            named: "payphone_tenant owns",
            back: "DROP SCHEMA elsewhere CASCADE",
        },
    ])
    .await;
}

/// Roles that may more than their part, and roles that belong to such ones, over others as well.
#[tokio::test]
async fn every_mighty_role_is_named() {
    every_one_is_named(&[
        Hole {
            change: "GRANT postgres TO payphone_login",
            named: "belongs to postgres",
            back: "REVOKE postgres FROM payphone_login",
        },
        Hole {
            change: "CREATE ROLE maker CREATEROLE; CREATE ROLE between; GRANT maker TO between; GRANT between TO payphone_login",
            named: "belongs to maker",
            back: "DROP ROLE maker, between",
        },
        Hole {
            change: "CREATE ROLE seer BYPASSRLS; GRANT seer TO payphone_tenant",
            named: "belongs to seer",
            back: "DROP ROLE seer",
        },
        Hole {
            change: "CREATE ROLE reader; GRANT SELECT (id) ON users TO reader; GRANT reader TO payphone_login",
            named: "belongs to reader",
            back: "DROP OWNED BY reader; DROP ROLE reader",
        },
        Hole {
            change: "GRANT pg_read_all_data TO payphone_tenant",
            named: "belongs to pg_read_all_data",
            back: "REVOKE pg_read_all_data FROM payphone_tenant",
        },
        Hole {
            change: "GRANT payphone_system TO payphone_tenant",
            named: "payphone_tenant belongs to payphone_system",
            back: "REVOKE payphone_system FROM payphone_tenant",
        },
        Hole {
            change: "ALTER ROLE payphone_login REPLICATION",
            named: "payphone_login is",
            back: "ALTER ROLE payphone_login NOREPLICATION",
        },
        Hole {
            change: "ALTER ROLE payphone_login INHERIT",
            named: "without taking it",
            back: "ALTER ROLE payphone_login NOINHERIT",
        },
    ])
    .await;
}

#[tokio::test]
async fn whoever_logs_in_as_somebody_mighty_is_named() {
    let Some((database, _cluster)) = whole().await else {
        return;
    };
    for (role, what) in [("postgres", "superuser"), ("payphone_owner", "owns tables")] {
        let found = holes(&database.url_as(role).unwrap()).await;
        assert!(found.contains(what), "{role}: {found}");
    }
}

/// What reads with its caller's rights, cannot be reached, or belongs to a role without rights, is nobody's way past the wall.
#[tokio::test]
async fn what_is_no_hole_is_not_named() {
    let Some((database, _cluster)) = whole().await else {
        return;
    };
    database
        .write(
            "CREATE VIEW within WITH (security_invoker = true) AS SELECT id FROM licences; GRANT SELECT ON within TO payphone_tenant; \
             CREATE VIEW nobodys AS SELECT id FROM licences; \
             CREATE FUNCTION nobodys() RETURNS bigint LANGUAGE sql SECURITY DEFINER AS 'SELECT count(*) FROM public.licences'; \
             REVOKE EXECUTE ON FUNCTION nobodys() FROM PUBLIC; \
             CREATE ROLE rightless; GRANT rightless TO payphone_login",
        )
        .await;
    assert_eq!(holes(&database.url()).await, "");
}

/// Who may do what with which table, and behind which policies; a wider grant is a line that somebody has to read.
#[tokio::test]
async fn everybody_may_do_exactly_what_is_written() {
    let t = TestApp::start().await;
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("api/grants.txt");
    check_grants(t.database(), &golden).await;
}
