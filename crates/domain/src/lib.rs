//! What is true whatever the technology: ids, time, money-like arithmetic, states and their transitions, policy, errors, ports.
//! No IO and no async runtime live here; ports are traits that other packages implement.
//! Invariant: every function of this package is a pure function of its arguments.

pub mod api_key;
pub mod audit;
pub mod card_plane;
pub mod error;
pub mod event_queue;
pub mod hour;
pub mod id;
pub mod idempotency;
pub mod identity;
pub mod invitation;
pub mod job;
pub mod key;
pub mod key_encryption;
pub mod kms_key_arn;
pub mod licence;
pub mod license_arn;
pub mod lifecycle;
pub mod list;
pub mod live;
pub mod mailer;
pub mod marketplace;
pub mod membership;
pub mod metering;
pub mod mode;
pub mod policy;
pub mod recovery_code;
pub mod registration;
pub mod role;
pub mod session;
pub mod tenant;
pub mod time;
pub mod usage;
pub mod usd;
pub mod user;
pub mod window;

pub use error::{Error, ErrorKind, Result};
pub use mode::Mode;
pub use time::{Clock, Ids, RealTime, Timestamp};
