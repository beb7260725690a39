//! What the walk's suites share: the three real programs on a stand, buyers who go through them over HTTP, and aws-sim's books.
//! A test here waits for what must become true (`soon`), never for a time to pass.
#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::missing_panics_doc,
    reason = "test support: a panic is how a test fails, and it says why"
)]

pub mod balancer;
pub mod books;
pub mod buyer;
pub mod lines;
pub mod person;
pub mod replica;
pub mod totp;
pub mod worker;
pub mod world;

pub use balancer::Balancer;
pub use books::Book;
pub use buyer::Buyer;
pub use lines::Lines;
pub use person::Person;
pub use replica::Replica;
pub use worker::Worker;
pub use world::{World, soon};
