//! The suite `api`: the control plane over HTTP, on fakes of its ports.

mod agreements;
mod api_keys;
mod audit_log;
mod contracts;
mod credentials;
mod headers;
mod internal;
mod keys;
mod landing;
mod metering_records;
mod openapi;
mod operator;
mod registrations;
mod scopes;
mod setup;
mod tokens;
mod usage;
mod usage_events;
mod usage_refusals;
