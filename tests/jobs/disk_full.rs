//! No room left on the disk: what cannot be kept is not acknowledged, what was stays, and with room everything goes on by itself.

use std::{
    fs::{self, File},
    io::Write,
    os::unix::fs::PermissionsExt,
    path::PathBuf,
    process::Command,
    time::{Duration, Instant},
};

use tempfile::TempDir;
use testkit::{
    Options, TestApp,
    count::count,
    database::{Plane, TestDatabase, on_postgres},
    postgres::Cluster,
    server::Doors,
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
        mounted.then_some(Self {
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
        println!("left out: no disk can be mounted here");
        return;
    };
    let folder = tempfile::tempdir_in(&disk.place).unwrap();
    let database = if on_postgres() {
        TestDatabase::of(Cluster::on_disk(&disk.place)).0
    } else {
        TestDatabase::fresh(Plane::Control, folder.path())
    };
    let options = Options {
        doors: Doors::without_limits(),
        ..Options::default()
    };
    let t = TestApp::on(database, folder, options).await;
    let acme = t.tenant("acme").await;
    let till = acme.till().await;
    let mut acknowledged = Vec::new();
    let mut number = 0;
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
        assert_ne!(refused.header("retry-after"), "");
        // Looking needs no room.
        let _ = acme.browser.get("/api/v1/tenant").await.expect(200);
        fs::remove_file(filler).unwrap();
        let room = Instant::now();
        let event = acme.usage(&number.to_string(), 1);
        loop {
            let answer = till.sends_all(std::slice::from_ref(&event)).await;
            if answer.status == 200 {
                break;
            }
            assert!(room.elapsed() < HEALED, "{}", answer.text());
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
    if !on_postgres() {
        assert_eq!(t.rows("PRAGMA integrity_check").await, [["ok"]]);
    }
    println!(
        "{} times full, {} events acknowledged, 0 lost",
        how_many(),
        kept.len()
    );
}
