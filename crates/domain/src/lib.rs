//! What is true whatever the technology: ids, time, money-like arithmetic, states and their transitions, policy, errors, ports.
//! No IO and no async runtime live here; ports are traits that other packages implement.
//! Invariant: every function of this package is a pure function of its arguments.

pub mod api_key;
pub mod card_plane;
pub mod error;
pub mod event_queue;
pub mod hour;
pub mod id;
pub mod key;
pub mod licence;
pub mod license_arn;
pub mod lifecycle;
pub mod marketplace;
pub mod metering;
pub mod mode;
pub mod policy;
pub mod registration;
pub mod tenant;
pub mod time;
pub mod usage;
pub mod window;

pub use error::{Error, ErrorKind, Result};
pub use mode::Mode;
pub use time::{Clock, Ids, RealTime, Timestamp};
