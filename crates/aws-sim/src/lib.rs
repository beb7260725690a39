//! A stand-in for the AWS services that Payphone uses, faithful enough to be its demo, its test bed and its go-live rehearsal.
//!
//! It speaks the wire protocols of unchanged SDKs and keeps books of its own; it shares no code with the product.
//! Invariant: rules of AWS carry their source, and every rule AWS has not settled is a switch.

pub mod agreements;
pub mod cli;
pub mod clock;
pub mod cognito;
pub mod connection;
pub mod control;
pub mod entitlement;
pub mod error;
pub mod events;
pub mod faults;
pub mod ids;
pub mod journal;
pub mod kms;
pub mod login;
pub mod metering;
pub mod quantity;
pub mod queue;
pub mod request_log;
pub mod resolve;
pub mod server;
pub mod ses;
pub mod sim;
pub mod sqs;
pub mod storefront;
pub mod sts;
pub mod switches;
pub mod window;
pub mod wire;
pub mod world;
