//! Compiling for WebAssembly: by the toolchain at hand if it has the target, else by Debian's, which makes the standard library of the
//! target from its sources (packages rustc-web, cargo-web, rust-web-src), since its release is older than what we are written in.

use std::{
    env,
    path::{Path, PathBuf},
    process::Command,
};

use crate::tools::{Failure, cargo, failed, quiet, run};

const TARGET: &str = "wasm32-unknown-unknown";

/// Who compiles.
enum Toolchain {
    /// The one that runs us.
    Own,
    /// Debian's, with the linker of the one that runs us.
    Debian {
        cargo: PathBuf,
        rustc: PathBuf,
        linker: PathBuf,
    },
}

/// Whether there is one.
pub(crate) fn can_build() -> bool {
    toolchain().is_some()
}

fn toolchain() -> Option<Toolchain> {
    let libraries = quiet("rustc", &["--print", "target-libdir", "--target", TARGET]);
    if libraries.is_some_and(|place| Path::new(&place).is_dir()) {
        return Some(Toolchain::Own);
    }
    let sysroot = PathBuf::from(quiet("rustc", &["--print", "sysroot"])?);
    let host = quiet("rustc", &["--print", "host-tuple"])?;
    let linker = sysroot.join(format!("lib/rustlib/{host}/bin/rust-lld"));
    // Its sources are a package of their own.
    debian("rust-web-src", "library/std/Cargo.toml")?;
    Some(Toolchain::Debian {
        cargo: debian("cargo-web", "bin/cargo")?,
        rustc: debian("rustc-web", "bin/rustc")?,
        linker: Some(linker).filter(|linker| linker.is_file())?,
    })
}

/// A file of a Debian package, by the end of its path: on the path there may be others of that name.
fn debian(package: &str, end: &str) -> Option<PathBuf> {
    let files = quiet("dpkg-query", &["--listfiles", package])?;
    let mut files = files.lines().map(PathBuf::from);
    files.find(|file| file.ends_with(end) && file.is_file())
}

/// The compiled library.
///
/// # Errors
/// When nobody can compile it, or it does not compile.
pub(super) fn compile(root: &Path) -> Result<PathBuf, Failure> {
    let Some(toolchain) = toolchain() else {
        return failed(format!(
            "nothing here compiles for {TARGET}: `rustup target add {TARGET}`, or on Debian: apt-get install rustc-web cargo-web rust-web-src"
        ));
    };
    let target = env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
    // Beside the others: another compiler would have everything built anew, and hold up whoever builds meanwhile.
    let target = target.join("islands");
    let mut command = match &toolchain {
        Toolchain::Own => cargo(root),
        Toolchain::Debian {
            cargo,
            rustc,
            linker,
        } => {
            let mut command = Command::new(cargo);
            command
                .current_dir(root)
                .env("RUSTC", rustc)
                // `build-std` is not stable, and the toolchain is Debian's own release.
                .env("RUSTC_BOOTSTRAP", "1")
                .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker);
            command
        }
    };
    command.args([
        "rustc",
        "--package",
        "islands",
        "--lib",
        "--features",
        "hydrate",
    ]);
    command.args(["--profile", "islands", "--target", TARGET]);
    // A library for browsers here alone: everywhere else it is one of Rust's.
    command.args(["--crate-type", "cdylib"]);
    if matches!(toolchain, Toolchain::Debian { .. }) {
        command.args(["-Z", "build-std=std,panic_abort"]);
        command.args(["-Z", "build-std-features=optimize_for_size"]);
        // Whatever panics ends there and then: nobody reads words in a browser, and they are a third of the size.
        command.env("RUSTFLAGS", "-Zunstable-options -Cpanic=immediate-abort");
    }
    run(command.env("CARGO_TARGET_DIR", &target))?;
    Ok(target.join(TARGET).join("islands/islands.wasm"))
}
