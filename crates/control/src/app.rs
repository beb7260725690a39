//! What every operation needs and nobody may reach for by itself: database, clocks, ids, ports, configuration.

use std::sync::Arc;

use db::Database;
use domain::{
    Clock, Ids, RealTime, card_plane::CardPlane, event_queue::EventQueue, identity::Identity,
    mailer::Mailer, marketplace::Marketplace,
};
use tokio::sync::Notify;

use crate::{config::ControlConfig, job::Begun, licence::Answers, live::Live, usage::Gathered};

/// The control plane's surroundings, made once by the binary or by a test.
pub struct App {
    /// The control plane's database.
    pub db: Database,
    /// Business time.
    pub clock: Arc<dyn Clock>,
    /// Real time.
    pub real: Arc<dyn RealTime>,
    /// Ids and randomness.
    pub ids: Arc<dyn Ids>,
    /// AWS Marketplace.
    pub marketplace: Arc<dyn Marketplace>,
    /// Where AWS's events arrive.
    pub events: Arc<dyn EventQueue>,
    /// The card plane.
    pub card_plane: Arc<dyn CardPlane>,
    /// The identity provider.
    pub identity: Arc<dyn Identity>,
    /// What sends our own mail.
    pub mailer: Arc<dyn Mailer>,
    /// This process among the holders of leases.
    pub holder: String,
    /// Configuration.
    pub config: ControlConfig,
    /// Wakes background work early; nothing is lost without it, since every worker also looks once a second.
    pub nudge: Nudge,
    /// Jobs that this process has begun.
    pub begun: Begun,
    /// Usage that is being taken in, by tenant and subject.
    pub usage: Gathered,
    /// What contracts entitle to, as AWS said within the last minutes.
    pub entitlements: Answers,
    /// Pages that are open, and follow what changes.
    pub live: Live,
}

/// Wake-ups inside the process.
#[derive(Debug, Default)]
pub struct Nudge {
    /// The inbox has something new.
    pub inbox: Notify,
    /// A registration has a step to take.
    pub registrations: Notify,
    /// A licence came into force.
    pub licences: Notify,
    /// A licence ended, or it is known how it is paid for.
    pub metering: Notify,
    /// A record is sealed.
    pub sealed: Notify,
    /// A person's account is not as it should be.
    pub users: Notify,
    /// A mail is to be sent.
    pub mails: Notify,
}
