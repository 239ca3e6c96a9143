//! Writing a folder of results so that it is there whole or not at all.
//!
//! The files go into a new folder beside the old one; then the two swap names in one step of the
//! file system. A run that dies before that leaves the earlier results as they were.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::Files;
use crate::fault::{Fault, Location};

/// A file that marks a folder as one of ours.
pub const MARKS: [&str; 2] = ["summary.json", "table.toml"];

/// Why a folder may not be written, told before any work is done.
///
/// # Errors
/// If something stands at the path that irio did not write.
pub fn refuse_foreign(folder: &Path) -> Result<(), Fault> {
    let at = || Location::whole(folder);
    if folder.is_file() {
        return Err(
            Fault::new(at(), "is a file, not a folder").help("name another folder with --out")
        );
    }
    let Ok(mut entries) = fs::read_dir(folder) else { return Ok(()) };
    let ours = MARKS.iter().any(|mark| folder.join(mark).is_file());
    if !ours && entries.next().is_some() {
        let fault =
            Fault::new(at(), "holds other files and no earlier result of irio; it is left alone");
        return Err(fault.help("name a new or empty folder with --out"));
    }
    Ok(())
}

/// Writes the files as a folder in place of the one that is there.
///
/// # Errors
/// If the disk is full, the place is not writable or holds foreign files; what was there stays.
pub fn write(folder: &Path, files: &Files) -> Result<(), Fault> {
    refuse_foreign(folder)?;
    let fail = |error: io::Error| {
        let text = format!("could not be written: {error}; what was there before is unchanged");
        Fault::new(Location::whole(folder), text)
    };
    let parent = match folder.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_path_buf(),
        _ => PathBuf::from("."),
    };
    fs::create_dir_all(&parent).map_err(fail)?;
    // Removed again when dropped, unless the swap has given it the old folder to remove.
    let fresh = tempfile::Builder::new().prefix(".irio-").tempdir_in(&parent).map_err(fail)?;
    for (name, bytes) in &files.0 {
        let path = fresh.path().join(name);
        if let Some(inner) = path.parent() {
            fs::create_dir_all(inner).map_err(fail)?;
        }
        let mut file = fs::File::create(&path).map_err(fail)?;
        file.write_all(bytes).and_then(|()| file.sync_all()).map_err(fail)?;
    }
    open_to_others(fresh.path()).map_err(fail)?;
    put_in_place(fresh, folder).map_err(fail)
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
    let aside = a.with_extension("old");
    fs::rename(b, &aside)?;
    if let Err(error) = fs::rename(a, b) {
        fs::rename(&aside, b)?;
        return Err(error);
    }
    fs::rename(&aside, a)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(text: &str) -> Files {
        let mut files = Files::default();
        files.add("summary.json", text);
        files.add("inner/more.csv", text);
        files
    }

    #[test]
    fn a_result_replaces_an_earlier_one_whole() {
        let place = tempfile::tempdir().unwrap();
        let folder = place.path().join("results/run");
        write(&folder, &files("one")).unwrap();
        fs::write(folder.join("old.csv"), "left over").unwrap();
        write(&folder, &files("two")).unwrap();
        assert_eq!(fs::read_to_string(folder.join("inner/more.csv")).unwrap(), "two");
        assert!(!folder.join("old.csv").exists());
        assert_eq!(
            fs::read_dir(folder.parent().unwrap()).unwrap().count(),
            1,
            "nothing temporary is left"
        );
    }

    #[test]
    fn a_folder_of_somebody_else_is_left_alone() {
        let place = tempfile::tempdir().unwrap();
        fs::write(place.path().join("thesis.docx"), "precious").unwrap();
        let error = write(place.path(), &files("one")).unwrap_err();
        assert!(error.message().contains("left alone"));
        assert_eq!(fs::read_dir(place.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_write_that_fails_leaves_the_earlier_result() {
        let place = tempfile::tempdir().unwrap();
        let folder = place.path().join("run");
        write(&folder, &files("one")).unwrap();
        // A name that is a folder already cannot be created as a file.
        let mut bad = files("two");
        bad.add("inner", "not possible");
        assert!(write(&folder, &bad).is_err());
        assert_eq!(fs::read_to_string(folder.join("summary.json")).unwrap(), "one");
        assert_eq!(fs::read_dir(place.path()).unwrap().count(), 1, "nothing temporary is left");
    }
}
