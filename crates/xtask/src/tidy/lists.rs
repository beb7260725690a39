//! Lists that must be whole: every action is taken by some operation, and every check of the security list is held by tests that name
//! it or has its reason in `docs/security-checks.md`.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use super::Finding;

/// The actions of the policy's source that no other source names.
pub(super) fn unused_actions(policy: &str, sources: &[(String, String)]) -> Vec<Finding> {
    let names = policy.lines().filter_map(|line| {
        let (name, rest) = line.trim().split_once(" => \"")?;
        let is_name = name.chars().all(char::is_alphanumeric) && rest.ends_with("\",");
        is_name.then_some(name)
    });
    names
        .filter(|name| {
            let used = format!("Action::{name}");
            !sources.iter().any(|(_, text)| names_whole(text, &used))
        })
        .map(|name| Finding::Error(format!("no operation takes the action {name}")))
        .collect()
}

/// Whether the text has the word, and not only as the beginning of a longer one.
fn names_whole(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| {
        text.get(at + word.len()..)
            .and_then(|rest| rest.chars().next())
            .is_none_or(|next| !next.is_alphanumeric())
    })
}

/// How many checks the security list has.
const CHECKS: u32 = 76;

/// What is wrong with the list of security checks: a number that is missing or there twice, a file that does not exist or does not name
/// the number, an empty reason.
pub(super) fn security_checks(document: &str, files: &[(String, String)]) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut report = |what: String| {
        findings.push(Finding::Error(format!("docs/security-checks.md: {what}")));
    };
    let files: BTreeMap<&str, &str> = files
        .iter()
        .map(|(name, text)| (name.as_str(), text.as_str()))
        .collect();
    let mut seen = BTreeSet::new();
    for line in document.lines() {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let ["", number, what, ""] = cells.as_slice() else {
            continue;
        };
        let Ok(number) = number.parse::<u32>() else {
            continue;
        };
        if !seen.insert(number) {
            report(format!("{number} is there twice"));
        }
        if what.is_empty() {
            report(format!("{number} has neither a test nor a reason"));
        }
        // Every second piece between backticks is a path, if it looks like one.
        let paths = what.split('`').skip(1).step_by(2);
        let is_source = |path: &&str| Path::new(path).extension().is_some_and(|kind| kind == "rs");
        for path in paths.filter(is_source) {
            match files.get(path) {
                None => report(format!("{number}: there is no {path}")),
                Some(text) if !named(text).contains(&number) => {
                    report(format!("{number}: {path} has no test that names it"));
                }
                Some(_) => {}
            }
        }
    }
    for number in (1..=CHECKS).filter(|number| !seen.contains(number)) {
        report(format!("{number} is missing"));
    }
    findings
}

/// The numbers behind every `Security` in comments: `Security 14, 15`, `Security 13 and 15`, `Security 16 to 19`.
fn named(text: &str) -> BTreeSet<u32> {
    let mut numbers = BTreeSet::new();
    for (at, word) in text.match_indices("Security ") {
        let rest = text.get(at + word.len()..).unwrap_or_default();
        let end = rest
            .find(|c: char| !(c.is_ascii_digit() || ", andto".contains(c)))
            .unwrap_or(rest.len());
        let written = rest.get(..end).unwrap_or_default();
        let mut last = None;
        let mut range = false;
        for part in written.split([',', ' ']).filter(|part| !part.is_empty()) {
            if part == "to" {
                range = true;
                continue;
            }
            let Ok(number) = part.parse::<u32>() else {
                continue;
            };
            let from = if range {
                last.unwrap_or(number)
            } else {
                number
            };
            numbers.extend(from..=number);
            (last, range) = (Some(number), false);
        }
    }
    numbers
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(name: &str, text: &str) -> (String, String) {
        (name.to_owned(), text.to_owned())
    }

    #[test]
    fn an_action_that_nobody_takes_is_seen() {
        let policy =
            "actions! {\n    /// See.\n    Read => \"x.read\",\n    ReadAll => \"x.readAll\",\n}";
        let uses = [file("a.rs", "cx.read(Action::ReadAll, tenant)")];
        let found = unused_actions(policy, &uses);
        assert_eq!(
            found,
            [Finding::Error(
                "no operation takes the action Read".to_owned()
            )]
        );
    }

    #[test]
    fn every_way_to_name_numbers_is_read() {
        let numbers: Vec<u32> = named(
            "/// Security 1, 2: x\n//! Security 13 and 15: y, Security 17 to 19.\n security 5",
        )
        .into_iter()
        .collect();
        assert_eq!(numbers, [1, 2, 13, 15, 17, 18, 19]);
    }

    #[test]
    fn a_list_with_holes_or_false_claims_is_seen() {
        let rows = (2..=CHECKS).map(|number| format!("| {number} | with payments |\n"));
        let mut document = rows.collect::<Vec<_>>().concat();
        document.push_str("| 5 | `a.rs` |\n| 3 | `b.rs` |\n");
        let files = [file("a.rs", "/// Security 6: no.")];
        let found = security_checks(&document, &files);
        let texts: Vec<String> = found.into_iter().map(|f| format!("{f:?}")).collect();
        for part in [
            "5 is there twice",
            "5: a.rs has no test that names it",
            "3 is there twice",
            "3: there is no b.rs",
            "1 is missing",
        ] {
            assert!(
                texts.iter().any(|text| text.contains(part)),
                "{part}: {texts:?}"
            );
        }
        assert_eq!(texts.len(), 5, "{texts:?}");
    }
}
