//! Tables of provinces as the statistical offices publish them: one sheet each, all in one workbook or
//! in several workbooks of a folder, with the nation's own table among them or not.
//!
//! | part of a sheet | codes |
//! |---|---|
//! | sectors, in rows and columns | `01`, `02` ... (text or number) |
//! | domestic final demand | `FU101` rural, `FU102` urban, `FU103` government, `FU201` capital, `FU202` inventories |
//! | outflow | `FU301` abroad, `FU302` to other provinces, `OUT` both; `EX` in the national sheet |
//! | inflow | `FU303` from abroad, `FU304` from other provinces, `IN` both; `IM` in the national sheet |
//! | error and output | `ERR`, `GO` |
//! | value added, in rows | `VA001`–`VA004`, by the name beside the code where it is known |
//! | subtotals | `TIU`, `THC`, `TC`, `GCF`, `TFU`; `TII`, `TVA`, `TI` |
//!
//! Everything is found by its code, never by its position. Subtotals are not read as lines of the table
//! but must be the sum of theirs. A subtotal, row or column that is open by more than
//! [`Options::tolerance`] is a fault (numbers stand in the wrong place), by less a note. An empty cell
//! counts as zero where its row adds up without it, which is told, and is a fault elsewhere. A column
//! without a code is skipped and told.

mod layout;
mod reading;

use std::path::{Path, PathBuf};

use super::sheet::Sheet;
use super::sums::short;
use super::title;
use super::workbook::{Reference, Workbook, is_workbook};
use crate::china::{self, Province};
use crate::fault::{Fault, Faults, Location, Note, NoteCode};
use crate::labels::{Axis, Label, suggestion};
use crate::table::regional::{RegionalTable, RegionalTables};
use crate::table::{Category, InputFile, Meta, Role};
use crate::text::count;
use crate::units::Unit;
use layout::Layout;
use reading::OneSheet;

/// What the sheets do not say, or what is to count before it.
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    /// Name of the tables [default: that of the file].
    pub name: Option<String>,
    /// Year [default: the one in the titles of the sheets, else in their names or the file's].
    pub year: Option<i32>,
    /// Unit of money [default: the one stated above the numbers].
    pub unit: Option<Unit>,
    /// Largest gap of a row, column or subtotal, as a share of its size.
    pub tolerance: f64,
}

impl Default for Options {
    fn default() -> Self {
        Options { name: None, year: None, unit: None, tolerance: 0.01 }
    }
}

/// Categories of domestic final demand.
pub fn categories() -> Vec<Category> {
    let role = |code: &str| match code {
        "capital_formation" => Role::Investment,
        "inventories" => Role::Inventory,
        _ => Role::Consumption,
    };
    china::DEMAND
        .iter()
        .map(|(_, code, en, zh)| Category { label: Label::new(*code, *en, *zh), role: role(code) })
        .collect()
}

/// Whether a sheet looks like one of this layout.
pub(super) fn fits(sheet: &Sheet) -> bool {
    Layout::find(sheet).is_some() && !super::ceads::fits(sheet)
}

/// Whether a path holds tables of single regions: a workbook with a sheet of this layout, or a folder
/// of workbooks that is no table of its own.
pub fn is_here(path: &Path) -> bool {
    let reference = Reference::of(path);
    if reference.file.is_dir() {
        return !reference.file.join("table.toml").exists() && workbooks(&reference.file).is_ok();
    }
    if !is_workbook(&reference.file) {
        return false;
    }
    let Ok(mut book) = Workbook::open(&reference.file) else { return false };
    let names = reference.sheet.map_or_else(|| book.visible(), |name| vec![name]);
    // Inter-provincial tables are large, and known by the names of their sheets.
    let large = |name: &String| name.trim().to_lowercase().starts_with("table");
    !names.iter().any(large)
        && names.iter().any(|name| book.sheet(name).is_ok_and(|sheet| fits(&sheet)))
}

/// Reads the tables of a workbook (`FILE.xls`, or one sheet of it, `FILE.xls#SHEET`), or of all
/// workbooks of a folder.
///
/// # Errors
/// Everything wrong with the sheets, each with its cell.
pub fn read(path: &Path, options: &Options) -> Result<RegionalTables, Faults> {
    let (sheets, inputs) = gather(path)?;
    let mut faults = Faults::default();
    let mut found = Found { notes: Vec::new(), tables: Vec::new() };
    let mut kept: Vec<(&Sheet, OneSheet)> = Vec::new();
    for sheet in &sheets {
        let Some(layout) = Layout::find(sheet) else {
            found.skipped(sheet, &mut faults);
            continue;
        };
        if let Some(one) = faults.absorb(reading::read(sheet, layout, options.tolerance)) {
            kept.push((sheet, one));
        }
    }
    let sectors = same_sectors(&kept, &mut faults);
    let places: Vec<(&Sheet, usize)> = kept.iter().map(|(s, one)| (*s, one.place)).collect();
    for (sheet, mut one) in kept {
        found.notes.append(&mut one.notes);
        if let Some(province) = faults.keep(region(sheet, one.place)) {
            one.table.region = province.label();
            found.add(sheet, one.table, &mut faults);
        }
    }
    let year = faults.absorb(year(path, &places, options.year));
    found.notes.extend(other_year(&places, options.year));
    let unit = faults.absorb(unit(path, &places, options.unit.as_ref()));
    if places.is_empty() && faults.is_empty() {
        faults.push(no_table(path));
    }
    faults.into_result(())?;
    let (Some(sectors), Some(year), Some(unit)) = (sectors, year, unit) else {
        return Err(no_table(path).into());
    };
    let mut meta = Meta::new(options.name.clone().unwrap_or_else(|| stem(path)), year, unit);
    meta.inputs = inputs;
    Ok(found.into_tables(meta, sectors))
}

fn no_table(path: &Path) -> Fault {
    let text = "no sheet has a line and a column of codes such as 01, FU101, TIU, GO, VA001";
    Fault::new(Location::whole(path), text).help(
        "this reader takes sheets of single provinces as the statistical offices publish them",
    )
}

fn stem(path: &Path) -> String {
    let file = Reference::of(path).file;
    file.file_stem().map_or_else(|| "tables".to_owned(), |name| name.to_string_lossy().into_owned())
}

/// Every visible sheet of the workbooks, or the one that is named.
fn gather(path: &Path) -> Result<(Vec<Sheet>, Vec<InputFile>), Faults> {
    let reference = Reference::of(path);
    let files =
        if reference.file.is_dir() { workbooks(&reference.file)? } else { vec![reference.file] };
    let (mut faults, mut sheets, mut inputs) = (Faults::default(), Vec::new(), Vec::new());
    for file in files {
        let Some(mut book) = faults.keep(Workbook::open(&file)) else { continue };
        inputs.push(book.record());
        let names = match &reference.sheet {
            Some(name) => vec![name.clone()],
            None => book.visible(),
        };
        sheets.extend(names.iter().filter_map(|name| faults.keep(book.sheet(name))));
    }
    faults.into_result((sheets, inputs))
}

fn workbooks(folder: &Path) -> Result<Vec<PathBuf>, Fault> {
    let listed = std::fs::read_dir(folder)
        .map_err(|error| Fault::new(Location::whole(folder), format!("cannot be read: {error}")))?;
    // Spreadsheet programs leave files that begin with ~$ beside those that are open.
    let open =
        |path: &Path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("~$"));
    let mut files: Vec<PathBuf> = listed
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| is_workbook(path) && !open(path))
        .collect();
    files.sort();
    if files.is_empty() {
        let fault = Fault::new(Location::whole(folder), "the folder has no workbook");
        return Err(fault.help("put one workbook for each province into it (.xls or .xlsx)"));
    }
    Ok(files)
}

/// The sectors that most sheets have; every other sheet is told where it differs.
fn same_sectors(kept: &[(&Sheet, OneSheet)], faults: &mut Faults) -> Option<Axis> {
    let alike = |a: &Axis, b: &Axis| {
        let mut pairs = a.labels().iter().zip(b.labels());
        a.len() == b.len() && pairs.all(|(a, b)| a.code == b.code && same_name(a, b))
    };
    let count = |one: &OneSheet| kept.iter().filter(|k| alike(&k.1.sectors, &one.sectors)).count();
    // Of equals the first.
    let (of, usual) = kept.iter().rev().max_by_key(|(_, one)| count(one))?;
    for (sheet, one) in kept.iter().filter(|(_, one)| !alike(&one.sectors, &usual.sectors)) {
        differences((sheet, one), (of, usual), faults);
    }
    Some(usual.sectors.clone())
}

/// Where the sectors of a sheet differ from those of most: every name, or the first other code.
fn differences(
    (sheet, one): (&Sheet, &OneSheet),
    (of, usual): (&Sheet, &OneSheet),
    faults: &mut Faults,
) {
    let help = "all sheets must have the same sectors";
    let (own, known) = (one.sectors.labels(), usual.sectors.labels());
    let shifted = own.iter().zip(known).position(|(a, b)| a.code != b.code);
    for at in 0..shifted.map_or(own.len().min(known.len()), |first| first + 1) {
        let (a, b) = (&own[at], &known[at]);
        if a.code == b.code && same_name(a, b) {
            continue;
        }
        let (row, column) = one.names[at];
        let there = short(&of.at(usual.names[at].0, usual.names[at].1));
        let text = format!("sector {} {} is {} {} in {there}", a.code, a.name(), b.code, b.name());
        faults.push(Fault::new(sheet.at(row, column), text).help(help));
    }
    if shifted.is_none() && own.len() != known.len() {
        let (own, known) = (own.len(), known.len());
        let text = format!("the sheet has {own} sectors, sheet {:?} has {known}", name(of));
        faults.push(Fault::new(sheet.whole(), text).help(help));
    }
}

fn same_name(a: &Label, b: &Label) -> bool {
    let differ = |x: &str, y: &str| {
        !x.is_empty()
            && !y.is_empty()
            && crate::labels::comparable(x) != crate::labels::comparable(y)
    };
    !differ(&a.zh, &b.zh) && !differ(&a.en, &b.en)
}

fn name(sheet: &Sheet) -> &str {
    sheet.name().unwrap_or("")
}

/// Texts above the codes of a sheet, in order.
fn titles(sheet: &Sheet, above: usize) -> impl Iterator<Item = (usize, usize, &str)> {
    (0..above.min(sheet.rows()))
        .flat_map(move |row| (0..sheet.width(row)).map(move |c| (row, c, sheet.cell(row, c))))
        .filter(|(_, _, text)| !text.is_empty())
}

/// A sheet's own name without the number that sheets are sorted by.
fn bare_name(sheet: &Sheet) -> &str {
    name(sheet)
        .trim()
        .trim_start_matches(|c: char| c.is_ascii_digit() || "_-. ".contains(c))
        .trim_end()
}

/// The province by the sheet's name and by its title, which must not contradict each other.
fn region(sheet: &Sheet, code_row: usize) -> Result<&'static Province, Fault> {
    let by_name = china::province_named(bare_name(sheet));
    let titled = titles(sheet, code_row)
        .find_map(|(row, column, text)| Some((row, column, china::province_in_title(text)?)));
    match (by_name, titled) {
        (Some(named), Some((row, column, titled))) if named != titled => {
            let text =
                format!("the title is that of {}, the sheet is named {:?}", titled.en, name(sheet));
            Err(Fault::new(sheet.at(row, column), text)
                .help("mend whichever is wrong: a table under another name goes unnoticed"))
        }
        (Some(found), _) | (None, Some((_, _, found))) => Ok(found),
        (None, None) => {
            let text = format!("no province is known for the sheet {:?}", name(sheet));
            let help = match suggestion(bare_name(sheet), china::province_names()) {
                Some(near) => format!("did you mean {near:?}?"),
                None => "name the sheet after the province, such as 03Hebei or 河北".to_owned(),
            };
            Err(Fault::new(sheet.whole(), text).help(help))
        }
    }
}

/// The year all sheets are of.
fn year(path: &Path, sheets: &[(&Sheet, usize)], told: Option<i32>) -> Result<i32, Faults> {
    if let Some(year) = told {
        return Ok(year);
    }
    let mut faults = Faults::default();
    let mut first: Option<(i32, &str)> = None;
    let file = Reference::of(path).file;
    let file = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    for (sheet, code_row) in sheets {
        let titled = titles(sheet, *code_row).find_map(|(_, _, text)| title::year_in(text));
        let year = titled.or_else(|| title::year_in(name(sheet))).or_else(|| title::year_in(&file));
        match (year, first) {
            (Some(year), None) => first = Some((year, name(sheet))),
            (Some(year), Some((other, of))) if year != other => faults.push(
                Fault::new(sheet.whole(), format!("is of {year}, sheet {of:?} of {other}"))
                    .help("read tables of one year at a time"),
            ),
            (None, _) => faults
                .push(Fault::new(sheet.whole(), "no year is known for this sheet").help(
                "write it into the title, such as 河北2007年投入产出表, or into the file's name",
            )),
            _ => {}
        }
    }
    faults.into_result(first.map_or(0, |(year, _)| year))
}

/// A note where sheets say another year than the one that was told.
fn other_year(sheets: &[(&Sheet, usize)], told: Option<i32>) -> Option<Note> {
    let told = told?;
    let stated = |(sheet, code_row): &(&Sheet, usize)| {
        let titled = titles(sheet, *code_row)
            .find_map(|(row, column, text)| Some((title::year_in(text)?, sheet.at(row, column))));
        titled.or_else(|| Some((title::year_in(name(sheet))?, sheet.whole())))
    };
    let others: Vec<(i32, Location)> =
        sheets.iter().filter_map(stated).filter(|(year, _)| *year != told).collect();
    let (year, at) = others.first()?;
    let more = match others.iter().filter(|(other, _)| other == year).count() - 1 {
        0 => "says".to_owned(),
        more => format!("and {} say", count(more, "further sheet")),
    };
    let text = format!("the year is told to be {told}, but {} {more} {year}", short(at));
    Some(Note::new(NoteCode::SourceRule, text))
}

/// The unit all sheets are in.
fn unit(path: &Path, sheets: &[(&Sheet, usize)], told: Option<&Unit>) -> Result<Unit, Faults> {
    if let Some(unit) = told {
        return Ok(unit.clone());
    }
    let mut faults = Faults::default();
    let mut first: Option<(Unit, &str)> = None;
    for (sheet, code_row) in sheets {
        match faults.keep(title::unit_in(sheet, *code_row)) {
            Some(Some((unit, at))) => match &first {
                Some((known, of)) if known.factor_to(&unit) != Some(1.0) => faults.push(
                    Fault::new(at, format!("the unit is {unit}, in sheet {of:?} it is {known}"))
                        .help("bring all sheets to one unit"),
                ),
                Some(_) => {}
                None => first = Some((unit, name(sheet))),
            },
            Some(None) => faults.push(
                Fault::new(sheet.whole(), "no unit is stated above the numbers")
                    .help("write it into a cell above the codes: 单位：万元"),
            ),
            None => {}
        }
    }
    match first {
        Some((unit, _)) => faults.into_result(unit),
        None if faults.is_empty() => Err(no_table(path).into()),
        None => Err(faults),
    }
}

/// Tables found so far, with the names of their sheets.
struct Found {
    notes: Vec<Note>,
    tables: Vec<RegionalTable>,
}

impl Found {
    /// A sheet of another layout: a fault if it is named after a province, else told.
    fn skipped(&mut self, sheet: &Sheet, faults: &mut Faults) {
        if let Some(province) = china::province_named(bare_name(sheet)) {
            let text = format!(
                "the sheet is named after {}, but has no line and column of codes such as 01, FU101, TIU, GO, VA001",
                province.en
            );
            let help =
                "the line of codes stands above the numbers, the column of codes beside them";
            faults.push(Fault::new(sheet.whole(), text).help(help));
        } else {
            let text = format!("sheet {:?} is not a table and is skipped", name(sheet));
            self.notes.push(Note::new(NoteCode::SourceRule, text));
        }
    }

    fn add(&mut self, sheet: &Sheet, table: RegionalTable, faults: &mut Faults) {
        if let Some(other) = self.tables.iter().find(|other| other.region == table.region) {
            let text =
                format!("{} stands here and in sheet {:?}", table.region.name(), other.sheet);
            faults.push(Fault::new(sheet.whole(), text).help("one sheet for each province"));
        } else {
            self.tables.push(table);
        }
    }

    fn into_tables(self, mut meta: Meta, sectors: Axis) -> RegionalTables {
        let nation = |table: &RegionalTable| table.region.code == china::NATION.code;
        let (mut nations, regions): (Vec<_>, Vec<_>) = self.tables.into_iter().partition(nation);
        meta.notes = self.notes;
        let absent: Vec<&str> = china::PROVINCES
            .iter()
            .filter(|one| !regions.iter().any(|table| table.region.code == one.code))
            .map(|one| one.en)
            .collect();
        if !absent.is_empty() && regions.len() > 20 {
            let text = format!("there is no table of {}", absent.join(", "));
            meta.notes.push(Note::new(NoteCode::SourceRule, text));
        }
        RegionalTables {
            meta,
            sectors,
            categories: categories(),
            value_added: china::VALUE_ADDED
                .iter()
                .map(|(_, code, en, zh)| Label::new(*code, *en, *zh))
                .collect(),
            regions,
            national: nations.pop(),
        }
    }
}

/// Rows of value added in our order: by their names where all are known, else by their codes.
pub(super) fn value_added_rows(
    sheet: &Sheet,
    code_column: usize,
    rows: Vec<usize>,
    faults: &mut Faults,
) -> Option<Vec<usize>> {
    let named: Vec<Option<usize>> = rows
        .iter()
        .map(|&row| {
            let mut texts = (0..code_column).map(|column| sheet.cell(row, column));
            texts.find_map(china::value_added_named)
        })
        .collect();
    let Some(named) = named.into_iter().collect::<Option<Vec<usize>>>() else { return Some(rows) };
    let mut places = vec![None; rows.len()];
    for (&row, at) in rows.iter().zip(named) {
        if places[at].replace(row).is_some() {
            let text = format!("{} stands twice", china::VALUE_ADDED[at].2);
            faults.push(Fault::new(sheet.at(row, code_column), text));
        }
    }
    places.into_iter().collect()
}
