//! What lies between the service and PostgreSQL, and can be cut, go silent or drip, at the very moment of a commit if need be.
//! Unix sockets stand for the network: a closed one ends a connection as a reset does, a silent one tells as little.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{UnixListener, UnixStream},
    sync::watch,
    task::JoinSet,
    time::Instant,
};

/// PostgreSQL's name for the socket in its folder.
const SOCKET: &str = ".s.PGSQL.5432";
/// A simple query (PostgreSQL's manual, 55.7), as every driver commits.
const COMMIT: &[u8] = b"Q\0\0\0\x0bCOMMIT\0";

/// How the line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Line {
    /// Everything passes.
    Open,
    /// Nothing passes and nobody is told: neither a byte nor an end.
    Silent,
    /// Nobody gets through, and every connection is ended.
    Cut,
    /// Everything passes, at so many bytes a second.
    Drip(u32),
}

/// Where the connection of a commit ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum At {
    /// Before the server hears of it: nothing lasts.
    Before,
    /// After the server has answered, before anybody hears the answer: it lasts.
    After,
}

/// What is to happen to the next commit, and how the line is from then on.
#[derive(Debug, Clone, Copy)]
struct Trap(At, Line);

/// The line; it ends with the test.
#[derive(Debug)]
pub struct Proxy {
    folder: TempDir,
    line: watch::Sender<Line>,
    trap: Arc<Mutex<Option<Trap>>>,
    server: Arc<Mutex<PathBuf>>,
    _task: JoinSet<()>,
}

impl Proxy {
    /// A line to the server whose socket is in that folder.
    pub fn to(server: &Path) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let listener = UnixListener::bind(folder.path().join(SOCKET)).expect("a socket");
        let (line, trap) = (watch::Sender::new(Line::Open), Arc::default());
        let server = Arc::new(Mutex::new(server.join(SOCKET)));
        let mut task = JoinSet::new();
        task.spawn(listens(
            listener,
            Arc::clone(&server),
            line.clone(),
            Arc::clone(&trap),
        ));
        Self {
            folder,
            line,
            trap,
            server,
            _task: task,
        }
    }

    /// The folder that takes the place of the server's.
    pub fn folder(&self) -> PathBuf {
        self.folder.path().to_owned()
    }

    /// From now on new connections go to the server whose socket is in that folder, as a name does that points elsewhere.
    pub fn lead_to(&self, server: &Path) {
        *self.server.lock().unwrap_or_else(PoisonError::into_inner) = server.join(SOCKET);
    }

    /// From now on the line is like this, for the connections that are open too.
    pub fn turn(&self, line: Line) {
        self.line.send_replace(line);
    }

    /// Ends the connection of the next commit there.
    pub fn catch_commit(&self, at: At) {
        self.catch_commit_and(at, Line::Open);
    }

    /// The same, and nobody gets through from then on.
    pub fn catch_commit_and(&self, at: At, then: Line) {
        *self.trap.lock().unwrap_or_else(PoisonError::into_inner) = Some(Trap(at, then));
    }

    /// Whether the commit that was to be caught came.
    pub fn caught(&self) -> bool {
        let trap = self.trap.lock();
        trap.unwrap_or_else(PoisonError::into_inner).is_none()
    }
}

async fn listens(
    listener: UnixListener,
    server: Arc<Mutex<PathBuf>>,
    line: watch::Sender<Line>,
    trap: Arc<Mutex<Option<Trap>>>,
) {
    let mut connections = JoinSet::new();
    while let Ok((client, _)) = listener.accept().await {
        // A client that is refused sees its connection end.
        if *line.borrow() == Line::Cut {
            continue;
        }
        let server = server
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        if let Ok(server) = UnixStream::connect(&server).await {
            connections.spawn(passes(client, server, line.clone(), Arc::clone(&trap)));
        }
    }
}

/// Passes on what comes, until either side or the line ends; both ends are closed by being dropped.
async fn passes(
    mut client: UnixStream,
    mut server: UnixStream,
    line: watch::Sender<Line>,
    trap: Arc<Mutex<Option<Trap>>>,
) {
    let mut changes = line.subscribe();
    let (mut asked, mut answered) = (vec![0; 16 * 1024], vec![0; 16 * 1024]);
    loop {
        let now = *changes.borrow_and_update();
        let read = async {
            tokio::select! {
                read = client.read(&mut asked) => (true, read),
                read = server.read(&mut answered) => (false, read),
            }
        };
        let (of_client, read) = match now {
            Line::Cut => return,
            Line::Silent => {
                let _ = changes.changed().await;
                continue;
            }
            Line::Open | Line::Drip(_) => tokio::select! {
                read = read => read,
                _ = changes.changed() => continue,
            },
        };
        let bytes = match read {
            Ok(0) | Err(_) => return,
            Ok(length) if of_client => asked.get(..length).unwrap_or_default(),
            Ok(length) => answered.get(..length).unwrap_or_default(),
        };
        if let Line::Drip(rate) = now {
            let time = Duration::from_secs(1) * u32::try_from(bytes.len()).expect("a few") / rate;
            // This is what a slow line does, and nobody waits for it to be over.
            tokio::time::sleep_until(Instant::now() + time).await;
        }
        let caught = (of_client && bytes.windows(COMMIT.len()).any(|part| part == COMMIT))
            .then(|| trap.lock().unwrap_or_else(PoisonError::into_inner).take())
            .flatten();
        if let Some(Trap(at, then)) = caught {
            if at == At::After {
                let _ = server.write_all(bytes).await;
                let _ = server.read(&mut answered).await;
            }
            line.send_replace(then);
            return;
        }
        let to = if of_client { &mut server } else { &mut client };
        if to.write_all(bytes).await.is_err() {
            return;
        }
    }
}
