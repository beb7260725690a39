//! The card plane's own database, and the doors into it.
//!
//! Kept: key pairs with the private half wrapped twice over (`keys`), and who made or assigned them (`audit`).
//! Never kept: an unwrapped private key or data key, the wrapping key, and any card data: number, expiry, security code, or the bytes
//! Connect encrypted them to.
//!
//! Invariant: only this module names sea-orm; every function takes a [`TenantTx`] or a [`SystemTx`]; no tenant's row is reachable
//! without naming the tenant. Rows of the key pool are nobody's, out of every tenant's reach, and are given away through the system's door.

use domain::{Error, id::TenantId};
use pool::{Access, Alone, Door, Pool, Roles, Statements, fault, unreadable};
use sea_orm::DatabaseConnection;

pub use pool::{Unopened, register_metrics};

pub mod audit;
pub mod key;
pub(crate) mod lease;
pub mod rewrap;
mod row;

/// The roles on PostgreSQL, as `deploy/postgres/roles.sql` and the migrations name them.
const ROLES: Roles = Roles {
    tenant: "payphone_card_tenant",
    system: "payphone_card_system",
};

/// The database; cheap to clone.
#[derive(Clone)]
pub struct Store(Pool);

impl Store {
    /// Opens `sqlite://FILE`, making the file if there is none, or `postgres://…`. The error is a sentence for the operator.
    pub async fn open(url: &str) -> Result<Self, Unopened> {
        Ok(Self(Pool::open(url, ROLES).await?))
    }

    /// Writes a copy of a SQLite database into a new file, also while another process serves from it. The error is a sentence.
    pub async fn backup(url: &str, to: &std::path::Path) -> Result<(), String> {
        Pool::backup(url, to).await
    }

    /// Opens the database to migrate it; nobody else does, as long as what is answered beside it lives.
    pub async fn open_to_migrate(url: &str) -> Result<(Self, Alone), Unopened> {
        let (pool, alone) = Pool::open_to_migrate(url, ROLES).await?;
        Ok((Self(pool), alone))
    }

    /// The bare connection, for migrations alone.
    pub const fn for_migrations(&self) -> &DatabaseConnection {
        self.0.for_migrations()
    }

    /// That nobody can get past the wall between tenants; the errors are sentences for the operator.
    pub async fn check_wall(&self) -> Result<(), Unopened> {
        self.0.check_wall(&[]).await
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

    /// A look at one tenant's rows.
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

    /// A look at what belongs to no tenant.
    pub async fn system_read(&self) -> Result<SystemTx, Error> {
        Ok(SystemTx(self.0.begin(Door::System, Access::Read).await?))
    }

    /// A change of what belongs to no tenant.
    pub async fn system_write(&self) -> Result<SystemTx, Error> {
        Ok(SystemTx(self.0.begin(Door::System, Access::Write).await?))
    }
}

/// One tenant's rows, in one transaction. Dropping it without a commit leaves nothing behind.
pub struct TenantTx {
    tx: pool::Tx,
    tenant: TenantId,
}

impl TenantTx {
    /// The tenant whose rows can be reached.
    pub const fn tenant(&self) -> TenantId {
        self.tenant
    }

    /// Makes the change last.
    pub async fn commit(self) -> Result<(), Error> {
        self.tx.commit().await
    }

    const fn conn(&self) -> &Statements {
        self.tx.conn()
    }
}

/// What belongs to no tenant, in one transaction.
pub struct SystemTx(pool::Tx);

impl SystemTx {
    /// Makes the change last.
    pub async fn commit(self) -> Result<(), Error> {
        self.0.commit().await
    }

    const fn conn(&self) -> &Statements {
        self.0.conn()
    }
}
