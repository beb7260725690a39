//! A database a test, copied from a template that is migrated once per process: a SQLite file, or with `PAYPHONE_TEST_DATABASE=postgres`
//! a database in a cluster of the process's own. Also the only raw look past the product's doors.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, OnceLock, PoisonError, mpsc},
};

use card::store::Store;
use db::Database;
use migrations::{MigratorTrait, card::CardMigrator, control::ControlMigrator};
use sqlx::{
    AssertSqlSafe, Column, ConnectOptions, Connection, Executor, PgConnection, Row,
    SqliteConnection, TypeInfo, ValueRef, postgres::PgConnectOptions, sqlite::SqliteConnectOptions,
};

use crate::{
    postgres::{self, Cluster},
    proxy::Proxy,
};

/// Which service's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Plane {
    /// The control plane's.
    Control,
    /// The card plane's.
    Card,
}

/// One test's database.
#[derive(Debug)]
pub enum TestDatabase {
    /// A file.
    Sqlite(PathBuf),
    /// A database of a cluster.
    Postgres(Served),
}

/// A database of a cluster.
#[derive(Debug)]
pub struct Served {
    plane: Plane,
    name: String,
    /// The test's own cluster, rather than the process's.
    own: Option<Arc<Cluster>>,
    /// Where the service finds the socket, if not at the cluster's.
    sockets: Option<PathBuf>,
}

/// Whether the tests run on PostgreSQL.
pub fn on_postgres() -> bool {
    #[expect(
        clippy::disallowed_methods,
        reason = "a switch of the tests, not of the product"
    )]
    let chosen = std::env::var("PAYPHONE_TEST_DATABASE");
    chosen.is_ok_and(|chosen| chosen == "postgres")
}

impl TestDatabase {
    /// A fresh, migrated database; a file goes into the folder.
    pub fn fresh(plane: Plane, folder: &Path) -> Self {
        if on_postgres() {
            return Self::Postgres(Served {
                plane,
                name: server().make(plane),
                own: None,
                sockets: None,
            });
        }
        Self::file_in(plane, folder)
    }

    /// A fresh, migrated file in this folder, wherever the tests run.
    pub fn file_in(plane: Plane, folder: &Path) -> Self {
        let file = folder.join(match plane {
            Plane::Control => "payphone.db",
            Plane::Card => "card.db",
        });
        std::fs::write(&file, template(plane)).expect("the template is copied");
        Self::Sqlite(file)
    }

    /// A fresh, migrated database of the control plane in a cluster of its own, which writes as production does and can be ended hard.
    pub fn apart() -> (Self, Arc<Cluster>) {
        Self::of(Cluster::start(true))
    }

    /// The same, of a cluster that the test has made.
    pub fn of(cluster: Cluster) -> (Self, Arc<Cluster>) {
        let cluster = Arc::new(cluster);
        let owner = cluster.url("payphone_owner", "payphone");
        apart(async move || migrate(Plane::Control, &owner).await);
        let database = Self::Postgres(Served {
            plane: Plane::Control,
            name: "payphone".to_owned(),
            own: Some(Arc::clone(&cluster)),
            sockets: None,
        });
        (database, cluster)
    }

    /// The same database, which the service reaches over a line of the test's; none for a file.
    pub fn over_a_line(mut self) -> Option<(Self, Proxy)> {
        let line = Proxy::to(self.cluster().sockets());
        match &mut self {
            Self::Sqlite(_) => None,
            Self::Postgres(served) => {
                served.sockets = Some(line.folder());
                Some((self, line))
            }
        }
    }

    fn cluster(&self) -> &Cluster {
        match self {
            Self::Postgres(Served { own: Some(own), .. }) => own,
            _ => &server().cluster,
        }
    }

    fn address_for(&self, role: &str) -> String {
        match self {
            Self::Sqlite(file) => url(file),
            Self::Postgres(served) => {
                let sockets = self.cluster().sockets();
                postgres::url(role, &served.name, sockets)
            }
        }
    }

    /// Its address, as the service logs in.
    pub fn url(&self) -> String {
        match self {
            Self::Sqlite(file) => url(file),
            Self::Postgres(served) => {
                let role = match served.plane {
                    Plane::Control => "payphone_login",
                    Plane::Card => "payphone_card_login",
                };
                let sockets = served.sockets.as_deref();
                postgres::url(
                    role,
                    &served.name,
                    sockets.unwrap_or_else(|| self.cluster().sockets()),
                )
            }
        }
    }

    /// What the rows of a table that only grows are in order of: their place, or the transaction that wrote them.
    pub const fn row_id(&self) -> &'static str {
        match self {
            Self::Sqlite(_) => "rowid",
            Self::Postgres(..) => "xmin::text::bigint",
        }
    }

    /// The schema that the product's tables are in.
    pub const fn schema(&self) -> &'static str {
        match self {
            Self::Sqlite(_) => "main",
            Self::Postgres(..) => "public",
        }
    }

    /// Every byte of its files. PostgreSQL's log is the cluster's, so it has other tests' bytes as well.
    pub async fn files(&self) -> Vec<u8> {
        let folders = match self {
            Self::Sqlite(file) => vec![file.parent().expect("a folder").to_owned()],
            Self::Postgres(..) => {
                let mut look = RawLook::open(self).await;
                look.rows("CHECKPOINT").await;
                let sql = "SELECT oid FROM pg_database WHERE datname = current_database()";
                let oid = look.number(sql).await;
                let data = self.cluster().data();
                vec![data.join("base").join(oid.to_string()), data.join("pg_wal")]
            }
        };
        let mut bytes = Vec::new();
        for folder in folders {
            for entry in std::fs::read_dir(folder).expect("a folder") {
                let path = entry.expect("an entry").path();
                if path.is_file() {
                    bytes.extend(std::fs::read(path).expect("a file"));
                }
            }
        }
        bytes
    }

    /// Changes it as the service itself could, past its code; the refusal, if there is one.
    pub async fn write_as_service(&self, sql: &str) -> Result<(), String> {
        let done = match self {
            Self::Sqlite(file) => {
                let connection = SqliteConnection::connect(&url(file)).await;
                let mut connection = connection.expect("the database file opens");
                let statement = sqlx::raw_sql(AssertSqlSafe(sql.to_owned()));
                connection.execute(statement).await.map(|_| ())
            }
            Self::Postgres(Served { plane, .. }) => {
                let connection = PgConnection::connect(&self.url()).await;
                let mut connection = connection.expect("the database opens");
                let role = match plane {
                    Plane::Control => "payphone_system",
                    Plane::Card => "payphone_card_system",
                };
                let sql = format!("SET ROLE {role}; {sql}");
                let statement = sqlx::raw_sql(AssertSqlSafe(sql));
                connection.execute(statement).await.map(|_| ())
            }
        };
        done.map_err(|error| error.to_string())
    }

    /// Its address for another role; none if it is a file, which knows no roles.
    pub fn url_as(&self, role: &str) -> Option<String> {
        match self {
            Self::Sqlite(_) => None,
            Self::Postgres(..) => Some(self.address_for(role)),
        }
    }

    /// The file, of a test that is about files.
    ///
    /// # Panics
    /// If the tests run on PostgreSQL.
    pub fn file(&self) -> &Path {
        match self {
            Self::Sqlite(file) => file,
            Self::Postgres(..) => panic!("this test is about SQLite's files"),
        }
    }

    /// Changes it behind the product's back, as only a defect or an intruder would.
    pub async fn write(&self, sql: &str) {
        let statement = sqlx::raw_sql(AssertSqlSafe(sql.to_owned()));
        let done = match self {
            Self::Sqlite(file) => {
                let options = SqliteConnectOptions::new().filename(file);
                let connection = SqliteConnection::connect_with(&options).await;
                let mut connection = connection.expect("the database file opens");
                connection.execute(statement).await.map(|_| ())
            }
            Self::Postgres(..) => {
                let url = self.address_for("postgres");
                let connection = PgConnection::connect(&url).await;
                let mut connection = connection.expect("the database opens");
                connection.execute(statement).await.map(|_| ())
            }
        };
        done.unwrap_or_else(|error| panic!("{sql}: {error}"));
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        if let Self::Postgres(Served {
            name, own: None, ..
        }) = self
        {
            let mut ended = ENDED.lock().unwrap_or_else(PoisonError::into_inner);
            ended.push(std::mem::take(name));
        }
    }
}

/// An hour of the ledger, by its number, as chrono formats it.
pub fn hour_text(number: &str, format: &str) -> String {
    let number = number.parse().expect("the number of an hour");
    let start = domain::hour::Hour::from_number(number).start();
    start.format(format).to_string()
}

/// The address of a database file.
pub fn url(file: &Path) -> String {
    format!("sqlite://{}", file.display())
}

/// A migrated file, as bytes.
fn template(plane: Plane) -> &'static [u8] {
    static TEMPLATES: [OnceLock<Vec<u8>>; 2] = [OnceLock::new(), OnceLock::new()];
    TEMPLATES[usize::from(plane == Plane::Card)].get_or_init(|| {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let file = folder.path().join("template.db");
        let address = url(&file);
        // Closing folds the write-ahead log into the one file that is copied.
        apart(async move || migrate(plane, &address).await);
        std::fs::read(&file).expect("the template is there")
    })
}

async fn migrate(plane: Plane, url: &str) {
    match plane {
        Plane::Control => {
            let (database, _alone) = Database::open_to_migrate(url).await.expect("a database");
            let migrated = ControlMigrator::up(database.for_migrations(), None).await;
            migrated.expect("the migrations run");
            database.close().await;
        }
        Plane::Card => {
            let (store, _alone) = Store::open_to_migrate(url).await.expect("a database");
            let migrated = CardMigrator::up(store.for_migrations(), None).await;
            migrated.expect("the migrations run");
            store.close().await;
        }
    }
}

/// On a thread and a runtime of its own, since the test that comes first is inside one.
fn apart<F: Future>(work: impl FnOnce() -> F + Send + 'static) {
    let done = std::thread::spawn(|| {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime");
        runtime.block_on(work());
    });
    done.join().expect("it is done");
}

/// Databases whose tests are over.
static ENDED: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// The process's cluster, and who makes databases in it.
struct PostgresServer {
    cluster: Cluster,
    orders: Mutex<mpsc::Sender<Order>>,
}

/// A database of this plane, and where its name is waited for.
type Order = (Plane, mpsc::Sender<String>);

impl PostgresServer {
    fn make(&self, plane: Plane) -> String {
        let (answer, made) = mpsc::channel();
        let orders = self.orders.lock().unwrap_or_else(PoisonError::into_inner);
        orders.send((plane, answer)).expect("the maker is there");
        drop(orders);
        made.recv().expect("a database is made")
    }
}

fn server() -> &'static PostgresServer {
    static SERVER: OnceLock<PostgresServer> = OnceLock::new();
    SERVER.get_or_init(|| {
        let cluster = Cluster::start(false);
        let templates = [
            (Plane::Control, cluster.url("payphone_owner", "payphone")),
            (
                Plane::Card,
                cluster.url("payphone_card_owner", "payphone_card"),
            ),
        ];
        for (plane, url) in templates {
            apart(async move || migrate(plane, &url).await);
        }
        let (orders, taken) = mpsc::channel();
        let admin = cluster.url("postgres", "postgres");
        // A thread that lives as long as the process: a connection belongs to the runtime that made it, and tests' runtimes end.
        std::thread::spawn(move || apart(async move || make_databases(&admin, &taken).await));
        PostgresServer {
            cluster,
            orders: Mutex::new(orders),
        }
    })
}

async fn make_databases(admin: &str, orders: &mpsc::Receiver<Order>) {
    let mut connection = PgConnection::connect(admin).await.expect("the cluster");
    let mut number = 0;
    while let Ok((plane, answer)) = orders.recv() {
        let ended = std::mem::take(&mut *ENDED.lock().unwrap_or_else(PoisonError::into_inner));
        let mut orders: Vec<String> = ended
            .iter()
            .map(|name| format!("DROP DATABASE {name} WITH (FORCE)"))
            .collect();
        number += 1;
        let (name, template) = match plane {
            Plane::Control => (format!("control_{number}"), "payphone"),
            Plane::Card => (format!("card_{number}"), "payphone_card"),
        };
        orders.push(format!("CREATE DATABASE {name} TEMPLATE {template}"));
        for sql in orders {
            let done = connection.execute(sqlx::raw_sql(AssertSqlSafe(sql.clone())));
            done.await.unwrap_or_else(|error| panic!("{sql}: {error}"));
        }
        // Whoever ordered may have given up.
        let _ = answer.send(name);
    }
}

/// A look at the raw database, past every door.
#[derive(Debug)]
pub enum RawLook {
    /// At a file, read only.
    Sqlite(SqliteConnection),
    /// As the superuser, whom no policy holds back.
    Postgres(PgConnection),
}

impl RawLook {
    /// Opens the database beside the product.
    pub async fn open(database: &TestDatabase) -> Self {
        match database {
            TestDatabase::Sqlite(file) => {
                let options = SqliteConnectOptions::new()
                    .filename(file)
                    .read_only(true)
                    .disable_statement_logging();
                let connection = SqliteConnection::connect_with(&options).await;
                Self::Sqlite(connection.expect("the database file opens"))
            }
            TestDatabase::Postgres(..) => Self::at(&database.address_for("postgres")).await,
        }
    }

    /// Opens a database of PostgreSQL by its address.
    pub async fn at(url: &str) -> Self {
        let options: PgConnectOptions = url.parse().expect("an address");
        let options = options.disable_statement_logging();
        let connection = PgConnection::connect_with(&options).await;
        Self::Postgres(connection.expect("the database opens"))
    }

    /// The names of all tables.
    pub async fn tables(&mut self) -> Vec<String> {
        let sql = match self {
            Self::Sqlite(_) => {
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY 1"
            }
            Self::Postgres(_) => {
                "SELECT relname::text FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 1"
            }
        };
        self.rows(sql).await.concat()
    }

    /// Changes whenever somebody else commits a change.
    pub async fn version(&mut self) -> String {
        let sql = match self {
            Self::Sqlite(_) => "PRAGMA data_version".to_owned(),
            // A row that is written carries a later transaction; one that goes is missing.
            Self::Postgres(_) => {
                let tables = self.tables().await;
                let each = tables.iter().map(|name| {
                    format!("(SELECT count(*) || ':' || coalesce(sum(xmin::text::bigint), 0) FROM {name})")
                });
                format!("SELECT {}", each.collect::<Vec<_>>().join(" || ' ' || "))
            }
        };
        self.rows(&sql).await.concat().concat()
    }

    /// The one number that a query answers.
    pub async fn number(&mut self, sql: &str) -> i64 {
        let text = self.rows(sql).await.concat().concat();
        text.parse().unwrap_or_else(|_| panic!("{sql}: {text}"))
    }

    /// Every row of a query, each value as text.
    pub async fn rows(&mut self, sql: &str) -> Vec<Vec<String>> {
        let query = sqlx::raw_sql(AssertSqlSafe(sql.to_owned()));
        match self {
            Self::Sqlite(connection) => texts(sql, query.fetch_all(connection).await, sqlite_text),
            Self::Postgres(connection) => {
                texts(sql, query.fetch_all(connection).await, postgres_text)
            }
        }
    }
}

fn texts<R: Row>(
    sql: &str,
    rows: Result<Vec<R>, sqlx::Error>,
    text: fn(&R, usize) -> String,
) -> Vec<Vec<String>> {
    let rows = rows.unwrap_or_else(|error| panic!("{sql}: {error}"));
    let values = |row: &R| (0..row.len()).map(|index| text(row, index)).collect();
    rows.iter().map(values).collect()
}

fn sqlite_text(row: &sqlx::sqlite::SqliteRow, index: usize) -> String {
    let raw = row.try_get_raw(index).expect("a column");
    let kind = raw.type_info().name().to_owned();
    match kind.as_str() {
        _ if raw.is_null() => "null".to_owned(),
        "INTEGER" | "BOOLEAN" => row.get_unchecked::<i64, _>(index).to_string(),
        _ => row.get_unchecked::<String, _>(index),
    }
}

/// Booleans and moments look as they do in SQLite.
fn postgres_text(row: &sqlx::postgres::PgRow, index: usize) -> String {
    let raw = row.try_get_raw(index).expect("a column");
    if raw.is_null() {
        return "null".to_owned();
    }
    let text = raw.as_str().expect("a text").to_owned();
    match row.column(index).type_info().name() {
        "BOOL" => u8::from(text == "t").to_string(),
        "TIMESTAMPTZ" => format!("{text}:00"),
        _ => text,
    }
}
