//! Takes in the islands that `cargo xtask islands` built, if they are of these sources. Without them the console is whole, and not live.

#[path = "islands/fingerprint.rs"]
mod fingerprint;

use std::{
    env,
    error::Error,
    fmt::Write,
    fs,
    path::{Path, PathBuf},
};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=islands");
    println!("cargo::rerun-if-changed=../Cargo.lock");
    let here = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").ok_or("cargo says where we are")?);
    let dist = here.join("islands/dist");
    let root = here.parent().ok_or("the console is inside the clone")?;
    let built = fs::read_to_string(dist.join("manifest")).unwrap_or_default();
    let mut lines = built.lines();
    let files: Vec<&str> = match lines.next() {
        Some(of) if of == fingerprint::fingerprint(root)? => lines.collect(),
        Some(_) => {
            println!(
                "cargo::warning=the built islands are of other sources, and left out: cargo xtask islands"
            );
            Vec::new()
        }
        None => Vec::new(),
    };
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or("cargo says where to")?);
    fs::write(out.join("islands.rs"), source(&dist, &files)?)?;
    Ok(())
}

/// The files as Rust, the one that a page names first.
fn source(dist: &Path, files: &[&str]) -> Result<String, Box<dyn Error>> {
    let mut source = "static FILES: &[File] = &[\n".to_owned();
    for name in files {
        let file = dist.join(name).display().to_string();
        let packed = format!("{file}.gz");
        writeln!(
            source,
            "File {{ name: {name:?}, plain: include_bytes!({file:?}), packed: include_bytes!({packed:?}) }},"
        )?;
    }
    Ok(source + "];\n")
}
