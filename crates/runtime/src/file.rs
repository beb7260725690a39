//! Small files that must survive a crash: secret keys and the clock's offset.
//! Not for anything that grows. Invariant: a reader sees the old content or the new one, never a part.

use std::{
    fs::{File, OpenOptions},
    io::{self, Write},
    os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
};

/// Replaces the file's content: a temporary file in the same directory, synced, then renamed over it.
pub fn write_atomic(path: &Path, content: &[u8], mode: u32) -> io::Result<()> {
    let temporary = write_temporary(path, content, mode)?;
    std::fs::rename(&temporary, path)?;
    sync_directory(path)
}

/// Makes the file unless there is one already; answers whether it was made.
/// Two processes may try at once: exactly one of them makes it, and no half-written file is ever seen.
pub fn create_new(path: &Path, content: &[u8], mode: u32) -> io::Result<bool> {
    let temporary = write_temporary(path, content, mode)?;
    // A hard link fails if the name is taken, which a rename does not.
    let linked = std::fs::hard_link(&temporary, path);
    std::fs::remove_file(&temporary)?;
    match linked {
        Ok(()) => sync_directory(path).map(|()| true),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(error),
    }
}

/// Whether anybody may do anything with the file whom neither its owner nor root meant: group and world, but for a group that may read
/// a file of root's. For root itself its own files are no exception.
pub fn is_open_to_others(path: &Path) -> io::Result<bool> {
    let found = std::fs::metadata(path)?;
    let is_handed_over = found.uid() == 0 && !rustix::process::geteuid().is_root();
    Ok(is_open(found.permissions().mode(), is_handed_over))
}

const fn is_open(mode: u32, is_handed_over: bool) -> bool {
    let allowed = if is_handed_over { 0o740 } else { 0o700 };
    mode & 0o777 & !allowed != 0
}

fn write_temporary(path: &Path, content: &[u8], mode: u32) -> io::Result<PathBuf> {
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".{}.tmp", std::process::id()));
    let temporary = PathBuf::from(name);
    // A file left by a crashed process with our number would keep its old mode.
    match std::fs::remove_file(&temporary) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(mode)
        .open(&temporary)?;
    file.write_all(content)?;
    file.sync_all()?;
    Ok(temporary)
}

fn sync_directory(path: &Path) -> io::Result<()> {
    let directory = path.parent().filter(|p| !p.as_os_str().is_empty());
    File::open(directory.unwrap_or_else(|| Path::new(".")))?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_root_may_let_a_group_read() {
        for (mode, own, handed_over) in [
            (0o600, false, false),
            (0o400, false, false),
            (0o440, true, false),
            (0o640, true, false),
            (0o660, true, true),
            (0o604, true, true),
            (0o444, true, true),
        ] {
            assert_eq!(is_open(mode, false), own, "{mode:o}");
            assert_eq!(is_open(mode, true), handed_over, "{mode:o}");
        }
    }

    #[test]
    fn create_new_keeps_the_first_content_and_write_atomic_replaces_it() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("key");
        assert!(create_new(&path, b"first", 0o600).unwrap());
        assert!(!create_new(&path, b"second", 0o600).unwrap());
        assert_eq!(std::fs::read(&path).unwrap(), b"first");
        assert!(!is_open_to_others(&path).unwrap());
        write_atomic(&path, b"third", 0o644).unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"third");
        assert!(is_open_to_others(&path).unwrap());
        assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 1);
    }
}
