//! The alert rules ask for nothing that the real programs do not export, each has its runbook, and with promtool, where it is, they are
//! understood and do what `alerts_test.yml` says.

use std::{fs, process::Command};

use reqwest::blocking::Response;
use testkit::trial;
use walk::{World, soon};
use xtask::doctor::promtool;

use super::shipped;

#[test]
fn every_metric_that_a_rule_asks_for_is_exported_and_every_alert_has_its_runbook() {
    let world = World::start(2048);
    let scrape = |admin: &str| {
        let asked = world.http.get(format!("{admin}/metrics")).send();
        asked.and_then(Response::text).expect("metrics")
    };
    let addresses = &world.ready.addresses;
    // The first round of what is measured is over when its last gauge is there.
    let control = soon("the control plane has measured", || {
        let text = scrape(&addresses.control_admin);
        let all = ["lease_held{", "audit_verified_timestamp_seconds "];
        all.iter().all(|name| text.contains(name)).then_some(text)
    });
    let card = soon("the card plane has measured", || {
        let text = scrape(&addresses.card_admin);
        // The pool begins empty, so a key is made.
        let all = ["card_key_pool_size ", "card_key_seconds_count "];
        all.iter().all(|name| text.contains(name)).then_some(text)
    });
    for text in [&control, &card] {
        assert!(text.lines().any(|line| line == "service_ready 1"), "{text}");
    }
    let files = [("control", control), ("card", card)].map(|(name, text)| {
        let file = world.stand.data().join(name).with_extension("metrics");
        fs::write(&file, text).expect("the scrape is kept");
        file
    });
    xtask::oracle::alerts_check(&[&files[0], &files[1]]).expect("0 findings");
}

#[test]
fn promtool_understands_the_rules_and_their_own_tests_pass() {
    let Some(promtool) = promtool().expect("a cache") else {
        trial::skipped("no promtool here; `cargo xtask doctor` fetches it on Debian");
        return;
    };
    for args in [
        ["check", "rules", "alerts.yml"].as_slice(),
        &["check", "config", "--syntax-only", "prometheus.yml"],
        &["test", "rules", "alerts_test.yml"],
    ] {
        let mut command = Command::new(&promtool);
        let folder = shipped("deploy/prometheus");
        let done = command.args(args).current_dir(folder).output().unwrap();
        let said = [done.stdout, done.stderr].concat();
        let said = String::from_utf8_lossy(&said);
        assert!(done.status.success(), "{args:?}: {said}");
    }
}
