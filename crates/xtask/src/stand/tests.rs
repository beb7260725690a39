//! A stand with shell scripts in the place of the binaries: what is prepared, and what start, kill and stop do.
//! Readiness over HTTP is tested in `http`, and with the real binaries in tests/walk.

use std::fs;
use std::path::Path;

use super::*;

const SERVICE: &str = r#"#!/bin/sh
echo "$0 $*" >> "${0%/*}/calls"
case "$1" in
  peer-key) echo '{"kty":"EC"}' ;;
  all|serve) trap 'echo drained; exit 0' TERM; echo "up $AWS_REGION $EXTRA"; while :; do read -r _ || wait; done ;;
esac
"#;

const BROKEN: &str = "#!/bin/sh\necho 'no such port'\nexit 3\n";

/// Another process writes the script: one of ours, forked by a test beside this one while the file is open for writing,
/// would hold it open, and the system runs no file that somebody writes.
fn script(dir: &Path, name: &str, text: &str) {
    let source = dir.join(format!("{name}.txt"));
    fs::write(&source, text).unwrap();
    let mut install = Command::new("install");
    assert!(
        install
            .args(["-m", "700"])
            .args([source, dir.join(name)])
            .status()
            .unwrap()
            .success()
    );
}

fn stand(dir: &Path) -> Stand {
    let bin = dir.join("bin");
    fs::create_dir_all(&bin).unwrap();
    script(&bin, "payphone", SERVICE);
    script(&bin, "payphone-card", SERVICE);
    script(&bin, "aws-sim", BROKEN);
    let mut options = StandOptions::new(dir.join("data"));
    options.port_base = Places::free_base(options.hosts).unwrap();
    options.bin_dir = Some(bin);
    options.env = vec![(Proc::Control, "EXTRA".into(), "more".into())];
    Stand::prepare(options).unwrap()
}

fn logged(stand: &Stand, proc: Proc, text: &str) -> Option<()> {
    eventually(Duration::from_secs(10), || {
        fs::read_to_string(stand.log(proc))
            .ok()?
            .contains(text)
            .then_some(())
    })
}

#[test]
fn prepare_exchanges_public_keys_and_migrates_both_databases() {
    let dir = tempfile::tempdir().unwrap();
    let stand = stand(dir.path());
    for proc in [Proc::Control, Proc::Card] {
        assert_eq!(
            fs::read_to_string(stand.layout().peer_jwk(proc)).unwrap(),
            "{\"kty\":\"EC\"}\n"
        );
    }
    let calls = fs::read_to_string(dir.path().join("bin/calls")).unwrap();
    for call in [
        "payphone peer-key --key-file",
        "payphone-card wrapping-key --file",
        "payphone migrate --config",
        "payphone-card migrate --config",
    ] {
        assert!(calls.contains(call), "{call} is not in\n{calls}");
    }
}

#[test]
fn a_process_is_started_once_killed_and_started_again() {
    let dir = tempfile::tempdir().unwrap();
    let stand = stand(dir.path());
    stand.start(Proc::Control).unwrap();
    logged(&stand, Proc::Control, "up us-east-1 more").unwrap();
    assert!(stand.start(Proc::Control).is_err());
    let first = stand.pid(Proc::Control).unwrap();
    assert_eq!(
        stand.ready().pids,
        Pids {
            aws_sim: None,
            control: Some(first),
            card: None
        }
    );
    stand.kill9(Proc::Control).unwrap();
    assert_eq!(stand.pid(Proc::Control), None);
    stand.start(Proc::Control).unwrap();
    assert_ne!(stand.pid(Proc::Control).unwrap(), first);
}

#[test]
fn stop_lets_a_process_drain() {
    let dir = tempfile::tempdir().unwrap();
    let stand = stand(dir.path());
    stand.start(Proc::Card).unwrap();
    logged(&stand, Proc::Card, "up").unwrap();
    assert_eq!(stand.stop(Proc::Card).unwrap().unwrap().code(), Some(0));
    logged(&stand, Proc::Card, "drained").unwrap();
    assert_eq!(stand.stop(Proc::Card).unwrap(), None);
}

#[test]
fn a_process_that_ends_before_it_is_ready_is_reported_with_the_end_of_its_log() {
    let dir = tempfile::tempdir().unwrap();
    let stand = stand(dir.path());
    stand.start(Proc::AwsSim).unwrap();
    let complaint = stand
        .wait_ready(Proc::AwsSim, Duration::from_secs(10))
        .unwrap_err()
        .to_string();
    assert!(
        complaint.contains("exit status: 3") && complaint.contains("no such port"),
        "{complaint}"
    );
}

#[test]
fn a_binary_that_is_not_built_is_named_with_its_remedy() {
    let dir = tempfile::tempdir().unwrap();
    let stand = stand(dir.path());
    fs::remove_file(dir.path().join("bin/payphone")).unwrap();
    let complaint = stand.start(Proc::Control).unwrap_err().to_string();
    assert!(complaint.contains("cargo build -p payphone"), "{complaint}");
}

#[test]
fn nothing_outlives_the_stand() {
    let dir = tempfile::tempdir().unwrap();
    let stand = stand(dir.path());
    stand.start(Proc::Control).unwrap();
    let pid = stand.pid(Proc::Control).unwrap().to_string();
    drop(stand);
    let alive = Command::new("/bin/sh")
        .args(["-c", "kill -0 \"$0\" 2>/dev/null", &pid])
        .status()
        .unwrap();
    assert!(!alive.success());
}
