//! The three processes on one machine: a data directory, its configuration, and start, stop and kill of each.
//! `cargo xtask dev` and the walk tests both stand on this module, so a test meets what a developer meets.
//! Invariant: a stand owns its data directory alone (a lock file says so), and no child outlives it.

pub mod files;
pub mod hosts;
pub mod http;
pub mod layout;
mod postgres;
mod process;
pub mod ready;
mod spawn;
#[cfg(test)]
mod tests;

use std::ffi::OsString;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output};
use std::sync::Mutex;
use std::time::Duration;

pub use hosts::{HostMode, Places};
pub use layout::Layout;
pub use ready::{Addresses, Pids, Ready};
pub use spawn::{eventually, looking};

/// How long a process may take to drain after SIGTERM (the contract's figure).
pub const DRAIN: Duration = Duration::from_secs(25);

/// The product code under which dev lists the product.
pub const PRODUCT_CODE: &str = "payphone-demo";

/// The queue that carries Marketplace events to the control plane.
pub const QUEUE: &str = "payphone-events";

/// The user pool, its app client and the sender of our mail, as the stand-in has them.
pub const USER_POOL: &str = "us-east-1_PayphoneD";
/// The console's app client.
pub const CLIENT_ID: &str = "payphoneconsole";
/// Whom our mail is from.
pub const MAIL_FROM: &str = "no-reply@payphone.example";
/// The KMS key that the stand-in has from its first start.
pub const KMS_KEY_ID: &str = "0d5c7b1e-2f64-4a38-9c0b-7e1a5f3d8b26";
/// Its ARN.
pub const KMS_KEY_ARN: &str =
    "arn:aws:kms:us-east-1:000000000000:key/0d5c7b1e-2f64-4a38-9c0b-7e1a5f3d8b26";
/// The vendor's operator in development; the first password is in the stand-in's mailbox.
pub const OPERATOR_EMAIL: &str = "operator@payphone.example";

/// One of the three processes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Proc {
    /// The AWS stand-in.
    AwsSim,
    /// The card plane.
    Card,
    /// The control plane.
    Control,
}

impl Proc {
    /// All three, in the order they start; they stop in the opposite order.
    pub const ALL: [Self; 3] = [Self::AwsSim, Self::Card, Self::Control];

    /// The name of the binary, which is also the name of its log.
    pub fn binary(self) -> &'static str {
        match self {
            Self::AwsSim => "aws-sim",
            Self::Card => "payphone-card",
            Self::Control => "payphone",
        }
    }
}

/// Where the card plane's wrapping key is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wrapping {
    /// In a file of its own.
    File,
    /// In the stand-in's KMS.
    Kms,
}

/// What a stand is made from. Start with [`StandOptions::new`] and change what matters.
#[derive(Clone, Debug)]
pub struct StandOptions {
    /// The data directory; made if missing.
    pub data: PathBuf,
    /// First port; the contract's offsets count from here.
    pub port_base: u16,
    /// Three loopback addresses, or one.
    pub hosts: HostMode,
    /// Run the release binaries instead of the debug ones.
    pub release: bool,
    /// Empty the data directory first.
    pub fresh: bool,
    /// RSA bits of a tenant's key pair.
    pub key_bits: u32,
    /// Key pairs kept ready in advance.
    pub key_pool: u32,
    /// Where the binaries are, if not beside the running program.
    pub bin_dir: Option<PathBuf>,
    /// Environment for one process on top of the usual one.
    pub env: Vec<(Proc, String, String)>,
    /// Environment of `migrate` alone, on top of that: on PostgreSQL another role logs in for it.
    pub migrate_env: Vec<(Proc, String, String)>,
    /// Where the card plane's wrapping key is.
    pub wrapping: Wrapping,
    /// The address of somebody who may make databases on a PostgreSQL server, instead of SQLite files.
    pub postgres: Option<String>,
    /// Let one address do what a crowd does: the walk's buyers all come from the loopback. Dev keeps the product's own limits.
    pub crowd: bool,
}

impl StandOptions {
    /// The defaults of `cargo xtask dev`, with data in `data`.
    pub fn new(data: impl Into<PathBuf>) -> Self {
        Self {
            data: data.into(),
            port_base: 8070,
            hosts: HostMode::detect(),
            release: false,
            fresh: false,
            key_bits: 4096,
            key_pool: 2,
            bin_dir: None,
            env: Vec::new(),
            migrate_env: Vec::new(),
            wrapping: Wrapping::File,
            postgres: None,
            crowd: false,
        }
    }
}

/// Asks a process to end, with SIGTERM.
///
/// # Errors
/// When the signal cannot be sent.
pub fn terminate(child: &Child) -> io::Result<()> {
    spawn::terminate(child)
}

/// A command for one of the binaries, outside any stand; of the same profile as the running program.
///
/// # Errors
/// When the running program is in no target directory.
pub fn binary(proc: Proc) -> io::Result<Command> {
    Ok(spawn::command(
        &spawn::bin_dir(!cfg!(debug_assertions))?.join(proc.binary()),
    ))
}

/// A prepared data directory and the processes that run on it. Dropping it kills them.
#[derive(Debug)]
pub struct Stand {
    layout: Layout,
    places: Places,
    bin_dir: PathBuf,
    env: Vec<(Proc, String, String)>,
    operator_token: String,
    running: [Mutex<Option<Child>>; 3],
    _lock: File,
}

impl Stand {
    /// Makes or reuses the data directory: secrets, peer keys, configuration, migrated databases. Starts nothing.
    ///
    /// # Errors
    /// Says in one sentence what stands in the way: a port in use, a directory in use, a binary that is not built, a database server
    /// that cannot be asked.
    pub fn prepare(options: StandOptions) -> io::Result<Self> {
        let mut as_owner = options.migrate_env.clone();
        let (postgres, fresh) = (options.postgres.clone(), options.fresh);
        let mut stand = Self::bare(options)?;
        stand.exchange_keys()?;
        if let Some(url) = postgres {
            let made = postgres::make(&url, &stand.layout, fresh)?;
            stand.env.extend(made.env);
            as_owner.extend(made.migrate_env);
        }
        // What comes later wins.
        let usual = stand.env.len();
        stand.env.append(&mut as_owner);
        for proc in [Proc::Card, Proc::Control] {
            let migrate = [
                "migrate".into(),
                "--config".into(),
                stand.config(proc).into(),
            ];
            stand.tool(proc, &migrate)?;
        }
        stand.env.truncate(usual);
        Ok(stand)
    }

    /// A stand on which only aws-sim can be started: no binary of the product is needed.
    ///
    /// # Errors
    /// As [`Stand::prepare`].
    pub fn bare(options: StandOptions) -> io::Result<Self> {
        let places = Places::new(options.hosts, options.port_base)?;
        places.require_free()?;
        let layout = Layout::make(&options.data, options.fresh)?;
        let lock = layout.lock()?;
        let bin_dir = match options.bin_dir {
            Some(dir) => dir,
            None => spawn::bin_dir(options.release)?,
        };
        let operator_token = layout.secrets()?;
        layout.write_config(places, options.key_bits, options.key_pool, options.crowd)?;
        if options.wrapping == Wrapping::Kms {
            layout.wrap_by_kms()?;
        }
        Ok(Self {
            layout,
            places,
            bin_dir,
            env: options.env,
            operator_token,
            running: [const { Mutex::new(None) }; 3],
            _lock: lock,
        })
    }

    /// Each service makes its own key and is shown the other's public half.
    fn exchange_keys(&self) -> io::Result<()> {
        let layout = &self.layout;
        for (from, to) in [(Proc::Control, Proc::Card), (Proc::Card, Proc::Control)] {
            let args = [
                "peer-key".into(),
                "--key-file".into(),
                layout.peer_key(from).into(),
            ];
            let output = self.tool(from, &args)?;
            files::write_atomic(&layout.peer_jwk(to), &output.stdout)?;
        }
        let args = [
            "wrapping-key".into(),
            "--file".into(),
            layout.wrapping_key().into(),
        ];
        self.tool(Proc::Card, &args).map(drop)
    }

    /// Runs one sub-command of a service's binary to its end, in that service's environment.
    ///
    /// # Errors
    /// With what the command printed, if it did not end with 0.
    pub fn tool(&self, proc: Proc, args: &[OsString]) -> io::Result<Output> {
        self.tool_with(proc, args, &[])
    }

    /// The same, with these variables on top.
    ///
    /// # Errors
    /// As [`Stand::tool`].
    pub fn tool_with(
        &self,
        proc: Proc,
        args: &[OsString],
        more: &[(String, String)],
    ) -> io::Result<Output> {
        let mut command = self.command(proc)?;
        command.envs(more.iter().map(|(name, value)| (name, value)));
        let output = command.args(args).output()?;
        if output.status.success() {
            return Ok(output);
        }
        let said = String::from_utf8_lossy(&output.stderr);
        let what = args
            .first()
            .map(|arg| arg.to_string_lossy())
            .unwrap_or_default();
        Err(io::Error::other(format!(
            "`{} {what}` ended with {}: {}",
            proc.binary(),
            output.status,
            said.trim()
        )))
    }

    fn command(&self, proc: Proc) -> io::Result<Command> {
        let binary = self.bin_dir.join(proc.binary());
        if !binary.is_file() {
            let name = proc.binary();
            return Err(io::Error::other(format!(
                "{} is not there: `cargo build -p {name}` makes it",
                binary.display()
            )));
        }
        let mut command = spawn::command(&binary);
        command.envs(spawn::environment(proc, self.places));
        command.envs(
            self.env
                .iter()
                .filter(|(to, ..)| *to == proc)
                .map(|(_, key, value)| (key, value)),
        );
        Ok(command)
    }

    /// What the ready file says; process ids are null for what does not run.
    pub fn ready(&self) -> Ready {
        Ready {
            addresses: self.places.addresses(),
            product_code: PRODUCT_CODE.to_owned(),
            operator_token: self.operator_token.clone(),
            pids: Pids {
                aws_sim: self.pid(Proc::AwsSim),
                control: self.pid(Proc::Control),
                card: self.pid(Proc::Card),
            },
        }
    }

    /// The data directory.
    pub fn data(&self) -> &Path {
        self.layout.root()
    }

    /// Where each process keeps its files.
    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    /// Addresses and ports.
    pub fn places(&self) -> Places {
        self.places
    }

    /// The log of one process.
    pub fn log(&self, proc: Proc) -> PathBuf {
        self.layout.log(proc)
    }

    /// The configuration file of a service; aws-sim has none.
    pub fn config(&self, proc: Proc) -> PathBuf {
        self.layout.config(proc)
    }
}

impl Drop for Stand {
    fn drop(&mut self) {
        for proc in Proc::ALL.into_iter().rev() {
            // Nothing can be reported from a drop, and a process that is gone already is what we want.
            let _ = self.kill9(proc);
        }
    }
}
