//! TLS between the planes: the control plane asks the card plane at `https://` of a balancer, takes no certificate that it cannot trust,
//! and takes one of an authority that `SSL_CERT_FILE` names, as `deploy/README.md` says.

use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Stdio},
};

use serde_json::{Value, json};
use walk::{Buyer, Replica, World, soon};
use xtask::stand::Proc;

/// The balancer; it ends when it is dropped.
struct Front {
    process: Child,
    url: String,
}

impl Front {
    fn start(folder: &Path, world: &World) -> Self {
        let card = world.stand.places().internal(Proc::Card);
        let mut process = xtask::oracle::tls_front(folder, card)
            .expect("the oracle's environment")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("python starts");
        let mut line = String::new();
        let said = process.stdout.as_mut().expect("its output");
        BufReader::new(said).read_line(&mut line).expect("a line");
        let ready: Value = serde_json::from_str(&line).expect("JSON");
        let url = ready["url"].as_str().expect("its address").to_owned();
        Self { process, url }
    }
}

impl Drop for Front {
    fn drop(&mut self) {
        drop(self.process.stdin.take());
        let _ = self.process.wait();
    }
}

#[test]
fn the_planes_speak_tls_and_only_with_a_certificate_that_is_trusted() {
    let world = World::start(2048);
    let ended = world.stand.stop(Proc::Control).unwrap().unwrap();
    assert!(ended.success(), "{ended}");
    let folder = tempfile::tempdir().unwrap();
    let front = Front::start(folder.path(), &world);
    let authority = folder.path().join("ca.pem").display().to_string();
    let asks_at_front = ("PAYPHONE__PEER__URL".to_owned(), front.url.clone());
    let trusts = ("SSL_CERT_FILE".to_owned(), authority);
    let start = |name: &str, told: &[(String, String)]| {
        Replica::start(&world, Proc::Control, name, world.stand.places(), told)
    };

    let mut distrustful = start("distrustful", std::slice::from_ref(&asks_at_front));
    let mut buyer = Buyer::subscribe(&world, &json!({}));
    buyer.register();
    buyer.name_owner();
    soon("the certificate is refused", || {
        let log = distrustful.log().to_lowercase();
        log.contains("invalid peer certificate").then_some(())
    });
    assert!(!buyer.is_set_up());
    let (ended, _) = distrustful.stop();
    assert!(ended.success(), "{ended}: {}", distrustful.log());

    let _trusting = start("trusting", &[asks_at_front, trusts]);
    soon("the tenant is set up", || buyer.is_set_up().then_some(()));
}
