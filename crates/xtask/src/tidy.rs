//! The rules that no compiler knows: who may use whom, how long a file may be, which words may not be written where.
//! Lists that must be whole are checked too.
//! The dependency table in ARCHITECTURE.md is the data of the first rule, so the document cannot drift from the code.
//! Invariant: tidy only reads, and every rule has a test that sees it fail.

mod contract;
mod edges;
mod lists;
mod metadata;
mod text;

use std::fs;
use std::path::Path;
use std::process::Command;

use self::metadata::Metadata;
use crate::tools::{Failure, Outcome, failed, root};

/// What a rule found.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Finding {
    /// Makes tidy fail.
    Error(String),
    /// Is only said.
    Warning(String),
}

/// Checks the whole clone.
///
/// # Errors
/// When a rule is broken; every finding has been printed by then.
pub fn run() -> Outcome {
    let root = root()?;
    let metadata = metadata::read(&root)?;
    let mut findings = dependency_table(&root, &metadata)?;
    findings.extend(manifests(&metadata)?);
    let files = files(&root)?;
    let mut sources = Vec::new();
    for file in &files {
        // Deleted but not yet committed, or not text: nothing to read.
        if let Ok(content) = fs::read_to_string(root.join(file)) {
            findings.extend(text::check(file, &content));
            findings.extend(contract::check(file, &content));
            if Path::new(file).extension().is_some_and(|kind| kind == "rs") {
                sources.push((file.clone(), content));
            }
        }
    }
    findings.extend(whole_lists(&root, &sources));
    let errors = findings
        .iter()
        .filter(|finding| matches!(finding, Finding::Error(_)))
        .count();
    for finding in &findings {
        match finding {
            Finding::Error(what) => println!("error: {what}"),
            Finding::Warning(what) => println!("warning: {what}"),
        }
    }
    println!(
        "tidy: {} files, {errors} errors, {} warnings",
        files.len(),
        findings.len() - errors
    );
    if errors > 0 {
        return failed(format!("tidy found {errors} errors"));
    }
    Ok(())
}

/// Where the actions are, and who takes them.
const ACTIONS: &str = "crates/domain/src/policy/action.rs";
const TAKERS: [&str; 2] = ["crates/control/src/", "crates/http/src/"];

fn whole_lists(root: &Path, sources: &[(String, String)]) -> Vec<Finding> {
    let text = |name: &str| fs::read_to_string(root.join(name)).unwrap_or_default();
    let takers: Vec<(String, String)> = sources
        .iter()
        .filter(|(name, _)| TAKERS.iter().any(|folder| name.starts_with(folder)))
        .cloned()
        .collect();
    let mut findings = lists::unused_actions(&text(ACTIONS), &takers);
    findings.extend(lists::security_checks(
        &text("docs/security-checks.md"),
        sources,
    ));
    findings
}

fn dependency_table(root: &Path, metadata: &Metadata) -> Result<Vec<Finding>, Failure> {
    let document = match fs::read_to_string(root.join("ARCHITECTURE.md")) {
        Ok(document) => document,
        Err(error) => return failed(format!("ARCHITECTURE.md: {error}")),
    };
    match edges::parse(&document) {
        Ok(table) => Ok(edges::check(&table, &edges::packages(metadata))),
        Err(why) => failed(format!("ARCHITECTURE.md: {why}")),
    }
}

fn manifests(metadata: &Metadata) -> Result<Vec<Finding>, Failure> {
    let mut findings = Vec::new();
    for package in &metadata.packages {
        let manifest = fs::read_to_string(&package.manifest_path)?;
        if !inherits_lints(&manifest) {
            let name = &package.name;
            findings.push(Finding::Error(format!(
                "package {name} does not inherit the workspace lints: `[lints]`, `workspace = true`"
            )));
        }
    }
    Ok(findings)
}

fn inherits_lints(manifest: &str) -> bool {
    let mut lines = manifest
        .lines()
        .map(str::trim)
        .skip_while(|line| *line != "[lints]")
        .skip(1);
    lines.find(|line| !line.is_empty() && !line.starts_with('#')) == Some("workspace = true")
}

/// The files git tracks, and those it would track: what is new is checked before it is committed.
fn files(root: &Path) -> Result<Vec<String>, Failure> {
    let mut git = Command::new("git");
    git.args([
        "ls-files",
        "-z",
        "--cached",
        "--others",
        "--exclude-standard",
    ])
    .current_dir(root);
    let output = git.output()?;
    if !output.status.success() {
        return failed("`git ls-files` did not work: tidy needs a clone");
    }
    let list = String::from_utf8_lossy(&output.stdout).into_owned();
    Ok(list
        .split('\0')
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manifest_without_the_workspace_lints_is_seen() {
        assert!(inherits_lints(
            "[package]\nname = \"a\"\n\n[lints]\nworkspace = true\n"
        ));
        assert!(!inherits_lints("[package]\nname = \"a\"\n"));
        assert!(!inherits_lints("[lints]\n[lints.rust]\nworkspace = true\n"));
        assert!(!inherits_lints("[lints]\n[dependencies]\n"));
    }
}
