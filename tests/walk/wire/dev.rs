//! `cargo xtask dev --postgres`: the databases that it makes on a server of somebody else, where passwords are asked for.

use std::{fs, path::Path, time::Duration};

use testkit::postgres::Cluster;
use xtask::stand::{Places, Proc, Stand, StandOptions};

const PATIENCE: Duration = Duration::from_mins(2);

fn prepare(data: &Path, cluster: &Cluster, fresh: bool) -> Result<Stand, String> {
    let mut options = StandOptions::new(data);
    options.port_base = Places::free_base(options.hosts).unwrap();
    options.key_bits = 2048;
    options.fresh = fresh;
    options.release = !cfg!(debug_assertions);
    options.postgres = Some(cluster.url("postgres", "postgres"));
    Stand::prepare(options).map_err(|error| error.to_string())
}

#[test]
fn dev_makes_databases_on_a_server_keeps_them_and_drops_none_but_its_own() {
    let cluster = Cluster::start(false);
    let rules = "local all postgres trust\nlocal all all scram-sha-256\n";
    fs::write(cluster.data().join("pg_hba.conf"), rules).unwrap();
    cluster.ask("postgres", "SELECT pg_reload_conf()");
    let folder = tempfile::tempdir().unwrap();
    let [mine, other] = ["mine", "other"].map(|name| folder.path().join(name));

    // Those that a cluster of the tests begins with are somebody else's.
    for fresh in [false, true] {
        let refused = prepare(&mine, &cluster, fresh).unwrap_err();
        assert!(refused.contains("did not make"), "{refused}");
    }
    for database in ["payphone", "payphone_card"] {
        cluster.ask("postgres", &format!("DROP DATABASE {database}"));
    }

    let stand = prepare(&mine, &cluster, false).unwrap();
    stand.start_all(PATIENCE).unwrap();
    let file = stand.layout().database(Proc::Control);
    assert!(!file.exists(), "nothing is in a file");
    cluster.ask("payphone", "CREATE TABLE kept ()");
    drop(stand);

    let again = prepare(&mine, &cluster, false).unwrap();
    again.start_all(PATIENCE).unwrap();
    let kept = "SELECT count(*) FROM pg_tables WHERE tablename = 'kept'";
    assert_eq!(cluster.ask("payphone", kept), "1");
    drop(again);

    let refused = prepare(&other, &cluster, false).unwrap_err();
    assert!(refused.contains("another data directory"), "{refused}");
    let fresh = prepare(&other, &cluster, true).unwrap();
    fresh.start_all(PATIENCE).unwrap();
    assert_eq!(cluster.ask("payphone", kept), "0");
    let refused = prepare(&mine, &cluster, false).unwrap_err();
    assert!(refused.contains("another data directory"), "{refused}");
}

#[test]
fn a_server_that_is_not_there_is_said_in_a_sentence() {
    let folder = tempfile::tempdir().unwrap();
    let mut options = StandOptions::new(folder.path().join("data"));
    options.port_base = Places::free_base(options.hosts).unwrap();
    options.postgres = Some("postgres://nobody@127.0.0.1:1/postgres".to_owned());
    let refused = Stand::prepare(options).unwrap_err().to_string();
    assert!(refused.starts_with("PostgreSQL: "), "{refused}");
    assert!(refused.contains("refused"), "{refused}");
}
