//! The suite `jobs`: background work on fakes of the ports, with the clocks in the test's hand.
#![expect(
    clippy::print_stdout,
    reason = "what was measured is printed, beside its limit"
)]
#![expect(
    clippy::unwrap_used,
    reason = "helpers of tests: whatever is not as it should be ends the test"
)]

mod benches;
mod conservation;
mod disk_full;
mod failover;
mod final_flush;
mod first_hour;
mod inbox;
mod jobs;
mod kills;
mod late_usage;
mod leases;
mod measure;
mod orders;
mod poison;
mod postgres_stops;
mod provisioning;
mod sealing;
mod sending;
mod simulate;
mod stalled;
mod storm;
mod verdicts;
mod window;
