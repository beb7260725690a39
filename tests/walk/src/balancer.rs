//! A balancer as AWS has them, in small: it asks each replica whether it is ready, gives new connections to those that are, in turn, and
//! lets open ones end by themselves. It never sends anything twice: what a replica drops, the client sees dropped.

use std::{
    io,
    net::{Shutdown, SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

use xtask::stand::{eventually, http};

use crate::soon;

/// Between two looks at a replica; one bad look is enough.
const INTERVAL: Duration = Duration::from_millis(50);

struct Target {
    public: SocketAddr,
    admin: SocketAddr,
    ready: AtomicBool,
}

/// A running balancer; it ends with the process, and its looks with it being dropped.
pub struct Balancer {
    /// Where clients connect to.
    pub address: SocketAddr,
    targets: Arc<Vec<Target>>,
    over: Arc<AtomicBool>,
}

impl Balancer {
    /// Balances between replicas, each by its public and its admin address; begins when all are ready.
    pub fn start(replicas: &[(SocketAddr, SocketAddr)]) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
        let target = |&(public, admin): &(SocketAddr, SocketAddr)| Target {
            public,
            admin,
            ready: AtomicBool::new(false),
        };
        let balancer = Self {
            address: listener.local_addr().expect("an address"),
            targets: Arc::new(replicas.iter().map(target).collect()),
            over: Arc::default(),
        };
        for at in 0..balancer.targets.len() {
            let (targets, over) = (Arc::clone(&balancer.targets), Arc::clone(&balancer.over));
            thread::spawn(move || watch(&targets[at], &over));
        }
        let targets = Arc::clone(&balancer.targets);
        thread::spawn(move || accept(&listener, &targets));
        for (public, _) in replicas {
            balancer.wait_for(*public);
        }
        balancer
    }

    /// Waits until it has seen that a replica is ready.
    pub fn wait_for(&self, public: SocketAddr) {
        let target = self.targets.iter().find(|target| target.public == public);
        let target = target.expect("one of the replicas");
        soon("the balancer sees the replica", || {
            target.ready.load(Ordering::SeqCst).then_some(())
        });
    }

    /// Its base address.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

impl Drop for Balancer {
    fn drop(&mut self) {
        self.over.store(true, Ordering::SeqCst);
    }
}

fn watch(target: &Target, over: &AtomicBool) {
    while !over.load(Ordering::SeqCst) {
        let asked = http::get(target.admin, "/readyz", Duration::from_secs(2));
        target
            .ready
            .store(matches!(asked, Ok((200, _))), Ordering::SeqCst);
        let _ = eventually(INTERVAL, || None::<()>);
    }
}

fn accept(listener: &TcpListener, targets: &Arc<Vec<Target>>) {
    let turn = AtomicUsize::new(0);
    for client in listener.incoming().flatten() {
        let ready: Vec<SocketAddr> = targets
            .iter()
            .filter(|target| target.ready.load(Ordering::SeqCst))
            .map(|target| target.public)
            .collect();
        let at = turn.fetch_add(1, Ordering::SeqCst);
        // With nobody ready the client is dropped, and tells.
        if let Some(public) = ready.get(at % ready.len().max(1)).copied() {
            thread::spawn(move || join(client, public));
        }
    }
}

/// Both ways, until both sides have ended.
fn join(client: TcpStream, public: SocketAddr) -> io::Result<()> {
    let server = TcpStream::connect(public)?;
    for stream in [&client, &server] {
        stream.set_nodelay(true)?;
    }
    let (from, to) = (client.try_clone()?, server.try_clone()?);
    let up = thread::spawn(move || copy(from, to));
    copy(server, client);
    let _ = up.join();
    Ok(())
}

fn copy(mut from: TcpStream, mut to: TcpStream) {
    let _ = io::copy(&mut from, &mut to);
    // The other direction may go on.
    let _ = to.shutdown(Shutdown::Write);
}
