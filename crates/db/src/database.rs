//! Opening the database, and the two doors into it: [`TenantTx`] for one tenant's rows, [`SystemTx`] for what belongs to nobody.
//! SQLite: WAL with synchronous FULL (NORMAL may lose an acknowledged commit on power loss), writes by BEGIN IMMEDIATE, one process
//! held by a lock file, and one writer at a time in a fair queue, so that busy time-outs cannot starve anybody (P7).
//! PostgreSQL comes with an issue of its own; its address is refused until then.

use std::{fs::File, path::Path, str::FromStr, sync::Arc, time::Duration};

use domain::{Error, id::TenantId};
use sea_orm::{
    AccessMode, DatabaseConnection, DatabaseTransaction, SqliteTransactionMode,
    SqlxSqliteConnector, TransactionOptions, TransactionTrait,
};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::fault;

/// The control plane's database.
#[derive(Debug, Clone)]
pub struct Database {
    conn: DatabaseConnection,
    writer: Arc<Semaphore>,
    _lock: Option<Arc<File>>,
}

impl Database {
    /// Opens `sqlite://FILE`, making the file if there is none.
    ///
    /// # Errors
    /// A sentence for the operator: the address is not understood, another process holds the file, or the file cannot be opened.
    pub async fn open(url: &str) -> Result<Self, String> {
        let Some(path) = url.strip_prefix("sqlite://") else {
            return Err(
                "database.url must be sqlite://FILE (PostgreSQL is not supported by this version)"
                    .to_owned(),
            );
        };
        let options = SqliteConnectOptions::from_str(url)
            .map_err(|e| format!("database.url is not understood: {e}"))?;
        let lock = lock(options.get_filename())?;
        let options = options
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(5));
        let pool = SqlitePoolOptions::new()
            .max_connections(8)
            .acquire_timeout(Duration::from_secs(5))
            .connect_with(options)
            .await
            .map_err(|e| format!("the database {path} cannot be opened: {e}"))?;
        Ok(Self {
            conn: SqlxSqliteConnector::from_sqlx_sqlite_pool(pool),
            writer: Arc::new(Semaphore::new(1)),
            _lock: Some(Arc::new(lock)),
        })
    }

    /// Opens a database that another process is serving from, to read only: for the operator's commands.
    ///
    /// # Errors
    /// A sentence for the operator.
    pub async fn open_beside(url: &str) -> Result<Self, String> {
        let options = SqliteConnectOptions::from_str(url)
            .map_err(|e| format!("database.url is not understood: {e}"))?
            .read_only(true)
            .busy_timeout(Duration::from_secs(5));
        let pool = SqlitePoolOptions::new()
            .max_connections(2)
            .connect_with(options)
            .await
            .map_err(|e| format!("the database cannot be opened: {e}"))?;
        Ok(Self {
            conn: SqlxSqliteConnector::from_sqlx_sqlite_pool(pool),
            writer: Arc::new(Semaphore::new(1)),
            _lock: None,
        })
    }

    /// The bare connection, for migrations alone.
    pub fn for_migrations(&self) -> &DatabaseConnection {
        &self.conn
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<(), Error> {
        self.conn.ping().await.map_err(fault)
    }

    /// A read-only look at one tenant's rows. Permission is the caller's business: only `control`'s door calls this.
    pub async fn tenant_read(&self, tenant: TenantId) -> Result<TenantTx, Error> {
        Ok(TenantTx {
            tx: self.begin_read().await?,
            tenant,
            _turn: None,
        })
    }

    /// A change of one tenant's rows; nothing lasts until it is committed.
    pub async fn tenant_write(&self, tenant: TenantId) -> Result<TenantTx, Error> {
        let (tx, turn) = self.begin_write().await?;
        Ok(TenantTx {
            tx,
            tenant,
            _turn: Some(turn),
        })
    }

    /// The same, unless somebody else is writing: for what may as well be left out.
    pub async fn try_tenant_write(&self, tenant: TenantId) -> Result<Option<TenantTx>, Error> {
        let Ok(turn) = Arc::clone(&self.writer).try_acquire_owned() else {
            return Ok(None);
        };
        let tx = self.begin(SqliteTransactionMode::Immediate).await?;
        Ok(Some(TenantTx {
            tx,
            tenant,
            _turn: Some(turn),
        }))
    }

    /// A change of what belongs to no tenant, unless somebody else is writing.
    pub async fn try_system_write(&self) -> Result<Option<SystemTx>, Error> {
        let Ok(turn) = Arc::clone(&self.writer).try_acquire_owned() else {
            return Ok(None);
        };
        let tx = self.begin(SqliteTransactionMode::Immediate).await?;
        Ok(Some(SystemTx {
            tx,
            _turn: Some(turn),
        }))
    }

    /// A read-only look at what belongs to no tenant, or to all of them.
    pub async fn system_read(&self) -> Result<SystemTx, Error> {
        Ok(SystemTx {
            tx: self.begin_read().await?,
            _turn: None,
        })
    }

    /// A change of what belongs to no tenant.
    pub async fn system_write(&self) -> Result<SystemTx, Error> {
        let (tx, turn) = self.begin_write().await?;
        Ok(SystemTx {
            tx,
            _turn: Some(turn),
        })
    }

    async fn begin_read(&self) -> Result<DatabaseTransaction, Error> {
        self.begin(SqliteTransactionMode::Deferred).await
    }

    async fn begin_write(&self) -> Result<(DatabaseTransaction, OwnedSemaphorePermit), Error> {
        let wait = Duration::from_secs(5);
        let turn = tokio::time::timeout(wait, Arc::clone(&self.writer).acquire_owned())
            .await
            .map_err(|e| Error::unavailable("The database is busy. Try again in a moment.", e))?
            .map_err(Error::internal)?;
        Ok((self.begin(SqliteTransactionMode::Immediate).await?, turn))
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "this is the door that everybody else must use"
    )]
    async fn begin(&self, mode: SqliteTransactionMode) -> Result<DatabaseTransaction, Error> {
        let options = TransactionOptions {
            isolation_level: None,
            // SQLite has no read-only transactions; the mode says as much.
            access_mode: None::<AccessMode>,
            sqlite_transaction_mode: Some(mode),
        };
        self.conn.begin_with_options(options).await.map_err(fault)
    }
}

/// Takes the lock file beside the database; it is held until the process ends.
fn lock(database: &Path) -> Result<File, String> {
    let mut name = database.as_os_str().to_owned();
    name.push(".lock");
    let path = Path::new(&name);
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)
            .map_err(|e| format!("{} cannot be made: {e}", folder.display()))?;
    }
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
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

/// One tenant's rows, in one transaction. Dropping it without a commit leaves nothing behind.
#[derive(Debug)]
pub struct TenantTx {
    tx: DatabaseTransaction,
    tenant: TenantId,
    _turn: Option<OwnedSemaphorePermit>,
}

impl TenantTx {
    /// The tenant whose rows can be reached.
    pub fn tenant(&self) -> TenantId {
        self.tenant
    }

    /// Makes the change last.
    pub async fn commit(self) -> Result<(), Error> {
        self.tx.commit().await.map_err(fault)
    }

    pub(crate) fn conn(&self) -> &DatabaseTransaction {
        &self.tx
    }

    pub(crate) fn tenant_text(&self) -> String {
        self.tenant.to_string()
    }
}

/// What belongs to no tenant (the inbox), or a view over all of them (the operator's, the reconcilers').
#[derive(Debug)]
pub struct SystemTx {
    tx: DatabaseTransaction,
    _turn: Option<OwnedSemaphorePermit>,
}

impl SystemTx {
    /// Makes the change last.
    pub async fn commit(self) -> Result<(), Error> {
        self.tx.commit().await.map_err(fault)
    }

    pub(crate) fn conn(&self) -> &DatabaseTransaction {
        &self.tx
    }
}

/// Either door, for tables that belong to people or to the post and carry no tenant.
pub trait Tx: sealed::Conn + Sync {}

impl Tx for TenantTx {}
impl Tx for SystemTx {}

pub(crate) mod sealed {
    /// Keeps the connection inside this package.
    pub trait Conn {
        /// The transaction.
        fn tx(&self) -> &sea_orm::DatabaseTransaction;
    }

    impl Conn for super::TenantTx {
        fn tx(&self) -> &sea_orm::DatabaseTransaction {
            &self.tx
        }
    }

    impl Conn for super::SystemTx {
        fn tx(&self) -> &sea_orm::DatabaseTransaction {
            &self.tx
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_second_process_on_the_same_file_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("payphone.db").display());
        let first = Database::open(&url).await.unwrap();
        let refusal = Database::open(&url).await.unwrap_err();
        assert!(refusal.contains("another process is using"), "{refusal}");
        drop(first);
        assert!(Database::open(&url).await.is_ok());
    }

    #[tokio::test]
    async fn sqlite_runs_with_a_write_ahead_log_and_full_synchronisation() {
        use sea_orm::ConnectionTrait;
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("payphone.db").display());
        let db = Database::open(&url).await.unwrap();
        for (pragma, value) in [
            ("journal_mode", "wal"),
            ("synchronous", "2"),
            ("foreign_keys", "1"),
        ] {
            let row = db.conn.query_one_raw(sea_orm::Statement::from_string(
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
