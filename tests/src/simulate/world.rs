//! One world: processes of ours on one database, one AWS, one true time, and tasks under way that only the scheduler moves on.

use std::sync::Arc;

use chrono::Duration;
use control::config::MeteringConfig;
use db::Database;
use domain::Timestamp;
use tempfile::TempDir;
use tracing::subscriber::DefaultGuard;

use super::{
    Mode,
    desk::{Call, Desk, Verdict},
    judges::Memory,
    plan::Plan,
    process::{Process, Skew, Start},
    stage::{Came, Task},
    trace::Trace,
    truth::Truth,
    wire::Outside,
    work::{self, Kind, Work},
};
use crate::{
    card_plane::FakeCardPlane,
    clock::TestClock,
    database::{Plane, RawLook, TestDatabase, on_postgres},
    event_queue::FakeEventQueue,
    identity::FakeIdentity,
    logs::Logs,
    mailer::FakeMailer,
    marketplace::FakeMarketplace,
    random::Random,
};

/// Leases go by the database's own clock; in a world they run out when the scheduler says so and never by themselves, however slow the
/// machine is.
const LEASES_LAST: &str = "CREATE TRIGGER leases_last AFTER UPDATE OF until ON leases \
    WHEN NEW.until > 1 AND NEW.until < 9000000000000000 \
    BEGIN UPDATE leases SET until = 9000000000000000 WHERE name = NEW.name; END";

/// The world.
pub(super) struct World {
    pub seed: u64,
    pub mode: Mode,
    pub random: Random,
    pub plan: Plan,
    pub clock: TestClock,
    pub outside: Outside,
    pub desk: Arc<Desk>,
    pub db: Database,
    pub database: TestDatabase,
    pub raw: RawLook,
    pub start: Start,
    pub processes: Vec<Process>,
    pub tasks: Vec<Task>,
    pub truth: Truth,
    pub trace: Trace,
    /// What AWS has yet to deliver, and when (real time).
    pub pending: Vec<(Timestamp, String)>,
    pub memory: Memory,
    pub logs: Logs,
    /// Whether anything fails.
    pub stormy: bool,
    /// How many hours passed at once.
    pub hours: usize,
    tasks_made: u64,
    lives: u64,
    _folder: TempDir,
    _guard: DefaultGuard,
}

impl World {
    /// The world of a seed, with nobody in it yet.
    pub(super) async fn of(seed: u64, mode: Mode, usual: &[u64], every_line: bool) -> Self {
        // Both modes of a seed are worlds of their own.
        let mut random = Random::seeded(seed.wrapping_mul(2).wrapping_add(mode as u64));
        let plan = Plan::draw(&mut random, usual);
        let (logs, guard) = Logs::capture();
        for known in ALLOWED {
            logs.allow(known);
        }
        let folder = folder();
        let database = TestDatabase::fresh(Plane::Control, folder.path());
        if !on_postgres() {
            database.write(LEASES_LAST).await;
        }
        let db = Database::open_with(&database.url(), 1).await;
        let db = db.expect("the database opens");
        let clock = TestClock::at(plan.start);
        let outside = Outside {
            marketplace: Arc::new(FakeMarketplace::new(clock.clone())),
            identity: Arc::new(FakeIdentity::new()),
            mailer: Arc::new(FakeMailer::new()),
            queue: Arc::new(FakeEventQueue::new(clock.clone(), random.next())),
            card_plane: Arc::new(FakeCardPlane::new(clock.clone())),
        };
        outside.queue.reorders();
        outside.marketplace.ledger(|ledger| {
            ledger.repetition_is_duplicate = plan.repetition_is_duplicate;
            ledger.takes_first_hour = plan.takes_first_hour;
        });
        let desk = Arc::new(Desk::default());
        let start = Start {
            db: db.clone(),
            clock: clock.clone(),
            outside: outside.clone(),
            desk: Arc::clone(&desk),
            metering: MeteringConfig {
                calls_per_second: 1_000_000,
                ..MeteringConfig::default()
            },
        };
        let mut world = Self {
            seed,
            mode,
            random,
            clock,
            outside,
            desk,
            raw: RawLook::open(&database).await,
            db,
            database,
            start,
            processes: Vec::new(),
            tasks: Vec::new(),
            truth: Truth::default(),
            trace: Trace::new(every_line),
            pending: Vec::new(),
            memory: Memory::default(),
            logs,
            stormy: true,
            hours: 0,
            tasks_made: 0,
            lives: 0,
            _folder: folder,
            _guard: guard,
            plan,
        };
        for _ in 0..world.plan.processes {
            let process = world.life(Skew::default());
            world.processes.push(process);
        }
        let plan = format!("{:?}", world.plan);
        world.trace.note(&plan);
        world
    }

    fn life(&mut self, skew: Skew) -> Process {
        self.lives += 1;
        self.start
            .process(self.seed.rotate_left(32) ^ self.lives, skew)
    }

    /// A number below `bound`.
    pub(super) fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.random.below(bound as u64)).expect("a small number")
    }

    /// Begins a piece of work in a process.
    pub(super) async fn begin(&mut self, process: usize, name: String, work: Work) {
        self.tasks_made += 1;
        self.trace.note(&format!("p{process} begins {name}"));
        let task = Task::new(self.tasks_made, process, name, work);
        self.go_on(task).await;
    }

    /// Begins a round of background work, unless the process is at it.
    pub(super) async fn begin_round(&mut self, process: usize, kind: Kind) {
        if let Some(turn) = self.processes[process].turns.remove(&kind) {
            let work = work::round(&self.processes[process].app, kind, turn);
            self.begin(process, format!("{kind:?}"), work).await;
        }
    }

    /// Lets a call go on, and with it its task.
    pub(super) async fn tell(&mut self, call: Call, verdict: Verdict) {
        let at = self.tasks.iter().position(|task| task.id == call.task);
        let task = self.tasks.remove(at.expect("the call's task"));
        self.trace.note(&format!(
            "p{} {}: {} {:?} {verdict:?}",
            task.process, task.name, call.what, call.way
        ));
        self.desk.tell(call.id, verdict);
        let stale = self.is_stale(&task).await;
        let before = if stale {
            self.raw.version().await
        } else {
            String::new()
        };
        let name = task.name.clone();
        self.go_on(task).await;
        if stale && self.raw.version().await != before {
            self.truth.wrong.push(format!(
                "R-16: {name} changed something after its lease was lost"
            ));
        }
    }

    /// Whether another process has the lease of this task's work by now: then nothing it does may last.
    async fn is_stale(&mut self, task: &Task) -> bool {
        match &task.lease {
            Some(begun) => self.lease_of(&task.name).await != *begun,
            None => false,
        }
    }

    /// Who has the lease of a kind of work, and in which turn.
    async fn lease_of(&mut self, name: &str) -> Vec<String> {
        let kind = Kind::ALL
            .into_iter()
            .find(|kind| format!("{kind:?}") == name);
        let lease = kind.map_or("", Kind::lease);
        let sql = format!("SELECT holder, token FROM leases WHERE name = '{lease}'");
        self.rows(&sql).await.concat()
    }

    async fn go_on(&mut self, mut task: Task) {
        let dies = self.stormy && self.random.percent(self.plan.die);
        let draws = dies.then(|| self.random.below(12));
        self.desk.runs(task.id, draws);
        let came = task.run(&self.desk, &self.db).await;
        // Nobody dies while the world itself looks around.
        self.desk.runs(0, None);
        match came {
            Came::Waiting => {
                if task.lease.is_none() && !Self::is_request(&task) && task.name != "Receive" {
                    task.lease = Some(self.lease_of(&task.name).await);
                }
                self.tasks.push(task);
            }
            Came::Ended(outcome) => {
                let (process, name) = (task.process, task.name.clone());
                drop(task);
                self.ended(process, &name, outcome);
            }
            Came::Dead => {
                let process = task.process;
                self.trace
                    .note(&format!("p{process} dies within {}", task.name));
                drop(task);
                self.die(process).await;
            }
        }
    }

    /// A process ends hard: what it had under way is gone, and another life begins.
    pub(super) async fn die(&mut self, process: usize) {
        self.trace.note(&format!("p{process} begins anew"));
        self.tasks.retain(|task| task.process != process);
        let skew = self.processes[process].skew.clone();
        self.processes[process] = self.life(skew);
        // What was open in the database is rolled back before anybody else gets the connection.
        self.db.ping().await.expect("the database answers");
    }

    /// The client of a request goes away.
    pub(super) async fn abandon(&mut self, at: usize) {
        let task = self.tasks.remove(at);
        self.trace
            .note(&format!("p{} {} is given up", task.process, task.name));
        drop(task);
        self.db.ping().await.expect("the database answers");
    }

    /// Whether a task is somebody's request, not background work.
    pub(super) fn is_request(task: &Task) -> bool {
        Kind::ALL
            .iter()
            .all(|kind| format!("{kind:?}") != task.name)
    }

    /// The time of a lease is over, by the database's clock.
    pub(super) async fn lease_runs_out(&mut self, names: &str) {
        let sql = format!("UPDATE leases SET until = 1 WHERE until > 1 AND {names}");
        self.database.write(&sql).await;
    }

    /// Time passes, for everybody.
    pub(super) fn passes(&mut self, by: Duration) {
        self.clock.advance(by);
        self.trace.note(&format!("it is {}", self.clock.now()));
    }

    /// What AWS has to deliver by now is in the queue.
    pub(super) fn deliver(&mut self) {
        let now = self.clock.real_now();
        let due: Vec<_> = self.pending.extract_if(.., |(at, _)| *at <= now).collect();
        for (_, body) in due {
            self.outside.queue.put(body);
        }
    }

    /// The rows of a query past every door.
    pub(super) async fn rows(&mut self, sql: &str) -> Vec<Vec<String>> {
        self.raw.rows(sql).await
    }

    /// The end of the world.
    pub(super) async fn ends(self) {
        let Self {
            tasks,
            db,
            start,
            processes,
            ..
        } = self;
        drop(tasks);
        drop(processes);
        drop(start);
        db.close().await;
    }
}

/// What may be logged as an error, since a person is to look: units that AWS will not bill, and what nobody answers for long.
const ALLOWED: [&str; 5] = [
    "units ended unbilled",
    "AWS does not tell how a licence is paid for",
    "a mail could not be sent and is given up",
    // Processes die by what unwinds through them; a panic of the product has another line.
    "a job was torn away",
    "a job was begun five times and never ended",
];

/// In memory where there is such a place: nothing here is about disks.
fn folder() -> TempDir {
    let memory = std::path::Path::new("/dev/shm");
    let folder = if memory.is_dir() {
        tempfile::tempdir_in(memory)
    } else {
        tempfile::tempdir()
    };
    folder.expect("a temporary folder")
}
