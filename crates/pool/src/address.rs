//! What an address of a database must be, before anything connects to it.

use std::str::FromStr;

use sqlx::postgres::{PgConnectOptions, PgSslMode};

/// What is wrong with `database.url`, as a sentence for the operator; it never repeats the address, which may have a password in it.
/// In production a link to PostgreSQL over a network is encrypted and its certificate checked (PCI DSS 4.2.1 asks no less of card data's
/// neighbours, and a password travels on it).
pub fn check(url: &str, production: bool) -> Option<&'static str> {
    if !super::is_postgres(url) {
        let file = url.strip_prefix("sqlite://").unwrap_or_default();
        let good = !file.is_empty() && !file.contains(['?', ':']);
        return (!good).then_some(
            "database.url must be sqlite://FILE, such as sqlite:///var/lib/payphone/payphone.db, or postgres://LOGIN:PASSWORD@HOST/DATABASE?sslmode=verify-full",
        );
    }
    let Ok(options) = PgConnectOptions::from_str(url) else {
        return Some(
            "database.url is not understood: postgres://LOGIN:PASSWORD@HOST/DATABASE?sslmode=verify-full, with what is special in the password percent-encoded",
        );
    };
    if options.get_database().is_none_or(str::is_empty) {
        return Some(
            "database.url names no database: add it behind the host, as in postgres://…@HOST/payphone",
        );
    }
    let is_socket = options.get_socket().is_some();
    let checked = matches!(options.get_ssl_mode(), PgSslMode::VerifyFull);
    (production && !is_socket && !checked).then_some(
        "database.url must say sslmode=verify-full in production: without it the link may be plain, or to somebody else",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Security 76: a link that could be plain is refused in production.
    #[test]
    fn an_address_is_good_or_says_why_not() {
        let fault = |url| check(url, true).unwrap_or_default();
        for url in [
            "sqlite:///var/lib/payphone/payphone.db",
            "postgres://app:secret@db.internal/payphone?sslmode=verify-full",
            "postgresql://app@localhost/payphone?host=/run/postgresql",
        ] {
            assert_eq!(fault(url), "", "{url}");
        }
        for (url, why) in [
            ("", "must be sqlite://"),
            ("sqlite://", "must be sqlite://"),
            ("sqlite://x.db?mode=ro", "must be sqlite://"),
            ("mysql://db/payphone", "must be sqlite://"),
            ("postgres://app:secret@db:port/payphone", "not understood"),
            ("postgres://app:secret@db", "no database"),
            ("postgres://app:secret@db/payphone", "verify-full"),
            (
                "postgres://app:secret@db/payphone?sslmode=require",
                "verify-full",
            ),
        ] {
            let said = fault(url);
            assert!(said.contains(why), "{url}: {said}");
            assert!(!said.contains("secret"), "{said}");
        }
        assert_eq!(check("postgres://app:secret@db/payphone", false), None);
    }
}
