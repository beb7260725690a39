//! The direction rule: edges between packages, and who names heavy crates, against the table in ARCHITECTURE.md.
//! Columns: package; ours it may use (`*` for all); heavy crates it may name (globs with one `*`). Dev-dependencies do not count.
//! Invariant: table and workspace name the same packages, so a new package has to be placed before it builds anything.

use std::collections::{BTreeMap, BTreeSet};

use super::Finding;
use super::metadata::{Member, Metadata};

const HEADING: &str = "## Dependency table";

/// What one row allows.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Row {
    ours: BTreeSet<String>,
    heavy: BTreeSet<String>,
}

/// The table, by package.
pub(super) type Table = BTreeMap<String, Row>;

/// One package of the workspace as cargo sees it.
#[derive(Debug, Default)]
pub(super) struct Package {
    name: String,
    /// Workspace packages it uses outside its tests.
    ours: BTreeSet<String>,
    /// Third-party crates it names outside its tests.
    theirs: BTreeSet<String>,
}

/// Reads the table; the sentence says what is wrong with it.
pub(super) fn parse(document: &str) -> Result<Table, String> {
    let mut lines = document
        .lines()
        .skip_while(|line| line.trim() != HEADING)
        .skip(1);
    let rows: Vec<&str> = lines
        .by_ref()
        .skip_while(|line| !line.starts_with('|'))
        .take_while(|line| line.starts_with('|'))
        .collect();
    let mut table = Table::new();
    // The first two lines are the header and its rule.
    for row in rows.iter().skip(2) {
        let cells: Vec<&str> = row.trim().trim_matches('|').split('|').collect();
        let [package, ours, heavy] = cells.as_slice() else {
            return Err(format!(
                "a row of the dependency table has {} cells instead of 3: {row}",
                cells.len()
            ));
        };
        let [name] = quoted(package)[..] else {
            return Err(format!(
                "the first cell must be one package in backticks: {row}"
            ));
        };
        let set = |cell: &str| quoted(cell).into_iter().map(str::to_owned).collect();
        let mut parsed = Row {
            ours: set(ours),
            heavy: set(heavy),
        };
        if ours.trim() == "*" {
            parsed.ours.insert("*".to_owned());
        }
        if table.insert(name.to_owned(), parsed).is_some() {
            return Err(format!("the dependency table names `{name}` twice"));
        }
    }
    if table.is_empty() {
        Err(format!("no table under \"{HEADING}\""))
    } else {
        Ok(table)
    }
}

/// What stands in backticks.
fn quoted(cell: &str) -> Vec<&str> {
    cell.split('`').skip(1).step_by(2).collect()
}

pub(super) fn packages(metadata: &Metadata) -> Vec<Package> {
    let names: BTreeSet<&str> = metadata
        .packages
        .iter()
        .map(|member| member.name.as_str())
        .collect();
    let read = |member: &Member| {
        let mut read = Package {
            name: member.name.clone(),
            ..Package::default()
        };
        // Tests may use what they like: they are not what is shipped.
        for dependency in member
            .dependencies
            .iter()
            .filter(|dependency| dependency.kind.as_deref() != Some("dev"))
        {
            let is_ours = dependency.path.is_some() && names.contains(dependency.name.as_str());
            let set = if is_ours {
                &mut read.ours
            } else {
                &mut read.theirs
            };
            set.insert(dependency.name.clone());
        }
        read
    };
    metadata.packages.iter().map(read).collect()
}

pub(super) fn check(table: &Table, packages: &[Package]) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut error = |what: String| findings.push(Finding::Error(what));
    let heavy: BTreeSet<&str> = table
        .values()
        .flat_map(|row| &row.heavy)
        .map(String::as_str)
        .collect();
    for name in table
        .keys()
        .filter(|name| !packages.iter().any(|package| package.name == **name))
    {
        error(format!(
            "the dependency table names `{name}`, which is no package of the workspace"
        ));
    }
    for package in packages {
        let name = &package.name;
        let Some(row) = table.get(name) else {
            error(format!("package `{name}` is not in the dependency table"));
            continue;
        };
        for ours in package
            .ours
            .iter()
            .filter(|ours| !row.ours.contains("*") && !row.ours.contains(*ours))
        {
            error(format!(
                "`{name}` uses `{ours}`: not in the dependency table; nothing points right"
            ));
        }
        for theirs in &package.theirs {
            let is_heavy = heavy.iter().any(|glob| matches(glob, theirs));
            if is_heavy && !row.heavy.iter().any(|glob| matches(glob, theirs)) {
                error(format!(
                    "`{name}` names the heavy crate `{theirs}`: the dependency table keeps that to others"
                ));
            }
        }
    }
    findings
}

/// A name, or a glob with one `*`.
fn matches(glob: &str, name: &str) -> bool {
    match glob.split_once('*') {
        None => glob == name,
        Some((start, end)) => {
            name.len() >= start.len() + end.len() && name.starts_with(start) && name.ends_with(end)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DOCUMENT: &str = "\
# Architecture

## Dependency table

The table is data.

| package | may use | heavy crates it alone names |
|---|---|---|
| `domain` | – | – |
| `db` | `domain` | `sea-orm`, `sqlx` |
| `aws` | `domain` | `aws-sdk-*`, `aws-config` |
| `walk` | * | – |

## Something else

| `stray` | `row` | |
";

    fn package(name: &str, ours: &[&str], theirs: &[&str]) -> Package {
        let set = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        Package {
            name: name.to_owned(),
            ours: set(ours),
            theirs: set(theirs),
        }
    }

    fn findings(changed: Package) -> Vec<Finding> {
        let mut all = vec![
            package("domain", &[], &["serde"]),
            package("db", &["domain"], &["sea-orm"]),
            package("aws", &["domain"], &["aws-sdk-sqs", "aws-config"]),
            package("walk", &["aws", "db"], &["reqwest"]),
        ];
        all.retain(|package| package.name != changed.name);
        all.push(changed);
        check(&parse(DOCUMENT).unwrap(), &all)
    }

    #[test]
    fn the_table_is_read_to_its_end_and_no_further() {
        let table = parse(DOCUMENT).unwrap();
        assert_eq!(
            table.keys().collect::<Vec<_>>(),
            ["aws", "db", "domain", "walk"]
        );
        assert!(table["domain"].ours.is_empty() && table["domain"].heavy.is_empty());
        assert!(table["walk"].ours.contains("*"));
        assert!(table["aws"].heavy.contains("aws-sdk-*"));
    }

    #[test]
    fn a_document_without_a_usable_table_is_refused() {
        assert!(parse("# Architecture\n").is_err());
        assert!(
            parse("## Dependency table\n\n| a | b | c |\n|---|---|---|\n| domain | – | – |\n")
                .is_err()
        );
        assert!(parse("## Dependency table\n\n| a | b |\n|---|---|\n| `domain` | – |\n").is_err());
        let twice = "## Dependency table\n\n| a | b | c |\n|---|---|---|\n| `domain` | | |\n| `domain` | | |\n";
        assert!(parse(twice).unwrap_err().contains("twice"));
    }

    #[test]
    fn packages_are_read_from_cargo_without_what_only_tests_use() {
        let root = crate::tools::root().unwrap();
        let all = packages(&super::super::metadata::read(&root).unwrap());
        let this = all.iter().find(|package| package.name == "xtask").unwrap();
        assert!(this.theirs.contains("clap") && !this.theirs.contains("tempfile"));
        assert!(this.ours.is_empty());
        assert!(
            all.iter()
                .any(|package| package.name == "walk" && package.ours.contains("xtask"))
        );
    }

    #[test]
    fn edges_in_the_table_pass() {
        assert_eq!(findings(package("walk", &["aws", "db", "domain"], &[])), []);
    }

    #[test]
    fn an_edge_that_is_not_in_the_table_fails() {
        let found = findings(package("domain", &["db"], &[]));
        assert!(
            matches!(&found[..], [Finding::Error(what)] if what.starts_with("`domain` uses `db`")),
            "{found:?}"
        );
    }

    #[test]
    fn a_heavy_crate_in_the_wrong_package_fails() {
        let found = findings(package("domain", &[], &["sea-orm", "serde"]));
        assert!(
            matches!(&found[..], [Finding::Error(what)] if what.contains("heavy crate `sea-orm`")),
            "{found:?}"
        );
        assert_eq!(
            findings(package("db", &["domain"], &["aws-sdk-sqs"])).len(),
            1
        );
    }

    #[test]
    fn a_package_without_a_row_fails() {
        let found = findings(package("utils", &[], &[]));
        assert!(
            matches!(&found[..], [Finding::Error(what)] if what.contains("`utils` is not in")),
            "{found:?}"
        );
    }

    #[test]
    fn a_row_without_a_package_fails() {
        let found = check(&parse(DOCUMENT).unwrap(), &[package("domain", &[], &[])]);
        assert_eq!(found.len(), 3, "{found:?}");
    }

    #[test]
    fn globs_match_a_prefix() {
        assert!(matches("aws-sdk-*", "aws-sdk-sqs"));
        assert!(!matches("aws-sdk-*", "aws-lc-rs"));
        assert!(!matches("axum", "axum-extra"));
    }
}
