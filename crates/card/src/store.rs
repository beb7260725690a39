//! The card plane's own database, and the doors into it.
//!
//! Kept: key pairs with the private half wrapped twice over (`keys`), and who made or assigned them (`audit`).
//! Never kept: an unwrapped private key or data key, the wrapping key, and any card data: number, expiry, security code, or the bytes
//! Connect encrypted them to.
//!
//! Invariant: only this module names sea-orm; every function takes a [`TenantTx`] or a [`SystemTx`]; no tenant's row is reachable
//! without naming the tenant. Rows of the key pool are nobody's, and become a tenant's through its own door alone.

use std::{fs::File, path::Path, str::FromStr, sync::Arc, time::Duration};

use domain::{Error, id::TenantId};
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbErr, SqliteTransactionMode,
    SqlxSqliteConnector, TransactionOptions, TransactionTrait,
};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

pub mod audit;
pub mod key;
mod row;

/// How long a writer waits for its turn.
const TURN: Duration = Duration::from_secs(5);

/// The database; cheap to clone.
#[derive(Clone)]
pub struct Store {
    connection: DatabaseConnection,
    writer: Arc<Semaphore>,
    _lock: Arc<File>,
}

impl Store {
    /// Opens `sqlite://FILE`, making the file if there is none. The error is a sentence for the operator.
    pub async fn open(url: &str) -> Result<Self, String> {
        let Some(path) = url.strip_prefix("sqlite://") else {
            return Err("database.url must be sqlite://FILE".to_owned());
        };
        let lock = lock(Path::new(path))?;
        let options = SqliteConnectOptions::from_str(url)
            .map_err(|error| format!("database.url is not understood: {error}"))?
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            // NORMAL may lose a committed transaction on power loss, and with it a key that a tenant has uploaded.
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(5));
        let pool = SqlitePoolOptions::new()
            .max_connections(8)
            .acquire_timeout(TURN)
            .connect_with(options)
            .await
            .map_err(|error| format!("the database {path} cannot be opened: {error}"))?;
        Ok(Self {
            connection: SqlxSqliteConnector::from_sqlx_sqlite_pool(pool),
            writer: Arc::new(Semaphore::new(1)),
            _lock: Arc::new(lock),
        })
    }

    /// The bare connection, for migrations alone.
    pub fn for_migrations(&self) -> &DatabaseConnection {
        &self.connection
    }

    /// Closes the connections; the file's lock goes with the last clone.
    pub async fn close(self) {
        // An unclean end is what the write-ahead log is for.
        let _ = self.connection.close().await;
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<(), Error> {
        let answer = self.connection.execute_unprepared("SELECT 1").await;
        answer.map(|_| ()).map_err(fault)
    }

    /// A look at one tenant's rows.
    pub async fn tenant_read(&self, tenant: TenantId) -> Result<TenantTx, Error> {
        Ok(TenantTx {
            tx: self.begin(SqliteTransactionMode::Deferred).await?,
            tenant,
            _turn: None,
        })
    }

    /// A change of one tenant's rows; nothing lasts until it is committed.
    pub async fn tenant_write(&self, tenant: TenantId) -> Result<TenantTx, Error> {
        let turn = self.turn().await?;
        Ok(TenantTx {
            tx: self.begin(SqliteTransactionMode::Immediate).await?,
            tenant,
            _turn: Some(turn),
        })
    }

    /// A look at what belongs to no tenant.
    pub async fn system_read(&self) -> Result<SystemTx, Error> {
        Ok(SystemTx {
            tx: self.begin(SqliteTransactionMode::Deferred).await?,
            _turn: None,
        })
    }

    /// A change of what belongs to no tenant.
    pub async fn system_write(&self) -> Result<SystemTx, Error> {
        let turn = self.turn().await?;
        Ok(SystemTx {
            tx: self.begin(SqliteTransactionMode::Immediate).await?,
            _turn: Some(turn),
        })
    }

    /// One writer at a time, in order of arrival: SQLite's own waiting is neither fair nor asynchronous.
    async fn turn(&self) -> Result<OwnedSemaphorePermit, Error> {
        tokio::time::timeout(TURN, self.writer.clone().acquire_owned())
            .await
            .map_err(|error| Error::unavailable(BUSY, error))?
            .map_err(Error::internal)
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "this is the door that everybody else must use"
    )]
    async fn begin(&self, mode: SqliteTransactionMode) -> Result<DatabaseTransaction, Error> {
        let options = TransactionOptions {
            isolation_level: None,
            access_mode: None,
            sqlite_transaction_mode: Some(mode),
        };
        let begun = self.connection.begin_with_options(options).await;
        begun.map_err(fault)
    }
}

const BUSY: &str = "The database is busy. Try again in a moment.";

/// One tenant's rows, in one transaction. Dropping it without a commit leaves nothing behind.
pub struct TenantTx {
    tx: DatabaseTransaction,
    tenant: TenantId,
    _turn: Option<OwnedSemaphorePermit>,
}

impl TenantTx {
    /// The tenant whose rows can be reached.
    pub const fn tenant(&self) -> TenantId {
        self.tenant
    }

    /// Makes the change last.
    pub async fn commit(self) -> Result<(), Error> {
        self.tx.commit().await.map_err(fault)
    }
}

/// What belongs to no tenant, in one transaction.
pub struct SystemTx {
    tx: DatabaseTransaction,
    _turn: Option<OwnedSemaphorePermit>,
}

impl SystemTx {
    /// Makes the change last.
    pub async fn commit(self) -> Result<(), Error> {
        self.tx.commit().await.map_err(fault)
    }
}

/// Takes the lock file beside the database; it is held until the process ends, however it ends.
fn lock(database: &Path) -> Result<File, String> {
    let mut name = database.as_os_str().to_owned();
    name.push(".lock");
    let path = Path::new(&name);
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)
            .map_err(|error| format!("{} cannot be made: {error}", folder.display()))?;
    }
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(path)
        .map_err(|error| format!("the lock file {} cannot be opened: {error}", path.display()))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(std::fs::TryLockError::WouldBlock) => Err(format!(
            "another process is using {}: SQLite serves one process only; stop the other one, or give this one a database of its own",
            database.display()
        )),
        Err(std::fs::TryLockError::Error(error)) => {
            Err(format!("{} cannot be locked: {error}", path.display()))
        }
    }
}

/// A database fault, as an error of ours: clients learn nothing of it, the log does.
fn fault(error: DbErr) -> Error {
    match error {
        DbErr::ConnectionAcquire(_) | DbErr::Conn(_) => Error::unavailable(BUSY, error),
        _ => Error::internal(error),
    }
}

/// A stored value that cannot be read back is a defect, never the client's doing.
fn unreadable(error: impl std::fmt::Display) -> Error {
    Error::internal(format!("a stored value cannot be read: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_second_process_on_the_same_file_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("card.db").display());
        let first = Store::open(&url).await.unwrap();
        let refusal = Store::open(&url).await.err().unwrap();
        assert!(refusal.contains("another process is using"), "{refusal}");
        first.close().await;
        assert!(Store::open(&url).await.is_ok());
    }

    #[tokio::test]
    async fn the_pragmas_are_the_durable_ones() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("card.db").display());
        let store = Store::open(&url).await.unwrap();
        for (pragma, value) in [("synchronous", 2_i64), ("foreign_keys", 1)] {
            let statement = sea_orm::Statement::from_string(
                sea_orm::DbBackend::Sqlite,
                format!("PRAGMA {pragma}"),
            );
            let row = store.connection.query_one_raw(statement).await;
            let found = row.unwrap().unwrap().try_get_by_index::<i64>(0).unwrap();
            assert_eq!(found, value, "{pragma}");
        }
        assert!(folder.path().join("card.db-wal").exists());
    }
}
