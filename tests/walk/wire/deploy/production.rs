//! The shipped configuration has every key and no other, tells the real defaults, and is good once its files are there; and the programs
//! run with it as somebody without rights, on a file system they cannot write to but for their data.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::Value;
use testkit::trial;
use walk::soon;
use xtask::stand::{Proc, terminate};

use super::{
    home::{Home, SERVICES, config},
    text,
};

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

        // What is commented out is what takes effect, but for what is for development alone, or stands in place of something else.
        let as_shipped = home.run(&["config", "print"]);
        fs::write(home.path("shipped.toml"), uncommented(&shipped)).unwrap();
        let all = home.run(&["config", "print"]);
        let more: BTreeSet<String> = keys(&all).difference(&keys(&as_shipped)).cloned().collect();
        let beside = [
            "clock.follow",
            "clock.offset_file",
            "operator.token_file",
            "keys.kms_key_arn",
            "peer.plain_http",
        ];
        assert!(more.iter().all(|key| beside.contains(&&**key)), "{more:?}");
        // A section that has nothing but those is not printed at all.
        let settings = |text: &str| -> Vec<String> {
            let is_setting = |line: &&str| {
                let key = line.split(" = ").next().unwrap_or_default();
                let is_beside = beside.iter().any(|name| name.ends_with(&format!(".{key}")));
                line.contains(" = ") && !is_beside
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
        trial::left_out("file systems can be made read-only by root alone");
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
        let mut before = listing(&home.path(""));
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
        assert_eq!(home.run(&["health", "--live"]).trim(), "alive");
        // A second signal ends the grace, and nothing else.
        terminate(&child).unwrap();
        let status = child.wait().unwrap();
        assert_eq!(status.code(), Some(0), "{status}");
        let mut after = listing(&home.path(""));
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
