//! Keeps the process's memory to itself: no core dumps, no debugger of another process, new files for the owner alone.
//! A core dump of this process would be a copy of unwrapped private keys (PCI DSS 3.7).

use rustix::process::{Resource, Rlimit, setrlimit, umask};

/// Takes effect for the whole process; the error is a sentence.
pub(crate) fn protect() -> Result<(), String> {
    let none = Rlimit {
        current: Some(0),
        maximum: Some(0),
    };
    setrlimit(Resource::Core, none)
        .map_err(|error| format!("core dumps cannot be switched off: {error}"))?;
    umask(rustix::fs::Mode::RWXG | rustix::fs::Mode::RWXO);
    undumpable()
}

#[cfg(target_os = "linux")]
fn undumpable() -> Result<(), String> {
    use rustix::process::{DumpableBehavior, set_dumpable_behavior};
    set_dumpable_behavior(DumpableBehavior::NotDumpable)
        .map_err(|error| format!("the process cannot be made undumpable: {error}"))
}

/// Elsewhere the limit on core dumps has to do.
#[cfg(not(target_os = "linux"))]
fn undumpable() -> Result<(), String> {
    Ok(())
}
