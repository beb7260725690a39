//! PostgreSQL: READ COMMITTED with row locks, several processes at once. The login has no rights of its own; every transaction takes
//! the role of its door and says whose rows it is for, in one statement, and both end with it.
//!
//! After a failover a pooled connection to the demoted server still answers and refuses writes, for as long as it lives: so every
//! connection is asked whether it may write before it is used (P8), and one that may not is thrown away.

use std::{str::FromStr, time::Duration};

use domain::Error;
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbErr, IsolationLevel, RuntimeErr,
    SqlxPostgresConnector, Statement, TransactionTrait,
};
use sqlx::{
    Connection, Executor, PgConnection,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use tokio::time::timeout;

use crate::{
    Access, Door, Roles, Statements, Tx, Unopened,
    fault::{Kind, fault, kind},
    statements::within,
};

mod wall;

pub(crate) use wall::check as check_wall;

/// How long a request waits for a connection, and for one statement: together less than the five seconds it may take itself.
const ACQUIRE: Duration = Duration::from_secs(3);
/// Milliseconds: for a statement, for a lock, and between two statements of a transaction whose client went silent.
const TIMEOUTS: &str = "SET statement_timeout = 4000; SET lock_timeout = 3000; SET idle_in_transaction_session_timeout = 10000";
/// How often a transaction is begun anew because the connection turns out to be dead: nothing has happened in it yet.
const BEGINNINGS: u32 = 3;
/// How long that may take together, if the server says nothing.
const BEGINNING: Duration = Duration::from_secs(4);

/// The tenant of the transaction. Policies read it as `NULLIF(current_setting('payphone.tenant', true), '')`: once a transaction of a
/// connection has set it, later ones read the empty text where they would have read nothing.
const SETTING: &str = "payphone.tenant";

pub(crate) async fn open(url: &str, most: u32) -> Result<DatabaseConnection, Unopened> {
    let options = PgConnectOptions::from_str(url)
        .map_err(|e| format!("database.url is not understood: {e}"))?
        .application_name("payphone");
    let place = format!("{}:{}", options.get_host(), options.get_port());
    reach(&options, &place).await?;
    let pool = PgPoolOptions::new()
        .max_connections(most)
        .acquire_timeout(ACQUIRE)
        .test_before_acquire(false)
        .after_connect(|conn, _| {
            Box::pin(async move {
                conn.execute(TIMEOUTS).await?;
                may_write(conn).await?.then_some(()).ok_or_else(|| {
                    sqlx::Error::Protocol("this server is read only: it is no writer".to_owned())
                })
            })
        })
        .before_acquire(|conn, _| Box::pin(may_write(conn)))
        .connect_with(options)
        .await
        .map_err(|e| unreached(&place, &e))?;
    Ok(SqlxPostgresConnector::from_sqlx_postgres_pool(pool))
}

/// One connection before there is a pool, whose own connecting ends with a time-out whatever was in the way.
async fn reach(options: &PgConnectOptions, place: &str) -> Result<(), Unopened> {
    let connecting = timeout(ACQUIRE, PgConnection::connect_with(options));
    let Ok(connected) = connecting.await else {
        return Err(Unopened::passing(format!(
            "the database at {place} does not answer"
        )));
    };
    let mut conn = connected.map_err(|e| unreached(place, &e))?;
    let writes = may_write(&mut conn).await;
    // It ends however that goes.
    let _ = conn.close().await;
    match writes {
        Ok(true) => Ok(()),
        Ok(false) => Err(Unopened::passing(format!(
            "the database at {place} is read only: it is no writer, or none yet"
        ))),
        Err(e) => Err(unreached(place, &e)),
    }
}

fn unreached(place: &str, error: &sqlx::Error) -> Unopened {
    let sentence = format!("the database at {place} cannot be reached: {error}");
    Unopened::because_of_sqlx(error, sentence)
}

/// Migrations may take their time, but wait for nobody's lock for long: who holds one is serving.
const MIGRATION_TIMEOUTS: &str = "SET statement_timeout = 0; SET lock_timeout = 5000";
/// What `migrate` locks, in the database's own space of advisory locks: "payphone", shortened.
const MIGRATION_LOCK: i64 = 0x7061_7970;

/// The pool, and a connection beside it that holds the lock until it is dropped.
pub(crate) async fn open_to_migrate(
    url: &str,
    roles: Roles,
) -> Result<(DatabaseConnection, PgConnection), Unopened> {
    let options = PgConnectOptions::from_str(url)
        .map_err(|e| format!("database.url is not understood: {e}"))?
        .application_name("payphone migrate");
    let place = format!("{}:{}", options.get_host(), options.get_port());
    reach(&options, &place).await?;
    let pool = PgPoolOptions::new()
        .max_connections(2)
        .acquire_timeout(ACQUIRE)
        .after_connect(|conn, _| {
            Box::pin(async move { conn.execute(MIGRATION_TIMEOUTS).await.map(|_| ()) })
        })
        .connect_with(options.clone())
        .await
        .map_err(|e| unreached(&place, &e))?;
    let conn = SqlxPostgresConnector::from_sqlx_postgres_pool(pool);
    let both = [roles.tenant, roles.system].join(",");
    let unmade = ask(&conn, UNMADE, &[both]).await?;
    if !unmade.is_empty() {
        return Err(format!(
            "the roles {} are not there: run deploy/postgres/roles.sql once, as somebody who may make roles",
            unmade.join(" and ")
        )
        .into());
    }
    let mut lock = PgConnection::connect_with(&options)
        .await
        .map_err(|e| unreached(&place, &e))?;
    let locked = async {
        lock.execute(MIGRATION_TIMEOUTS).await?;
        let take = sqlx::query("SELECT pg_advisory_lock($1)").bind(MIGRATION_LOCK);
        take.execute(&mut lock).await
    };
    locked.await.map_err(|e| {
        let sentence = format!("another `migrate` is running: wait for it to end ({e})");
        Unopened::passing(sentence)
    })?;
    Ok((conn, lock))
}

/// A connection with a transaction left over, which nobody should have brought back, may not either.
async fn may_write(conn: &mut PgConnection) -> Result<bool, sqlx::Error> {
    if conn.is_in_transaction() {
        return Ok(false);
    }
    let read_only: String = sqlx::query_scalar("SHOW transaction_read_only")
        .fetch_one(conn)
        .await?;
    Ok(read_only == "off")
}

pub(crate) async fn begin(
    conn: &DatabaseConnection,
    roles: Roles,
    door: Door<'_>,
    access: Access,
) -> Result<Tx, Error> {
    let beginning = async {
        let mut tries = 1;
        loop {
            match begin_once(conn, roles, door, access).await {
                Err(error) if tries < BEGINNINGS && is_dead(&error) => tries += 1,
                outcome => return outcome,
            }
        }
    };
    let tx = within(BEGINNING, beginning).await.map_err(fault)?;
    Ok(Tx {
        tx: Statements(tx),
        _turn: None,
    })
}

/// The connection is dead, rather than none to be had: waiting for one has its own limit.
fn is_dead(error: &DbErr) -> bool {
    !matches!(error, DbErr::ConnectionAcquire(_)) && kind(error) == Kind::Away
}

#[expect(
    clippy::disallowed_methods,
    reason = "this is the door that everybody else must use"
)]
async fn begin_once(
    conn: &DatabaseConnection,
    roles: Roles,
    door: Door<'_>,
    access: Access,
) -> Result<DatabaseTransaction, DbErr> {
    // Otherwise each statement sees what was committed before it.
    let isolation = (access == Access::Snapshot).then_some(IsolationLevel::RepeatableRead);
    let tx = conn.begin_with_config(isolation, None).await?;
    let (role, tenant) = match door {
        Door::Tenant(tenant) => (roles.tenant, tenant),
        Door::System => (roles.system, ""),
    };
    // One statement, one round trip: the role, the tenant, and that a look changes nothing. All three end with the transaction.
    // A change is not declared one: it is asked whether this server still takes changes, which may be over since the connection was
    // looked at. To say so to a server that was made read only would be refused, or would override who made it that.
    let read_only = match access {
        Access::Read | Access::Snapshot => "set_config('transaction_read_only', 'on', true)",
        Access::Write => "current_setting('transaction_read_only')",
    };
    let statement = Statement::from_sql_and_values(
        tx.get_database_backend(),
        format!(
            "SELECT set_config('role', $1, true), set_config($2, $3, true), {read_only} AS read_only"
        ),
        [role.into(), SETTING.into(), tenant.into()],
    );
    let answer = tx.query_one_raw(statement).await?;
    let answer = answer.map(|row| row.try_get::<String>("", "read_only"));
    if access == Access::Write && answer.transpose()?.is_none_or(|answer| answer != "off") {
        return Err(DbErr::Conn(RuntimeErr::Internal(
            "this server has become read only: it is no writer".to_owned(),
        )));
    }
    Ok(tx)
}

/// A text a row, for texts; lists of names go in with commas between, since no name of ours has one.
async fn ask(
    conn: &DatabaseConnection,
    sql: &str,
    values: &[String],
) -> Result<Vec<String>, Unopened> {
    let values = values.iter().map(|value| value.as_str().into());
    let statement = Statement::from_sql_and_values(conn.get_database_backend(), sql, values);
    let asked = conn.query_all_raw(statement).await;
    let unread = |e| Unopened::because(&e, format!("the catalogue cannot be read: {e}"));
    let rows = asked.map_err(unread)?;
    rows.iter()
        .map(|row| row.try_get_by_index(0).map_err(unread))
        .collect()
}

const UNMADE: &str = "SELECT name FROM unnest(string_to_array($1, ',')) AS name \
    WHERE NOT EXISTS (SELECT 1 FROM pg_roles r WHERE r.rolname = name)";
