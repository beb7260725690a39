//! The append-only journal behind the state: JSON lines, replayed at start and compacted into one line.
//!
//! `append` writes in the caller's order; `durable` waits until a background thread has synced that line, so that many callers share
//! one sync. A torn last line (the process died while writing) is dropped; any other unreadable line refuses to start.
//! Invariant: nothing is answered before the line that carries its effect is on disk, and one process at a time holds the file.

use std::{
    fs::{File, OpenOptions, TryLockError},
    io::{self, Write as _},
    path::{Path, PathBuf},
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
};

use serde::{Serialize, de::DeserializeOwned};
use tokio::sync::watch;

/// Why a journal could not be opened.
#[derive(Debug)]
pub enum OpenError {
    /// Another process holds the same state file.
    InUse(PathBuf),
    /// A line other than the last cannot be read.
    Corrupt(PathBuf, usize, String),
    /// The file system refused.
    Io(PathBuf, io::Error),
}

impl std::fmt::Display for OpenError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::InUse(path) => write!(
                f,
                "the state file {} is in use by another aws-sim; stop that one or name another --state file",
                path.display()
            ),
            Self::Corrupt(path, line, why) => {
                write!(
                    f,
                    "line {line} of the state file {} cannot be read ({why}); move the file away to start afresh",
                    path.display()
                )
            }
            Self::Io(path, why) => write!(f, "cannot use the state file {}: {why}", path.display()),
        }
    }
}

/// An open journal, which holds its lock until it is dropped.
#[derive(Debug)]
pub struct Journal {
    shared: Arc<Shared>,
    synced: watch::Receiver<u64>,
    _lock: File,
}

#[derive(Debug)]
struct Shared {
    state: Mutex<Writing>,
    work: Condvar,
}

#[derive(Debug)]
struct Writing {
    file: File,
    written: u64,
    wanted: u64,
    closed: bool,
}

/// Takes the lock and reads every whole line of `path`; a missing file has none.
pub fn load<E: DeserializeOwned>(path: &Path) -> Result<(File, Vec<E>), OpenError> {
    let failed = |why| OpenError::Io(path.to_owned(), why);
    if let Some(parent) = path.parent().filter(|p| !p.as_os_str().is_empty()) {
        std::fs::create_dir_all(parent).map_err(failed)?;
    }
    let lock = OpenOptions::new()
        .create(true)
        .append(true)
        .open(beside(path, "lock"))
        .map_err(failed)?;
    match lock.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Err(OpenError::InUse(path.to_owned())),
        Err(TryLockError::Error(why)) => return Err(failed(why)),
    }
    let bytes = match std::fs::read(path) {
        Ok(bytes) => bytes,
        Err(why) if why.kind() == io::ErrorKind::NotFound => Vec::new(),
        Err(why) => return Err(failed(why)),
    };
    Ok((lock, parse(path, &bytes)?))
}

fn parse<E: DeserializeOwned>(path: &Path, bytes: &[u8]) -> Result<Vec<E>, OpenError> {
    let whole = bytes
        .iter()
        .rposition(|b| *b == b'\n')
        .map_or(0, |end| end + 1);
    if whole < bytes.len() {
        tracing::warn!(
            bytes = bytes.len() - whole,
            "dropped a torn last line of the state file"
        );
    }
    let mut entries = Vec::new();
    for (index, line) in bytes[..whole].split(|b| *b == b'\n').enumerate() {
        if line.is_empty() {
            continue;
        }
        entries.push(
            serde_json::from_slice(line)
                .map_err(|why| OpenError::Corrupt(path.to_owned(), index + 1, why.to_string()))?,
        );
    }
    Ok(entries)
}

/// Replaces the file by the one line `snapshot` and opens it for appending.
pub fn open(path: &Path, lock: File, snapshot: &impl Serialize) -> Result<Journal, OpenError> {
    let failed = |why| OpenError::Io(path.to_owned(), why);
    let fresh = beside(path, "new");
    let mut file = File::create(&fresh).map_err(failed)?;
    let mut line = serde_json::to_vec(snapshot).map_err(|why| failed(why.into()))?;
    line.push(b'\n');
    file.write_all(&line)
        .and_then(|()| file.sync_all())
        .map_err(failed)?;
    std::fs::rename(&fresh, path).map_err(failed)?;
    // The rename itself is durable only once the directory is.
    let parent = path
        .parent()
        .filter(|p| !p.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    File::open(parent)
        .and_then(|dir| dir.sync_all())
        .map_err(failed)?;
    let file = OpenOptions::new().append(true).open(path).map_err(failed)?;

    let shared = Arc::new(Shared {
        state: Mutex::new(Writing {
            file,
            written: 0,
            wanted: 0,
            closed: false,
        }),
        work: Condvar::new(),
    });
    let (tell, synced) = watch::channel(0);
    let mine = Arc::clone(&shared);
    std::thread::Builder::new()
        .name("journal".into())
        .spawn(move || sync_loop(&mine, &tell))
        .map_err(failed)?;
    Ok(Journal {
        shared,
        synced,
        _lock: lock,
    })
}

/// `state.jsonl` → `state.jsonl.lock`.
pub fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(suffix);
    PathBuf::from(name)
}

impl Journal {
    /// Writes whole lines; the number returned is what [`Journal::durable`] waits for.
    pub fn append(&self, lines: &str) -> u64 {
        let mut state = self.shared.lock();
        if let Err(why) = state.file.write_all(lines.as_bytes()) {
            give_up(&why);
        }
        state.written += 1;
        state.written
    }

    /// Waits until everything up to `ticket` is on disk.
    pub async fn durable(&self, ticket: u64) {
        {
            let mut state = self.shared.lock();
            state.wanted = state.wanted.max(ticket);
        }
        self.shared.work.notify_one();
        // The sender lives as long as this journal, so an error cannot come.
        let _ = self.synced.clone().wait_for(|done| *done >= ticket).await;
    }
}

impl Drop for Journal {
    fn drop(&mut self) {
        self.shared.lock().closed = true;
        self.shared.work.notify_one();
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Writing> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn sync_loop(shared: &Shared, tell: &watch::Sender<u64>) {
    let mut done = 0;
    loop {
        let (file, written) = {
            let mut state = shared.lock();
            while state.wanted <= done && !state.closed {
                state = shared
                    .work
                    .wait(state)
                    .unwrap_or_else(PoisonError::into_inner);
            }
            if state.closed {
                return;
            }
            match state.file.try_clone() {
                Ok(file) => (file, state.written),
                Err(why) => give_up(&why),
            }
        };
        if let Err(why) = file.sync_data() {
            give_up(&why);
        }
        done = written;
        tell.send_replace(done);
    }
}

/// Books that cannot be kept must not be answered from.
fn give_up(why: &io::Error) -> ! {
    tracing::error!(error = %why, "the state file cannot be written; stopping");
    std::process::exit(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(bytes: &[u8]) -> Result<Vec<u32>, OpenError> {
        parse(Path::new("state"), bytes)
    }

    #[test]
    fn a_torn_last_line_is_dropped_and_any_other_refused() {
        for (bytes, expected) in [
            (&b""[..], Some(vec![])),
            (b"1\n2\n", Some(vec![1, 2])),
            (b"1\n2", Some(vec![1])),
            (b"1\n{\"a", Some(vec![1])),
            (b"1\nx\n3\n", None),
        ] {
            assert_eq!(
                values(bytes).ok(),
                expected,
                "{}",
                String::from_utf8_lossy(bytes)
            );
        }
    }

    #[tokio::test]
    async fn lines_survive_and_a_second_process_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("deep/state");
        let (lock, entries) = load::<u32>(&path).unwrap();
        assert_eq!(entries, Vec::<u32>::new());
        let journal = open(&path, lock, &1).unwrap();
        let ticket = journal.append("2\n3\n");
        journal.durable(ticket).await;
        assert!(matches!(load::<u32>(&path), Err(OpenError::InUse(_))));
        drop(journal);
        assert_eq!(load::<u32>(&path).unwrap().1, vec![1, 2, 3]);
    }
}
