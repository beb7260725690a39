//! The systemd units, judged by systemd itself where it is installed: they are understood, name programs and sub-commands that exist, and
//! leave a service little to do harm with.

use std::{fs, process::Command};

use testkit::trial;
use xtask::stand::{Proc, binary};

use super::{shipped, text};

const UNITS: [&str; 4] = [
    "payphone@.service",
    "payphone-card@.service",
    "payphone-migrate.service",
    "payphone-card-migrate.service",
];

/// systemd's figure for exposure, from 0 (locked up) to 100.
const EXPOSURE: &str = "15";

fn unit(name: &str) -> String {
    text(&format!("deploy/systemd/{name}"))
}

#[test]
fn systemd_understands_the_units_and_finds_them_locked_up() {
    let mut found: Vec<String> = fs::read_dir(shipped("deploy/systemd"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    found.sort_unstable();
    let mut known = UNITS.map(str::to_owned).to_vec();
    known.extend(["kms.conf", "payphone-run"].map(str::to_owned));
    known.sort_unstable();
    assert_eq!(found, known);
    let analyze = |args: &[&str]| Command::new("systemd-analyze").args(args).output();
    if analyze(&["--version"]).is_err() {
        trial::skipped("no systemd-analyze here");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    for name in UNITS {
        // It looks whether the programs are there; here they are elsewhere.
        let mut unit = unit(name);
        for proc in [Proc::Card, Proc::Control] {
            let program = binary(proc).unwrap();
            let built = program.get_args().last().unwrap_or(program.get_program());
            let installed = format!("/usr/local/bin/{} ", proc.binary());
            unit = unit.replace(&installed, &format!("{} ", built.display()));
        }
        let file = folder.path().join(name);
        fs::write(&file, unit).unwrap();
        let file = file.to_str().unwrap();
        let verified = analyze(&["verify", "--man=no", file]).unwrap();
        let said = String::from_utf8_lossy(&verified.stderr);
        let ours: Vec<&str> = said
            .lines()
            .filter(|line| line.contains("payphone"))
            .collect();
        assert!(
            verified.status.success() && ours.is_empty(),
            "{name}: {said}"
        );
        let judged = analyze(&["security", "--offline=true", "--threshold", EXPOSURE, file]);
        let judged = judged.unwrap();
        let said = String::from_utf8_lossy(&judged.stdout);
        assert!(judged.status.success(), "{said}");
        println!("{}", said.lines().last().unwrap_or_default());
    }
}

/// With the key in KMS nothing is left of the file: both at once are refused, and a credential that is not there ends the start.
#[test]
fn the_drop_in_for_kms_takes_back_the_wrapping_key_and_nothing_else() {
    let drop_in = unit("kms.conf");
    let set = |text: &str, key: &str| {
        let mut values = Vec::new();
        for value in text.lines().filter_map(|line| line.strip_prefix(key)) {
            if value.is_empty() {
                values.clear();
            } else {
                values.push(value.to_owned());
            }
        }
        values
    };
    let unit = unit("payphone-card@.service");
    for key in ["LoadCredential=", "Environment="] {
        let without: Vec<String> = set(&unit, key)
            .into_iter()
            .filter(|value| !value.to_lowercase().contains("wrapping"))
            .collect();
        assert_eq!(set(&unit, key).len(), without.len() + 1);
        assert_eq!(set(&format!("{unit}{drop_in}"), key), without);
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("payphone-card.toml");
    let shipped = text("deploy/payphone-card.toml");
    let with_kms = shipped
        .replace("\nwrapping_key_file = ", "\n#wrapping_key_file = ")
        .replace("\n#kms_key_arn = ", "\nkms_key_arn = ");
    fs::write(&file, with_kms).unwrap();
    let checked = |key_file: bool| {
        let mut check = binary(Proc::Card).unwrap();
        if key_file {
            check.env(
                "PAYPHONE_CARD__KEYS__WRAPPING_KEY_FILE",
                "/nowhere/wrapping.key",
            );
        }
        let said = check
            .arg("--config")
            .arg(&file)
            .args(["config", "check"])
            .output();
        String::from_utf8_lossy(&said.unwrap().stderr).into_owned()
    };
    assert!(checked(true).contains("not both"), "{}", checked(true));
    assert!(!checked(false).contains("wrapping"), "{}", checked(false));
}

#[test]
fn the_units_run_sub_commands_that_exist_and_give_the_program_time_to_end() {
    for name in UNITS {
        let unit = unit(name);
        let proc = if name.contains("card") {
            Proc::Card
        } else {
            Proc::Control
        };
        let help = binary(proc).unwrap().arg("--help").output().unwrap();
        let help = String::from_utf8_lossy(&help.stdout).into_owned();
        let mut commands = 0;
        for line in unit.lines().filter(|line| line.starts_with("Exec")) {
            let (_, rest) = line.split_once(".toml ").expect("a configuration");
            let command = rest.split(' ').next().unwrap();
            assert!(help.contains(&format!("\n  {command} ")), "{name}: {line}");
            commands += 1;
        }
        assert!(commands > 0, "{name}");
        if name.contains('@') {
            let seconds = unit
                .lines()
                .find_map(|line| line.strip_prefix("TimeoutStopSec="));
            let seconds: u64 = seconds.expect("a limit").parse().unwrap();
            assert!(xtask::stand::DRAIN.as_secs() < seconds, "{name}: {seconds}");
            assert!(unit.contains("\nLimitCORE=0\n"), "{name}");
        }
        // Secrets are handed over, and never said.
        for line in unit.lines().filter(|line| line.starts_with("Environment=")) {
            assert!(line.contains("_FILE=%d/"), "{name}: {line}");
        }
    }
}
