//! SQLite: WAL with synchronous FULL (NORMAL may lose an acknowledged commit on power loss), writes by BEGIN IMMEDIATE, one process
//! held by a lock file, and one writer at a time in a fair queue, so that busy time-outs cannot starve anybody (P7).

use std::{
    fs::{DirBuilder, File},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
    str::FromStr,
    sync::Arc,
    time::Duration,
};

use domain::Error;
use sea_orm::{
    DatabaseConnection, DatabaseTransaction, SqliteTransactionMode, SqlxSqliteConnector,
    TransactionOptions, TransactionTrait,
};
use sqlx::{
    Connection, SqliteConnection,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::{Access, Statements, Tx, Unopened, fault, fault::BUSY};

/// How long a writer waits for its turn; less than the five seconds a request may take.
const TURN: Duration = Duration::from_secs(4);

/// The one process on the file.
#[derive(Debug)]
pub(crate) struct Alone {
    writer: Arc<Semaphore>,
    lock: Option<File>,
    database: PathBuf,
}

pub(crate) async fn open(url: &str, most: u32) -> Result<(DatabaseConnection, Alone), Unopened> {
    let Some(path) = url.strip_prefix("sqlite://") else {
        return Err("database.url must be sqlite://FILE or postgres://…"
            .to_owned()
            .into());
    };
    let options = SqliteConnectOptions::from_str(url)
        .map_err(|e| format!("database.url is not understood: {e}"))?;
    let database = options.get_filename().to_owned();
    let lock = lock(&database)?;
    make_private(&database)?;
    let options = options
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(TURN);
    let pool = SqlitePoolOptions::new()
        .max_connections(most)
        .acquire_timeout(TURN)
        .before_acquire(|conn, _| Box::pin(std::future::ready(Ok(is_idle(conn)))))
        .connect_with(options)
        .await
        .map_err(|e| {
            let sentence = format!("the database {path} cannot be opened: {e}");
            Unopened::because_of_sqlx(&e, sentence)
        })?;
    Ok((connection(pool), Alone::new(database, Some(lock))))
}

/// Whether a pooled connection has no transaction left. A full disk makes SQLite end a transaction by itself; rolling it back fails then,
/// and sqlx goes on to count one, so that the next to use the connection begins a savepoint that nobody ever ends and that keeps every
/// other writer out. Such a connection is closed.
fn is_idle(conn: &SqliteConnection) -> bool {
    !conn.is_in_transaction()
}

pub(crate) async fn open_beside(url: &str) -> Result<(DatabaseConnection, Alone), String> {
    let options = SqliteConnectOptions::from_str(url)
        .map_err(|e| format!("database.url is not understood: {e}"))?
        .read_only(true)
        .busy_timeout(TURN);
    let database = options.get_filename().to_owned();
    let pool = SqlitePoolOptions::new()
        .max_connections(2)
        .connect_with(options)
        .await
        .map_err(|e| format!("the database cannot be opened: {e}"))?;
    Ok((connection(pool), Alone::new(database, None)))
}

/// Writes a copy of the database as it is at one moment into a new file, for its owner alone, beside whoever serves from it.
pub(crate) async fn backup(url: &str, to: &Path) -> Result<(), String> {
    let options = SqliteConnectOptions::from_str(url)
        .map_err(|e| format!("database.url is not understood: {e}"))?
        .read_only(true)
        .busy_timeout(TURN);
    let mut conn = SqliteConnection::connect_with(&options)
        .await
        .map_err(|e| format!("the database cannot be opened: {e}"))?;
    let place = to.display();
    let name = to
        .to_str()
        .ok_or_else(|| format!("{place} is no name in Unicode"))?;
    // Made here and not by SQLite, so that nobody else may read it, not even for a moment; SQLite takes an empty file for a new one.
    let file = File::options()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(to)
        .map_err(|e| match e.kind() {
            std::io::ErrorKind::AlreadyExists => {
                format!("{place} is there already and stays as it is")
            }
            _ => format!("{place} cannot be made: {e}"),
        })?;
    let written = sqlx::query("VACUUM INTO ?").bind(name).execute(&mut conn);
    let done = match written.await {
        // SQLite does not wait for the disk here.
        Ok(_) => file.sync_all().map_err(|e| e.to_string()),
        Err(e) => Err(e.to_string()),
    };
    done.map_err(|e| {
        // Half a backup is worse than none.
        let _ = std::fs::remove_file(to);
        format!("the backup {place} could not be written: {e}")
    })
}

fn connection(pool: sqlx::SqlitePool) -> DatabaseConnection {
    SqlxSqliteConnector::from_sqlx_sqlite_pool(pool)
}

impl Alone {
    fn new(database: PathBuf, lock: Option<File>) -> Self {
        Self {
            writer: Arc::new(Semaphore::new(1)),
            lock,
            database,
        }
    }

    /// Room on the database's disk, in bytes: all of it, and what an unprivileged process may still fill.
    #[expect(
        clippy::cast_precision_loss,
        reason = "a measure of bytes, exact up to 2^53"
    )]
    pub(crate) fn measure_disk(&self) {
        // A disk that cannot be asked shows itself by faults.
        if let Ok(disk) = rustix::fs::statvfs(&self.database) {
            let bytes = |blocks: u64| blocks.saturating_mul(disk.f_frsize) as f64;
            metrics::gauge!("data_disk_size_bytes").set(bytes(disk.f_blocks));
            metrics::gauge!("data_disk_free_bytes").set(bytes(disk.f_bavail));
        }
    }

    /// Whether the file's lock is held, rather than the file looked at beside another process.
    pub(crate) const fn is_held(&self) -> bool {
        self.lock.is_some()
    }

    pub(crate) async fn begin(
        &self,
        conn: &DatabaseConnection,
        access: Access,
    ) -> Result<Tx, Error> {
        if access != Access::Write {
            // SQLite has no read-only transactions; the mode says as much. A look is a snapshot here.
            let tx = begin(conn, SqliteTransactionMode::Deferred).await?;
            return Ok(Tx {
                tx: Statements(tx),
                _turn: None,
            });
        }
        let turn = tokio::time::timeout(TURN, Arc::clone(&self.writer).acquire_owned())
            .await
            .map_err(|e| Error::unavailable(BUSY, e))?
            .map_err(Error::internal)?;
        write(conn, turn).await
    }

    pub(crate) async fn try_begin(&self, conn: &DatabaseConnection) -> Result<Option<Tx>, Error> {
        match Arc::clone(&self.writer).try_acquire_owned() {
            Ok(turn) => Ok(Some(write(conn, turn).await?)),
            Err(_) => Ok(None),
        }
    }
}

async fn write(conn: &DatabaseConnection, turn: OwnedSemaphorePermit) -> Result<Tx, Error> {
    let tx = begin(conn, SqliteTransactionMode::Immediate).await?;
    Ok(Tx {
        tx: Statements(tx),
        _turn: Some(turn),
    })
}

#[expect(
    clippy::disallowed_methods,
    reason = "this is the door that everybody else must use"
)]
async fn begin(
    conn: &DatabaseConnection,
    mode: SqliteTransactionMode,
) -> Result<DatabaseTransaction, Error> {
    let options = TransactionOptions {
        isolation_level: None,
        access_mode: None,
        sqlite_transaction_mode: Some(mode),
    };
    conn.begin_with_options(options).await.map_err(fault)
}

/// Takes the lock file beside the database; it is held until the process ends, however it ends.
/// An empty file for its owner alone, unless there is one: SQLite would leave that to the umask. Its log and its index take the mode of
/// the file.
fn make_private(database: &Path) -> Result<(), String> {
    let made = File::options()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(database);
    match made {
        Err(e) if e.kind() != std::io::ErrorKind::AlreadyExists => Err(format!(
            "the database {} cannot be made: {e}",
            database.display()
        )),
        _ => Ok(()),
    }
}

fn lock(database: &Path) -> Result<File, String> {
    let mut name = database.as_os_str().to_owned();
    name.push(".lock");
    let path = Path::new(&name);
    if let Some(folder) = path.parent() {
        let made = DirBuilder::new().recursive(true).mode(0o700).create(folder);
        made.map_err(|e| format!("{} cannot be made: {e}", folder.display()))?;
    }
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .mode(0o600)
        .open(path)
        .map_err(|e| format!("the lock file {} cannot be opened: {e}", path.display()))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(std::fs::TryLockError::WouldBlock) => Err(format!(
            "another process is using {}. SQLite serves one process only: stop the other one, or give this one a database of its own.",
            database.display()
        )),
        Err(std::fs::TryLockError::Error(e)) => {
            Err(format!("{} cannot be locked: {e}", path.display()))
        }
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use sea_orm::ConnectionTrait;

    use super::*;

    fn url(folder: &tempfile::TempDir) -> String {
        format!("sqlite://{}", folder.path().join("payphone.db").display())
    }

    #[tokio::test]
    async fn a_second_process_on_the_same_file_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let first = open(&url(&folder), 8).await.unwrap();
        let refusal = open(&url(&folder), 8).await.unwrap_err();
        assert!(
            refusal.to_string().contains("another process is using"),
            "{refusal}"
        );
        drop(first);
        assert!(open(&url(&folder), 8).await.is_ok());
    }

    #[tokio::test]
    async fn nobody_else_reads_what_is_made() {
        let folder = tempfile::tempdir().unwrap();
        let within = folder.path().join("data");
        let url = format!("sqlite://{}", within.join("payphone.db").display());
        let (conn, _alone) = open(&url, 8).await.unwrap();
        conn.execute_unprepared("CREATE TABLE t (n integer)")
            .await
            .unwrap();
        let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&within), 0o700);
        let files = std::fs::read_dir(&within)
            .unwrap()
            .map(|entry| entry.unwrap().path());
        let modes: Vec<u32> = files.map(|file| mode(&file)).collect();
        assert_eq!(
            modes, [0o600; 4],
            "the file, its log, its index and its lock"
        );
    }

    #[tokio::test]
    async fn a_backup_is_whole_and_never_takes_the_place_of_a_file() {
        let folder = tempfile::tempdir().unwrap();
        let (conn, alone) = open(&url(&folder), 8).await.unwrap();
        conn.execute_unprepared("CREATE TABLE t (n integer); INSERT INTO t VALUES (7)")
            .await
            .unwrap();
        // Somebody writes meanwhile.
        let writing = alone.begin(&conn, Access::Write).await.unwrap();
        let insert = writing.conn();
        insert
            .execute_unprepared("INSERT INTO t VALUES (8)")
            .await
            .unwrap();
        let to = folder.path().join("it's a backup.db");
        backup(&url(&folder), &to).await.unwrap();
        writing.commit().await.unwrap();
        let refusal = backup(&url(&folder), &to).await.unwrap_err();
        assert!(refusal.contains("is there already"), "{refusal}");
        let copy = format!("sqlite://{}", to.display());
        let (copy, _beside) = open_beside(&copy).await.unwrap();
        let rows = sea_orm::Statement::from_string(
            sea_orm::DbBackend::Sqlite,
            "SELECT n FROM t".to_owned(),
        );
        let rows = copy.query_all_raw(rows).await.unwrap();
        let rows: Vec<i64> = rows
            .iter()
            .map(|row| row.try_get_by_index(0).unwrap())
            .collect();
        assert_eq!(rows, [7]);
        let nowhere = folder.path().join("no such folder").join("b.db");
        let refusal = backup(&url(&folder), &nowhere).await.unwrap_err();
        assert!(refusal.contains("cannot be made"), "{refusal}");
    }

    #[tokio::test]
    async fn it_runs_with_a_write_ahead_log_and_full_synchronisation() {
        let folder = tempfile::tempdir().unwrap();
        let (conn, _alone) = open(&url(&folder), 8).await.unwrap();
        for (pragma, value) in [
            ("journal_mode", "wal"),
            ("synchronous", "2"),
            ("foreign_keys", "1"),
        ] {
            let row = conn.query_one_raw(sea_orm::Statement::from_string(
                sea_orm::DbBackend::Sqlite,
                format!("PRAGMA {pragma}"),
            ));
            let row = row.await.unwrap().unwrap();
            let found = row
                .try_get_by_index::<String>(0)
                .or_else(|_| row.try_get_by_index::<i64>(0).map(|n| n.to_string()));
            assert_eq!(found.unwrap(), value, "{pragma}");
        }
    }
}
