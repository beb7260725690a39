//! The wall between tenants in the card plane's database, asked past our code: a tenant's role sees its own keys and moves them to another
//! wrapping key, and no more; keys that are nobody's are out of its reach. SQLite has no such wall; there the condition in every query is it.
#![expect(clippy::unwrap_used, reason = "what goes wrong here fails the test")]

use std::path::Path;

use card::{
    key::{Origin, ensure, top_up},
    lease,
    store::Store,
};
use domain::{Mode, id::TenantId};
use sqlx::{Connection, PgConnection};
use testkit::wall::{Hole, changed_as, check_grants, count, enter, run, unnamed};

use crate::card::{Place, app};

const TENANT: &str = "payphone_card_tenant";
const TABLES: [&str; 2] = ["keys", "audit"];

/// What both tenants and nobody have rows of.
struct Stage {
    _place: Place,
    own: String,
    other: String,
    conn: PgConnection,
}

impl Stage {
    /// Two tenants with a key and a line of the trail each, and a key that is nobody's. None on SQLite.
    async fn set() -> Option<Self> {
        let place = Place::new();
        let login = place.database.url_as("payphone_card_login")?;
        let app = app(&place).await;
        let turn = lease::take(&app, None).await.unwrap().unwrap();
        let tenants = [(); 2].map(|()| TenantId::make(&*app.ids));
        for _ in 0..3 {
            assert!(top_up(&app, turn).await.unwrap());
        }
        for tenant in tenants {
            let given = ensure(&app, tenant, Mode::Live, &Origin::default()).await;
            given.unwrap();
        }
        app.store.close().await;
        Some(Self {
            _place: place,
            own: tenants[0].to_string(),
            other: tenants[1].to_string(),
            conn: PgConnection::connect(&login).await.unwrap(),
        })
    }

    /// The number that a query answers to a role, for this tenant.
    async fn count(&mut self, role: &str, tenant: &str, sql: &str) -> i64 {
        run(&mut self.conn, &enter(role, tenant)).await.unwrap();
        let number = count(&mut self.conn, sql).await;
        run(&mut self.conn, "ROLLBACK").await.unwrap();
        number
    }

    /// How many rows the tenant changes by a statement.
    async fn changes(&mut self, sql: &str) -> Result<u64, String> {
        changed_as(&mut self.conn, (TENANT, &self.own), sql).await
    }

    async fn is_refused(&mut self, sql: &str, why: &str) {
        let refused = self.changes(sql).await.unwrap_err();
        assert!(refused.contains(why), "{sql}: {refused}");
    }
}

/// Security 29, 37.
#[tokio::test(flavor = "multi_thread")]
async fn a_tenants_role_sees_its_own_rows_alone() {
    let Some(mut stage) = Stage::set().await else {
        return;
    };
    let (own, other) = (stage.own.clone(), stage.other.clone());
    for table in TABLES {
        let all = format!("SELECT count(*) FROM {table}");
        let of = |which: &str| format!("{all} WHERE tenant_id {which}");
        let (mine, theirs, nobodys) = (
            of(&format!("= '{own}'")),
            of(&format!("= '{other}'")),
            of("IS NULL"),
        );
        for sql in [&mine, &theirs, &nobodys] {
            let there = stage.count("payphone_card_system", "", sql).await;
            assert!(there > 0, "{sql}");
        }
        for (sql, seen) in [(&all, 1), (&mine, 1), (&theirs, 0), (&nobodys, 0)] {
            assert_eq!(stage.count(TENANT, &own, sql).await, seen, "{sql}");
        }
    }
}

/// Security 29, 31: a key is moved to another wrapping key by whose it is, and by nobody else; none is deleted, taken or given away.
#[tokio::test(flavor = "multi_thread")]
async fn a_tenants_role_changes_its_own_keys_wrapping_alone() {
    let Some(mut stage) = Stage::set().await else {
        return;
    };
    let other = stage.other.clone();
    let moved = "UPDATE keys SET wrapped_data_key = '', wrapping_key_id = 'x'";
    assert_eq!(stage.changes(moved).await, Ok(1));
    for sql in [
        format!("{moved} WHERE tenant_id = '{other}'"),
        format!("{moved} WHERE tenant_id IS NULL"),
        format!("{moved} WHERE state = 'pool'"),
    ] {
        assert_eq!(stage.changes(&sql).await, Ok(0), "{sql}");
    }
    let own = stage.own.clone();
    for sql in [
        "DELETE FROM keys",
        "DELETE FROM keys WHERE tenant_id IS NULL",
        "DELETE FROM keys WHERE state = 'pool'",
        // A key of the pool for oneself or for somebody else, one's own for somebody else, and one's own given back.
        &format!(
            "UPDATE keys SET tenant_id = '{own}', mode = 'test', state = 'active' WHERE state = 'pool'"
        ),
        &format!(
            "UPDATE keys SET tenant_id = '{other}', mode = 'test', state = 'active' WHERE state = 'pool'"
        ),
        &format!("UPDATE keys SET tenant_id = '{other}'"),
        "UPDATE keys SET tenant_id = NULL, state = 'pool'",
        "UPDATE keys SET wrapped_private = ''",
        "UPDATE keys SET public_key_pem = ''",
        "UPDATE keys SET state = 'damaged'",
        &format!("INSERT INTO keys SELECT * FROM keys WHERE tenant_id = '{own}'"),
        "TRUNCATE keys",
        "UPDATE audit SET actor = 'x'",
        "DELETE FROM audit",
        "TRUNCATE audit",
    ] {
        stage.is_refused(sql, "permission denied").await;
    }
}

/// Security 31: a line of the trail about somebody else, or about nobody, is refused.
#[tokio::test(flavor = "multi_thread")]
async fn a_line_for_another_tenant_is_refused() {
    let Some(mut stage) = Stage::set().await else {
        return;
    };
    let line = |tenant: &str| {
        format!(
            "INSERT INTO audit (id, tenant_id, at, actor, action, target) VALUES ('x', {tenant}, now(), 'x', 'x', 'x')"
        )
    };
    let (own, other) = (format!("'{}'", stage.own), format!("'{}'", stage.other));
    assert_eq!(stage.changes(&line(&own)).await, Ok(1));
    for tenant in [&other, "NULL"] {
        stage.is_refused(&line(tenant), "row-level security").await;
    }
}

/// Security 30: no tenant, no rows and no error; also where a transaction before had one, and the setting is the empty text.
#[tokio::test(flavor = "multi_thread")]
async fn without_a_tenant_there_are_no_rows_and_no_error() {
    let Some(mut stage) = Stage::set().await else {
        return;
    };
    for before in [None, Some(stage.own.clone())] {
        if let Some(tenant) = &before {
            let entered = enter(TENANT, tenant);
            run(&mut stage.conn, &entered).await.unwrap();
            run(&mut stage.conn, "COMMIT").await.unwrap();
        }
        for table in TABLES {
            let begin = format!("BEGIN; SET LOCAL ROLE {TENANT}");
            run(&mut stage.conn, &begin).await.unwrap();
            let sql = format!("SELECT count(*) FROM {table}");
            let seen = count(&mut stage.conn, &sql).await;
            assert_eq!(seen, 0, "{table} after {before:?}");
            run(&mut stage.conn, "ROLLBACK").await.unwrap();
        }
    }
}

/// What is the system's is out of a tenant's reach, and everything is out of the login's until it takes a role.
#[tokio::test(flavor = "multi_thread")]
async fn the_systems_tables_are_out_of_reach() {
    let Some(mut stage) = Stage::set().await else {
        return;
    };
    for sql in [
        "SELECT count(*) FROM leases",
        "UPDATE leases SET holder = 'x'",
        "DELETE FROM leases",
        "INSERT INTO seaql_migrations (version, applied_at) VALUES ('x', 0)",
        "DELETE FROM seaql_migrations",
        "CREATE TABLE public.mine (id text)",
    ] {
        stage.is_refused(sql, "permission denied").await;
    }
    for table in ["keys", "audit", "leases"] {
        let sql = format!("SELECT count(*) FROM {table}");
        let refused = run(&mut stage.conn, &sql).await.unwrap_err();
        assert!(refused.contains("permission denied"), "{refused}");
    }
}

/// Security 32, 33: what the control plane's suite asks of every hole, here of some.
#[tokio::test(flavor = "multi_thread")]
async fn holes_are_named() {
    let place = Place::new();
    let Some(url) = place.database.url_as("payphone_card_login") else {
        return;
    };
    let check = async || {
        let store = Store::open(&url).await.unwrap();
        let checked = store.check_wall().await;
        store.close().await;
        checked.map_or_else(|holes| holes.to_string(), |()| String::new())
    };
    assert_eq!(check().await, "");
    let holes = [
        Hole {
            // As it was once.
            change: "ALTER POLICY one_tenant ON keys USING (tenant_id = NULLIF(current_setting('payphone.tenant', true), '') \
                     OR (tenant_id IS NULL AND NULLIF(current_setting('payphone.tenant', true), '') IS NOT NULL))",
            named: "keys",
            back: "ALTER POLICY one_tenant ON keys USING (tenant_id = NULLIF(current_setting('payphone.tenant', true), ''))",
        },
        Hole {
            change: "CREATE POLICY more ON audit TO PUBLIC USING (true)",
            named: "audit",
            back: "DROP POLICY more ON audit",
        },
        Hole {
            change: "ALTER TABLE keys NO FORCE ROW LEVEL SECURITY",
            named: "keys",
            back: "ALTER TABLE keys FORCE ROW LEVEL SECURITY",
        },
        Hole {
            change: "CREATE VIEW past AS SELECT wrapped_private FROM keys; GRANT SELECT ON past TO payphone_card_tenant",
            named: "past",
            back: "DROP VIEW past",
        },
        Hole {
            change: "CREATE FUNCTION past() RETURNS bytea LANGUAGE sql SECURITY DEFINER \
                     AS 'SELECT wrapped_private FROM public.keys LIMIT 1'",
            named: "past",
            back: "DROP FUNCTION past()",
        },
    ];
    let unnamed = unnamed(&place.database, &holes, check).await;
    assert!(unnamed.is_empty(), "{unnamed:#?}");
}

/// Who may do what with which table, and behind which policies; a wider grant is a line that somebody has to read.
#[tokio::test(flavor = "multi_thread")]
async fn everybody_may_do_exactly_what_is_written() {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("card/grants.txt");
    check_grants(&Place::new().database, &golden).await;
}
