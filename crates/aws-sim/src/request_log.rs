//! The log of every AWS request received, as JSON Lines in a file beside the state.
//!
//! Nothing is kept in memory: the route streams the file. Past 256 MiB the file is renamed to `….old` (replacing the one before), so
//! the log holds between 256 and 512 MiB of the latest requests. Lines are written without a sync: they survive a killed process.
//! Invariant: a line is whole or dropped at the next start.

use std::{
    fs::{File, OpenOptions},
    io::{self, BufRead as _, BufReader, Read as _, Seek as _, SeekFrom, Write as _},
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use serde_json::Value;

use crate::journal::beside;

const ROTATE_AT: u64 = 256 * 1024 * 1024;

/// The open log.
#[derive(Debug)]
pub struct RequestLog {
    path: PathBuf,
    file: Mutex<(File, u64)>,
}

impl RequestLog {
    /// Opens the log and cuts off a torn last line.
    pub fn open(path: &Path) -> io::Result<Self> {
        let mut file = OpenOptions::new()
            .create(true)
            .read(true)
            .append(true)
            .open(path)?;
        let length = whole_lines(&mut file)?;
        file.set_len(length)?;
        Ok(Self {
            path: path.to_owned(),
            file: Mutex::new((file, length)),
        })
    }

    /// Notes one request; a full disk costs the line, not the answer.
    pub fn append(&self, line: &Value) {
        let mut text = line.to_string();
        text.push('\n');
        let mut guard = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        if guard.1 > ROTATE_AT
            && let Err(why) = self.rotate(&mut guard)
        {
            tracing::warn!(error = %why, "the request log cannot be rotated");
        }
        match guard.0.write_all(text.as_bytes()) {
            Ok(()) => guard.1 += text.len() as u64,
            Err(why) => tracing::warn!(error = %why, "a request could not be logged"),
        }
    }

    fn rotate(&self, guard: &mut (File, u64)) -> io::Result<()> {
        std::fs::rename(&self.path, beside(&self.path, "old"))?;
        *guard = (
            OpenOptions::new()
                .create(true)
                .append(true)
                .open(&self.path)?,
            0,
        );
        Ok(())
    }

    /// Reads the lines of one client (or all), oldest first, in pieces for `take`; it returns false to stop.
    pub fn read(
        &self,
        client: Option<&str>,
        mut take: impl FnMut(Vec<u8>) -> bool,
    ) -> io::Result<()> {
        let mut piece = Vec::new();
        for path in [beside(&self.path, "old"), self.path.clone()] {
            let file = match File::open(path) {
                Ok(file) => file,
                Err(why) if why.kind() == io::ErrorKind::NotFound => continue,
                Err(why) => return Err(why),
            };
            // Only what is there now: a reader must not chase a busy log.
            let length = file.metadata()?.len();
            let mut reader = BufReader::new(file.take(length));
            let mut line = Vec::new();
            while reader.read_until(b'\n', &mut line)? > 0 {
                if line.ends_with(b"\n") && client.is_none_or(|c| is_of(&line, c)) {
                    piece.extend_from_slice(&line);
                }
                line.clear();
                if piece.len() > 64 * 1024 && !take(std::mem::take(&mut piece)) {
                    return Ok(());
                }
            }
        }
        take(piece);
        Ok(())
    }
}

fn is_of(line: &[u8], client: &str) -> bool {
    #[derive(serde::Deserialize)]
    struct Line<'a> {
        client: &'a str,
    }
    serde_json::from_slice::<Line<'_>>(line).is_ok_and(|l| l.client == client)
}

fn whole_lines(file: &mut File) -> io::Result<u64> {
    let mut end = file.seek(SeekFrom::End(0))?;
    let mut byte = [0];
    while end > 0 {
        file.seek(SeekFrom::Start(end - 1))?;
        file.read_exact(&mut byte)?;
        if byte == *b"\n" {
            break;
        }
        end -= 1;
    }
    Ok(end)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn text(log: &RequestLog, client: Option<&str>) -> String {
        let mut all = Vec::new();
        log.read(client, |piece| {
            all.extend(piece);
            true
        })
        .unwrap();
        String::from_utf8(all).unwrap()
    }

    #[test]
    fn a_torn_line_is_cut_and_clients_are_told_apart() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("requests");
        std::fs::write(&path, "{\"client\":\"rust\",\"n\":1}\n{\"client\":\"ru").unwrap();
        let log = RequestLog::open(&path).unwrap();
        log.append(&json!({"client": "boto3", "n": 2}));
        assert_eq!(text(&log, None).lines().count(), 2);
        assert_eq!(
            text(&log, Some("boto3")),
            "{\"client\":\"boto3\",\"n\":2}\n"
        );
        assert_eq!(text(&log, Some("other")), "");
    }
}
