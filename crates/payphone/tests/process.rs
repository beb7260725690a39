//! The program as a process: what it refuses to start with, which ports it takes, and how it ends when asked to.
#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "helpers of tests: whatever is not as it should be ends the test"
)]

use std::{
    fs::{self, Permissions},
    io::ErrorKind,
    net::{TcpListener, TcpStream},
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Child, Command, Output},
    time::{Duration, Instant},
};

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

/// A home with a configuration that is good, on these ports and with a clock that never answers.
struct Home {
    folder: TempDir,
    taken: TcpListener,
    clock: TcpListener,
}

impl Home {
    fn new() -> Self {
        let bind = || TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
        let home = Self {
            folder: tempfile::tempdir().expect("a temporary folder"),
            taken: bind(),
            clock: bind(),
        };
        let port = |listener: &TcpListener| listener.local_addr().expect("an address").port();
        let config = format!(
            r#"
environment = "development"
http.listen = "127.0.0.1:{taken}"
internal.listen = "127.0.0.2:{taken}"
admin.listen = "127.0.0.3:0"
identity = {{ public_url = "http://127.0.0.1:8080", issuer = "http://127.0.0.1:9/us-east-1_Pool", login_url = "http://127.0.0.1:9", client_id = "console", client_secret_file = "{folder}/client.secret" }}
mail.from = "no-reply@payphone.example"
database.url = "sqlite://{folder}/payphone.db"
marketplace.product_codes = ["one"]
events.queue_url = "http://127.0.0.1:9/queue"
peer = {{ url = "http://127.0.0.1:9", key_file = "{folder}/peer.pem", jwk_file = "{folder}/peer.jwk" }}
clock = {{ follow = "http://127.0.0.1:{clock}/", offset_file = "{folder}/offset" }}
session.key_file = "{folder}/session.key"
operator.token_file = "{folder}/operator.token"
"#,
            taken = port(&home.taken),
            clock = port(&home.clock),
            folder = home.folder.path().display(),
        );
        home.write("payphone.toml", &config, 0o600);
        home.write("session.key", &"0a".repeat(32), 0o600);
        home.write("operator.token", "a-token", 0o600);
        home.write("client.secret", &"0b".repeat(16), 0o600);
        let key = home.path("other.pem");
        let key = key.to_str().expect("a path in Unicode");
        let jwk = home.run(&["peer-key", "--key-file", key]);
        home.write("peer.jwk", &String::from_utf8_lossy(&jwk.stdout), 0o600);
        home
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: &str, mode: u32) {
        let path = self.path(name);
        fs::write(&path, text).expect("the file is written");
        fs::set_permissions(&path, Permissions::from_mode(mode)).expect("its mode is set");
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(Path::new(env!("CARGO_BIN_EXE_payphone")));
        command
            .env_clear()
            .env("AWS_REGION", "us-east-1")
            .env("AWS_ACCESS_KEY_ID", "id")
            .env("AWS_SECRET_ACCESS_KEY", "secret")
            .arg("--config")
            .arg(self.path("payphone.toml"))
            .args(arguments);
        command
    }

    fn run(&self, arguments: &[&str]) -> Output {
        let output = self.command(arguments).output();
        output.expect("the program runs")
    }

    /// The faults, which `config check` and a start tell alike.
    fn faults(&self) -> String {
        let [check, start] = [&["config", "check"][..], &["all"]].map(|arguments| {
            let output = self.run(arguments);
            let text = String::from_utf8_lossy(&output.stderr).into_owned();
            assert_eq!(output.status.code(), Some(2), "{arguments:?}: {text}");
            text
        });
        assert_eq!(check, start);
        check
    }

    /// Waits until the program asks the clock.
    fn asked(&self, child: &mut Child) -> TcpStream {
        self.clock.set_nonblocking(true).expect("it does not block");
        loop {
            match self.clock.accept() {
                Ok((stream, _)) => return stream,
                Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                Err(error) => panic!("{error}"),
            }
            let ended = child.try_wait().expect("it can be looked at");
            assert!(ended.is_none(), "it ended early: {ended:?}");
            std::thread::yield_now();
        }
    }
}

#[test]
fn weak_secrets_are_refused_with_the_remedy() {
    let home = Home::new();
    assert_eq!(home.run(&["config", "check"]).status.code(), Some(0));
    let good = "0a".repeat(32);
    for (text, mode) in [
        (&*good, 0o640),
        (&*good, 0o604),
        (&good[2..], 0o600),
        ("", 0o600),
    ] {
        home.write("session.key", text, mode);
        let faults = home.faults();
        assert!(faults.contains("session.key_file"), "{faults}");
        assert!(faults.contains("openssl rand -hex 32 > "), "{faults}");
        assert!(!faults.contains(&good[2..]), "{faults}");
    }
    fs::remove_file(home.path("session.key")).expect("it is removed");
    for token in ["", " \n"] {
        home.write("operator.token", token, 0o600);
        let faults = home.faults();
        assert!(faults.contains("session.key_file"), "{faults}");
        assert!(faults.contains("operator.token_file is empty"), "{faults}");
    }
}

/// The public and the internal port are somebody else's here; what only works has no use for them.
#[test]
fn work_takes_no_port_it_does_not_serve_and_ends_cleanly_while_it_waits_for_the_clock() {
    let home = Home::new();
    assert_eq!(home.run(&["migrate"]).status.code(), Some(0));
    assert_eq!(home.run(&["serve"]).status.code(), Some(1));
    let mut child = home.command(&["work"]).spawn().expect("it starts");
    let _asking = home.asked(&mut child);
    let asked_to_stop = Instant::now();
    kill_process(Pid::from_child(&child), Signal::TERM).expect("the signal is sent");
    let status = child.wait().expect("it ends");
    assert_eq!(status.code(), Some(0), "{status}");
    assert!(asked_to_stop.elapsed() < Duration::from_secs(5));
}

/// A variable that sets nothing is a mistake, and says so before anything starts.
#[test]
fn a_mistyped_variable_is_refused_and_the_right_one_named() {
    let home = Home::new();
    for (name, meant) in [
        ("PAYPHONE_DATABASE__URL", "PAYPHONE__DATABASE__URL"),
        ("PAYPHONE_DATABASE_URL", "PAYPHONE__DATABASE__URL"),
        ("PAYPHONE__DATABSE__URL", "PAYPHONE__DATABASE__URL"),
    ] {
        for arguments in [&["config", "check"][..], &["all"], &["migrate"]] {
            let mut command = home.command(arguments);
            let output = command.env(name, "sqlite://elsewhere.db").output();
            let output = output.expect("the program runs");
            let said = String::from_utf8_lossy(&output.stderr);
            assert_eq!(output.status.code(), Some(2), "{name}: {said}");
            let expected = format!("the variable {name} sets nothing: is {meant} meant?");
            assert!(said.contains(&expected), "{said}");
        }
    }
    let mut command = home.command(&["config", "check"]);
    command.env("PAYPHONE_CARD__KEYS__BITS", "3072");
    command.env("PAYPHONE_API_KEY", "ppk_test_example");
    let output = command.output().expect("the program runs");
    assert_eq!(
        output.status.code(),
        Some(0),
        "others' variables are theirs"
    );
}

#[test]
fn health_says_that_nobody_answers_and_where_it_cannot_ask() {
    let home = Home::new();
    let said = |arguments: &[&str]| {
        let output = home.run(arguments);
        assert_eq!(output.status.code(), Some(1), "{arguments:?}");
        String::from_utf8_lossy(&output.stderr).into_owned()
    };
    assert!(said(&["health"]).contains("port 0"));
    let free = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
    let address = free.local_addr().expect("an address").to_string();
    drop(free);
    let mut command = home.command(&["health", "--live"]);
    let output = command.env("PAYPHONE__ADMIN__LISTEN", &address).output();
    let output = output.expect("the program runs");
    let said = String::from_utf8_lossy(&output.stderr);
    let expected = format!("nobody answers at {address}");
    assert!(
        output.status.code() == Some(1) && said.contains(&expected),
        "{said}"
    );
}
