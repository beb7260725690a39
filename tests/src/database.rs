//! A database file a test: copied from a template that is migrated once per process. Also the only raw look past the product's doors.

use std::{path::Path, sync::OnceLock};

use db::Database;
use migrations::{MigratorTrait, control::ControlMigrator};
use sqlx::{
    AssertSqlSafe, Column, ConnectOptions, Connection, Row, SqliteConnection, TypeInfo, ValueRef,
    sqlite::SqliteConnectOptions,
};

/// Writes a fresh, migrated database to this file.
pub fn write_template(file: &Path) {
    static TEMPLATE: OnceLock<Vec<u8>> = OnceLock::new();
    let bytes = TEMPLATE.get_or_init(|| {
        // A runtime of its own, since the test that comes first is inside one.
        std::thread::spawn(migrated)
            .join()
            .expect("the template is migrated")
    });
    std::fs::write(file, bytes).expect("the template is copied");
}

fn migrated() -> Vec<u8> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("template.db");
    runtime.block_on(async {
        let database = Database::open(&url(&file)).await.expect("a new database");
        ControlMigrator::up(database.for_migrations(), None)
            .await
            .expect("the migrations run");
        // Closing folds the write-ahead log into the one file that is copied.
        let connection = database.for_migrations().clone();
        connection.close().await.expect("the template closes");
    });
    std::fs::read(&file).expect("the template is there")
}

/// The address of a database file.
pub fn url(file: &Path) -> String {
    format!("sqlite://{}", file.display())
}

/// Changes the raw file, as only a defect or an intruder would.
pub async fn write(file: &Path, sql: &str) {
    let options = SqliteConnectOptions::new().filename(file);
    let connection = SqliteConnection::connect_with(&options).await;
    let mut connection = connection.expect("the database file opens");
    let done = sqlx::query(AssertSqlSafe(sql.to_owned()))
        .execute(&mut connection)
        .await;
    done.unwrap_or_else(|error| panic!("{sql}: {error}"));
}

/// A read-only look at the raw file, past every door.
#[derive(Debug)]
pub struct RawLook(SqliteConnection);

impl RawLook {
    /// Opens the file beside the product.
    pub async fn open(file: &Path) -> Self {
        let options = SqliteConnectOptions::new()
            .filename(file)
            .read_only(true)
            .disable_statement_logging();
        let connection = SqliteConnection::connect_with(&options).await;
        Self(connection.expect("the database file opens"))
    }

    /// Changes whenever somebody else commits.
    pub async fn version(&mut self) -> i64 {
        sqlx::query_scalar("PRAGMA data_version")
            .fetch_one(&mut self.0)
            .await
            .expect("the version is read")
    }

    /// The one number that a query answers.
    pub async fn number(&mut self, sql: &str) -> i64 {
        sqlx::query_scalar(AssertSqlSafe(sql.to_owned()))
            .fetch_one(&mut self.0)
            .await
            .unwrap_or_else(|error| panic!("{sql}: {error}"))
    }

    /// Every row of a query, each as `column=value` texts.
    pub async fn rows(&mut self, sql: &str) -> Vec<Vec<String>> {
        let rows = sqlx::query(AssertSqlSafe(sql.to_owned()))
            .fetch_all(&mut self.0)
            .await
            .unwrap_or_else(|error| panic!("{sql}: {error}"));
        rows.iter()
            .map(|row| {
                row.columns()
                    .iter()
                    .map(|column| text(row, column.ordinal()))
                    .collect()
            })
            .collect()
    }
}

fn text(row: &sqlx::sqlite::SqliteRow, index: usize) -> String {
    let raw = row.try_get_raw(index).expect("a column");
    let kind = raw.type_info().name().to_owned();
    match kind.as_str() {
        _ if raw.is_null() => "null".to_owned(),
        "INTEGER" | "BOOLEAN" => row.get_unchecked::<i64, _>(index).to_string(),
        _ => row.get_unchecked::<String, _>(index),
    }
}
