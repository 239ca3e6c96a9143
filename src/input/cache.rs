//! A table's numbers as they lie in memory, in a file beside its source, so that the second start maps
//! them instead of reading the source again.
//!
//! - The cache of `TABLE` is `TABLE.irio-cache` (with a sheet or a data folder: `TABLE.<hash>.irio-cache`). It may
//!   be deleted at any time; it is replaced by renaming, whole or not at all, never written in place.
//! - It holds as long as every file that was read, and every file that was looked for and not found, is as
//!   it was: by size and times, or else by SHA-256. Times are believed only if they are older than the
//!   reading, as in git's index: a file written in the tick in which it was read may have changed unseen.
//! - Whatever is wrong with it, it is passed over and written anew. That it cannot be written is no error.
//! - A table from the cache is checked like any other, and has the same bits, notes and hashes.
//!
//! Nothing of this happens before [`allow`] is called, as the program does: a library does not leave files
//! beside those it reads unless it is told to.

mod head;
mod store;

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use self::head::{Head, Origin};
use self::store::Stored;
use super::witness::{self, Found, Seen, Stamp, Time};
use super::workbook::Reference;
use crate::fault::Faults;
use crate::table::Table;

/// Bytes of source from which a cache is worth a file: less is read in the blink of an eye.
const LEAST: u64 = 2 << 20;

/// Seconds that a file's times must lie before the reading to be believed: the coarsest clock of a file
/// system in use (FAT) counts by two.
const RACY: i64 = 2;

static ALLOWED: AtomicBool = AtomicBool::new(false);

/// Lets this process use and write caches beside the tables it reads.
pub fn allow() {
    ALLOWED.store(true, Ordering::Relaxed);
}

/// Reads a table from its cache, else by `fresh`, and then writes the cache if the table is large.
pub(super) fn read(
    path: &Path,
    data: Option<&Path>,
    fresh: fn(&Path, Option<&Path>) -> Result<Table, Faults>,
) -> Result<Table, Faults> {
    let request = if ALLOWED.load(Ordering::Relaxed) { Request::of(path, data) } else { None };
    let Some(request) = request else { return fresh(path, data) };
    if let Some(table) = request.stored() {
        return Ok(table);
    }
    let begun = witness::now();
    let (table, seen) = witness::during(|| fresh(path, data));
    let table = table?;
    // A table without a cache is as good as one with it.
    let _ = request.store(&table, begun, seen);
    Ok(table)
}

/// What a fuzzer needs to get past the sums; only in its builds.
#[cfg(fuzzing)]
pub mod fuzzing {
    use super::*;

    /// Head and data of a table's cache that depends on no file.
    pub fn taken_apart(table: &Table) -> Option<(Vec<u8>, Vec<u8>)> {
        let origin = Origin { name: String::new(), folder: PathBuf::new(), data: None };
        let (head, arrays) = Head::of(table.parts(), origin, witness::now(), Vec::new())?;
        Some((head.bytes()?, arrays.bytes()?))
    }

    /// A cache of such a head and such data.
    pub fn sealed(head: &[u8], data: &[u8]) -> Vec<u8> {
        store::sealed(head, data)
    }

    /// The table of a cache, whatever it depends on.
    pub fn read(path: &Path) -> Option<Table> {
        let stored = Stored::open(path)?;
        let head = Head::read(stored.head())?;
        if stored.is_intact() { head.table(&stored)?.check().ok() } else { None }
    }
}

/// A table that is asked for, and where its cache is.
#[derive(Debug)]
struct Request {
    cache: PathBuf,
    origin: Origin,
}

impl Request {
    fn of(path: &Path, data: Option<&Path>) -> Option<Self> {
        let marked = path.file_name().is_some_and(|name| name == "table.toml");
        let folder = if path.is_dir() { Some(path) } else { path.parent().filter(|_| marked) };
        let (place, origin, sheet) = if let Some(folder) = folder {
            // A folder has its cache beside it, not inside: what is inside is the user's.
            let here = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
            let place = std::fs::canonicalize(here).ok()?;
            let origin = Origin { name: String::new(), folder: folder.into(), data: None };
            (place, origin, None)
        } else {
            let Reference { file, sheet } = Reference::of(path);
            // The name of a bare file says what the table is called.
            let name = file.file_name()?.to_str()?.to_owned();
            let folder = file.parent().map(Path::to_path_buf).unwrap_or_default();
            (file, Origin { name, folder, data: None }, sheet)
        };
        let mut name = place.file_name()?.to_os_string();
        if sheet.is_some() || data.is_some() {
            let data = data.map(|data| std::fs::canonicalize(data).unwrap_or_else(|_| data.into()));
            let key = super::hash(format!("{sheet:?} {data:?}").as_bytes());
            name.push(format!(".{}", &key[..12]));
        }
        name.push(".irio-cache");
        let origin = Origin { data: data.map(Path::to_path_buf), ..origin };
        Some(Request { cache: place.with_file_name(name), origin })
    }

    /// The table, if there is a cache that holds.
    fn stored(&self) -> Option<Table> {
        let stored = Stored::open(&self.cache)?;
        let head = Head::read(stored.head())?.carried(&self.origin)?;
        let state = state(&head)?;
        // Last, because it looks at every byte.
        if !stored.is_intact() {
            return None;
        }
        let table = head.table(&stored)?.check().ok()?;
        if let State::Renewed(begun, seen) = state {
            let head = head.renewed(self.origin.clone(), begun, seen);
            let _ = head.bytes().and_then(|bytes| stored.write_again(&self.cache, &bytes));
        }
        Some(table)
    }

    /// Writes the cache, if the table is large and all that it depends on is known.
    fn store(&self, table: &Table, begun: Time, seen: Vec<Seen>) -> Option<()> {
        let found = |path: &Path| {
            let same = seen.iter().filter(|seen| seen.path == path);
            let found: Vec<&Found> = same.filter_map(|seen| seen.found.as_ref()).collect();
            (found.len() == 1).then(|| found[0])
        };
        let sources: Vec<&Seen> = seen.iter().filter(|seen| seen.found.is_some()).collect();
        let size: u64 =
            sources.iter().filter_map(|seen| Some(seen.found.as_ref()?.stamp.size)).sum();
        let known = table
            .meta()
            .inputs
            .iter()
            .all(|input| found(&input.path).is_some_and(|found| found.sha256 == input.sha256));
        if size < LEAST || !known || sources.iter().any(|seen| found(&seen.path).is_none()) {
            return None;
        }
        let paths: Vec<&Path> = sources.iter().map(|seen| seen.path.as_path()).collect();
        let mode = store::common_mode(&paths);
        let (head, arrays) = Head::of(table.parts(), self.origin.clone(), begun, seen.clone())?;
        store::write(&self.cache, &head.bytes()?, &arrays, mode)
    }
}

/// What has become of the files that a cache depends on.
enum State {
    /// They are as they were, as far as size and times tell.
    Same,
    /// They hold the same bytes; these are their stamps now, taken after the time given. Worth writing down.
    Renewed(Time, Vec<Seen>),
    /// They hold the same bytes, but so new that stamps would not be believed.
    Racy,
}

/// Compares the files a cache depends on with what they were; none if any has changed.
fn state(head: &Head) -> Option<State> {
    let begun = witness::now();
    let mut now = Vec::with_capacity(head.seen.len());
    for seen in &head.seen {
        let stamp = Stamp::of(&seen.path);
        match (&seen.found, stamp) {
            (None, None) => now.push(None),
            (Some(found), Some(stamp)) if found.stamp.size == stamp.size => now.push(Some(stamp)),
            _ => return None,
        }
    }
    let stale = |(seen, stamp): &(&Seen, &Option<Stamp>)| {
        seen.found.as_ref().map(|found| found.stamp) != **stamp
            || stamp.is_some_and(|stamp| !is_settled(&stamp, head.begun))
    };
    let doubtful: Vec<(&Seen, &Option<Stamp>)> = head.seen.iter().zip(&now).filter(stale).collect();
    if doubtful.is_empty() {
        return Some(State::Same);
    }
    for (seen, _) in doubtful {
        let hash = witness::hash_of(&mut File::open(&seen.path).ok()?).ok()?;
        if seen.found.as_ref().is_some_and(|found| found.sha256 != hash) {
            return None;
        }
    }
    if now.iter().flatten().any(|stamp| !is_settled(stamp, begun)) {
        return Some(State::Racy);
    }
    let renewed = head.seen.iter().zip(now).map(|(seen, stamp)| {
        let found = seen.found.as_ref().zip(stamp);
        let found = found.map(|(found, stamp)| Found { stamp, sha256: found.sha256.clone() });
        Seen { path: seen.path.clone(), found }
    });
    Some(State::Renewed(begun, renewed.collect()))
}

/// Whether a file was written so long before a time that a later change must show in its stamp.
fn is_settled(stamp: &Stamp, before: Time) -> bool {
    stamp.modified.0.max(stamp.changed.0) + RACY < before.0
}
