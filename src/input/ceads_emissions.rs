//! Emission inventories of CEADs: a workbook a year, a sheet a province, a row a sector.
//!
//! The first line names the fuels, `Process` and `Total`, the second their unit, then stand `Total
//! Consumption`, the sectors, `Urban` and `Rural`. A sheet of totals (`Sum`) is skipped; another that is
//! laid out like a province's but named after none is a fault. All provinces have the same rows, and every
//! cell of the fuels is a number or empty, whether it is read or not. Values are rounded to 0.1 Mt in the
//! source, so the sectors miss the total by up to about 0.7 Mt a province, and the fuels that of their row
//! by 0.3; a gap above [`LARGEST_GAP`] or [`LARGEST_GAP_OF_FUELS`] is a fault.

mod block;

use std::collections::HashMap;
use std::path::Path;

use super::document::Located;
use super::extension::Sum;
use super::sheet::Sheet;
use super::workbook::{Reference, Workbook, is_workbook};
use crate::china::{self, Province};
use crate::fault::{Fault, Faults, Location, Note, NoteCode};
use crate::labels::{comparable, suggestion};
use crate::table::Extension;
use crate::table::inventory::{Inventory, Province as Line};
use crate::units::Unit;
use block::{Block, columns, named_rows, total_row};

/// Rows that are households.
pub const HOUSEHOLDS: [&str; 2] = ["Urban", "Rural"];

/// Largest gap between the total of a sheet and its rows that can be rounding, in the source's Mt.
pub const LARGEST_GAP: f64 = 1.0;

/// Largest gap between the total of a row and its fuels that can be rounding, in the source's Mt.
pub const LARGEST_GAP_OF_FUELS: f64 = 0.5;

/// What sheets of sums over provinces are called, beside the names of the nation.
const TOTALS: [&str; 6] = ["sum", "total", "all", "nation", "合计", "总计"];

type Sheets = Vec<(Sheet, &'static Province)>;

/// Sheets that are named after a province.
fn sheets(book: &mut Workbook, faults: &mut Faults) -> Sheets {
    let mut found = Vec::new();
    for name in book.visible() {
        let province = china::province_named(&name);
        let nation = province.is_some_and(|province| province.code == china::NATION.code);
        if nation || TOTALS.contains(&comparable(&name).as_str()) {
            continue;
        }
        let Some(sheet) = faults.keep(book.sheet(&name)) else { continue };
        match province {
            Some(province) => found.push((sheet, province)),
            None if total_row(&sheet).is_some() => faults.push(no_province(&sheet, &name)),
            None => {}
        }
    }
    if found.is_empty() && faults.is_empty() {
        let fault = Fault::new(Location::whole(book.path()), "no sheet is named after a province");
        faults.push(fault.help("a workbook of CEADs has one for each: Beijing, Tianjin ..."));
    }
    found
}

/// A sheet that is laid out like a province's under another name would go missing without a word.
fn no_province(sheet: &Sheet, name: &str) -> Fault {
    let fault = Fault::new(sheet.whole(), format!("no province is known for the sheet {name:?}"));
    fault.help(match suggestion(name, china::province_names()) {
        Some(near) => format!("did you mean {near:?}?"),
        None => "name it after its province, such as Hebei, or Sum where it is one".to_owned(),
    })
}

/// Sheets of one workbook have the same rows: one that lacks a sector would miss its emissions.
fn same_rows(sheets: &Sheets, faults: &mut Faults) {
    let rows = |sheet: &Sheet| -> Vec<(String, usize)> {
        let total = total_row(sheet).unwrap_or(sheet.rows());
        named_rows(sheet, total).map(|row| (comparable(sheet.cell(row, 0)), row)).collect()
    };
    let all: Vec<(&Sheet, Vec<(String, usize)>)> = sheets
        .iter()
        .map(|(sheet, _)| (sheet, rows(sheet)))
        .filter(|(_, r)| !r.is_empty())
        .collect();
    let mut order: Vec<(&str, &str)> = Vec::new();
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for (sheet, rows) in &all {
        for (name, row) in rows {
            let count = counts.entry(name).or_default();
            *count += 1;
            if *count == 1 {
                order.push((name, sheet.cell(*row, 0)));
            }
        }
    }
    let usual = |name: &str| 2 * counts.get(name).copied().unwrap_or(0) > all.len();
    for (sheet, rows) in &all {
        let missing: Vec<String> = (order.iter())
            .filter(|(name, _)| usual(name) && !rows.iter().any(|(own, _)| own == name))
            .map(|(_, written)| format!("{written:?}"))
            .collect();
        if !missing.is_empty() {
            let text = format!("no row {}, which other sheets have", missing.join(", "));
            let help = "add the row, with zeros where there is nothing, or mend its name";
            faults.push(Fault::new(sheet.upright(0), text).help(help));
            continue;
        }
        for (name, row) in rows.iter().filter(|(name, _)| !usual(name)) {
            let (count, written) = (counts.get(name.as_str()).copied(), sheet.cell(*row, 0));
            let text = format!(
                "row {written:?} stands in {} of {} sheets only",
                count.unwrap_or(0),
                all.len()
            );
            let help = "all sheets of an inventory have the same rows";
            faults.push(Fault::new(sheet.at(*row, 0), text).help(help));
        }
    }
}

/// A fuel that the first sheet does not have is told once, not for every province.
fn known_fuels(sheets: &Sheets, fuels: &[Located<String>]) -> Result<(), Faults> {
    match sheets.first().filter(|_| !fuels.is_empty()) {
        Some((first, _)) => columns(first, fuels).map(|_| ()),
        None => Ok(()),
    }
}

/// Sheets with their numbers, once every fault of them is told; none for a province without any.
fn blocks(
    sheets: Sheets,
    fuels: &[Located<String>],
    unit: &Unit,
    faults: &mut Faults,
) -> Vec<(Sheet, &'static Province, Option<Block>)> {
    same_rows(&sheets, faults);
    let mut found = Vec::new();
    for (sheet, province) in sheets {
        if let Some(block) = faults.absorb(block::read(&sheet, fuels, unit)) {
            found.push((sheet, province, block));
        }
    }
    found
}

/// Reads every province of a workbook into an extension.
pub(super) fn read(
    book: &mut Workbook,
    fuels: &[Located<String>],
    mut sum: Sum<'_>,
) -> Result<(Extension, Vec<Note>), Faults> {
    let mut faults = Faults::default();
    let sheets = sheets(book, &mut faults);
    known_fuels(&sheets, fuels)?;
    let (mut widest, mut passed) = ((0.0, String::new()), Vec::new());
    for (sheet, _, block) in blocks(sheets, fuels, &sum.unit().clone(), &mut faults) {
        let Some(block) = block else { continue };
        let name = sheet.name().unwrap_or("").to_owned();
        for (row, amount) in &block.rows {
            let sector = (sheet.cell(*row, 0), &(|| sheet.at(*row, 0)) as &dyn Fn() -> Location);
            sum.add((&name, &|| sheet.whole()), sector, || Ok(*amount));
        }
        if block.gap() > widest.0 {
            widest = (block.gap(), name);
        }
        passed.extend(block.notes);
    }
    let file = file_name(book.path());
    let read = faults.absorb(sum.finish(&file, Location::whole(book.path())));
    let Some((extension, mut notes)) = read.filter(|_| faults.is_empty()) else {
        return Err(faults);
    };
    let code = &extension.label.code;
    notes.extend(passed.into_iter().map(|n| Note::new(n.code, format!("{code}: {}", n.message))));
    let (gap, name) = widest;
    if gap > 1e-9 {
        let text = format!(
            "{code}: sectors and households miss the total of the sheet by up to {gap:.1} Mt ({name}), because {file} is rounded to 0.1"
        );
        notes.push(Note::new(NoteCode::SourceRule, text));
    }
    Ok((extension, notes))
}

fn file_name(path: &Path) -> String {
    path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned())
}

/// Whether a sheet is laid out like one of an inventory.
pub(super) fn fits(sheet: &Sheet) -> bool {
    total_row(sheet).is_some() && columns(sheet, &[]).is_ok()
}

/// Whether a workbook is an inventory: a sheet that is named after a province is laid out like one.
pub(super) fn is_inventory(book: &mut Workbook) -> bool {
    let names = book.visible();
    let mut of_provinces = names.iter().filter(|name| china::province_named(name).is_some());
    of_provinces.any(|name| book.sheet(name).is_ok_and(|sheet| fits(&sheet)))
}

/// Whether a path is the workbook of an inventory.
pub fn is_here(path: &Path) -> bool {
    let reference = Reference::of(path);
    reference.sheet.is_none()
        && is_workbook(&reference.file)
        && Workbook::open(&reference.file).is_ok_and(|mut book| is_inventory(&mut book))
}

/// Totals of an inventory by province.
///
/// # Errors
/// Everything wrong with its sheets, each with its cell.
pub fn inventory(path: &Path) -> Result<Inventory, Faults> {
    let mut faults = Faults::default();
    let mut book = Workbook::open(path)?;
    let sheets = sheets(&mut book, &mut faults);
    let stated = sheets.iter().find_map(|(sheet, _)| block::stated_unit(sheet)?.0);
    let unit = stated.or_else(|| "Mt".parse().ok()).unwrap_or_else(Unit::none);
    let mut found = Inventory::new(file_name(path), unit.clone(), book.record());
    for (sheet, province, block) in blocks(sheets, &[], &unit, &mut faults) {
        let Some(block) = block else {
            let text = format!("{}: the sheet has no numbers", sheet.name().unwrap_or(""));
            found.notes.push(Note::new(NoteCode::SourceRule, text));
            continue;
        };
        let of = |households: bool| -> f64 {
            let is =
                |row: usize| HOUSEHOLDS.map(comparable).contains(&comparable(sheet.cell(row, 0)));
            block.rows.iter().filter(|(row, _)| is(*row) == households).map(|(_, v)| v).sum()
        };
        let (sectors, households) = (of(false), of(true));
        let line = Line { label: province.label(), stated: block.stated, sectors, households };
        found.provinces.push(line);
        found.notes.extend(block.notes);
    }
    faults.into_result(found)
}
