//! The two doors into the control plane's database: [`TenantTx`] for one tenant's rows, [`SystemTx`] for what belongs to nobody.

use domain::{Error, id::TenantId};
use pool::{Access, Alone, Door, Pool, Roles};
use sea_orm::{DatabaseConnection, DatabaseTransaction};

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
    pub async fn open(url: &str) -> Result<Self, String> {
        Ok(Self(Pool::open(url, ROLES).await?))
    }

    /// The same with so many connections at most. With one, transactions follow each other in the order in which they were asked for,
    /// which is what lets a simulation repeat.
    ///
    /// # Errors
    /// A sentence for the operator.
    pub async fn open_with(url: &str, most: u32) -> Result<Self, String> {
        Ok(Self(Pool::open_with(url, ROLES, most).await?))
    }

    /// Opens a database that another process is serving from, to read only: for the operator's commands.
    ///
    /// # Errors
    /// A sentence for the operator.
    pub async fn open_beside(url: &str) -> Result<Self, String> {
        Ok(Self(Pool::open_beside(url, ROLES).await?))
    }

    /// Opens the database to migrate it; nobody else does, as long as what is answered beside it lives.
    ///
    /// # Errors
    /// A sentence for the operator.
    pub async fn open_to_migrate(url: &str) -> Result<(Self, Alone), String> {
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
    pub async fn check_wall(&self) -> Result<(), Vec<String>> {
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
        Ok(TenantTx { tx, tenant })
    }

    /// The same, unless it would have to wait for another writer: for what may as well be left out.
    pub async fn try_tenant_write(&self, tenant: TenantId) -> Result<Option<TenantTx>, Error> {
        let tx = self.0.try_begin(Door::Tenant(&tenant.to_string())).await?;
        Ok(tx.map(|tx| TenantTx { tx, tenant }))
    }

    /// A change of what belongs to no tenant, unless it would have to wait for another writer.
    pub async fn try_system_write(&self) -> Result<Option<SystemTx>, Error> {
        Ok(self.0.try_begin(Door::System).await?.map(SystemTx))
    }

    /// A read-only look at what belongs to no tenant, or to all of them.
    pub async fn system_read(&self) -> Result<SystemTx, Error> {
        Ok(SystemTx(self.0.begin(Door::System, Access::Read).await?))
    }

    /// The same, all of it as it was at one moment.
    pub async fn system_snapshot(&self) -> Result<SystemTx, Error> {
        Ok(SystemTx(
            self.0.begin(Door::System, Access::Snapshot).await?,
        ))
    }

    /// A change of what belongs to no tenant.
    pub async fn system_write(&self) -> Result<SystemTx, Error> {
        Ok(SystemTx(self.0.begin(Door::System, Access::Write).await?))
    }
}

/// One tenant's rows, in one transaction. Dropping it without a commit leaves nothing behind.
#[derive(Debug)]
pub struct TenantTx {
    tx: pool::Tx,
    tenant: TenantId,
}

impl TenantTx {
    /// The tenant whose rows can be reached.
    pub fn tenant(&self) -> TenantId {
        self.tenant
    }

    /// Makes the change last.
    pub async fn commit(self) -> Result<(), Error> {
        self.tx.commit().await
    }

    pub(crate) fn conn(&self) -> &DatabaseTransaction {
        self.tx.conn()
    }

    pub(crate) fn tenant_text(&self) -> String {
        self.tenant.to_string()
    }
}

/// What belongs to no tenant (the inbox), or a view over all of them (the operator's, the reconcilers').
#[derive(Debug)]
pub struct SystemTx(pool::Tx);

impl SystemTx {
    /// Makes the change last.
    pub async fn commit(self) -> Result<(), Error> {
        self.0.commit().await
    }

    pub(crate) fn conn(&self) -> &DatabaseTransaction {
        self.0.conn()
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
            self.conn()
        }
    }

    impl Conn for super::SystemTx {
        fn tx(&self) -> &sea_orm::DatabaseTransaction {
            self.conn()
        }
    }
}
