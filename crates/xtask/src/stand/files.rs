//! Small file helpers: private files, atomic replacement, the end of a log.
//! Everything written here is readable by its owner alone, because most of it is secret and none of it is for others.

use std::ffi::OsString;
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;

use rand::TryRng;
use rand::rngs::SysRng;

/// Makes a directory, and those above it, for its owner alone.
pub(crate) fn private_dir(dir: &Path) -> io::Result<()> {
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(dir)
}

/// Replaces `file` in one step with `content`, mode 0600.
pub(crate) fn write_atomic(file: &Path, content: &[u8]) -> io::Result<()> {
    if let Some(dir) = file.parent().filter(|dir| !dir.as_os_str().is_empty()) {
        fs::create_dir_all(dir)?;
    }
    let mut name = OsString::from(file);
    name.push(format!(".{}.new", std::process::id()));
    let mut new = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&name)?;
    new.write_all(content)?;
    new.sync_all()?;
    fs::rename(&name, file)
}

/// Random bytes from the system.
pub(crate) fn random<const N: usize>() -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    SysRng
        .try_fill_bytes(&mut bytes)
        .map_err(io::Error::other)?;
    Ok(bytes)
}

/// The content of a secret file; made from 32 random bytes, in hex, if it is not there.
pub(crate) fn secret(file: &Path) -> io::Result<String> {
    match fs::read_to_string(file) {
        Ok(text) => Ok(text.trim().to_owned()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let text = hex::encode(random::<32>()?);
            write_atomic(file, text.as_bytes())?;
            Ok(text)
        }
        Err(error) => Err(error),
    }
}

/// The last lines of a log, indented for a message.
pub(crate) fn tail(log: &Path, lines: usize) -> String {
    let text = fs::read(log)
        .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
        .unwrap_or_default();
    let all: Vec<&str> = text.lines().collect();
    let from = all.len().saturating_sub(lines);
    let mut text = all[from..].join(
        "
  ",
    );
    if !text.is_empty() {
        text.insert_str(0, "  ");
    }
    text
}

/// A path as part of a database URL: what has a meaning in a URL is percent-encoded.
pub(crate) fn url_path(path: &Path) -> String {
    let mut url = String::new();
    for character in path.to_string_lossy().chars() {
        match character {
            '%' => url.push_str("%25"),
            '?' => url.push_str("%3F"),
            '#' => url.push_str("%23"),
            ' ' => url.push_str("%20"),
            other => url.push(other),
        }
    }
    url
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn a_secret_is_made_once_and_is_private() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("keys").join("token");
        let first = secret(&file).unwrap();
        assert_eq!(first.len(), 64);
        assert_eq!(secret(&file).unwrap(), first);
        assert_eq!(
            fs::metadata(&file).unwrap().permissions().mode() & 0o777,
            0o600
        );
    }

    #[test]
    fn url_characters_are_encoded() {
        assert_eq!(url_path(Path::new("/a b/c?d#e%f")), "/a%20b/c%3Fd%23e%25f");
    }

    #[test]
    fn tail_takes_the_end() {
        let dir = tempfile::tempdir().unwrap();
        let log = dir.path().join("log");
        write_atomic(&log, b"one\ntwo\nthree\n").unwrap();
        assert_eq!(tail(&log, 2), "  two\n  three");
        assert_eq!(tail(&dir.path().join("none"), 2), "");
    }
}
