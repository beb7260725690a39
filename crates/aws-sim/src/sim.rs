//! What every request shares: the world, its journal, the clock, the identifiers and the settings.
//!
//! Invariant: the world is changed only inside [`Sim::change`], which journals every entry before it returns; the lock is never held
//! across an await.

use std::{
    collections::{HashMap, VecDeque},
    ops::Deref,
    path::PathBuf,
    sync::{Mutex, MutexGuard, PoisonError, atomic::AtomicU64},
};

use tokio::sync::watch;

use crate::{
    clock::Clock,
    cognito::{PoolSettings, lockout::Lockouts},
    ids::Ids,
    journal::{self, Journal, OpenError},
    kms,
    queue::Queue,
    request_log::RequestLog,
    world::{Entry, World},
};

/// The seller: the account that listed the product and that every call is answered for.
pub const SELLER_ACCOUNT: &str = "000000000000";
/// The account in whose name licences are issued; in the capture neither the seller's nor the buyer's.
pub const LICENSE_ISSUER: &str = "294406891311";

/// What the command line decides.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The journal; the request log lies beside it.
    pub state: PathBuf,
    /// Where *Set up your account* posts to.
    pub fulfilment_url: String,
    /// The listing's product code.
    pub product_code: String,
    /// The queue that receives agreement and licence events.
    pub queue: String,
    /// Metered dimensions of the listing.
    pub dimensions: Vec<String>,
    /// Contract dimensions of the listing.
    pub contract_dimensions: Vec<String>,
    /// Seed of all identifiers; none means the operating system's.
    pub seed: Option<u64>,
    /// Host and port for queue URLs when a request names none, and of the user pool's issuer always.
    pub host: String,
    /// The user pool and its app client.
    pub pool: PoolSettings,
    /// Verified senders of Amazon SES.
    pub mail_from: Vec<String>,
    /// Id of the KMS key that is there from the first start.
    pub kms_key: String,
}

/// The running stand-in.
#[derive(Debug)]
pub struct Sim {
    /// The command line's decisions.
    pub settings: Settings,
    /// Both times.
    pub clock: Clock,
    /// All identifiers.
    pub ids: Ids,
    /// Every AWS request received.
    pub requests: RequestLog,
    /// Recent metering calls by region, for the quota switch.
    pub recent_calls: Mutex<HashMap<String, VecDeque<i64>>>,
    /// Failed sign-ins.
    pub lockouts: Lockouts,
    /// How often the JWK set was asked for since the start.
    pub jwks_fetches: AtomicU64,
    world: Mutex<World>,
    journal: Journal,
    changed: watch::Sender<u64>,
    stop: watch::Sender<bool>,
}

/// A change in the making: it reads like the world and collects what is to be journalled.
#[derive(Debug)]
pub struct Change<'a> {
    world: &'a mut World,
    lines: String,
}

impl Deref for Change<'_> {
    type Target = World;

    fn deref(&self) -> &World {
        self.world
    }
}

impl Change<'_> {
    /// Applies an entry and notes it for the journal.
    pub fn put(&mut self, entry: Entry) {
        // Every entry is plain data with text keys; serialising it cannot fail.
        self.lines
            .push_str(&serde_json::to_string(&entry).unwrap_or_default());
        self.lines.push('\n');
        self.world.apply(entry);
    }
}

impl Sim {
    /// Opens the state, replays it and compacts it.
    pub fn open(settings: Settings, clock: Clock) -> Result<Self, OpenError> {
        let (lock, entries) = journal::load::<Entry>(&settings.state)?;
        let mut world = World::default();
        for entry in entries {
            world.apply(entry);
        }
        clock.raise_offset(world.offset_ms);
        world.starts += 1;
        world.prune(clock.business_ms());
        world.pool.prune(clock.real_ms());
        world
            .queues
            .entry(settings.queue.clone())
            .or_insert_with(|| Queue::created(clock.real_ms()));
        // A restart must not draw the identifiers of the first run again.
        let ids = settings.seed.map_or_else(Ids::from_system, |seed| {
            Ids::seeded(seed ^ world.starts.rotate_left(32))
        });
        let first_key = || kms::first_key(clock.business_ms(), &settings.kms_key);
        world
            .kms_keys
            .entry(settings.kms_key.clone())
            .or_insert_with(first_key);
        let snapshot = Entry::Snapshot(Box::new(world));
        let journal = journal::open(&settings.state, lock, &snapshot)?;
        let Entry::Snapshot(world) = snapshot else {
            unreachable!("made two lines above")
        };
        let requests = RequestLog::open(&journal::beside(&settings.state, "requests.jsonl"))
            .map_err(|why| OpenError::Io(settings.state.clone(), why))?;
        Ok(Self {
            settings,
            clock,
            ids,
            requests,
            recent_calls: Mutex::default(),
            lockouts: Lockouts::default(),
            jwks_fetches: AtomicU64::new(0),
            world: Mutex::new(*world),
            journal,
            changed: watch::Sender::new(0),
            stop: watch::Sender::new(false),
        })
    }

    /// Looks at the world.
    pub fn read<T>(&self, look: impl FnOnce(&World) -> T) -> T {
        look(&self.lock())
    }

    /// Changes the world and answers when the change is on disk.
    pub async fn change<T>(&self, work: impl FnOnce(&mut Change<'_>) -> T) -> T {
        let (out, ticket) = self.change_soon(work);
        if let Some(ticket) = ticket {
            self.journal.durable(ticket).await;
        }
        out
    }

    /// Changes the world; the change is written, but nobody waits for the disk.
    pub fn change_soon<T>(&self, work: impl FnOnce(&mut Change<'_>) -> T) -> (T, Option<u64>) {
        let mut world = self.lock();
        let mut change = Change {
            world: &mut world,
            lines: String::new(),
        };
        let out = work(&mut change);
        let lines = change.lines;
        if lines.is_empty() {
            return (out, None);
        }
        let ticket = self.journal.append(&lines);
        drop(world);
        self.changed.send_modify(|n| *n += 1);
        (out, Some(ticket))
    }

    /// Tells whoever waits for a message that something may have arrived.
    pub fn watch_changes(&self) -> watch::Receiver<u64> {
        self.changed.subscribe()
    }

    /// Ends long polls and held requests.
    pub fn stop(&self) {
        self.stop.send_replace(true);
    }

    /// Resolves when the process is asked to stop.
    pub async fn stopping(&self) {
        // The sender lives in self, so an error cannot come.
        let _ = self.stop.subscribe().wait_for(|stop| *stop).await;
    }

    fn lock(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::cognito::ClientSecret;

    /// The app client's secret.
    pub(crate) const SECRET: &str = "throwaway0secret0of0tests";

    /// A stand-in at a fixed time in a directory of its own.
    pub(crate) fn sim(now: &str) -> (Sim, tempfile::TempDir) {
        let dir = tempfile::tempdir().unwrap();
        let now = chrono::DateTime::parse_from_rfc3339(now)
            .unwrap()
            .timestamp_millis();
        (reopen(dir.path(), now), dir)
    }

    /// Opens the state in `dir` again.
    pub(crate) fn reopen(dir: &std::path::Path, now_ms: i64) -> Sim {
        let settings = Settings {
            state: dir.join("state"),
            fulfilment_url: "http://127.0.0.1:8080/marketplace/register".into(),
            product_code: "payphone-demo".into(),
            queue: "payphone-events".into(),
            dimensions: vec!["payments".into(), "captures".into()],
            contract_dimensions: vec!["seats".into()],
            seed: Some(1),
            host: "127.0.0.3:8070".into(),
            pool: PoolSettings {
                client_secret: Some(ClientSecret(SECRET.into())),
                ..PoolSettings::default()
            },
            mail_from: vec!["no-reply@payphone.example".into()],
            kms_key: "0d5c7b1e-2f64-4a38-9c0b-7e1a5f3d8b26".into(),
        };
        Sim::open(settings, Clock::fixed(now_ms)).unwrap()
    }
}
