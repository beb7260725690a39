//! `migrate` on PostgreSQL, with the shipped configuration: once from nothing however many run, once from the version before, and services
//! that refuse to start until it has.

use std::{collections::BTreeSet, thread};

use testkit::postgres::Cluster;
use walk::{soon, world::database_of};
use xtask::stand::{Proc, terminate};

use super::home::{Home, SERVICES};

/// As one version before leases left it.
const BEFORE: &str =
    "DROP TABLE leases; DELETE FROM seaql_migrations WHERE version = 'm20261128_000005_leases'";

fn home(cluster: &Cluster, proc: Proc, role: &str) -> Home {
    let mut home = Home::new(proc);
    home.set("DATABASE__URL", database_of(cluster, proc, role).1);
    home
}

#[test]
fn several_migrations_at_once_run_each_step_once() {
    let cluster = Cluster::start(false);
    for proc in SERVICES {
        let owners = [(); 3].map(|()| home(&cluster, proc, "owner"));
        let said: Vec<String> = thread::scope(|scope| {
            let runs = owners
                .each_ref()
                .map(|owner| scope.spawn(|| owner.run(&["migrate"])));
            runs.map(|run| run.join().unwrap()).to_vec()
        });
        let ran = said
            .iter()
            .filter(|said| said.contains("migration(s) ran"))
            .count();
        let idle = said
            .iter()
            .filter(|said| said.trim() == "the database is up to date")
            .count();
        assert_eq!((ran, idle), (1, 2), "{said:?}");
    }
}

/// A database that is away is no fault of the configuration: whoever starts services may try again (exit code 1), and reads why.
#[test]
fn a_service_whose_database_is_away_ends_with_1_and_says_why() {
    for proc in SERVICES {
        let cluster = Cluster::start(false);
        home(&cluster, proc, "owner").run(&["migrate"]);
        let login = home(&cluster, proc, "login");
        let serve = if proc == Proc::Card { "serve" } else { "all" };
        // As a standby that is not promoted yet.
        let role = database_of(&cluster, proc, "login").1;
        let role = role
            .split(['/', '@', ':'])
            .find(|part| part.ends_with("_login"))
            .expect("a role");
        cluster.ask(
            "postgres",
            &format!("ALTER ROLE {role} SET default_transaction_read_only = on"),
        );
        let (code, said) = login.ask(&[serve]);
        assert!(
            code == Some(1) && said.contains("is read only"),
            "{code:?} {said}"
        );
        drop(cluster);
        for command in [serve, "migrate"] {
            let (code, said) = login.ask(&[command]);
            assert!(
                code == Some(1)
                    && said.contains("cannot be reached: ")
                    && !said.contains("timed out"),
                "{code:?} {said}"
            );
        }
    }
}

#[test]
fn a_service_waits_for_the_migration_it_needs_and_starts_after_it() {
    let cluster = Cluster::start(false);
    let (owner, login) = (
        home(&cluster, Proc::Control, "owner"),
        home(&cluster, Proc::Control, "login"),
    );
    owner.run(&["migrate"]);
    let tables = || -> BTreeSet<String> {
        let sql = "SELECT table_name || '.' || column_name FROM information_schema.columns WHERE table_schema = 'public'";
        cluster
            .ask("payphone", sql)
            .lines()
            .map(str::to_owned)
            .collect()
    };
    let whole = tables();
    cluster.ask("payphone", BEFORE);
    let (code, said) = login.ask(&["all"]);
    let expected = "the database lacks 1 migration(s): run `payphone migrate` first";
    assert!(
        code == Some(2) && said.contains(expected),
        "{code:?} {said}"
    );
    // Whoever serves may not migrate.
    let (code, said) = login.ask(&["migrate"]);
    assert_eq!(code, Some(1), "{said}");
    let said = owner.run(&["migrate"]);
    let expected = "1 migration(s) ran, the last is m20261128_000005_leases";
    assert!(said.contains(expected), "{said}");
    assert_eq!(tables(), whole);
    let mut child = login.start("all");
    assert_eq!(login.run(&["health", "--wait", "60"]).trim(), "ready");
    terminate(&child).unwrap();
    soon("it leaves", || {
        (login.ask(&["health"]).0 == Some(1)).then_some(())
    });
    terminate(&child).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

/// A database of another line of versions is left alone.
#[test]
fn a_database_that_is_both_ahead_and_behind_is_refused() {
    let cluster = Cluster::start(false);
    let owner = home(&cluster, Proc::Control, "owner");
    owner.run(&["migrate"]);
    cluster.ask("payphone", BEFORE);
    let ahead =
        "INSERT INTO seaql_migrations (version, applied_at) VALUES ('m20991231_000001_x', 0)";
    cluster.ask("payphone", ahead);
    let (code, said) = owner.ask(&["migrate"]);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("another line of versions"), "{said}");
    assert!(
        said.contains("m20261128_000005_leases") && said.contains("m20991231_000001_x"),
        "{said}"
    );
}
