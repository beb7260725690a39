//! Starting children so that none is left behind: their own process group, a log each, and death with their parent.
//! On Linux `setpriv --pdeathsig KILL` (util-linux) ties a child to the *thread* that started it, so all children are started
//! by one thread that lives as long as this program.

use std::ffi::OsString;
use std::fs::{self, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use super::{Places, Proc};

/// The directory of the built binaries: the one this program was built into, or its sibling for release.
pub(super) fn bin_dir(release: bool) -> io::Result<PathBuf> {
    let exe = std::env::current_exe()?;
    let dir = exe.ancestors().skip(1).find(|dir| !dir.ends_with("deps"));
    let profiles = dir
        .and_then(Path::parent)
        .ok_or_else(|| io::Error::other("this program is in no target directory"))?;
    Ok(profiles.join(if release { "release" } else { "debug" }))
}

/// A command for `binary` with nothing of the caller's AWS settings in it, so that dev can never reach a real account.
pub(super) fn command(binary: &Path) -> Command {
    let mut command = if ties_children() {
        let mut command = Command::new("setpriv");
        command.args(["--pdeathsig", "KILL", "--"]).arg(binary);
        command
    } else {
        Command::new(binary)
    };
    for (name, _) in
        std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("AWS_"))
    {
        command.env_remove(name);
    }
    command.stdin(Stdio::null());
    command
}

/// What each process finds in its environment.
pub(super) fn environment(proc: Proc, places: Places) -> Vec<(&'static str, OsString)> {
    let mut env = vec![("NO_PROXY", "127.0.0.1,127.0.0.2,127.0.0.3,localhost".into())];
    // The card plane calls KMS alone, and that only where its wrapping key is there.
    if proc != Proc::AwsSim {
        env.extend([
            ("AWS_ENDPOINT_URL", places.url(Proc::AwsSim).into()),
            ("AWS_REGION", "us-east-1".into()),
            ("AWS_ACCESS_KEY_ID", "payphone-dev".into()),
            ("AWS_SECRET_ACCESS_KEY", "payphone-dev-secret".into()),
            ("AWS_EC2_METADATA_DISABLED", "true".into()),
        ]);
    }
    env
}

/// Starts the command with its output appended to `log`.
pub(super) fn start(mut command: Command, log: &Path) -> io::Result<Child> {
    let out = OpenOptions::new()
        .append(true)
        .create(true)
        .mode(0o600)
        .open(log)?;
    command.stdout(out.try_clone()?).stderr(out);
    // Ctrl-C is for this program, which then stops the children in order.
    command.process_group(0);
    on_lasting_thread(move || command.spawn())
}

/// SIGTERM. The shell's own `kill`: std sends nothing but SIGKILL, and a crate for one system call would give its features to
/// the crates of the product as well, which would then be compiled twice.
pub(super) fn terminate(child: &Child) -> io::Result<()> {
    let status = Command::new("/bin/sh")
        .args(["-c", "kill -TERM \"$0\"", &child.id().to_string()])
        .status()?;
    if status.success() {
        Ok(())
    } else {
        Err(io::Error::other(format!(
            "`kill -TERM {}` ended with {status}",
            child.id()
        )))
    }
}

fn ties_children() -> bool {
    static ANSWER: OnceLock<bool> = OnceLock::new();
    *ANSWER.get_or_init(|| {
        let mut probe = Command::new("setpriv");
        probe
            .args(["--pdeathsig", "KILL", "--", "true"])
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        cfg!(target_os = "linux") && probe.status().is_ok_and(|status| status.success())
    })
}

type Job = Box<dyn FnOnce() + Send>;

fn on_lasting_thread<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> io::Result<T> {
    static THREAD: OnceLock<Mutex<Sender<Job>>> = OnceLock::new();
    let jobs = THREAD.get_or_init(|| {
        let (sender, jobs) = channel::<Job>();
        std::thread::spawn(move || jobs.into_iter().for_each(|job| job()));
        Mutex::new(sender)
    });
    let gone = || io::Error::other("the thread that starts processes is gone");
    let (answer, wait) = channel();
    let job: Job = Box::new(move || {
        // The receiver waits below and cannot be gone.
        let _ = answer.send(work());
    });
    jobs.lock()
        .unwrap_or_else(PoisonError::into_inner)
        .send(job)
        .map_err(|_| gone())?;
    wait.recv().map_err(|_| gone())?
}

/// Looks every 25 ms until `look` finds something, or the time is over.
pub fn eventually<T>(within: Duration, look: impl FnMut() -> Option<T>) -> Option<T> {
    looking(Duration::from_millis(25), within, look)
}

/// The same, looking as often as is said: for who measures.
pub fn looking<T>(
    every: Duration,
    within: Duration,
    mut look: impl FnMut() -> Option<T>,
) -> Option<T> {
    let deadline = Instant::now() + within;
    loop {
        let found = look();
        if found.is_some() || Instant::now() >= deadline {
            return found;
        }
        std::thread::sleep(every);
    }
}

/// Empties a directory that carries `marker`, or is empty anyway; anything else might be somebody's home.
pub(super) fn empty(dir: &Path, marker: &str) -> io::Result<()> {
    if fs::read_dir(dir).is_ok_and(|mut entries| entries.next().is_some()) {
        if !dir.join(marker).exists() {
            let message = format!(
                "{} is not empty and not one of ours: it stays as it is",
                dir.display()
            );
            return Err(io::Error::other(message));
        }
        fs::remove_dir_all(dir)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_child_writes_to_its_log_and_ends_on_sigterm() {
        let dir = tempfile::tempdir().unwrap();
        let log = dir.path().join("log");
        let mut sh = command(Path::new("/bin/sh"));
        sh.args([
            "-c",
            "trap 'echo bye; exit 7' TERM; echo hello; while :; do read -r _ || wait; done",
        ]);
        let mut child = start(sh, &log).unwrap();
        eventually(Duration::from_secs(10), || {
            fs::read_to_string(&log)
                .ok()
                .filter(|text| text == "hello\n")
        })
        .unwrap();
        terminate(&child).unwrap();
        assert_eq!(child.wait().unwrap().code(), Some(7));
        assert_eq!(fs::read_to_string(&log).unwrap(), "hello\nbye\n");
    }

    #[test]
    fn a_child_outlives_the_thread_that_asked_for_it() {
        let dir = tempfile::tempdir().unwrap();
        let log = dir.path().join("log");
        let asked = std::thread::spawn(move || {
            let mut tail = command(Path::new("/usr/bin/env"));
            tail.args(["sh", "-c", "while :; do wait; done"]);
            start(tail, &log).unwrap()
        });
        let mut child = asked.join().unwrap();
        let ended = eventually(Duration::from_millis(200), || child.try_wait().unwrap());
        assert_eq!(ended, None);
        child.kill().unwrap();
        child.wait().unwrap();
    }

    #[test]
    fn a_strangers_directory_is_not_emptied() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("thesis.txt"), "precious").unwrap();
        assert!(empty(dir.path(), ".marker").is_err());
        assert!(dir.path().join("thesis.txt").exists());
        fs::write(dir.path().join(".marker"), "").unwrap();
        empty(dir.path(), ".marker").unwrap();
        assert!(!dir.path().exists());
    }

    #[test]
    fn the_services_are_given_aws_settings_that_lead_to_the_stand_in() {
        let places = Places::new(super::super::HostMode::Distinct, 8070).unwrap();
        let names = |proc| {
            environment(proc, places)
                .into_iter()
                .map(|(name, _)| name)
                .collect::<Vec<_>>()
        };
        for proc in [Proc::Control, Proc::Card] {
            assert!(names(proc).contains(&"AWS_ENDPOINT_URL"));
        }
        assert_eq!(names(Proc::AwsSim), ["NO_PROXY"]);
    }
}
