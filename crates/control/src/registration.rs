//! Registrations: from the Marketplace token to a working tenant.

mod checklist;
mod complete;
mod progress;
mod provision;
mod register;

pub use checklist::{check_again, checklist};
pub use complete::{Welcome, WelcomeState, complete, welcome};
pub use progress::{Progress, Query, list_all, progress};
pub use provision::reconcile_all;
pub use register::{Registered, register};
