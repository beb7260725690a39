//! Wires the control plane together and runs it: listeners first, then the database, then the clock, then requests and work.

use std::{
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use aws::{AwsMarketplace, CognitoIdentity, SesMailer, SqsEventQueue};
use control::{App, app::Nudge, job, lease, work};
use db::{Database, Unopened};
use domain::{Clock, Ids, RealTime};
use http_api::{Http, card_plane::HttpCardPlane, limits::Limits};
use migrations::control::ControlMigrator;
use runtime::{
    admin::{self, Readiness},
    clock::{BusinessClock, Follower, SystemRealTime},
    config::{Environment, Faults},
    ids::SystemIds,
    lifecycle::Lifecycle,
    outcome::Outcome,
    peer::{PeerClient, PeerKey, PeerSigner, PeerVerifier, http_client, read_jwk},
    serve::Bound,
    stack, telemetry,
};

use crate::{
    commands::configuration,
    config::{Config, Secrets},
};

/// What this process does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// Requests and work.
    All,
    /// Requests only.
    Serve,
    /// Work only.
    Work,
}

/// Time and ids, as the system has them.
pub(crate) struct Parts {
    pub(crate) clock: Arc<BusinessClock>,
    real: Arc<dyn RealTime>,
    ids: Arc<dyn Ids>,
}

pub(crate) fn parts() -> Parts {
    let real: Arc<dyn RealTime> = Arc::new(SystemRealTime);
    let clock = Arc::new(BusinessClock::new(Arc::clone(&real)));
    Parts {
        clock,
        ids: Arc::new(SystemIds::new(Arc::clone(&real))),
        real,
    }
}

/// The control plane around a database.
pub(crate) async fn app(
    config: &Config,
    db: Database,
    clock: Arc<dyn Clock>,
    parts: &Parts,
) -> Result<App, Faults> {
    let key = Arc::new(PeerKey::load_or_create(&config.peer.key_file)?);
    let signer = PeerSigner {
        key,
        iss: "payphone",
        aud: "payphone-card",
        real: Arc::clone(&parts.real),
    };
    let client = http_client().map_err(|error| format!("no HTTP client: {error}"))?;
    let sdk = aws::load().await;
    let wait = Duration::from_secs(u64::from(config.events.wait_seconds));
    Ok(App {
        db,
        clock,
        real: Arc::clone(&parts.real),
        ids: Arc::clone(&parts.ids),
        marketplace: Arc::new(AwsMarketplace::new(&sdk)),
        events: Arc::new(SqsEventQueue::new(&sdk, &config.events.queue_url, wait)),
        identity: Arc::new(CognitoIdentity::new(&sdk, config.identity.user_pool_id())),
        mailer: Arc::new(SesMailer::new(&sdk, &config.mail.from)),
        card_plane: Arc::new(HttpCardPlane(PeerClient::new(
            client,
            &config.peer.url,
            signer,
        ))),
        holder: lease::holder(&*parts.ids),
        config: config.control(),
        nudge: Nudge::default(),
        begun: control::job::Begun::default(),
        usage: control::usage::Gathered::default(),
        entitlements: control::licence::Answers::default(),
        live: control::live::Live::default(),
    })
}

pub(crate) async fn serve(file: Option<PathBuf>, role: Role) -> Result<Outcome, Faults> {
    let config = configuration(file)?;
    telemetry::start_log(&config.log)?;
    config.peer.tell(config.environment);
    let metrics = telemetry::metrics();
    let parts = parts();
    let lifecycle = Lifecycle::new();
    if !lifecycle.listen() {
        return Ok(Outcome::Failed("signals cannot be received".to_owned()));
    }
    telemetry::keep_metrics_small(&lifecycle);
    db::register_metrics();
    aws::register_metrics();
    control::measure::register();

    let Secrets {
        cookie_key,
        operator_token,
        client_secret,
    } = config.secrets()?;
    // Our own key is made at the first start; the peer may need its public half before we ask anything.
    PeerKey::load_or_create(&config.peer.key_file)?;
    let verifier = PeerVerifier::new(
        read_jwk(&config.peer.jwk_file)?,
        "payphone-card",
        "payphone",
    );

    let listeners = match Listeners::bind(&config, role).await {
        Ok(listeners) => listeners,
        Err(fault) => return Ok(Outcome::Failed(fault.to_string())),
    };
    let database = open(&config).await?;
    let app = Arc::new(app(&config, database, parts.clock.clone(), &parts).await?);

    let started = Arc::new(AtomicBool::new(false));
    let readiness = readiness(&app, &lifecycle, &started);
    let admin = stack::wrap(
        admin::router(readiness, metrics),
        Arc::clone(&parts.ids),
        stack::Limits::default(),
    );
    listeners.admin.serve(&lifecycle, admin);
    follow_clock(&config, &parts, &lifecycle).await?;
    if lifecycle.token().is_cancelled() {
        // Asked to stop while waiting: nothing is begun any more.
        return Ok(Outcome::Served(lifecycle.run().await));
    }

    if let Some(requests) = listeners.requests {
        lifecycle.serves_on_for(config.shutdown.grace());
        let settings = config.identity.settings(client_secret);
        let login = oidc::Client::new(settings.clone())
            .map_err(|error| format!("no HTTP client: {error}"))?;
        let http = Http {
            app: Arc::clone(&app),
            cookie_key,
            operator_token,
            sign_in: Arc::new(oidc::SignIn::new(
                settings,
                Arc::new(login),
                Arc::clone(&parts.real),
                Arc::clone(&parts.ids),
            )),
            limits: Limits::new(&config.limits, &parts.real),
            lifecycle: lifecycle.clone(),
            public_url: config.identity.public_url.as_str().into(),
            support_email: config.support.email.as_str().into(),
        };
        // In development there is also the page that shows what the others are made of.
        let with_design = config.environment == Environment::Development;
        let public = web::public(&http, with_design, &parts.ids);
        let limits = stack::Limits::default();
        let internal = http_api::app::internal_router(http, Arc::new(verifier));
        keep_pages_live(&app, &lifecycle);
        requests.public.serve(&lifecycle, public);
        requests.internal.serve(
            &lifecycle,
            stack::wrap(internal, Arc::clone(&parts.ids), limits),
        );
    }
    if role != Role::Serve {
        give_back(&app).await;
        work_on(&app, &lifecycle);
    }
    let (stop, pool) = (lifecycle.token(), config.identity.user_pool_id().to_owned());
    lifecycle.spawn("check the user pool", async move {
        // Nobody waits for it at the end.
        stop.run_until_cancelled(check_pool(pool)).await;
    });
    started.store(true, Ordering::SeqCst);
    let ended = lifecycle.run().await;
    if role != Role::Serve {
        give_back(&app).await;
    }
    Ok(Outcome::Served(ended))
}

/// At the start, on SQLite, what the process before left; at the end what this one has, so that other replicas go on at once.
async fn give_back(app: &App) {
    if let Err(error) = job::let_go(app).await {
        tracing::warn!(
            error.code = error.code(),
            error.cause = error.private(),
            "jobs that were given up stay counted as begun"
        );
    }
    if let Err(error) = lease::release(app).await {
        tracing::warn!(
            error.code = error.code(),
            error.cause = error.private(),
            "leases could not be given back; they run out by themselves"
        );
    }
}

/// Says once, in the log, what the user pool lacks: without a second factor for everybody, or with self sign-up, the rest is worth less.
async fn check_pool(pool: String) {
    let sdk = aws::load().await;
    match CognitoIdentity::new(&sdk, &pool).check_pool().await {
        Ok(changes) => {
            for change in changes {
                tracing::error!(
                    identity.pool = pool,
                    "the user pool is not as it must be: {change}"
                );
            }
        }
        Err(error) => {
            tracing::warn!(identity.pool = pool, error.cause = %error, "the user pool could not be looked at");
        }
    }
}

/// For who serves pages: each process tells its own.
fn keep_pages_live(app: &Arc<App>, lifecycle: &Lifecycle) {
    web::say_what_is_built_in();
    lifecycle.spawn("follow", work::follow(Arc::clone(app), lifecycle.token()));
}

/// Every loop of background work.
fn work_on(app: &Arc<App>, lifecycle: &Lifecycle) {
    lifecycle.spawn(
        "receive events",
        work::receive_events(Arc::clone(app), lifecycle.token()),
    );
    lifecycle.spawn(
        "apply events",
        work::apply_events(Arc::clone(app), lifecycle.token()),
    );
    lifecycle.spawn(
        "provision",
        work::provision(Arc::clone(app), lifecycle.token()),
    );
    lifecycle.spawn(
        "find pricing",
        work::find_pricing(Arc::clone(app), lifecycle.token()),
    );
    lifecycle.spawn(
        "look after users",
        work::look_after_users(Arc::clone(app), lifecycle.token()),
    );
    lifecycle.spawn(
        "send mail",
        work::send_mail(Arc::clone(app), lifecycle.token()),
    );
    lifecycle.spawn("sweep", work::sweep(Arc::clone(app), lifecycle.token()));
    lifecycle.spawn("seal", work::seal(Arc::clone(app), lifecycle.token()));
    lifecycle.spawn("send", work::send(Arc::clone(app), lifecycle.token()));
    lifecycle.spawn("measure", work::measure(Arc::clone(app), lifecycle.token()));
    lifecycle.spawn(
        "verify the audit trail",
        work::verify_audit(Arc::clone(app), lifecycle.token()),
    );
    lifecycle.spawn("leases", lease::keep(Arc::clone(app), lifecycle.token()));
}

struct Listeners {
    admin: Bound,
    /// None for who only works: a port that is bound and not served keeps its clients waiting.
    requests: Option<RequestListeners>,
}

struct RequestListeners {
    public: Bound,
    internal: Bound,
}

impl Listeners {
    async fn bind(config: &Config, role: Role) -> Result<Self, Faults> {
        let requests = match role {
            Role::Work => None,
            Role::All | Role::Serve => Some(RequestListeners {
                public: Bound::bind("public", config.http.listen)
                    .await?
                    .trusting(config.http.proxies()?),
                internal: Bound::bind("internal", config.internal.listen).await?,
            }),
        };
        Ok(Self {
            admin: Bound::bind("admin", config.admin.listen).await?,
            requests,
        })
    }
}

async fn open(config: &Config) -> Result<Database, Faults> {
    let database = Database::open(&config.database.url)
        .await
        .map_err(unopened)?;
    let schema = migrations::standing::<ControlMigrator>(database.for_migrations())
        .await
        .map_err(|error| {
            let sentence = format!("the database cannot be read: {error}");
            unopened(Unopened::because(&error, sentence))
        })?;
    if !schema.missing.is_empty() {
        return Err(format!(
            "the database lacks {} migration(s): run `payphone migrate` first",
            schema.missing.len()
        )
        .into());
    }
    if !schema.newer.is_empty() {
        tracing::info!(migrations = ?schema.newer, "the database is of a newer version already");
    }
    database.check_wall().await.map_err(unopened)?;
    Ok(database)
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

fn readiness(app: &Arc<App>, lifecycle: &Lifecycle, started: &Arc<AtomicBool>) -> Readiness {
    let (seen, app) = (Arc::clone(started), Arc::clone(app));
    Readiness::new(lifecycle.leaving())
        .check("clock", move || {
            let ready = seen.load(Ordering::SeqCst);
            std::future::ready(if ready {
                Ok(())
            } else {
                Err("waiting for the clock we follow".to_owned())
            })
        })
        .check("database", move || {
            let app = Arc::clone(&app);
            async move { app.db.ping().await.map_err(|error| error.to_string()) }
        })
}

async fn follow_clock(config: &Config, parts: &Parts, lifecycle: &Lifecycle) -> Result<(), Faults> {
    let (Some(url), Some(file)) = (&config.clock.follow, &config.clock.offset_file) else {
        return Ok(());
    };
    let client = http_client().map_err(|error| format!("no HTTP client: {error}"))?;
    Follower::new(parts.clock.clone(), url.clone(), file.clone(), client)
        .start(lifecycle)
        .await
}
