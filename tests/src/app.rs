//! The app under test, and its end, which is an assertion: nothing logged at error level unannounced, no secret in any line, and no
//! call to a fake that should not have been made.

use std::sync::Arc;

use control::{
    App, Cx,
    app::Nudge,
    config::{ControlConfig, MarketplaceConfig, MeteringConfig, PricesConfig},
    metering::Pace,
};
use db::Database;
use domain::{Ids, RealTime, Timestamp};
use tempfile::TempDir;
use tokio::sync::Mutex;
use tracing::subscriber::DefaultGuard;

use crate::{
    card_plane::FakeCardPlane,
    client::Client,
    clock::{TestClock, TestRealTime},
    database::{Plane, RawLook, TestDatabase},
    event_queue::FakeEventQueue,
    identity::FakeIdentity,
    ids::SeededIds,
    login::FakeLogin,
    logs::Logs,
    mailer::FakeMailer,
    marketplace::FakeMarketplace,
    server::{Doors, OPERATOR_TOKEN, Server},
};

/// The product code of the listing under test.
pub const PRODUCT: &str = "payphone-product";

/// How an app is started, where a test wants it otherwise.
#[derive(Debug, Clone)]
pub struct Options {
    /// What ids and faults are drawn from.
    pub seed: u64,
    /// Both clocks at the start.
    pub at: Timestamp,
    /// The metering configuration.
    pub metering: MeteringConfig,
    /// What a unit costs by the listing, if that is known.
    pub prices: PricesConfig,
    /// Where people reach it.
    pub public_url: &'static str,
    /// Its limits, and the proxies before it.
    pub doors: Doors,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            seed: 1,
            at: "2026-11-22T10:07:00Z".parse().expect("a moment"),
            metering: MeteringConfig {
                // The pace itself is real time, which tests do not wait for.
                calls_per_second: 1_000_000,
                ..MeteringConfig::default()
            },
            prices: PricesConfig::default(),
            public_url: "http://console.payphone.example",
            // One machine plays everybody here; what production allows one address, the tests of limits ask for.
            doors: Doors::for_a_crowd(),
        }
    }
}

impl Options {
    /// Starts an app like this.
    pub async fn start(self) -> TestApp {
        TestApp::with(self).await
    }
}

/// The control plane in a test.
pub struct TestApp {
    /// Both clocks.
    pub clock: TestClock,
    /// AWS Marketplace.
    pub marketplace: Arc<FakeMarketplace>,
    /// Where AWS's events arrive.
    pub queue: Arc<FakeEventQueue>,
    /// The card plane.
    pub card_plane: Arc<FakeCardPlane>,
    /// The identity provider.
    pub identity: Arc<FakeIdentity>,
    /// Its sign-in page.
    pub login: Arc<FakeLogin>,
    /// What sends our mail.
    pub mailer: Arc<FakeMailer>,
    /// What was logged.
    pub logs: Logs,
    pub(crate) pace: Mutex<Pace>,
    app: Option<Arc<App>>,
    server: Option<Server>,
    raw: Mutex<Option<RawLook>>,
    ids: Arc<dyn Ids>,
    options: Options,
    database: TestDatabase,
    folder: TempDir,
    _guard: DefaultGuard,
}

impl std::fmt::Debug for TestApp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TestApp").finish_non_exhaustive()
    }
}

impl TestApp {
    /// An app as most tests want it.
    pub async fn start() -> Self {
        Self::with(Options::default()).await
    }

    /// An app with other options.
    pub async fn with(options: Options) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let database = TestDatabase::fresh(Plane::Control, folder.path());
        Self::on(database, folder, options).await
    }

    /// An app on a database that the test has made.
    pub async fn on(database: TestDatabase, folder: TempDir, options: Options) -> Self {
        let (logs, guard) = Logs::capture();
        logs.keep_secret(OPERATOR_TOKEN);
        let clock = TestClock::at(options.at);
        let mut app = Self {
            marketplace: Arc::new(FakeMarketplace::new(clock.clone())),
            queue: Arc::new(FakeEventQueue::new(clock.clone(), options.seed)),
            card_plane: Arc::new(FakeCardPlane::new(clock.clone())),
            identity: Arc::new(FakeIdentity::new()),
            login: Arc::new(FakeLogin::new(
                clock.clone(),
                FakeLogin::settings(options.public_url),
            )),
            mailer: Arc::new(FakeMailer::new()),
            ids: Arc::new(SeededIds::new(clock.clone(), options.seed)),
            pace: Mutex::new(Pace::new(options.metering.calls_per_second)),
            clock,
            logs,
            app: None,
            server: None,
            raw: Mutex::new(None),
            options,
            database,
            folder,
            _guard: guard,
        };
        app.run().await;
        app
    }

    /// Another process on the same database, as far as its background work goes.
    pub fn replica(&self) -> Arc<App> {
        Arc::new(self.app_on(self.app().db.clone()))
    }

    fn app_on(&self, db: Database) -> App {
        let real: Arc<dyn RealTime> = Arc::new(TestRealTime(self.clock.clone()));
        App {
            db,
            clock: Arc::new(self.clock.clone()),
            real,
            ids: Arc::clone(&self.ids),
            marketplace: Arc::clone(&self.marketplace) as _,
            events: Arc::clone(&self.queue) as _,
            card_plane: Arc::clone(&self.card_plane) as _,
            identity: Arc::clone(&self.identity) as _,
            mailer: Arc::clone(&self.mailer) as _,
            holder: control::lease::holder(&*self.ids),
            config: ControlConfig {
                public_url: self.options.public_url.to_owned(),
                marketplace: MarketplaceConfig {
                    product_codes: vec![PRODUCT.to_owned()],
                    prices: self.options.prices.clone(),
                },
                metering: self.options.metering.clone(),
            },
            nudge: Nudge::default(),
            begun: control::job::Begun::default(),
            usage: control::usage::Gathered::default(),
            entitlements: control::licence::Answers::default(),
            live: control::live::Live::default(),
        }
    }

    async fn run(&mut self) {
        let db = Database::open(&self.database.url()).await;
        let app = Arc::new(self.app_on(db.expect("the database opens")));
        let Options {
            public_url, doors, ..
        } = &self.options;
        let server = Server::start(&app, &self.clock, &self.login, public_url, doors).await;
        self.server = Some(server);
        self.app = Some(app);
    }

    /// Ends the process and starts another one on the same database; what was not committed is gone.
    pub async fn restart(&mut self) {
        *self.raw.lock().await = None;
        if let Some(server) = self.server.take() {
            server.stop().await;
        }
        let app = self.app.take().expect("an app");
        assert_eq!(Arc::strong_count(&app), 1, "somebody still holds the app");
        drop(app);
        self.run().await;
    }

    /// The surroundings of operations.
    pub fn app(&self) -> &Arc<App> {
        self.app.as_ref().expect("an app")
    }

    /// The listeners.
    pub fn server(&self) -> &Server {
        self.server.as_ref().expect("a server")
    }

    /// The context of background work.
    pub fn cx(&self, name: &'static str) -> Cx {
        Cx::system(Arc::clone(self.app()), name)
    }

    /// A client that is nobody.
    pub fn anonymous(&self) -> Client {
        Client::new(&self.server().public)
    }

    /// The vendor's operator.
    pub fn operator(&self) -> Client {
        self.anonymous().with_bearer(OPERATOR_TOKEN)
    }

    /// Says that an error line with this text is meant to appear.
    pub fn expect_error_log(&self, text: &str) {
        self.logs.announce(text);
    }

    /// The raw look begins anew: its connection ended with the server.
    pub async fn looks_anew(&self) {
        *self.raw.lock().await = None;
    }

    /// The one number that a query on the raw file answers.
    pub async fn number(&self, sql: &str) -> i64 {
        self.look(async |raw| raw.number(sql).await).await
    }

    /// How many rows of a table fulfil a condition.
    pub async fn count(&self, table: &str, condition: &str) -> i64 {
        self.number(&format!("SELECT count(*) FROM {table} WHERE {condition}"))
            .await
    }

    /// The rows of a query on the raw file.
    pub async fn rows(&self, sql: &str) -> Vec<Vec<String>> {
        self.look(async |raw| raw.rows(sql).await).await
    }

    /// Changes the raw file behind the product's back.
    pub async fn break_database(&self, sql: &str) {
        self.database.write(sql).await;
    }

    /// Another one after every change.
    pub async fn data_version(&self) -> String {
        self.look(async |raw| raw.version().await).await
    }

    async fn look<T>(&self, look: impl AsyncFnOnce(&mut RawLook) -> T) -> T {
        let mut raw = self.raw.lock().await;
        if raw.is_none() {
            *raw = Some(RawLook::open(&self.database).await);
        }
        look(raw.as_mut().expect("a look")).await
    }

    /// The database.
    pub const fn database(&self) -> &TestDatabase {
        &self.database
    }

    /// A folder that goes with the test.
    pub fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }

    /// The names of all tables but the migrations' own.
    pub async fn tables(&self) -> Vec<String> {
        let mut tables = self.look(async |raw| raw.tables().await).await;
        tables.retain(|name| name != "seaql_migrations");
        tables
    }

    /// Every byte that the database has on the disk, and every value it holds as text.
    pub async fn on_disk(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        for table in self.tables().await {
            let rows = self.rows(&format!("SELECT * FROM {table}")).await;
            bytes.extend(rows.concat().join("\n").into_bytes());
        }
        bytes.extend(self.database.files().await);
        bytes
    }

    /// Where the audit trail, all chains together, ends right now.
    pub async fn trail_end(&self) -> String {
        let row = self.database.row_id();
        let sql = format!("SELECT max({row}) FROM audit_log");
        self.rows(&sql).await.concat().concat()
    }

    /// What was added to the audit trail since, in its order.
    pub async fn trail_since(&self, end: &str, columns: &str) -> Vec<Vec<String>> {
        let row = self.database.row_id();
        let after = match end {
            "null" => String::new(),
            end => format!("WHERE {row} > '{end}'"),
        };
        let sql = format!("SELECT {columns} FROM audit_log {after} ORDER BY {row}, seq");
        self.rows(&sql).await
    }

    /// What is wrong with the run so far, each as a sentence.
    pub fn faults(&self) -> Vec<String> {
        let mut faults = self.logs.faults();
        faults.extend(self.marketplace.unexpected());
        faults.extend(self.queue.unexpected());
        faults.extend(self.card_plane.unexpected());
        faults.extend(self.identity.unexpected());
        faults.extend(self.mailer.unexpected());
        faults
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            let faults = self.faults();
            assert!(
                faults.is_empty(),
                "the test left behind:\n{}",
                faults.join("\n")
            );
        }
    }
}
