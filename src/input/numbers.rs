//! Matrices of numbers in delimited text, parsed on all cores.
//!
//! The text is cut at line ends into pieces of a fixed size, and each piece is read straight into
//! compressed rows, so the result does not depend on how many threads share the work and no n × n
//! array is made for a matrix that is mostly empty. The fast path only accepts; where it does not, the
//! text is gone through again line by line and every fault is told.

mod rows;

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use memchr::memchr;
use rayon::prelude::*;

pub use self::rows::{Rows, rearranged};
use super::decimal;
use super::sheet::number_help;
use crate::fault::{Fault, Faults, Location};
use crate::labels::Industries;
use crate::linalg::Matrix;

/// A text file, or a member of an archive, that faults are told of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The archive, if it is a member of one.
    pub archive: Option<PathBuf>,
    /// The file, or the name of the member.
    pub file: PathBuf,
}

impl Place {
    /// A file of its own.
    pub fn of(file: &Path) -> Self {
        Place { archive: None, file: file.to_path_buf() }
    }

    fn wrapped(&self, inner: Location) -> Location {
        match &self.archive {
            Some(archive) => Location::Member { archive: archive.clone(), inner: Box::new(inner) },
            None => inner,
        }
    }

    /// The whole of it.
    pub fn whole(&self) -> Location {
        self.wrapped(Location::whole(&self.file))
    }

    /// A field, line and column from 1; column 0 is the line.
    pub fn field(&self, line: u64, column: usize) -> Location {
        self.wrapped(Location::field(&self.file, line, column))
    }
}

/// A text to be parsed: its bytes, where they are from, and what stands between cells.
#[derive(Debug, Clone, Copy)]
pub struct Text<'a> {
    /// The bytes, without byte-order mark.
    pub bytes: &'a [u8],
    /// Where they are from.
    pub place: &'a Place,
    /// Comma or tab.
    pub separator: u8,
}

/// Lines below the header: labels, then numbers.
#[derive(Debug, Clone)]
pub struct Grid {
    /// Labels of each line.
    pub labels: Vec<Vec<String>>,
    /// Line in the text of the first row.
    pub first_line: u64,
    /// Rows × columns.
    pub values: Matrix,
}

/// Size of a piece in bytes: large enough to be worth a thread's while, small enough for its cache.
const PIECE: usize = 1 << 18;

/// Most cells of a line, and most lines of a matrix: ten times the industries of the largest tables there are.
/// Labels take ten times the room of what stands in the file, so their number is limited.
pub(super) const MOST: usize = 1 << 18;

const UTF8_HELP: &str = "save the file as text in UTF-8";

impl<'a> Text<'a> {
    /// Bytes of a text without their byte-order mark.
    pub fn new(bytes: &'a [u8], place: &'a Place, separator: u8) -> Self {
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        Text { bytes, place, separator }
    }

    /// Cells of the first lines, and where the rest begins; fewer lines if the text ends before.
    ///
    /// # Errors
    /// If a cell is not UTF-8 or its quotation marks are not closed.
    pub fn head(&self, count: usize) -> Result<(Vec<Vec<String>>, usize), Fault> {
        let (mut lines, mut at) = (Vec::new(), 0);
        while lines.len() < count && at < self.bytes.len() {
            let (line, next) = line_from(self.bytes, at);
            lines.push(self.texts(line, lines.len() as u64 + 1)?);
            at = next;
        }
        Ok((lines, at))
    }

    fn texts(&self, line: &[u8], number: u64) -> Result<Vec<String>, Fault> {
        let most = cells(line, self.separator).take(MOST + 1);
        if most.count() > MOST {
            return Err(too_wide(self.place.field(number, 0)));
        }
        cells(line, self.separator)
            .enumerate()
            .map(|(at, cell)| self.text(cell, number, at))
            .collect()
    }

    fn text(&self, cell: &[u8], line: u64, at: usize) -> Result<String, Fault> {
        let place = || self.place.field(line, at + 1);
        match std::str::from_utf8(cell) {
            Err(error) => {
                let byte = cell[error.valid_up_to()];
                let text = format!("byte {byte:#04x} is not UTF-8 text");
                Err(Fault::new(place(), text).help(UTF8_HELP))
            }
            Ok(text) => unquoted(text).ok_or_else(|| {
                Fault::new(place(), "a quotation mark is not closed on its line")
                    .help("write labels without line breaks, and \"\" for a quotation mark")
            }),
        }
    }

    /// The rows from byte `start` on, the first of which is line `first_line`: `labels` cells of text,
    /// then `width` numbers.
    ///
    /// # Errors
    /// Every cell that is not a finite number, every line of another length, with its place.
    pub fn body(
        &self,
        start: usize,
        first_line: u64,
        labels: usize,
        width: usize,
    ) -> Result<Grid, Faults> {
        let rest = self.bytes.get(start..).unwrap_or_default();
        let separator = self.separator;
        let zeros = std::array::from_fn(|at| if at % 2 == 0 { b'0' } else { separator });
        let zeros = u128::from_le_bytes(zeros);
        let reader = Reader { separator, zeros, labels, width, lines: AtomicUsize::new(0) };
        let parts: Option<Vec<Part>> =
            pieces(trimmed(rest)).into_par_iter().map(|piece| reader.part(piece)).collect();
        match parts {
            Some(parts) => Ok(assembled(parts, width, first_line)),
            None => Err(self.explain(rest, first_line, &reader)),
        }
    }

    /// Every fault of the rows, line by line.
    fn explain(&self, rest: &[u8], first_line: u64, reader: &Reader) -> Faults {
        let mut faults = Faults::default();
        let (mut at, mut line) = (0, first_line);
        let rest = trimmed(rest);
        while at < rest.len() && !faults.enough() {
            if line - first_line >= MOST as u64 {
                let text = format!("there are more than {MOST} lines");
                let fault = Fault::new(self.place.field(line, 0), text);
                faults.push(fault.help("no table of industries has as many: is it another file?"));
                break;
            }
            let (text, next) = line_from(rest, at);
            self.explain_line(text, line, reader, &mut faults);
            (at, line) = (next, line + 1);
        }
        if faults.is_empty() {
            // Only if the two paths disagree on what a number is.
            faults.push(Fault::new(self.place.whole(), "the numbers could not be read"));
        }
        faults
    }

    fn explain_line(&self, text: &[u8], line: u64, reader: &Reader, faults: &mut Faults) {
        let expected = reader.labels + reader.width;
        let count = cells(text, self.separator).take(expected + 1).count();
        if text.is_empty() {
            let fault = Fault::new(self.place.field(line, 0), "an empty line among the rows");
            return faults.push(fault.help("delete it"));
        }
        if count < expected {
            let text = format!("the line has {count} cells, cell {} is missing", count + 1);
            let fault = Fault::new(self.place.field(line, 0), text);
            faults.push(fault.help("write one cell for each column of the header"));
        } else if count > expected {
            let at = self.place.field(line, expected + 1);
            let fault = Fault::new(at, "a cell without a header above it");
            faults.push(fault.help("name its column in the header lines, or delete it"));
        }
        for (at, cell) in cells(text, self.separator).enumerate().take(expected) {
            match self.text(cell, line, at) {
                Err(fault) => faults.push(fault),
                Ok(_) if at < reader.labels || number(cell).is_some() => {}
                Ok(text) => {
                    faults.push(no_number(text.trim(), self.place.field(line, at + 1)));
                }
            }
        }
    }
}

/// A table has at most so many industries for each line that names one; the rest would be empty.
const SPARSEST: usize = 20;

/// That so many lines or columns cannot be those of these industries: most would be empty, and room for them could be
/// more than there is.
pub(super) fn too_many(industries: &Industries, named: usize, at: Location) -> Option<Fault> {
    (industries.len() > SPARSEST.saturating_mul(named.max(50))).then(|| {
        let (regions, sectors) = (industries.regions.len(), industries.sectors.len());
        let text = format!(
            "{regions} regions and {sectors} sectors, but only {named} lines or columns of industries"
        );
        Fault::new(at, text).help("every region is expected to have about the same sectors")
    })
}

/// A line of more cells than any table has.
pub(super) fn too_wide(at: Location) -> Fault {
    Fault::new(at, format!("the line has more than {MOST} cells"))
        .help("no table of industries is as wide: is it another file, or cells without contents?")
}

fn no_number(text: &str, at: Location) -> Fault {
    let found = if text.is_empty() { "an empty cell".to_owned() } else { format!("{text:?}") };
    Fault::new(at, format!("expected a finite number, found {found}")).help(number_help(text))
}

/// A line without its end, and where the next begins.
fn line_from(bytes: &[u8], at: usize) -> (&[u8], usize) {
    let end = memchr(b'\n', &bytes[at..]).map_or(bytes.len(), |length| at + length);
    let line = &bytes[at..end];
    (line.strip_suffix(b"\r").unwrap_or(line), (end + 1).min(bytes.len()))
}

/// Text without empty lines at its end.
fn trimmed(bytes: &[u8]) -> &[u8] {
    let end = bytes.iter().rposition(|byte| !matches!(byte, b'\n' | b'\r')).map_or(0, |at| at + 1);
    &bytes[..end]
}

/// Cells of a line with their quotation marks; a separator inside those does not part cells.
fn cells(line: &[u8], separator: u8) -> impl Iterator<Item = &[u8]> {
    let mut next = Some(0);
    std::iter::from_fn(move || {
        let at = next?;
        let end = cell_end(line, at, separator);
        next = (end < line.len()).then_some(end + 1);
        Some(&line[at..end])
    })
}

/// Where the cell that begins at `at` ends: at a separator, a line's end or the end of the bytes.
fn cell_end(bytes: &[u8], at: usize, separator: u8) -> usize {
    let mut quoted = false;
    for (ahead, &byte) in bytes[at..].iter().enumerate() {
        match byte {
            b'"' if quoted || ahead == 0 => quoted = !quoted,
            // A doubled mark inside quotes closes and opens again.
            b'"' if bytes[at] == b'"' && bytes[at + ahead - 1] == b'"' => quoted = true,
            b'\n' => return at + ahead,
            _ if byte == separator && !quoted => return at + ahead,
            _ => {}
        }
    }
    bytes.len()
}

/// Text of a cell without its quotation marks; none if they are not closed.
fn unquoted(text: &str) -> Option<String> {
    let Some(inner) = text.strip_prefix('"') else { return Some(text.to_owned()) };
    let inner = inner.strip_suffix('"')?;
    let plain = inner.replace("\"\"", "\u{0}");
    (!plain.contains('"')).then(|| plain.replace('\u{0}', "\""))
}

/// A number with blanks or quotation marks around it.
fn number(cell: &[u8]) -> Option<f64> {
    let mut cell = cell.trim_ascii();
    if let Some(inner) = cell.strip_prefix(b"\"").and_then(|cell| cell.strip_suffix(b"\"")) {
        cell = inner.trim_ascii();
    }
    fast_float2::parse::<f64, _>(cell).ok().filter(|value| value.is_finite())
}

/// Pieces of about the same size that end where a line ends.
fn pieces(bytes: &[u8]) -> Vec<&[u8]> {
    let mut found = Vec::new();
    let mut start = 0;
    while start < bytes.len() {
        let from = (start + PIECE).min(bytes.len());
        let end = memchr(b'\n', &bytes[from..]).map_or(bytes.len(), |length| from + length + 1);
        found.push(&bytes[start..end]);
        start = end;
    }
    found
}

/// Rows of one piece: how many cells of each are stored, their columns and values.
#[derive(Default)]
struct Part {
    labels: Vec<Vec<String>>,
    filled: Vec<u32>,
    places: Vec<u32>,
    values: Vec<f64>,
}

struct Reader {
    separator: u8,
    /// Eight empty cells as they stand in a file.
    zeros: u128,
    labels: usize,
    width: usize,
    /// Lines that were read so far, of all pieces.
    lines: AtomicUsize,
}

impl Reader {
    fn part(&self, bytes: &[u8]) -> Option<Part> {
        let mut part = Part::default();
        // Numbers of a full matrix take about 18 bytes; memory that is not used is not touched.
        part.places.reserve(bytes.len() / 12);
        part.values.reserve(bytes.len() / 12);
        let mut at = 0;
        while at < bytes.len() {
            at = self.row(bytes, at, &mut part)?;
        }
        let lines = part.filled.len();
        let before = self.lines.fetch_add(lines, Ordering::Relaxed);
        (before + lines <= MOST).then_some(part)
    }

    /// Reads one row; says where the next begins.
    fn row(&self, bytes: &[u8], mut at: usize, part: &mut Part) -> Option<usize> {
        let mut labels = Vec::with_capacity(self.labels);
        for label in 0..self.labels {
            let end = cell_end(bytes, at, self.separator);
            let mut cell = &bytes[at..end];
            if label + 1 == self.labels && self.width == 0 {
                cell = cell.strip_suffix(b"\r").unwrap_or(cell);
            }
            labels.push(unquoted(std::str::from_utf8(cell).ok()?)?);
            at = if label + 1 == self.labels && self.width == 0 {
                line_end(bytes, at + cell.len())?
            } else {
                (bytes.get(end) == Some(&self.separator)).then_some(end + 1)?
            };
        }
        let before = part.values.len();
        let mut column = 0;
        while column < self.width {
            let zeros = self.zeros(&bytes[at..]).min(self.width - 1 - column);
            (column, at) = (column + zeros, at + 2 * zeros);
            let (value, length) = self.cell(&bytes[at..])?;
            at += length;
            at = if column + 1 < self.width {
                (bytes.get(at) == Some(&self.separator)).then_some(at + 1)?
            } else {
                line_end(bytes, at)?
            };
            // A negative zero is kept, as it would be in a dense matrix.
            if value.to_bits() != 0 {
                part.places.push(column as u32);
                part.values.push(value);
            }
            column += 1;
        }
        part.labels.push(labels);
        part.filled.push((part.values.len() - before) as u32);
        Some(at)
    }

    /// How many empty cells, each `0` and a separator, bytes begin with; at most eight. Counted together, so that
    /// the processor need not guess at each cell whether it is one.
    #[inline(always)]
    fn zeros(&self, bytes: &[u8]) -> usize {
        let Some(sixteen) = bytes.first_chunk() else { return 0 };
        ((u128::from_le_bytes(*sixteen) ^ self.zeros).trailing_zeros() / 16) as usize
    }

    /// The number that bytes begin with, and how many of them it takes.
    #[inline]
    fn cell(&self, bytes: &[u8]) -> Option<(f64, usize)> {
        let ends = |byte: Option<&u8>| match byte {
            None | Some(b'\n' | b'\r') => true,
            Some(byte) => *byte == self.separator,
        };
        if bytes.first() == Some(&b'0') {
            if ends(bytes.get(1)) {
                return Some((0.0, 1));
            }
            if bytes.get(1..3) == Some(b".0") && ends(bytes.get(3)) {
                return Some((0.0, 3));
            }
        }
        if let Some((value, length)) = decimal::parse(bytes)
            && ends(bytes.get(length))
        {
            return Some((value, length));
        }
        match fast_float2::parse_partial::<f64, _>(bytes) {
            Ok((value, length)) if value.is_finite() && ends(bytes.get(length)) => {
                Some((value, length))
            }
            _ => self.awkward(bytes),
        }
    }

    #[cold]
    fn awkward(&self, bytes: &[u8]) -> Option<(f64, usize)> {
        let end = cell_end(bytes, 0, self.separator);
        let cell = &bytes[..end];
        let cell = cell.strip_suffix(b"\r").unwrap_or(cell);
        Some((number(cell)?, cell.len()))
    }
}

/// Where the next line begins, if a line ends at `at`.
fn line_end(bytes: &[u8], at: usize) -> Option<usize> {
    match (bytes.get(at), bytes.get(at + 1)) {
        (None, _) => Some(at),
        (Some(b'\n'), _) => Some(at + 1),
        (Some(b'\r'), Some(b'\n')) => Some(at + 2),
        (Some(b'\r'), None) => Some(at + 1),
        _ => None,
    }
}

fn assembled(parts: Vec<Part>, width: usize, first_line: u64) -> Grid {
    let rows: usize = parts.iter().map(|part| part.filled.len()).sum();
    let stored: usize = parts.iter().map(|part| part.values.len()).sum();
    let mut labels = Vec::with_capacity(rows);
    let mut into = Rows::with_room((rows, width), stored);
    for part in parts {
        labels.extend(part.labels);
        let mut at = 0;
        for filled in part.filled {
            let next = at + filled as usize;
            into.push(&part.places[at..next], &part.values[at..next]);
            at = next;
        }
    }
    Grid { labels, first_line, values: into.finish() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::linalg::Dense;

    fn grid(text: &str, labels: usize, width: usize) -> Result<Grid, String> {
        let place = Place::of(Path::new("m.csv"));
        let text = Text::new(text.as_bytes(), &place, b',');
        text.body(0, 1, labels, width).map_err(|faults| faults.to_string())
    }

    #[test]
    fn numbers_are_read_as_the_standard_library_reads_them() {
        let texts = [
            "0",
            "0.0",
            "-0",
            "1",
            "-1.5e-7",
            "5e-324",
            "1.7976931348623157e308",
            "0.1",
            ".5",
            "2.",
            "+3",
            "12345678901234567890",
            " 4 ",
            "\"5\"",
            "0.30000000000000004",
            "00",
            "0e5",
        ];
        let found = grid(&(texts.join(",") + "\r\n"), 0, texts.len()).unwrap();
        let Matrix::Dense(dense) = &found.values else { panic!("small matrices are dense") };
        for (text, value) in texts.iter().zip(dense.values()) {
            let expected: f64 = text.trim().trim_matches('"').parse().unwrap();
            assert_eq!(value.to_bits(), expected.to_bits(), "{text}");
        }
    }

    #[test]
    fn pieces_do_not_show_in_the_result() {
        let width = 40;
        let cell = |at: usize| if at.is_multiple_of(3) { (at as f64 * 0.37).sin() } else { 0.0 };
        let mut text = String::new();
        for row in 0..4000 {
            text += &format!("r{row},\"a \"\"b\"\", c\"");
            (0..width).for_each(|at| text += &format!(",{}", cell(row * width + at)));
            text += "\n";
        }
        assert!(text.len() > 2 * PIECE);
        let found = grid(&text, 2, width).unwrap();
        assert!(matches!(found.values, Matrix::Sparse(_)));
        assert_eq!(found.labels[3999], ["r3999", "a \"b\", c"]);
        for row in [0, 1, 1234, 3999] {
            (0..width).for_each(|at| assert_eq!(found.values.get(row, at), cell(row * width + at)));
        }
    }

    #[test]
    fn every_fault_is_told_with_its_place() {
        let told = grid("a,1,x\nb,2\n\nc,1,2,3\n\"d,1,2\n", 1, 2).unwrap_err();
        insta::assert_snapshot!(told);
    }

    #[test]
    fn more_lines_or_cells_than_any_table_has_are_refused() {
        let told = grid(&"a\n".repeat(MOST + 1), 1, 0).unwrap_err();
        assert!(told.contains("m.csv:262145: there are more than 262144 lines"), "{told}");
        assert!(grid(&"a\n".repeat(MOST), 1, 0).is_ok());
        let place = Place::of(Path::new("m.csv"));
        let wide = ",".repeat(MOST);
        let told = Text::new(wide.as_bytes(), &place, b',').head(1).unwrap_err().to_string();
        assert!(told.contains("m.csv:1: the line has more than 262144 cells"), "{told}");
        assert_eq!(
            Text::new(&wide.as_bytes()[1..], &place, b',').head(1).unwrap().0[0].len(),
            MOST
        );
    }

    #[test]
    fn cells_move_to_their_places() {
        let matrix = Matrix::Dense(Dense::from_rows(&[vec![1.0, 2.0], vec![3.0, 0.0]]));
        let found = rearranged(matrix, &[2, 0], &[1, 0], (3, 3));
        let expected = [0.0, 3.0, 0.0, 0.0, 0.0, 0.0, 2.0, 1.0, 0.0];
        assert_eq!(found.to_dense().values(), expected);
    }
}
