//! One of several replicas of a service on PostgreSQL: started, asked to end, and started again on the same ports.

use std::{
    ffi::OsString,
    net::SocketAddr,
    process::{Child, ExitStatus},
    time::{Duration, Instant},
};

use xtask::stand::{Places, Proc, eventually, http, terminate};

use crate::{World, soon, world::PATIENCE};

/// A replica. Dropping it kills it.
pub struct Replica<'w> {
    world: &'w World,
    proc: Proc,
    name: String,
    places: Places,
    more: Vec<(String, String)>,
    child: Option<Child>,
}

impl<'w> Replica<'w> {
    /// Starts one, and waits until it is ready.
    pub fn start(
        world: &'w World,
        proc: Proc,
        name: &str,
        places: Places,
        more: &[(String, String)],
    ) -> Self {
        let mut replica = Self {
            world,
            proc,
            name: name.to_owned(),
            places,
            more: more.to_vec(),
            child: None,
        };
        replica.start_again();
        replica
    }

    /// Starts it after its end, and waits until it is ready.
    pub fn start_again(&mut self) {
        let started =
            self.world
                .stand
                .start_replica(self.proc, &self.name, self.places, &self.more);
        self.child = Some(started.expect("a replica"));
        soon("the replica is ready", || {
            let ended = self.child.as_mut().and_then(|child| child.try_wait().ok()?);
            assert!(ended.is_none(), "{ended:?}: {}", self.log());
            self.is_ready().then_some(())
        });
    }

    /// Asks it to end with SIGTERM, and waits for that; answers how it ended and how long that took.
    pub fn stop(&mut self) -> (ExitStatus, Duration) {
        let mut child = self.child.take().expect("it runs");
        let asked = Instant::now();
        terminate(&child).expect("SIGTERM");
        let ended = eventually(PATIENCE, || child.try_wait().expect("it can be looked at"));
        (ended.expect("it ends"), asked.elapsed())
    }

    /// Where it serves.
    pub fn public(&self) -> SocketAddr {
        self.places.public(self.proc)
    }

    /// Where it says whether it is ready.
    pub fn admin(&self) -> SocketAddr {
        self.places.admin(self.proc)
    }

    fn is_ready(&self) -> bool {
        let asked = http::get(self.admin(), "/readyz", Duration::from_secs(2));
        matches!(asked, Ok((200, _)))
    }

    /// Runs a sub-command with what this replica is told; answers what it said.
    pub fn tool(&self, args: &[&str]) -> String {
        let mut args: Vec<OsString> = args.iter().map(OsString::from).collect();
        args.extend(["--config".into(), self.world.stand.config(self.proc).into()]);
        let done = self.world.stand.tool_with(self.proc, &args, &self.more);
        String::from_utf8_lossy(&done.expect("the command succeeds").stdout).into_owned()
    }

    /// What it logged, since its first start.
    pub fn log(&self) -> String {
        let log = self
            .world
            .stand
            .data()
            .join(&self.name)
            .with_extension("log");
        std::fs::read_to_string(log).unwrap_or_default()
    }

    /// The name under which it has taken leases since it started last.
    pub fn holder(&self) -> Option<String> {
        let log = self.log();
        let (_, after) = log.rsplit_once("\"lease.holder\":\"")?;
        Some(after.split('"').next()?.to_owned())
    }
}

impl Drop for Replica<'_> {
    fn drop(&mut self) {
        if let Some(mut child) = self.child.take() {
            // It may have ended by itself; then the log says why, and the run has told.
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}
