//! A text table as cells: where each stands, and numbers read out of it.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use csv::StringRecord;

use super::TextFile;
use super::numbers::{MOST, too_wide};
use crate::fault::{Fault, Faults, Location, column_letters};
use crate::labels::{Axis, comparable, suggestion};

/// The cells of a CSV file, or of a sheet of a workbook.
#[derive(Debug, Clone)]
pub struct Sheet {
    path: PathBuf,
    /// Text of every cell, one after the other.
    text: String,
    /// Where each cell ends in the text.
    ends: Vec<u32>,
    /// First cell of each row, and the number of cells at the end.
    rows: Vec<u32>,
    origin: Origin,
}

/// What the cells were before, so that a fault can name its place as its owner sees it.
#[derive(Debug, Clone)]
enum Origin {
    /// A text: the line of each row.
    Text {
        /// Line of each row, from 1.
        lines: Vec<u32>,
        /// Whether the last line has an end.
        ended: bool,
    },
    /// A sheet of a workbook: rows and columns are those of the sheet.
    Workbook { sheet: String, merged: Vec<Area> },
}

/// Cells of a workbook that are merged into one; rows and columns from 0, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Area {
    /// First row and column: the only cell of the area that has contents.
    pub first: (usize, usize),
    /// Last row and column.
    pub last: (usize, usize),
}

impl Area {
    fn holds(&self, row: usize, column: usize) -> bool {
        (self.first.0..=self.last.0).contains(&row)
            && (self.first.1..=self.last.1).contains(&column)
    }
}

impl std::fmt::Display for Area {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            out,
            "{}:{}",
            cell_name(self.first.0, self.first.1),
            cell_name(self.last.0, self.last.1)
        )
    }
}

/// Name of a cell in A1 notation; row and column from 0.
pub fn cell_name(row: usize, column: usize) -> String {
    format!("{}{}", column_letters(column + 1), row + 1)
}

/// Puts the cells of a workbook's sheet together, row by row.
#[derive(Debug)]
pub struct SheetBuilder(Sheet);

impl SheetBuilder {
    /// Begins a sheet of a workbook.
    pub fn new(path: &Path, sheet: &str) -> Self {
        let origin = Origin::Workbook { sheet: sheet.to_owned(), merged: Vec::new() };
        let (text, ends, rows) = (String::new(), Vec::new(), vec![0]);
        SheetBuilder(Sheet { path: path.to_path_buf(), text, ends, rows, origin })
    }

    /// Adds a row: texts by column in ascending order, gaps are empty cells.
    pub fn row<'a>(&mut self, cells: impl Iterator<Item = (usize, &'a str)>) {
        let sheet = &mut self.0;
        let first = *sheet.rows.last().unwrap_or(&0) as usize;
        for (column, text) in cells {
            while sheet.ends.len() < first + column {
                sheet.ends.push(sheet.text.len() as u32);
            }
            sheet.text.push_str(text);
            sheet.ends.push(sheet.text.len() as u32);
        }
        sheet.rows.push(sheet.ends.len() as u32);
    }

    /// How many bytes of text and how many cells there are so far.
    pub fn size(&self) -> (usize, usize) {
        (self.0.text.len(), self.0.ends.len())
    }

    /// The sheet, with the areas of it that are merged.
    pub fn finish(mut self, areas: Vec<Area>) -> Sheet {
        if let Origin::Workbook { merged, .. } = &mut self.0.origin {
            *merged = areas;
        }
        self.0
    }
}

impl Sheet {
    /// Splits a text into cells; lines may differ in length, blank lines are skipped.
    ///
    /// # Errors
    /// If the text has no line, one of far too many cells, or is larger than 4 GiB.
    pub fn of(file: &TextFile) -> Result<Self, Fault> {
        if u32::try_from(file.text.len()).is_err() {
            return Err(Fault::new(Location::whole(&file.path), "is larger than 4 GiB"));
        }
        if let Some(line) = too_wide_line(file.text.as_bytes()) {
            return Err(too_wide(Location::field(&file.path, line, 0)));
        }
        if let Some(line) = unclosed_quote(file.text.as_bytes()) {
            let text = "a quotation mark is not closed in its line, and takes in what follows";
            return Err(Fault::new(Location::field(&file.path, line, 0), text)
                .help("close it at the end of its cell, or delete it"));
        }
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .from_reader(file.text.as_bytes());
        let mut sheet = Sheet {
            path: file.path.clone(),
            text: String::with_capacity(file.text.len()),
            // A cell of a table of numbers has about ten characters.
            ends: Vec::with_capacity(file.text.len() / 8),
            rows: vec![0],
            origin: Origin::Text { lines: Vec::new(), ended: true },
        };
        let mut lines = Vec::new();
        let mut record = StringRecord::new();
        let (mut line, mut counted) = (1, 0);
        loop {
            match reader.read_record(&mut record) {
                Ok(false) => break,
                Ok(true) => {
                    let start = sheet.text.len();
                    sheet.text.push_str(record.as_slice());
                    sheet.ends.extend(
                        (0..record.len())
                            .filter_map(|at| record.range(at))
                            .map(|r| (start + r.end) as u32),
                    );
                    sheet.rows.push(sheet.ends.len() as u32);
                    // Counted here: the reader's own number is one too small after CR LF.
                    let begin = record.position().map_or(0, |at| at.byte() as usize);
                    let text = file.text.as_bytes();
                    let ends = text[begin..]
                        .iter()
                        .take_while(|byte| matches!(byte, b'\r' | b'\n'))
                        .count();
                    line +=
                        text[counted..begin + ends].iter().filter(|byte| **byte == b'\n').count()
                            as u32;
                    counted = begin + ends;
                    lines.push(line);
                }
                Err(error) => {
                    return Err(Fault::new(Location::whole(&file.path), error.to_string()));
                }
            }
        }
        sheet.origin = Origin::Text { lines, ended: file.text.ends_with(['\n', '\r']) };
        while sheet.rows() > 0
            && (0..sheet.width(sheet.rows() - 1))
                .all(|c| sheet.cell(sheet.rows() - 1, c).is_empty())
        {
            sheet.rows.pop();
        }
        if sheet.rows() == 0 {
            return Err(Fault::new(Location::whole(&file.path), "the file is empty"));
        }
        let header = sheet.cell(0, 0);
        for (mark, name) in [(';', "semicolons"), ('\t', "tabs")] {
            if sheet.width(0) == 1 && header.contains(mark) {
                let fault = Fault::new(
                    sheet.line(0),
                    format!("the cells are separated by {name}, not by commas"),
                );
                return Err(fault.help("save the file as CSV with commas"));
            }
        }
        Ok(sheet)
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// How many rows there are.
    pub fn rows(&self) -> usize {
        self.rows.len() - 1
    }

    /// How many cells a row has.
    pub fn width(&self, row: usize) -> usize {
        match (self.rows.get(row), self.rows.get(row + 1)) {
            (Some(first), Some(next)) => (next - first) as usize,
            _ => 0,
        }
    }

    /// Text of a cell, trimmed; empty where the row is shorter.
    pub fn cell(&self, row: usize, column: usize) -> &str {
        if column >= self.width(row) {
            return "";
        }
        let at = self.rows[row] as usize + column;
        let start = if at == 0 { 0 } else { self.ends[at - 1] as usize };
        self.text[start..self.ends[at] as usize].trim()
    }

    /// Columns behind `after` that have a text somewhere, in order.
    pub fn filled_columns(&self, after: usize) -> Vec<usize> {
        let mut filled = Vec::new();
        for row in 0..self.rows() {
            let width = self.width(row);
            if width > filled.len() {
                filled.resize(width, false);
            }
            for (column, filled) in filled.iter_mut().enumerate().take(width) {
                *filled = *filled || !self.cell(row, column).is_empty();
            }
        }
        (after + 1..filled.len()).filter(|&column| filled[column]).collect()
    }

    /// Place of a cell.
    pub fn at(&self, row: usize, column: usize) -> Location {
        match &self.origin {
            Origin::Text { lines, .. } => {
                let line = lines.get(row).copied().unwrap_or(0);
                Location::field(&self.path, u64::from(line), column + 1)
            }
            Origin::Workbook { .. } => self.place(cell_name(row, column)),
        }
    }

    /// Place of a row.
    pub fn line(&self, row: usize) -> Location {
        match &self.origin {
            Origin::Text { lines, .. } => {
                let line = lines.get(row).copied().unwrap_or(0);
                Location::field(&self.path, u64::from(line), 0)
            }
            Origin::Workbook { .. } => self.place(format!("{0}:{0}", row + 1)),
        }
    }

    /// Place of a column, as far as the origin can name one.
    pub fn upright(&self, column: usize) -> Location {
        let letters = column_letters(column + 1);
        self.place(format!("{letters}:{letters}"))
    }

    /// Place of the whole: the file, or the sheet of the workbook.
    pub fn whole(&self) -> Location {
        self.place(String::new())
    }

    fn place(&self, cell: String) -> Location {
        match &self.origin {
            Origin::Text { .. } => Location::whole(&self.path),
            Origin::Workbook { sheet, .. } => {
                Location::Cell { file: self.path.clone(), sheet: sheet.clone(), cell }
            }
        }
    }

    /// Name of the sheet, if it is one of a workbook.
    pub fn name(&self) -> Option<&str> {
        match &self.origin {
            Origin::Text { .. } => None,
            Origin::Workbook { sheet, .. } => Some(sheet),
        }
    }

    /// The merged area that a cell is in.
    pub fn merged(&self, row: usize, column: usize) -> Option<Area> {
        match &self.origin {
            Origin::Text { .. } => None,
            Origin::Workbook { merged, .. } => {
                merged.iter().find(|area| area.holds(row, column)).copied()
            }
        }
    }

    /// What a reader of the sheet sees in a cell: of a merged area the text of its first cell.
    pub fn heading(&self, row: usize, column: usize) -> &str {
        match self.merged(row, column) {
            Some(area) => self.cell(area.first.0, area.first.1),
            None => self.cell(row, column),
        }
    }

    /// Number of a cell, or what is wrong with it.
    ///
    /// # Errors
    /// If it is not a finite number.
    pub fn number(&self, row: usize, column: usize) -> Result<f64, Fault> {
        let text = self.cell(row, column);
        match text.parse::<f64>() {
            Ok(value) if value.is_finite() => Ok(value),
            _ => Err(self.no_number(row, column)),
        }
    }

    /// Number of a cell, zero if it is empty.
    ///
    /// # Errors
    /// If it holds something else.
    pub fn number_or_zero(&self, row: usize, column: usize) -> Result<f64, Fault> {
        if self.cell(row, column).is_empty() { Ok(0.0) } else { self.number(row, column) }
    }

    fn no_number(&self, row: usize, column: usize) -> Fault {
        let text = self.cell(row, column);
        if matches!(self.origin, Origin::Text { .. }) && column >= self.width(row) {
            let text =
                format!("the line has {} cells, cell {} is missing", self.width(row), column + 1);
            return Fault::new(self.line(row), text)
                .help("write one cell for each column of the header");
        }
        let found = match text {
            "" => "an empty cell".to_owned(),
            _ if text.starts_with('=') => format!("a formula without a stored value, {text:?}"),
            _ => format!("{text:?}"),
        };
        let fault =
            Fault::new(self.at(row, column), format!("expected a finite number, found {found}"));
        match self.merged(row, column).filter(|_| text.is_empty()) {
            Some(area) => fault.help(format!("the cells {area} are merged into one: split them")),
            None => fault.help(number_help(text)),
        }
    }

    /// Position of the column whose header in `row` is one of `names`.
    pub fn column(&self, row: usize, names: &[&str]) -> Option<usize> {
        (0..self.width(row)).find(|&column| {
            names.iter().any(|name| comparable(name) == comparable(self.cell(row, column)))
        })
    }

    /// Columns that the first line must have, by name; every one that it has not is a fault with this help.
    pub fn columns<const N: usize>(
        &self,
        names: [&str; N],
        help: &str,
        faults: &mut Faults,
    ) -> Option<[usize; N]> {
        self.check_list(faults);
        let found = names.map(|name| {
            let found = self.column(0, &[name]);
            if found.is_none() {
                let text = format!("no column {name:?} in the header");
                faults.push(Fault::new(self.line(0), text).help(help));
            }
            found
        });
        found.iter().all(Option::is_some).then(|| found.map(Option::unwrap_or_default))
    }

    /// Tells what a list cannot have: a column twice in its header, and cells beyond it ([`Self::check_cells`]).
    pub fn check_list(&self, faults: &mut Faults) {
        let mut seen = HashSet::new();
        for column in 0..self.width(0) {
            let name = self.cell(0, column);
            if !name.is_empty() && !seen.insert(comparable(name)) {
                let fault =
                    Fault::new(self.at(0, column), format!("the column {name:?} stands twice"));
                faults.push(fault.help("delete one of them, or give it another name"));
            }
        }
        self.check_cells(faults);
    }

    /// Tells columns that a list of this kind does not have: one that is misspelt would count for nothing.
    pub fn check_known(&self, known: &[&str], help: &str, faults: &mut Faults) {
        for column in 0..self.width(0) {
            let text = self.cell(0, column);
            let empty = text.is_empty() && !self.filled_columns(0).contains(&column);
            if empty || known.iter().any(|known| comparable(known) == comparable(text)) {
                continue;
            }
            let fault = Fault::new(self.at(0, column), format!("column {text:?} is not known"));
            let near = suggestion(text, known.iter().copied());
            faults.push(match near {
                Some(near) => fault.help(format!("did you mean {near:?}? {help}")),
                None => fault.help(help),
            });
        }
    }

    /// Tells cells beyond the header, such as a decimal comma makes of a number, and a file that ends within a line.
    pub fn check_cells(&self, faults: &mut Faults) {
        let width = self.width(0);
        let (last, ended) = match self.origin {
            Origin::Text { ended, .. } => (self.rows() - 1, ended),
            Origin::Workbook { .. } => (0, true),
        };
        if !ended && last > 0 && self.width(last) < width {
            let text =
                format!("the file ends in this line: it has {} of {width} cells", self.width(last));
            let help = "the rest of the file may be lost: copy it again, or complete the line";
            faults.push(Fault::new(self.line(last), text).help(help));
        }
        for row in (1..self.rows()).filter(|row| self.width(*row) > width) {
            let beyond =
                (width..self.width(row)).find(|column| !self.cell(row, *column).is_empty());
            let Some(column) = beyond else { continue };
            if faults.enough() {
                return;
            }
            let text = format!("{:?} has no header above it", self.cell(row, column));
            let fault = Fault::new(self.at(row, column), text);
            faults
                .push(fault.help(
                    "numbers are written with a point; a text with a comma stands in quotes",
                ));
        }
    }

    /// Labels of a list file with columns `code`, and optionally `en`, `zh`.
    ///
    /// # Errors
    /// If there is no column `code`, a code is empty or stands twice.
    pub fn axis(&self, kind: &'static str) -> Result<Axis, Faults> {
        let mut faults = Faults::default();
        self.check_list(&mut faults);
        let Some(code) = self.column(0, &["code"]) else {
            let fault = Fault::new(self.line(0), "no column \"code\" in the header");
            return Err(fault.help("the header is: code,en,zh").into());
        };
        let name = |names: &[&str]| self.column(0, names);
        let (en, zh) = (name(&["en", "english", "name"]), name(&["zh", "chinese", "中文"]));
        if self.rows() > MOST {
            let text = format!("there are more than {MOST} lines");
            return Err(Fault::new(self.line(MOST), text)
                .help("no table has as many: is it another file?")
                .into());
        }
        let mut labels = Vec::new();
        for row in 1..self.rows() {
            if self.cell(row, code).is_empty() {
                faults.push(Fault::new(self.at(row, code), format!("a {kind} without a code")));
            }
            let text = |column: Option<usize>| column.map_or("", |column| self.cell(row, column));
            labels.push(crate::labels::Label::new(self.cell(row, code), text(en), text(zh)));
        }
        if labels.is_empty() {
            faults.push(Fault::new(self.whole(), format!("no {kind} in the file")));
        }
        let axis = Axis::new(kind, labels)
            .map_err(|error| Fault::new(self.at(error.position + 1, code), error.to_string()));
        let axis = faults.keep(axis);
        match axis {
            Some(axis) => faults.into_result(axis),
            None => Err(faults),
        }
    }
}

/// The first line, from 1, of more cells than any table has; the reader of lines would make room for each of them.
fn too_wide_line(text: &[u8]) -> Option<u64> {
    let (mut line, mut start) = (1, 0);
    let ends = memchr::memchr2_iter(b'\n', b'\r', text).chain([text.len()]);
    for end in ends {
        if end - start >= MOST && memchr::memchr_iter(b',', &text[start..end]).count() >= MOST {
            return Some(line);
        }
        line += u64::from(text.get(end) == Some(&b'\n'));
        start = (end + 1).min(text.len());
    }
    None
}

/// The first line, from 1, with a quotation mark that nothing closes, or only the mark that begins a later cell.
/// A cell may hold line breaks; what stands behind its closing mark is then the next cell or the next line.
fn unclosed_quote(text: &[u8]) -> Option<u64> {
    let begins = |at: usize| at == 0 || matches!(text[at - 1], b',' | b'\n' | b'\r');
    let mut from = 0;
    while let Some(open) = memchr::memchr(b'"', &text[from..]).map(|at| from + at) {
        from = open + 1;
        if !begins(open) {
            continue;
        }
        let close = closing_quote(text, from);
        let sound = close.is_some_and(|close| {
            let next = text[close + 1..].iter().find(|byte| **byte != b' ');
            matches!(next, None | Some(b',' | b'\n' | b'\r'))
                || memchr::memchr(b'\n', &text[open..close]).is_none()
        });
        match close {
            Some(close) if sound => from = close + 1,
            _ => return Some(memchr::memchr_iter(b'\n', &text[..open]).count() as u64 + 1),
        }
    }
    None
}

/// The mark that closes a cell; two in turn are one of its text.
fn closing_quote(text: &[u8], mut from: usize) -> Option<usize> {
    loop {
        let at = from + memchr::memchr(b'"', &text[from..])?;
        if text.get(at + 1) != Some(&b'"') {
            return Some(at);
        }
        from = at + 2;
    }
}

/// What to do about a cell that is no number.
pub(super) fn number_help(text: &str) -> &'static str {
    if text.starts_with('=') {
        "open the file in a spreadsheet program, let it calculate, and save it again"
    } else if text.starts_with('#') {
        "a spreadsheet formula failed here: mend it and save again"
    } else if text == "TRUE" || text == "FALSE" {
        "the cell holds a truth value: write a number"
    } else if is_date(text) {
        "the cell is formatted as a date: give it the format of a number"
    } else if text.contains(',') || text.contains('，') {
        "write digits without thousands separators, and a point for decimals"
    } else if text.chars().any(|c| ('０'..='９').contains(&c)) {
        "write digits in half width"
    } else if ["", "-", "n/a", "na", "...", "…"].contains(&text.to_lowercase().as_str()) {
        "write 0 where there is nothing"
    } else if text.parse::<f64>().is_ok() {
        "the number is not finite: write one of ordinary size"
    } else {
        "write a number, without unit or sign of currency"
    }
}

/// Whether a text is a date as a workbook's reader writes it.
fn is_date(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() >= 10
        && bytes[..4].iter().all(u8::is_ascii_digit)
        && (bytes[4], bytes[7]) == (b'-', b'-')
        && bytes[8..10].iter().all(u8::is_ascii_digit)
}
