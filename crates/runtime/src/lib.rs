//! Process plumbing that both services share: configuration, clocks and ids, lifecycle, listeners, problems, peer tokens, telemetry.
//! Nothing here knows tenants, tables or the meaning of any route.
//! Invariant: wall clock, randomness, environment and `tokio::spawn` are touched in this package alone.

pub mod admin;
pub mod client_address;
pub mod clock;
pub mod config;
pub mod extract;
pub mod file;
pub mod health;
pub mod ids;
pub mod lifecycle;
pub mod limit;
pub mod outcome;
pub mod peer;
pub mod pem;
pub mod problem;
pub mod record;
pub mod request_id;
pub mod serve;
pub mod stack;
pub mod telemetry;
