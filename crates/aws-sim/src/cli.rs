//! The command line.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
};

use clap::{Parser, ValueEnum};

use crate::{
    cognito::{ClientSecret, PoolSettings},
    sim::Settings,
};

/// A stand-in for AWS: Marketplace metering and entitlements, SQS, STS, Cognito, SES and KMS on the real wire, with a storefront, managed
/// login, a clock that can be moved, and switches for everything a live listing has not answered yet.
///
/// Point an AWS SDK at it with `AWS_ENDPOINT_URL`. People open /storefront, /mailbox and /authenticator; tests use /_sim/v1 (clock,
/// agreements, tokens, events, metering-records, requests, mailbox, users, jwks, faults, switches; /_sim/v1/switches/help explains
/// every switch).
///
/// Exit codes: 0 done, 1 failed, 2 bad usage or a state file that is in use.
#[derive(Debug, Parser)]
#[command(name = "aws-sim", version)]
pub struct Cli {
    /// Address to listen on; one port for everything. Keep it on loopback: nothing is protected.
    #[arg(long, default_value = "127.0.0.3:8070", value_name = "ADDR:PORT")]
    pub listen: SocketAddr,
    /// File that holds the state; it survives kill -9. The request log lies beside it as FILE.requests.jsonl (at most 512 MiB).
    #[arg(long, default_value = "aws-sim.state", value_name = "FILE")]
    pub state: PathBuf,
    /// Where "Set up your account" posts the registration token.
    #[arg(long, default_value = "http://127.0.0.1:8080/marketplace/register", value_name = "URL", value_parser = url)]
    pub fulfilment_url: String,
    /// Product code of the listing.
    #[arg(long, default_value = "payphone-demo", value_name = "CODE")]
    pub product_code: String,
    /// Queue that receives agreement and licence events.
    #[arg(long, default_value = "payphone-events", value_name = "NAME")]
    pub queue: String,
    /// Metered dimensions of the listing.
    #[arg(
        long,
        default_value = "payments,captures,test_payments",
        value_delimiter = ',',
        value_name = "NAMES"
    )]
    pub dimensions: Vec<String>,
    /// Contract dimensions of the listing.
    #[arg(
        long,
        default_value = "seats",
        value_delimiter = ',',
        value_name = "NAMES"
    )]
    pub contract_dimensions: Vec<String>,
    /// Id of the Cognito user pool; what stands before the underscore is its region.
    #[arg(long, default_value = "us-east-1_PayphoneD", value_name = "ID", value_parser = pool_id)]
    pub user_pool: String,
    /// Id of the pool's app client.
    #[arg(long, default_value = "payphoneconsole", value_name = "ID", value_parser = client_id)]
    pub client_id: String,
    /// File with the app client's secret; without it no client can authenticate, so nothing gets a token.
    #[arg(long, value_name = "FILE")]
    pub client_secret_file: Option<PathBuf>,
    /// Where managed login may send authorization codes; compared as text.
    #[arg(long, default_value = "http://127.0.0.1:8080/callback", value_delimiter = ',', value_name = "URLS", value_parser = url)]
    pub callback_url: Vec<String>,
    /// Where managed login's sign-out may lead; compared as text.
    #[arg(long, default_value = "http://127.0.0.1:8080/", value_delimiter = ',', value_name = "URLS", value_parser = url)]
    pub logout_url: Vec<String>,
    /// Addresses that Amazon SES takes mail from.
    #[arg(
        long,
        default_value = "no-reply@payphone.example",
        value_delimiter = ',',
        value_name = "EMAILS"
    )]
    pub mail_from: Vec<String>,
    /// Id of the KMS key, in us-east-1, that is there from the first start.
    #[arg(
        long,
        default_value = "0d5c7b1e-2f64-4a38-9c0b-7e1a5f3d8b26",
        value_name = "UUID",
        value_parser = key_id
    )]
    pub kms_key: String,
    /// Makes this person a member of the group "operators" at the first start, with an invitation in the mailbox.
    #[arg(long, value_name = "EMAIL", value_parser = email)]
    pub operator: Option<String>,
    /// Seed of all identifiers, for runs that must repeat themselves.
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,
    /// How log lines are written to standard error; `RUST_LOG` chooses which.
    #[arg(long, default_value = "text", value_name = "FORMAT")]
    pub log_format: LogFormat,
}

/// How log lines are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// For people.
    Text,
    /// One object a line.
    Json,
}

impl Cli {
    /// What the stand-in needs to know of it.
    ///
    /// # Errors
    ///
    /// If the client secret cannot be read, with a sentence.
    pub fn settings(&self) -> Result<Settings, String> {
        let client_secret = self
            .client_secret_file
            .as_deref()
            .map(client_secret)
            .transpose()?;
        Ok(Settings {
            state: self.state.clone(),
            fulfilment_url: self.fulfilment_url.clone(),
            product_code: self.product_code.clone(),
            queue: self.queue.clone(),
            dimensions: self.dimensions.clone(),
            contract_dimensions: self.contract_dimensions.clone(),
            seed: self.seed,
            host: self.listen.to_string(),
            pool: PoolSettings {
                id: self.user_pool.clone(),
                client_id: self.client_id.clone(),
                client_secret,
                callback_urls: self.callback_url.clone(),
                logout_urls: self.logout_url.clone(),
                operator: self.operator.clone(),
            },
            mail_from: self.mail_from.clone(),
            kms_key: self.kms_key.clone(),
        })
    }
}

fn client_secret(path: &Path) -> Result<ClientSecret, String> {
    let text = std::fs::read_to_string(path).map_err(|why| {
        format!(
            "the client secret cannot be read from {}: {why}",
            path.display()
        )
    })?;
    let text = text.trim();
    if !(24..=64).contains(&text.len()) || !text.bytes().all(is_word) {
        // The model's limits and pattern of ClientSecretType.
        return Err(format!(
            "the client secret in {} must be 24 to 64 letters, digits, _ or +",
            path.display()
        ));
    }
    Ok(ClientSecret(text.to_owned()))
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'+'
}

fn pool_id(text: &str) -> Result<String, String> {
    match text.split_once('_') {
        Some((region, id))
            if text.len() <= 55
                && !region.is_empty()
                && region.bytes().all(|b| is_word(b) || b == b'-')
                && !id.is_empty()
                && id.bytes().all(|b| b.is_ascii_alphanumeric()) =>
        {
            Ok(text.to_owned())
        }
        _ => Err("give a region, an underscore, and letters and digits".into()),
    }
}

fn client_id(text: &str) -> Result<String, String> {
    if (1..=128).contains(&text.len()) && text.bytes().all(is_word) {
        Ok(text.to_owned())
    } else {
        Err("give 1 to 128 letters, digits, _ or +".into())
    }
}

fn key_id(text: &str) -> Result<String, String> {
    uuid::Uuid::parse_str(text)
        .ok()
        .map(|id| id.to_string())
        .ok_or_else(|| "give a UUID".into())
}

fn email(text: &str) -> Result<String, String> {
    if crate::cognito::is_email(text) {
        Ok(text.to_owned())
    } else {
        Err("give an e-mail address".into())
    }
}

fn url(text: &str) -> Result<String, String> {
    let rest = text
        .strip_prefix("http://")
        .or_else(|| text.strip_prefix("https://"))
        .unwrap_or_default();
    let plain = text
        .chars()
        .all(|c| c.is_ascii_graphic() && !"\"'<>;,".contains(c));
    if rest.is_empty() || rest.starts_with('/') || !plain {
        Err("give an absolute http:// or https:// URL".into())
    } else {
        Ok(text.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn defaults_and_bad_usage() {
        let cli = Cli::try_parse_from(["aws-sim"]).unwrap();
        assert_eq!(cli.dimensions, ["payments", "captures", "test_payments"]);
        for bad in [
            &["--listen", "nowhere"][..],
            &["--fulfilment-url", "ftp://x"],
            &["--fulfilment-url", "http://"],
            &["--nonsense"],
            &["--user-pool", "PayphoneD"],
            &["--client-id", "with space"],
            &["--callback-url", "http://127.0.0.1/a,nowhere"],
            &["--operator", "vera"],
            &["--kms-key", "alias/payphone"],
        ] {
            let args = std::iter::once("aws-sim").chain(bad.iter().copied());
            assert_eq!(
                Cli::try_parse_from(args).unwrap_err().exit_code(),
                2,
                "{bad:?}"
            );
        }
    }

    #[test]
    fn a_client_secret_is_read_from_its_file_and_never_shown() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("secret");
        let settings = || {
            let file = path.to_str().unwrap();
            Cli::try_parse_from(["aws-sim", "--client-secret-file", file])
                .unwrap()
                .settings()
        };
        assert!(settings().unwrap_err().contains("cannot be read"));
        std::fs::write(&path, "short").unwrap();
        assert!(settings().unwrap_err().contains("24 to 64"));
        std::fs::write(&path, "throwaway0secret0of0tests\n").unwrap();
        let settings = settings().unwrap();
        assert!(settings.pool.is_secret("throwaway0secret0of0tests"));
        assert!(!format!("{settings:?}").contains("throwaway"));
    }
}
