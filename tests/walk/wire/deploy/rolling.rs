//! two replicas of each service behind a balancer that follows readiness, restarted one after the other under load, also while
//! the schema of the next version comes: no request fails, nothing that was acknowledged is lost or doubled.
//! One program on two schemas: there is no release before this one, so no program of a version before exists. From the first release on,
//! replicas begin here as the programs kept of the release before, and `migrate` of this one takes the place of `EXPAND` (docs/faults.md).

use std::{
    collections::BTreeMap,
    sync::{
        Mutex,
        atomic::{AtomicBool, AtomicI64, AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use reqwest::{
    blocking::RequestBuilder,
    header::{CONTENT_TYPE, COOKIE},
};
use serde_json::Value;
use walk::{
    Balancer, Book, Buyer, Replica, World, soon,
    world::{client, database_of},
};
use xtask::stand::{HostMode, Places, Proc};

/// The contract: from SIGTERM to the end.
const END: Duration = Duration::from_secs(25);
/// What each replica serves on for, in seconds; the balancer looks every 50 ms.
const GRACE: &str = "2";

/// What a version after this one would do first: a column and a table more, and a line that says so.
const EXPAND: &str = "SET lock_timeout = 5000; ALTER TABLE tenants ADD COLUMN of_the_next_version text; \
    CREATE TABLE of_the_next_version (id text PRIMARY KEY); \
    INSERT INTO seaql_migrations (version, applied_at) VALUES ('m20991231_000001_of_the_next_version', 0)";

#[derive(Default)]
struct Load {
    over: AtomicBool,
    answered: AtomicUsize,
    acknowledged: AtomicI64,
    failures: Mutex<Vec<String>>,
}

impl Load {
    /// Sends the requests of one client, one after the other over its own connections, until it is over.
    fn run(
        &self,
        mut request: impl FnMut(u32) -> RequestBuilder,
        mut judge: impl FnMut(&str) -> bool,
    ) {
        for number in 0.. {
            if self.over.load(Ordering::SeqCst) {
                return;
            }
            let answered = request(number).send().and_then(|answer| {
                let (status, url) = (answer.status(), answer.url().clone());
                answer.text().map(|text| (status, url, text))
            });
            self.answered.fetch_add(1, Ordering::SeqCst);
            match answered {
                Ok((status, _, text)) if status.is_success() && judge(&text) => {}
                Ok((status, url, text)) => self.failed(format!("{url} answered {status}: {text}")),
                Err(error) => self.failed(format!("{error:?}")),
            }
        }
    }

    fn failed(&self, what: String) {
        self.failures.lock().unwrap().push(what);
    }
}

#[test]
fn a_rolling_restart_under_load_fails_no_request_also_while_the_schema_of_the_next_version_comes() {
    let world = World::start_on_postgres(2048);
    let buyer = Buyer::settled(&world, &serde_json::json!({}));
    let key = buyer.api_key("live", &["usage:write", "usage:read"]);
    // Their places are the replicas' now.
    for proc in [Proc::Control, Proc::Card] {
        let ended = world.stand.stop(proc).unwrap().unwrap();
        assert!(ended.success(), "{ended}");
    }
    let more = [
        ("PAYPHONE__SHUTDOWN__GRACE_SECONDS", GRACE),
        ("PAYPHONE_CARD__SHUTDOWN__GRACE_SECONDS", GRACE),
        ("PAYPHONE__LIMITS__USAGE_EVENTS_PER_MINUTE", "1000000"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()));
    let hosts = HostMode::detect();
    let others = Places::new(hosts, Places::free_base(hosts).unwrap()).unwrap();
    let mut replicas = Vec::new();
    for proc in [Proc::Card, Proc::Control] {
        for (number, places) in [(1, world.stand.places()), (2, others)] {
            let name = format!("{}-{number}", proc.binary());
            replicas.push(Replica::start(&world, proc, &name, places, &more));
        }
    }
    let balanced = |of: &[Replica<'_>]| {
        let of: Vec<_> = of.iter().map(|one| (one.public(), one.admin())).collect();
        Balancer::start(&of)
    };
    let balancers = [balanced(&replicas[..2]), balanced(&replicas[2..])];
    let [card, control] = balancers.each_ref().map(Balancer::url);
    let (load, begun) = (Load::default(), Instant::now());
    thread::scope(|scope| {
        for writer in 0..3 {
            let (load, buyer, key, control) = (&load, &buyer, &key, &control);
            let now = world.sim("clock")["now"].as_str().unwrap().to_owned();
            scope.spawn(move || {
                let http = client();
                let event = |number| buyer.event(&format!("{writer}-{number}"), &now, 1);
                load.run(
                    |number| {
                        let request = http.post(format!("{control}/api/v1/usage-events"));
                        let request = request.bearer_auth(key).body(event(number).to_string());
                        request.header(CONTENT_TYPE, "application/cloudevents+json")
                    },
                    |text| {
                        let answer: Value = serde_json::from_str(text).unwrap_or_default();
                        let taken = answer["items"][0]["status"] == "accepted";
                        load.acknowledged.fetch_add(taken.into(), Ordering::SeqCst);
                        taken
                    },
                );
            });
        }
        let pages = [
            format!("{control}/"),
            format!("{control}/usage"),
            format!("{control}/api/v1/keys"),
            format!("{card}/openapi.json"),
        ];
        for page in pages {
            let (load, buyer) = (&load, &buyer);
            scope.spawn(move || {
                let http = client();
                let get = |_| http.get(&page).header(COOKIE, buyer.owner.cookie());
                load.run(get, |text| !text.is_empty());
            });
        }
        // Whatever goes wrong in here is told after the load has ended.
        let restarted = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            restart_all(&world, &mut replicas, &balancers);
            expand(&world);
            restart_all(&world, &mut replicas, &balancers);
        }));
        load.over.store(true, Ordering::SeqCst);
        restarted.unwrap_or_else(|panic| std::panic::resume_unwind(panic));
    });
    let answered = load.answered.load(Ordering::SeqCst);
    let failures = load.failures.into_inner().unwrap();
    let took = begun.elapsed().as_secs_f64();
    #[expect(clippy::cast_precision_loss, reason = "a figure to read")]
    let rate = answered as f64 / took;
    println!(
        "{answered} requests in {took:.1} s ({rate:.0} a second), {} failed",
        failures.len()
    );
    assert!(
        failures.is_empty(),
        "{} of {answered}: {:#?}",
        failures.len(),
        &failures[..failures.len().min(5)]
    );
    drop(balancers);
    let units = load.acknowledged.into_inner();
    assert!(units > 0);
    world.advance(2 * 3600);
    soon("AWS's books hold every acknowledged unit once", || {
        (Book::read(&world).total(&buyer.license_arn, "payments") == units).then_some(())
    });
    assert_eq!(Book::read(&world).refused, Vec::<Value>::new());
    println!("{units} usage events acknowledged, 0 lost, 0 doubled");
}

/// One after the other, as a deployment does; the next only when the balancer sees the one before.
fn restart_all(world: &World, replicas: &mut [Replica<'_>], balancers: &[Balancer; 2]) {
    for (at, replica) in replicas.iter_mut().enumerate() {
        let holder = replica.holder();
        let (status, took) = replica.stop();
        assert_eq!(status.code(), Some(0), "{status}: {}", replica.log());
        assert!(took <= END, "{took:?}");
        // what it had is free at once, and need not run out.
        if let Some(holder) = holder {
            let sql = format!(
                "SELECT count(*) FROM leases WHERE holder = '{holder}' AND until > extract(epoch FROM clock_timestamp()) * 1000"
            );
            assert_eq!(
                world.cluster().ask("payphone", &sql),
                "0",
                "leases of who ended"
            );
        }
        replica.start_again();
        balancers[at / 2].wait_for(replica.public());
    }
}

/// The schema of the next version under load; then this version's `migrate`, twice at once, finds nothing to do and takes nothing away.
fn expand(world: &World) {
    let cluster = world.cluster();
    cluster.ask("payphone", EXPAND);
    let mut said = BTreeMap::new();
    thread::scope(|scope| {
        let migrate = |proc| {
            let args = [
                "migrate".into(),
                "--config".into(),
                world.stand.config(proc).into(),
            ];
            let owner = [database_of(cluster, proc, "owner")];
            let done = world.stand.tool_with(proc, &args, &owner).expect("migrate");
            String::from_utf8_lossy(&done.stdout).trim().to_owned()
        };
        let runs = [Proc::Control, Proc::Control, Proc::Card];
        let runs = runs.map(|proc| scope.spawn(move || migrate(proc)));
        for run in runs {
            *said.entry(run.join().unwrap()).or_insert(0) += 1;
        }
    });
    let newer = "the database is up to date, and has 1 migration(s) of a newer version, which stay";
    assert_eq!(
        said,
        BTreeMap::from([
            (newer.to_owned(), 2),
            ("the database is up to date".to_owned(), 1)
        ])
    );
    let kept =
        "SELECT count(*) FROM information_schema.columns WHERE column_name = 'of_the_next_version'";
    assert_eq!(cluster.ask("payphone", kept), "1");
}
