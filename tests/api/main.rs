//! The suite `api`: the control plane over HTTP, on fakes of its ports.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "helpers of tests: whatever is not as it should be ends the test"
)]

mod agreements;
mod anew;
mod api_keys;
mod attach;
mod audit_chain;
mod audit_log;
mod audit_walk;
mod cast;
mod contracts;
mod credentials;
mod cross_site;
mod docs;
mod errands;
mod first_owner;
mod headers;
mod held_back;
mod holes;
mod idempotency;
mod interleavings;
mod internal;
mod invitations;
mod keys;
mod kit;
mod landing;
mod limits;
mod live;
mod lost_answers;
mod metering_records;
mod openapi;
mod operator;
mod pages;
mod people;
mod recovery;
mod registrations;
mod roles;
mod rows;
mod scopes;
mod secrets;
mod session_check;
mod sessions;
mod setup;
mod shut_out;
mod sign_in;
mod slow_clients;
mod stage;
mod step_up;
mod stored_text;
mod tenancy;
mod tokens;
mod two_tenants;
mod usage;
mod usage_events;
mod usage_export;
mod usage_of_tenants;
mod usage_refusals;
mod usage_size;
mod wall;
