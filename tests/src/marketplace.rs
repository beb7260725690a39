//! AWS Marketplace, played: tokens with their lifetimes, licences with their entitlements, and a metering ledger with a judgement of its own.
//! Faults are played one call after another, or until they are mended. What no caller should ever do is written down as unexpected.

mod ledger;
mod port;

use std::{
    collections::{HashMap, VecDeque},
    sync::{Mutex, MutexGuard, PoisonError},
};

use chrono::Duration;
use domain::{
    Timestamp,
    licence::LicenseArn,
    marketplace::{Entitlement, ResolvedCustomer},
};

pub use ledger::{Held, Key, Ledger};

use crate::{clock::TestClock, random::Random};

/// How long a token made by the console lives.
pub const TOKEN_LIFETIME: Duration = Duration::hours(4);
/// How long AWS takes final usage after the end.
pub const FINAL_WINDOW: Duration = Duration::minutes(60);

/// What goes wrong with one call, whichever it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Throttled: no effect.
    Throttle,
    /// The effect is there, the answer is not.
    LostAnswer,
    /// Every second record stays unprocessed.
    Partial,
    /// Nothing is processed.
    NothingProcessed,
    /// Every record gets a status that the model does not list, and no effect.
    UnknownStatus,
    /// Every record gets `CustomerNotSubscribed`.
    NotSubscribed,
    /// The whole request is refused for one of its records, and nothing is recorded; the next request is judged afresh.
    BadRecord,
    /// Our set-up is wrong.
    Misconfigured,
    /// The answer is shorter than the question.
    ShortAnswer,
    /// Nothing is ever answered, and there is no effect: for killing the caller here.
    Hangs,
    /// There is an effect, and nothing is ever answered.
    HangsAfterwards,
}

/// A purchase, as AWS knows it.
#[derive(Debug, Clone)]
pub struct Purchase {
    /// The licence's ARN.
    pub license: LicenseArn,
    /// The buyer's account.
    pub account: String,
    /// The listing.
    pub product_code: String,
    /// In force since.
    pub since: Timestamp,
    /// Over since.
    pub ended_at: Option<Timestamp>,
    /// What a contract entitles to; empty for pay as you go.
    pub entitlements: Vec<Entitlement>,
}

/// AWS Marketplace, played.
#[derive(Debug)]
pub struct FakeMarketplace {
    clock: TestClock,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    tokens: HashMap<String, (ResolvedCustomer, Timestamp)>,
    purchases: HashMap<String, Purchase>,
    ledger: Ledger,
    resolve_faults: VecDeque<Fault>,
    meter_faults: VecDeque<Fault>,
    meter_down: Option<Fault>,
    entitlement_faults: VecDeque<Fault>,
    entitlements_down: Option<Fault>,
    random_faults: Option<(Random, u64)>,
    calls: Calls,
    unexpected: Vec<String>,
}

/// How often each operation was called.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Calls {
    /// `ResolveCustomer`.
    pub resolve: usize,
    /// `BatchMeterUsage`.
    pub meter: usize,
    /// `GetEntitlements`.
    pub entitlements: usize,
}

impl FakeMarketplace {
    /// An AWS without customers.
    pub fn new(clock: TestClock) -> Self {
        let state = State {
            tokens: HashMap::new(),
            purchases: HashMap::new(),
            ledger: Ledger::default(),
            resolve_faults: VecDeque::new(),
            meter_faults: VecDeque::new(),
            meter_down: None,
            entitlement_faults: VecDeque::new(),
            entitlements_down: None,
            random_faults: None,
            calls: Calls::default(),
            unexpected: Vec::new(),
        };
        Self {
            clock,
            state: Mutex::new(state),
        }
    }

    /// Somebody buys.
    pub fn sells(&self, purchase: Purchase) {
        let key = purchase.license.key().as_str().to_owned();
        self.state().purchases.insert(key, purchase);
    }

    /// The purchase is over from now on.
    pub fn ends(&self, license: &LicenseArn) {
        let now = self.clock.now();
        if let Some(purchase) = self.state().purchases.get_mut(license.key().as_str()) {
            purchase.ended_at.get_or_insert(now);
        }
    }

    /// What a contract entitles to, from now on.
    pub fn entitles(&self, license: &LicenseArn, entitlements: Vec<Entitlement>) {
        if let Some(purchase) = self.state().purchases.get_mut(license.key().as_str()) {
            purchase.entitlements = entitlements;
        }
    }

    /// A token that resolves to this for as long as tokens live.
    pub fn issues(&self, token: &str, customer: ResolvedCustomer) {
        let until = self.clock.now() + TOKEN_LIFETIME;
        self.state()
            .tokens
            .insert(token.to_owned(), (customer, until));
    }

    /// The next `ResolveCustomer` calls fail like this, one after the other.
    pub fn resolving_fails(&self, faults: impl IntoIterator<Item = Fault>) {
        self.state().resolve_faults.extend(faults);
    }

    /// The next `BatchMeterUsage` calls fail like this, one after the other.
    pub fn metering_fails(&self, faults: impl IntoIterator<Item = Fault>) {
        self.state().meter_faults.extend(faults);
    }

    /// Every `BatchMeterUsage` call fails like this until `None`.
    pub fn metering_is_down(&self, fault: Option<Fault>) {
        self.state().meter_down = fault;
    }

    /// The next `GetEntitlements` calls fail like this, one after the other.
    pub fn entitlements_fail(&self, faults: impl IntoIterator<Item = Fault>) {
        self.state().entitlement_faults.extend(faults);
    }

    /// Every `GetEntitlements` call fails like this until `None`.
    pub fn entitlements_are_down(&self, fault: Option<Fault>) {
        self.state().entitlements_down = fault;
    }

    /// Metering calls fail at random, with this chance in a hundred; 0 ends it.
    pub fn metering_fails_at_random(&self, seed: u64, percent: u64) {
        self.state().random_faults = (percent > 0).then(|| (Random::seeded(seed), percent));
    }

    /// Looks at, or changes, AWS's books.
    pub fn ledger<T>(&self, look: impl FnOnce(&mut Ledger) -> T) -> T {
        look(&mut self.state().ledger)
    }

    /// How often each operation was called.
    pub fn calls(&self) -> Calls {
        self.state().calls
    }

    /// What no caller should ever do.
    pub fn unexpected(&self) -> Vec<String> {
        let state = self.state();
        let mut all = state.unexpected.clone();
        all.extend(state.ledger.unexpected().iter().cloned());
        all
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
