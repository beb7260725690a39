//! A machine on which the shipped configuration of one service is put; what is secret or belongs to the machine comes by variables.
//! The service runs there in production's own mode, and reaches nobody outside.

use std::{
    fs::{self, Permissions},
    net::TcpListener,
    os::unix::fs::{PermissionsExt, chown},
    path::{Path, PathBuf},
    process::{Child, Command},
};

use tempfile::TempDir;
use xtask::stand::{Proc, binary};

use super::text;

pub(super) const SERVICES: [Proc; 2] = [Proc::Control, Proc::Card];
/// The user of the container images.
const NOBODY: u32 = 65532;

/// The shipped file of a service.
pub(super) fn config(proc: Proc) -> String {
    format!("deploy/{}.toml", proc.binary())
}

/// The machine.
pub(super) struct Home {
    proc: Proc,
    folder: TempDir,
    variables: Vec<(String, String)>,
}

impl Home {
    /// With every file that the configuration names.
    pub(super) fn new(proc: Proc) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name).display().to_string();
        let prefix = prefix(proc);
        let mut variables = vec![
            (
                "DATABASE__URL",
                format!("sqlite://{}", path("data/service.db")),
            ),
            ("PEER__KEY_FILE", path("peer.key")),
            ("PEER__JWK_FILE", path("peer.jwk")),
            // As long as may be: nobody waits for it but who looks what happens meanwhile.
            ("SHUTDOWN__GRACE_SECONDS", "15".to_owned()),
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

    /// Sets a key of the configuration, by the end of its variable.
    pub(super) fn set(&mut self, key: &str, value: String) {
        self.unset(key);
        let name = format!("{}__{key}", prefix(self.proc));
        self.variables.push((name, value));
    }

    /// Leaves a key to the shipped file.
    pub(super) fn unset(&mut self, key: &str) {
        let name = format!("{}__{key}", prefix(self.proc));
        self.variables.retain(|(known, _)| *known != name);
    }

    /// A file of it.
    pub(super) fn path(&self, name: &str) -> PathBuf {
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
    pub(super) fn run(&self, args: &[&str]) -> String {
        let (code, said) = self.ask(args);
        assert_eq!(code, Some(0), "{args:?}: {said}");
        said
    }

    /// The same, whatever comes of it.
    pub(super) fn ask(&self, args: &[&str]) -> (Option<i32>, String) {
        let mut command = binary(self.proc).unwrap();
        self.dress(&mut command);
        let done = command.args(args).output().unwrap();
        let said = [done.stdout, done.stderr].concat();
        (
            done.status.code(),
            String::from_utf8_lossy(&said).into_owned(),
        )
    }

    /// Starts the service.
    pub(super) fn start(&self, role: &str) -> Child {
        let mut command = binary(self.proc).unwrap();
        self.dress(&mut command);
        command.arg(role).spawn().unwrap()
    }

    /// Starts the service without any right, where only `data` can be written to; needs root, as a container engine does.
    pub(super) fn start_locked_up(&self, role: &str) -> Child {
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

fn prefix(proc: Proc) -> String {
    proc.binary().to_uppercase().replace('-', "_")
}

fn give_away(path: &Path) {
    chown(path, Some(NOBODY), Some(NOBODY)).unwrap();
    for entry in fs::read_dir(path).into_iter().flatten() {
        give_away(&entry.unwrap().path());
    }
}
