//! Emission inventories of CEADs: a workbook a year, a sheet a province, a row a sector.
//!
//! The first line names the fuels, `Process` and `Total`, the second their unit, then stand `Total
//! Consumption`, the sectors, `Urban` and `Rural`. Sheets that are no province (`Sum`) are skipped. Values are
//! rounded to 0.1 Mt in the source, so the sectors miss the total by up to about 0.7 Mt a province; a gap
//! above [`LARGEST_GAP`] is a fault, the largest one below it is told.

use super::document::Located;
use super::extension::Sum;
use super::sheet::Sheet;
use super::workbook::Workbook;
use crate::china::{self, Province};
use crate::fault::{Fault, Faults, Location, Note, NoteCode};
use crate::labels::{comparable, suggestion};
use crate::table::Extension;
use crate::units::Unit;

/// Rows that are households.
pub const HOUSEHOLDS: [&str; 2] = ["Urban", "Rural"];

/// Largest gap between the total of a sheet and its rows that can be rounding, in the source's Mt.
pub const LARGEST_GAP: f64 = 1.0;

const TOTAL_ROW: &str = "total consumption";
const TOTAL_COLUMN: &str = "Total";

/// Sheets that are named after a province.
fn sheets(book: &mut Workbook, faults: &mut Faults) -> Vec<(Sheet, &'static Province)> {
    let mut found = Vec::new();
    for name in book.visible() {
        if let Some(province) = china::province_named(&name)
            && let Some(sheet) = faults.keep(book.sheet(&name))
        {
            found.push((sheet, province));
        }
    }
    if found.is_empty() && faults.is_empty() {
        let fault = Fault::new(Location::whole(book.path()), "no sheet is named after a province");
        faults.push(fault.help("a workbook of CEADs has one for each: Beijing, Tianjin ..."));
    }
    found
}

/// A fuel that the first sheet does not have is told once, not for every province.
fn known_fuels(
    sheets: &[(Sheet, &'static Province)],
    fuels: &[Located<String>],
) -> Result<(), Faults> {
    match sheets.first().filter(|_| !fuels.is_empty()) {
        Some((first, _)) => columns(first, fuels).map(|_| ()),
        None => Ok(()),
    }
}

/// Reads every province of a workbook into an extension.
pub(super) fn read(
    book: &mut Workbook,
    fuels: &[Located<String>],
    mut sum: Sum<'_>,
) -> Result<(Extension, Vec<Note>), Faults> {
    let mut faults = Faults::default();
    let mut widest: Option<(f64, String)> = None;
    let sheets = sheets(book, &mut faults);
    known_fuels(&sheets, fuels)?;
    for (sheet, _) in sheets {
        let name = sheet.name().unwrap_or("").to_owned();
        let found = faults.absorb(rows(&sheet, fuels, sum.unit()));
        let Some(Some(Rows { rows, gap, .. })) = found else { continue };
        for (row, amount) in rows {
            let sector = (sheet.cell(row, 0), &(|| sheet.at(row, 0)) as &dyn Fn() -> Location);
            sum.add((&name, &|| sheet.whole()), sector, || Ok(amount));
        }
        if widest.as_ref().is_none_or(|(most, _)| gap > *most) {
            widest = Some((gap, name));
        }
    }
    let file =
        book.path().file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
    let read = faults.absorb(sum.finish(&file));
    let Some((extension, mut notes)) = read.filter(|_| faults.is_empty()) else {
        return Err(faults);
    };
    if let Some((gap, name)) = widest.filter(|(gap, _)| *gap > 1e-9) {
        let text = format!(
            "{}: sectors and households miss the total of the sheet by up to {gap:.1} Mt ({name}), because {file} is rounded to 0.1",
            extension.label.code
        );
        notes.push(Note::new(NoteCode::SourceRule, text));
    }
    Ok((extension, notes))
}

/// Numbers of a sheet.
struct Rows {
    /// Row of each sector with its emissions.
    rows: Vec<(usize, f64)>,
    /// How far they miss the total.
    gap: f64,
}

/// The numbers of a sheet; none where it has no numbers at all, as in some provinces of some years.
fn rows(sheet: &Sheet, fuels: &[Located<String>], unit: &Unit) -> Result<Option<Rows>, Faults> {
    let columns = columns(sheet, fuels)?;
    let total = (1..sheet.rows()).find(|&row| comparable(sheet.cell(row, 0)) == TOTAL_ROW);
    let Some(total) = total else {
        let fault = Fault::new(sheet.upright(0), "no row \"Total Consumption\"");
        return Err(fault.help("the sheet of a province has it above its sectors").into());
    };
    let empty = |row: usize| columns.iter().all(|&column| sheet.cell(row, column).is_empty());
    if (total..sheet.rows()).all(empty) {
        return Ok(None);
    }
    let mut faults = Faults::default();
    faults.keep(same_unit(sheet, total, columns[0], unit));
    let amount = |row: usize| -> Result<f64, Fault> {
        columns.iter().map(|&column| sheet.number(row, column)).sum()
    };
    let rows: Vec<(usize, f64)> = (total + 1..sheet.rows())
        .filter(|&row| !sheet.cell(row, 0).is_empty())
        .filter_map(|row| Some((row, faults.keep(amount(row))?)))
        .collect();
    let stated = faults.keep(amount(total)).unwrap_or(0.0);
    let added: f64 = rows.iter().map(|(_, amount)| amount).sum();
    let gap = (stated - added).abs();
    if gap > LARGEST_GAP && faults.is_empty() {
        let text = format!("the total is {stated}, but the rows below it sum to {added:.1}");
        let fault = Fault::new(sheet.at(total, columns[0]), text);
        faults.push(fault.help("look for a sector that is missing, or stands twice"));
    }
    faults.into_result(Some(Rows { rows, gap }))
}

/// Columns of the fuels that are asked for, else of their total.
fn columns(sheet: &Sheet, fuels: &[Located<String>]) -> Result<Vec<usize>, Faults> {
    if fuels.is_empty() {
        let found = sheet.column(0, &[TOTAL_COLUMN]).map(|column| vec![column]);
        return found.ok_or_else(|| {
            let fault = Fault::new(sheet.line(0), "no column \"Total\"");
            fault.help("the first line names the fuels, Process and Total").into()
        });
    }
    let known: Vec<&str> =
        (1..sheet.width(0)).map(|column| sheet.cell(0, column)).filter(|t| !t.is_empty()).collect();
    let mut faults = Faults::default();
    let find = |fuel: &Located<String>| {
        sheet.column(0, &[&fuel.value]).ok_or_else(|| {
            let text = format!("{} has no column {:?}", sheet.whole(), fuel.value);
            Fault::new(fuel.at.clone(), text).help(
                match suggestion(&fuel.value, known.iter().copied()) {
                    Some(near) => format!("did you mean {near:?}?"),
                    None => format!("its columns are {}", known.join(", ")),
                },
            )
        })
    };
    let columns = fuels.iter().filter_map(|fuel| faults.keep(find(fuel))).collect();
    faults.into_result(columns)
}

/// The unit stated between the fuels and the numbers must be that of the extension.
fn same_unit(sheet: &Sheet, total: usize, column: usize, unit: &Unit) -> Result<(), Fault> {
    let Some(row) = (1..total).find(|&row| !sheet.cell(row, column).is_empty()) else {
        return Ok(());
    };
    let text = sheet.cell(row, column);
    let stated = text.replace("CO2", "").replace("of", "").trim().parse::<Unit>();
    if stated.is_ok_and(|stated| stated.factor_to(unit) == Some(1.0)) {
        return Ok(());
    }
    let told = unit.to_string();
    let text = format!("the unit is {text:?}, but the extension's unit is {told:?}");
    Err(Fault::new(sheet.at(row, column), text)
        .help("write the unit of the workbook into [[extension]]: \"Mt\""))
}
