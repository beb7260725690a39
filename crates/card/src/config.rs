//! The card plane's configuration: one struct with defaults, checked as a whole, so that all faults are told at once.
//! Read by `runtime::config::load`; nothing here reads the environment.

use std::path::PathBuf;

use domain::kms_key_arn::{KmsKeyArn, KmsKeyArnError};
use runtime::config::{
    ClockConfig, Environment, Faults, Listen, LogConfig, PeerConfig, ShutdownConfig, redacted_url,
    require_private,
};
use serde::{Deserialize, Serialize};

/// Everything that can be set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CardConfig {
    /// Production unless it says otherwise.
    #[serde(default)]
    pub environment: Environment,
    /// The public listener: tenants' Lambdas and the agent page.
    pub http: Listen,
    /// Health, readiness and metrics, for the operator's network.
    pub admin: Listen,
    /// The control plane's listener.
    pub internal: Listen,
    /// Where the card plane keeps its own data.
    pub database: DatabaseConfig,
    /// The control plane.
    pub peer: PeerConfig,
    /// Business time.
    #[serde(default)]
    pub clock: ClockConfig,
    /// How the process ends.
    #[serde(default)]
    pub shutdown: ShutdownConfig,
    /// The log.
    #[serde(default)]
    pub log: LogConfig,
    /// Key pairs.
    pub keys: KeysConfig,
}

/// The database.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DatabaseConfig {
    /// `sqlite://FILE` or `postgres://…`.
    #[serde(serialize_with = "redacted_url")]
    pub url: String,
}

/// How key pairs are made and kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeysConfig {
    /// RSA modulus length of new keys: 4096, 3072 or 2048.
    #[serde(default = "default_bits")]
    pub bits: u32,
    /// How many keys are kept ready, since making one takes seconds.
    #[serde(default = "default_pool_size")]
    pub pool_size: u32,
    /// The wrapping key as a file of this machine (`payphone-card wrapping-key --file FILE` makes it); this or `kms_key_arn`.
    pub wrapping_key_file: Option<PathBuf>,
    /// The wrapping key in AWS KMS, symmetric, by its ARN; this or `wrapping_key_file`.
    pub kms_key_arn: Option<String>,
    /// Wrapping keys of before, as ARNs or files, that rows may still name: they unwrap and wrap nothing. `payphone-card rewrap` empties them.
    #[serde(default, deserialize_with = "runtime::config::list")]
    pub previous: Vec<String>,
    /// How long a certificate is valid, in days; AWS's own walkthrough uses 730.
    #[serde(default = "default_certificate_days")]
    pub certificate_days: u32,
}

const fn default_bits() -> u32 {
    4096
}

const fn default_pool_size() -> u32 {
    4
}

const fn default_certificate_days() -> u32 {
    730
}

impl CardConfig {
    /// All that is wrong, each as a sentence that says what to change.
    pub fn check(&self) -> Result<(), Faults> {
        let mut faults = Faults::default();
        self.database.check(self.environment, &mut faults);
        self.peer.check(self.environment, &mut faults);
        self.clock.check(self.environment, &mut faults);
        self.shutdown.check(&mut faults);
        self.log.check(self.environment, &mut faults);
        self.keys.check(self.environment, &mut faults);
        let (public, admin, internal) = (self.http.listen, self.admin.listen, self.internal.listen);
        let apart = public != admin && public != internal && admin != internal;
        // Port 0 lets the system choose, each time another.
        faults.require(
            apart || public.port() == 0,
            "http.listen, admin.listen and internal.listen must differ: internal routes must not be reachable from outside",
        );
        faults.finish()
    }
}

impl DatabaseConfig {
    fn check(&self, environment: Environment, faults: &mut Faults) {
        let production = environment == Environment::Production;
        if let Some(fault) = pool::check_address(&self.url, production) {
            faults.add(fault);
        }
    }
}

/// Where a wrapping key is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WrappingKey {
    /// In a file of this machine.
    File(PathBuf),
    /// In AWS KMS.
    Kms(KmsKeyArn),
}

impl WrappingKey {
    /// An ARN or a file; the error is a sentence's end.
    fn parse(text: &str) -> Result<Self, KmsKeyArnError> {
        if text.starts_with("arn:") || text.starts_with("alias/") {
            text.parse().map(Self::Kms)
        } else {
            Ok(Self::File(text.into()))
        }
    }

    fn check(&self, name: &str, faults: &mut Faults) {
        let Self::File(file) = self else { return };
        if !file.exists() {
            let file = file.display();
            faults.add(format!(
                "{name}: there is no {file}; make it once with `payphone-card wrapping-key --file {file}`, and keep a copy: without it no key can be opened again"
            ));
        } else if let Err(found) = require_private(file) {
            faults.add(found.to_string());
        }
    }
}

impl KeysConfig {
    /// The wrapping key that wraps.
    ///
    /// # Errors
    /// Sentences that say what to change.
    pub fn wrapping_key(&self) -> Result<WrappingKey, Faults> {
        match (&self.wrapping_key_file, &self.kms_key_arn) {
            (Some(file), None) => Ok(WrappingKey::File(file.clone())),
            (None, Some(arn)) => match arn.parse() {
                Ok(arn) => Ok(WrappingKey::Kms(arn)),
                Err(why) => Err(format!("keys.kms_key_arn: {arn} {why}").into()),
            },
            _ => Err("keys needs either kms_key_arn or wrapping_key_file, and not both: what wrapped keys before goes to keys.previous"
                .to_owned()
                .into()),
        }
    }

    /// The wrapping keys that only unwrap.
    ///
    /// # Errors
    /// Sentences that say what to change.
    pub fn previous(&self) -> Result<Vec<WrappingKey>, Faults> {
        let mut faults = Faults::default();
        let mut keys = Vec::new();
        for text in &self.previous {
            match WrappingKey::parse(text) {
                Ok(key) => keys.push(key),
                Err(why) => faults.add(format!("keys.previous: {text} {why}")),
            }
        }
        faults.finish().map(|()| keys)
    }

    fn check(&self, environment: Environment, faults: &mut Faults) {
        let least = match environment {
            Environment::Production => 3072,
            Environment::Development => 2048,
        };
        faults.require(
            matches!(self.bits, 2048 | 3072 | 4096) && self.bits >= least,
            "keys.bits must be 4096 or 3072 (2048 is for development only)",
        );
        faults.require(
            (1..=64).contains(&self.pool_size),
            "keys.pool_size must be between 1 and 64",
        );
        faults.require(
            (30..=3650).contains(&self.certificate_days),
            "keys.certificate_days must be between 30 and 3650",
        );
        match self.wrapping_key() {
            Ok(key) => key.check("keys.wrapping_key_file", faults),
            Err(found) => faults.extend(found),
        }
        match self.previous() {
            Ok(keys) => keys
                .iter()
                .for_each(|key| key.check("keys.previous", faults)),
            Err(found) => faults.extend(found),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(environment: &[(&str, &str)]) -> Result<CardConfig, Faults> {
        let base = [
            ("PAYPHONE_CARD__HTTP__LISTEN", "127.0.0.2:8090"),
            ("PAYPHONE_CARD__ADMIN__LISTEN", "127.0.0.2:8091"),
            ("PAYPHONE_CARD__INTERNAL__LISTEN", "127.0.0.2:8092"),
            ("PAYPHONE_CARD__DATABASE__URL", "sqlite://card.db"),
            ("PAYPHONE_CARD__PEER__URL", "http://127.0.0.1:8082"),
            ("PAYPHONE_CARD__PEER__KEY_FILE", "no-such-peer.pem"),
            ("PAYPHONE_CARD__PEER__JWK_FILE", "no-such-peer.jwk"),
            ("PAYPHONE_CARD__KEYS__WRAPPING_KEY_FILE", "no-such-file"),
        ];
        let variables = base
            .iter()
            .chain(environment)
            .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
        runtime::config::load(None, "PAYPHONE_CARD", variables)
    }

    #[test]
    fn defaults_are_the_strict_ones() {
        let config = load(&[]).unwrap();
        assert_eq!(config.environment, Environment::Production);
        assert_eq!((config.keys.bits, config.keys.pool_size), (4096, 4));
        assert_eq!(config.keys.certificate_days, 730);
    }

    #[test]
    fn all_faults_are_told_at_once() {
        let config = load(&[
            ("PAYPHONE_CARD__KEYS__BITS", "2048"),
            (
                "PAYPHONE_CARD__DATABASE__URL",
                "postgres://app:secret@db/card",
            ),
            (
                "PAYPHONE_CARD__CLOCK__FOLLOW",
                "http://127.0.0.3:8070/_sim/v1/clock",
            ),
            ("PAYPHONE_CARD__CLOCK__OFFSET_FILE", "offset"),
        ])
        .unwrap();
        let faults = config.check().unwrap_err();
        let text = faults.to_string();
        for part in [
            "keys.bits",
            "sslmode=verify-full",
            "clock.follow",
            "wrapping-key --file",
        ] {
            assert!(text.contains(part), "{part}: {text}");
        }
        assert_eq!(faults.sentences().len(), 4, "{text}");
        assert!(!text.contains("secret"));
        let printed = runtime::config::print_redacted(&config);
        assert!(
            !printed.contains("secret") && printed.contains("[redacted]"),
            "{printed}"
        );
    }

    /// The sentences about wrapping keys alone.
    fn about_keys(environment: &[(&str, &str)]) -> Vec<String> {
        let faults = load(environment).unwrap().check().err().unwrap_or_default();
        let about = faults.sentences().iter();
        about
            .filter(|sentence| sentence.starts_with("keys"))
            .cloned()
            .collect()
    }

    #[test]
    fn there_is_one_wrapping_key_and_any_number_before_it() {
        const ARN: &str =
            "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
        const FILE: &str = "PAYPHONE_CARD__KEYS__WRAPPING_KEY_FILE";
        const KMS: &str = "PAYPHONE_CARD__KEYS__KMS_KEY_ARN";
        const PREVIOUS: &str = "PAYPHONE_CARD__KEYS__PREVIOUS";
        let without_file = |more: &[(&str, &str)]| {
            let mut config = load(more).unwrap();
            config.keys.wrapping_key_file = None;
            let faults = config.check().err().unwrap_or_default();
            faults.sentences().to_vec()
        };
        assert_eq!(without_file(&[(KMS, ARN)]), [""; 0]);
        assert_eq!(without_file(&[(KMS, ARN), (PREVIOUS, ARN)]), [""; 0]);
        assert!(without_file(&[])[0].contains("either kms_key_arn or wrapping_key_file"));
        assert!(about_keys(&[(KMS, ARN)])[0].contains("and not both"));
        let alias = without_file(&[(KMS, "arn:aws:kms:eu-west-1:111122223333:alias/payphone")]);
        assert!(alias[0].contains("is an alias"), "{alias:?}");
        let faults = about_keys(&[(FILE, "no-such-file"), (PREVIOUS, "alias/x, gone.key")]);
        assert_eq!(faults.len(), 2, "{faults:?}");
        assert!(faults[1].contains("alias/x is an alias"), "{faults:?}");
        let config = load(&[(
            PREVIOUS,
            "old.key, arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
        )])
        .unwrap();
        let previous = config.keys.previous().unwrap();
        assert_eq!(
            previous,
            [
                WrappingKey::File("old.key".into()),
                WrappingKey::Kms(ARN.parse().unwrap())
            ]
        );
    }

    #[test]
    fn unknown_keys_are_refused() {
        let error = load(&[("PAYPHONE_CARD__KEYS__BITTS", "4096")]).unwrap_err();
        assert!(error.to_string().contains("KEYS__BITTS"), "{error}");
    }
}
