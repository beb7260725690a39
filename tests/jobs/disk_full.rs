//! No room left on the disk: what cannot be kept is not acknowledged, what was stays, and with room everything goes on by itself.
//! The disk is a small one of its own, which takes root to mount; `cargo xtask test` fails where there is none.

use std::{
    fs::{self, File},
    io::Write,
    os::unix::fs::PermissionsExt,
    path::PathBuf,
    process::Command,
    time::{Duration, Instant},
};

use serde_json::json;
use tempfile::TempDir;
use testkit::{
    Options, TestApp,
    count::count,
    database::{Plane, TestDatabase, on_postgres},
    postgres::Cluster,
    server::Doors,
    trial,
};

/// Five, or what the long form asks for: `PAYPHONE_FULL_DISKS=20`.
fn how_many() -> usize {
    count("PAYPHONE_FULL_DISKS", 5)
}

/// The checklist's bound for going on once there is room.
const HEALED: Duration = Duration::from_secs(10);

/// A small disk of its own; unmounted when it is dropped.
struct Disk {
    place: PathBuf,
    _folder: TempDir,
}

impl Disk {
    /// None where one may not mount: it takes root.
    fn mount(size: &str) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        // PostgreSQL's own user has to get in.
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
        let place = folder.path().join("disk");
        fs::create_dir(&place).unwrap();
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", size, "tmpfs"])
            .arg(&place)
            .output()
            .is_ok_and(|done| done.status.success());
        // Not `then_some`, which would make a disk, and unmount it, either way.
        mounted.then(|| Self {
            place,
            _folder: folder,
        })
    }

    /// Takes all the room there is left.
    fn fill(&self) -> PathBuf {
        let path = self.place.join("filler");
        let mut file = File::create(&path).unwrap();
        for size in [65_536, 4_096, 1] {
            while file.write_all(&vec![0; size]).is_ok() {}
        }
        path
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.place).status();
    }
}

#[tokio::test]
async fn a_full_disk_is_told_and_heals() {
    // PostgreSQL's empty cluster takes some 40 MB.
    let size = if on_postgres() { "size=96m" } else { "size=6m" };
    let Some(disk) = Disk::mount(size) else {
        trial::left_out("a disk that is full takes root, to mount it");
        return;
    };
    let folder = tempfile::tempdir_in(&disk.place).unwrap();
    let (database, cluster) = if on_postgres() {
        let (database, cluster) = TestDatabase::of(Cluster::on_disk(&disk.place));
        (database, Some(cluster))
    } else {
        (TestDatabase::fresh(Plane::Control, folder.path()), None)
    };
    let options = Options {
        doors: Doors::without_limits(),
        ..Options::default()
    };
    let t = TestApp::on(database, folder, options).await;
    let acme = t.tenant("acme").await;
    let till = acme.till().await;
    let mut acknowledged = Vec::new();
    let (mut number, mut people) = (0, 0);
    let mut slowest = Duration::ZERO;
    for _ in 0..how_many() {
        let filler = disk.fill();
        // The log that is written ahead may have room inside for a while.
        let refused = loop {
            number += 1;
            assert!(number < 10_000, "the disk never gets full");
            let id = number.to_string();
            let answer = till.sends_all(&[acme.usage(&id, 1)]).await;
            if answer.status != 200 {
                break answer;
            }
            acknowledged.push(id);
        };
        let refused = refused.expect_problem(503, "unavailable");
        let pause: u64 = refused.header("retry-after").parse().expect("seconds");
        assert!((1..=60).contains(&pause), "{pause}");
        // People are told the same, as soon as there is no room left inside of what is there.
        let refused = loop {
            people += 1;
            assert!(people < 10_000, "people are invited on a full disk");
            let email = format!("person-{people}@acme.example");
            let invited = json!({ "email": email, "role": "auditor" });
            let answer = acme.browser.post("/api/v1/invitations", &invited).await;
            if answer.status != 201 {
                break answer;
            }
        };
        let refused = refused.expect_problem(503, "unavailable");
        assert_ne!(refused.header("retry-after"), "");
        // Looking needs no room.
        let _ = acme.browser.get("/api/v1/tenant").await.expect(200);
        fs::remove_file(filler).unwrap();
        let room = Instant::now();
        let event = acme.usage(&number.to_string(), 1);
        loop {
            let answer = till.sends_all(std::slice::from_ref(&event)).await;
            let took = room.elapsed();
            assert!(took < HEALED, "{took:?}: {}", answer.text());
            if answer.status == 200 {
                slowest = slowest.max(took);
                break;
            }
        }
        acknowledged.push(number.to_string());
    }
    let kept = t.rows("SELECT event_id FROM usage_events").await.concat();
    let lost: Vec<_> = acknowledged
        .iter()
        .filter(|id| !kept.contains(id))
        .collect();
    assert_eq!(lost, Vec::<&String>::new());
    assert_eq!(kept.len(), acknowledged.len());
    match cluster {
        Some(cluster) => whole(&cluster),
        None => assert_eq!(t.rows("PRAGMA integrity_check").await, [["ok"]]),
    }
    println!(
        "{} times full, {} events acknowledged, 0 lost; it went on after {slowest:?} at most",
        how_many(),
        kept.len()
    );
}

/// PostgreSQL's own check of tables and indexes (amcheck), where it is installed; and every table is read whole, and has as many rows by
/// each of its indexes.
fn whole(cluster: &Cluster) {
    let ask = |sql: &str| cluster.ask("payphone", sql);
    let installed = ask("SELECT count(*) FROM pg_available_extensions WHERE name = 'amcheck'");
    if installed == "1" {
        ask("CREATE EXTENSION amcheck");
        assert_eq!(ask(BROKEN_ROWS), "");
        // It ends with an error at the first index that is not as its table is.
        let checked: u32 = ask(CHECKED_INDEXES).parse().unwrap();
        assert!(checked > 20, "{checked}");
    } else {
        trial::skipped("no amcheck here, so that rows are only counted");
    }
    let tables = ask(TABLES);
    assert!(tables.lines().count() > 10, "{tables}");
    for line in tables.lines() {
        let (table, by) = line.split_once(' ').unwrap();
        let by_heap = ask(&format!(
            "SET enable_indexscan = off; SET enable_indexonlyscan = off; SET enable_bitmapscan = off; SELECT count({by}) FROM {table}"
        ));
        let by_index = ask(&format!(
            "SET enable_seqscan = off; SELECT count({by}) FROM (SELECT {by} FROM {table} ORDER BY {by}) AS rows"
        ));
        assert_eq!(by_index, by_heap, "{line}");
    }
}

/// What amcheck finds in any of our tables, each row checked against what it is made of.
const BROKEN_ROWS: &str = "SELECT class.relname, found.* FROM pg_class class JOIN pg_am method ON method.oid = class.relam, \
    LATERAL verify_heapam(class.oid) found WHERE method.amname = 'heap' AND class.relkind IN ('r', 't', 'm')";

/// Every index against its own order and against its table, and how many they are.
const CHECKED_INDEXES: &str = "SELECT count(bt_index_parent_check(class.oid, heapallindexed => true, rootdescend => true)::text) \
    FROM pg_class class JOIN pg_am method ON method.oid = class.relam JOIN pg_index ON indexrelid = class.oid \
    WHERE method.amname = 'btree' AND class.relpersistence = 'p' AND indisready AND indisvalid";

/// Our tables, each with a column that an index begins with.
const TABLES: &str = "SELECT DISTINCT class.oid::regclass || ' ' || quote_ident(attname) FROM pg_index \
    JOIN pg_class class ON class.oid = indrelid JOIN pg_attribute ON attrelid = class.oid AND attnum = indkey[0] \
    WHERE relnamespace = 'public'::regnamespace AND indpred IS NULL";
