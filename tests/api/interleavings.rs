//! What several connections do to each other on PostgreSQL, held in the middle by the very locks that it is about. SQLite has one writer,
//! so there is nothing in between.

use control::audit::verify;
use serde_json::json;
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};
use testkit::{TestApp, database::on_postgres};

/// Somebody at the database, who may do everything.
async fn beside(t: &TestApp) -> PgConnection {
    let url = t.database().url_as("postgres").unwrap();
    PgConnection::connect(&url).await.unwrap()
}

async fn run(conn: &mut PgConnection, sql: &str) -> Result<(), String> {
    let done = conn.execute(sqlx::raw_sql(AssertSqlSafe(sql.to_owned())));
    done.await.map(|_| ()).map_err(|error| error.to_string())
}

/// Until one of the service's connections waits for a lock.
async fn somebody_waits(t: &TestApp) {
    let waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
    while t.number(waiting).await == 0 {
        tokio::task::yield_now().await;
    }
}

/// Security 22, 23: a change that waits for a removal, or for a role that is taken away, does not go on after it.
#[tokio::test]
async fn who_waits_for_their_own_removal_changes_nothing() {
    if !on_postgres() {
        return;
    }
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let tenant = acme.ids().await.0;
    for (change, status) in [
        (
            "UPDATE memberships SET role = 'agent' WHERE user_id = ",
            403,
        ),
        ("DELETE FROM memberships WHERE user_id = ", 403),
        ("UPDATE sessions SET ended_at = now() WHERE user_id = ", 401),
    ] {
        let email = format!("ada{status}{}@acme.example", change.len());
        let ada = t.member(&acme.browser, &email, "admin").await;
        let id = ada.account().await["id"].as_str().unwrap().to_owned();
        let keys = t.count("api_keys", "true").await;
        // As the removal does: the end of the chain is held until it is made.
        let mut removal = beside(&t).await;
        let hold =
            format!("BEGIN; SELECT 1 FROM audit_heads WHERE tenant_id = '{tenant}' FOR UPDATE");
        run(&mut removal, &hold).await.unwrap();
        let body = json!({"name": "n", "mode": "test", "scopes": ["capture"]});
        let asks = ada.browser.post("/api/v1/api-keys", &body);
        let removed = async {
            somebody_waits(&t).await;
            run(&mut removal, &format!("{change}'{id}'; COMMIT"))
                .await
                .unwrap();
        };
        let (answer, ()) = tokio::join!(asks, removed);
        assert_eq!(answer.status, status, "{change}: {}", answer.text());
        assert_eq!(t.count("api_keys", "true").await, keys, "{change}");
    }
}

/// What happens to a person while the reconciler looks at them waits until it has settled, so that it is not settled away.
#[tokio::test]
async fn a_person_who_is_looked_at_is_locked() {
    if !on_postgres() {
        return;
    }
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let ben = t.member(&acme.browser, "ben@acme.example", "agent").await;
    let id = ben.account().await["id"].as_str().unwrap().to_owned();
    let looking = t.app().db.system_write().await.unwrap();
    let known = db::user::get_due(&looking, id.parse().unwrap())
        .await
        .unwrap();
    assert!(known.is_some());
    let mut other = beside(&t).await;
    let change = format!("SELECT 1 FROM users WHERE id = '{id}' FOR UPDATE NOWAIT");
    let refused = run(&mut other, &change).await.unwrap_err();
    assert!(refused.contains("could not obtain lock"), "{refused}");
    looking.commit().await.unwrap();
    run(&mut other, &change).await.unwrap();
}

/// Security 74: lines that are written while the chains are checked are no faults: all is read as it was at one moment.
#[tokio::test]
async fn lines_written_meanwhile_are_no_faults() {
    if !on_postgres() {
        return;
    }
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    // The check comes as far as the lines, and waits there.
    let mut held = beside(&t).await;
    run(
        &mut held,
        "BEGIN; LOCK TABLE audit_log IN ACCESS EXCLUSIVE MODE",
    )
    .await
    .unwrap();
    let checked = verify(&t.app().db, None);
    let meanwhile = async {
        somebody_waits(&t).await;
        // Another line behind the last one, as a change makes it; and its head.
        let tenant = acme.ids().await.0;
        let line = format!(
            "INSERT INTO audit_log (id, tenant_id, at, actor, action, request_id, seq, outcome, previous, hash) \
             SELECT 'aud_0192aaaabbbb7ccc8dddeeeeffff0001', tenant_id, now(), 'x', 'x', 'x', seq + 1, 'done', hash, 'x' FROM audit_heads WHERE tenant_id = '{tenant}'; \
             UPDATE audit_heads SET seq = seq + 1, hash = 'x' WHERE tenant_id = '{tenant}'; COMMIT"
        );
        run(&mut held, &line).await.unwrap();
    };
    let (checked, ()) = tokio::join!(checked, meanwhile);
    for verdict in checked.unwrap().0 {
        assert!(verdict.outcome.is_ok(), "{:?}", verdict.outcome);
    }
}

/// Everybody takes the ends of chains before rows, so nobody waits for somebody who waits for them.
#[tokio::test]
async fn the_ends_of_chains_are_taken_before_rows() {
    if !on_postgres() {
        return;
    }
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let tenant = acme.ids().await.0;
    let ben = t.member(&acme.browser, "ben@acme.example", "agent").await;
    let id = ben.account().await["id"].as_str().unwrap().to_owned();
    let free = async |table: &str, column: &str| {
        let mut other = beside(&t).await;
        let sql = format!("SELECT 1 FROM {table} WHERE {column} = '{id}' FOR UPDATE NOWAIT");
        run(&mut other, &sql).await
    };
    let rows_are_free_while = async |conn: &mut PgConnection| {
        somebody_waits(&t).await;
        for (table, column) in [
            ("users", "id"),
            ("sessions", "user_id"),
            ("memberships", "user_id"),
        ] {
            assert_eq!(free(table, column).await, Ok(()), "{table}");
        }
        run(conn, "COMMIT").await.unwrap();
    };
    let hold = format!("BEGIN; SELECT 1 FROM audit_heads WHERE tenant_id = '{tenant}' FOR UPDATE");
    let mut holder = beside(&t).await;

    run(&mut holder, &hold).await.unwrap();
    tokio::join!(ben.signs_in(), rows_are_free_while(&mut holder));

    acme.signs_in().await;
    run(&mut holder, &hold).await.unwrap();
    let path = format!("/api/v1/users/{id}/authenticator-reset");
    let resets = acme.browser.post(&path, &serde_json::Value::Null);
    let (answer, ()) = tokio::join!(resets, rows_are_free_while(&mut holder));
    let _ = answer.expect(202);
}

/// Of a session that is ended while it is asked about, and one that is asked about while it is ended, no token is left that nobody revokes.
#[tokio::test]
async fn a_sessions_last_token_is_known() {
    if !on_postgres() {
        return;
    }
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let ids = acme.browser.get("/api/v1/account").await.json();
    let text = ids["sessions"][0]["id"].as_str().unwrap().to_owned();
    let id = text.parse().unwrap();
    let now = t.clock.real_now();
    let change = |what: &str| format!("BEGIN; UPDATE sessions SET {what} WHERE id = '{text}'");
    let goes_on = async |held: &mut PgConnection| {
        somebody_waits(&t).await;
        run(held, "COMMIT").await.unwrap();
    };
    let mut held = beside(&t).await;

    run(&mut held, &change("refresh_token = 'the next'"))
        .await
        .unwrap();
    let ends = async {
        let tx = t.app().db.system_write().await.unwrap();
        let token = db::session::end(&tx, id, now).await.unwrap();
        drop(tx);
        token
    };
    let (token, ()) = tokio::join!(ends, goes_on(&mut held));
    assert_eq!(token.as_deref(), Some("the next"));

    run(&mut held, &change("ended_at = now(), refresh_token = NULL"))
        .await
        .unwrap();
    let is_kept = async {
        let tx = t.app().db.system_write().await.unwrap();
        let kept = db::session::checked(&tx, id, "late", false).await.unwrap();
        tx.commit().await.unwrap();
        kept
    };
    let (kept, ()) = tokio::join!(is_kept, goes_on(&mut held));
    assert!(!kept);
    assert_eq!(t.count("sessions", "refresh_token = 'late'").await, 0);
}
