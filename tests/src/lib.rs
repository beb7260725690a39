//! The test kit: the control plane on a real database (SQLite, or PostgreSQL if told so), its ports played by fakes, its clocks in the test's hand.
//! Helpers are named after what users do; a [`TestApp`] that is dropped asserts that nothing went wrong unseen.
//! Invariant: no fake shares a line with the code it judges, and [`contract`] is what each is held to, as the real adapters are.
#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::missing_panics_doc,
    reason = "a kit for tests: whatever is not as it should be ends the test at once"
)]

pub mod api_key;
pub mod app;
pub mod bench;
pub mod buyer;
pub mod card_plane;
pub mod client;
pub mod clock;
pub mod contract;
pub mod count;
pub mod database;
pub mod event_queue;
pub mod events;
pub mod gate;
pub mod identity;
pub mod ids;
pub mod kill;
pub mod login;
pub mod logs;
pub mod mailer;
pub mod marketplace;
pub mod person;
pub mod postgres;
pub mod proxy;
pub mod random;
pub mod server;
pub mod simulate;
pub mod trial;
pub mod wall;
pub mod work;

pub use api_key::ApiKey;
pub use app::{Options, TestApp};
pub use buyer::Buyer;
pub use client::{Answer, Client};
pub use events::Happening;
pub use person::Person;
