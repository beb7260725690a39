//! Configuration: a TOML file, then the environment, into one struct per package; unknown keys and weak settings refuse to start.
//! The environment is an argument, so tests never touch the process's own.
//! Invariant: no error message and no print-out carries a secret.

use std::path::Path;

use secrecy::{SecretString, zeroize::Zeroizing};
use serde::de::DeserializeOwned;

mod keys;
mod peer;
mod print;
mod sections;
mod usual;

pub use keys::keys;
pub use peer::PeerConfig;
pub use print::{print_redacted, redacted, redacted_url};
pub use sections::{
    ClockConfig, Environment, HttpConfig, Listen, LogConfig, LogFormat, ShutdownConfig,
};
pub use usual::load_of;

/// Everything that is wrong with a configuration, told at once: one sentence a line. Or what is in the way of a start though nothing is
/// wrong with it.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Faults {
    sentences: Vec<String>,
    passes: bool,
}

impl Faults {
    /// What no configuration mends and may pass by itself.
    pub fn passing(sentences: Vec<String>) -> Self {
        Self {
            sentences,
            passes: true,
        }
    }

    /// Whether it may pass by itself, so that trying again may do.
    pub const fn passes(&self) -> bool {
        self.passes
    }

    /// Adds the sentence unless the condition holds.
    pub fn require(&mut self, holds: bool, sentence: impl Into<String>) {
        if !holds {
            self.add(sentence);
        }
    }

    /// Adds a sentence.
    pub fn add(&mut self, sentence: impl Into<String>) {
        self.sentences.push(sentence.into());
    }

    /// Adds all of another's sentences.
    pub fn extend(&mut self, other: Self) {
        self.sentences.extend(other.sentences);
    }

    /// The sentences.
    pub fn sentences(&self) -> &[String] {
        &self.sentences
    }

    /// An error if there is any fault.
    pub fn finish(self) -> Result<(), Self> {
        if self.sentences.is_empty() {
            Ok(())
        } else {
            Err(self)
        }
    }
}

impl From<String> for Faults {
    fn from(sentence: String) -> Self {
        Self::from(vec![sentence])
    }
}

impl From<Vec<String>> for Faults {
    fn from(sentences: Vec<String>) -> Self {
        Self {
            sentences,
            passes: false,
        }
    }
}

impl std::fmt::Display for Faults {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.sentences.join("\n"))
    }
}

impl std::error::Error for Faults {}

/// The environment of this process; the only place that reads it.
pub fn process_environment() -> impl Iterator<Item = (String, String)> {
    // Variables that are not Unicode cannot be ours.
    std::env::vars_os()
        .filter_map(|(key, value)| Some((key.into_string().ok()?, value.into_string().ok()?)))
}

/// Reads the file, then lays the variables `PREFIX__SECTION__KEY` over it. Variables that are mistyped are refused, see [`keys()`].
///
/// Lists in variables are comma separated where the field says `deserialize_with = "runtime::config::list"`.
pub fn load<T: DeserializeOwned>(
    file: Option<&Path>,
    env_prefix: &str,
    env: impl Iterator<Item = (String, String)>,
) -> Result<T, Faults> {
    let env: config::Map<String, String> = env.collect();
    keys::check_names(env_prefix, &keys::<T>()?, env.keys().map(String::as_str))?;
    let mut builder = config::Config::builder();
    if let Some(file) = file {
        // Read here and not by the crate, which guesses at file extensions.
        let text = std::fs::read_to_string(file)
            .map_err(|error| format!("cannot read the file {}: {error}", file.display()))?;
        builder = builder.add_source(config::File::from_str(&text, config::FileFormat::Toml));
    }
    // The separator is part of the prefix: `PAYPHONE__` does not match `PAYPHONE_CARD__…`.
    let variables = config::Environment::with_prefix(env_prefix)
        .prefix_separator("__")
        .separator("__")
        .source(Some(env));
    builder
        .add_source(variables)
        .build()
        .and_then(config::Config::try_deserialize)
        .map_err(|error| Faults::from(format!("the configuration cannot be read: {error}")))
}

/// For list fields: a TOML array, or in a variable a comma separated text.
pub fn list<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: serde::Deserializer<'de>,
    T: std::str::FromStr + serde::Deserialize<'de>,
    T::Err: std::fmt::Display,
{
    #[derive(serde::Deserialize)]
    #[serde(untagged)]
    enum OneOrMany<T> {
        Many(Vec<T>),
        One(String),
    }
    match serde::Deserialize::deserialize(deserializer)? {
        OneOrMany::Many(items) => Ok(items),
        OneOrMany::One(text) => text
            .split(',')
            .map(str::trim)
            .filter(|item| !item.is_empty())
            .map(|item| item.parse().map_err(serde::de::Error::custom))
            .collect(),
    }
}

/// Reads a secret from its file, without the line end an editor leaves.
///
/// Refuses files that others may read; in development too, since such files outlive it.
pub fn read_secret_file(path: &Path) -> Result<SecretString, Faults> {
    require_private(path)?;
    std::fs::read_to_string(path)
        .map(Zeroizing::new)
        .map(|text| SecretString::from(text.trim_end_matches(['\r', '\n'])))
        .map_err(|error| format!("cannot read the secret in {}: {error}", path.display()).into())
}

/// Refuses a file that others may read than this process's user, or, if it is root's, than the group that root let read it.
///
/// The second is how service managers hand secrets over (PostgreSQL judges its key files in the same way): the credentials of systemd
/// are root's with an entry for the service, which shows as `0440`, and so are the secrets of Kubernetes with an `fsGroup`.
pub fn require_private(path: &Path) -> Result<(), Faults> {
    let file = path.display();
    match crate::file::is_open_to_others(path) {
        Ok(false) => Ok(()),
        Ok(true) => Err(format!(
            "the secret in {file} can be read by others than its owner: run `chmod 600 {file}`"
        )
        .into()),
        Err(error) => Err(format!("cannot read the secret in {file}: {error}").into()),
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use secrecy::ExposeSecret;
    use serde::{Deserialize, Serialize};

    use super::*;

    #[derive(Debug, Default, Deserialize, Serialize, PartialEq)]
    #[serde(default, deny_unknown_fields)]
    struct Sample {
        marketplace: Marketplace,
        clock: ClockConfig,
        environment: Environment,
    }

    #[derive(Debug, Default, Deserialize, Serialize, PartialEq)]
    #[serde(default, deny_unknown_fields)]
    struct Marketplace {
        #[serde(deserialize_with = "list")]
        product_codes: Vec<String>,
        hours: u32,
        on: bool,
    }

    fn variables(pairs: &[(&str, &str)]) -> impl Iterator<Item = (String, String)> {
        pairs
            .iter()
            .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))
            .collect::<Vec<_>>()
            .into_iter()
    }

    #[test]
    fn variables_lie_over_the_file_and_lists_are_comma_separated() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("payphone.toml");
        std::fs::write(
            &file,
            "environment = \"development\"\n[marketplace]\nproduct_codes = [\"a\"]\nhours = 3\n",
        )
        .unwrap();
        let read: Sample = load(
            Some(&file),
            "PAYPHONE",
            variables(&[
                ("PAYPHONE__MARKETPLACE__PRODUCT_CODES", "007, b"),
                ("PAYPHONE__MARKETPLACE__ON", "true"),
                ("PAYPHONE_CARD__MARKETPLACE__HOURS", "9"),
                ("PATH", "/bin"),
            ]),
        )
        .unwrap();
        assert_eq!(read.marketplace.product_codes, ["007", "b"]);
        assert_eq!((read.marketplace.hours, read.marketplace.on), (3, true));
        assert_eq!(read.environment, Environment::Development);
        let from_file: Sample = load(Some(&file), "PAYPHONE", variables(&[])).unwrap();
        assert_eq!(from_file.marketplace.product_codes, ["a"]);
    }

    #[test]
    fn unknown_keys_are_refused_by_name() {
        for key in [
            "PAYPHONE__MARKETPLACE__PRODUKT_CODES",
            "PAYPHONE__MARKTPLATZ__HOURS",
            "PAYPHONE_MARKETPLACE__HOURS",
        ] {
            let error =
                load::<Sample>(None, "PAYPHONE", variables(&[(key, "secret-value")])).unwrap_err();
            assert!(error.to_string().contains(key), "{error}");
            assert!(!error.to_string().contains("secret-value"), "{error}");
        }
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("payphone.toml");
        std::fs::write(&file, "[marketplace]\nprodukt_codes = [\"one\"]\n").unwrap();
        let error = load::<Sample>(Some(&file), "PAYPHONE", variables(&[])).unwrap_err();
        assert!(error.to_string().contains("produkt_codes"), "{error}");
    }

    #[test]
    fn secret_files_that_others_may_read_are_refused_with_the_remedy() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("secret");
        std::fs::write(&file, "hunter2\n").unwrap();
        for mode in [0o640, 0o604, 0o660] {
            std::fs::set_permissions(&file, std::fs::Permissions::from_mode(mode)).unwrap();
            let error = read_secret_file(&file).unwrap_err().to_string();
            assert!(error.contains(&format!("chmod 600 {}", file.display())));
        }
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).unwrap();
        assert_eq!(read_secret_file(&file).unwrap().expose_secret(), "hunter2");
    }
}
