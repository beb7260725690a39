//! The suite `wire`: the real programs, the real AWS SDKs and aws-sim, driven over HTTP.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test fails by panicking, and its figures are for who reads its output"
)]

mod bench;
mod bench_pages;
mod chaos;
mod contracts;
mod deploy;
mod dev;
mod identity;
mod kms;
mod lines;
mod moto;
mod peculiarities;
mod races;
mod refusals;
mod walk;
