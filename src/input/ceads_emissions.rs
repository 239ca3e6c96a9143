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
use crate::china;
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

/// Reads every province of a workbook into an extension.
pub(super) fn read(
    book: &mut Workbook,
    fuels: &[Located<String>],
    mut sum: Sum<'_>,
) -> Result<(Extension, Vec<Note>), Faults> {
    let (mut widest, mut provinces): (Option<(f64, String)>, usize) = (None, 0);
    for name in book.visible() {
        if china::province_named(&name).is_none() {
            continue;
        }
        let sheet = book.sheet(&name);
        let Some(sheet) = sum.keep(sheet) else { continue };
        provinces += 1;
        let Some(gap) = province(&sheet, &name, fuels, &mut sum) else { continue };
        if widest.as_ref().is_none_or(|(most, _)| gap > *most) {
            widest = Some((gap, name));
        }
    }
    if provinces == 0 {
        let fault = Fault::new(Location::whole(book.path()), "no sheet is named after a province");
        sum.keep::<()>(Err(
            fault.help("a workbook of CEADs has one for each: Beijing, Tianjin ...")
        ));
    }
    let file =
        book.path().file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
    let (extension, mut notes) = sum.finish(&file)?;
    if let Some((gap, name)) = widest.filter(|(gap, _)| *gap > 1e-9) {
        let text = format!(
            "{}: sectors and households miss the total of the sheet by up to {gap:.1} Mt ({name}), because {file} is rounded to 0.1",
            extension.label.code
        );
        notes.push(Note::new(NoteCode::SourceRule, text));
    }
    Ok((extension, notes))
}

/// Adds the rows of a sheet; how far they miss its total.
fn province(
    sheet: &Sheet,
    name: &str,
    fuels: &[Located<String>],
    sum: &mut Sum<'_>,
) -> Option<f64> {
    let columns = columns(sheet, fuels, sum)?;
    let total = (1..sheet.rows()).find(|&row| comparable(sheet.cell(row, 0)) == TOTAL_ROW);
    let Some(total) = total else {
        let fault = Fault::new(sheet.upright(0), "no row \"Total Consumption\"");
        sum.keep::<()>(Err(fault.help("the sheet of a province has it above its sectors")));
        return None;
    };
    unit(sheet, total, columns[0], sum);
    let amount = |row: usize| -> Result<f64, Fault> {
        columns.iter().map(|&column| sheet.number(row, column)).sum()
    };
    // Some provinces of some years have a sheet without numbers; that there is nothing is told.
    let mut rows = total..sheet.rows();
    if rows.all(|row| columns.iter().all(|&column| sheet.cell(row, column).is_empty())) {
        return None;
    }
    let mut added = 0.0;
    for row in total + 1..sheet.rows() {
        let text = sheet.cell(row, 0);
        if text.is_empty() {
            continue;
        }
        sum.add((name, &|| sheet.whole()), (text, &|| sheet.at(row, 0)), || {
            let amount = amount(row)?;
            added += amount;
            Ok(amount)
        });
    }
    let stated = sum.keep(amount(total))?;
    let gap = (stated - added).abs();
    if gap > LARGEST_GAP {
        let text = format!("the total is {stated}, but the rows below it sum to {added:.1}");
        let fault = Fault::new(sheet.at(total, columns[0]), text);
        sum.keep::<()>(Err(fault.help("look for a sector that is missing, or stands twice")));
    }
    Some(gap)
}

/// Columns of the fuels that are asked for, else of their total.
fn columns(sheet: &Sheet, fuels: &[Located<String>], sum: &mut Sum<'_>) -> Option<Vec<usize>> {
    if fuels.is_empty() {
        let found = sheet.column(0, &[TOTAL_COLUMN]);
        if found.is_none() {
            let fault = Fault::new(sheet.line(0), "no column \"Total\"");
            sum.keep::<()>(Err(fault.help("the first line names the fuels, Process and Total")));
        }
        return found.map(|column| vec![column]);
    }
    let known: Vec<&str> =
        (1..sheet.width(0)).map(|column| sheet.cell(0, column)).filter(|t| !t.is_empty()).collect();
    let mut columns = Vec::new();
    for fuel in fuels {
        match sheet.column(0, &[&fuel.value]) {
            Some(column) => columns.push(column),
            None => {
                let near = suggestion(&fuel.value, known.iter().copied());
                let text = format!("{} has no column {:?}", sheet.whole(), fuel.value);
                let fault = Fault::new(fuel.at.clone(), text).help(match near {
                    Some(near) => format!("did you mean {near:?}?"),
                    None => format!("its columns are {}", known.join(", ")),
                });
                sum.keep::<()>(Err(fault));
            }
        }
    }
    (columns.len() == fuels.len()).then_some(columns)
}

/// The unit stated between the fuels and the numbers must be that of the extension.
fn unit(sheet: &Sheet, total: usize, column: usize, sum: &mut Sum<'_>) {
    let Some(row) = (1..total).find(|&row| !sheet.cell(row, column).is_empty()) else { return };
    let text = sheet.cell(row, column);
    let plain = text.replace("CO2", "").replace("of", "");
    let stated = plain.trim().parse::<Unit>();
    let same = stated.as_ref().is_ok_and(|unit| unit.factor_to(sum.unit()) == Some(1.0));
    if !same {
        let told = sum.unit().to_string();
        let text = format!("the unit is {text:?}, but the extension's unit is {told:?}");
        let fault = Fault::new(sheet.at(row, column), text);
        sum.keep::<()>(
            Err(fault.help("write the unit of the workbook into [[extension]]: \"Mt\"")),
        );
    }
}
