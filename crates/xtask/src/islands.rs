//! `cargo xtask islands`: builds the islands of the console for browsers, into `web/islands/dist`, from where the build of the console
//! takes them into the program. Names carry a hash of the content; each file is there by gzip as well.
//! Invariant: what is there is whole and of the sources whose number it carries; anything else is built anew.

mod compile;

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
};

use flate2::{Compression, GzBuilder};
use wasm_bindgen_cli_support::Bindgen;

pub(crate) use compile::can_build;

use crate::fingerprint::{Fnv, fingerprint};
use crate::tools::{Failure, Outcome, failed, root};

/// All files together by gzip, in bytes: the console is to be fast over a slow line.
const LIMIT: u64 = 90_000;

/// Builds what is not there, and says how large it is; with `check` only says whether it is there.
///
/// # Errors
/// When it is not there, cannot be built, or is larger than it may be.
pub fn run(check: bool) -> Outcome {
    let root = root()?;
    let (dist, of) = (root.join("web/islands/dist"), fingerprint(&root)?);
    if !fits(&dist, &of) {
        if check {
            return failed("the built islands are not those of the sources: `cargo xtask islands`");
        }
        build(&root, &dist, &of)?;
    }
    let size = size(&dist)?;
    println!("{}", words(size));
    if size > LIMIT {
        return failed(words(size));
    }
    Ok(())
}

fn words(size: u64) -> String {
    let kilobytes = |bytes: u64| format!("{}.{} kB", bytes / 1000, bytes % 1000 / 100);
    format!(
        "islands: {} by gzip, of {} at most",
        kilobytes(size),
        kilobytes(LIMIT)
    )
}

/// Whether the files that the manifest names are all there, and of these sources.
fn fits(dist: &Path, of: &str) -> bool {
    let manifest = fs::read_to_string(dist.join("manifest")).unwrap_or_default();
    let mut lines = manifest.lines();
    lines.next() == Some(of)
        && lines.all(|name| dist.join(name).is_file() && packed(dist, name).is_file())
}

fn packed(dist: &Path, name: &str) -> PathBuf {
    dist.join(format!("{name}.gz"))
}

fn size(dist: &Path) -> Result<u64, Failure> {
    let manifest = fs::read_to_string(dist.join("manifest"))?;
    let mut sum = 0;
    for name in manifest.lines().skip(1) {
        sum += fs::metadata(packed(dist, name))?.len();
    }
    Ok(sum)
}

fn build(root: &Path, dist: &Path, of: &str) -> Outcome {
    let compiled = compile::compile(root)?;
    let bound = compiled.with_file_name("bound");
    bind(&compiled, &bound)?;
    // What was there is of other sources; it may not be there at all.
    let _ = fs::remove_dir_all(dist);
    fs::create_dir_all(dist)?;
    let wasm = add(dist, "wasm", &fs::read(bound.join("islands_bg.wasm"))?)?;
    let glue = add(dist, "js", &fs::read(bound.join("islands.js"))?)?;
    let loader = fs::read_to_string(root.join("web/islands/loader.js"))?
        .replace("GLUE", &glue)
        .replace("WASM", &wasm);
    let loader = add(dist, "js", loader.as_bytes())?;
    // Last, so that a build that was broken off is none. The one that pages name comes first.
    fs::write(
        dist.join("manifest"),
        format!("{of}\n{loader}\n{glue}\n{wasm}\n"),
    )?;
    Ok(())
}

/// What wasm-bindgen's own program does, of exactly the version that the islands are compiled with.
fn bind(compiled: &Path, into: &Path) -> Outcome {
    let mut bindgen = Bindgen::new();
    let bound = bindgen.input_path(compiled).web(true).and_then(|bindgen| {
        bindgen
            .typescript(false)
            // The loader says where it is.
            .omit_default_module_path(true)
            .remove_name_section(true)
            .remove_producers_section(true)
            .generate(into)
    });
    bound.or_else(|error| failed(format!("wasm-bindgen: {error:#}")))
}

/// Writes a file, plain and packed; answers its name.
fn add(dist: &Path, kind: &str, bytes: &[u8]) -> Result<String, Failure> {
    let mut hash = Fnv::new();
    hash.add(bytes);
    let name = format!("islands-{}.{kind}", hash.hex());
    fs::write(dist.join(&name), bytes)?;
    // Without name and time, so that the same content gives the same file.
    let file = fs::File::create(packed(dist, &name))?;
    let mut packer = GzBuilder::new().write(file, Compression::best());
    packer.write_all(bytes)?;
    packer.finish()?;
    Ok(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_built_fits_the_sources_it_was_built_of_and_no_others() {
        let dir = tempfile::tempdir().unwrap();
        let dist = dir.path();
        assert!(!fits(dist, "1f"));
        let name = add(dist, "wasm", &[7; 1000]).unwrap();
        assert!(!fits(dist, "1f"), "nothing says what it is of");
        fs::write(dist.join("manifest"), format!("1f\n{name}\n")).unwrap();
        assert!(fits(dist, "1f"));
        assert!(!fits(dist, "2e"));
        assert!(size(dist).unwrap() < 100, "the packed size counts");
        fs::remove_file(packed(dist, &name)).unwrap();
        assert!(!fits(dist, "1f"), "a part is missing");
    }

    #[test]
    fn the_same_content_has_the_same_name_and_another_has_another() {
        let dir = tempfile::tempdir().unwrap();
        let name = |bytes: &[u8]| add(dir.path(), "js", bytes).unwrap();
        assert_eq!(name(b"one"), name(b"one"));
        assert_ne!(name(b"one"), name(b"two"));
    }

    #[test]
    fn sizes_are_told_beside_the_limit() {
        assert_eq!(
            words(71_250),
            "islands: 71.2 kB by gzip, of 90.0 kB at most"
        );
    }
}
