//! A system in a folder or in a zip archive, read alike.
//!
//! Nothing that an archive says about its members' sizes is believed: a member is unpacked through a
//! limit, which all members share and which grows with the archive's own length.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{Cursor, Read};
use std::ops::Deref;
use std::path::{Path, PathBuf};

use memmap2::Mmap;
use zip::ZipArchive;

use crate::fault::{Fault, Location};
use crate::input::numbers::Place;
use crate::input::witness::{self, Stamp};
use crate::input::{UNPACK_BY_HAND, UNPACKS_TOO_FAR, hash, missing_help, most_unpacked, reason};
use crate::table::InputFile;

/// Mark of a system or an account.
pub(super) const PARAMETERS: &str = "file_parameters.json";

/// Files smaller than this are read, not mapped.
const MAPPED_FROM: u64 = 1 << 16;

/// Bytes of a file: in memory, or mapped.
pub(crate) enum Bytes {
    Owned(Vec<u8>),
    Mapped(Mmap),
}

impl Deref for Bytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match self {
            Bytes::Owned(bytes) => bytes,
            Bytes::Mapped(map) => map,
        }
    }
}

impl AsRef<[u8]> for Bytes {
    fn as_ref(&self) -> &[u8] {
        self
    }
}

impl Bytes {
    /// Bytes of a file; a large one is mapped and must not be changed by others meanwhile.
    pub(crate) fn of(path: &Path) -> Result<Self, Fault> {
        let fail = |error: std::io::Error| {
            let text = format!("cannot be read: {}", reason(&error));
            let fault = Fault::new(Location::whole(path), text);
            if error.kind() == std::io::ErrorKind::NotFound {
                fault.help(missing_help(path))
            } else {
                fault
            }
        };
        let found = std::fs::metadata(path).map_err(fail)?;
        if !found.is_file() {
            let what = if found.is_dir() { "a folder" } else { "a pipe or a device" };
            return Err(Fault::new(Location::whole(path), format!("is {what}, not a file")));
        }
        if found.len() < MAPPED_FROM {
            return Ok(Bytes::Owned(std::fs::read(path).map_err(fail)?));
        }
        let file = File::open(path).map_err(fail)?;
        // SAFETY: the map is read only; that nobody shortens the file meanwhile is the user's part, as
        // with every program that maps its inputs.
        let map = unsafe { Mmap::map(&file) }.map_err(fail)?;
        Ok(Bytes::Mapped(map))
    }
}

/// A file of the system.
pub(super) struct Member {
    pub(super) bytes: Bytes,
    pub(super) place: Place,
    /// What the file was before it was read; none inside of an archive.
    stamp: Option<Stamp>,
}

/// Where a system is.
pub(super) struct Source {
    path: PathBuf,
    /// Names of all files, relative to the system, with `/` between folders.
    names: BTreeSet<String>,
    archive: Option<Archive>,
    inputs: Vec<InputFile>,
}

struct Archive {
    zip: ZipArchive<Cursor<Bytes>>,
    /// Folder of the system inside the archive, with a `/` at its end.
    root: String,
    /// How many bytes may still be unpacked.
    left: u64,
}

/// Files that a folder has if it is a system: its parameters, or one of its flows or coefficients.
const MARKS: [&str; 5] = [PARAMETERS, "Z.txt", "A.txt", "Z.parquet", "A.parquet"];

/// Whether a folder holds a system.
pub(super) fn is_system(folder: &Path) -> bool {
    MARKS.iter().any(|mark| folder.join(mark).is_file())
}

impl Source {
    /// Opens a folder or an archive.
    pub(super) fn open(path: &Path) -> Result<Self, Fault> {
        if path.is_dir() {
            let mut names = BTreeSet::new();
            list(path, "", &mut names);
            let source =
                Source { path: path.to_path_buf(), names, archive: None, inputs: Vec::new() };
            return Ok(source);
        }
        let stamp = Stamp::of(path);
        let bytes = Bytes::of(path)?;
        let at = || Location::whole(path);
        let record = InputFile { path: path.to_path_buf(), sha256: hash(&bytes) };
        witness::read(path, stamp, &record.sha256);
        let left = most_unpacked(bytes.len());
        let listed = listed(&bytes);
        let zip = ZipArchive::new(Cursor::new(bytes)).map_err(|error| {
            Fault::new(at(), format!("is not a whole zip archive: {error}"))
                .help("unpack it by hand to see more, and name the folder instead")
        })?;
        if listed.is_some_and(|listed| listed != zip.len()) {
            let text = format!("lists {} files", listed.unwrap_or_default());
            let text = format!("{text}, but only {} names: some file is there twice", zip.len());
            return Err(Fault::new(at(), text).help("pack the table again, each file once"));
        }
        // A member whose name cannot be read is none of a table.
        let all: BTreeSet<String> =
            zip.file_names().filter_map(|name| name.ok().map(|name| name.into_owned())).collect();
        let root = root_of(&all).map_err(|roots| several(path, &roots))?;
        let inside = all.iter().filter_map(|name| name.strip_prefix(&root));
        let names = inside.filter(|name| !name.ends_with('/')).map(str::to_owned).collect();
        Ok(Source {
            path: path.to_path_buf(),
            names,
            archive: Some(Archive { zip, root, left }),
            inputs: vec![record],
        })
    }

    /// The folder or archive.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Whether there is a file of this name.
    pub(super) fn has(&self, name: &str) -> bool {
        self.names.contains(name)
    }

    /// Folders right below the system that hold an account, in order of their names.
    pub(super) fn folders(&self) -> Vec<String> {
        let mut found = BTreeSet::new();
        for name in &self.names {
            if let Some((folder, file)) = name.split_once('/')
                && !file.contains('/')
                && (file == PARAMETERS || file.starts_with("F.") || file.starts_with("S."))
            {
                found.insert(folder.to_owned());
            }
        }
        found.into_iter().collect()
    }

    /// Names of the frames in a folder, in order.
    pub(super) fn frames(&self, folder: &str) -> Vec<String> {
        let inside =
            self.names.iter().filter_map(|name| name.strip_prefix(folder)?.strip_prefix('/'));
        let frame = |file: &str| {
            let (frame, end) = file.rsplit_once('.')?;
            ["txt", "csv", "parquet", "pkl", "pickle"].contains(&end).then(|| frame.to_owned())
        };
        inside.filter_map(frame).collect()
    }

    /// Place of a file of this name.
    pub(super) fn place(&self, name: &str) -> Place {
        match &self.archive {
            Some(archive) => Place {
                archive: Some(self.path.clone()),
                file: format!("{}{name}", archive.root).into(),
            },
            None => Place::of(&self.path.join(name)),
        }
    }

    /// The files that were read, with their hashes; the archive counts as one.
    pub(super) fn inputs(&self) -> Vec<InputFile> {
        self.inputs.clone()
    }

    /// Remembers the hash of a file that was read.
    pub(super) fn record(&mut self, member: &Member, sha256: String) {
        if self.archive.is_none() {
            witness::read(&member.place.file, member.stamp, &sha256);
            self.inputs.push(InputFile { path: member.place.file.clone(), sha256 });
        }
    }

    /// Reads a file.
    pub(super) fn read(&mut self, name: &str) -> Result<Member, Fault> {
        let place = self.place(name);
        let Some(archive) = &mut self.archive else {
            let path = self.path.join(name);
            let stamp = Stamp::of(&path);
            return Ok(Member { bytes: Bytes::of(&path)?, place, stamp });
        };
        let fail = |error: String| {
            Fault::new(place.whole(), format!("cannot be unpacked: {error}"))
                .help("unpack the archive by hand to see more, and name the folder instead")
        };
        let whole = format!("{}{name}", archive.root);
        if !self.names.contains(name) {
            let fault = Fault::new(Location::whole(&self.path), format!("has no {whole}"));
            return Err(fault.help("file_parameters.json names it: save the whole system again"));
        }
        let file = archive.zip.by_name(&whole).map_err(|error| fail(error.to_string()))?;
        // The stated size is a hint for memory, and no more than a hint.
        let mut bytes = Vec::with_capacity(file.size().min(archive.left).min(1 << 26) as usize);
        file.take(archive.left + 1)
            .read_to_end(&mut bytes)
            .map_err(|error| fail(error.to_string()))?;
        let length = bytes.len() as u64;
        if length > archive.left {
            return Err(Fault::new(place.whole(), UNPACKS_TOO_FAR).help(UNPACK_BY_HAND));
        }
        archive.left -= length;
        Ok(Member { bytes: Bytes::Owned(bytes), place, stamp: None })
    }

    /// Reads a small file and remembers it as an input.
    pub(super) fn read_small(&mut self, name: &str) -> Result<Member, Fault> {
        let member = self.read(name)?;
        let sha256 = if self.archive.is_none() { hash(&member.bytes) } else { String::new() };
        self.record(&member, sha256);
        Ok(member)
    }
}

/// How many files an archive lists: one that stands twice is kept once by its reader. None if there are too many for
/// the field.
fn listed(bytes: &[u8]) -> Option<usize> {
    let end = memchr::memmem::rfind(bytes, b"PK\x05\x06")?;
    let field = bytes.get(end + 10..end + 12)?;
    let count = u16::from_le_bytes([field[0], field[1]]);
    (count != u16::MAX).then_some(usize::from(count))
}

/// Names of the files of a folder and of the folders right below it.
fn list(folder: &Path, prefix: &str, names: &mut BTreeSet<String>) {
    witness::listed(folder);
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        let path = entry.path();
        if path.is_dir() && prefix.is_empty() {
            list(&path, &format!("{name}/"), names);
        } else if path.is_file() {
            names.insert(name);
        }
    }
}

/// The folder of the only system of an archive; all of them if there are several or none.
fn root_of(names: &BTreeSet<String>) -> Result<String, Vec<String>> {
    let roots: BTreeSet<&str> = names
        .iter()
        .filter_map(|name| {
            let at = name.rfind('/').map_or(0, |at| at + 1);
            MARKS[1..].contains(&&name[at..]).then_some(&name[..at])
        })
        .collect();
    let mut roots = roots.into_iter();
    match (roots.next(), roots.next()) {
        (Some(root), None) => Ok(root.to_owned()),
        (first, second) => {
            Err(first.into_iter().chain(second).chain(roots).map(str::to_owned).collect())
        }
    }
}

fn several(path: &Path, roots: &[String]) -> Fault {
    if roots.is_empty() {
        return Fault::new(Location::whole(path), "this archive holds no table: no Z.txt or A.txt")
            .help("a table of pymrio or EXIOBASE 3 in a zip has Z.txt or A.txt, and Y.txt");
    }
    let text = format!("holds several tables: {}", roots.join(", "));
    Fault::new(Location::whole(path), text).help("unpack the one that is meant and name its folder")
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    #[test]
    fn an_archive_gives_no_more_than_a_table_of_its_length_holds() {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("zeros.zip");
        let mut zip = zip::ZipWriter::new(File::create(&path).unwrap());
        zip.start_file("Z.txt", zip::write::SimpleFileOptions::default()).unwrap();
        (0..60).for_each(|_| zip.write_all(&[b'0'; 1 << 20]).unwrap());
        zip.finish().unwrap();
        let mut source = Source::open(&path).unwrap();
        assert!(source.read("Z.txt").is_ok());
        // Members that share their packed bytes come to the same as one that is read again.
        let again = (0..8).find_map(|_| source.read("Z.txt").err()).unwrap();
        assert_eq!(again.message(), UNPACKS_TOO_FAR);
        assert!(source.read("Y.txt").is_err_and(|fault| fault.message() == "has no Y.txt"));
    }
}
