//! What a reading depends on: the files it read, and those it looked for and did not find.
//!
//! A cache of the result holds as long as all of that is as it was ([`super::cache`]). Readers say what they
//! read where they read it ([`read`]; [`super::TextFile`], [`super::workbook`] and [`super::npy`] do) and ask here
//! whether a file is there ([`exists`]); both cost nothing while nobody listens. Only the thread that asked is
//! heard: what a reader says on another one is not, and then there is no cache.

use std::cell::RefCell;
use std::fs::{File, Metadata};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// A point in time: seconds since 1970 and nanoseconds.
pub type Time = (i64, u32);

/// The time of the clock.
pub fn now() -> Time {
    time(SystemTime::now())
}

fn time(at: SystemTime) -> Time {
    match at.duration_since(UNIX_EPOCH) {
        Ok(since) => (since.as_secs().cast_signed(), since.subsec_nanos()),
        // Before 1970 the fraction is of no importance: two equal times stay equal.
        Err(before) => (-before.duration().as_secs().cast_signed() - 1, 0),
    }
}

/// What the file system says of a file without reading it; another stamp means that it may have changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
    /// Its size in bytes.
    pub size: u64,
    /// When its bytes were written last.
    pub modified: Time,
    /// When anything of it changed last, its name included; 0 where the system does not tell.
    pub changed: Time,
    /// Its number on the file system; 0 where the system has none.
    pub number: u64,
}

impl Stamp {
    /// The stamp of a file that is there.
    pub fn of(path: &Path) -> Option<Self> {
        std::fs::metadata(path).ok().map(|found| Stamp::from(&found))
    }
}

impl From<&Metadata> for Stamp {
    fn from(found: &Metadata) -> Self {
        #[cfg(unix)]
        let (changed, number) = {
            use std::os::unix::fs::MetadataExt;
            ((found.ctime(), u32::try_from(found.ctime_nsec()).unwrap_or(0)), found.ino())
        };
        #[cfg(not(unix))]
        let (changed, number) = ((0, 0), 0);
        let modified = found.modified().map_or((0, 0), time);
        Stamp { size: found.len(), modified, changed, number }
    }
}

/// A file that a reading depends on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    /// Its path as the reader had it.
    pub path: PathBuf,
    /// What it was; none where there was no such file.
    pub found: Option<Found>,
}

/// What a file was when it was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// Its stamp, taken before the first byte was read.
    pub stamp: Stamp,
    /// SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
}

thread_local! {
    /// What the reading of this thread has seen, while somebody listens.
    static SEEN: RefCell<Option<Vec<Seen>>> = const { RefCell::new(None) };
}

/// Stops listening, also where the reading panics.
struct Listening(Option<Vec<Seen>>);

impl Drop for Listening {
    fn drop(&mut self) {
        SEEN.set(self.0.take());
    }
}

/// Runs a reading and says what it saw on this thread, in order.
pub fn during<T>(reading: impl FnOnce() -> T) -> (T, Vec<Seen>) {
    let outer = Listening(SEEN.replace(Some(Vec::new())));
    let result = reading();
    let seen = SEEN.take().unwrap_or_default();
    drop(outer);
    (result, seen)
}

/// Notes that a file was read; the stamp was taken before.
pub fn read(path: &Path, stamp: Option<Stamp>, sha256: &str) {
    let Some(stamp) = stamp else { return };
    note(|| Seen {
        path: path.to_path_buf(),
        found: Some(Found { stamp, sha256: sha256.to_owned() }),
    });
}

/// Notes that the names in a folder were looked at: one more or one less changes its stamp. It has no
/// bytes, so only the stamp can tell that it is the same.
pub fn listed(folder: &Path) {
    read(folder, Stamp::of(folder), "");
}

/// Whether a file or folder is there; that one is not is noted.
pub fn exists(path: &Path) -> bool {
    let there = path.exists();
    if !there {
        note(|| Seen { path: path.to_path_buf(), found: None });
    }
    there
}

fn note(seen: impl FnOnce() -> Seen) {
    SEEN.with_borrow_mut(|all| {
        if let Some(all) = all {
            let seen = seen();
            if !all.contains(&seen) {
                all.push(seen);
            }
        }
    });
}

/// SHA-256 of a file in hexadecimal, read in pieces.
///
/// # Errors
/// If it cannot be read.
pub fn hash_of(file: &mut File) -> io::Result<String> {
    // Large enough that the calls do not count, small enough for the processor's cache.
    let mut piece = vec![0; 1 << 18];
    let mut hash = Sha256::new();
    loop {
        match file.read(&mut piece) {
            Ok(0) => break,
            Ok(length) => hash.update(&piece[..length]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(super::hexadecimal(&hash.finalize()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_and_what_is_missed_is_seen_once_and_only_while_somebody_listens() {
        let place = tempfile::tempdir().unwrap();
        let (there, missing) = (place.path().join("a"), place.path().join("b"));
        std::fs::write(&there, "x").unwrap();
        let stamp = Stamp::of(&there);
        read(&there, stamp, "unheard");
        let (answer, seen) = during(|| {
            read(&there, stamp, "00");
            read(&there, stamp, "00");
            let (inner, _) = during(|| exists(&place.path().join("c")));
            assert!(!inner);
            (exists(&there), exists(&missing))
        });
        assert_eq!(answer, (true, false));
        let paths: Vec<&Path> = seen.iter().map(|seen| seen.path.as_path()).collect();
        assert_eq!(paths, [there.as_path(), missing.as_path()]);
        assert!(seen[0].found.as_ref().is_some_and(|found| found.stamp.size == 1));
        assert!(seen[1].found.is_none());
    }

    #[test]
    fn a_file_is_hashed_in_pieces() {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("a");
        let bytes: Vec<u8> = (0..600_000u32).map(|at| (at % 251) as u8).collect();
        std::fs::write(&path, &bytes).unwrap();
        assert_eq!(hash_of(&mut File::open(&path).unwrap()).unwrap(), super::super::hash(&bytes));
    }
}
