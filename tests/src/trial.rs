//! Trials that this machine cannot hold: each is said on the terminal, whatever the test harness captures, and what `cargo xtask test`
//! relies on fails there instead of passing without a trial.

use std::io::Write;

/// Set by `cargo xtask test` (`suite.rs` there): nothing that it relies on may be left out.
const EVERY_TRIAL: &str = "PAYPHONE_EVERY_TRIAL";

/// Says that a trial is left out, and why.
///
/// # Panics
/// Under `cargo xtask test`.
pub fn left_out(why: &str) {
    skipped(why);
    assert!(
        std::env::var_os(EVERY_TRIAL).is_none(),
        "left out, and {EVERY_TRIAL} is set: {why}"
    );
}

/// The same for a trial that takes something which not every machine has to have.
pub fn skipped(why: &str) {
    // Not by `println!`, which is kept from the terminal where a test succeeds.
    let _ = writeln!(std::io::stderr(), "\nskipped: {why}");
}
