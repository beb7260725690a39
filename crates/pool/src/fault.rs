//! What a database's fault means to whoever asked. Clients learn nothing of it, the log does.

use domain::{Error, ErrorKind};
use sea_orm::{DbErr, RuntimeErr};

pub(crate) const BUSY: &str = "The database is busy. Try again in a moment.";
const AWAY: &str = "The database is not answering. Try again in a moment.";
const FULL: &str =
    "There is no room left to keep this. Nothing was changed. Try again in a few minutes.";

/// Makes the counter of faults known before there are any: what never happened is 0 then, and not unknown.
pub fn register_metrics() {
    for kind in [
        Kind::Away,
        Kind::Undone,
        Kind::Busy,
        Kind::Full,
        Kind::Text,
        Kind::Ours,
    ] {
        count(kind, 0);
    }
}

fn count(kind: Kind, faults: u64) {
    let word = match kind {
        Kind::Away => "away",
        Kind::Undone => "undone",
        Kind::Busy => "busy",
        Kind::Full => "full",
        Kind::Text => "text",
        Kind::Ours => "defect",
    };
    metrics::counter!("database_faults_total", "kind" => word).increment(faults);
}

/// A database fault, as an error of ours: unavailable (503) for what passes by itself, internal for the rest.
pub fn fault(error: DbErr) -> Error {
    let kind = kind(&error);
    count(kind, 1);
    let message = match kind {
        Kind::Away => AWAY,
        Kind::Undone | Kind::Busy => BUSY,
        Kind::Full => FULL,
        Kind::Text => {
            let message = "A text holds the character U+0000, which cannot be kept or looked for. Leave it out.";
            return Error::new(ErrorKind::Malformed, "unsupported_character", message)
                .because(error);
        }
        Kind::Ours => return Error::internal(error),
    };
    // Before its commit a transaction has changed nothing. One that waited its time out is not begun anew: whoever asked waited enough.
    let again = match kind {
        Kind::Undone => true,
        Kind::Away => !matches!(error, DbErr::ConnectionAcquire(_)),
        Kind::Busy | Kind::Full | Kind::Text | Kind::Ours => false,
    };
    let error = Error::unavailable(message, error);
    if again { error.undone() } else { error }
}

/// A fault of the commit itself. What the server refused is undone; what it did not answer may be done or not.
pub(crate) fn of_commit(error: DbErr) -> Error {
    match kind(&error) {
        Kind::Away => Error::outcome_unknown(error),
        _ => fault(error),
    }
}

/// A stored value that cannot be read back is a defect, never the client's doing.
pub fn unreadable<E: std::fmt::Display>(error: E) -> Error {
    Error::internal(format!("a stored value cannot be read: {error}"))
}

/// Whether an insert that skips conflicts wrote its row.
///
/// # Errors
/// As [`fault`].
pub fn inserted(result: Result<u64, DbErr>) -> Result<bool, Error> {
    match result {
        Ok(rows) => Ok(rows > 0),
        Err(DbErr::RecordNotInserted) => Ok(false),
        Err(error) => Err(fault(error)),
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The connection or the server is gone, or it is no writer any more.
    Away,
    /// Taken back by the server because of somebody else: it may succeed anew at once.
    Undone,
    /// Somebody else was in the way for as long as we wait; nothing was changed.
    Busy,
    /// The disk is full.
    Full,
    /// A text that PostgreSQL cannot hold.
    Text,
    /// A defect of ours.
    Ours,
}

pub(crate) fn kind(error: &DbErr) -> Kind {
    match error {
        DbErr::Conn(RuntimeErr::SqlxError(error))
        | DbErr::Exec(RuntimeErr::SqlxError(error))
        | DbErr::Query(RuntimeErr::SqlxError(error)) => of_sqlx(error),
        DbErr::ConnectionAcquire(_) | DbErr::Conn(_) => Kind::Away,
        _ => Kind::Ours,
    }
}

pub(crate) fn of_sqlx(error: &sqlx::Error) -> Kind {
    match error {
        sqlx::Error::Database(answer) => answer.code().map_or(Kind::Ours, |code| of_code(&code)),
        sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        | sqlx::Error::Protocol(_)
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed => Kind::Away,
        _ => Kind::Ours,
    }
}

/// SQLSTATEs of PostgreSQL (its manual, appendix A) have five characters; SQLite's result codes (sqlite.org/rescode.html) are numbers,
/// whose low byte is the primary code.
fn of_code(code: &str) -> Kind {
    if code.len() != 5
        && let Ok(number) = code.parse::<u32>()
    {
        return match number & 0xff {
            // BUSY, LOCKED.
            5 | 6 => Kind::Busy,
            13 => Kind::Full,
            // IOERR, CANTOPEN: a disk that is full or away shows itself as these too.
            10 | 14 => Kind::Away,
            _ => Kind::Ours,
        };
    }
    match code {
        // Serialization failure, deadlock.
        "40001" | "40P01" => Kind::Undone,
        // Lock not available, statement and idle time-outs.
        "55P03" | "57014" | "25P03" => Kind::Busy,
        // Read only since a failover; shut down, crashed, starting; too many connections.
        "25006" | "57P01" | "57P02" | "57P03" | "53300" => Kind::Away,
        "53100" => Kind::Full,
        "22021" => Kind::Text,
        _ if code.starts_with("08") => Kind::Away,
        // An IO error of the server (58030) is what a disk that is full may look like.
        _ if code.starts_with("58") => Kind::Away,
        _ => Kind::Ours,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_passes_by_itself_is_told_from_what_does_not() {
        for (code, kind) in [
            ("40001", Kind::Undone),
            ("40P01", Kind::Undone),
            ("55P03", Kind::Busy),
            ("25006", Kind::Away),
            ("57P03", Kind::Away),
            ("08006", Kind::Away),
            ("53100", Kind::Full),
            ("23505", Kind::Ours),
            ("42501", Kind::Ours),
            ("5", Kind::Busy),
            ("517", Kind::Busy),
            ("13", Kind::Full),
            ("778", Kind::Away),
            ("2067", Kind::Ours),
        ] {
            assert_eq!(of_code(code), kind, "{code}");
        }
    }
}
