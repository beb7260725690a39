//! What several connections do to each other on PostgreSQL, held in the middle by the very locks that it is about. SQLite has one writer,
//! so there is nothing in between.

use control::audit::verify;
use serde_json::json;
use sqlx::{
    AssertSqlSafe, ConnectOptions, Connection, Executor, PgConnection, postgres::PgConnectOptions,
};
use testkit::{TestApp, database::on_postgres};

/// Somebody at the database, who may do everything.
pub(crate) async fn beside(t: &TestApp) -> PgConnection {
    let url = t.database().url_as("postgres").unwrap();
    let options: PgConnectOptions = url.parse().unwrap();
    // What a test does behind the product's back is none of the product's log.
    let options = options.disable_statement_logging();
    PgConnection::connect_with(&options).await.unwrap()
}

pub(crate) async fn run(conn: &mut PgConnection, sql: &str) -> Result<(), String> {
    let done = conn.execute(sqlx::raw_sql(AssertSqlSafe(sql.to_owned())));
    done.await.map(|_| ()).map_err(|error| error.to_string())
}

/// How many connections wait for a lock.
const WAITING: &str = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";

/// Until so many connections wait for a lock.
pub(crate) async fn waiting(t: &TestApp, many: i64) {
    while t.number(WAITING).await < many {
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
            waiting(&t, 1).await;
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
        waiting(&t, 1).await;
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
        waiting(&t, 1).await;
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
        waiting(&t, 1).await;
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

/// One event for two licences of a tenant at once: whoever comes second finds it taken, and nothing is a fault.
#[tokio::test]
async fn an_event_that_is_taken_meanwhile_is_a_duplicate() {
    if !on_postgres() {
        return;
    }
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let till = acme.till().await;
    let first = acme.usage("first", 1);
    assert_eq!(till.sends(&first).await["status"], "accepted");
    // As its licence's position is locked and this is another licence's, nothing but the key is in the way.
    let mut other = beside(&t).await;
    let id = domain::id::UsageId::from_uuid(uuid::Uuid::from_u128(7));
    let copy = format!(
        "BEGIN; INSERT INTO usage_events SELECT (jsonb_populate_record(e, jsonb_build_object('id', '{id}', 'event_id', 'both'))).* FROM usage_events e"
    );
    run(&mut other, &copy).await.unwrap();
    let both = [acme.usage("own", 1), acme.usage("both", 1)];
    let sends = till.sends_all(&both);
    let taken = async {
        waiting(&t, 1).await;
        run(&mut other, "COMMIT").await.unwrap();
    };
    let (answer, ()) = tokio::join!(sends, taken);
    let answer = answer.expect(200);
    let said: Vec<_> = answer
        .items()
        .iter()
        .map(|item| item["status"].clone())
        .collect();
    assert_eq!(said, ["accepted", "duplicate"]);
    assert_eq!(t.count("usage_events", "true").await, 3);
    let sum = "SELECT sum(quantity)::bigint FROM metering_records WHERE dimension = 'payments'";
    assert_eq!(t.number(sum).await, 2);
}

/// An operator whose first two sign-ins come at once: the second finds whom the first has added.
#[tokio::test]
async fn an_operators_first_sign_in_may_come_twice() {
    if !on_postgres() {
        return;
    }
    let t = TestApp::start().await;
    let olga = t.person("olga@vendor.example");
    t.identity.foreign_account(&olga.email);
    let passing = || testkit::login::Passing {
        groups: vec!["operators".to_owned()],
        ..t.passing(&olga.email)
    };
    let again = t.person(&olga.email);
    // Both look for her before either has added her: adding waits.
    let mut held = beside(&t).await;
    run(&mut held, "BEGIN; LOCK TABLE users IN SHARE MODE")
        .await
        .unwrap();
    let both =
        futures_util::future::join(olga.signs_in_as(passing()), again.signs_in_as(passing()));
    let goes_on = async {
        waiting(&t, 2).await;
        run(&mut held, "COMMIT").await.unwrap();
    };
    let ((first, second), ()) = tokio::join!(both, goes_on);
    let _ = (first.expect(303), second.expect(303));
    assert_eq!(t.count("users", "operator").await, 1);
    assert_eq!(t.count("sessions", "ended_at IS NULL").await, 2);
}

/// Who is forgotten while they accept an invitation is added again, or not forgotten.
#[tokio::test]
async fn an_account_may_be_forgotten_while_it_is_invited() {
    if !on_postgres() {
        return;
    }
    let t = TestApp::start().await;
    let acme = t.tenant("acme").await;
    let ben = t.person("ben@acme.example");
    ben.is_invited_by(&acme.browser, "agent").await;
    // Known from another tenant that took them back before they ever came.
    let known = "INSERT INTO users SELECT (jsonb_populate_record(u, jsonb_build_object( \
                 'id', replace(u.id, 'usr_0', 'usr_7'), 'email', 'ben@acme.example', 'email_key', 'ben@acme.example', \
                 'username', null, 'first_signed_in_at', null, 'known', 'none', 'due', false))).* FROM users u";
    let mut forgets = beside(&t).await;
    run(&mut forgets, known).await.unwrap();
    assert_eq!(t.count("users", "true").await, 2);
    let mut held = beside(&t).await;
    run(&mut held, "BEGIN; LOCK TABLE memberships IN SHARE MODE")
        .await
        .unwrap();
    let accepts = ben.accepts("Ben Builder");
    let forgotten = async {
        waiting(&t, 1).await;
        // Waits for the invitation to be accepted, or is done before: either way nobody is a member who is not there.
        let forget = run(
            &mut forgets,
            "SET lock_timeout = '200ms'; DELETE FROM users WHERE email_key = 'ben@acme.example' AND first_signed_in_at IS NULL",
        )
        .await;
        run(&mut held, "COMMIT").await.unwrap();
        forget
    };
    let ((), forgotten) = tokio::join!(accepts, forgotten);
    assert!(forgotten.unwrap_err().contains("lock timeout"));
    assert_eq!(t.count("memberships", "true").await, 2);
}
