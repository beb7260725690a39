//! R-18 in its simple form: both databases are backed up under load with the very commands of `docs/runbooks/restore.md`, time goes on and
//! hours are billed, and the backup is restored elsewhere: nothing is charged twice, what changed ends in conflict, and billing goes on.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    sync::atomic::{AtomicBool, AtomicU32, Ordering},
    thread,
};

use serde_json::{Value, json};
use testkit::{database::on_postgres, postgres::Cluster};
use walk::{
    Book, Buyer, Replica, World, soon,
    world::{answer, database_of},
};
use xtask::stand::Proc;

use super::text;

const DATABASES: [&str; 2] = ["payphone", "payphone_card"];

/// The line of the runbook that begins with a program.
fn command(program: &str) -> String {
    let runbook = text("docs/runbooks/restore.md");
    let lines = runbook.lines().map(str::trim);
    let mut found = lines.filter(|line| line.starts_with(program));
    let line = found.next().expect("the runbook has the command");
    assert_eq!(
        found.next(),
        None,
        "one command, and no other to confuse it with"
    );
    line.to_owned()
}

/// Runs it with libpq's own variables, as the runbook says; nothing but the file is in its arguments.
fn by_the_runbook(cluster: &Cluster, program: &str, database: &str, file: &str) {
    let line = command(program);
    assert!(!line.contains("://") && !line.contains("_URL"), "{line}");
    let sockets = cluster.sockets().display().to_string();
    let variables = [
        ("FILE", file),
        ("PGHOST", &*sockets),
        ("PGUSER", "postgres"),
        ("PGDATABASE", database),
    ];
    cluster.shell(&line, &variables);
}

fn now(world: &World) -> String {
    world.sim("clock")["now"].as_str().unwrap().to_owned()
}

/// What is used in this test is used in one hour.
fn early_in_an_hour(world: &World) {
    let minute: u64 = now(world)[14..16].parse().unwrap();
    if minute > 40 {
        world.advance((60 - minute) * 60);
    }
}

fn uses(world: &World, buyer: &Buyer, id: &str, quantity: u32) {
    let event = buyer.event(id, &now(world), quantity);
    soon("the event is taken", || {
        let posted = buyer.post_usage(&world.ready.operator_token, &event);
        let result = answer(posted.unwrap())["items"][0].clone();
        // The clock it follows was moved a moment ago.
        if result["reason"] == "time_in_future" {
            return None;
        }
        assert_eq!(result["status"], "accepted", "{result}");
        Some(())
    });
}

fn billed(world: &World, buyer: &Buyer) -> i64 {
    Book::read(world).total(&buyer.license_arn, "payments")
}

/// The states of a buyer's hours with units.
fn states(buyer: &Buyer) -> Vec<String> {
    let records = buyer.json("/api/v1/metering-records?limit=200");
    let records = records["items"].as_array().unwrap();
    let used = records.iter().filter(|record| record["quantity"] != 0);
    used.map(|record| record["state"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn a_restored_backup_charges_nobody_twice_and_goes_on() {
    let world = World::start_on_postgres(2048);
    let [changed, same, busy] = [(); 3].map(|()| Buyer::settled(&world, &json!({})));
    early_in_an_hour(&world);
    uses(&world, &changed, "before", 5);
    uses(&world, &same, "before", 7);
    let cluster = world.cluster();
    let (over, sent) = (AtomicBool::new(false), AtomicU32::new(0));
    thread::scope(|scope| {
        scope.spawn(|| {
            while !over.load(Ordering::SeqCst) {
                let number = sent.fetch_add(1, Ordering::SeqCst);
                uses(&world, &busy, &format!("busy-{number}"), 1);
            }
        });
        let under_way =
            |least| move |sent: &AtomicU32| (sent.load(Ordering::SeqCst) >= least).then_some(());
        soon("usage streams", || under_way(3)(&sent));
        for database in DATABASES {
            let file = cluster.folder().join(database).display().to_string();
            by_the_runbook(cluster, "pg_dump", database, &file);
        }
        let after = sent.load(Ordering::SeqCst) + 3;
        soon("usage streams on", || under_way(after)(&sent));
        over.store(true, Ordering::SeqCst);
    });
    uses(&world, &changed, "after", 3);
    world.advance(2 * 3600);
    soon("AWS has all of it", || {
        (billed(&world, &changed) == 8
            && billed(&world, &same) == 7
            && billed(&world, &busy) == i64::from(sent.load(Ordering::SeqCst)))
        .then_some(())
    });
    let before = Book::read(&world);
    assert_eq!(before.refused, Vec::<Value>::new());

    for proc in [Proc::Control, Proc::Card] {
        let ended = world.stand.stop(proc).unwrap().unwrap();
        assert!(ended.success(), "{ended}");
    }
    // `roles.sql` was run on it, as on every cluster here.
    let restored = Cluster::start(true);
    for database in DATABASES {
        let kept = fs::read(cluster.folder().join(database)).unwrap();
        let file = restored.folder().join(database);
        fs::write(&file, kept).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
        by_the_runbook(
            &restored,
            "pg_restore",
            database,
            &file.display().to_string(),
        );
    }
    let replica = |proc: Proc| {
        let told = [database_of(&restored, proc, "login")];
        Replica::start(&world, proc, "restored", world.stand.places(), &told)
    };
    // They look at roles, policies and owners before they serve: the wall between tenants came along.
    let (_card, control) = (replica(Proc::Card), replica(Proc::Control));
    let verified = control.tool(&["audit", "verify"]);
    assert!(verified.trim_end().ends_with("chains hold"), "{verified}");

    soon("the restored hours come to an end", || {
        let ended = [(&changed, "conflict"), (&same, "accepted")];
        ended
            .iter()
            .all(|(buyer, state)| states(buyer) == [*state])
            .then_some(())
    });
    let after = Book::read(&world);
    assert_eq!(after.units, before.units, "nobody is charged a second time");
    uses(&world, &same, "after", 2);
    world.advance(2 * 3600);
    soon("billing goes on", || {
        (billed(&world, &same) == 9).then_some(())
    });
    assert_eq!(billed(&world, &changed), 8);
    println!(
        "restored: {} hours of AWS's books unchanged, {} sent again and refused there",
        before.units.len(),
        after.refused.len()
    );
}

#[test]
fn a_backup_of_sqlite_is_taken_beside_the_running_services_and_serves_in_their_place() {
    if on_postgres() {
        // There it is PostgreSQL's own programs, see above.
        return;
    }
    let world = World::start(2048);
    let buyer = Buyer::settled(&world, &json!({}));
    uses(&world, &buyer, "before", 5);
    let kept = |proc: Proc| world.stand.data().join(format!("{}.backup", proc.binary()));
    let run = |proc: Proc, what: &[&str]| {
        let mut args: Vec<std::ffi::OsString> = what.iter().map(Into::into).collect();
        args.extend(["--config".into(), world.stand.config(proc).into()]);
        world.stand.tool(proc, &args)
    };
    for proc in [Proc::Control, Proc::Card] {
        let file = kept(proc).display().to_string();
        run(proc, &["backup", "--to", &file]).unwrap();
        let mode = fs::metadata(&file).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "it has everything in it");
        let again = run(proc, &["backup", "--to", &file])
            .unwrap_err()
            .to_string();
        assert!(again.contains("is there already"), "{again}");
    }
    uses(&world, &buyer, "after", 3);
    for proc in [Proc::Control, Proc::Card] {
        world.stand.stop(proc).unwrap();
        let database = world.stand.layout().database(proc);
        for end in ["-wal", "-shm"] {
            let mut beside = database.clone().into_os_string();
            beside.push(end);
            // An orderly end leaves none.
            let _ = fs::remove_file(beside);
        }
        fs::rename(kept(proc), database).unwrap();
        world.stand.start(proc).unwrap();
    }
    for proc in [Proc::Card, Proc::Control] {
        world
            .stand
            .wait_ready(proc, std::time::Duration::from_mins(1))
            .unwrap();
    }
    world.verify_audit();
    world.advance(2 * 3600);
    soon("what the backup had is billed", || {
        (billed(&world, &buyer) == 5).then_some(())
    });
}
