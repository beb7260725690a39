//! The two doors into the control plane's database: [`TenantTx`] for one tenant's rows, [`SystemTx`] for what belongs to nobody.

use std::{sync::OnceLock, time::Duration};

use domain::{
    Error,
    audit::Chain,
    id::{AuditId, TenantId},
};
use pool::{Access, Alone, Door, Pool, Roles, Statements, Unopened};
use sea_orm::DatabaseConnection;

/// The roles on PostgreSQL, as `deploy/postgres/roles.sql` and the migrations name them.
const ROLES: Roles = Roles {
    tenant: "payphone_tenant",
    system: "payphone_system",
};

/// Tables that have a tenant and belong to people all the same: which one somebody is looking at.
const OPEN: &[&str] = &["sessions"];

/// The control plane's database.
#[derive(Debug, Clone)]
pub struct Database(Pool);

impl Database {
    /// Opens `sqlite://FILE`, making the file if there is none, or `postgres://…`.
    ///
    /// # Errors
    /// A sentence for the operator: the address is not understood, another process holds the file, or the database cannot be reached.
    pub async fn open(url: &str) -> Result<Self, Unopened> {
        Ok(Self(Pool::open(url, ROLES).await?))
    }

    /// The same with so many connections at most. With one, transactions follow each other in the order in which they were asked for,
    /// which is what lets a simulation repeat.
    ///
    /// # Errors
    /// A sentence for the operator.
    pub async fn open_with(url: &str, most: u32) -> Result<Self, Unopened> {
        Ok(Self(Pool::open_with(url, ROLES, most).await?))
    }

    /// Opens a database that another process is serving from, to read only: for the operator's commands.
    ///
    /// # Errors
    /// A sentence for the operator.
    pub async fn open_beside(url: &str) -> Result<Self, Unopened> {
        Ok(Self(Pool::open_beside(url, ROLES).await?))
    }

    /// Writes a copy of a SQLite database into a new file, also while another process serves from it.
    ///
    /// # Errors
    /// A sentence for the operator.
    pub async fn backup(url: &str, to: &std::path::Path) -> Result<(), String> {
        Pool::backup(url, to).await
    }

    /// Opens the database to migrate it; nobody else does, as long as what is answered beside it lives.
    ///
    /// # Errors
    /// A sentence for the operator.
    pub async fn open_to_migrate(url: &str) -> Result<(Self, Alone), Unopened> {
        let (pool, alone) = Pool::open_to_migrate(url, ROLES).await?;
        Ok((Self(pool), alone))
    }

    /// The bare connection, for migrations alone.
    pub const fn for_migrations(&self) -> &DatabaseConnection {
        self.0.for_migrations()
    }

    /// That nobody can get past the wall between tenants.
    ///
    /// # Errors
    /// A sentence for the operator, for each hole.
    pub async fn check_wall(&self) -> Result<(), Unopened> {
        self.0.check_wall(OPEN).await
    }

    /// Closes the connections; a SQLite file's lock goes with the last clone.
    pub async fn close(self) {
        self.0.close().await;
    }

    /// Whether this process is proved to be the only one on the database.
    pub fn is_alone(&self) -> bool {
        self.0.is_alone()
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<(), Error> {
        self.0.ping().await
    }

    /// Sets the gauges of the disk that a SQLite file is on.
    pub fn measure_disk(&self) {
        self.0.measure_disk();
    }

    /// A read-only look at one tenant's rows. Permission is the caller's business: only `control`'s door calls this.
    pub async fn tenant_read(&self, tenant: TenantId) -> Result<TenantTx, Error> {
        self.tenant(tenant, Access::Read).await
    }

    /// A change of one tenant's rows; nothing lasts until it is committed.
    pub async fn tenant_write(&self, tenant: TenantId) -> Result<TenantTx, Error> {
        self.tenant(tenant, Access::Write).await
    }

    async fn tenant(&self, tenant: TenantId, access: Access) -> Result<TenantTx, Error> {
        let tx = self
            .0
            .begin(Door::Tenant(&tenant.to_string()), access)
            .await?;
        Ok(self.of_tenant(tx, tenant))
    }

    /// The same, unless it would have to wait for another writer: for what may as well be left out.
    pub async fn try_tenant_write(&self, tenant: TenantId) -> Result<Option<TenantTx>, Error> {
        let tx = self.0.try_begin(Door::Tenant(&tenant.to_string())).await?;
        Ok(tx.map(|tx| self.of_tenant(tx, tenant)))
    }

    /// A change of what belongs to no tenant, unless it would have to wait for another writer.
    pub async fn try_system_write(&self) -> Result<Option<SystemTx>, Error> {
        let tx = self.0.try_begin(Door::System).await?;
        Ok(tx.map(|tx| self.of_system(tx)))
    }

    /// A read-only look at what belongs to no tenant, or to all of them.
    pub async fn system_read(&self) -> Result<SystemTx, Error> {
        self.system(Access::Read).await
    }

    /// The same, all of it as it was at one moment.
    pub async fn system_snapshot(&self) -> Result<SystemTx, Error> {
        self.system(Access::Snapshot).await
    }

    /// A change of what belongs to no tenant.
    pub async fn system_write(&self) -> Result<SystemTx, Error> {
        self.system(Access::Write).await
    }

    async fn system(&self, access: Access) -> Result<SystemTx, Error> {
        Ok(self.of_system(self.0.begin(Door::System, access).await?))
    }

    fn of_tenant(&self, tx: pool::Tx, tenant: TenantId) -> TenantTx {
        TenantTx {
            tx,
            tenant,
            witness: Witness::of(self),
        }
    }

    fn of_system(&self, tx: pool::Tx) -> SystemTx {
        SystemTx {
            tx,
            witness: Witness::of(self),
        }
    }
}

/// One tenant's rows, in one transaction. Dropping it without a commit leaves nothing behind.
#[derive(Debug)]
pub struct TenantTx {
    tx: pool::Tx,
    tenant: TenantId,
    witness: Witness,
}

impl TenantTx {
    /// The tenant whose rows can be reached.
    pub fn tenant(&self) -> TenantId {
        self.tenant
    }

    /// Makes the change last.
    ///
    /// # Errors
    /// `outcome_unknown` if the database went away meanwhile, and no audit line tells whether it lasts.
    pub async fn commit(self) -> Result<(), Error> {
        self.witness.settle(self.tx.commit().await).await
    }

    pub(crate) fn conn(&self) -> &Statements {
        self.tx.conn()
    }

    pub(crate) fn tenant_text(&self) -> String {
        self.tenant.to_string()
    }

    pub(crate) fn witnessed_by(&self, chain: Chain, line: AuditId) {
        self.witness.by(chain, line);
    }
}

/// What belongs to no tenant (the inbox), or a view over all of them (the operator's, the reconcilers').
#[derive(Debug)]
pub struct SystemTx {
    tx: pool::Tx,
    witness: Witness,
}

impl SystemTx {
    /// Makes the change last.
    ///
    /// # Errors
    /// As [`TenantTx::commit`].
    pub async fn commit(self) -> Result<(), Error> {
        self.witness.settle(self.tx.commit().await).await
    }

    pub(crate) fn conn(&self) -> &Statements {
        self.tx.conn()
    }

    pub(crate) fn witnessed_by(&self, chain: Chain, line: AuditId) {
        self.witness.by(chain, line);
    }
}

/// How long a change whose commit was not answered is looked for.
const LOOK: Duration = Duration::from_secs(2);
/// Between two looks, while the database does not answer.
const PAUSE: Duration = Duration::from_millis(100);

/// What tells whether a change lasts whose commit was not answered: its audit line, which is part of it.
#[derive(Debug)]
struct Witness {
    database: Database,
    line: OnceLock<(Chain, AuditId)>,
}

impl Witness {
    fn of(database: &Database) -> Self {
        Self {
            database: database.clone(),
            line: OnceLock::new(),
        }
    }

    /// Any line will do: they last together.
    fn by(&self, chain: Chain, line: AuditId) {
        let _ = self.line.set((chain, line));
    }

    /// What became of the commit; looks for the line if that was not answered. Nothing is written again here.
    async fn settle(self, committed: Result<(), Error>) -> Result<(), Error> {
        let (Err(unknown), Some((chain, line))) = (&committed, self.line.get()) else {
            return committed;
        };
        if !unknown.is_outcome_unknown() {
            return committed;
        }
        let looking = async {
            loop {
                match self.look(*chain, *line).await {
                    Ok(lasts) => return lasts,
                    Err(_) => tokio::time::sleep(PAUSE).await,
                }
            }
        };
        match tokio::time::timeout(LOOK, looking).await {
            Ok(true) => Ok(()),
            Ok(false) => Err(Error::unavailable(
                "The database was away for a moment. Nothing was changed. Try again.",
                unknown.private(),
            )
            .undone()),
            Err(_) => committed,
        }
    }

    /// Behind the lock of the chain's end, because the server may still be at the commit whose answer was lost.
    async fn look(&self, chain: Chain, line: AuditId) -> Result<bool, Error> {
        let tx = self.database.0.begin(Door::System, Access::Write).await?;
        crate::audit::lasts(tx.conn(), chain, line).await
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
        fn tx(&self) -> &pool::Statements;
    }

    impl Conn for super::TenantTx {
        fn tx(&self) -> &pool::Statements {
            self.conn()
        }
    }

    impl Conn for super::SystemTx {
        fn tx(&self) -> &pool::Statements {
            self.conn()
        }
    }
}
