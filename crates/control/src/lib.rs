//! What the control plane does: operations, the bodies of its background work, reconcilers.
//! An operation is a free function that takes a [`Cx`]; it asks others once, and does a change anew that the database took back.
//! Reconcilers re-read what is wanted and what is
//! there, take the next idempotent step, and take no hints.
//! Invariant: tenant rows are reached through [`Cx::read`] and [`Cx::write`] alone.

mod anew;
pub mod api_key;
pub mod app;
pub mod audit;
pub mod config;
pub mod cx;
mod gather;
pub mod idempotency;
pub mod inbox;
pub mod invitation;
pub mod job;
pub mod lease;
pub mod licence;
pub mod live;
pub mod mail;
pub mod measure;
pub mod metering;
pub mod public_key;
pub mod recovery_code;
pub mod registration;
pub mod session;
pub mod sweep;
pub mod tenant;
pub mod usage;
pub mod user;
pub mod work;

mod secret;

pub use app::App;
pub use cx::Cx;
