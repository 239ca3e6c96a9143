//! Reading files: bytes become checked tables and scenarios, every fault with its place.
//!
//! A new format is one new file here and one line in [`table::read`].

pub mod agglomeration;
pub mod build;
pub mod by_sector;
pub mod cache;
pub mod ceads;
pub mod ceads_emissions;
pub mod characterisation;
mod complete;
pub mod controls;
pub mod costs;
mod decimal;
pub mod demand;
pub mod document;
pub mod elasticities;
pub mod extension;
pub mod folder;
pub mod game;
pub mod geometry;
pub mod grid;
mod kind;
pub mod map;
pub mod matrix;
pub mod model;
pub mod npy;
pub mod numbers;
pub mod panel;
pub mod population;
pub mod prices;
pub mod provincial;
pub mod pymrio;
pub mod recorded;
pub mod scenario;
pub mod sheet;
pub mod sic;
mod sums;
pub mod table;
pub mod template;
mod title;
pub mod weights;
mod witness;
pub mod workbook;

use std::io::Read;
use std::path::{Path, PathBuf};

use crate::fault::{Fault, Location};
use crate::recorded::hexadecimal;
use crate::table::InputFile;

/// A text file with the hash of its bytes.
#[derive(Debug, Clone)]
pub struct TextFile {
    /// Path as given.
    pub path: PathBuf,
    /// Its text, unpacked and without byte-order mark.
    pub text: String,
    /// SHA-256 of the bytes on disk.
    pub sha256: String,
}

/// Largest text a file may unpack to.
const LARGEST: u64 = (4 << 30) - 1;

/// How many bytes packed ones may unpack to. Tables of numbers pack to between a third and a fiftieth; a small file
/// of nothing but separators could otherwise ask for all memory.
fn most_unpacked(packed: usize) -> u64 {
    (packed as u64).saturating_mul(64).saturating_add(256 << 20).min(LARGEST)
}

/// What is wrong with a file that unpacks to more than that, and what to do.
const UNPACKS_TOO_FAR: &str = "unpacks to far more than a table of its size would";
const UNPACK_BY_HAND: &str = "unpack it by hand to see what is in it";

/// Bytes of a file on disk with their hash.
struct FileBytes {
    bytes: Vec<u8>,
    sha256: String,
}

impl FileBytes {
    fn read(path: &Path) -> Result<Self, Fault> {
        let here = || Location::whole(path);
        let found = std::fs::metadata(path).ok();
        if found.as_ref().is_some_and(|found| !found.is_file() && !found.is_dir()) {
            return Err(Fault::new(
                here(),
                "is not a file with contents of its own (a pipe or a device)",
            ));
        }
        crate::memory::room_to_read(found.as_ref().map_or(0, |found| found.len()))
            .map_err(|error| Fault::new(here(), format!("to read it, {error}")))?;
        let bytes = std::fs::read(path).map_err(|error| unreadable(path, &error))?;
        let sha256 = hash(&bytes);
        witness::read(path, found.as_ref().map(witness::Stamp::from), &sha256);
        Ok(FileBytes { bytes, sha256 })
    }
}

impl TextFile {
    /// Reads a text file, gzip-packed or plain, in UTF-8.
    ///
    /// # Errors
    /// If it cannot be read, is a workbook, or is not UTF-8 (with the place of the first wrong byte).
    pub fn read(path: &Path) -> Result<Self, Fault> {
        let here = || Location::whole(path);
        let FileBytes { bytes, sha256 } = FileBytes::read(path)?;
        if let Some(kind) = workbook::kind_of(&bytes) {
            let fault = Fault::new(here(), format!("a text was expected, but this is {kind}"));
            return Err(fault.help("save its sheet as \"CSV UTF-8\""));
        }
        let bytes = if bytes.starts_with(&[0x1f, 0x8b]) {
            // Tables of numbers pack to about an eighth; a wrong guess costs only memory for a moment.
            let mut plain = Vec::with_capacity(bytes.len().saturating_mul(16).min(1 << 26));
            let most = most_unpacked(bytes.len());
            let mut unpack = flate2::read::MultiGzDecoder::new(&bytes[..]).take(most + 1);
            unpack.read_to_end(&mut plain).map_err(|error| {
                Fault::new(here(), format!("is not a whole gzip file: {error}"))
                    .help("unpack it by hand to see more")
            })?;
            if plain.len() as u64 > most {
                return Err(Fault::new(here(), UNPACKS_TOO_FAR).help(UNPACK_BY_HAND));
            }
            plain
        } else {
            bytes
        };
        let text = match String::from_utf8(bytes) {
            Ok(text) => text,
            Err(error) => {
                let at = error.utf8_error().valid_up_to();
                let bytes = error.as_bytes();
                let line = bytes[..at].iter().filter(|byte| **byte == b'\n').count() as u64 + 1;
                let field = bytes[..at]
                    .iter()
                    .rev()
                    .take_while(|b| **b != b'\n')
                    .filter(|b| **b == b',')
                    .count();
                let text = format!("byte {:#04x} is not UTF-8 text", bytes[at]);
                return Err(if has_cells(path) {
                    Fault::new(Location::field(path, line, field + 1), text)
                        .help("save the file as \"CSV UTF-8\" (a Chinese Excel writes GBK by default; workbooks are not text)")
                } else {
                    Fault::new(Location::field(path, line, 0), text)
                        .help("save the file as UTF-8: an editor asks for the encoding when it saves under a name")
                });
            }
        };
        if let Some(at) = memchr::memchr(0, text.as_bytes()) {
            let line =
                text.as_bytes()[..at].iter().filter(|byte| **byte == b'\n').count() as u64 + 1;
            let fault =
                Fault::new(Location::field(path, line, 0), "a zero byte, which no text has");
            return Err(fault.help(
                "the file is damaged or in UTF-16: copy it again, or save it as \"CSV UTF-8\"",
            ));
        }
        let text = match text.strip_prefix('\u{feff}') {
            Some(rest) => rest.to_owned(),
            None => text,
        };
        Ok(TextFile { path: path.to_path_buf(), text, sha256 })
    }

    /// Path and hash, for results.
    pub fn record(&self) -> InputFile {
        InputFile { path: self.path.clone(), sha256: self.sha256.clone() }
    }
}

/// Whether a text has cells, as far as its name tells.
fn has_cells(path: &Path) -> bool {
    let end = path.extension().map(|end| end.to_string_lossy().to_lowercase());
    !end.is_some_and(|end| ["toml", "json", "geojson", "gal", "gwt"].contains(&end.as_str()))
}

/// That a file could not be read, and why.
fn unreadable(path: &Path, error: &std::io::Error) -> Fault {
    let fault = Fault::new(Location::whole(path), format!("cannot be read: {}", reason(error)));
    if error.kind() == std::io::ErrorKind::NotFound {
        fault.help(missing_help(path))
    } else {
        fault
    }
}

fn reason(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "no such file".to_owned(),
        std::io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        std::io::ErrorKind::IsADirectory => "it is a folder".to_owned(),
        _ => error.to_string(),
    }
}

/// For a file that is not there: the most similar name beside it.
fn missing_help(path: &Path) -> String {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let folder =
        path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut beside: Vec<String> = std::fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    beside.sort();
    match crate::labels::suggestion(&name, beside.iter().map(String::as_str)) {
        Some(near) => format!("did you mean {:?}?", folder.join(near)),
        None if folder.is_dir() => format!("there is no {name:?} in {:?}", folder),
        None => format!("there is no folder {:?}", folder),
    }
}

/// SHA-256 of bytes in hexadecimal.
pub fn hash(bytes: &[u8]) -> String {
    crate::recorded::sha256(bytes)
}
