//! The committed OpenAPI documents: each binary prints its own, and this keeps `docs/openapi` equal to them.
//! Invariant: the documents are never edited by hand.

use std::fs;
use std::path::Path;

use crate::stand::Proc;
use crate::tools::{Failure, Outcome, cargo, failed, root, run as run_command};

/// Where the documents are committed.
pub(crate) const FOLDER: &str = "docs/openapi";

/// Writes the documents, or with `check` compares them.
///
/// # Errors
/// When a binary does not build or print, or a document differs.
pub fn run(check: bool) -> Outcome {
    let root = root()?;
    run_command(cargo(&root).args(["build", "--workspace", "--bins"]))?;
    documents(&root, check)
}

/// As [`run`], with the binaries built already.
pub(crate) fn documents(root: &Path, check: bool) -> Outcome {
    for proc in [Proc::Control, Proc::Card] {
        let name = format!("{FOLDER}/{}.json", proc.binary());
        let printed = printed(root, proc)?;
        let file = root.join(&name);
        if !check {
            fs::create_dir_all(root.join(FOLDER))?;
            fs::write(&file, printed)?;
            println!("wrote {name}");
        } else if fs::read_to_string(&file).ok().as_deref() != Some(printed.as_str()) {
            return failed(format!(
                "{name} is not what `{} openapi` prints: run `cargo xtask openapi`",
                proc.binary()
            ));
        }
    }
    Ok(())
}

fn printed(root: &Path, proc: Proc) -> Result<String, Failure> {
    let mut openapi = crate::stand::binary(proc)?;
    let output = openapi.arg("openapi").current_dir(root).output()?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return failed(format!(
            "`{} openapi` ended with {}: {}",
            proc.binary(),
            output.status,
            said.trim()
        ));
    }
    // Parsed, so that nothing but JSON is committed; one newline at the end, as in any text file.
    serde_json::from_slice::<serde_json::Value>(&output.stdout)?;
    Ok(format!(
        "{}\n",
        String::from_utf8_lossy(&output.stdout).trim_end()
    ))
}
