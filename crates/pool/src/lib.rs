//! How both services reach their databases: one process on a SQLite file, or any number of them on PostgreSQL.
//! The address decides; queries are the same. Each service has a database, roles and a pool of its own.
//! Invariant: every transaction begins here, through a [`Door`]. On PostgreSQL it runs under that door's role, which owns nothing and
//! sees no row but the ones its policies let it see; on SQLite the condition that every query names is the wall.

use std::sync::Arc;

use domain::Error;
use sea_orm::DatabaseConnection;
use tokio::sync::OwnedSemaphorePermit;

mod address;
mod fault;
pub mod lease;
mod postgres;
mod sqlite;
mod statements;
mod unopened;

pub use address::check as check_address;
pub use fault::{fault, inserted, register_metrics, unreadable};
pub use statements::Statements;
pub use unopened::Unopened;

/// The roles of one service on PostgreSQL, as `deploy/postgres/roles.sql` makes them.
#[derive(Debug, Clone, Copy)]
pub struct Roles {
    /// For one tenant's rows: row-level security shows it no others.
    pub tenant: &'static str,
    /// For what belongs to nobody and for views over all tenants; a policy on each table says so.
    pub system: &'static str,
}

/// Whose rows a transaction is for.
#[derive(Debug, Clone, Copy)]
pub enum Door<'a> {
    /// This tenant's, by its id.
    Tenant(&'a str),
    /// Nobody's, or everybody's.
    System,
}

/// What a transaction is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// To look.
    Read,
    /// To look at everything as it was at one moment, however many statements it takes.
    Snapshot,
    /// To change something.
    Write,
}

/// A database; cheap to clone.
#[derive(Debug, Clone)]
pub struct Pool {
    conn: DatabaseConnection,
    engine: Engine,
}

#[derive(Debug, Clone)]
enum Engine {
    Sqlite(Arc<sqlite::Alone>),
    Postgres(Roles),
}

impl Pool {
    /// Opens `sqlite://FILE`, making the file if there is none, or `postgres://…`.
    ///
    /// # Errors
    /// A sentence for the operator: the address is not understood, another process holds the file, or the database cannot be reached.
    pub async fn open(url: &str, roles: Roles) -> Result<Self, Unopened> {
        let most = if is_postgres(url) { 16 } else { 8 };
        Self::open_with(url, roles, most).await
    }

    /// The same with so many connections at most: with one, transactions follow each other in the order in which they were asked for.
    ///
    /// # Errors
    /// A sentence for the operator.
    pub async fn open_with(url: &str, roles: Roles, most: u32) -> Result<Self, Unopened> {
        if is_postgres(url) {
            return Self::over_postgres(url, roles, most).await;
        }
        let (conn, alone) = sqlite::open(url, most).await?;
        let engine = Engine::Sqlite(Arc::new(alone));
        Ok(Self { conn, engine })
    }

    /// Opens a database that another process is serving from, to read only: for the operator's commands.
    ///
    /// # Errors
    /// A sentence for the operator.
    pub async fn open_beside(url: &str, roles: Roles) -> Result<Self, Unopened> {
        if is_postgres(url) {
            return Self::over_postgres(url, roles, 2).await;
        }
        let (conn, beside) = sqlite::open_beside(url).await?;
        let engine = Engine::Sqlite(Arc::new(beside));
        Ok(Self { conn, engine })
    }

    /// Opens a database to migrate it, alone: on SQLite by the file's lock, on PostgreSQL by a lock that lasts as long as what is answered
    /// beside the pool, whose login owns the tables.
    ///
    /// # Errors
    /// A sentence for the operator.
    pub async fn open_to_migrate(url: &str, roles: Roles) -> Result<(Self, Alone), Unopened> {
        if !is_postgres(url) {
            return Ok((Self::open(url, roles).await?, Alone(None)));
        }
        let (conn, lock) = postgres::open_to_migrate(url, roles).await?;
        let engine = Engine::Postgres(roles);
        Ok((Self { conn, engine }, Alone(Some(lock))))
    }

    /// Writes a copy of a SQLite database into a new file, also while another process serves from it.
    ///
    /// # Errors
    /// A sentence for the operator; PostgreSQL is backed up by its own programs.
    pub async fn backup(url: &str, to: &std::path::Path) -> Result<(), String> {
        if is_postgres(url) {
            return Err("PostgreSQL is backed up by its own programs, or by AWS: docs/runbooks/restore.md says how".to_owned());
        }
        sqlite::backup(url, to).await
    }

    async fn over_postgres(url: &str, roles: Roles, most: u32) -> Result<Self, Unopened> {
        let conn = postgres::open(url, most).await?;
        let engine = Engine::Postgres(roles);
        Ok(Self { conn, engine })
    }

    /// The bare connection, for migrations alone.
    pub const fn for_migrations(&self) -> &DatabaseConnection {
        &self.conn
    }

    /// Closes the connections; a SQLite file's lock goes with the last clone.
    pub async fn close(self) {
        // An unclean end is what the write-ahead log is for.
        let _ = self.conn.close().await;
    }

    /// Whether this process is proved to be the only one on the database.
    pub fn is_alone(&self) -> bool {
        matches!(&self.engine, Engine::Sqlite(alone) if alone.is_held())
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// Unavailable if it does not.
    pub async fn ping(&self) -> Result<(), Error> {
        self.conn.ping().await.map_err(fault)
    }

    /// Sets the gauges of the disk that a SQLite file is on; PostgreSQL's disk is its server's to measure.
    pub fn measure_disk(&self) {
        if let Engine::Sqlite(alone) = &self.engine {
            alone.measure_disk();
        }
    }

    /// That nobody can get past the wall between tenants (security 32, 33). `open` names the tables that have a `tenant_id` and yet
    /// belong to people. On SQLite there is nothing to check.
    ///
    /// # Errors
    /// A sentence for the operator, for each hole.
    pub async fn check_wall(&self, open: &[&str]) -> Result<(), Unopened> {
        match self.engine {
            Engine::Sqlite(_) => Ok(()),
            Engine::Postgres(roles) => postgres::check_wall(&self.conn, roles, open).await,
        }
    }

    /// Begins a transaction; dropping it without a commit leaves nothing behind.
    ///
    /// # Errors
    /// Unavailable while the database does not answer, or is too busy to.
    pub async fn begin(&self, door: Door<'_>, access: Access) -> Result<Tx, Error> {
        match &self.engine {
            Engine::Sqlite(alone) => alone.begin(&self.conn, access).await,
            Engine::Postgres(roles) => postgres::begin(&self.conn, *roles, door, access).await,
        }
    }

    /// Begins a change, unless it would have to wait for another writer: for what may as well be left out.
    ///
    /// # Errors
    /// As [`Pool::begin`].
    pub async fn try_begin(&self, door: Door<'_>) -> Result<Option<Tx>, Error> {
        match &self.engine {
            Engine::Sqlite(alone) => alone.try_begin(&self.conn).await,
            Engine::Postgres(_) => Ok(Some(self.begin(door, Access::Write).await?)),
        }
    }
}

/// As long as it lives, nobody else migrates.
#[derive(Debug)]
pub struct Alone(
    #[expect(dead_code, reason = "it is there to be dropped")] Option<sqlx::PgConnection>,
);

/// Whether an address is one of PostgreSQL.
fn is_postgres(url: &str) -> bool {
    url.starts_with("postgres://") || url.starts_with("postgresql://")
}

/// A transaction, and with it the turn of a writer where there is one writer.
#[derive(Debug)]
pub struct Tx {
    tx: Statements,
    _turn: Option<OwnedSemaphorePermit>,
}

impl Tx {
    /// Makes the change last.
    ///
    /// # Errors
    /// `outcome_unknown` if the database went away meanwhile: then it may have lasted all the same, and has to be looked for.
    pub async fn commit(self) -> Result<(), Error> {
        self.tx.commit().await.map_err(fault::of_commit)
    }

    /// For queries.
    pub const fn conn(&self) -> &Statements {
        &self.tx
    }
}
