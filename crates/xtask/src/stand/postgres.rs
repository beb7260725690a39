//! The two databases of a stand on a PostgreSQL server that somebody else runs, made as `deploy/postgres/roles.sql` says.
//! Invariant: nothing is dropped that `cargo xtask dev` has not made itself; a comment on each database says so, and for which data
//! directory, because a database without its wrapping key and its stand-in is of no use.

use std::io::{self, Write};
use std::process::{Command, Stdio};

use super::Proc;
use super::files::secret;
use super::layout::Layout;

/// What an installation runs too.
const ROLES: &str = include_str!("../../../../deploy/postgres/roles.sql");
/// How the comment begins on a database that dev has made.
const MARK: &str = "made by cargo xtask dev for ";

/// An environment variable of a process.
type Variable = (Proc, String, String);

/// What tells the services of their databases, and `migrate` of its role.
#[derive(Debug)]
pub(super) struct Databases {
    pub(super) env: Vec<Variable>,
    pub(super) migrate_env: Vec<Variable>,
}

/// Makes both databases with their roles, or finds those that were made for this data directory; with `fresh` it drops what dev has
/// made there before. The address is that of somebody who may make roles and databases.
///
/// # Errors
/// In one sentence, if the server cannot be asked, or has databases of these names that are somebody else's.
pub(super) fn make(url: &str, layout: &Layout, fresh: bool) -> io::Result<Databases> {
    let url = Url::parse(url)?;
    let mark = format!("{MARK}{}", secret(&layout.postgres("mark"))?);
    let found = sql(
        &url,
        "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname IN ('payphone', 'payphone_card');",
        &[],
    )?;
    let found: Vec<&str> = found.lines().collect();
    if found.iter().any(|comment| !comment.starts_with(MARK)) {
        return Err(io::Error::other(
            "that server has a database `payphone` or `payphone_card` that `cargo xtask dev` did not make: choose another server, or drop them yourself",
        ));
    }
    let password = |role: &str| secret(&layout.postgres(role));
    if fresh || found.is_empty() {
        let dropped = if found.is_empty() { "" } else { DROP_DATABASES };
        let mut script = vec![dropped.to_owned(), DROP_ROLES.to_owned()];
        script.push(ROLES.to_owned());
        script.push(format!(
            "GRANT payphone_owner, payphone_card_owner TO CURRENT_USER;\n\
             COMMENT ON DATABASE payphone IS '{mark}';\n\
             COMMENT ON DATABASE payphone_card IS '{mark}';\n\
             REVOKE payphone_owner, payphone_card_owner FROM CURRENT_USER;\n"
        ));
        let mut passwords = Vec::new();
        for role in ["owner", "login", "card_owner", "card_login"] {
            let name = format!("{}_PASSWORD", role.to_uppercase());
            passwords.push((name, password(role)?));
        }
        sql(&url, &script.concat(), &passwords)?;
    } else if found != [&mark, &mark] {
        return Err(io::Error::other(
            "the databases on that server belong to another data directory: choose that one with `--data`, or begin anew with `--fresh`",
        ));
    }
    let told = |kind: &str| -> io::Result<Vec<Variable>> {
        let of = |proc, name: &str, database: &str, role: &str| {
            let address = url.with(&format!("{database}_{kind}"), &password(role)?, database);
            io::Result::Ok((proc, name.to_owned(), address))
        };
        Ok(vec![
            of(Proc::Control, "PAYPHONE__DATABASE__URL", "payphone", kind)?,
            of(
                Proc::Card,
                "PAYPHONE_CARD__DATABASE__URL",
                "payphone_card",
                &format!("card_{kind}"),
            )?,
        ])
    };
    Ok(Databases {
        env: told("login")?,
        migrate_env: told("owner")?,
    })
}

/// Whoever is connected belongs to a run that is over. Who drops a database owns it, or is of its owner's role.
const DROP_DATABASES: &str = "
GRANT payphone_owner, payphone_card_owner TO CURRENT_USER;
DROP DATABASE IF EXISTS payphone WITH (FORCE);
DROP DATABASE IF EXISTS payphone_card WITH (FORCE);
";

/// Roles outlive their databases. PostgreSQL refuses to drop one that has anything elsewhere.
const DROP_ROLES: &str = "
DROP ROLE IF EXISTS payphone_owner, payphone_login, payphone_tenant, payphone_system;
DROP ROLE IF EXISTS payphone_card_owner, payphone_card_login, payphone_card_tenant, payphone_card_system;
";

/// Runs a script by `psql` with these variables; answers what its queries answered. Secrets stay out of the arguments, which everybody on
/// the machine can read.
fn sql(url: &Url, script: &str, variables: &[(String, String)]) -> io::Result<String> {
    let mut psql = Command::new("psql");
    psql.args(["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-w", "-d"])
        .arg(url.without_password())
        .envs(variables.iter().map(|(name, value)| (name, value)))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    if let Some(password) = &url.password {
        psql.env("PGPASSWORD", password);
    }
    let mut child = psql.spawn().map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => io::Error::other(
            "`psql` is not there, and `--postgres` needs it: Debian's package postgresql-client has it",
        ),
        _ => error,
    })?;
    if let Some(mut stdin) = child.stdin.take() {
        // If it has ended already, what it said is the better message.
        let _ = stdin.write_all(script.as_bytes());
    }
    let done = child.wait_with_output()?;
    if done.status.success() {
        return Ok(String::from_utf8_lossy(&done.stdout).into_owned());
    }
    let said = String::from_utf8_lossy(&done.stderr);
    Err(io::Error::other(format!("PostgreSQL: {}", said.trim())))
}

/// The parts of a `postgres://` address that are ours to replace.
#[derive(Debug)]
struct Url {
    user: String,
    /// Percent-decoded.
    password: Option<String>,
    /// With its port; `localhost` where the query names a socket.
    host: String,
    database: String,
    query: String,
}

impl Url {
    fn parse(url: &str) -> io::Result<Self> {
        let rest = url
            .strip_prefix("postgres://")
            .or_else(|| url.strip_prefix("postgresql://"));
        let Some(rest) = rest else {
            let message =
                "the address of PostgreSQL looks like postgres://user:password@host:5432/postgres";
            return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
        };
        let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
        let (authority, database) = rest.split_once('/').unwrap_or((rest, ""));
        let (login, host) = authority.rsplit_once('@').unwrap_or(("", authority));
        let (user, password) = match login.split_once(':') {
            Some((user, password)) => (user, Some(decoded(password)?)),
            None => (login, None),
        };
        let or = |text: &str, usual: &str| {
            let text = if text.is_empty() { usual } else { text };
            text.to_owned()
        };
        Ok(Self {
            user: or(user, "postgres"),
            password,
            host: or(host, "localhost"),
            database: or(database, "postgres"),
            query: if query.is_empty() {
                String::new()
            } else {
                format!("?{query}")
            },
        })
    }

    fn without_password(&self) -> String {
        let Self {
            user,
            host,
            database,
            query,
            ..
        } = self;
        format!("postgres://{user}@{host}/{database}{query}")
    }

    /// The same server for somebody else, whose password has nothing to encode.
    fn with(&self, user: &str, password: &str, database: &str) -> String {
        let Self { host, query, .. } = self;
        format!("postgres://{user}:{password}@{host}/{database}{query}")
    }
}

fn decoded(text: &str) -> io::Result<String> {
    let wrong = || {
        io::Error::new(
            io::ErrorKind::InvalidInput,
            "a percent sign in the password of the address is not followed by two digits",
        )
    };
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        rest = tail;
        if *first != b'%' {
            bytes.push(*first);
            continue;
        }
        let (digits, tail) = rest.split_at_checked(2).ok_or_else(wrong)?;
        bytes.extend(hex::decode(digits).map_err(|_| wrong())?);
        rest = tail;
    }
    String::from_utf8(bytes).map_err(|_| wrong())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_taken_apart_and_put_together_for_somebody_else() {
        let url = Url::parse("postgresql://root:p%40ss@db.internal:5433/postgres?sslmode=require")
            .unwrap();
        assert_eq!(url.password.as_deref(), Some("p@ss"));
        assert_eq!(
            url.without_password(),
            "postgres://root@db.internal:5433/postgres?sslmode=require"
        );
        assert_eq!(
            url.with("payphone_login", "00ff", "payphone"),
            "postgres://payphone_login:00ff@db.internal:5433/payphone?sslmode=require"
        );
    }

    #[test]
    fn what_an_address_leaves_out_is_what_psql_would_take() {
        let url = Url::parse("postgres:///?host=/run/postgresql").unwrap();
        assert_eq!(
            url.without_password(),
            "postgres://postgres@localhost/postgres?host=/run/postgresql"
        );
        assert_eq!(
            Url::parse("postgres://ann@h").unwrap().without_password(),
            "postgres://ann@h/postgres"
        );
    }

    #[test]
    fn an_address_of_something_else_is_refused_with_an_example() {
        for wrong in [
            "",
            "mysql://x",
            "host=localhost",
            "postgres://a:%4@h/d",
            "postgres://a:%zz@h/d",
        ] {
            let error = Url::parse(wrong).unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::InvalidInput, "{wrong}");
        }
    }
}
