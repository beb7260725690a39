//! The limit: statements straight into the same database, prepared, on as many connections as there are senders.
//! SQLite takes one writer at a time, so there the connections take turns instead of polling for the lock, which would cost the limit.

use domain::Timestamp;
use sqlx::{
    AssertSqlSafe, ConnectOptions, PgPool, SqlitePool,
    postgres::{PgConnectOptions, PgPoolOptions},
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use tokio::sync::Mutex;

use crate::database::TestDatabase;

/// Connections past the product.
#[derive(Debug)]
pub(super) enum Raw {
    Sqlite(SqlitePool, Mutex<()>),
    /// As the superuser, whom no policy costs anything.
    Postgres(PgPool),
}

/// A usage event as a row.
#[derive(Debug, Clone)]
pub(super) struct Event {
    /// Tenant, licence, source, meter, mode and dimension.
    pub(super) words: [String; 6],
    pub(super) id: String,
    pub(super) key: String,
    pub(super) time: Timestamp,
    pub(super) hour: i64,
}

impl Raw {
    pub(super) async fn open(database: &TestDatabase, connections: usize) -> Self {
        let most = u32::try_from(connections).expect("a few");
        match database {
            TestDatabase::Sqlite(file) => {
                let options = SqliteConnectOptions::new()
                    .filename(file)
                    .journal_mode(SqliteJournalMode::Wal)
                    .synchronous(SqliteSynchronous::Full)
                    .disable_statement_logging();
                let pool = SqlitePoolOptions::new().max_connections(most);
                let pool = pool.connect_with(options).await.expect("the file opens");
                Self::Sqlite(pool, Mutex::default())
            }
            TestDatabase::Postgres(..) => {
                let url = database.url_as("postgres").expect("an address");
                let options: PgConnectOptions = url.parse().expect("an address");
                let pool = PgPoolOptions::new().max_connections(most);
                let pool = pool
                    .test_before_acquire(false)
                    .connect_with(options.disable_statement_logging());
                Self::Postgres(pool.await.expect("the database opens"))
            }
        }
    }

    /// Keeps events of one licence and hour, and adds a unit for each, in one transaction.
    pub(super) async fn keep(&self, events: &[Event]) {
        /// The same for both kinds of connection.
        macro_rules! keep {
            ($transaction:expr) => {{
                let mut tx = $transaction.await.expect("a transaction");
                let mut insert = sqlx::query(AssertSqlSafe(insert(events.len())));
                for event in events {
                    let [tenant, licence, source, meter, mode, dimension] = &event.words;
                    insert = insert
                        .bind(&event.id)
                        .bind(tenant)
                        .bind(licence)
                        .bind(source)
                        .bind(&event.key)
                        .bind(meter)
                        .bind(mode)
                        .bind(dimension)
                        .bind(event.time)
                        .bind(1_i64)
                        .bind(event.hour)
                        .bind(false)
                        .bind(event.time);
                }
                insert.execute(&mut *tx).await.expect("the events are kept");
                let [first, ..] = events else { return };
                let [tenant, licence, _, _, _, dimension] = &first.words;
                let add = sqlx::query(ADD)
                    .bind(&first.id)
                    .bind(tenant)
                    .bind(licence)
                    .bind(dimension)
                    .bind(first.hour)
                    .bind(i64::try_from(events.len()).expect("a few"))
                    .bind(first.time);
                add.execute(&mut *tx).await.expect("their units are added");
                tx.commit().await.expect("the commit");
            }};
        }
        match self {
            Self::Sqlite(pool, turn) => {
                let _turn = turn.lock().await;
                keep!(pool.begin_with("BEGIN IMMEDIATE"));
            }
            Self::Postgres(pool) => keep!(pool.begin()),
        }
    }

    /// Runs statements about one thing in one transaction; answers how many rows they changed.
    pub(super) async fn change(&self, statements: &[String], about: Option<&str>) -> u64 {
        macro_rules! change {
            ($transaction:expr) => {{
                let mut tx = $transaction.await.expect("a transaction");
                let mut rows = 0;
                for sql in statements {
                    let mut query = sqlx::query(AssertSqlSafe(sql.clone()));
                    if let Some(about) = about {
                        query = query.bind(about);
                    }
                    let done = query.execute(&mut *tx).await;
                    rows += done
                        .unwrap_or_else(|error| panic!("{sql}: {error}"))
                        .rows_affected();
                }
                tx.commit().await.expect("the commit");
                rows
            }};
        }
        match self {
            Self::Sqlite(pool, turn) => {
                let _turn = turn.lock().await;
                change!(pool.begin_with("BEGIN IMMEDIATE"))
            }
            Self::Postgres(pool) => change!(pool.begin()),
        }
    }

    pub(super) async fn close(&self) {
        match self {
            Self::Sqlite(pool, _) => pool.close().await,
            Self::Postgres(pool) => pool.close().await,
        }
    }

    /// What makes an empty table with the columns, keys and indexes of another.
    pub(super) async fn copy_of(&self, table: &str) -> Vec<String> {
        match self {
            Self::Sqlite(pool, _) => {
                let sql = "SELECT name, sql FROM sqlite_master WHERE tbl_name = $1 AND type IN ('table', 'index') AND sql IS NOT NULL ORDER BY type DESC";
                let rows: Vec<(String, String)> = sqlx::query_as(sql)
                    .bind(table)
                    .fetch_all(pool)
                    .await
                    .expect("the schema");
                let renamed = |(name, sql): (String, String)| {
                    sql.replacen(&name, &format!("raw_{name}"), 1)
                        .replacen(
                            &format!("ON \"{table}\""),
                            &format!("ON \"raw_{table}\""),
                            1,
                        )
                        .replacen(&format!("ON {table}"), &format!("ON raw_{table}"), 1)
                };
                rows.into_iter().map(renamed).collect()
            }
            Self::Postgres(_) => vec![format!(
                "CREATE TABLE raw_{table} (LIKE {table} INCLUDING ALL)"
            )],
        }
    }
}

/// The statement that keeps so many events.
fn insert(count: usize) -> String {
    let row = |row: usize| {
        let values: Vec<String> = (1..=13).map(|at| format!("${}", row * 13 + at)).collect();
        format!("({})", values.join(", "))
    };
    let rows: Vec<String> = (0..count).map(row).collect();
    format!(
        "INSERT INTO usage_events (id, tenant_id, licence_id, source, event_id, meter, mode, dimension, time, quantity, hour, late, received_at) \
         VALUES {} ON CONFLICT (tenant_id, source, event_id) DO NOTHING",
        rows.join(", ")
    )
}

/// The statement that adds their units to the record of licence, dimension and hour.
const ADD: &str = "INSERT INTO metering_records (id, tenant_id, licence_id, dimension, hour, quantity, state, attempts, changed_at) \
     VALUES ($1, $2, $3, $4, $5, $6, 'open', 0, $7) ON CONFLICT (licence_id, dimension, hour) \
     DO UPDATE SET quantity = metering_records.quantity + excluded.quantity, changed_at = excluded.changed_at";
