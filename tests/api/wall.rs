//! The wall between tenants in PostgreSQL itself, asked past our code: what a forgotten condition could not reach.
//! SQLite has no such wall; there these tests have nothing to ask, and `tenancy` and `roles` are what holds.

use sqlx::{Connection, Executor, PgConnection, Row};
use testkit::{
    TestApp,
    wall::{changed_as, count, enter, run},
};

/// Two tenants with rows in many tables, by their ids; and the address that the service logs in at. None on SQLite.
async fn two(t: &TestApp) -> Option<(String, String, String)> {
    let url = t.database().url_as("payphone_login")?;
    let (acme, other) = (t.tenant("acme").await, t.tenant("other").await);
    for buyer in [&acme, &other] {
        let till = buyer.till().await;
        till.sends(&buyer.usage("one", 1)).await;
        let email = format!("ben@{}.example", buyer.name);
        let _ = t.member(&buyer.browser, &email, "agent").await;
        let body = serde_json::json!({"email": "cid@elsewhere.example", "role": "agent"});
        let _ = buyer
            .browser
            .post("/api/v1/invitations", &body)
            .await
            .expect(201);
    }
    t.an_hour_passes().await;
    t.run_until_sent().await;
    let ids = (acme.ids().await.0, other.ids().await.0);
    Some((ids.0.to_string(), ids.1.to_string(), url))
}

/// Tables with a tenant, and the column that names it.
async fn tables(conn: &mut PgConnection) -> Vec<(String, String)> {
    let sql = "SELECT c.relname::text, a.attname::text FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid \
               WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND c.relname <> 'sessions' \
               AND (a.attname = 'tenant_id' OR (c.relname = 'tenants' AND a.attname = 'id')) ORDER BY 1";
    let rows = conn.fetch_all(sql).await.unwrap();
    rows.iter().map(|row| (row.get(0), row.get(1))).collect()
}

/// Security 29, 37: a tenant's role sees and changes its own rows in every table, whatever it asks for.
#[tokio::test]
async fn a_tenants_role_reaches_its_own_rows_alone() {
    let t = TestApp::start().await;
    let Some((own, other, url)) = two(&t).await else {
        return;
    };
    let mut conn = PgConnection::connect(&url).await.unwrap();
    let tables = tables(&mut conn).await;
    assert!(tables.len() >= 12, "{tables:?}");
    for (table, column) in tables {
        run(&mut conn, &enter("payphone_system", "")).await.unwrap();
        let of = |id: &str| format!("SELECT count(*) FROM {table} WHERE {column} = '{id}'");
        let (mine, theirs) = (
            count(&mut conn, &of(&own)).await,
            count(&mut conn, &of(&other)).await,
        );
        assert!(mine > 0 && theirs > 0, "{table}: {mine} and {theirs} rows");
        run(&mut conn, "ROLLBACK").await.unwrap();

        run(&mut conn, &enter("payphone_tenant", &own))
            .await
            .unwrap();
        assert_eq!(count(&mut conn, &of(&other)).await, 0, "{table}");
        let all = format!("SELECT count(*) FROM {table}");
        assert_eq!(count(&mut conn, &all).await, mine, "{table}");
        run(&mut conn, "ROLLBACK").await.unwrap();
        // What the role may not do at all is in `grants.txt`; nothing that it may do reaches a row of somebody else's.
        for change in [
            format!("UPDATE {table} SET {column} = {column}"),
            format!("DELETE FROM {table}"),
        ] {
            let sql = format!("{change} WHERE {column} = '{other}'");
            match changed_as(&mut conn, ("payphone_tenant", &own), &sql).await {
                Ok(rows) => assert_eq!(rows, 0, "{sql}"),
                Err(refused) => assert!(refused.contains("permission denied"), "{sql}: {refused}"),
            }
        }
    }
}

/// Security 30: no tenant, no rows: on a connection that had one before as well, where the setting is the empty text.
#[tokio::test]
async fn without_a_tenant_there_are_no_rows_and_no_error() {
    let t = TestApp::start().await;
    let Some((own, _, url)) = two(&t).await else {
        return;
    };
    let mut conn = PgConnection::connect(&url).await.unwrap();
    for (table, column) in tables(&mut conn).await {
        for before in [None, Some(&own)] {
            if let Some(tenant) = before {
                run(&mut conn, &enter("payphone_tenant", tenant))
                    .await
                    .unwrap();
                run(&mut conn, "COMMIT").await.unwrap();
            }
            run(&mut conn, "BEGIN; SET LOCAL ROLE payphone_tenant")
                .await
                .unwrap();
            let sql = format!("SELECT count(*) FROM {table} WHERE {column} IS NOT NULL");
            assert_eq!(count(&mut conn, &sql).await, 0, "{table} after {before:?}");
            run(&mut conn, "ROLLBACK").await.unwrap();
        }
    }
    // The login itself has no rights at all until it takes a role.
    let refused = run(&mut conn, "SELECT count(*) FROM users")
        .await
        .unwrap_err();
    assert!(refused.contains("permission denied"), "{refused}");
}

/// Security 31: a row for another tenant is refused, made or moved.
#[tokio::test]
async fn a_row_for_another_tenant_is_refused() {
    let t = TestApp::start().await;
    let Some((own, other, url)) = two(&t).await else {
        return;
    };
    let mut conn = PgConnection::connect(&url).await.unwrap();
    for sql in [
        format!(
            "INSERT INTO memberships (tenant_id, user_id, role, created_at) VALUES ('{other}', 'usr_x', 'owner', now())"
        ),
        format!("UPDATE api_keys SET tenant_id = '{other}'"),
        format!("INSERT INTO audit_heads (tenant_id, seq, hash) VALUES ('{other}x', 0, '')"),
    ] {
        run(&mut conn, &enter("payphone_tenant", &own))
            .await
            .unwrap();
        let refused = run(&mut conn, &sql).await.unwrap_err();
        assert!(refused.contains("row-level security"), "{sql}: {refused}");
        run(&mut conn, "ROLLBACK").await.unwrap();
    }
}

/// What is the system's, people's or the post's: a tenant's role gets what goes through its door, and no secret and nobody else's turn.
/// The whole of what it may is in `grants.txt`.
#[tokio::test]
async fn what_is_no_tenants_is_out_of_reach_but_for_what_the_door_needs() {
    let t = TestApp::start().await;
    let Some((own, other, url)) = two(&t).await else {
        return;
    };
    t.break_database(
        "INSERT INTO leases (name, holder, token, until) VALUES ('one', 'somebody', 1, 1)",
    )
    .await;
    let mut conn = PgConnection::connect(&url).await.unwrap();
    let tenant = ("payphone_tenant", &*own);
    for (sql, why) in [
        ("SELECT sha256 FROM sessions", "permission denied"),
        ("SELECT refresh_token FROM sessions", "permission denied"),
        ("UPDATE sessions SET ended_at = now()", "permission denied"),
        ("SELECT sha256 FROM recovery_codes", "permission denied"),
        ("DELETE FROM recovery_codes", "permission denied"),
        ("SELECT text FROM mails", "permission denied"),
        ("DELETE FROM mails", "permission denied"),
        ("UPDATE users SET email_key = 'x'", "permission denied"),
        ("UPDATE users SET operator = true", "permission denied"),
        ("DELETE FROM users", "permission denied"),
        ("SELECT body FROM inbox", "permission denied"),
        ("UPDATE inbox SET state = 'applied'", "permission denied"),
        ("SELECT 1 FROM jobs", "permission denied"),
        ("SELECT 1 FROM idempotency_keys", "permission denied"),
        ("UPDATE leases SET holder = 'x'", "permission denied"),
        ("DELETE FROM leases", "permission denied"),
        ("UPDATE leases SET token = token + 1", "row-level security"),
        ("UPDATE usage_events SET quantity = 0", "permission denied"),
        ("DELETE FROM usage_events", "permission denied"),
        (
            "UPDATE metering_attempts SET record_id = ''",
            "permission denied",
        ),
    ] {
        let refused = changed_as(&mut conn, tenant, sql).await.unwrap_err();
        assert!(refused.contains(why), "{sql}: {refused}");
    }
    let locked = "SELECT 1 FROM leases FOR KEY SHARE";
    assert_eq!(changed_as(&mut conn, tenant, locked).await, Ok(1));
    // Sessions that look at another tenant stay as they are; those that look at this one look away, and at no other.
    let looking = |id: &str| format!("SELECT count(*) FROM sessions WHERE tenant_id = '{id}'");
    run(&mut conn, &enter("payphone_system", "")).await.unwrap();
    let mine = count(&mut conn, &looking(&own)).await;
    assert!(mine > 0 && count(&mut conn, &looking(&other)).await > 0);
    run(&mut conn, "ROLLBACK").await.unwrap();
    let away = "UPDATE sessions SET tenant_id = NULL";
    let sent = changed_as(&mut conn, tenant, away).await.unwrap();
    assert_eq!(i64::try_from(sent), Ok(mine));
    for to in [&own, &other] {
        let sql = format!("UPDATE sessions SET tenant_id = '{to}'");
        let refused = changed_as(&mut conn, tenant, &sql).await.unwrap_err();
        assert!(refused.contains("row-level security"), "{sql}: {refused}");
    }
}

/// Security 34: what one tenant has cannot be found out by another from a conflict: unique keys begin with the tenant, or are drawn at
/// random, or are AWS's own names for what only that buyer has.
#[tokio::test]
async fn unique_keys_begin_with_the_tenant() {
    let t = TestApp::start().await;
    let Some((.., url)) = two(&t).await else {
        return;
    };
    let mut conn = PgConnection::connect(&url).await.unwrap();
    let sql = "SELECT c.relname::text || ' ' || (SELECT string_agg(a.attname, ', ' ORDER BY k.place) \
                 FROM unnest(i.indkey) WITH ORDINALITY AS k(number, place) \
                 JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.number) \
               FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid \
               WHERE c.relnamespace = 'public'::regnamespace AND i.indisunique AND NOT i.indisprimary \
               AND EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'tenant_id') ORDER BY 1";
    let rows = conn.fetch_all(sql).await.unwrap();
    let keys: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
    let others: Vec<&str> = keys
        .iter()
        .map(String::as_str)
        .filter(|key| !key.contains(" tenant_id"))
        .collect();
    let known = [
        // Of 256 random bits each.
        "api_keys sha256",
        "invitations sha256",
        // AWS's name for one purchase.
        "licences license_key",
        // One registration a licence; one record a licence, dimension and hour; one attempt a record: ids of ours.
        "metering_attempts record_id, attempt",
        "metering_records licence_id, dimension, hour",
        "registrations licence_id",
        // Of 256 random bits too.
        "sessions sha256",
    ];
    assert_eq!(others, known, "{keys:#?}");
}
