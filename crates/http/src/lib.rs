//! The control plane's HTTP surface: REST v1, who is calling, security headers, and the composition of the whole app.
//! Handlers read the request, call one operation of `control` and answer; no rule is decided here.
//! Invariant: every route under `/api/v1` is in the OpenAPI document, because both are made from one list.

pub mod app;
pub mod card_plane;
pub mod idempotency;
pub mod limits;
pub mod mode_cookie;
pub mod registration_cookie;
pub mod seal;
pub mod security_headers;
pub mod session_cookie;
pub mod sign_in;
pub mod state;
pub mod theme_cookie;
pub mod who;

mod account;
mod agreements;
mod api_keys;
mod audit_log;
mod choice_cookie;
mod csp_reports;
mod csv_answer;
mod entitlements;
mod format;
mod internal;
mod invitations;
mod keys;
mod metering_records;
mod openapi;
mod operator;
mod page;
mod problem;
mod query_secrets;
mod setup;
mod span;
mod tenant;
mod usage;
mod usage_events;
mod users;

pub use state::Http;
