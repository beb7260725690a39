//! One more control plane that works beside the first, on PostgreSQL: killed, or stopped for longer than its leases.

use std::{
    process::{Child, Command},
    time::Duration,
};

use crate::World;

/// Twice as long as a lease lasts.
const STALL: Duration = Duration::from_secs(12);

/// The second replica. Dropping it kills it.
pub struct Worker<'w> {
    world: &'w World,
    child: Child,
}

impl<'w> Worker<'w> {
    /// Starts it.
    pub fn start(world: &'w World) -> Self {
        Self {
            world,
            child: spawn(world),
        }
    }

    /// Kills it at once and starts it again.
    pub fn kill_and_restart(&mut self) {
        self.kill();
        self.child = spawn(self.world);
    }

    /// It stands still in the middle of whatever it does, and goes on when its leases are others'.
    pub fn stalls(&self) {
        stalls(self.child.id(), STALL);
    }

    /// Whether it has taken the lease of all work since it started.
    pub fn has_everything(&self) -> bool {
        const WORK: [&str; 9] = [
            "events",
            "registrations",
            "users",
            "mails",
            "sealing",
            "pricing",
            "sending",
            "sweep",
            "audit",
        ];
        let log = self.log();
        let since = log.rfind("\"listening\"").unwrap_or_default();
        let taken = |name: &&str| {
            let line = format!("\"a lease was taken\",\"lease.name\":\"{name}\"");
            log[since..].contains(&line)
        };
        WORK.iter().all(taken)
    }

    /// How often work of its was refused because the lease had gone to somebody else meanwhile.
    pub fn lost(&self) -> usize {
        let log = self.log();
        log.lines()
            .filter(|line| line.contains("lease_lost"))
            .count()
    }

    /// What it logged.
    pub fn log(&self) -> String {
        let log = self.world.stand.data().join("worker.log");
        std::fs::read_to_string(log).unwrap_or_default()
    }

    fn kill(&mut self) {
        // It may have ended by itself; then the log says why, and the run will tell.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A process stands still in the middle of whatever it does, and goes on after that time.
pub(crate) fn stalls(id: u32, time: Duration) {
    let signal = |name: &str| {
        let sent = Command::new("/bin/sh")
            .args(["-c", "kill -s $0 $1", name, &id.to_string()])
            .status();
        assert!(sent.is_ok_and(|sent| sent.success()), "SIG{name}");
    };
    signal("STOP");
    let _ = xtask::stand::eventually(time, || None::<()>);
    signal("CONT");
}

fn spawn(world: &World) -> Child {
    let started = world.stand.start_worker("worker");
    started.expect("a second control plane")
}

impl Drop for Worker<'_> {
    fn drop(&mut self) {
        self.kill();
    }
}
