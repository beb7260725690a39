//! What lies where in a data directory, and the two configuration files.
//! Each service has a directory of its own, as it would have a machine of its own; only public keys lie in the other's.

use std::fs::{File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::files::{private_dir, secret, url_path, write_atomic};
use super::{
    CLIENT_ID, KMS_KEY_ARN, MAIL_FROM, PRODUCT_CODE, Places, Proc, QUEUE, USER_POOL, spawn,
};

/// Tells a data directory of ours from any other directory.
const MARKER: &str = ".payphone-data";

/// Request limits for tests, in which many people share one address and look again every few milliseconds.
const CROWD: &str = r"
[limits]
sign_in_per_minute = 100000
register_per_minute = 100000
welcome_per_minute = 100000
invitation_per_minute = 100000
stranger_per_minute = 100000
api_per_minute = 100000
console_per_minute = 100000
";

/// The paths of one data directory.
#[derive(Clone, Debug)]
pub struct Layout {
    root: PathBuf,
}

impl Layout {
    pub(super) fn make(data: &Path, fresh: bool) -> io::Result<Self> {
        let root = std::path::absolute(data)?;
        if fresh {
            spawn::empty(&root, MARKER)?;
        }
        for dir in ["", "control", "card", "aws-sim", "logs"] {
            private_dir(&root.join(dir))?;
        }
        File::create(root.join(MARKER))?;
        Ok(Self { root })
    }

    pub(super) fn lock(&self) -> io::Result<File> {
        let file = File::create(self.root.join("lock"))?;
        match file.try_lock() {
            Ok(()) => Ok(file),
            Err(TryLockError::Error(error)) => Err(error),
            Err(TryLockError::WouldBlock) => {
                let message = format!(
                    "{} is in use by another run; stop it, or choose another `--data`",
                    self.root.display()
                );
                Err(io::Error::new(io::ErrorKind::WouldBlock, message))
            }
        }
    }

    /// The data directory itself.
    pub fn root(&self) -> &Path {
        &self.root
    }

    fn home(&self, proc: Proc) -> PathBuf {
        self.root.join(match proc {
            Proc::AwsSim => "aws-sim",
            Proc::Card => "card",
            Proc::Control => "control",
        })
    }

    /// The configuration file of a service.
    pub fn config(&self, proc: Proc) -> PathBuf {
        self.root.join(format!("{}.toml", proc.binary()))
    }

    /// The log of a process.
    pub fn log(&self, proc: Proc) -> PathBuf {
        self.root
            .join("logs")
            .join(format!("{}.log", proc.binary()))
    }

    /// The SQLite file of a service.
    pub fn database(&self, proc: Proc) -> PathBuf {
        self.home(proc).join(format!("{}.db", proc.binary()))
    }

    /// The private key with which a service signs its calls to the other.
    pub fn peer_key(&self, proc: Proc) -> PathBuf {
        self.home(proc).join("peer.key")
    }

    /// The other's public key, in the directory of the service that trusts it.
    pub fn peer_jwk(&self, proc: Proc) -> PathBuf {
        self.home(proc).join("peer.jwk")
    }

    /// The card plane's local key-encryption key.
    pub fn wrapping_key(&self) -> PathBuf {
        self.home(Proc::Card).join("wrapping.key")
    }

    /// The key of the console's session cookies.
    pub fn session_key(&self) -> PathBuf {
        self.home(Proc::Control).join("session.key")
    }

    /// The bearer token of the vendor's operator.
    pub fn operator_token(&self) -> PathBuf {
        self.home(Proc::Control).join("operator.token")
    }

    /// The secret of the console's app client in the user pool; the stand-in reads it too.
    pub fn client_secret(&self) -> PathBuf {
        self.home(Proc::Control).join("client.secret")
    }

    /// The state of the AWS stand-in.
    pub fn aws_sim_state(&self) -> PathBuf {
        self.home(Proc::AwsSim).join("state.json")
    }

    /// The password of a role of PostgreSQL, or the mark of our databases there.
    pub(super) fn postgres(&self, what: &str) -> PathBuf {
        self.root.join("postgres").join(what)
    }

    /// Makes the secrets that no binary makes by itself; answers the operator's token.
    pub(super) fn secrets(&self) -> io::Result<String> {
        secret(&self.session_key())?;
        secret(&self.client_secret())?;
        secret(&self.operator_token())
    }

    pub(super) fn write_config(
        &self,
        places: Places,
        key_bits: u32,
        key_pool: u32,
        crowd: bool,
    ) -> io::Result<()> {
        let mut control = self.control_toml(places);
        if crowd {
            control.push_str(CROWD);
        }
        write_atomic(&self.config(Proc::Control), control.as_bytes())?;
        write_atomic(
            &self.config(Proc::Card),
            self.card_toml(places, key_bits, key_pool).as_bytes(),
        )
    }

    /// The card plane's wrapping key becomes the stand-in's KMS key; the file, if it is there, is known as the one before.
    ///
    /// # Errors
    /// If the configuration cannot be written.
    pub fn wrap_by_kms(&self) -> io::Result<()> {
        let path = self.config(Proc::Card);
        let file = quoted_path(&self.wrapping_key());
        let text = std::fs::read_to_string(&path)?.replace(
            &format!("wrapping_key_file = {file}"),
            &format!("kms_key_arn = \"{KMS_KEY_ARN}\"\nprevious = [{file}]"),
        );
        write_atomic(&path, text.as_bytes())
    }

    /// What both services are told in the same words.
    fn common_toml(&self, proc: Proc, peer: Proc, places: Places) -> String {
        format!(
            r#"# Written by `cargo xtask dev` at every start: changes made here are lost.
environment = "development"

[http]
listen = "{public}"

[admin]
listen = "{admin}"

[internal]
listen = "{internal}"

[database]
url = {database}

[peer]
url = "http://{peer}"
key_file = {key}
jwk_file = {jwk}

[shutdown]
grace_seconds = 0

[clock]
follow = "{sim}/_sim/v1/clock"
offset_file = {offset}
"#,
            public = places.public(proc),
            admin = places.admin(proc),
            internal = places.internal(proc),
            database = quoted(&format!("sqlite://{}", url_path(&self.database(proc)))),
            peer = places.internal(peer),
            key = quoted_path(&self.peer_key(proc)),
            jwk = quoted_path(&self.peer_jwk(proc)),
            sim = places.url(Proc::AwsSim),
            offset = quoted_path(&self.home(proc).join("clock-offset")),
        )
    }

    fn control_toml(&self, places: Places) -> String {
        let common = self.common_toml(Proc::Control, Proc::Card, places);
        format!(
            r#"{common}
[identity]
public_url = "{public}"
issuer = "{sim}/{USER_POOL}"
login_url = "{login}"
client_id = "{CLIENT_ID}"
client_secret_file = {client_secret}

[mail]
from = "{MAIL_FROM}"

[marketplace]
product_codes = ["{PRODUCT_CODE}"]

# As the storefront of aws-sim lists them.
[marketplace.prices]
payments = "0.10"
captures = "0.04"

[events]
queue_url = "{sim}/000000000000/{QUEUE}"

[session]
key_file = {session}

[operator]
token_file = {operator}
"#,
            public = places.browser_url(Proc::Control),
            sim = places.url(Proc::AwsSim),
            login = places.browser_url(Proc::AwsSim),
            client_secret = quoted_path(&self.client_secret()),
            session = quoted_path(&self.session_key()),
            operator = quoted_path(&self.operator_token()),
        )
    }

    fn card_toml(&self, places: Places, key_bits: u32, key_pool: u32) -> String {
        let common = self.common_toml(Proc::Card, Proc::Control, places);
        format!(
            r"{common}
[keys]
bits = {key_bits}
pool_size = {key_pool}
wrapping_key_file = {wrapping}
",
            wrapping = quoted_path(&self.wrapping_key()),
        )
    }
}

/// A TOML basic string: JSON's escapes are a subset of TOML's.
fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

fn quoted_path(path: &Path) -> String {
    quoted(&path.to_string_lossy())
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt;

    use super::super::HostMode;
    use super::*;

    fn layout(dir: &Path) -> (Layout, Places) {
        let layout = Layout::make(&dir.join("da\"ta"), false).unwrap();
        (layout, Places::new(HostMode::Distinct, 8070).unwrap())
    }

    #[test]
    fn the_control_planes_file_has_the_agreed_keys() {
        let dir = tempfile::tempdir().unwrap();
        let (layout, places) = layout(dir.path());
        layout.write_config(places, 4096, 2, false).unwrap();
        let file = layout.config(Proc::Control);
        let text = fs::read_to_string(&file).unwrap();
        for line in [
            "environment = \"development\"",
            "[http]\nlisten = \"127.0.0.1:8080\"",
            "[admin]\nlisten = \"127.0.0.1:8081\"",
            "[internal]\nlisten = \"127.0.0.1:8082\"",
            "[identity]\npublic_url = \"http://127.0.0.1:8080\"\nissuer = \"http://127.0.0.3:8070/us-east-1_PayphoneD\"\nlogin_url = \"http://127.0.0.3:8070\"",
            "client_secret_file = ",
            "[mail]\nfrom = \"no-reply@payphone.example\"",
            "[marketplace]\nproduct_codes = [\"payphone-demo\"]",
            "queue_url = \"http://127.0.0.3:8070/000000000000/payphone-events\"",
            "[peer]\nurl = \"http://127.0.0.2:8092\"",
            "follow = \"http://127.0.0.3:8070/_sim/v1/clock\"",
            "[session]\nkey_file = ",
            "[operator]\ntoken_file = ",
            "[database]\nurl = \"sqlite:///",
        ] {
            assert!(text.contains(line), "{line} is not in\n{text}");
        }
        assert!(!text.contains("[limits]"), "dev keeps the product's own");
        assert_eq!(
            fs::metadata(&file).unwrap().permissions().mode() & 0o777,
            0o600
        );
    }

    #[test]
    fn the_card_planes_file_has_keys_and_nothing_of_the_control_plane() {
        let dir = tempfile::tempdir().unwrap();
        let (layout, places) = layout(dir.path());
        let text = layout.card_toml(places, 2048, 1);
        assert!(
            text.contains("[keys]\nbits = 2048\npool_size = 1\nwrapping_key_file = "),
            "{text}"
        );
        assert!(
            text.contains("[peer]\nurl = \"http://127.0.0.1:8082\""),
            "{text}"
        );
        assert!(
            !text.contains("[operator]") && !text.contains("[session]"),
            "{text}"
        );
    }

    #[test]
    fn a_quote_in_a_path_stays_inside_its_string() {
        let dir = tempfile::tempdir().unwrap();
        let (layout, places) = layout(dir.path());
        assert!(
            layout
                .control_toml(places)
                .contains(r#"da\"ta/control/peer.key""#)
        );
    }

    #[test]
    fn a_crowd_is_let_through_where_it_is_asked_for() {
        let dir = tempfile::tempdir().unwrap();
        let (layout, places) = layout(dir.path());
        layout.write_config(places, 2048, 1, true).unwrap();
        let text = fs::read_to_string(layout.config(Proc::Control)).unwrap();
        assert!(text.ends_with(CROWD), "{text}");
    }

    #[test]
    fn one_data_directory_serves_one_run() {
        let dir = tempfile::tempdir().unwrap();
        let (layout, _) = layout(dir.path());
        let _held = layout.lock().unwrap();
        assert_eq!(layout.lock().unwrap_err().kind(), io::ErrorKind::WouldBlock);
    }
}
