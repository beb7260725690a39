//! The step scheduler: one decision a step, drawn from the seed. Either a call that waits goes on, well or badly, or something new
//! happens: work begins, people act, AWS speaks, time passes, a process dies, a lease runs out.

use chrono::{Duration, Timelike};

use super::{
    desk::{Call, Verdict, Way},
    work::{self, Kind},
    world::World,
};

/// How many hours pass at once in a world without leaps, where no record may run out of its day.
const MOST_HOURS: usize = 4;
/// How much may be under way at once.
const MOST_TASKS: usize = 8;

/// Something new.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Deed {
    Round,
    Buy,
    Post,
    Form,
    Use,
    Peek,
    SignIn,
    Invite,
    Accept,
    Remove,
    AwsSpeaks,
    Cancel,
    Minutes,
    NextHour,
    Seconds,
    Leap,
    Skew,
    LeaseRunsOut,
    Prolong,
    Die,
    Abandon,
    Poison,
}

/// Every deed with its usual weight; a seed's plan multiplies each by a number of its own.
pub(super) const DEEDS: [(Deed, u64); 22] = [
    (Deed::Round, 60),
    (Deed::Buy, 3),
    (Deed::Post, 10),
    (Deed::Form, 6),
    (Deed::Use, 16),
    (Deed::Peek, 1),
    (Deed::SignIn, 4),
    (Deed::Invite, 6),
    (Deed::Accept, 6),
    (Deed::Remove, 3),
    (Deed::AwsSpeaks, 3),
    (Deed::Cancel, 1),
    (Deed::Minutes, 8),
    (Deed::NextHour, 6),
    (Deed::Seconds, 6),
    (Deed::Leap, 3),
    (Deed::Skew, 1),
    (Deed::LeaseRunsOut, 3),
    (Deed::Prolong, 1),
    (Deed::Die, 2),
    (Deed::Abandon, 1),
    (Deed::Poison, 1),
];

/// The usual weights alone.
pub(super) fn usual() -> [u64; DEEDS.len()] {
    DEEDS.map(|(_, weight)| weight)
}

impl World {
    /// One step.
    pub(super) async fn step(&mut self) {
        self.trace.step += 1;
        self.deliver();
        let waiting = self.desk.waiting();
        let full = self.tasks.len() >= MOST_TASKS;
        if !waiting.is_empty() && (full || self.random.percent(65)) {
            let call = waiting[self.below(waiting.len())];
            let verdict = self.verdict(call);
            self.tell(call, verdict).await;
            return;
        }
        let deed = self.deed();
        self.does(deed).await;
    }

    /// How a call goes on in this weather.
    fn verdict(&mut self, call: Call) -> Verdict {
        let fails = match call.way {
            Way::Out => self.plan.fail_out,
            Way::Back => self.plan.fail_back,
        };
        if self.random.percent(fails) {
            return Verdict::Fail;
        }
        let odd = (call.what, call.way) == ("BatchMeterUsage", Way::Out);
        if odd && self.random.percent(self.plan.odd) {
            return Verdict::Odd(self.random.next());
        }
        Verdict::Go
    }

    fn deed(&mut self) -> Deed {
        let total: u64 = self.plan.weights.iter().sum();
        let mut at = self.random.below(total.max(1));
        for ((deed, _), weight) in DEEDS.iter().zip(&self.plan.weights) {
            if at < *weight {
                return *deed;
            }
            at -= weight;
        }
        Deed::Round
    }

    async fn does(&mut self, deed: Deed) {
        let process = self.below(self.processes.len());
        match deed {
            Deed::Round => {
                // The loops of a process run side by side.
                for _ in 0..4 {
                    let kind = *self.random.one_of(&Kind::ALL);
                    self.begin_round(process, kind).await;
                }
            }
            Deed::Buy => self.somebody_buys(),
            Deed::Post => self.posts(process).await,
            Deed::Form => self.fills_in(process).await,
            Deed::Use => self.uses(process).await,
            Deed::Peek => self.peeks(process).await,
            Deed::SignIn => self.signs_in(process).await,
            Deed::Invite => self.invites(process).await,
            Deed::Accept => self.accepts(process).await,
            Deed::Remove => self.removes(process).await,
            Deed::AwsSpeaks => self.aws_speaks(),
            Deed::Cancel => self.cancels(),
            Deed::Minutes => {
                let by = 1 + self.random.below(20);
                self.passes(Duration::minutes(whole(by)));
            }
            Deed::NextHour if self.hours < MOST_HOURS || self.plan.leaps => {
                self.hours += 1;
                let past = 60 - whole(u64::from(self.clock.now().minute())) + 6;
                self.passes(Duration::minutes(past));
            }
            Deed::NextHour => {}
            Deed::Seconds => {
                let by = self.random.below(90_000);
                self.passes(Duration::milliseconds(whole(by)));
            }
            Deed::Leap => self.leaps(),
            Deed::Skew => self.skews(process),
            Deed::LeaseRunsOut => {
                let kind = *self.random.one_of(&Kind::ALL[1..]);
                self.trace.note(&format!("the lease of {kind:?} runs out"));
                self.lease_runs_out(&format!("name = '{}'", kind.lease()))
                    .await;
            }
            Deed::Prolong => {
                let work = work::prolong(&self.processes[process].app);
                self.begin(process, "heartbeat".to_owned(), work).await;
            }
            Deed::Die => {
                self.die(process).await;
                // Mostly others wait until its leases are over; sometimes they go on only later.
                if self.random.percent(80) {
                    self.lease_runs_out("until > 0").await;
                }
            }
            Deed::Abandon => {
                let requests: Vec<usize> = (0..self.tasks.len())
                    .filter(|at| Self::is_request(&self.tasks[*at]))
                    .collect();
                if !requests.is_empty() {
                    let at = requests[self.below(requests.len())];
                    self.abandon(at).await;
                }
            }
            Deed::Poison => self.poisons(),
        }
    }

    /// Hours pass at once, or a day and more: a machine that slept, a queue that nobody read.
    fn leaps(&mut self) {
        if !self.plan.leaps {
            return;
        }
        let hours = match self.random.below(10) {
            0 => 20 + self.random.below(16),
            1 => 24 * (2 + self.random.below(14)),
            _ => 1 + self.random.below(5),
        };
        self.passes(Duration::hours(whole(hours)));
    }

    /// A process's clock is a quarter of an hour off at most, or jumps back by an hour.
    fn skews(&mut self, process: usize) {
        if !self.plan.skew {
            return;
        }
        let by = match self.random.below(4) {
            0 => Duration::zero(),
            1 => Duration::hours(-1),
            _ => Duration::milliseconds(whole(self.random.below(1_800_000)) - 900_000),
        };
        self.processes[process].skew.set(by);
        self.trace.note(&format!("p{process} is {by} off"));
    }
}

/// A small number as chrono wants it.
pub(super) fn whole(number: u64) -> i64 {
    i64::try_from(number).expect("a small number")
}
