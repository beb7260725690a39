//! What lies between the service and PostgreSQL or AWS, and can be cut, go silent or drip, at the very moment of a commit if need be.
//! A closed Unix socket ends a connection as a reset does, and over TCP it is a reset; a silent one tells as little as a black hole.

mod stream;

use std::{
    io,
    net::{Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    sync::watch,
    task::JoinSet,
    time::Instant,
};

use stream::{Listener, Place, Stream};

/// PostgreSQL's name for the socket in its folder.
const SOCKET: &str = ".s.PGSQL.5432";
/// A simple query (PostgreSQL's manual, 55.7), as every driver commits.
const COMMIT: &[u8] = b"Q\0\0\0\x0bCOMMIT\0";
/// The most that is passed on at a time.
const PIECE: usize = 16 * 1024;

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

/// Where the connection of what is caught ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum At {
    /// Before the server hears of it: nothing lasts.
    Before,
    /// After the server has answered, before anybody hears the answer: it lasts.
    After,
}

/// What is to happen to the next request with these bytes in it, and how the line is from then on.
#[derive(Debug, Clone, Copy)]
struct Trap(&'static [u8], At, Line);

/// The line; it ends with the test.
#[derive(Debug)]
pub struct Proxy {
    folder: Option<TempDir>,
    line: watch::Sender<Line>,
    trap: Arc<Mutex<Option<Trap>>>,
    server: Arc<Mutex<Place>>,
    _task: JoinSet<()>,
}

impl Proxy {
    /// A line to the server whose socket is in that folder.
    pub fn to(server: &Path) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let listener = Listener::at_path(&folder.path().join(SOCKET)).expect("a socket");
        let mut line = Self::between(listener, Place::Path(server.join(SOCKET)));
        line.folder = Some(folder);
        line
    }

    /// A line to the server at that address, and the address that takes the place of the server's.
    pub fn to_address(server: SocketAddr) -> (Self, SocketAddr) {
        let (listener, address) =
            Listener::at_address((Ipv4Addr::LOCALHOST, 0).into()).expect("a free port");
        (Self::between(listener, Place::Address(server)), address)
    }

    fn between(listener: Listener, server: Place) -> Self {
        let (line, trap) = (watch::Sender::new(Line::Open), Arc::default());
        let server = Arc::new(Mutex::new(server));
        let mut task = JoinSet::new();
        task.spawn(listens(
            listener,
            Arc::clone(&server),
            line.clone(),
            Arc::clone(&trap),
        ));
        Self {
            folder: None,
            line,
            trap,
            server,
            _task: task,
        }
    }

    /// The folder that takes the place of the server's.
    pub fn folder(&self) -> PathBuf {
        let folder = self
            .folder
            .as_ref()
            .expect("a line to a socket in a folder");
        folder.path().to_owned()
    }

    /// From now on new connections go to the server whose socket is in that folder, as a name does that points elsewhere.
    pub fn lead_to(&self, server: &Path) {
        *self.server.lock().unwrap_or_else(PoisonError::into_inner) =
            Place::Path(server.join(SOCKET));
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
        self.catch(COMMIT, at, then);
    }

    /// Ends the connection of the next request that has these bytes in one piece, and the line is like that from then on. A connection
    /// that goes silent is not ended.
    pub fn catch(&self, bytes: &'static [u8], at: At, then: Line) {
        *self.trap.lock().unwrap_or_else(PoisonError::into_inner) = Some(Trap(bytes, at, then));
    }

    /// Nothing is to be caught any more; whether there was something left to catch.
    pub fn forget(&self) -> bool {
        let mut trap = self.trap.lock().unwrap_or_else(PoisonError::into_inner);
        trap.take().is_some()
    }

    /// Whether what was to be caught came.
    pub fn caught(&self) -> bool {
        let trap = self.trap.lock();
        trap.unwrap_or_else(PoisonError::into_inner).is_none()
    }
}

async fn listens(
    listener: Listener,
    server: Arc<Mutex<Place>>,
    line: watch::Sender<Line>,
    trap: Arc<Mutex<Option<Trap>>>,
) {
    let mut connections = JoinSet::new();
    while let Ok(client) = listener.accept().await {
        // A client that is refused sees its connection end.
        if *line.borrow() == Line::Cut {
            client.will_reset();
            continue;
        }
        let server = server
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        if let Ok(server) = server.connect().await {
            connections.spawn(passes(client, server, line.clone(), Arc::clone(&trap)));
        }
    }
}

/// Passes on what comes, until either side or the line ends; both ends are closed by being dropped.
async fn passes(
    mut client: Box<dyn Stream>,
    mut server: Box<dyn Stream>,
    line: watch::Sender<Line>,
    trap: Arc<Mutex<Option<Trap>>>,
) {
    let mut changes = line.subscribe();
    let (mut asked, mut answered) = (vec![0; PIECE], vec![0; PIECE]);
    loop {
        let now = *changes.borrow_and_update();
        let piece = match now {
            // What comes in a slow piece is on its way for a quarter of a second, so that a change is soon heard of.
            Line::Drip(rate) => {
                usize::try_from(rate / 4).map_or(PIECE, |least| least.clamp(1, PIECE))
            }
            _ => PIECE,
        };
        let read = async {
            let (asked, answered) = (&mut asked[..piece], &mut answered[..piece]);
            tokio::select! {
                read = client.read(asked) => (true, read),
                read = server.read(answered) => (false, read),
            }
        };
        let (of_client, read) = match now {
            Line::Cut => return reset(&*client, &*server),
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
        let caught = of_client.then(|| caught(&trap, bytes)).flatten();
        if let Some(Trap(_, at, then)) = caught {
            if at == At::After && server.write_all(bytes).await.is_ok() {
                let _ = until_answered(&mut *client, &mut *server).await;
            }
            line.send_replace(then);
            if then == Line::Silent {
                continue;
            }
            return reset(&*client, &*server);
        }
        let to = if of_client { &mut server } else { &mut client };
        if to.write_all(bytes).await.is_err() {
            return;
        }
    }
}

/// What was to be caught, if it is in these bytes.
fn caught(trap: &Mutex<Option<Trap>>, bytes: &[u8]) -> Option<Trap> {
    let mut trap = trap.lock().unwrap_or_else(PoisonError::into_inner);
    let is_in = |part: &[u8]| bytes.windows(part.len()).any(|window| window == part);
    trap.take_if(|Trap(part, ..)| is_in(part))
}

/// The rest of a request passes, and the answer goes nowhere.
async fn until_answered(client: &mut dyn Stream, server: &mut dyn Stream) -> io::Result<()> {
    let (mut asked, mut answered) = (vec![0; PIECE], vec![0; PIECE]);
    loop {
        tokio::select! {
            read = client.read(&mut asked) => match read? {
                0 => return Ok(()),
                length => server.write_all(asked.get(..length).unwrap_or_default()).await?,
            },
            read = server.read(&mut answered) => return read.map(drop),
        }
    }
}

/// Both ends hear of it at once, as if something between them had gone.
fn reset(client: &dyn Stream, server: &dyn Stream) {
    client.will_reset();
    server.will_reset();
}
