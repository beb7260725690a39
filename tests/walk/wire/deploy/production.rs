//! The shipped configuration has every key and no other, tells the real defaults, and is good once its files are there; and the programs
//! run with it as somebody without rights, on a file system they cannot write to but for their data.

use std::{
    collections::BTreeSet,
    fs::{self, Permissions},
    net::TcpListener,
    os::unix::fs::{PermissionsExt, chown},
    path::{Path, PathBuf},
    process::{Child, Command},
};

use serde_json::Value;
use tempfile::TempDir;
use walk::soon;
use xtask::stand::{Proc, binary, terminate};

use super::text;

const SERVICES: [Proc; 2] = [Proc::Control, Proc::Card];
/// The user of the container images.
const NOBODY: u32 = 65532;

/// The shipped file of a service.
fn config(proc: Proc) -> String {
    format!("deploy/{}.toml", proc.binary())
}

/// A setting that is commented out is written without a space behind the `#`; prose has one.
fn uncommented(text: &str) -> String {
    let line = |line: &str| match line.strip_prefix('#') {
        Some(setting) if setting.starts_with(|c: char| c.is_ascii_lowercase()) => {
            setting.to_owned()
        }
        _ => line.to_owned(),
    };
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}

/// The keys of a TOML text, sections in front.
fn keys(toml: &str) -> BTreeSet<String> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("config.toml");
    fs::write(&file, toml).unwrap();
    let read: Value =
        runtime::config::load(Some(&file), "NOBODY", std::iter::empty()).expect("TOML");
    let mut found = BTreeSet::new();
    collect(&read, "", &mut found);
    found
}

fn collect(value: &Value, path: &str, found: &mut BTreeSet<String>) {
    match value.as_object() {
        Some(table) => {
            for (key, value) in table {
                let dot = if path.is_empty() { "" } else { "." };
                collect(value, &format!("{path}{dot}{key}"), found);
            }
        }
        None => {
            found.insert(path.to_owned());
        }
    }
}

/// A machine on which the shipped file is put: what is secret or belongs to the machine comes by variables.
struct Home {
    proc: Proc,
    folder: TempDir,
    variables: Vec<(String, String)>,
}

impl Home {
    fn new(proc: Proc) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name).display().to_string();
        let prefix = proc.binary().to_uppercase().replace('-', "_");
        let mut variables = vec![
            (
                "DATABASE__URL",
                format!("sqlite://{}", path("data/service.db")),
            ),
            ("PEER__KEY_FILE", path("peer.key")),
            ("PEER__JWK_FILE", path("peer.jwk")),
            ("SHUTDOWN__GRACE_SECONDS", "1".to_owned()),
        ];
        match proc {
            Proc::Card => variables.push(("KEYS__WRAPPING_KEY_FILE", path("wrapping.key"))),
            _ => variables.extend([
                ("SESSION__KEY_FILE", path("session.key")),
                ("IDENTITY__CLIENT_SECRET_FILE", path("client.secret")),
            ]),
        }
        // Held together, so that they are three.
        let ports = [(); 3].map(|()| TcpListener::bind(("127.0.0.1", 0)).unwrap());
        let listeners = ["HTTP__LISTEN", "ADMIN__LISTEN", "INTERNAL__LISTEN"];
        for (key, port) in listeners.into_iter().zip(&ports) {
            variables.push((key, port.local_addr().unwrap().to_string()));
        }
        let variables = variables
            .into_iter()
            .map(|(key, value)| (format!("{prefix}__{key}"), value))
            .collect();
        let home = Self {
            proc,
            folder,
            variables,
        };
        home.fill();
        home
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn fill(&self) {
        let write = |name: &str, text: &[u8]| {
            fs::write(self.path(name), text).unwrap();
            fs::set_permissions(self.path(name), Permissions::from_mode(0o600)).unwrap();
        };
        fs::create_dir(self.path("data")).unwrap();
        write("session.key", "0a".repeat(32).as_bytes());
        write("client.secret", "0b".repeat(16).as_bytes());
        write("shipped.toml", text(&config(self.proc)).as_bytes());
        let key = self.path("peer.key").display().to_string();
        write(
            "peer.jwk",
            self.run(&["peer-key", "--key-file", &key]).as_bytes(),
        );
        if self.proc == Proc::Card {
            let key = self.path("wrapping.key").display().to_string();
            self.run(&["wrapping-key", "--file", &key]);
        }
    }

    fn dress(&self, command: &mut Command) {
        command
            .env_clear()
            .envs(self.variables.iter().map(|(name, value)| (name, value)))
            // Nobody is there: nothing of this may reach a real account.
            .env("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
            .env("AWS_REGION", "us-east-1")
            .env("AWS_ACCESS_KEY_ID", "id")
            .env("AWS_SECRET_ACCESS_KEY", "secret")
            .env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin")
            .arg("--config")
            .arg(self.path("shipped.toml"));
    }

    /// Runs a sub-command, which must succeed; answers what it said.
    fn run(&self, args: &[&str]) -> String {
        let (code, said) = self.ask(args);
        assert_eq!(code, Some(0), "{args:?}: {said}");
        said
    }

    fn ask(&self, args: &[&str]) -> (Option<i32>, String) {
        let mut command = binary(self.proc).unwrap();
        self.dress(&mut command);
        let done = command.args(args).output().unwrap();
        let said = [done.stdout, done.stderr].concat();
        (
            done.status.code(),
            String::from_utf8_lossy(&said).into_owned(),
        )
    }

    /// Starts the service without any right, where only `data` can be written to; needs root, as a container engine does.
    fn start_locked_up(&self, role: &str) -> Child {
        const LOCK_UP: &str = "mount --bind \"$1\" \"$1\" && mount -o remount,bind,ro / && shift && \
            exec setpriv --reuid 65532 --regid 65532 --clear-groups --no-new-privs --bounding-set=-all --inh-caps=-all -- \"$@\"";
        let program = self.path("program");
        let built = binary(self.proc).unwrap();
        let built = built
            .get_args()
            .last()
            .unwrap_or(built.get_program())
            .to_owned();
        fs::copy(built, &program).unwrap();
        give_away(self.folder.path());
        let mut command = Command::new("unshare");
        command
            .args([
                "--mount",
                "--propagation",
                "private",
                "--",
                "/bin/sh",
                "-e",
                "-c",
                LOCK_UP,
                "lock-up",
            ])
            .arg(self.path("data"))
            .arg(program);
        self.dress(&mut command);
        command.arg(role).spawn().unwrap()
    }
}

fn give_away(path: &Path) {
    chown(path, Some(NOBODY), Some(NOBODY)).unwrap();
    for entry in fs::read_dir(path).into_iter().flatten() {
        give_away(&entry.unwrap().path());
    }
}

#[test]
fn the_shipped_configuration_has_every_key_and_no_other_and_tells_the_defaults() {
    for proc in SERVICES {
        let home = Home::new(proc);
        let shipped = text(&config(proc));
        let known: BTreeSet<String> = home
            .run(&["config", "keys"])
            .lines()
            .map(str::to_owned)
            .collect();
        assert_eq!(keys(&uncommented(&shipped)), known, "{}", config(proc));
        assert_eq!(
            home.run(&["config", "check"]).trim(),
            "the configuration is good"
        );

        // What is commented out is what takes effect, but for what is for development alone.
        let as_shipped = home.run(&["config", "print"]);
        fs::write(home.path("shipped.toml"), uncommented(&shipped)).unwrap();
        let all = home.run(&["config", "print"]);
        let more: BTreeSet<String> = keys(&all).difference(&keys(&as_shipped)).cloned().collect();
        let development = ["clock.follow", "clock.offset_file", "operator.token_file"];
        assert!(
            more.iter().all(|key| development.contains(&&**key)),
            "{more:?}"
        );
        // A section that has nothing but those is not printed at all.
        let settings = |text: &str| -> Vec<String> {
            let is_setting = |line: &&str| {
                let key = line.split(" = ").next().unwrap_or_default();
                let for_development = development
                    .iter()
                    .any(|name| name.ends_with(&format!(".{key}")));
                line.contains(" = ") && !for_development
            };
            text.lines().filter(is_setting).map(str::to_owned).collect()
        };
        assert_eq!(settings(&all), settings(&as_shipped));
    }
}

/// Each setting has its words above it, and none of them is a secret.
#[test]
fn every_key_is_explained_and_no_secret_is_in_the_file() {
    for proc in SERVICES {
        let file = text(&config(proc));
        let mut before = "";
        for line in file.lines() {
            let setting = line.strip_prefix('#').unwrap_or(line);
            if setting.starts_with(|c: char| c.is_ascii_lowercase()) {
                assert!(before.starts_with("# "), "nothing explains `{line}`");
                let value = setting.split_once(" = ").expect("a setting").1;
                assert!(!value.contains("://") || !value.contains(":@"), "{line}");
            }
            before = line;
        }
    }
}

/// Health is asked by the program's own sub-command, as a container and systemd ask it.
#[test]
fn the_programs_run_without_rights_on_a_file_system_that_is_read_only_but_for_their_data() {
    let is_root =
        fs::metadata("/proc/self").is_ok_and(|own| std::os::unix::fs::MetadataExt::uid(&own) == 0);
    if !is_root
        || Command::new("unshare")
            .args(["--mount", "true"])
            .status()
            .is_ok_and(|done| !done.success())
    {
        println!("skipped: file systems can be made read-only by root alone");
        return;
    }
    for (proc, role) in [(Proc::Control, "all"), (Proc::Card, "serve")] {
        let home = Home::new(proc);
        let (code, said) = home.ask(&["health"]);
        assert!(
            code == Some(1) && said.contains("nobody answers"),
            "{code:?} {said}"
        );
        home.run(&["migrate"]);
        let mut before = listing(home.folder.path());
        before.retain(|file| !file.starts_with(home.path("data")));
        before.insert(home.path("program"));
        let mut child = home.start_locked_up(role);
        let said = home.run(&["health", "--wait", "60"]);
        assert_eq!(said.trim(), "ready");
        assert_eq!(home.run(&["health", "--live"]).trim(), "alive");
        terminate(&child).unwrap();
        // not ready first, and alive for the grace.
        soon("it says that it leaves", || {
            let (code, said) = home.ask(&["health"]);
            (code == Some(1) && said.contains("lifecycle: stopping")).then_some(())
        });
        let status = child.wait().unwrap();
        assert_eq!(status.code(), Some(0), "{status}");
        let mut after = listing(home.folder.path());
        after.retain(|file| !file.starts_with(home.path("data")));
        assert_eq!(after, before, "it writes nothing but its data");
    }
}

fn listing(folder: &Path) -> BTreeSet<PathBuf> {
    let mut found = BTreeSet::new();
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(listing(&path));
        } else {
            found.insert(path);
        }
    }
    found
}
