//! The control plane's program: command line and wiring, nothing else.
//! Exit codes: 0 done, 1 failed, 2 bad usage or bad configuration.

use std::{path::PathBuf, process::ExitCode, time::Duration};

use clap::{Parser, Subcommand};
use runtime::{health::Patience, outcome::Outcome};

mod audit;
mod commands;
mod config;
mod explain;
mod serve;

use serve::Role;

/// Payphone's control plane: registration, subscription life cycle, metering, console and REST API.
#[derive(Parser)]
#[command(name = "payphone", version)]
struct Cli {
    /// The configuration file (TOML); `/etc/payphone/payphone.toml` if it is not given and that one is there. Variables `PAYPHONE__SECTION__KEY` lie
    /// over it.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serves HTTP and does the background work, in one process, until asked to stop.
    All,
    /// Serves HTTP only.
    Serve,
    /// Does the background work only.
    Work,
    /// Brings the database up to date.
    Migrate,
    /// Copies a SQLite database as it is now into a new file, also while the service runs.
    Backup {
        /// The file to make; it must not be there yet.
        #[arg(long, value_name = "FILE")]
        to: PathBuf,
    },
    /// Asks the service that runs with this configuration whether it is ready; ends with 1 and says why if it is not.
    Health {
        /// Asks only whether the process answers.
        #[arg(long)]
        live: bool,
        /// Asks until the answer is good, for so many seconds at most.
        #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(..=3600))]
        wait: Option<u64>,
        /// And no longer than the process with this id is there.
        #[arg(long, requires = "wait", value_name = "PID")]
        of: Option<u32>,
    },
    /// Looks at the configuration.
    Config {
        #[command(subcommand)]
        command: ConfigCommand,
    },
    /// Looks into the metering ledger.
    Meter {
        #[command(subcommand)]
        command: MeterCommand,
    },
    /// Looks into the audit trail.
    Audit {
        #[command(subcommand)]
        command: AuditCommand,
    },
    /// Makes the service's own key unless there is one, and prints its public half (JWK) for the card plane.
    PeerKey {
        /// Where the private half is kept.
        #[arg(long, value_name = "FILE")]
        key_file: PathBuf,
    },
    /// Prints the OpenAPI document.
    Openapi,
    /// Prints the version.
    Version,
}

#[derive(Clone, Copy, Subcommand)]
enum ConfigCommand {
    /// Tells everything that is wrong with it, one line each.
    Check,
    /// Prints it as it takes effect, without secrets.
    Print,
    /// Prints the name of every key there is.
    Keys,
}

#[derive(Subcommand)]
enum AuditCommand {
    /// Proves that no line was changed, taken out or put elsewhere; names the first that was, and ends with 1.
    Verify {
        /// Only this chain: `ten_…`, or `vendor`; all of them if not given.
        #[arg(long, value_name = "ID")]
        tenant: Option<String>,
    },
}

#[derive(Subcommand)]
enum MeterCommand {
    /// Explains one hour of one licence: what was used, what was sent, what AWS said.
    Explain {
        /// The licence's ARN, in any of AWS's spellings.
        #[arg(long, value_name = "ARN")]
        license: String,
        /// Any moment of the hour, RFC 3339: 2026-11-22T10:00:00Z
        #[arg(long, value_name = "TIME")]
        hour: String,
    },
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let config = cli.config;
    runtime::lifecycle::block_on(async move {
        let outcome = match cli.command {
            Command::All => serve::serve(config, Role::All).await,
            Command::Serve => serve::serve(config, Role::Serve).await,
            Command::Work => serve::serve(config, Role::Work).await,
            Command::Migrate => commands::migrate(config).await,
            Command::Backup { to } => commands::backup(config, &to).await,
            Command::Health { live, wait, of } => {
                let within = Duration::from_secs(wait.unwrap_or_default());
                commands::health(config, live, Patience { within, of }).await
            }
            Command::Config {
                command: ConfigCommand::Check,
            } => commands::config_check(config),
            Command::Config {
                command: ConfigCommand::Print,
            } => commands::config_print(config),
            Command::Config {
                command: ConfigCommand::Keys,
            } => commands::config_keys(),
            Command::Meter {
                command: MeterCommand::Explain { license, hour },
            } => explain::explain(config, &license, &hour).await,
            Command::Audit {
                command: AuditCommand::Verify { tenant },
            } => audit::verify(config, tenant.as_deref()).await,
            Command::PeerKey { key_file } => commands::peer_key(&key_file),
            Command::Openapi => commands::openapi(),
            Command::Version => Ok(Outcome::said(env!("CARGO_PKG_VERSION"))),
        };
        outcome.unwrap_or_else(Outcome::from).report("payphone")
    })
}
