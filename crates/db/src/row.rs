//! The tables' row shapes, one file each. They never leave this package: every function answers with domain types.
#![expect(
    unreachable_pub,
    reason = "sea-orm's derive writes public items into private modules"
)]

pub(crate) mod api_key;
pub(crate) mod audit;
pub(crate) mod inbox;
pub(crate) mod licence;
pub(crate) mod metering_attempt;
pub(crate) mod metering_record;
pub(crate) mod public_key;
pub(crate) mod registration;
pub(crate) mod step;
pub(crate) mod tenant;
pub(crate) mod usage_event;
