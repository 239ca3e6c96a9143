//! Workbooks (.xls, .xlsx, .xlsb): their sheets as cells, in the same type as a CSV's.
//!
//! A number becomes the shortest text that reads back as the same bits, so that one reader serves
//! both; truth values, dates and failed formulas become texts that are no numbers. Formulas are
//! taken by their stored results; where a cell has none, its text is the formula. Merged areas keep their text in their first cell
//! ([`Sheet::heading`]).
//!
//! A file may be wrong in any way: sizes are checked before memory is asked for (`guard`, `archive`), sheets of
//! .xlsx are read as a stream of cells whatever dimensions they claim, and a panic inside the library
//! that decodes the file is a fault like any other.

mod archive;
mod guard;
mod listing;

use std::cell::Cell;
use std::collections::HashSet;
use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Once};

use calamine::{Data, DataRef, ExcelDateTime, Reader, SheetType, SheetVisible, Xls, Xlsb, Xlsx};

use super::sheet::{Area, Sheet, SheetBuilder, cell_name};
use super::{FileBytes, TextFile, witness};
use crate::fault::{Fault, Location};
use crate::labels::{comparable, suggestion};
use crate::table::InputFile;

/// Bytes of a workbook, which its decoder reads again and again.
type Bytes = Cursor<Arc<[u8]>>;

enum Source {
    Xls(Box<Xls<Bytes>>),
    Xlsx(Box<Xlsx<Bytes>>),
    Xlsb(Box<Xlsb<Bytes>>),
}

/// A workbook that was opened; its sheets are decoded when asked for.
pub struct Workbook {
    path: PathBuf,
    sha256: String,
    sheets: Vec<SheetName>,
    source: Source,
    /// The whole file, where it is an archive.
    archive: Arc<[u8]>,
    length: usize,
}

/// A sheet of a workbook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SheetName {
    /// Its name as written, trailing blanks included.
    pub name: String,
    /// Whether its owner hid it; hidden sheets are read only if they are asked for by name.
    pub hidden: bool,
}

/// A file, and the sheet of it where it is a workbook: `FILE.xlsx#SHEET`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// The file.
    pub file: PathBuf,
    /// What stands behind the `#`.
    pub sheet: Option<String>,
}

impl Reference {
    /// Takes a path apart: what follows the last `#` is a sheet, unless a file has that very name.
    pub fn of(path: &Path) -> Self {
        let whole = || Reference { file: path.to_path_buf(), sheet: None };
        let Some(text) = path.to_str().filter(|_| !witness::exists(path)) else { return whole() };
        match text.rsplit_once('#') {
            Some((file, sheet)) if is_workbook(Path::new(file)) => {
                Reference { file: file.into(), sheet: Some(sheet.to_owned()) }
            }
            _ => whole(),
        }
    }
}

/// Whether a file's name says that it is a workbook.
pub fn is_workbook(path: &Path) -> bool {
    path.extension().and_then(|text| text.to_str()).is_some_and(|extension| {
        ["xls", "xlsx", "xlsm", "xlsb"].iter().any(|known| extension.eq_ignore_ascii_case(known))
    })
}

/// What is known of a file whose bytes begin like this, if it is a workbook.
pub(super) fn kind_of(bytes: &[u8]) -> Option<&'static str> {
    if bytes.starts_with(OLE) {
        Some("a workbook (.xls)")
    } else if bytes.starts_with(ZIP) {
        Some("a zip archive, such as a workbook (.xlsx)")
    } else {
        None
    }
}

const OLE: &[u8] = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";
const ZIP: &[u8] = b"PK\x03\x04";

/// Most cells of a sheet, gaps included, and most bytes of their texts.
const MOST_CELLS: usize = 1 << 26;
/// Most rows of a sheet, in every format that is read.
const MOST_ROWS: u32 = 1 << 20;
/// Most empty rows between two that have cells: what stands below more of them is no part of a table.
const MOST_EMPTY: u32 = 1000;
/// Cells that a sheet may span for each of its own, and any sheet.
const BY_CELL: usize = 64;
const ANY_SPANNED: usize = 1 << 22;
const MOST_TEXT: usize = 1 << 30;

/// Cells and bytes of text that any sheet may have, and how many more for each byte of its file: a text
/// that stands once in a file may stand in every cell.
const ANY: [usize; 2] = [1 << 20, 1 << 24];
const BY_BYTE: [usize; 2] = [4, 32];

impl Workbook {
    /// Opens a workbook.
    ///
    /// # Errors
    /// If it cannot be read, is no workbook, is damaged or locked by a password.
    pub fn open(path: &Path) -> Result<Self, Fault> {
        let FileBytes { bytes, sha256 } = FileBytes::read(path)?;
        let here = || Location::whole(path);
        let no_workbook = |found: &str| {
            Fault::new(here(), format!("is not a workbook: {found}"))
                .help("save it from the spreadsheet program as .xlsx")
        };
        let length = bytes.len();
        let mut kept: Arc<[u8]> = Arc::default();
        let decoded = if bytes.starts_with(OLE) {
            let sound = guard::sizes(bytes).map_err(|why| damaged(here(), &why))?;
            guarded(|| {
                Xls::new(Cursor::new(sound.into()))
                    .map(|b| Source::Xls(b.into()))
                    .map_err(|e| e.to_string())
            })
        } else if bytes.starts_with(ZIP) {
            // Which of the two it is stands inside the archive, not in the file's name.
            let binary = bytes.windows(15).any(|name| name == b"xl/workbook.bin");
            kept = bytes.into();
            let bytes = Cursor::new(kept.clone());
            guarded(|| {
                archive::sizes(&kept)?;
                if binary {
                    Xlsb::new(bytes).map(|b| Source::Xlsb(b.into())).map_err(|e| e.to_string())
                } else {
                    Xlsx::new(bytes).map(|b| Source::Xlsx(b.into())).map_err(|e| e.to_string())
                }
            })
        } else if bytes.is_empty() {
            return Err(no_workbook("the file is empty"));
        } else {
            return Err(no_workbook("its first bytes are not those of one"));
        };
        let source = decoded.map_err(|why| damaged(here(), &why))?;
        let sheets = names(&source);
        if sheets.is_empty() {
            return Err(no_workbook("it has no sheet of cells"));
        }
        Ok(Workbook { path: path.to_path_buf(), sha256, sheets, source, archive: kept, length })
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Path and hash, for results.
    pub fn record(&self) -> InputFile {
        InputFile { path: self.path.clone(), sha256: self.sha256.clone() }
    }

    /// Its sheets of cells, in order.
    pub fn sheets(&self) -> &[SheetName] {
        &self.sheets
    }

    /// Names of the sheets that are not hidden.
    pub fn visible(&self) -> Vec<String> {
        self.sheets.iter().filter(|sheet| !sheet.hidden).map(|sheet| sheet.name.clone()).collect()
    }

    /// Position of a sheet by its name; case and blanks around it do not matter.
    pub fn position(&self, name: &str) -> Option<usize> {
        self.sheets
            .iter()
            .position(|sheet| sheet.name == name)
            .or_else(|| self.sheets.iter().position(|s| comparable(&s.name) == comparable(name)))
    }

    /// The cells of a sheet.
    ///
    /// # Errors
    /// If there is no such sheet (the fault lists those there are), or it cannot be decoded.
    pub fn sheet(&mut self, name: &str) -> Result<Sheet, Fault> {
        let Some(position) = self.position(name) else {
            return Err(self.no_sheet(name));
        };
        let name = self.sheets[position].name.clone();
        let here =
            || Location::Cell { file: self.path.clone(), sheet: name.clone(), cell: String::new() };
        let source = &mut self.source;
        let (archive, room) = (&self.archive, Cells::room(self.length));
        let mut cells = guarded(|| read_cells(source, &name, archive, room))
            .map_err(|why| damaged(here(), &why))?;
        let areas = guarded(|| merged(source, &name)).map_err(|why| damaged(here(), &why))?;
        cells.sheet(&self.path, &name, areas)
    }

    /// The only sheet that is not hidden.
    ///
    /// # Errors
    /// If there are several (the fault lists them), or it cannot be decoded.
    pub fn only_sheet(&mut self) -> Result<Sheet, Fault> {
        let visible = self.visible();
        match visible.as_slice() {
            [one] => self.sheet(one),
            _ => Err(self.choose(&visible)),
        }
    }

    /// A fault that asks for one of several sheets.
    pub fn choose(&self, sheets: &[String]) -> Fault {
        let file = self.path.display();
        let first = sheets.first().map_or("SHEET", String::as_str);
        Fault::new(Location::whole(&self.path), format!("{} sheets could be meant", sheets.len()))
            .help(format!("name one of {}: {file}#{first}", quoted(sheets)))
    }

    /// What to say of hidden sheets where none of the others is what was looked for.
    pub fn hidden_help(&self) -> Option<String> {
        let hidden: Vec<String> =
            self.sheets.iter().filter(|s| s.hidden).map(|s| s.name.clone()).collect();
        let first = hidden.first()?;
        let file = self.path.display();
        Some(format!("hidden sheets are read only by name, such as {file}#{first}"))
    }

    fn no_sheet(&self, name: &str) -> Fault {
        let names: Vec<String> = self.sheets.iter().map(|sheet| sheet.name.clone()).collect();
        let near = suggestion(name, names.iter().map(String::as_str));
        let fault =
            Fault::new(Location::whole(&self.path), format!("the workbook has no sheet {name:?}"));
        fault.help(match near {
            Some(near) => format!("did you mean {near:?}? Its sheets are {}", quoted(&names)),
            None => format!("its sheets are {}", quoted(&names)),
        })
    }
}

/// Names of sheets that a message lists at most.
pub(super) const MOST_NAMES: usize = 40;

fn quoted(names: &[String]) -> String {
    let mut shown: Vec<String> =
        names.iter().take(MOST_NAMES).map(|name| format!("{name:?}")).collect();
    if names.len() > MOST_NAMES {
        shown.push("...".to_owned());
    }
    shown.join(", ")
}

const TOO_MANY: &str = "it has more cells than a file of its size can have";
const DAMAGED: &str = "open it in a spreadsheet program and save it again as .xlsx";

fn damaged(at: Location, why: &str) -> Fault {
    if why.to_lowercase().contains("password") {
        return Fault::new(at, "the workbook is locked by a password")
            .help("save a copy without password");
    }
    Fault::new(at, format!("the workbook is damaged: {why}")).help(DAMAGED)
}

thread_local! {
    /// Whether a panic of this thread is expected and becomes a fault.
    static QUIET: Cell<bool> = const { Cell::new(false) };
}

/// Runs a decoder. It checks most of what it reads, but a damaged file can still make it panic
/// (offsets and lengths of old .xls files are taken as they are), and no input may do that to a user.
pub(super) fn guarded<T>(decode: impl FnOnce() -> Result<T, String>) -> Result<T, String> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            if !QUIET.get() {
                before(panic);
            }
        }));
    });
    QUIET.set(true);
    let result = catch_unwind(AssertUnwindSafe(decode));
    QUIET.set(false);
    result.unwrap_or_else(|_| Err("a part of it is not where the file says it is".to_owned()))
}

fn names(source: &Source) -> Vec<SheetName> {
    let metadata = match source {
        Source::Xls(book) => book.sheets_metadata(),
        Source::Xlsx(book) => book.sheets_metadata(),
        Source::Xlsb(book) => book.sheets_metadata(),
    };
    metadata
        .iter()
        .filter(|sheet| sheet.typ == SheetType::WorkSheet)
        .map(|sheet| SheetName {
            name: sheet.name.clone(),
            hidden: sheet.visible != SheetVisible::Visible,
        })
        .collect()
}

fn merged(source: &mut Source, name: &str) -> Result<Vec<Area>, String> {
    let areas = match source {
        Source::Xls(book) => book.merge_cells_by_sheet_name(name).map_err(|e| e.to_string())?,
        Source::Xlsx(book) => book.merge_cells_by_sheet_name(name).map_err(|e| e.to_string())?,
        // The decoder does not tell them for this format.
        Source::Xlsb(_) => Vec::new(),
    };
    let place = |(row, column): (u32, u32)| (row as usize, column as usize);
    Ok(areas.iter().map(|area| Area { first: place(area.start), last: place(area.end) }).collect())
}

/// Cells in the order of the file, each with its stretch of the text.
struct Cells {
    /// Most cells, and most bytes of text.
    room: [usize; 2],
    text: String,
    cells: Vec<((u32, u32), (usize, usize))>,
}

impl Cells {
    fn of(room: [usize; 2]) -> Self {
        Cells { room, text: String::new(), cells: Vec::new() }
    }

    /// What a file of a length has room for.
    fn room(length: usize) -> [usize; 2] {
        let most = [MOST_CELLS, MOST_TEXT];
        std::array::from_fn(|at| (ANY[at] + length.saturating_mul(BY_BYTE[at])).min(most[at]))
    }

    fn push(&mut self, at: (u32, u32), value: &DataRef<'_>) -> Result<(), String> {
        let start = self.text.len();
        match value {
            DataRef::Empty => return Ok(()),
            DataRef::Int(number) => self.text.push_str(&number.to_string()),
            DataRef::Float(number) => push_number(&mut self.text, *number),
            DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
                self.text.push_str(text);
            }
            DataRef::SharedString(text) => self.text.push_str(text),
            DataRef::Bool(truth) => self.text.push_str(if *truth { "TRUE" } else { "FALSE" }),
            DataRef::DateTime(date) => self.text.push_str(&date_text(date)),
            DataRef::Error(error) => self.text.push_str(&error.to_string()),
        }
        if self.cells.len() >= self.room[0] || self.text.len() > self.room[1] {
            return Err(TOO_MANY.to_owned());
        }
        self.cells.push((at, (start, self.text.len())));
        Ok(())
    }

    /// The sheet, unless a cell stands far below the others, or its rows, filled up to their last cell, are more than
    /// a table can have, or more than a few scattered cells should ask for.
    fn sheet(&mut self, path: &Path, name: &str, areas: Vec<Area>) -> Result<Sheet, Fault> {
        // A file may give cells in any order and twice; the last one counts, as in the programs.
        self.cells.sort_by_key(|(at, _)| *at);
        self.cells.reverse();
        self.cells.dedup_by_key(|(at, _)| *at);
        self.cells.reverse();
        let most = (self.cells.len().saturating_mul(BY_CELL) + ANY_SPANNED).min(MOST_CELLS);
        let mut builder = SheetBuilder::new(path, name);
        let outside = |at: (u32, u32), text: String| {
            let cell = cell_name(at.0 as usize, at.1 as usize);
            let at = Location::Cell { file: path.to_path_buf(), sheet: name.to_owned(), cell };
            Fault::new(at, text).help("delete what stands far outside the table")
        };
        let (mut row, mut widest) = (0, 0);
        for group in self.cells.chunk_by(|a, b| a.0.0 == b.0.0) {
            let (_, width) = builder.size();
            let first = group[0].0;
            let last = group.last().map_or(0, |((_, column), _)| *column as usize);
            // What stands right of the table as well is left to its reader, who passes it over and says so.
            if row > 0 && first.0 - row > MOST_EMPTY && first.1 <= widest {
                let text =
                    format!("a cell far below the others, of which the last is in row {row}");
                return Err(outside(first, text));
            }
            if first.0 >= MOST_ROWS {
                let text = format!("a cell in a row beyond the {MOST_ROWS} that a sheet can have");
                return Err(outside(first, text));
            }
            if width + last >= most {
                let text = "is too large: cells are scattered over too many columns";
                return Err(outside((first.0, last as u32), text.to_owned()));
            }
            while row < group[0].0.0 {
                builder.row(std::iter::empty());
                row += 1;
            }
            let texts = group.iter().map(|((_, column), (start, end))| {
                (*column as usize, self.text.get(*start..*end).unwrap_or(""))
            });
            builder.row(texts);
            row += 1;
            widest = widest.max(last as u32);
        }
        Ok(builder.finish(areas))
    }
}

fn push_number(text: &mut String, number: f64) {
    // Whole numbers without a point: codes are whole numbers too.
    if number.fract() == 0.0 && number.abs() < 1e15 && !(number == 0.0 && number.is_sign_negative())
    {
        text.push_str(&(number as i64).to_string());
    } else {
        text.push_str(zmij::Buffer::new().format(number));
    }
}

fn date_text(date: &ExcelDateTime) -> String {
    let (year, month, day, hour, minute, second, _) = date.to_ymd_hms_milli();
    format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}")
}

fn borrowed(value: &Data) -> DataRef<'_> {
    match value {
        Data::Int(number) => DataRef::Int(*number),
        Data::Float(number) => DataRef::Float(*number),
        Data::String(text) => DataRef::SharedString(text),
        Data::Bool(truth) => DataRef::Bool(*truth),
        Data::DateTime(date) => DataRef::DateTime(*date),
        Data::DateTimeIso(text) | Data::DurationIso(text) => DataRef::SharedString(text),
        Data::Error(error) => DataRef::Error(error.clone()),
        Data::Empty => DataRef::Empty,
    }
}

/// Puts formulas into cells without a value: their file was written by a program that does not calculate,
/// and an empty cell would count as nothing.
fn formulas(
    book: &mut Xlsx<Bytes>,
    name: &str,
    blank: &HashSet<(u32, u32)>,
    cells: &mut Cells,
) -> Result<(), String> {
    let mut reader = book.worksheet_cells_reader(name).map_err(|error| error.to_string())?;
    while let Some(cell) = reader.next_formula().map_err(|error| error.to_string())? {
        if !cell.get_value().is_empty() && blank.contains(&cell.get_position()) {
            let text = format!("={}", cell.get_value());
            cells.push(cell.get_position(), &DataRef::String(text))?;
        }
    }
    Ok(())
}

fn read_cells(
    source: &mut Source,
    name: &str,
    archive: &[u8],
    room: [usize; 2],
) -> Result<Cells, String> {
    let mut cells = Cells::of(room);
    match source {
        Source::Xls(book) => {
            let range = book.worksheet_range(name).map_err(|error| error.to_string())?;
            let (row, column) = range.start().unwrap_or((0, 0));
            for (r, c, value) in range.used_cells() {
                cells.push((row + r as u32, column + c as u32), &borrowed(value))?;
            }
        }
        Source::Xlsx(book) => {
            let mut reader =
                book.worksheet_cells_reader(name).map_err(|error| error.to_string())?;
            let mut blank = HashSet::new();
            while let Some(cell) = reader.next_cell().map_err(|error| error.to_string())? {
                if matches!(cell.get_value(), DataRef::Empty) {
                    if blank.len() >= room[0] {
                        return Err(TOO_MANY.to_owned());
                    }
                    blank.insert(cell.get_position());
                }
                cells.push(cell.get_position(), cell.get_value())?;
            }
            drop(reader);
            if !blank.is_empty() {
                archive::formulas(archive)?;
                formulas(book, name, &blank, &mut cells)?;
            }
        }
        Source::Xlsb(book) => {
            let mut reader =
                book.worksheet_cells_reader(name).map_err(|error| error.to_string())?;
            while let Some(cell) = reader.next_cell().map_err(|error| error.to_string())? {
                cells.push(cell.get_position(), cell.get_value())?;
            }
        }
    }
    Ok(cells)
}

/// Reads a file of cells: a CSV, or a sheet of a workbook (`FILE.xlsx#SHEET`, or its only sheet).
///
/// # Errors
/// If it cannot be read, or is a workbook with several sheets and none is named.
pub fn read_sheet(path: &Path) -> Result<(Sheet, InputFile), Fault> {
    let reference = Reference::of(path);
    if reference.sheet.is_none() && !is_workbook(&reference.file) {
        let file = TextFile::read(path)?;
        return Ok((Sheet::of(&file)?, file.record()));
    }
    let mut book = Workbook::open(&reference.file)?;
    let sheet = match &reference.sheet {
        Some(name) => book.sheet(name)?,
        None => book.only_sheet()?,
    };
    Ok((sheet, book.record()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_back_as_the_same_bits() {
        for number in [0.0, -0.0, 10.0, -4.656612873077393e-10, 936147.7899999998, 1e300, 0.1, 1e15]
        {
            let mut text = String::new();
            push_number(&mut text, number);
            assert_eq!(text.parse::<f64>().unwrap().to_bits(), number.to_bits(), "{text}");
        }
        let mut text = String::new();
        push_number(&mut text, 10.0);
        assert_eq!(text, "10");
    }

    #[test]
    fn a_sheet_is_named_behind_the_file() {
        let of = |text: &str| Reference::of(Path::new(text));
        assert_eq!(of("a.xls#2007-17").sheet.as_deref(), Some("2007-17"));
        assert_eq!(of("a#b/c.csv").sheet, None);
        assert_eq!(of("a.xlsx").sheet, None);
    }

    #[test]
    fn cells_come_in_any_order_and_the_last_one_counts() {
        let mut cells = Cells::of([MOST_CELLS, MOST_TEXT]);
        for (at, number) in [((2, 1), 5.0), ((0, 3), 1.0), ((2, 1), 6.0)] {
            cells.push(at, &DataRef::Float(number)).unwrap();
        }
        let sheet = cells.sheet(Path::new("a.xlsx"), "S", Vec::new()).unwrap();
        assert_eq!((sheet.rows(), sheet.width(0), sheet.width(1), sheet.width(2)), (3, 4, 0, 2));
        assert_eq!((sheet.cell(0, 3), sheet.cell(0, 0), sheet.cell(2, 1)), ("1", "", "6"));
        assert_eq!(sheet.at(2, 1).to_string(), "a.xlsx: S!B3");
    }

    /// A sheet whose rows reach to the last column is refused before it is filled up.
    #[test]
    fn scattered_cells_ask_for_no_memory() {
        let mut cells = Cells::of([MOST_CELLS, MOST_TEXT]);
        for row in 0..5000 {
            cells.push((row, 16_383), &DataRef::Bool(true)).unwrap();
        }
        assert!(cells.sheet(Path::new("a.xlsx"), "S", Vec::new()).is_err());
        let mut far = Cells::of([MOST_CELLS, MOST_TEXT]);
        far.push((1 << 25, 0), &DataRef::Bool(true)).unwrap();
        assert!(far.sheet(Path::new("a.xlsb"), "S", Vec::new()).is_err());
    }
}
