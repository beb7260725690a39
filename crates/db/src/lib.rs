//! The control plane's tables and queries. The only package that names sea-orm (the card plane's store aside).
//! Invariant: every function takes a [`TenantTx`] or a [`SystemTx`]; none opens a transaction of its own.
//! What belongs to people (users, sessions, recovery codes) or to the post (mails) has no tenant: its functions take either, as a [`Tx`].
//! Invariant: a function on `&TenantTx` names the transaction's tenant in every condition, so it cannot reach another's rows.

mod database;
mod row;

pub mod api_key;
pub mod audit;
pub mod idempotency;
pub mod inbox;
pub mod invitation;
pub mod licence;
pub mod mail;
pub mod membership;
pub mod metering;
pub mod public_key;
pub mod recovery_code;
pub mod registration;
pub mod session;
pub mod tenant;
pub mod usage;
pub mod user;

pub use database::{Database, SystemTx, TenantTx, Tx};

use domain::Error;

/// A database fault, as an error of ours: clients learn nothing of it, the log does.
fn fault(error: sea_orm::DbErr) -> Error {
    if matches!(
        error,
        sea_orm::DbErr::ConnectionAcquire(_) | sea_orm::DbErr::Conn(_)
    ) {
        return Error::unavailable(
            "The database is not answering. Try again in a moment.",
            error,
        );
    }
    Error::internal(error)
}

/// A stored value that cannot be read back is a defect, never the client's doing.
fn unreadable<E: std::fmt::Display>(error: E) -> Error {
    Error::internal(format!("a stored value cannot be read: {error}"))
}

/// Whether an insert that skips conflicts wrote its row.
fn inserted(result: Result<u64, sea_orm::DbErr>) -> Result<bool, Error> {
    match result {
        Ok(rows) => Ok(rows > 0),
        Err(sea_orm::DbErr::RecordNotInserted) => Ok(false),
        Err(error) => Err(fault(error)),
    }
}
