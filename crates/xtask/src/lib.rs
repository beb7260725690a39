//! The project's own tool: `cargo xtask dev|test|chaos|simulate|bench|islands|tidy|doctor|openapi`.
//! A library as well as a program, because the walk tests start the three processes through [`stand`] exactly as `dev` does.
//! Invariant: std and a few light crates only; no async runtime, nothing of the product is linked.
#![expect(
    clippy::print_stdout,
    reason = "a command-line tool talks on standard output"
)]

pub mod bench;
pub mod cli;
pub mod dev;
pub mod doctor;
#[path = "../../../web/islands/fingerprint.rs"]
mod fingerprint;
mod fuzz;
pub mod islands;
pub mod openapi;
pub mod oracle;
pub mod stand;
pub mod suite;
pub mod tidy;
pub mod tools;
