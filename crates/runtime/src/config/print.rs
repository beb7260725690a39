//! `config print`: the effective configuration as TOML, with secrets shown as `[redacted]`.
//! Secret fields say so themselves, by `serialize_with`; nothing here guesses from names.

use std::fmt::Write;

use serde::{Serialize, Serializer};
use serde_json::Value;

/// For secret fields: `#[serde(serialize_with = "runtime::config::redacted")]`.
pub fn redacted<T, S: Serializer>(_: &T, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str("[redacted]")
}

/// For addresses that may carry a password, such as `database.url`: user, host and path stay readable.
pub fn redacted_url<S: Serializer>(url: &str, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&mask_password(url))
}

fn mask_password(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else {
        return url.to_owned();
    };
    let end = rest.find('/').unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    // The last `@` ends the user part: a password may hold one that nobody escaped.
    let Some((user, host)) = authority.rsplit_once('@') else {
        // Without a user part, a query may still carry `password=`.
        return if url.contains("password=") {
            format!("{scheme}://{authority}/[redacted]")
        } else {
            url.to_owned()
        };
    };
    let user = user.split_once(':').map_or(user, |(name, _)| name);
    let path = path.split_once('?').map_or(path, |(path, _)| path);
    format!("{scheme}://{user}:[redacted]@{host}{path}")
}

/// The configuration as TOML.
pub fn print_redacted(configuration: &impl Serialize) -> String {
    let mut text = String::new();
    match serde_json::to_value(configuration) {
        Ok(Value::Object(members)) => table(&mut text, "", &members),
        Ok(other) => text.push_str(&other.to_string()),
        Err(error) => {
            let _ = write!(text, "# cannot be printed: {error}");
        }
    }
    text
}

fn table(text: &mut String, path: &str, members: &serde_json::Map<String, Value>) {
    let (tables, plain): (Vec<_>, Vec<_>) = members
        .iter()
        // TOML has no null: an absent option stays absent.
        .filter(|(_, value)| !value.is_null())
        .partition(|(_, value)| value.is_object());
    if !path.is_empty() && !plain.is_empty() {
        let _ = writeln!(text, "\n[{path}]");
    }
    for (key, value) in plain {
        // JSON's strings, numbers and arrays are TOML's too.
        let _ = writeln!(text, "{key} = {value}");
    }
    for (key, value) in tables {
        if let Value::Object(members) = value {
            let path = if path.is_empty() {
                key.clone()
            } else {
                format!("{path}.{key}")
            };
            table(text, &path, members);
        }
    }
}

#[cfg(test)]
mod tests {
    use secrecy::SecretString;

    use super::*;

    #[derive(Serialize)]
    struct Sample {
        environment: &'static str,
        absent: Option<u8>,
        identity: Identity,
    }

    #[derive(Serialize)]
    struct Identity {
        #[serde(serialize_with = "redacted")]
        client_secret: SecretString,
        #[serde(serialize_with = "redacted_url")]
        url: &'static str,
        codes: Vec<&'static str>,
    }

    #[test]
    fn prints_toml_without_secrets() {
        let sample = Sample {
            environment: "production",
            absent: None,
            identity: Identity {
                client_secret: SecretString::from("hunter2"),
                url: "postgres://app:hun@ter2@db.example/pay?password=hunter2",
                codes: vec!["a", "b"],
            },
        };
        assert_eq!(
            print_redacted(&sample),
            "environment = \"production\"\n\n[identity]\nclient_secret = \"[redacted]\"\ncodes = [\"a\",\"b\"]\nurl = \"postgres://app:[redacted]@db.example/pay\"\n"
        );
    }

    #[test]
    fn addresses_without_a_password_stay_whole() {
        assert_eq!(
            mask_password("sqlite://data/card.db"),
            "sqlite://data/card.db"
        );
        assert_eq!(
            mask_password("postgres://db/pay?user=app&password=x"),
            "postgres://db/[redacted]"
        );
    }
}
