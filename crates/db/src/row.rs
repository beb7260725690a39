//! The tables' row shapes, one file each. They never leave this package: every function answers with domain types.
#![expect(
    unreachable_pub,
    reason = "sea-orm's derive writes public items into private modules"
)]

pub(crate) mod api_key;
pub(crate) mod audit;
pub(crate) mod audit_head;
pub(crate) mod idempotency;
pub(crate) mod inbox;
pub(crate) mod invitation;
pub(crate) mod job;
pub(crate) mod licence;
pub(crate) mod mail;
pub(crate) mod membership;
pub(crate) mod metering_attempt;
pub(crate) mod metering_record;
pub(crate) mod public_key;
pub(crate) mod recovery_code;
pub(crate) mod registration;
pub(crate) mod session;
pub(crate) mod step;
pub(crate) mod tenant;
pub(crate) mod usage_event;
pub(crate) mod user;
