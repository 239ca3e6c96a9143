//! One sheet of an inventory: the block of fuels, with everything that can be wrong inside and beside it.

use super::super::document::Located;
use super::super::sheet::Sheet;
use super::super::sums::short;
use super::{LARGEST_GAP, LARGEST_GAP_OF_FUELS};
use crate::fault::{Fault, Faults, Note, NoteCode};
use crate::labels::{comparable, suggestion};
use crate::text::exact;
use crate::units::Unit;

const TOTAL_ROW: &str = "total consumption";
const TOTAL_COLUMN: &str = "Total";

/// Numbers of a sheet.
pub(super) struct Block {
    /// Row of each sector and kind of households with its emissions.
    pub(super) rows: Vec<(usize, f64)>,
    /// What the sheet states as their sum.
    pub(super) stated: f64,
    /// Numbers that are not read.
    pub(super) notes: Vec<Note>,
}

impl Block {
    /// How far the rows miss the total.
    pub(super) fn gap(&self) -> f64 {
        (self.stated - self.rows.iter().map(|(_, amount)| amount).sum::<f64>()).abs()
    }
}

/// The row of the totals.
pub(super) fn total_row(sheet: &Sheet) -> Option<usize> {
    (1..sheet.rows()).find(|&row| comparable(sheet.cell(row, 0)) == TOTAL_ROW)
}

/// Rows of sectors and households, below the total.
pub(super) fn named_rows(sheet: &Sheet, total: usize) -> impl Iterator<Item = usize> {
    (total + 1..sheet.rows()).filter(|&row| !sheet.cell(row, 0).is_empty())
}

/// The unit stated between the fuels and the numbers, with its cell.
pub(super) fn stated_unit(sheet: &Sheet) -> Option<(Option<Unit>, usize, usize)> {
    let (total, column) = (total_row(sheet)?, sheet.column(0, &[TOTAL_COLUMN])?);
    unit_above(sheet, total, column)
}

fn unit_above(sheet: &Sheet, total: usize, column: usize) -> Option<(Option<Unit>, usize, usize)> {
    let row = (1..total).find(|&row| !sheet.cell(row, column).is_empty())?;
    let text = sheet.cell(row, column).replace("CO2", "").replace("of", "");
    Some((text.trim().parse().ok(), row, column))
}

/// The numbers of a sheet; none where it has no numbers at all, as in some provinces of some years.
pub(super) fn read(
    sheet: &Sheet,
    fuels: &[Located<String>],
    unit: &Unit,
) -> Result<Option<Block>, Faults> {
    let columns = columns(sheet, fuels)?;
    let Some(total) = total_row(sheet) else {
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
    let rows =
        named_rows(sheet, total).filter_map(|row| Some((row, faults.keep(amount(row))?))).collect();
    let stated = faults.keep(amount(total)).unwrap_or(0.0);
    nameless(sheet, total, &columns, &mut faults);
    every_cell(sheet, total, &columns, &mut faults);
    if faults.is_empty() {
        fuels_add_up(sheet, total, &mut faults);
    }
    let block = Block { rows, stated, notes: beside(sheet, total) };
    if block.gap() > LARGEST_GAP && faults.is_empty() {
        let added = block.rows.iter().map(|(_, amount)| amount).sum::<f64>();
        let text = format!(
            "the total is {}, but the rows below it sum to {}",
            exact(stated),
            exact((10.0 * added).round() / 10.0)
        );
        let fault = Fault::new(sheet.at(total, columns[0]), text);
        faults.push(fault.help("look for a sector that is missing, or stands twice"));
    }
    faults.into_result(Some(block))
}

/// Columns with a header, up to the total.
fn headed(sheet: &Sheet) -> Vec<usize> {
    let last = sheet.column(0, &[TOTAL_COLUMN]).unwrap_or(sheet.width(0));
    (1..sheet.width(0))
        .filter(|&column| column <= last && !sheet.cell(0, column).is_empty())
        .collect()
}

/// Rows that have numbers but no name, and names that stand twice.
fn nameless(sheet: &Sheet, total: usize, columns: &[usize], faults: &mut Faults) {
    for row in total + 1..sheet.rows() {
        let name = comparable(sheet.cell(row, 0));
        if name.is_empty() {
            if columns.iter().any(|&column| !sheet.cell(row, column).is_empty()) {
                let fault = Fault::new(sheet.at(row, 0), "a row of numbers without a sector");
                faults.push(fault.help("write the sector's name into the first column"));
            }
            continue;
        }
        let before = named_rows(sheet, total)
            .find(|&first| first < row && comparable(sheet.cell(first, 0)) == name);
        if let Some(first) = before {
            let (name, first) = (sheet.cell(row, 0), short(&sheet.at(first, 0)));
            let text = format!("row {name:?} stands twice; the first is {first}");
            faults.push(Fault::new(sheet.at(row, 0), text).help("keep one of them"));
        }
    }
}

/// Cells that are not read must be numbers or empty all the same: anything else is a sign of damage.
fn every_cell(sheet: &Sheet, total: usize, read: &[usize], faults: &mut Faults) {
    let others: Vec<usize> =
        headed(sheet).into_iter().filter(|column| !read.contains(column)).collect();
    for row in total..sheet.rows() {
        for &column in &others {
            faults.keep(sheet.number_or_zero(row, column));
        }
    }
}

/// The fuels of each row must be its total, as far as numbers rounded to 0.1 can.
fn fuels_add_up(sheet: &Sheet, total: usize, faults: &mut Faults) {
    let Some(last) = sheet.column(0, &[TOTAL_COLUMN]) else { return };
    let fuels: Vec<usize> = headed(sheet).into_iter().filter(|column| *column < last).collect();
    for row in std::iter::once(total).chain(named_rows(sheet, total)) {
        let filled = fuels.iter().any(|&column| !sheet.cell(row, column).is_empty());
        let (true, Ok(stated)) = (filled, sheet.number(row, last)) else { continue };
        let added: f64 =
            fuels.iter().filter_map(|&column| sheet.number_or_zero(row, column).ok()).sum();
        if (stated - added).abs() > LARGEST_GAP_OF_FUELS {
            let text = format!(
                "the total is {}, but the fuels of its row sum to {}",
                exact(stated),
                exact((10.0 * added).round() / 10.0)
            );
            let fault = Fault::new(sheet.at(row, last), text);
            faults.push(fault.help("look for a number that was changed, or stands in another row"));
        }
    }
}

/// Numbers outside the block, such as far to the right: they are told.
fn beside(sheet: &Sheet, total: usize) -> Vec<Note> {
    let block = headed(sheet);
    let mut notes = Vec::new();
    for column in sheet.filled_columns(0).into_iter().filter(|column| !block.contains(column)) {
        let numbers: Vec<usize> =
            (total..sheet.rows()).filter(|&row| sheet.number(row, column).is_ok()).collect();
        let Some(&first) = numbers.first() else { continue };
        let at = short(&sheet.at(first, column));
        let more = match numbers.len() - 1 {
            0 => String::new(),
            more => format!(" and {more} below it"),
        };
        let text = format!("{at}: a number{more} outside the columns of fuels is passed over");
        notes.push(Note::new(NoteCode::SourceRule, text));
    }
    notes
}

/// Columns of the fuels that are asked for, else of their total.
pub(super) fn columns(sheet: &Sheet, fuels: &[Located<String>]) -> Result<Vec<usize>, Faults> {
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
    let Some((stated, row, column)) = unit_above(sheet, total, column) else { return Ok(()) };
    if stated.is_some_and(|stated| stated.factor_to(unit) == Some(1.0)) {
        return Ok(());
    }
    let (text, told) = (sheet.cell(row, column), unit.to_string());
    let text = format!("the unit is {text:?}, but the extension's unit is {told:?}");
    Err(Fault::new(sheet.at(row, column), text)
        .help("write the unit of the workbook into [[extension]]: \"Mt\""))
}
