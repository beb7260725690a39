//! `cargo xtask dev`: build, prepare, start, say where everything is, and keep it running until Ctrl-C.
//! A child that ends is started again, the sooner the better it was doing; the ready file then gets its new process id.
//! Invariant: the ready file exists only while everything answered at least once, and is replaced in one step.

use std::io::Write;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};

use crate::cli::DevArgs;
use crate::doctor::{self, Scope};
use crate::islands;
use crate::stand::{Proc, Stand, StandOptions};
use crate::tools::{Failure, Outcome, cargo, root, run as run_command};

/// Debug builds open their databases and make their first keys within this time on two cores.
const START: Duration = Duration::from_mins(2);

/// Runs until a signal ends it.
///
/// # Errors
/// When the build fails or something never becomes ready.
pub fn run(args: DevArgs) -> Outcome {
    let root = root()?;
    doctor::run(Scope::Dev, true)?;
    say(
        "building the console's islands, unless they are there (the first time takes some five minutes on two cores)",
    );
    islands::run(false)?;
    build(&root, args.release)?;
    let asked_to_end = signals()?;
    if let Some(file) = &args.ready_file {
        remove(file)?;
    }
    let mut options = StandOptions::new(&args.data);
    options.port_base = args.port_base;
    options.release = args.release;
    options.fresh = args.fresh;
    let on_postgres = args.postgres.is_some();
    options.postgres = args.postgres;
    say(&format!("preparing {}", args.data.display()));
    let stand = Stand::prepare(options)?;
    say(&format!(
        "starting aws-sim, payphone-card and payphone; their logs are in {}/logs",
        args.data.display()
    ));
    stand.start_all(START)?;
    announce(&stand, args.ready_file.as_deref())?;
    say(&welcome(&stand, &args.data, on_postgres));
    let outcome = supervise(&stand, args.ready_file.as_deref(), &asked_to_end);
    say("stopping");
    if let Some(file) = &args.ready_file {
        remove(file)?;
    }
    for proc in Proc::ALL.into_iter().rev() {
        if let Err(error) = stand.stop(proc) {
            say(&error.to_string());
        }
    }
    outcome
}

/// One line for whoever still listens: a reader that has gone away is no reason to take three processes down.
fn say(line: &str) {
    let _ = writeln!(std::io::stdout(), "{line}");
}

fn build(root: &Path, release: bool) -> Outcome {
    say(
        "building aws-sim, payphone and payphone-card (the first time takes some ten minutes on two cores)",
    );
    let mut command = cargo(root);
    command.args([
        "build",
        "-p",
        "aws-sim",
        "-p",
        "payphone",
        "-p",
        "payphone-card",
    ]);
    if release {
        command.arg("--release");
    }
    run_command(&mut command)
}

/// A flag that the first signal sets; the second ends the program at once, and the children with it.
fn signals() -> Result<Arc<AtomicBool>, Failure> {
    let asked = Arc::new(AtomicBool::new(false));
    for signal in [SIGINT, SIGTERM, SIGHUP] {
        signal_hook::flag::register_conditional_shutdown(signal, 1, Arc::clone(&asked))?;
        signal_hook::flag::register(signal, Arc::clone(&asked))?;
    }
    Ok(asked)
}

fn remove(file: &Path) -> Outcome {
    match std::fs::remove_file(file) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}

fn announce(stand: &Stand, file: Option<&Path>) -> Outcome {
    if let Some(file) = file {
        stand.ready().write(file)?;
    }
    Ok(())
}

/// What is known of a child that ended.
#[derive(Debug)]
struct Comeback {
    deaths: u32,
    due: Option<Instant>,
    ready: bool,
}

impl Comeback {
    fn new() -> Self {
        Self {
            deaths: 0,
            due: None,
            ready: true,
        }
    }

    /// Notes a death; answers how long to wait before the next start. One that had become ready begins anew.
    fn died(&mut self, now: Instant) -> Duration {
        self.deaths = if self.ready { 1 } else { self.deaths + 1 };
        self.ready = false;
        let wait = Duration::from_millis(100) * 2_u32.pow((self.deaths - 1).min(7));
        let wait = wait.min(Duration::from_secs(10));
        self.due = Some(now + wait);
        wait
    }
}

fn supervise(stand: &Stand, file: Option<&Path>, asked_to_end: &AtomicBool) -> Outcome {
    let mut comebacks = Proc::ALL.map(|proc| (proc, Comeback::new()));
    while !asked_to_end.load(Ordering::Relaxed) {
        let mut changed = false;
        for (proc, comeback) in &mut comebacks {
            changed |= look_after(stand, *proc, comeback)?;
        }
        if changed && comebacks.iter().all(|(_, comeback)| comeback.ready) {
            announce(stand, file)?;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    Ok(())
}

/// One look at one child; true when it has just come back.
fn look_after(stand: &Stand, proc: Proc, comeback: &mut Comeback) -> Result<bool, Failure> {
    let name = proc.binary();
    if let Some(due) = comeback.due {
        if Instant::now() >= due {
            comeback.due = None;
            stand.start(proc)?;
        }
        return Ok(false);
    }
    if let Some(status) = stand.ended(proc)? {
        let wait = comeback.died(Instant::now());
        say(&format!(
            "{name} ended ({status}); starting it again in {} ms",
            wait.as_millis()
        ));
        return Ok(false);
    }
    if !comeback.ready && stand.is_ready(proc) {
        comeback.ready = true;
        say(&format!(
            "{name} answers again (process {})",
            stand.pid(proc).unwrap_or_default()
        ));
        return Ok(true);
    }
    Ok(false)
}

fn welcome(stand: &Stand, data: &Path, on_postgres: bool) -> String {
    let places = stand.places();
    let [sim, card, console] = Proc::ALL.map(|proc| places.browser_url(proc));
    let events = places.url(Proc::Control);
    let token = data.join("control/operator.token");
    let databases = if on_postgres {
        ", and in the databases `payphone` and `payphone_card` of that server"
    } else {
        ""
    };
    format!(
        r#"
Payphone is running.

  AWS stand-in   {sim}/storefront   (its mailbox: {sim}/mailbox)
  console        {console}/
  card plane     {card}/
  health         http://{control_admin}/readyz  http://{card_admin}/readyz

Click first: open {sim}/storefront, choose Subscribe, then "Set up your account".

Then count one payment. The event below is billed to the licence you put in place of LICENCE_ARN (the storefront shows it);
`source` and `id` together make it count once, however often it is sent:

  curl -sS {events}/api/v1/usage-events \
    -H "Authorization: Bearer $(cat {token})" -H 'Content-Type: application/cloudevents+json' \
    -d '{{"specversion":"1.0","source":"/by-hand","id":"1","type":"payphone.payment.approved","subject":"LICENCE_ARN","time":"'$(date -u +%Y-%m-%dT%H:%M:%SZ)'","data":{{"quantity":1}}}}'

Ctrl-C stops everything; the data stays in {data}{databases} (`--fresh` begins anew).
"#,
        control_admin = places.admin(Proc::Control),
        card_admin = places.admin(Proc::Card),
        token = token.display(),
        data = data.display(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_child_that_was_ready_comes_back_at_once_and_one_that_never_was_waits_longer_each_time() {
        let now = Instant::now();
        let mut comeback = Comeback::new();
        let waits: Vec<u128> = (0..10).map(|_| comeback.died(now).as_millis()).collect();
        assert_eq!(
            waits,
            [100, 200, 400, 800, 1600, 3200, 6400, 10_000, 10_000, 10_000]
        );
        comeback.ready = true;
        assert_eq!(comeback.died(now), Duration::from_millis(100));
    }

    #[test]
    fn removing_a_ready_file_that_is_not_there_is_no_failure() {
        let dir = tempfile::tempdir().unwrap();
        assert!(remove(&dir.path().join("ready.json")).is_ok());
    }
}
