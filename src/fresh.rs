//! Temporary folders and files beside what is written. Each is locked while its process lives, so that
//! a later one knows which are left over from a process that was killed, and clears them away.

use std::fs::{self, File};
use std::io;
use std::path::Path;

use tempfile::{Builder, NamedTempFile, TempDir};

/// How temporary names begin.
const PREFIX: &str = ".irio-writing-";

/// A temporary folder that nobody else clears away, and what says so; removed when dropped.
pub(crate) fn folder(parent: &Path) -> io::Result<(TempDir, Option<File>)> {
    clear(parent);
    loop {
        let fresh = Builder::new().prefix(PREFIX).tempdir_in(parent)?;
        // Systems that cannot open a folder cannot lock it, and none is cleared away there.
        let Some(lock) = File::open(fresh.path()).ok().filter(|lock| lock.lock().is_ok()) else {
            return Ok((fresh, None));
        };
        if is_at(&lock, fresh.path()) {
            return Ok((fresh, Some(lock)));
        }
        // Taken for a left-over before it was locked: another name.
    }
}

/// A temporary file that nobody else clears away; removed when dropped.
pub(crate) fn file(parent: &Path) -> io::Result<NamedTempFile> {
    clear(parent);
    loop {
        let fresh = Builder::new().prefix(PREFIX).tempfile_in(parent)?;
        if fresh.as_file().lock().is_err() || is_at(fresh.as_file(), fresh.path()) {
            return Ok(fresh);
        }
    }
}

/// Removes what dead processes left; whatever cannot be removed stays, and is in nobody's way.
fn clear(parent: &Path) {
    for entry in fs::read_dir(parent).into_iter().flatten().flatten() {
        if !entry.file_name().to_string_lossy().starts_with(PREFIX) {
            continue;
        }
        let path = entry.path();
        let Ok(kind) = entry.file_type() else { continue };
        // A pipe would wait for whoever writes into it.
        if !kind.is_dir() && !kind.is_file() {
            continue;
        }
        // Locked by a living process, or lockable by none: left alone. The lock is held while it is removed.
        let Some(_lock) = File::open(&path).ok().filter(|lock| lock.try_lock().is_ok()) else {
            continue;
        };
        let _ = if kind.is_dir() { fs::remove_dir_all(&path) } else { fs::remove_file(&path) };
    }
}

/// Whether an open file or folder is still the one of that name.
#[cfg(unix)]
fn is_at(open: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let own = |found: fs::Metadata| (found.dev(), found.ino());
    open.metadata().is_ok_and(|open| fs::metadata(path).is_ok_and(|at| own(open) == own(at)))
}

#[cfg(not(unix))]
fn is_at(_: &File, path: &Path) -> bool {
    path.exists()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_dead_process_left_is_cleared_away_and_what_a_living_one_holds_is_not() {
        let place = tempfile::tempdir().unwrap();
        let left = place.path().join(format!("{PREFIX}aaaaaa"));
        fs::create_dir(&left).unwrap();
        fs::write(left.join("flows.csv"), "half").unwrap();
        fs::write(place.path().join(format!("{PREFIX}bbbbbb")), "half").unwrap();
        fs::write(place.path().join("mine"), "whole").unwrap();
        let (held, lock) = folder(place.path()).unwrap();
        let other = file(place.path()).unwrap();
        assert!(held.path().exists() && lock.is_some());
        drop(folder(place.path()).unwrap());
        assert!(held.path().exists() && other.path().exists());
        drop((held, lock, other));
        assert_eq!(fs::read_dir(place.path()).unwrap().count(), 1);
    }
}
