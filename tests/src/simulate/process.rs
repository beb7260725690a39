//! One process of the control plane: its own clocks, which may be wrong, its own ids, its turns at background work. What it has in
//! memory ends with it; the database and everything outside stay.

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};

use chrono::Duration;
use control::{
    App,
    app::Nudge,
    config::{ControlConfig, MarketplaceConfig, MeteringConfig, PricesConfig},
    lease::Turn,
};
use db::Database;
use domain::{Clock, Ids, RealTime, Timestamp};

use super::{
    desk::Desk,
    wire::{Outside, Wire},
    work::Kind,
};
use crate::{app::PRODUCT, clock::TestClock, ids::SeededIds};

/// How far a process's clock is off, in milliseconds.
#[derive(Debug, Clone, Default)]
pub(super) struct Skew(Arc<AtomicI64>);

impl Skew {
    /// So far from now on.
    pub(super) fn set(&self, by: Duration) {
        self.0.store(by.num_milliseconds(), Ordering::SeqCst);
    }

    /// How far now.
    pub(super) fn get(&self) -> Duration {
        Duration::milliseconds(self.0.load(Ordering::SeqCst))
    }
}

/// The clocks of one process; each look is a place to die.
#[derive(Debug, Clone)]
struct Watch {
    true_time: TestClock,
    skew: Skew,
    desk: Arc<Desk>,
}

impl Clock for Watch {
    fn now(&self) -> Timestamp {
        self.desk.draw();
        self.true_time.now() + self.skew.get()
    }
}

#[derive(Debug, Clone)]
struct RealWatch(Watch);

impl RealTime for RealWatch {
    fn now(&self) -> Timestamp {
        self.0.desk.draw();
        self.0.true_time.real_now() + self.0.skew.get()
    }
}

/// Ids of one process; each is a place to die.
#[derive(Debug)]
struct OwnIds {
    ids: SeededIds,
    desk: Arc<Desk>,
}

impl Ids for OwnIds {
    fn uuid(&self) -> uuid::Uuid {
        self.desk.draw();
        self.ids.uuid()
    }

    fn fill(&self, bytes: &mut [u8]) {
        self.desk.draw();
        self.ids.fill(bytes);
    }
}

/// A process.
pub(super) struct Process {
    pub app: Arc<App>,
    pub skew: Skew,
    /// Its turns, as long as they are not with a task that is under way.
    pub turns: BTreeMap<Kind, Turn>,
}

/// What every process is started with.
pub(super) struct Start {
    pub db: Database,
    pub clock: TestClock,
    pub outside: Outside,
    pub desk: Arc<Desk>,
    pub metering: MeteringConfig,
}

impl Start {
    /// A process that has just begun; `seed` is of this life alone.
    pub(super) fn process(&self, seed: u64, skew: Skew) -> Process {
        let watch = Watch {
            true_time: self.clock.clone(),
            skew: skew.clone(),
            desk: Arc::clone(&self.desk),
        };
        let ids: Arc<dyn Ids> = Arc::new(OwnIds {
            ids: SeededIds::new(self.clock.clone(), seed),
            desk: Arc::clone(&self.desk),
        });
        let wire = Arc::new(Wire {
            outside: self.outside.clone(),
            desk: Arc::clone(&self.desk),
        });
        let app = App {
            db: self.db.clone(),
            clock: Arc::new(watch.clone()),
            real: Arc::new(RealWatch(watch)),
            marketplace: Arc::clone(&wire) as _,
            events: Arc::clone(&wire) as _,
            card_plane: Arc::clone(&wire) as _,
            identity: Arc::clone(&wire) as _,
            mailer: wire,
            holder: control::lease::holder(&*ids),
            ids,
            config: ControlConfig {
                public_url: "https://console.payphone.example".to_owned(),
                marketplace: MarketplaceConfig {
                    product_codes: vec![PRODUCT.to_owned()],
                    prices: PricesConfig::default(),
                },
                metering: self.metering.clone(),
            },
            nudge: Nudge::default(),
            begun: control::job::Begun::default(),
            usage: control::usage::Gathered::default(),
            entitlements: control::licence::Answers::default(),
            live: control::live::Live::default(),
        };
        let turns = Kind::ALL.into_iter().map(|kind| (kind, kind.turn()));
        Process {
            app: Arc::new(app),
            skew,
            turns: turns.collect(),
        }
    }
}
