//! A machine with systemd, as an operator sets one up by `deploy/README.md`: units, `payphone-run`, programs, configuration and secrets
//! where they belong. It lies inside this one and takes nothing of it (`machine.sh`).

use std::{
    fs::{self, Permissions},
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use tempfile::TempDir;
use testkit::trial;
use walk::soon;
use xtask::stand::{Proc, binary};

use super::{
    home::{SERVICES, config},
    shipped, text,
};

/// What differs between replicas; in it, so that nobody outside is reached, where AWS is: nowhere.
const REPLICA: &str = "AWS_ENDPOINT_URL=http://127.0.0.1:9\nAWS_REGION=us-east-1\nAWS_ACCESS_KEY_ID=id\nAWS_SECRET_ACCESS_KEY=secret\n";
/// What `machine.sh` says when all that is left to do is systemd's.
const MADE: &str = "made\n";
/// How long what is left of its processes may take to end.
const GONE: Duration = Duration::from_secs(10);
const PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/// The machine; it ends when it is dropped.
pub(super) struct Machine {
    outside: Child,
    first: String,
    folder: TempDir,
}

impl Machine {
    /// None where there is no systemd with D-Bus, or it may not be set up, which takes root and namespaces; it has been said then.
    pub(super) fn start() -> Option<Self> {
        let wanted = [
            "/lib/systemd/systemd",
            "/lib/systemd/system/dbus.service",
            "/usr/bin/nsenter",
        ];
        let lacks = wanted.iter().find(|file| !Path::new(file).exists());
        let root = is_root();
        if lacks.is_some() || !root {
            let wanted = wanted.join(", ");
            trial::skipped(&format!("a machine with systemd takes root, {wanted}"));
            return None;
        }
        let folder = tempfile::tempdir().unwrap();
        for name in ["put", "disk"] {
            fs::create_dir(folder.path().join(name)).unwrap();
        }
        put(&folder.path().join("put"));
        let log = fs::File::create(folder.path().join("log")).unwrap();
        let outside = Command::new("/bin/sh")
            .arg(shipped("tests/walk/wire/deploy/machine.sh"))
            .arg(folder.path())
            .stdin(Stdio::null())
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .spawn()
            .unwrap();
        let mut machine = Self {
            outside,
            first: String::new(),
            folder,
        };
        let children = format!("/proc/{0}/task/{0}/children", machine.outside.id());
        let is_up = soon("the machine is up", || {
            if let Some(ended) = machine.outside.try_wait().unwrap() {
                let log = machine.log();
                assert!(!log.contains(MADE), "{ended}: {log}");
                trial::skipped(&format!("no machine with systemd can be made here: {log}"));
                return Some(false);
            }
            let children = fs::read_to_string(&children).unwrap_or_default();
            children
                .split_whitespace()
                .next()?
                .clone_into(&mut machine.first);
            let (code, said) =
                machine.run(&["systemctl", "is-active", "machine.target", "dbus.service"]);
            (code == Some(0) && said == "active\nactive\n").then_some(true)
        });
        is_up.then_some(machine)
    }

    /// Runs a line of a shell there, as root; answers its exit code and what was said.
    pub(super) fn shell(&self, line: &str) -> (Option<i32>, String) {
        self.run(&["/bin/sh", "-e", "-u", "-c", line])
    }

    /// The same, which must succeed.
    pub(super) fn succeeds(&self, line: &str) -> String {
        let (code, said) = self.shell(line);
        assert_eq!(code, Some(0), "{line}: {said}\n{}", self.log());
        said
    }

    /// Runs a program there.
    pub(super) fn run(&self, args: &[&str]) -> (Option<i32>, String) {
        let done = Command::new("nsenter")
            .args(["--target", &self.first, "--all", "--root", "--wd", "--"])
            .args(args)
            .env_clear()
            .env("PATH", PATH)
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let said = [done.stdout, done.stderr].concat();
        (
            done.status.code(),
            String::from_utf8_lossy(&said).into_owned(),
        )
    }

    /// What systemd and the services said.
    fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }
}

impl Drop for Machine {
    fn drop(&mut self) {
        let _ = self.outside.kill();
        let _ = self.outside.wait();
        // Empty as soon as the last of them has ended.
        let group = format!("payphone-machine-{}", self.outside.id());
        let begun = Instant::now();
        loop {
            let mut find = Command::new("find");
            find.args(["/sys/fs/cgroup", "-depth", "-type", "d", "-path"])
                .arg(format!("*/{group}*"));
            let left = find.output();
            if left.is_ok_and(|left| left.stdout.is_empty()) || begun.elapsed() > GONE {
                return;
            }
            find.args(["-exec", "rmdir", "{}", ";"])
                .stderr(Stdio::null());
            let _ = find.stdout(Stdio::null()).status();
        }
    }
}

fn is_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|own| std::os::unix::fs::MetadataExt::uid(&own) == 0)
}

/// Everything in its place, below `root`.
fn put(root: &Path) {
    let install = |from: &Path, to: &str, mode: u32| {
        let to = root.join(to);
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        fs::copy(from, &to).unwrap();
        fs::set_permissions(&to, Permissions::from_mode(mode)).unwrap();
    };
    for unit in fs::read_dir(shipped("deploy/systemd")).unwrap() {
        let unit = unit.unwrap().path();
        if unit.extension().is_some_and(|end| end == "service") {
            let name = unit.file_name().unwrap().to_str().unwrap();
            install(&unit, &format!("etc/systemd/system/{name}"), 0o644);
        }
    }
    install(
        &shipped("deploy/systemd/payphone-run"),
        "usr/local/sbin/payphone-run",
        0o755,
    );
    for proc in SERVICES {
        let name = proc.binary();
        install(&built(proc), &format!("usr/local/bin/{name}"), 0o755);
        install(
            &shipped(&config(proc)),
            &format!("etc/{name}/{name}.toml"),
            0o644,
        );
        let prefix = name.to_uppercase().replace('-', "_");
        let replica = format!(
            "{REPLICA}{prefix}__SHUTDOWN__GRACE_SECONDS=0\n{prefix}__ADMIN__LISTEN=127.0.0.1:18081\n"
        );
        let replica = if proc == Proc::Card {
            replica.replace("18081", "18091")
        } else {
            replica
        };
        fs::write(root.join(format!("etc/{name}/1.env")), replica).unwrap();
        let secrets = root.join(format!("etc/{name}/secrets"));
        fs::create_dir(&secrets).unwrap();
        fs::set_permissions(secrets, Permissions::from_mode(0o700)).unwrap();
    }
    secrets(root);
    fs::create_dir_all(root.join("var/backups")).unwrap();
}

/// The secrets as `deploy/README.md` has them made, and the two public keys exchanged.
fn secrets(root: &Path) {
    let path = |name: &str| root.join("etc").join(name).display().to_string();
    for (name, bytes) in [("session.key", 32), ("client.secret", 16)] {
        let file = path(&format!("payphone/secrets/{name}"));
        fs::write(&file, "0a".repeat(bytes)).unwrap();
        fs::set_permissions(file, Permissions::from_mode(0o600)).unwrap();
    }
    let made = |proc, args: &[&str]| {
        let done = binary(proc).unwrap().args(args).output().unwrap();
        assert!(done.status.success(), "{done:?}");
        done.stdout
    };
    for (proc, other) in [(Proc::Control, Proc::Card), (Proc::Card, Proc::Control)] {
        let key = path(&format!("{}/secrets/peer.key", proc.binary()));
        let jwk = made(proc, &["peer-key", "--key-file", &key]);
        fs::write(path(&format!("{}/peer.jwk", other.binary())), jwk).unwrap();
    }
    let key = path("payphone-card/secrets/wrapping.key");
    made(Proc::Card, &["wrapping-key", "--file", &key]);
}

/// Where a program was built.
fn built(proc: Proc) -> PathBuf {
    let program = binary(proc).unwrap();
    program
        .get_args()
        .last()
        .unwrap_or(program.get_program())
        .into()
}

/// The text of a page, from one heading or sentence to the next of another.
pub(super) fn part(page: &str, from: &str, to: &str) -> String {
    let text = text(page);
    let (_, rest) = text
        .split_once(from)
        .unwrap_or_else(|| panic!("{page} has no `{from}`"));
    let (part, _) = rest
        .split_once(to)
        .unwrap_or_else(|| panic!("{page} has no `{to}`"));
    part.to_owned()
}
