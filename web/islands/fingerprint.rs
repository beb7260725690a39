//! What built islands are built from, as one number: `cargo xtask islands` writes it beside them, and the build of the console takes no
//! others in. Compiled into both, so it names nothing of either.

use std::{fs, io, path::Path};

/// The packages whose version changes what is built.
const PACKAGES: [&str; 5] = [
    "leptos",
    "leptos_macro",
    "tachys",
    "wasm-bindgen",
    "web-sys",
];

/// Sixteen hexadecimal digits over the islands' sources, their loader, and the versions of what they stand on. `root` is the clone's.
pub(crate) fn fingerprint(root: &Path) -> io::Result<String> {
    let islands = root.join("web/islands");
    let mut files = vec![islands.join("Cargo.toml"), islands.join("loader.js")];
    for entry in fs::read_dir(islands.join("src"))? {
        files.push(entry?.path());
    }
    files.sort();
    let mut hash = Fnv::new();
    for file in files {
        hash.add(file.file_name().unwrap_or_default().as_encoded_bytes());
        hash.add(&fs::read(&file)?);
    }
    let lock = fs::read_to_string(root.join("Cargo.lock"))?;
    for package in lock.split("\n\n") {
        let lines = || {
            package
                .lines()
                .filter(|line| line.starts_with("name = ") || line.starts_with("version = "))
        };
        let is_ours = |name: &str| lines().any(|line| line == format!("name = \"{name}\""));
        if PACKAGES.into_iter().any(is_ours) {
            lines().for_each(|line| hash.add(line.as_bytes()));
        }
    }
    Ok(hash.hex())
}

/// FNV-1a: it only has to change when the content does.
pub(crate) struct Fnv(u64);

impl Fnv {
    /// Of nothing.
    pub(crate) const fn new() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }

    /// Adds bytes, and that they end here.
    pub(crate) fn add(&mut self, bytes: &[u8]) {
        for byte in bytes.iter().chain(&[0xff]) {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }

    /// The number, in sixteen hexadecimal digits.
    pub(crate) fn hex(&self) -> String {
        format!("{:016x}", self.0)
    }
}
