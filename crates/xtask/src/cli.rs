//! The command line: what can be asked, and which module answers.
//! Bad usage ends with 2 (clap's own choice too), failure with 1, success with 0.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::tools::{Failure, Outcome};
use crate::{bench, dev, doctor, islands, openapi, suite, tidy};

#[derive(Debug, Parser)]
#[command(
    name = "cargo xtask",
    about = "Run, test and look after this project",
    disable_help_subcommand = true
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Build what is missing and run aws-sim, payphone-card and payphone until Ctrl-C
    Dev(DevArgs),
    /// Everything CI runs, in order, stopping at the first failure
    Test {
        /// Leave out what takes long: fuzzing, and the walk (real processes, browsers, faults, wire checks)
        #[arg(long)]
        quick: bool,
    },
    /// Kill processes at random moments of the walk
    Chaos {
        /// How many times
        #[arg(long, value_parser = clap::value_parser!(u32).range(1..))]
        kills: u32,
        /// Repeat an earlier run (printed by each)
        #[arg(long)]
        seed: Option<u64>,
        /// On PostgreSQL, with a second control plane that is killed and stopped as well
        #[arg(long)]
        postgres: bool,
    },
    /// Play seeds of the simulation: processes, AWS, people and clocks under every fault, in one process and without waiting
    ///
    /// Each seed is a world of its own: up to three processes of the control plane on one database, an AWS that throttles, fails and
    /// loses answers, buyers and life-cycle events in any order, usage of all kinds, crashes between any two calls and in the middle of
    /// transactions, leases that run out, clocks that are off. The same seed decides and answers the same.
    Simulate(SimulateArgs),
    /// Measure what was built for release, on both databases, each figure beside its limit in the same run
    ///
    /// Usage events and registrations through the real routes beside raw inserts of the same rows; jobs beside raw claims; memory and
    /// start of the programs beside what they may take. Rates are medians of rounds in turn with the limit's, so that whatever else the
    /// machine does meets both. Takes some five minutes after the build.
    Bench(BenchArgs),
    /// Build the parts of the console that come to life in a browser; the next build of the program takes them in
    ///
    /// Needs the target wasm32-unknown-unknown, or Debian's rustc-web, cargo-web and rust-web-src. Without them the console is whole,
    /// and its pages do not follow what changes.
    Islands {
        /// Only say whether what is built is of these sources, and fail if not
        #[arg(long)]
        check: bool,
    },
    /// The rules no compiler knows: dependency directions, file lengths, forbidden words
    Tidy,
    /// What this machine lacks; installs it when run as root on Debian
    Doctor {
        /// Only say it
        #[arg(long)]
        print: bool,
    },
    /// Write docs/openapi from the binaries
    Openapi {
        /// Compare instead, and fail on a difference
        #[arg(long)]
        check: bool,
    },
}

/// The options of `bench`.
#[derive(Debug, Args)]
pub struct BenchArgs {
    /// Measure less, in about a minute: enough to see a collapse, not enough to compare
    #[arg(long)]
    pub quick: bool,
    /// Only this
    #[arg(long, value_enum)]
    pub only: Option<Bench>,
    /// Write the figures there too, as a JSON array
    #[arg(long, value_name = "FILE")]
    pub json: Option<PathBuf>,
    /// End with 1 if a goal is missed
    #[arg(long)]
    pub check: bool,
}

/// What can be measured on its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Bench {
    /// Usage events, one and a hundred a request
    Usage,
    /// Registrations from the token to the tenant
    Registrations,
    /// Jobs claimed and ended
    Jobs,
    /// Start and memory of the programs
    Programs,
    /// The console's pages at fifty requests a second
    Pages,
}

impl Bench {
    /// All of them, in the order of the table.
    pub const ALL: [Self; 5] = [
        Self::Usage,
        Self::Registrations,
        Self::Jobs,
        Self::Programs,
        Self::Pages,
    ];

    /// The test that measures it, and its suite.
    pub const fn test(self) -> (&'static str, &'static str) {
        match self {
            Self::Usage => ("jobs", "benches::bench_usage"),
            Self::Registrations => ("jobs", "benches::bench_registrations"),
            Self::Jobs => ("jobs", "benches::bench_jobs"),
            Self::Programs => ("wire", "bench::bench_programs"),
            Self::Pages => ("wire", "bench_pages::bench_pages"),
        }
    }
}

/// The options of `simulate`.
#[derive(Debug, Args)]
pub struct SimulateArgs {
    /// How many seeds; one alone is shown with every decision
    #[arg(long, value_name = "N", default_value_t = 200, value_parser = clap::value_parser!(u64).range(1..))]
    pub seeds: u64,
    /// The first seed (a failure prints its own)
    #[arg(long, value_name = "SEED", default_value_t = 0)]
    pub from: u64,
    /// Faults for ever and nothing wrong may happen, or faults that stop and everything must come to rest
    #[arg(long, value_enum, default_value_t = SimulateMode::Both)]
    pub mode: SimulateMode,
    /// Play a storm of so many duplicate and reordered deliveries instead of seeds
    #[arg(long, value_name = "DELIVERIES", conflicts_with_all = ["seeds", "mode"], value_parser = clap::value_parser!(u64).range(1..))]
    pub storm: Option<u64>,
    /// On PostgreSQL, in a cluster of its own
    #[arg(long)]
    pub postgres: bool,
    /// Build with optimisation: slower to begin, faster to run
    #[arg(long)]
    pub release: bool,
}

/// What a simulation is to show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SimulateMode {
    /// Faults never stop
    Safety,
    /// Faults stop
    Liveness,
    /// Each seed in one and then in the other
    Both,
}

impl SimulateMode {
    /// The word, as the suite reads it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Safety => "safety",
            Self::Liveness => "liveness",
            Self::Both => "both",
        }
    }
}

/// The options of `dev`.
#[derive(Debug, Args)]
pub struct DevArgs {
    /// Begin with empty data
    #[arg(long)]
    pub fresh: bool,
    /// The data directory
    #[arg(long, value_name = "DIR", default_value = ".dev")]
    pub data: PathBuf,
    /// The first port
    #[arg(long, value_name = "N", default_value_t = 8070)]
    pub port_base: u16,
    /// Build and run with optimisation
    #[arg(long)]
    pub release: bool,
    /// Use PostgreSQL instead of SQLite: the address of somebody who may make roles and databases there. Makes a database for each
    /// service, and needs `psql`
    #[arg(long, value_name = "URL")]
    pub postgres: Option<String>,
    /// A JSON file, written when everything answers
    #[arg(long, value_name = "FILE")]
    pub ready_file: Option<PathBuf>,
}

/// Parses the program's arguments and does what they say.
pub fn main() -> ExitCode {
    match run(Cli::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure::Failed(message)) => {
            eprintln!("error: {message}");
            ExitCode::from(1)
        }
        Err(Failure::Usage(message)) => {
            eprintln!("error: {message}");
            ExitCode::from(2)
        }
    }
}

fn run(command: Command) -> Outcome {
    match command {
        Command::Dev(args) => dev::run(args),
        Command::Test { quick } => suite::run(quick),
        Command::Chaos {
            kills,
            seed,
            postgres,
        } => suite::chaos(kills, seed, postgres),
        Command::Simulate(args) => suite::simulate(&args),
        Command::Bench(args) => bench::run(&args),
        Command::Islands { check } => islands::run(check),
        Command::Tidy => tidy::run(),
        Command::Doctor { print } => doctor::run(doctor::Scope::Test, !print),
        Command::Openapi { check } => openapi::run(check),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Command, clap::Error> {
        Cli::try_parse_from(std::iter::once("xtask").chain(line.split_whitespace()))
            .map(|cli| cli.command)
    }

    #[test]
    fn the_definition_is_consistent() {
        use clap::CommandFactory;
        Cli::command().debug_assert();
    }

    #[test]
    fn dev_has_the_defaults_of_the_contract() {
        let Command::Dev(args) = parse("dev").unwrap() else {
            panic!("not dev")
        };
        assert_eq!(
            (args.data.to_str(), args.port_base, args.fresh, args.release),
            (Some(".dev"), 8070, false, false)
        );
        assert!(args.postgres.is_none() && args.ready_file.is_none());
    }

    #[test]
    fn dev_takes_every_option_of_the_contract() {
        let line = "dev --fresh --data d --port-base 9000 --release --postgres postgres://x --ready-file r.json";
        let Command::Dev(args) = parse(line).unwrap() else {
            panic!("not dev")
        };
        assert!(args.fresh && args.release);
        assert_eq!((args.data.to_str(), args.port_base), (Some("d"), 9000));
        assert_eq!(args.postgres.as_deref(), Some("postgres://x"));
        assert_eq!(args.ready_file, Some("r.json".into()));
    }

    #[test]
    fn chaos_needs_a_number_of_kills() {
        assert!(parse("chaos").is_err());
        assert!(parse("chaos --kills 0").is_err());
        let long = "chaos --kills 200 --seed 7 --postgres";
        let Command::Chaos {
            kills,
            seed,
            postgres,
        } = parse(long).unwrap()
        else {
            panic!("not chaos")
        };
        assert_eq!((kills, seed, postgres), (200, Some(7), true));
    }

    #[test]
    fn simulate_plays_seeds_or_a_storm() {
        let Command::Simulate(args) = parse("simulate").unwrap() else {
            panic!("not simulate")
        };
        assert_eq!(
            (args.seeds, args.from, args.mode),
            (200, 0, SimulateMode::Both)
        );
        let long = "simulate --seeds 5000 --from 7 --mode liveness --postgres --release";
        let Command::Simulate(args) = parse(long).unwrap() else {
            panic!("not simulate")
        };
        assert_eq!(
            (args.seeds, args.from, args.mode),
            (5000, 7, SimulateMode::Liveness)
        );
        assert!(args.postgres && args.release && args.storm.is_none());
        assert!(parse("simulate --seeds 0").is_err());
        assert!(parse("simulate --storm 100 --seeds 3").is_err());
        assert!(parse("simulate --storm 100000 --from 3").is_ok());
    }

    #[test]
    fn bench_measures_everything_or_one_thing() {
        let Command::Bench(args) = parse("bench").unwrap() else {
            panic!("not bench")
        };
        assert!(!args.quick && !args.check && args.only.is_none() && args.json.is_none());
        let Command::Bench(args) =
            parse("bench --quick --only programs --json f.json --check").unwrap()
        else {
            panic!("not bench")
        };
        assert!(args.quick && args.check && args.only == Some(Bench::Programs));
        assert!(parse("bench --only everything").is_err());
    }

    #[test]
    fn bad_usage_ends_with_two() {
        assert_eq!(parse("dev --port-base many").unwrap_err().exit_code(), 2);
    }
}
