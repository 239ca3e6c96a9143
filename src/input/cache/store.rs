//! The file of a cache: a head of text, and arrays of numbers that are mapped where they lie.
//!
//! ```text
//! 0    magic (8), format (4), byte-order mark (4), length of the head (8), length of the data (8)
//! 32   SHA-256 of the head (32), sum of the data (8)
//! 128  the head; the data from the next multiple of 4096 on, each array on a multiple of 8
//! ```
//!
//! The sum is no cryptography: it finds what a disk or an editor did. What a malicious file may say is
//! held against the file's size and the table's own rules.

use std::fs::File;
use std::io::{self, BufWriter, Seek, SeekFrom, Write};
use std::path::Path;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::linalg::buffer::Plain;
use crate::linalg::{Buffer, MappedFile, PlacesOf};

const MAGIC: &[u8; 8] = b"irio\x00tab";

/// To be raised whenever the layout of the file or of its head changes, or a reader makes something
/// else of the same source.
const FORMAT: u32 = 3;

/// Reads as another number on a machine of the other byte order.
const ORDER: u32 = 0x0102_0304;

const HEAD_FROM: usize = 128;
const PAGE: usize = 4096;

/// Bytes that are summed at a time.
const BLOCK: usize = 1 << 20;

/// Where an array lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Span {
    /// First byte, from the beginning of the data.
    at: usize,
    /// How many numbers.
    count: usize,
}

/// An array to be written.
enum Numbers<'a> {
    Doubles(&'a [f64]),
    Narrow(&'a [u16]),
    Wide(&'a [u32]),
    Starts(&'a [u64]),
}

impl Numbers<'_> {
    fn bytes(&self) -> usize {
        match self {
            Numbers::Doubles(values) => size_of_val(*values),
            Numbers::Narrow(values) => size_of_val(*values),
            Numbers::Wide(values) => size_of_val(*values),
            Numbers::Starts(values) => size_of_val(*values),
        }
    }

    fn write(&self, out: &mut Summed<impl Write>) -> io::Result<()> {
        match self {
            Numbers::Doubles(values) => pieces(values, f64::to_ne_bytes, out),
            Numbers::Narrow(values) => pieces(values, u16::to_ne_bytes, out),
            Numbers::Wide(values) => pieces(values, u32::to_ne_bytes, out),
            Numbers::Starts(values) => pieces(values, u64::to_ne_bytes, out),
        }?;
        out.add(&[0; 8][..self.bytes().next_multiple_of(8) - self.bytes()])
    }
}

fn pieces<T: Plain, const N: usize>(
    values: &[T],
    bytes_of: fn(T) -> [u8; N],
    out: &mut Summed<impl Write>,
) -> io::Result<()> {
    let mut bytes = Vec::with_capacity(N * 4096);
    for part in values.chunks(4096) {
        bytes.clear();
        part.iter().for_each(|value| bytes.extend_from_slice(&bytes_of(*value)));
        out.add(&bytes)?;
    }
    Ok(())
}

/// Arrays in the order in which they will lie in the file.
#[derive(Default)]
pub(super) struct Arrays<'a> {
    all: Vec<Numbers<'a>>,
    length: usize,
}

impl<'a> Arrays<'a> {
    pub(super) fn doubles(&mut self, values: &'a [f64]) -> Span {
        self.add(Numbers::Doubles(values), values.len())
    }

    pub(super) fn places(&mut self, places: PlacesOf<'a>) -> Span {
        match places {
            PlacesOf::Narrow(places) => self.add(Numbers::Narrow(places), places.len()),
            PlacesOf::Wide(places) => self.add(Numbers::Wide(places), places.len()),
        }
    }

    pub(super) fn starts(&mut self, values: &'a [u64]) -> Span {
        self.add(Numbers::Starts(values), values.len())
    }

    /// All of them as they will lie.
    #[cfg(fuzzing)]
    pub(super) fn bytes(&self) -> Option<Vec<u8>> {
        let mut out = Summed { out: Vec::new(), block: Vec::new(), sum: 0 };
        self.all.iter().try_for_each(|numbers| numbers.write(&mut out)).ok()?;
        out.flush().ok()?;
        Some(out.out)
    }

    fn add(&mut self, numbers: Numbers<'a>, count: usize) -> Span {
        let at = self.length;
        self.length += numbers.bytes().next_multiple_of(8);
        self.all.push(numbers);
        Span { at, count }
    }
}

/// Sum of a block: every lane takes every eighth word, and no single word can change without its lane.
fn block_sum(bytes: &[u8]) -> u64 {
    let mut lanes = [0x9e37_79b9_7f4a_7c15u64; 8];
    let mut take = |words: &[u8; 64]| {
        for (lane, word) in lanes.iter_mut().zip(words.as_chunks::<8>().0) {
            *lane = mixed(*lane, u64::from_le_bytes(*word));
        }
    };
    let (whole, rest) = bytes.as_chunks::<64>();
    whole.iter().for_each(&mut take);
    let mut last = [0; 64];
    last[..rest.len()].copy_from_slice(rest);
    take(&last);
    lanes.iter().fold(bytes.len() as u64, |sum, lane| mixed(sum, *lane))
}

fn mixed(sum: u64, word: u64) -> u64 {
    (sum ^ word).wrapping_mul(0xff51_afd7_ed55_8ccd).rotate_left(29)
}

/// Writes data and sums it block by block.
struct Summed<W> {
    out: W,
    block: Vec<u8>,
    sum: u64,
}

impl<W: Write> Summed<W> {
    fn add(&mut self, mut bytes: &[u8]) -> io::Result<()> {
        while !bytes.is_empty() {
            let (now, later) = bytes.split_at(bytes.len().min(BLOCK - self.block.len()));
            self.block.extend_from_slice(now);
            bytes = later;
            if self.block.len() == BLOCK {
                self.flush()?;
            }
        }
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        if !self.block.is_empty() {
            self.sum = mixed(self.sum, block_sum(&self.block));
            self.out.write_all(&self.block)?;
            self.block.clear();
        }
        Ok(())
    }
}

/// The beginning of the file.
fn prefix(head: &[u8], data: usize, sum: u64) -> Vec<u8> {
    let mut bytes = MAGIC.to_vec();
    bytes.extend(FORMAT.to_le_bytes());
    bytes.extend(ORDER.to_ne_bytes());
    bytes.extend((head.len() as u64).to_le_bytes());
    bytes.extend((data as u64).to_le_bytes());
    bytes.extend(Sha256::digest(head));
    bytes.extend(sum.to_le_bytes());
    bytes.resize(HEAD_FROM, 0);
    bytes
}

/// A whole file around a head and data.
#[cfg(fuzzing)]
pub(super) fn sealed(head: &[u8], data: &[u8]) -> Vec<u8> {
    let sum = data.chunks(BLOCK).map(block_sum).fold(0, mixed);
    let mut bytes = prefix(head, data.len(), sum);
    bytes.extend_from_slice(head);
    bytes.resize(data_from(head.len()), 0);
    bytes.extend_from_slice(data);
    bytes
}

/// Writes a cache in place of the one that is there; none where that is not possible.
pub(super) fn write(path: &Path, head: &[u8], arrays: &Arrays<'_>, mode: u32) -> Option<()> {
    replace(path, mode, |file| {
        let mut out = BufWriter::with_capacity(BLOCK, file);
        begin(&mut out, head, arrays.length, 0)?;
        let mut data = Summed { out: &mut out, block: Vec::with_capacity(BLOCK), sum: 0 };
        arrays.all.iter().try_for_each(|numbers| numbers.write(&mut data))?;
        data.flush()?;
        let sum = data.sum;
        // The sum is known only now.
        out.seek(SeekFrom::Start(0))?;
        out.write_all(&prefix(head, arrays.length, sum))?;
        out.flush()
    })
    .ok()
}

fn begin(out: &mut impl Write, head: &[u8], data: usize, sum: u64) -> io::Result<()> {
    out.write_all(&prefix(head, data, sum))?;
    out.write_all(head)?;
    out.write_all(&vec![0; data_from(head.len()) - HEAD_FROM - head.len()])
}

fn data_from(head: usize) -> usize {
    (HEAD_FROM + head).next_multiple_of(PAGE)
}

/// Writes a file under a name of its own and renames it, so that a reader finds the old one or the new one, and
/// a map of the old one stays whole.
fn replace(
    path: &Path,
    mode: u32,
    write: impl FnOnce(&mut File) -> io::Result<()>,
) -> io::Result<()> {
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    let parent = parent.unwrap_or(Path::new("."));
    let mut fresh = crate::fresh::file(parent)?;
    write(fresh.as_file_mut())?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fresh.as_file().set_permissions(std::fs::Permissions::from_mode(mode))?;
    }
    let _ = mode;
    fresh.persist(path)?;
    Ok(())
}

/// What everybody who may read all of some files may do with their cache: read it, and its owner replace it.
pub(super) fn common_mode(paths: &[&Path]) -> u32 {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let modes = paths.iter().filter_map(|path| std::fs::metadata(path).ok());
        let common = modes.fold(0o644, |common, found| common & found.permissions().mode());
        common | 0o600
    }
    #[cfg(not(unix))]
    {
        let _ = paths;
        0o644
    }
}

/// A cache that was mapped; its head is whole, its data not yet looked at.
pub(super) struct Stored {
    map: MappedFile,
    head: usize,
    data: usize,
    sum: u64,
}

impl Stored {
    /// Maps a cache; none if there is none, it is of another version or machine, or cut short.
    pub(super) fn open(path: &Path) -> Option<Self> {
        // A pipe of that name would be waited for.
        if !std::fs::metadata(path).ok()?.is_file() {
            return None;
        }
        let file = File::open(path).ok()?;
        let found = file.metadata().ok()?;
        if !found.is_file() || found.len() < HEAD_FROM as u64 {
            return None;
        }
        let map = MappedFile::of(&file).ok()?;
        let bytes = map.bytes();
        let eight = |at: usize| Some(u64::from_le_bytes(*bytes.get(at..)?.first_chunk()?));
        let (head, data) = (usize::try_from(eight(16)?).ok()?, usize::try_from(eight(24)?).ok()?);
        let sum = eight(64)?;
        let text = bytes.get(HEAD_FROM..HEAD_FROM.checked_add(head)?)?;
        let whole = bytes.starts_with(&prefix(text, data, sum));
        let fits = data_from(head).checked_add(data)? == bytes.len();
        (whole && fits).then_some(Stored { map, head, data, sum })
    }

    /// The text of the head.
    pub(super) fn head(&self) -> &[u8] {
        &self.map.bytes()[HEAD_FROM..HEAD_FROM + self.head]
    }

    fn bytes(&self) -> &[u8] {
        let from = data_from(self.head);
        &self.map.bytes()[from..from + self.data]
    }

    /// Whether the data is what was written.
    pub(super) fn is_intact(&self) -> bool {
        let sums: Vec<u64> = self.bytes().par_chunks(BLOCK).map(block_sum).collect();
        sums.into_iter().fold(0, mixed) == self.sum
    }

    /// The numbers of an array; none if it is not inside the data.
    pub(super) fn numbers<T: Plain>(&self, span: Span) -> Option<Buffer<T>> {
        let end = span.count.checked_mul(size_of::<T>())?.checked_add(span.at)?;
        let at = data_from(self.head).checked_add(span.at)?;
        if end > self.data { None } else { self.map.numbers(at, span.count).ok() }
    }

    /// Writes the same data under another head.
    pub(super) fn write_again(&self, path: &Path, head: &[u8]) -> Option<()> {
        replace(path, common_mode(&[path]), |file| {
            begin(file, head, self.data, self.sum)?;
            file.write_all(self.bytes())
        })
        .ok()
    }
}
