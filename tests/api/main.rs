//! The suite `api`: the control plane over HTTP, on fakes of its ports.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "helpers of tests: whatever is not as it should be ends the test"
)]

mod agreements;
mod api_keys;
mod audit_log;
mod audit_walk;
mod contracts;
mod credentials;
mod cross_site;
mod headers;
mod internal;
mod keys;
mod kit;
mod landing;
mod limits;
mod metering_records;
mod openapi;
mod operator;
mod pages;
mod registrations;
mod roles;
mod rows;
mod scopes;
mod session_check;
mod setup;
mod stage;
mod tokens;
mod usage;
mod usage_events;
mod usage_export;
mod usage_of_tenants;
mod usage_refusals;
mod usage_size;
