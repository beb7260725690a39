//! A throw-away PostgreSQL cluster from the installed programs, as an unprivileged user, on a socket of its own and no port.
//! However the process ends, the cluster ends with it: a watcher waits for the end of a pipe that only we hold.

use std::{
    fs,
    io::Write,
    os::unix::{
        fs::{chown, symlink},
        process::CommandExt,
    },
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

/// What makes a cluster of tests fast: nothing in it outlives a power cut, and nothing has to.
const CARELESS: &str = "fsync = off\nsynchronous_commit = off\nfull_page_writes = off\n";
/// What every cluster here has.
const COMMON: &str = "listen_addresses = ''\nmax_connections = 200\nshared_buffers = 64MB\n";
/// What those have that nobody follows.
const ALONE: &str = "wal_level = minimal\nmax_wal_senders = 0\n";

/// A running cluster with the roles and the two empty databases of `deploy/postgres/roles.sql`.
#[derive(Debug)]
pub struct Cluster {
    folder: PathBuf,
    programs: PathBuf,
    user: Option<(u32, u32)>,
    watcher: Child,
}

impl Cluster {
    /// Makes one and starts it. Durable ones write as production does, for tests that end them hard.
    pub fn start(durable: bool) -> Self {
        Self::place(programs(), unprivileged()).made(durable, &[])
    }

    /// A durable one whose tables are on a small disk, and whose log, which it cannot do without, is not.
    pub fn on_disk(disk: &Path) -> Self {
        let cluster = Self::place(programs(), unprivileged());
        let data = disk.join("data");
        fs::create_dir(&data).expect("a folder on the disk");
        if let Some((uid, gid)) = cluster.user {
            chown(&data, Some(uid), Some(gid)).expect("the folder is given away");
        }
        symlink(&data, cluster.data()).expect("a link");
        let log = cluster.folder.join("wal").display().to_string();
        cluster.made(true, &["-X", &log])
    }

    fn made(self, durable: bool, where_to: &[&str]) -> Self {
        let cluster = self;
        cluster.run_with(
            "initdb",
            where_to,
            &[
                "-U",
                "postgres",
                "--auth=trust",
                "-E",
                "UTF8",
                "--locale=C",
                "--no-sync",
                "-D",
            ],
        );
        let more = if durable {
            String::new()
        } else {
            format!("{ALONE}{CARELESS}")
        };
        cluster.settings(&format!("{COMMON}{more}"));
        cluster.up();
        cluster.roles();
        cluster
    }

    /// A folder for one, which goes with its watcher.
    fn place(programs: PathBuf, user: Option<(u32, u32)>) -> Self {
        let folder = tempfile::Builder::new()
            .prefix("payphone-pg-")
            .tempdir()
            .expect("a temporary folder")
            .keep();
        if let Some((uid, gid)) = user {
            chown(&folder, Some(uid), Some(gid)).expect("the folder is given away");
        }
        let watcher = watched(&folder, &programs, user);
        Self {
            folder,
            programs,
            user,
            watcher,
        }
    }

    /// A server that follows this durable one and takes its place when it is promoted; commits wait for it.
    #[must_use]
    pub fn standby(&self) -> Self {
        let standby = Self::place(self.programs.clone(), self.user);
        let from = self.sockets().display().to_string();
        standby.run(
            "pg_basebackup",
            &["-h", &from, "-U", "postgres", "-c", "fast", "-R", "-D"],
        );
        standby.settings("");
        standby.up();
        self.ask(
            "postgres",
            "ALTER SYSTEM SET synchronous_standby_names = '*'",
        );
        self.ask("postgres", "SELECT pg_reload_conf()");
        standby
    }

    /// Makes a standby the one that takes changes.
    pub fn promote(&self) {
        self.ask("postgres", "ALTER SYSTEM RESET synchronous_standby_names");
        self.run("pg_ctl", &["promote", "-w", "-s", "-D"]);
    }

    /// Adds to what it is set to; the last word counts.
    fn settings(&self, text: &str) {
        let sockets = self.sockets().display();
        let settings = format!("{text}unix_socket_directories = '{sockets}'\n");
        fs::OpenOptions::new()
            .append(true)
            .open(self.data().join("postgresql.conf"))
            .and_then(|mut file| file.write_all(settings.as_bytes()))
            .expect("the settings are written");
    }

    /// Starts it again.
    pub fn up(&self) {
        let log = self.folder.join("log").display().to_string();
        self.run("pg_ctl", &["start", "-w", "-s", "-l", &log, "-D"]);
    }

    /// Ends it at once, as a power cut would end its processes: no checkpoint, no goodbye.
    pub fn stop_hard(&self) {
        self.run("pg_ctl", &["stop", "-w", "-s", "-m", "immediate", "-D"]);
    }

    /// The address of a database, for who logs in as this role.
    pub fn url(&self, role: &str, database: &str) -> String {
        url(role, database, self.sockets())
    }

    /// The folder of its socket.
    pub fn sockets(&self) -> &Path {
        &self.folder
    }

    /// What a query answers, as its superuser: one line a row.
    pub fn ask(&self, database: &str, sql: &str) -> String {
        let mut psql = self.command("psql");
        psql.args([
            "-X",
            "-q",
            "-A",
            "-t",
            "-v",
            "ON_ERROR_STOP=1",
            "-c",
            sql,
            "-d",
        ]);
        answer_of(psql.arg(self.url("postgres", database)))
    }

    /// Runs a line of a shell, as an operator would, with PostgreSQL's programs on its path and these variables.
    pub fn shell(&self, line: &str, variables: &[(&str, &str)]) -> String {
        let mut shell = command(Path::new("/bin/sh"), &self.folder, self.user);
        let path = format!("{}:/usr/bin:/bin", self.programs.display());
        shell.args(["-e", "-u", "-c", line]).env("PATH", path);
        answer_of(shell.envs(variables.iter().copied()))
    }

    /// Where its files are, and there is room for others of its user.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Where its data is.
    pub fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    /// The file that is shipped, as somebody who may make roles.
    fn roles(&self) {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../deploy/postgres/roles.sql");
        let text = fs::read_to_string(file).expect("roles.sql");
        let mut psql = self.command("psql");
        for role in ["owner", "login", "card_owner", "card_login"] {
            psql.env(format!("{}_PASSWORD", role.to_uppercase()), "unused");
        }
        let mut child = psql
            .args(["-X", "-q", "-v", "ON_ERROR_STOP=1", "-d"])
            .arg(self.url("postgres", "postgres"))
            .stdin(Stdio::piped())
            .spawn()
            .expect("psql starts");
        let mut stdin = child.stdin.take().expect("its input");
        stdin
            .write_all(text.as_bytes())
            .expect("the roles are told");
        drop(stdin);
        assert!(child.wait().expect("psql ends").success(), "roles.sql");
    }

    /// Runs one of PostgreSQL's programs on the data folder, which comes last.
    fn run(&self, program: &str, arguments: &[&str]) {
        self.run_with(program, &[], arguments);
    }

    fn run_with(&self, program: &str, first: &[&str], arguments: &[&str]) {
        let mut command = self.command(program);
        let command = command.args(first).args(arguments);
        let done = command.arg(self.data()).output();
        let done = done.expect("the program starts");
        let said = String::from_utf8_lossy(&done.stderr);
        assert!(done.status.success(), "{program}: {said}");
    }

    fn command(&self, program: &str) -> Command {
        command(&self.programs.join(program), &self.folder, self.user)
    }
}

/// The address of a database behind the socket in that folder, for who logs in as this role.
pub fn url(role: &str, database: &str, sockets: &Path) -> String {
    let folder = sockets.display();
    format!("postgres://{role}@localhost/{database}?host={folder}")
}

impl Drop for Cluster {
    fn drop(&mut self) {
        drop(self.watcher.stdin.take());
        // It has ended the cluster then, or could not, and there is nobody to tell.
        let _ = self.watcher.wait();
    }
}

fn answer_of(command: &mut Command) -> String {
    let done = command.stdout(Stdio::piped()).output();
    let done = done.expect("the program starts");
    let said = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success(), "{command:?}: {said}");
    String::from_utf8_lossy(&done.stdout).trim().to_owned()
}

fn command(program: &Path, folder: &Path, user: Option<(u32, u32)>) -> Command {
    let mut command = Command::new(program);
    command
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::null());
    if let Some((uid, gid)) = user {
        command.uid(uid).gid(gid);
    }
    command
}

/// Ends the cluster and takes its folder away once nobody holds the pipe any more.
fn watched(folder: &Path, programs: &Path, user: Option<(u32, u32)>) -> Child {
    const WATCH: &str = "read -r _; \"$1\" stop -m immediate -D \"$2/data\"; rm -rf \"$2\"";
    command(Path::new("/bin/sh"), Path::new("/"), user)
        .args(["-c", WATCH, "watcher"])
        .arg(programs.join("pg_ctl"))
        .arg(folder)
        .stdin(Stdio::piped())
        .stderr(Stdio::null())
        // Ctrl-C in a terminal is for us; the watcher follows.
        .process_group(0)
        .spawn()
        .expect("a watcher")
}

/// Where the newest installed PostgreSQL has its programs; Debian keeps them off the path.
fn programs() -> PathBuf {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten();
    let newest = versions
        .flatten()
        .filter_map(|entry| {
            let version: u32 = entry.file_name().to_str()?.parse().ok()?;
            Some((version, entry.path().join("bin")))
        })
        .max();
    newest.map_or_else(PathBuf::new, |(_, path)| path)
}

/// PostgreSQL will not run as root: then its own user does, or nobody.
fn unprivileged() -> Option<(u32, u32)> {
    let own = fs::metadata("/proc/self").expect("a process");
    if std::os::unix::fs::MetadataExt::uid(&own) != 0 {
        return None;
    }
    let users = fs::read_to_string("/etc/passwd").expect("users");
    let ids = |name: &str| {
        let line = users
            .lines()
            .find(|line| line.starts_with(&format!("{name}:")))?;
        let mut fields = line.split(':').skip(2);
        Some((fields.next()?.parse().ok()?, fields.next()?.parse().ok()?))
    };
    Some(ids("postgres").or_else(|| ids("nobody")).expect("a user"))
}
