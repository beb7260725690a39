//! Wires the card plane together and serves it: database, listeners, clock, requests, in this order.

use std::{
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use card::{
    app::App,
    config::CardConfig,
    encryption::Usable,
    http,
    key::{self, Pool},
    lease,
    store::{Store, Unopened},
};
use domain::RealTime;
use migrations::card::CardMigrator;
use runtime::{
    admin::Readiness,
    clock::{BusinessClock, Follower, SystemRealTime},
    config::Faults,
    lifecycle::Lifecycle,
    peer::{PeerKey, PeerVerifier, http_client, read_jwk},
    serve::Bound,
    telemetry,
};

use runtime::outcome::Outcome;

use crate::{commands::configuration, system_ids, wrapping};

pub(crate) async fn serve(file: Option<PathBuf>) -> Result<Outcome, Faults> {
    let config = configuration(file)?;
    telemetry::start_log(&config.log)?;
    config.peer.tell(config.environment);
    let real: Arc<dyn RealTime> = Arc::new(SystemRealTime);
    let clock = Arc::new(BusinessClock::new(real.clone()));
    let (ids, lifecycle) = (system_ids(), Lifecycle::new());
    if !lifecycle.listen() {
        return Ok(Outcome::Failed("signals cannot be received".to_owned()));
    }

    // Our own key is made at the first start; the peer may need its public half before we ask anything.
    PeerKey::load_or_create(&config.peer.key_file)?;
    let peer_key = read_jwk(&config.peer.jwk_file)?;
    let peer = Arc::new(PeerVerifier::new(peer_key, "payphone", "payphone-card"));
    let keyring = wrapping::keyring(&config.keys, &ids).await?;

    // Before the listeners: a second process should hear of the database, not of the port.
    let store = open(&config).await?;
    key::check_wrapping_keys(&store, &keyring).await?;
    let Listeners {
        public,
        admin,
        internal,
    } = match Listeners::bind(&config).await {
        Ok(listeners) => listeners,
        Err(fault) => return Ok(Outcome::Failed(fault.to_string())),
    };
    let app = App {
        store,
        clock: clock.clone(),
        real,
        holder: lease::holder(&*ids),
        ids,
        keyring,
        keys: (&config.keys).into(),
        pool: Arc::new(Pool::default()),
    };
    telemetry::keep_metrics_small(&lifecycle);
    card::store::register_metrics();

    let usable = Usable::default();
    let watching = usable
        .clone()
        .watch(app.keyring.clone(), app.ids.clone(), lifecycle.token());
    lifecycle.spawn("wrapping key", watching);

    // The admin listener answers while the clock is waited for, and says so.
    let started = Arc::new(AtomicBool::new(false));
    let seen = started.clone();
    let readiness = Readiness::new(lifecycle.leaving()).check("clock", move || {
        let ready = seen.load(Ordering::SeqCst);
        std::future::ready(if ready {
            Ok(())
        } else {
            Err("waiting for the clock we follow".into())
        })
    });
    let readiness = readiness.check("wrapping key", move || std::future::ready(usable.now()));
    admin.serve(&lifecycle, http::admin_router(&app, readiness));
    follow_clock(&config, clock, &lifecycle).await?;
    // Asked to stop while waiting: nothing is begun any more.
    if !lifecycle.token().is_cancelled() {
        lifecycle.serves_on_for(config.shutdown.grace());
        internal.serve(&lifecycle, http::internal_router(&app, peer));
        public.serve(&lifecycle, http::public_router(&app));
        lifecycle.spawn("key pool", key::fill(app.clone(), lifecycle.token()));
        started.store(true, Ordering::SeqCst);
    }

    let code = lifecycle.run().await;
    app.store.close().await;
    Ok(Outcome::Served(code))
}

struct Listeners {
    public: Bound,
    admin: Bound,
    internal: Bound,
}

impl Listeners {
    async fn bind(config: &CardConfig) -> Result<Self, Faults> {
        Ok(Self {
            public: Bound::bind("public", config.http.listen).await?,
            admin: Bound::bind("admin", config.admin.listen).await?,
            internal: Bound::bind("internal", config.internal.listen).await?,
        })
    }
}

pub(crate) async fn open(config: &CardConfig) -> Result<Store, Faults> {
    let store = Store::open(&config.database.url).await.map_err(unopened)?;
    let schema = migrations::standing::<CardMigrator>(store.for_migrations())
        .await
        .map_err(|error| {
            let sentence = format!("the database cannot be read: {error}");
            unopened(Unopened::because(&error, sentence))
        })?;
    if !schema.missing.is_empty() {
        return Err(format!(
            "the database lacks {} migration(s): run `payphone-card migrate` first",
            schema.missing.len()
        )
        .into());
    }
    if !schema.newer.is_empty() {
        tracing::info!(migrations = ?schema.newer, "the database is of a newer version already");
    }
    store.check_wall().await.map_err(unopened)?;
    Ok(store)
}

/// What is only away may be there at the next try, so that the process ends with 1 and is started again; what a person has to mend ends
/// it with 2.
pub(crate) fn unopened(unopened: Unopened) -> Faults {
    if unopened.passes() {
        Faults::passing(unopened.sentences())
    } else {
        unopened.sentences().into()
    }
}

async fn follow_clock(
    config: &CardConfig,
    clock: Arc<BusinessClock>,
    lifecycle: &Lifecycle,
) -> Result<(), Faults> {
    let (Some(url), Some(file)) = (&config.clock.follow, &config.clock.offset_file) else {
        return Ok(());
    };
    let client = http_client().map_err(|error| format!("no HTTP client: {error}"))?;
    Follower::new(clock, url.clone(), file.clone(), client)
        .start(lifecycle)
        .await
}
