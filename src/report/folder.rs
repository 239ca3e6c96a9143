//! Writing a folder of results so that it is there whole or not at all.
//!
//! The files go into a new folder beside the old one; then the two swap names in one step of the
//! file system. A run that dies before that leaves the earlier results as they were, and a temporary
//! folder that the next one clears away.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::{Files, Streamed};
use crate::fault::{Fault, Location};
use crate::fresh;

/// What a folder holds; only a folder of the same kind is replaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Results: `summary.json` and the files it names.
    Results,
    /// A table: `table.toml` and its files of numbers.
    Table,
    /// A table in the format of pymrio: `file_parameters.json`, its frames, and a folder for each account.
    Pymrio,
}

impl Kind {
    /// The file that marks a folder of this kind.
    fn mark(self) -> &'static str {
        match self {
            Kind::Results => "summary.json",
            Kind::Table => "table.toml",
            Kind::Pymrio => "file_parameters.json",
        }
    }

    /// Files of such a folder that irio itself wrote; none where the mark is not irio's.
    fn written(self, folder: &Path) -> Option<Vec<String>> {
        let mark = fs::read_to_string(folder.join(self.mark())).ok()?;
        let own = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        if self == Kind::Table {
            return Some(own(&TABLE_FILES));
        }
        if self == Kind::Pymrio {
            return written_system(folder);
        }
        let summary: serde_json::Value = serde_json::from_str(&mark).ok()?;
        summary["schema_version"].as_u64().filter(|_| summary["command"].is_string())?;
        let mut names: Vec<String> = own(&["summary.json", "README.md"]);
        let files = summary["files"].as_array()?.iter();
        names.extend(files.filter_map(|file| file["name"].as_str()).map(str::to_owned));
        Some(names)
    }
}

/// Files of a system of pymrio, and folders of its accounts, that irio wrote.
fn written_system(folder: &Path) -> Option<Vec<String>> {
    let metadata = fs::read(folder.join("metadata.json")).ok()?;
    let metadata: serde_json::Value = serde_json::from_slice(&metadata).ok()?;
    metadata.get(crate::table::beside::KEY)?;
    let mut names: Vec<String> = SYSTEM_FILES.map(str::to_owned).to_vec();
    for entry in fs::read_dir(folder).ok()?.flatten().filter(|entry| entry.path().is_dir()) {
        let inner: Vec<String> = (fs::read_dir(entry.path()).ok()?.flatten())
            .map(|file| file.file_name().to_string_lossy().into_owned())
            .collect();
        if inner.iter().all(|name| ACCOUNT_FILES.contains(&name.as_str())) {
            names.push(entry.file_name().to_string_lossy().into_owned());
        }
    }
    Some(names)
}

/// Files of a system of pymrio.
const SYSTEM_FILES: [&str; 13] = [
    "file_parameters.json",
    "metadata.json",
    "labels.csv",
    "Z.txt",
    "Y.txt",
    "x.txt",
    "unit.txt",
    "population.txt",
    "Z.parquet",
    "Y.parquet",
    "x.parquet",
    "unit.parquet",
    "population.parquet",
];

/// Files of an account of such a system.
const ACCOUNT_FILES: [&str; 7] = [
    "file_parameters.json",
    "F.txt",
    "F_Y.txt",
    "unit.txt",
    "F.parquet",
    "F_Y.parquet",
    "unit.parquet",
];

/// Files of a table's folder.
const TABLE_FILES: [&str; 27] = [
    "table.toml",
    "README.md",
    "regions.csv",
    "sectors.csv",
    "categories.csv",
    "flows.csv",
    "final_demand.csv",
    "value_added.csv",
    "output.csv",
    "imports.csv",
    "imports_final_demand.csv",
    "extensions.csv",
    "households.csv",
    "population.csv",
    "inventories.csv",
    "extensions_final_demand.csv",
    "extensions_accounts.csv",
    "flows.npy",
    "final_demand.npy",
    "final_demand_columns.csv",
    "value_added.npy",
    "value_added_rows.csv",
    "output.npy",
    "imports.npy",
    "imports_final_demand.npy",
    "extensions.npy",
    "extensions_rows.csv",
];

/// Why a folder may not be written, told before any work is done.
///
/// # Errors
/// If something stands at the path that irio did not write: a file, a folder of another kind, or a
/// folder with a file of the user's own.
pub fn refuse_foreign(folder: &Path, kind: Kind) -> Result<(), Fault> {
    let at = || Location::whole(folder);
    refuse_other(folder, "a folder")?;
    refuse_unwritable(folder)?;
    let Ok(entries) = fs::read_dir(folder) else { return Ok(()) };
    let mut names: Vec<String> =
        entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    let help = "name a new or empty folder with --out";
    if names.is_empty() {
        return Ok(());
    }
    let Some(written) = kind.written(folder) else {
        let text = format!("holds other files and no {} of irio; it is left alone", kind.mark());
        return Err(Fault::new(at(), text).help(help));
    };
    if let Some(other) = names.iter().find(|name| !written.contains(name)) {
        let text = format!(
            "holds {other:?}, which irio did not write and would be lost; it is left alone"
        );
        return Err(
            Fault::new(at(), text).help("move that file away, or name another folder with --out")
        );
    }
    Ok(())
}

/// Refuses a place where something of another kind stands than what is to be written: it would be lost.
///
/// # Errors
/// If a file, a folder, a device, a pipe, or a link that leads nowhere is there and `wanted` says otherwise.
pub fn refuse_other(place: &Path, wanted: &str) -> Result<(), Fault> {
    let found = match fs::metadata(place) {
        Ok(found) if found.is_dir() => "a folder",
        Ok(found) if found.is_file() => "a file",
        Ok(_) => "a device or a pipe",
        Err(_) if fs::symlink_metadata(place).is_ok() => "a link that leads nowhere",
        Err(_) => return Ok(()),
    };
    if found == wanted {
        return Ok(());
    }
    let fault = Fault::new(Location::whole(place), format!("is {found}, not {wanted}"));
    let name = wanted.trim_start_matches("a ");
    Err(fault.help(format!("name another {name} with --out")))
}

/// Refuses a place where nothing can be written, before anything is computed for it.
fn refuse_unwritable(folder: &Path) -> Result<(), Fault> {
    let parent = parent_of(folder);
    let refused = |error: io::Error| unwritten(folder, &error);
    no_file_above(&parent).map_err(refused)?;
    let Some(above) = parent.ancestors().find(|above| above.is_dir()) else { return Ok(()) };
    let above = if above.as_os_str().is_empty() { Path::new(".") } else { above };
    fresh::file(above).map(drop).map_err(refused)
}

/// Refuses to replace a folder that something was read from.
///
/// # Errors
/// If an input lies inside the folder.
pub fn refuse_input<'a>(
    folder: &Path,
    inputs: impl IntoIterator<Item = &'a Path>,
) -> Result<(), Fault> {
    let Ok(folder_path) = fs::canonicalize(folder) else { return Ok(()) };
    let inside =
        |path: &&Path| fs::canonicalize(path).is_ok_and(|path| path.starts_with(&folder_path));
    match inputs.into_iter().find(inside) {
        Some(path) => {
            let text = format!("the result would replace {}, which it is made of", path.display());
            Err(Fault::new(Location::whole(folder), text).help("name another folder with --out"))
        }
        None => Ok(()),
    }
}

/// Writes the files as a folder in place of the one that is there.
///
/// # Errors
/// If the disk is full, the place is not writable or holds foreign files; what was there stays.
pub fn write(folder: &Path, kind: Kind, files: &Files) -> Result<(), Fault> {
    prepare(folder, kind, files)?.put_in_place()
}

/// Writes files, and such as are made while they are written, as a folder in place of the one that is there.
///
/// # Errors
/// As for [`write()`].
pub fn write_streamed(
    folder: &Path,
    kind: Kind,
    files: &Files,
    streamed: &[Streamed<'_>],
) -> Result<(), Fault> {
    prepare_streamed(folder, kind, files, streamed)?.put_in_place()
}

/// A folder that is written whole but has not taken its place; gone when dropped.
#[derive(Debug)]
pub struct Prepared {
    folder: PathBuf,
    fresh: tempfile::TempDir,
    _lock: Option<fs::File>,
}

impl Prepared {
    /// Takes the place of the folder that is there.
    ///
    /// # Errors
    /// If the place is not writable any more; what was there stays.
    pub fn put_in_place(self) -> Result<(), Fault> {
        put_in_place(self.fresh, &self.folder).map_err(|error| unwritten(&self.folder, &error))
    }
}

/// Writes the files beside the folder whose place they are to take.
///
/// # Errors
/// As [`write()`].
pub fn prepare(folder: &Path, kind: Kind, files: &Files) -> Result<Prepared, Fault> {
    prepare_streamed(folder, kind, files, &[])
}

fn prepare_streamed(
    folder: &Path,
    kind: Kind,
    files: &Files,
    streamed: &[Streamed<'_>],
) -> Result<Prepared, Fault> {
    restore(folder);
    refuse_foreign(folder, kind)?;
    // A link stays a link: what it leads to is replaced.
    let folder = fs::canonicalize(folder).unwrap_or_else(|_| folder.to_path_buf());
    let fail = |error: io::Error| unwritten(&folder, &error);
    let parent = parent_of(&folder);
    make_folder(&parent).map_err(fail)?;
    let (fresh, lock) = fresh::folder(&parent).map_err(fail)?;
    for (name, bytes) in &files.0 {
        let path = fresh.path().join(name);
        if let Some(inner) = path.parent() {
            fs::create_dir_all(inner).map_err(fail)?;
        }
        let mut file = fs::File::create(&path).map_err(fail)?;
        file.write_all(bytes).and_then(|()| file.sync_all()).map_err(fail)?;
    }
    for one in streamed {
        let file = fs::File::create(fresh.path().join(&one.name)).map_err(fail)?;
        // Large pieces: a row of numbers is often shorter than a page.
        let mut out = io::BufWriter::with_capacity(1 << 20, file);
        one.write(&mut out).and_then(|()| out.flush()).map_err(fail)?;
        out.get_ref().sync_all().map_err(fail)?;
    }
    open_to_others(fresh.path()).map_err(fail)?;
    Ok(Prepared { folder, fresh, _lock: lock })
}

fn unwritten(path: &Path, error: &io::Error) -> Fault {
    let text = format!("could not be written: {error}; what was there before is unchanged");
    Fault::new(Location::whole(path), text)
}

/// Writes one file in place of the one that is there, whole or not at all.
///
/// # Errors
/// If the disk is full or the place is not writable; what was there stays.
pub fn write_file(path: &Path, bytes: &[u8]) -> Result<(), Fault> {
    let fail = |error: io::Error| unwritten(path, &error);
    refuse_other(path, "a file")?;
    let parent = parent_of(path);
    make_folder(&parent).map_err(fail)?;
    let mut fresh = fresh::file(&parent).map_err(fail)?;
    fresh.write_all(bytes).and_then(|()| fresh.as_file().sync_all()).map_err(fail)?;
    readable_by_others(fresh.path()).map_err(fail)?;
    fresh.persist(path).map_err(|error| fail(error.error))?;
    Ok(())
}

fn parent_of(path: &Path) -> PathBuf {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_path_buf(),
        _ => PathBuf::from("."),
    }
}

/// Makes a folder and those it is in.
fn make_folder(folder: &Path) -> io::Result<()> {
    no_file_above(folder)?;
    fs::create_dir_all(folder)
}

/// Refuses a folder that would be in a file, of which the system says "file exists".
fn no_file_above(folder: &Path) -> io::Result<()> {
    let file = folder.ancestors().find(|above| above.is_file());
    let refused = |file: &Path| format!("{} is a file, not a folder", file.display());
    file.map_or(Ok(()), |file| Err(io::Error::other(refused(file))))
}

#[cfg(unix)]
fn readable_by_others(file: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(file, fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn readable_by_others(_: &Path) -> io::Result<()> {
    Ok(())
}

/// Temporary folders are private; results are not.
#[cfg(unix)]
fn open_to_others(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(folder, fs::Permissions::from_mode(0o755))
}

#[cfg(not(unix))]
fn open_to_others(_: &Path) -> io::Result<()> {
    Ok(())
}

fn put_in_place(fresh: tempfile::TempDir, folder: &Path) -> io::Result<()> {
    if folder.exists() {
        swap(fresh.path(), folder)
        // What is now under the temporary name is the old result: `fresh` removes it.
    } else {
        let path = fresh.keep();
        fs::rename(&path, folder).inspect_err(|_| {
            let _ = fs::remove_dir_all(&path);
        })
    }
}

/// Swaps the names of two folders, in one step where the system can.
fn swap(a: &Path, b: &Path) -> io::Result<()> {
    #[cfg(any(target_os = "linux", target_os = "macos"))]
    {
        use rustix::fs::{CWD, RenameFlags, renameat_with};
        match renameat_with(CWD, a, CWD, b, RenameFlags::EXCHANGE) {
            Ok(()) => return Ok(()),
            Err(
                rustix::io::Errno::INVAL | rustix::io::Errno::NOSYS | rustix::io::Errno::NOTSUP,
            ) => {}
            Err(error) => return Err(error.into()),
        }
    }
    // File systems without an exchange: two renames, the first undone if the second fails.
    let aside = aside(b);
    fs::rename(b, &aside)?;
    if let Err(error) = fs::rename(a, b) {
        fs::rename(&aside, b)?;
        return Err(error);
    }
    fs::rename(&aside, a)
}

/// Where a folder stands for a moment, on file systems without an exchange.
fn aside(folder: &Path) -> PathBuf {
    let mut name = std::ffi::OsString::from(".irio-old-");
    name.push(folder.file_name().unwrap_or_default());
    folder.with_file_name(name)
}

/// Puts back the earlier folder of a process that died between two renames.
fn restore(folder: &Path) {
    let aside = aside(folder);
    if folder.exists() {
        let _ = fs::remove_dir_all(aside);
    } else {
        let _ = fs::rename(aside, folder);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(text: &str) -> Files {
        let mut files = Files::default();
        let listed = r#"[{ "name": "flows.csv" }, { "name": "pairs.csv" }]"#;
        files.add(
            "summary.json",
            format!(r#"{{ "schema_version": 1, "command": "{text}", "files": {listed} }}"#),
        );
        files.add("flows.csv", text);
        files
    }

    #[test]
    fn a_result_replaces_an_earlier_one_whole() {
        let place = tempfile::tempdir().unwrap();
        let folder = place.path().join("results/run");
        write(&folder, Kind::Results, &files("one")).unwrap();
        fs::write(folder.join("pairs.csv"), "left over").unwrap();
        write(&folder, Kind::Results, &files("two")).unwrap();
        assert_eq!(fs::read_to_string(folder.join("flows.csv")).unwrap(), "two");
        assert!(!folder.join("pairs.csv").exists());
        assert_eq!(
            fs::read_dir(folder.parent().unwrap()).unwrap().count(),
            1,
            "nothing temporary is left"
        );
    }

    #[test]
    fn a_folder_that_was_set_aside_is_put_back() {
        let place = tempfile::tempdir().unwrap();
        let folder = place.path().join("run");
        write(&folder, Kind::Results, &files("one")).unwrap();
        fs::rename(&folder, aside(&folder)).unwrap();
        restore(&folder);
        assert_eq!(fs::read_to_string(folder.join("flows.csv")).unwrap(), "one");
        fs::create_dir(aside(&folder)).unwrap();
        write(&folder, Kind::Results, &files("two")).unwrap();
        assert_eq!(fs::read_dir(place.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_folder_of_somebody_else_is_left_alone() {
        let place = tempfile::tempdir().unwrap();
        fs::write(place.path().join("thesis.docx"), "precious").unwrap();
        let error = write(place.path(), Kind::Results, &files("one")).unwrap_err();
        assert!(error.message().contains("left alone"));
        assert_eq!(fs::read_dir(place.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_file_of_the_user_among_the_results_is_not_lost() {
        let place = tempfile::tempdir().unwrap();
        let folder = place.path().join("run");
        write(&folder, Kind::Results, &files("one")).unwrap();
        fs::write(folder.join("NOTES.md"), "mine").unwrap();
        let error = write(&folder, Kind::Results, &files("two")).unwrap_err();
        assert!(error.message().contains("NOTES.md"));
        assert_eq!(fs::read_to_string(folder.join("flows.csv")).unwrap(), "one");
        assert!(refuse_foreign(&folder, Kind::Table).is_err(), "results are no table");
        let input = folder.join("flows.csv");
        assert!(refuse_input(&folder, [input.as_path()]).is_err());
    }

    #[test]
    fn a_write_that_fails_leaves_the_earlier_result() {
        let place = tempfile::tempdir().unwrap();
        let folder = place.path().join("run");
        write(&folder, Kind::Results, &files("one")).unwrap();
        // A name that is a file already cannot be a folder.
        let mut bad = files("two");
        bad.add("flows.csv/inner", "not possible");
        assert!(write(&folder, Kind::Results, &bad).is_err());
        assert_eq!(fs::read_to_string(folder.join("flows.csv")).unwrap(), "one");
        assert_eq!(fs::read_dir(place.path()).unwrap().count(), 1, "nothing temporary is left");
    }
}
