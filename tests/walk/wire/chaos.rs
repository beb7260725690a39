//! kill -9 of any of the three processes at random moments of the walk, while AWS throttles, fails and loses answers, events come twice,
//! late and in storms, processes stand still, clocks jump over hours, and the lines to AWS and PostgreSQL are cut, go silent or drip:
//! nothing stuck, nothing doubled, every unit metered once.
//! `CHAOS_KILLS` (20) and `CHAOS_SEED` choose how many and which; the seed is printed, so that a failure can be run again.

mod trouble;

use std::{
    collections::BTreeMap,
    sync::{
        Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use rand::{RngExt, SeedableRng, rngs::StdRng, seq::SliceRandom};
use reqwest::blocking::Response;
use serde_json::{Value, json};
use testkit::{count::count, database::on_postgres};
use trouble::Troubles;
use walk::{Book, Buyer, Worker, World, soon};
use xtask::stand::{Proc, eventually, looking};

/// What the control plane acknowledged: units by licence.
type Acknowledged = Mutex<BTreeMap<String, i64>>;

/// What AWS does all the while, by chance.
fn aws_has_a_bad_day(world: &World, seed: u64) {
    for (operation, kind, probability) in [
        ("*", "throttle", 0.1),
        ("*", "serverError", 0.03),
        ("*", "lostAnswer", 0.05),
        ("BatchMeterUsage", "partialBatch", 0.2),
        ("events", "duplicate", 0.5),
        ("events", "reorder", 0.3),
    ] {
        let fault = json!({ "operation": operation, "kind": kind, "probability": probability, "seed": seed });
        world.tell_sim("faults", &fault);
    }
}

/// Whether AWS's books are two hours behind the clock, or nobody can say. AWS takes no record that is older than six hours: five hundred
/// kills put the clock forward by sixty in half an hour, and what is not sent in time because of that is the clock's doing.
fn is_far_behind(world: &World) -> bool {
    gauges(world, "metering_oldest_unsent_seconds")
        .first()
        .and_then(|line| line.rsplit(' ').next()?.parse::<f64>().ok())
        .is_none_or(|seconds| seconds > 2.0 * 3600.0)
}

/// The lines of a metric, as the control plane tells them; none while it does not answer.
fn gauges(world: &World, name: &str) -> Vec<String> {
    let admin = &world.ready.addresses.control_admin;
    let asked = world.http.get(format!("{admin}/metrics")).send();
    let told = asked.and_then(Response::text).unwrap_or_default();
    let lines = told.lines().filter(|line| line.starts_with(name));
    lines.map(str::to_owned).collect()
}

/// Every event so far comes again, several times and in any order.
fn event_storm(world: &World, random: &mut StdRng) -> usize {
    let known = world.operator("events");
    let body = |event: &Value| serde_json::from_str::<Value>(event["body"].as_str()?).ok();
    let mut storm: Vec<Value> = known.iter().filter_map(body).collect();
    storm = [storm.clone(), storm.clone(), storm].concat();
    storm.shuffle(random);
    storm.truncate(300);
    world.tell_sim("events", &json!(storm));
    storm.len()
}

/// To a second before the hour is over, and a moment later over it.
fn over_the_hour(world: &World) {
    let clock = world.sim("clock");
    let now = clock["now"].as_str().expect("a time");
    let number = |range| {
        now.get(range)
            .and_then(|text: &str| text.parse::<u64>().ok())
    };
    let into = number(14..16).expect("minutes") * 60 + number(17..19).expect("seconds");
    world.advance(3599_u64.saturating_sub(into).max(1));
    world.advance(2);
}

///
#[test]
fn chaos() {
    let kills = count("CHAOS_KILLS", 20_u64);
    let seed = count("CHAOS_SEED", 1_u64);
    println!("chaos: {kills} kills, seed {seed}");
    let world = World::over_lines(2048);
    let acknowledged = Acknowledged::default();
    let over = AtomicBool::new(false);
    let walked = AtomicUsize::new(0);
    aws_has_a_bad_day(&world, seed);
    let (mut redelivered, mut waited, mut moved, mut hours) = (0, 0, 0, 0);
    let mut troubles = Troubles::default();
    let buyers = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for worker in 0..3 {
            let (world, acknowledged, over, buyers, walked) =
                (&world, &acknowledged, &over, &buyers, &walked);
            scope.spawn(move || {
                while !over.load(Ordering::SeqCst) {
                    let buyer = walk_in_spite_of_faults(world, worker, acknowledged, over);
                    walked.fetch_add(1, Ordering::SeqCst);
                    buyers.lock().expect("no poison").push(buyer);
                }
            });
        }
        let mut random = StdRng::seed_from_u64(seed);
        // On PostgreSQL a second control plane works beside the first, and dies and stalls as well.
        let mut worker = on_postgres().then(|| Worker::start(&world));
        for kill in 1..=kills {
            if let Some(worker) = &mut worker {
                match kill % 10 {
                    3 | 8 => worker.kill_and_restart(),
                    5 => worker.stalls(),
                    _ => {}
                }
                if kill == kills.div_ceil(2) {
                    takes_over(&world, worker);
                }
            }
            let proc = Proc::ALL[random.random_range(0..3)];
            let moment = Duration::from_millis(random.random_range(20..900));
            let _ = xtask::stand::eventually(moment, || None::<()>);
            world.kill_and_restart(proc);
            println!("kill {kill}: {} after {moment:?}", proc.binary());
            match random.random_range(0..10) {
                what @ 0..=2 => {
                    let by = random.random_range(600..2400);
                    if is_far_behind(&world) {
                        waited += 1;
                    } else if what == 2 {
                        hours += 1;
                        over_the_hour(&world);
                    } else {
                        moved += 1;
                        world.advance(by);
                    }
                }
                3 => redelivered += event_storm(&world, &mut random),
                4 => world.stalls(Proc::ALL[random.random_range(0..3)]),
                5..=8 => troubles.happens(world.lines(), &mut random),
                _ => {}
            }
        }
        over.store(true, Ordering::SeqCst);
        if let Some(worker) = &worker {
            let lost = worker.lost();
            println!("{lost} changes of the second control plane came too late and were refused");
            // of a hundred kills ten or so stop it for longer than its leases.
            assert!(
                kills < 100 || lost > 0,
                "a process that was stopped never came too late"
            );
        }
    });
    let faults = world.sim("faults");
    let hits = |fault: &Value| fault["hits"].as_u64().unwrap_or_default();
    let hits: u64 = faults["items"]
        .as_array()
        .expect("a list")
        .iter()
        .map(hits)
        .sum();
    assert!(hits > kills, "AWS failed {hits} times");
    world.mends_sim();
    let mut buyers = buyers.into_inner().expect("no poison");
    println!(
        "walked: {} buyers; AWS failed {hits} times, {redelivered} events came again in storms, the clock was put forward {moved} times and over the hour {hours} times, and stood still {waited} times until AWS's books were less behind",
        buyers.len()
    );
    assert!(kills < 20 || moved + hours > 0, "no time went by");
    println!("{troubles}");
    assert!(kills < 20 || troubles.some(), "{troubles}");
    nothing_is_stuck(&world, &buyers);
    nobody_is_locked_out(&world, &mut buyers);
    every_unit_is_metered_once(&world, &acknowledged.into_inner().expect("no poison"));
}

/// the first control plane is killed and stays away; the second has all of its work within ten seconds.
fn takes_over(world: &World, worker: &Worker<'_>) {
    const BOUND: Duration = Duration::from_secs(10);
    world.stand.kill9(Proc::Control).expect("kill -9");
    let killed = Instant::now();
    soon("the second control plane has the work", || {
        worker.has_everything().then_some(())
    });
    let took = killed.elapsed();
    println!(
        "the work was taken over after {:.2} of the bound",
        took.as_secs_f64() / BOUND.as_secs_f64()
    );
    assert!(took < BOUND, "{took:?}");
    world.stand.start(Proc::Control).expect("a new start");
    world
        .stand
        .wait_ready(Proc::Control, Duration::from_mins(2))
        .expect("ready again");
}

fn walk_in_spite_of_faults(
    world: &World,
    worker: usize,
    acknowledged: &Acknowledged,
    over: &AtomicBool,
) -> Buyer {
    let agreement = soon("a purchase", || {
        let body = json!({ "productCode": world.ready.product_code, "pricing": "subscription" });
        let response = world
            .http
            .post(world.sim_url("agreements"))
            .json(&body)
            .send()
            .ok()?;
        response.json::<Value>().ok()
    });
    let mut buyer = Buyer::of(world, &agreement);
    buyer.register_in_spite_of_faults();
    soon("the form is taken", || {
        buyer
            .post_welcome("Ann")
            .ok()
            .filter(|response| response.status() == 303)
    });
    buyer.owner.sign_in_in_spite_of_faults();
    let key = soon("an API key", || {
        let response = buyer.post_api_key("live", &["usage:write"]).ok()?;
        assert!(
            response.status().is_success() || response.status().is_server_error(),
            "a signed-in owner was answered {}",
            response.status()
        );
        response.json::<Value>().ok()?["secret"]
            .as_str()
            .map(str::to_owned)
    });
    // While faults go on nothing promises an end: each look that fails is followed by a longer pause. Once they are over, one is promised.
    let is_set_up = || buyer.is_set_up().then_some(());
    let look = Duration::from_secs(5);
    while !over.load(Ordering::SeqCst) && eventually(look, is_set_up).is_none() {}
    soon("the tenant is set up", is_set_up);
    for number in 0..10 {
        let quantity = 1 + number;
        let id = format!("{worker}-{number}");
        let now = soon("the clock", || {
            let response = world.http.get(world.sim_url("clock")).send().ok()?;
            response.json::<Value>().ok()?["now"]
                .as_str()
                .map(str::to_owned)
        });
        let event = buyer.event(&id, &now, quantity);
        soon("the usage event is taken", || {
            let response = buyer.post_usage(&key, &event).ok()?;
            if !response.status().is_success() {
                return None;
            }
            let result = response.json::<Value>().ok()?["items"][0].clone();
            // The control plane hears of a moved clock within a quarter of a second.
            if result["reason"] == "time_in_future" {
                return None;
            }
            assert!(
                result["status"] == "accepted" || result["status"] == "duplicate",
                "{result}"
            );
            Some(())
        });
        let mut acknowledged = acknowledged.lock().expect("no poison");
        *acknowledged.entry(buyer.license_arn.clone()).or_default() += i64::from(quantity);
        drop(acknowledged);
        if over.load(Ordering::SeqCst) {
            break;
        }
    }
    buyer
}

/// I4 and I6.
fn nothing_is_stuck(world: &World, buyers: &[Buyer]) {
    for buyer in buyers {
        soon("every tenant is set up", || buyer.is_set_up().then_some(()));
    }
    let registrations = world.operator("registrations");
    assert_eq!(
        registrations.len(),
        buyers.len(),
        "one registration for each purchase"
    );
    for registration in &registrations {
        assert_eq!(registration["state"], "done", "{registration}");
    }
    soon("the inbox is applied", || {
        world
            .operator("events")
            .iter()
            .all(|event| event["state"] != "new")
            .then_some(())
    });
}

/// Everybody signs in once more with what they know (in a long run their session was idle for too long), has one key pair, and is still the owner of one tenant; what was written down about it all holds.
fn nobody_is_locked_out(world: &World, buyers: &mut [Buyer]) {
    for buyer in &mut *buyers {
        buyer.sign_in();
        let keys = buyer.json("/api/v1/keys");
        let keys = keys["items"].as_array().expect("a list");
        assert_eq!(keys.len(), 1, "one key pair each");
        let account = buyer.json("/api/v1/account");
        assert_eq!(
            account["tenants"].as_array().map(Vec::len),
            Some(1),
            "{account}"
        );
        assert_eq!(account["tenants"][0]["role"], "owner", "{account}");
    }
    let users = world.sim("users");
    let users = users["items"].as_array().expect("a list");
    assert_eq!(
        users.len(),
        buyers.len() + 1,
        "one user each, and the operator"
    );
    println!(
        "audit: {}",
        world.verify_audit().lines().last().unwrap_or_default()
    );
}

/// AWS's books once they hold every acknowledged unit. That may take as long as they grow, after hundreds of buyers and many hours: what
/// nothing forbids is that they are long, and what may not be is that they stand still.
fn settled_book(world: &World, acknowledged: &BTreeMap<String, i64>) -> Book {
    let (mut lines, mut grew) = (0, Instant::now());
    looking(Duration::from_secs(1), Duration::from_mins(30), || {
        let book = Book::read(world);
        let missing: Vec<_> = acknowledged
            .iter()
            .filter(|(arn, units)| book.total(arn, "payments") < **units)
            .collect();
        if missing.is_empty() {
            return Some(book);
        }
        if book.units.len() > lines {
            (lines, grew) = (book.units.len(), Instant::now());
        }
        assert!(
            grew.elapsed() < Duration::from_mins(2),
            "AWS's books stand still at {lines} lines, and {} of {} licences lack units: {:?}; {:?}",
            missing.len(),
            acknowledged.len(),
            missing.first(),
            gauges(world, "metering_")
        );
        None
    })
    .expect("AWS's books hold every acknowledged unit")
}

/// I1 and I2, with AWS's books as the judge.
fn every_unit_is_metered_once(world: &World, acknowledged: &BTreeMap<String, i64>) {
    world.advance(2 * 3600);
    let book = settled_book(world, acknowledged);
    assert_eq!(
        book.refused,
        Vec::<Value>::new(),
        "nothing was sent that AWS did not honour"
    );
    for (arn, units) in acknowledged {
        assert_eq!(book.total(arn, "payments"), *units, "units of {arn}");
    }
    println!(
        "metered: {} units of {} licences, 0 lost, 0 doubled",
        acknowledged.values().sum::<i64>(),
        acknowledged.len()
    );
}
