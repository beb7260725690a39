//! Where a program finds its configuration when nobody says so: `/etc/NAME/NAME.toml`, where `deploy/README.md` puts it.
//! Invariant: a file that is there and cannot be read is a fault, and never passed over for the environment alone.

use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;

use super::{Faults, load, process_environment};

/// Reads the configuration of the program `name` (`payphone`): from `file`, or from `/etc/NAME/NAME.toml` if that is there, with the
/// variables of this process over it (`NAME__SECTION__KEY`).
pub fn load_of<T: DeserializeOwned>(name: &str, file: Option<&Path>) -> Result<T, Faults> {
    load_below(Path::new("/"), name, file, process_environment())
}

fn load_below<T: DeserializeOwned>(
    root: &Path,
    name: &str,
    file: Option<&Path>,
    env: impl Iterator<Item = (String, String)>,
) -> Result<T, Faults> {
    let prefix = name.to_uppercase().replace('-', "_");
    let usual = usual(root, name);
    match file {
        Some(file) => load(Some(file), &prefix, env),
        // Whatever keeps us from seeing it, reading it tells.
        None if !matches!(usual.try_exists(), Ok(false)) => load(Some(&usual), &prefix, env),
        None => load(None, &prefix, env).map_err(|mut faults: Faults| {
            faults.add(format!(
                "no file was read: there is no {}, and --config FILE was not given",
                usual.display()
            ));
            faults
        }),
    }
}

fn usual(root: &Path, name: &str) -> PathBuf {
    root.join("etc").join(name).join(format!("{name}.toml"))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize, PartialEq)]
    #[serde(deny_unknown_fields)]
    struct Sample {
        hours: u32,
    }

    fn asked(root: &Path, file: Option<&Path>, env: &[(&str, &str)]) -> Result<u32, String> {
        let env = env
            .iter()
            .map(|(key, value)| ((*key).into(), (*value).into()));
        load_below::<Sample>(root, "payphone-card", file, env)
            .map(|read| read.hours)
            .map_err(|faults| faults.to_string())
    }

    #[test]
    fn the_usual_file_is_read_unless_another_is_named_and_variables_lie_over_both() {
        let root = tempfile::tempdir().unwrap();
        let variable = [("PAYPHONE_CARD__HOURS", "3")];
        assert_eq!(asked(root.path(), None, &variable), Ok(3));
        let usual = root.path().join("etc/payphone-card/payphone-card.toml");
        fs::create_dir_all(usual.parent().unwrap()).unwrap();
        fs::write(&usual, "hours = 1").unwrap();
        let other = root.path().join("other.toml");
        fs::write(&other, "hours = 2").unwrap();
        assert_eq!(asked(root.path(), None, &[]), Ok(1));
        assert_eq!(asked(root.path(), Some(&other), &[]), Ok(2));
        assert_eq!(asked(root.path(), None, &variable), Ok(3));
        assert_eq!(asked(root.path(), Some(&other), &variable), Ok(3));
    }

    #[test]
    fn without_any_file_the_error_says_where_one_is_looked_for() {
        let root = tempfile::tempdir().unwrap();
        let said = asked(root.path(), None, &[]).unwrap_err();
        let place = root.path().join("etc/payphone-card/payphone-card.toml");
        assert!(said.contains("hours"), "{said}");
        assert!(
            said.contains(&format!(
                "there is no {}, and --config FILE",
                place.display()
            )),
            "{said}"
        );
    }

    #[test]
    fn a_usual_file_that_cannot_be_read_is_told_and_not_passed_over() {
        let root = tempfile::tempdir().unwrap();
        let usual = root.path().join("etc/payphone-card/payphone-card.toml");
        // A folder, since no mode keeps root from reading a file.
        fs::create_dir_all(&usual).unwrap();
        let said = asked(root.path(), None, &[("PAYPHONE_CARD__HOURS", "3")]).unwrap_err();
        assert!(said.contains("cannot read the file"), "{said}");
    }
}
