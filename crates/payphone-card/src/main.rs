//! The card plane's program: command line and wiring, nothing else.
//! Exit codes: 0 done, 1 failed, 2 bad usage or bad configuration.

use std::{path::PathBuf, process::ExitCode, sync::Arc, time::Duration};

use clap::{Parser, Subcommand};

mod commands;
mod hygiene;
mod rewrap;
mod serve;
mod wrapping;

use runtime::{health::Patience, outcome::Outcome};

/// Payphone's card plane: keys, and later capture and payment.
#[derive(Parser)]
#[command(name = "payphone-card", version)]
struct Cli {
    /// The configuration file (TOML); `/etc/payphone-card/payphone-card.toml` if it is not given and that one is there. Variables `PAYPHONE_CARD__SECTION__KEY` lie
    /// over it.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serves until it is asked to stop.
    Serve,
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
    /// Makes the service's own key unless there is one, and prints its public half (JWK) for the peer.
    PeerKey {
        /// Where the private half is kept.
        #[arg(long, value_name = "FILE")]
        key_file: PathBuf,
    },
    /// Makes the local wrapping key unless there is one.
    WrappingKey {
        /// Where it is kept. Without it no key can be opened again: keep a copy.
        #[arg(long, value_name = "FILE")]
        file: PathBuf,
    },
    /// Moves every key to the wrapping key of the configuration, from those in `keys.previous`.
    ///
    /// First give every replica both: the new one as wrapping key, the old one in `keys.previous`. On PostgreSQL this then runs beside
    /// them; on SQLite stop the service first. It can be stopped and started again at will, and ends with 0 when no key is left to move:
    /// then take the old one out of `keys.previous`.
    Rewrap,
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

fn main() -> ExitCode {
    // Before any secret is in memory.
    if let Err(error) = hygiene::protect() {
        return Outcome::Failed(error).report("payphone-card");
    }
    let cli = Cli::parse();
    let config = cli.config;
    runtime::lifecycle::block_on(async move {
        let outcome = match cli.command {
            Command::Serve => serve::serve(config).await,
            Command::Migrate => commands::migrate(config).await,
            Command::Backup { to } => commands::backup(config, &to).await,
            Command::Health { live, wait, of } => {
                let within = Duration::from_secs(wait.unwrap_or_default());
                commands::health(config, live, Patience { within, of }).await
            }
            Command::Config { command } => match command {
                ConfigCommand::Check => commands::config_check(config),
                ConfigCommand::Print => commands::config_print(config),
                ConfigCommand::Keys => commands::config_keys(),
            },
            Command::PeerKey { key_file } => commands::peer_key(&key_file),
            Command::WrappingKey { file } => commands::wrapping_key(&file),
            Command::Rewrap => rewrap::rewrap(config).await,
            Command::Openapi => commands::openapi(),
            Command::Version => Ok(Outcome::said(env!("CARGO_PKG_VERSION"))),
        };
        outcome
            .unwrap_or_else(Outcome::from)
            .report("payphone-card")
    })
}

/// The system's randomness and time, for the commands that need them before there is an app.
fn system_ids() -> Arc<dyn domain::Ids> {
    let real = Arc::new(runtime::clock::SystemRealTime);
    Arc::new(runtime::ids::SystemIds::new(real))
}
