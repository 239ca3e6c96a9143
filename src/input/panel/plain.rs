//! Large panels of plain numbers: read block by block on all cores, so that neither the text nor its cells are kept.
//!
//! What a block cannot be sure of (quotes, lines of another width, a text among the numbers, a row without its unit) makes
//! the whole file one for the general reader, which reads it to the same panel or says what is wrong and where.

use std::collections::HashMap;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use rayon::prelude::*;
use sha2::{Digest, Sha256};

use super::{Index, NOTHING};
use crate::input::numbers::MOST;
use crate::input::witness;
use crate::panel::{Column, Keys, Panel};
use crate::table::InputFile;

/// Bytes from which a file is worth it.
pub(super) const WORTH: u64 = 1 << 22;
/// Bytes of a block, and of the pieces that a thread takes at a time.
const BLOCK: usize = 1 << 21;
const PIECE: usize = 1 << 18;

/// Labels in the order in which they are first met, and the label of each row.
#[derive(Default)]
struct Codes {
    labels: Vec<String>,
    places: HashMap<String, u32>,
    codes: Vec<u32>,
}

impl Codes {
    fn push(&mut self, label: &str) {
        // Neighbouring rows mostly share their unit, and periods follow each other or begin anew.
        let last = self.codes.last().copied().unwrap_or(0);
        let is = |code: &u32| self.labels.get(*code as usize).is_some_and(|own| own == label);
        let code = [last, last.wrapping_add(1), 0].into_iter().find(is);
        let code = code.unwrap_or_else(|| self.code(label));
        self.codes.push(code);
    }

    fn code(&mut self, label: &str) -> u32 {
        if let Some(code) = self.places.get(label) {
            return *code;
        }
        let code = self.labels.len() as u32;
        self.labels.push(label.to_owned());
        self.places.insert(label.to_owned(), code);
        code
    }

    /// Adds the rows of a piece behind those that are there.
    fn append(&mut self, piece: &Codes) {
        let own: Vec<u32> = piece.labels.iter().map(|label| self.code(label)).collect();
        self.codes.extend(piece.codes.iter().map(|code| own[*code as usize]));
    }

    fn keys(self, name: &str) -> Keys {
        Keys { name: name.to_owned(), labels: self.labels, codes: self.codes.into() }
    }
}

/// Rows of the file.
struct Rows {
    units: Codes,
    periods: Codes,
    values: Vec<Vec<f64>>,
}

impl Rows {
    fn of(width: usize) -> Self {
        let values = vec![Vec::new(); width];
        Rows { units: Codes::default(), periods: Codes::default(), values }
    }

    fn append(&mut self, piece: &Rows) {
        self.units.append(&piece.units);
        self.periods.append(&piece.periods);
        self.values.iter_mut().zip(&piece.values).for_each(|(own, new)| own.extend(new));
    }
}

/// Names of the columns, and which of them tell unit and period.
struct Header {
    names: Vec<String>,
    keys: [usize; 2],
}

impl Header {
    /// The header of a first line; nothing if it needs a closer look.
    fn of(line: &str, index: &Index) -> Option<Self> {
        let names: Vec<String> = line.split(',').map(|name| name.trim().to_owned()).collect();
        let place = |wanted: &Option<String>| {
            let wanted = wanted.as_ref()?;
            names.iter().position(|name| name == wanted)
        };
        let keys = [place(&index.id)?, place(&index.time)?];
        let distinct: std::collections::HashSet<&String> = names.iter().collect();
        let plain = keys[0] != keys[1]
            && names.len() <= MOST
            && distinct.len() == names.len()
            && names.iter().all(|name| !name.is_empty());
        plain.then_some(Header { names, keys })
    }

    /// Rows of whole lines; nothing if one of them needs a closer look.
    fn rows(&self, text: &[u8]) -> Option<Rows> {
        let mut rows = Rows::of(self.names.len());
        let mut start = 0;
        for end in memchr::memchr_iter(b'\n', text).chain([text.len()]) {
            let line = &text[start..end];
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            if !line.is_empty() {
                self.row(line, &mut rows)?;
            }
            start = end + 1;
        }
        Some(rows)
    }

    fn row(&self, line: &[u8], rows: &mut Rows) -> Option<()> {
        let mut rest = Some(line);
        for at in 0..self.names.len() {
            let own = rest?;
            let cell = match memchr::memchr(b',', own) {
                Some(end) => {
                    rest = Some(&own[end + 1..]);
                    &own[..end]
                }
                None => {
                    rest = None;
                    own
                }
            };
            if at == self.keys[0] {
                rows.units.push(label(cell)?);
            } else if at == self.keys[1] {
                rows.periods.push(label(cell)?);
            } else {
                rows.values[at].push(number(cell)?);
            }
        }
        rest.is_none().then_some(())
    }
}

fn label(cell: &[u8]) -> Option<&str> {
    let text = std::str::from_utf8(cell).ok()?;
    // Most labels are of letters and digits, and nothing begins with one of these alone.
    let plain = cell.iter().all(u8::is_ascii_alphanumeric);
    if plain && cell.first().is_some_and(|first| !b"Nn".contains(first)) {
        return Some(text);
    }
    let text = text.trim();
    (!NOTHING.contains(&text) && !text.contains(['"', '\r'])).then_some(text)
}

fn number(cell: &[u8]) -> Option<f64> {
    // A carriage return ends a line for the general reader.
    if [cell.first(), cell.last()].contains(&Some(&b'\r')) {
        return None;
    }
    let cell = cell.trim_ascii();
    match fast_float2::parse::<f64, _>(cell) {
        Ok(value) => value.is_finite().then_some(value),
        Err(_) => NOTHING.iter().any(|nothing| nothing.as_bytes() == cell).then_some(f64::NAN),
    }
}

/// Whole lines of about a piece each.
fn pieces(mut text: &[u8]) -> Vec<&[u8]> {
    let mut found = Vec::new();
    while text.len() > PIECE {
        let Some(end) = text[PIECE..].iter().position(|byte| *byte == b'\n') else { break };
        let (piece, rest) = text.split_at(PIECE + end + 1);
        found.push(piece);
        text = rest;
    }
    found.push(text);
    found
}

/// A stretch of the file.
struct Block {
    /// What the block before ended with before its line was whole, and what was read behind it.
    text: Vec<u8>,
    /// Where what was read begins.
    kept: usize,
    /// Where its last whole line ends.
    whole: usize,
    /// Whether the file ends here.
    is_last: bool,
}

impl Block {
    /// The next stretch; nothing if it cannot be read, or has no whole line.
    fn behind(rest: &[u8], file: &mut File) -> Option<Self> {
        let mut text = Vec::with_capacity(rest.len() + BLOCK);
        text.extend_from_slice(rest);
        let read = file.by_ref().take(BLOCK as u64).read_to_end(&mut text).ok()?;
        let is_last = read == 0;
        let whole = match text.iter().rposition(|byte| *byte == b'\n') {
            _ if is_last => text.len(),
            Some(end) => end + 1,
            // A line longer than a block is none of numbers.
            None => return None,
        };
        Some(Block { text, kept: rest.len(), whole, is_last })
    }

    /// The header in the first line, and where that ends.
    fn header(&self, index: &Index) -> Option<(Header, usize)> {
        let end = self.text[..self.whole].iter().position(|byte| *byte == b'\n')?;
        let line = std::str::from_utf8(&self.text[..end]).ok()?;
        let line = line.strip_suffix('\r').unwrap_or(line);
        if line.starts_with('\u{feff}') || line.contains(['"', '\r']) {
            return None;
        }
        Some((Header::of(line, index)?, end + 1))
    }
}

/// Reads a panel of units and periods whose other columns are numbers; nothing if the file is not such a one, or cannot
/// be read.
pub(super) fn read(path: &Path, index: &Index, worth: u64) -> Option<(Panel, InputFile)> {
    let stamp = std::fs::metadata(path).ok().filter(|own| own.is_file() && own.len() >= worth)?;
    let mut file = File::open(path).ok()?;
    let mut hash = Sha256::new();
    let mut block = Block::behind(&[], &mut file)?;
    let (header, first) = block.header(index)?;
    let mut rows = Rows::of(header.names.len());
    let mut lines = first..block.whole;
    let mut parsed: Vec<Rows> = Vec::new();
    loop {
        // While the lines of a block are read on all cores, what they need before and after is done.
        let (found, next) = rayon::join(
            || {
                let pieces = pieces(&block.text[lines.clone()]);
                pieces.into_par_iter().map(|piece| header.rows(piece)).collect::<Option<Vec<_>>>()
            },
            || {
                hash.update(&block.text[block.kept..]);
                parsed.drain(..).for_each(|piece| rows.append(&piece));
                Block::behind(&block.text[block.whole..], &mut file)
            },
        );
        parsed = found?;
        let last = block.is_last;
        block = next?;
        if last {
            break;
        }
        lines = 0..block.whole;
    }
    parsed.iter().for_each(|piece| rows.append(piece));
    let Header { names, keys: [id, time] } = header;
    // They grew by doubling.
    rows.values.iter_mut().for_each(Vec::shrink_to_fit);
    let count = rows.units.codes.len();
    if count == 0 || u32::try_from(count).is_err() {
        return None;
    }
    let sha256 = crate::input::hexadecimal(&hash.finalize());
    let (units, periods) = (rows.units.keys(&names[id]), rows.periods.keys(&names[time]));
    let columns = names.into_iter().zip(rows.values).enumerate();
    let columns: Vec<(String, Column)> = columns
        .filter(|(at, _)| *at != id && *at != time)
        .map(|(_, (name, values))| (name, Column::Numbers(values.into())))
        .collect();
    let panel = Panel::new(units, periods, columns).ok()?;
    witness::read(path, Some(witness::Stamp::from(&stamp)), &sha256);
    Some((panel, InputFile { path: path.to_path_buf(), sha256 }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn index() -> Index {
        Index { id: Some("id".to_owned()), time: Some("t".to_owned()) }
    }

    /// What this reader reads is what the general one does, and what it does not it leaves to it.
    #[test]
    fn plain_panels_are_read_as_by_the_general_reader() {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("p.csv");
        for (text, plain) in [
            ("id,t,x,y\n北京,2000,1,2.5\n北京,2001,NA,-3e5\n天津,2000,.5,\n", true),
            ("id,t,x\r\nb,2,1\r\n\r\na,1, 7 \r\nb,1,3", true),
            ("t,x,id\n1,0.1,A\n2,0.2,A\n", true),
            ("id,t,x\nA,1,\"7\"\n", false),
            ("id,t,x\nA,1,text\n", false),
            ("id,t,x\nA,1\n", false),
            ("id,t,x\nA,1,2,3\n", false),
            ("id,t,x,x\nA,1,2,3\n", false),
            ("id,t,x\n,1,2\n", false),
            ("id,t,x\nA,1,2\nA,1,3\n", false),
            ("id,t,x\nA,1,2\r,3\n", false),
            ("id,t,x\n", false),
            ("id,x\nA,1\n", false),
            ("id,t,x\nA,1,inf\n", false),
        ] {
            std::fs::write(&path, text).unwrap();
            let own = read(&path, &index(), 0);
            assert_eq!(own.is_some(), plain, "{text:?}");
            let Some((panel, record)) = own else { continue };
            let (sheet, known) = crate::input::workbook::read_sheet(&path).unwrap();
            let general = super::super::read(&sheet, &index()).unwrap();
            assert_eq!(format!("{panel:?}"), format!("{general:?}"));
            assert_eq!(record, known);
        }
    }

    /// Blocks and pieces end anywhere: a file of many of them is one panel, whatever the length of its lines.
    #[test]
    fn blocks_end_anywhere() {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("p.csv");
        let mut text = String::from("id,t,x,y\n");
        for unit in 0..2000 {
            for t in 0..150 {
                let x = f64::from((unit * 37 + t * 101) % 1009) / 7.0;
                text += &format!("u{unit},{t},{x},{}\n", x * x * f64::from(t % 13));
            }
        }
        assert!(text.len() > BLOCK);
        std::fs::write(&path, &text).unwrap();
        let (panel, record) = read(&path, &index(), 0).unwrap();
        let (sheet, known) = crate::input::workbook::read_sheet(&path).unwrap();
        assert!(panel == super::super::read(&sheet, &index()).unwrap() && record == known);
        assert_eq!(panel.rows(), 300_000);
    }
}
