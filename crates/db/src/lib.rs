//! The control plane's tables and queries. The only package that names sea-orm (the card plane's store aside).
//! Invariant: every function takes a [`TenantTx`] or a [`SystemTx`]; none opens a transaction of its own.
//! What belongs to people (users, sessions, recovery codes) or to the post (mails) has no tenant: what a tenant's door needs of it takes
//! either, as a [`Tx`], and the rest a [`SystemTx`].
//! Invariant: a function on `&TenantTx` names the transaction's tenant in every condition, so it cannot reach another's rows.

mod database;
mod keyset;
mod like;
mod row;

pub mod api_key;
pub mod audit;
pub mod backlog;
pub mod idempotency;
pub mod inbox;
pub mod invitation;
pub mod job;
pub mod lease;
pub mod licence;
pub mod live;
pub mod mail;
pub mod membership;
pub mod metering;
pub mod public_key;
pub mod recovery_code;
pub mod registration;
pub mod session;
pub mod tenant;
pub mod usage;
pub mod user;

pub use pool::{Unopened, check_address, register_metrics};

pub use database::{Database, SystemTx, TenantTx, Tx};

use pool::{fault, inserted, unreadable};
