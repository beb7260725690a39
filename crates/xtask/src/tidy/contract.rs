//! Migrations expand first and contract a release later, so that replicas of the version before serve on while the new schema is there.
//! What takes something away is marked where it does, with the release from which on nothing uses it any more.
//! Invariant: what is found is a line that would break the version before; whether the reason holds is for the review.

use super::Finding;

/// What marks a line, on it or on the line before.
const MARK: &str = "contract:";

/// Takes away, renames or demands, in the words of sea-query and of SQL (in lower case).
const CONTRACTS: &[&str] = &[
    "drop_column",
    "rename_column",
    "modify_column",
    "drop_table",
    "rename_table",
    "drop_foreign_key",
    "table::drop",
    "table::rename",
    "drop column",
    "drop table",
    "drop policy",
    "rename to",
    "rename column",
    "set not null",
    "alter column",
    "revoke ",
];

/// Whether a file of the clone is a migration.
fn is_migration(name: &str) -> bool {
    let file = name.rsplit('/').next().unwrap_or_default();
    let version = file.strip_prefix('m').unwrap_or_default();
    name.starts_with("migrations/src/") && version.starts_with(|first: char| first.is_ascii_digit())
}

/// Lines of a migration that contract and do not say since when they may.
pub(super) fn check(name: &str, content: &str) -> Vec<Finding> {
    if !is_migration(name) {
        return Vec::new();
    }
    let mut findings = Vec::new();
    let mut before = "";
    for (number, line) in content.lines().enumerate() {
        let marked = line.contains(MARK) || before.contains(MARK);
        let is_code = !line.trim_start().starts_with("//");
        let lower = line.to_lowercase();
        let found = CONTRACTS.iter().find(|word| lower.contains(**word));
        if let (true, false, Some(word)) = (is_code, marked, found) {
            let number = number + 1;
            findings.push(Finding::Error(format!(
                "{name}:{number}: `{word}` takes something from the version before: write `// {MARK} unused since VERSION` above it, or expand first"
            )));
        }
        before = line;
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAME: &str = "migrations/src/control/m20270101_000001_tidy.rs";

    #[test]
    fn what_takes_something_away_needs_its_release() {
        for line in [
            "    manager.alter_table(Table::alter().drop_column(Alias::new(\"x\")).to_owned())",
            "    run(manager, \"ALTER TABLE mails RENAME TO letters\")",
            "    run(manager, \"ALTER TABLE mails ALTER COLUMN text SET NOT NULL\")",
            "    run(manager, \"alter table mails drop column text\")",
        ] {
            assert_eq!(check(NAME, line).len(), 1, "{line}");
            let marked = format!("    // contract: unused since 0.2.0\n{line}");
            assert_eq!(check(NAME, &marked), [], "{line}");
        }
    }

    #[test]
    fn what_expands_and_what_is_no_migration_may_do_as_it_likes() {
        let expands = "add_column(text) // a comment that would drop_table\n// DROP TABLE mails\n";
        assert_eq!(
            check(NAME, "run(\"ALTER TABLE mails ADD COLUMN text text\")"),
            []
        );
        assert_eq!(
            check("migrations/src/wall.rs", "DROP POLICY one_tenant"),
            []
        );
        assert_eq!(check("crates/db/src/mail.rs", "drop_table"), []);
        assert_eq!(
            check(NAME, expands).len(),
            1,
            "only whole-line comments are left out"
        );
    }
}
