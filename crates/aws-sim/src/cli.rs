//! The command line.

use std::{net::SocketAddr, path::PathBuf};

use clap::{Parser, ValueEnum};

use crate::sim::Settings;

/// A stand-in for AWS: Marketplace metering and entitlements, SQS and STS on the real wire, with a storefront, a clock that can be
/// moved, and switches for everything a live listing has not answered yet.
///
/// Point an AWS SDK at it with `AWS_ENDPOINT_URL`. People open /storefront; tests use /_sim/v1 (clock, agreements, tokens, events,
/// metering-records, requests, mailbox, faults, switches; /_sim/v1/switches/help explains every switch).
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
    pub fn settings(&self) -> Settings {
        Settings {
            state: self.state.clone(),
            fulfilment_url: self.fulfilment_url.clone(),
            product_code: self.product_code.clone(),
            queue: self.queue.clone(),
            dimensions: self.dimensions.clone(),
            contract_dimensions: self.contract_dimensions.clone(),
            seed: self.seed,
            host: self.listen.to_string(),
        }
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
        ] {
            let args = std::iter::once("aws-sim").chain(bad.iter().copied());
            assert_eq!(
                Cli::try_parse_from(args).unwrap_err().exit_code(),
                2,
                "{bad:?}"
            );
        }
    }
}
