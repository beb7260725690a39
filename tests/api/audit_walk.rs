//! The audit trail, walked: what every change leaves in it, by whoever makes it and by whoever may not; that
//! looks leave nothing but what they were refused.
//! At the end of each walk every chain holds.

use control::audit::verify;
use reqwest::Method;

use crate::{
    rows::{Line, ROWS, Row},
    stage::{Caller, NONE, Stage},
};

/// A line as it is read back: chain, actor, action, outcome, target, detail, address.
type Written = Vec<String>;

async fn count(stage: &Stage) -> String {
    stage.t.trail_end().await
}

async fn since(stage: &Stage, before: &str) -> Vec<Written> {
    let columns = "tenant_id, actor, action, outcome, target, detail, address";
    stage.t.trail_since(before, columns).await
}

async fn every_chain_holds(stage: &Stage) {
    let (verdicts, unchained) = verify(&stage.t.app().db, None).await.unwrap();
    assert_eq!(unchained, 0);
    assert!(verdicts.len() >= 3, "{verdicts:?}");
    for verdict in verdicts {
        let lines = verdict.outcome.unwrap_or_else(|broken| panic!("{broken}"));
        assert!(lines > 0, "{} is empty", verdict.chain);
    }
}

fn changes() -> impl Iterator<Item = (&'static Row, Line)> {
    ROWS.iter().filter_map(|row| Some((row, row.line?)))
}

/// Every change, by who may make it: exactly one line in the tenant's chain, with who, what, to what and from where.
#[tokio::test]
async fn every_change_leaves_its_line() {
    let stage = Stage::set().await;
    for (row, line) in changes() {
        let caller = stage.caller(line.by);
        let before = count(&stage).await;
        let answer = stage.ask(row, caller).await;
        assert!(answer.status < 400, "{}: {}", row.of, answer.text());
        let (of_whom, actor) = match line.by {
            "buyer" => ("<fresh_tenant>", caller.actor.clone()),
            _ if line.actor.is_empty() => ("<tenant>", caller.actor.clone()),
            _ => ("<tenant>", stage.text(line.actor, caller)),
        };
        let chain = stage.text(of_whom, caller);
        let mut lines = since(&stage, &before).await;
        if row.of == "POST /welcome/attach" {
            // It concerns two tenants, and the owner looks at the one afterwards.
            let aside = lines.len();
            let fresh = stage.text("<fresh_tenant>", caller);
            lines.retain(|line| line[0] != fresh && line[2] != "session.selectTenant");
            assert_eq!(lines.len() + 2, aside, "{}", row.of);
        }
        let [written] = lines.as_slice() else {
            panic!("{} {} left {lines:?}", row.of, row.note);
        };
        let known = [&*chain, &actor, line.action, "done"];
        assert_eq!(written[..4], known, "{} {}", row.of, row.note);
        match line.target {
            "*" => assert!(written[4].contains('_'), "{}: {written:?}", row.of),
            "" => assert_eq!(written[4], "null", "{}", row.of),
            target => assert_eq!(written[4], stage.text(target, caller), "{}", row.of),
        }
        assert_eq!(written[6], "127.0.0.1", "{}", row.of);
        stage.restore().await;
    }
    every_chain_holds(&stage).await;
}

/// What leaves no line: usage, whose ledger is its trail, and posts that change nothing.
#[tokio::test]
async fn only_usage_has_a_trail_of_its_own() {
    let stage = Stage::set().await;
    let others = ROWS.iter().filter(|row| row.line.is_none());
    for row in others.filter(|row| stage.method(row) != Method::GET) {
        for caller in &stage.callers {
            if row.of == "POST /welcome" && (row.bought || caller.name == "buyer") {
                continue;
            }
            let before = count(&stage).await;
            let answer = stage.ask(row, caller).await;
            let is_usage = row.of == "recordUsageEvents" && answer.status == 200;
            if answer.status < 400 {
                assert_eq!(
                    since(&stage, &before).await,
                    Vec::<Written>::new(),
                    "{}",
                    row.of
                );
            }
            let mut changes = stage.changes().await;
            if is_usage {
                changes.sort();
                assert_eq!(changes, ["+ metering_records", "+ usage_events"]);
                stage.restore().await;
            } else {
                assert_eq!(changes, NONE, "{} by {}", row.of, caller.name);
            }
        }
    }
    every_chain_holds(&stage).await;
}

/// Security 27, 28: every change, by everybody who may not make it: nothing changes, and who belongs to a tenant leaves a line there.
#[tokio::test]
async fn every_refusal_changes_nothing_and_leaves_its_line() {
    let stage = Stage::set().await;
    let mut refused = 0;
    let usage = ROWS.iter().find(|row| row.of == "recordUsageEvents");
    let usage = usage.map(|row| (row, "usage.record"));
    let changes = changes().map(|(row, line)| (row, line.action));
    for (row, action) in changes.chain(usage) {
        for caller in &stage.callers {
            let before = count(&stage).await;
            let answer = stage.ask(row, caller).await;
            if answer.status < 400 {
                let to = answer.header("location");
                // An operator's browser is led home without a word to anybody's pages.
                let led_home = caller.name == "op" && answer.status == 303 && to == "/";
                if led_home {
                    assert_eq!(stage.changes().await, NONE, "{} by op", row.of);
                } else {
                    stage.restore().await;
                }
                continue;
            }
            let told = format!("{} {} by {}", row.of, row.note, caller.name);
            assert_eq!(stage.changes().await, NONE, "{told}");
            let lines = since(&stage, &before).await;
            if answer.status == 403 && is_noted(row, caller) {
                let [written] = lines.as_slice() else {
                    panic!("{told} left {lines:?}");
                };
                let chain = chain_of(&stage, caller);
                let known = [&*chain, &*caller.actor, action, "refused"];
                assert_eq!(written[..4], known, "{told}");
                assert!(
                    ["forbidden", "owners_only"].contains(&&*written[5]),
                    "{told}"
                );
                assert_eq!(written[6], "127.0.0.1", "{told}");
                refused += 1;
            } else {
                assert_eq!(lines, Vec::<Written>::new(), "{told}");
            }
        }
    }
    assert!(refused > 200, "{refused}");
    every_chain_holds(&stage).await;
}

/// Pages turn bearers away before anything is asked.
fn is_noted(row: &Row, caller: &Caller) -> bool {
    // The stream of pages is refused at the door, as the API is.
    caller.bearer.is_none() || row.path.starts_with("/api/") || row.path == "/live"
}

/// Where what a caller was refused is written: with their tenant, or with the vendor.
fn chain_of(stage: &Stage, caller: &Caller) -> String {
    match caller.name {
        "op" | "bearer" => "vendor".into(),
        "buyer" => stage.text("<fresh_tenant>", caller),
        "other" => stage.text("<other_tenant>", caller),
        _ => stage.text("<tenant>", caller),
    }
}

/// Security 44: no GET changes anything, whoever asks; what somebody may see leaves no line either.
#[tokio::test]
async fn looks_change_nothing() {
    let stage = Stage::set().await;
    let mut refused = 0;
    let looks = ROWS.iter().filter(|row| stage.method(row) == Method::GET);
    for row in looks {
        for caller in &stage.callers {
            let before = count(&stage).await;
            let answer = stage.ask(row, caller).await;
            let told = format!("{} {} by {}", row.of, row.note, caller.name);
            assert_eq!(stage.changes().await, NONE, "{told}");
            let lines = since(&stage, &before).await;
            // To a tenant the operator's views do not exist, and asking for them is noted all the same.
            let theirs = ["/api/v1/operator/", "/operator/"];
            let theirs = theirs.iter().any(|path| row.path.starts_with(path));
            let pried = theirs && answer.status == 404;
            if is_noted(row, caller) && (answer.status == 403 || pried) {
                let [written] = lines.as_slice() else {
                    panic!("{told} left {lines:?}");
                };
                assert_eq!(written[0], chain_of(&stage, caller), "{told}");
                assert_eq!(written[1], caller.actor, "{told}");
                assert_eq!(written[3], "refused", "{told}");
                refused += 1;
            } else {
                assert_eq!(lines, Vec::<Written>::new(), "{told}");
            }
        }
    }
    assert!(refused > 100, "{refused}");
    every_chain_holds(&stage).await;
}
