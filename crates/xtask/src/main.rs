//! `cargo xtask …`: see the library.
//! Invariant: nothing but the call is here.

use std::process::ExitCode;

fn main() -> ExitCode {
    xtask::cli::main()
}
