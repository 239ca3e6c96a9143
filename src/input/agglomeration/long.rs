//! Long files: region, sector, year, value, of which sector and year may be missing.

use std::collections::{BTreeMap, HashSet};

use crate::concentration::measurable;
use crate::fault::{Fault, Faults};
use crate::input::sheet::Sheet;
use crate::labels::{Axis, Label, comparable};
use crate::text::exact;

/// Most numbers that a file may spread to: regions × sectors × years.
const MOST: usize = 5_000_000;

/// Numbers by region and sector, year by year.
pub(super) type ByYear = Vec<(Option<i32>, Vec<f64>)>;

/// What the columns `region` and `sector` may name.
pub(super) enum Known<'a> {
    /// What is on an axis.
    On(&'a Axis),
    /// Whatever the file names, in the order in which it does.
    Whatever,
}

/// Numbers of a long file: of each year one for each region, and within it each sector.
pub(super) struct Long {
    pub(super) regions: Axis,
    /// None where the file does not tell sectors apart.
    pub(super) sectors: Option<Axis>,
    pub(super) years: BTreeMap<Option<i32>, Vec<Option<f64>>>,
}

/// Reads a long file; values are [`measurable`].
///
/// # Errors
/// Missing columns, names that are not on an axis, values that are none or negative, lines that stand twice.
pub(super) fn read(
    sheet: &Sheet,
    regions: Known<'_>,
    sectors: Option<Known<'_>>,
) -> Result<Long, Faults> {
    let mut faults = Faults::default();
    let help = "the header is: region,sector,year,value; sector and year where they are told apart";
    let Some([region, value]) = sheet.columns(["region", "value"], help, &mut faults) else {
        return Err(faults);
    };
    sheet.check_known(&["region", "sector", "year", "value"], help, &mut faults);
    let (sector, year) = (sheet.column(0, &["sector"]), sheet.column(0, &["year"]));
    let sectors = match (sector, sectors) {
        (Some(column), None) => {
            let fault = Fault::new(sheet.at(0, column), "sectors are not told apart here");
            return Err(fault
                .help("give sums by region, or an [activity] whose sectors they are")
                .into());
        }
        (Some(column), Some(known)) => Some((column, axis(sheet, column, known, "sector"))),
        (None, _) => None,
    };
    let regions = axis(sheet, region, regions, "region");
    let width = sectors.as_ref().map_or(1, |(_, axis)| axis.len());
    let mut years: BTreeMap<Option<i32>, Vec<Option<f64>>> = BTreeMap::new();
    for row in 1..sheet.rows() {
        let r = faults.keep(position(sheet, (row, region), &regions, "region"));
        let i = match &sectors {
            Some((column, axis)) => faults.keep(position(sheet, (row, *column), axis, "sector")),
            None => Some(0),
        };
        let when = match year {
            Some(column) => faults.keep(year_of(sheet, row, column).map(Some)),
            None => Some(None),
        };
        let number = faults.keep(positive(sheet, row, value));
        let (Some(r), Some(i), Some(when), Some(number)) = (r, i, when, number) else { continue };
        let cells = regions.len().saturating_mul(width);
        let count = years.len() + usize::from(!years.contains_key(&when));
        if count.saturating_mul(cells) > MOST {
            let text = format!(
                "{} regions × {width} sectors × {count} years or more are too many numbers",
                regions.len()
            );
            faults.push(Fault::new(sheet.whole(), text).help(format!("at most {MOST}")));
            return Err(faults);
        }
        let values = years.entry(when).or_insert_with(|| vec![None; regions.len() * width]);
        if values[r * width + i].replace(number).is_some() {
            let mut what = regions.code(r).to_owned();
            if let Some((_, axis)) = &sectors {
                what += &format!(":{}", axis.code(i));
            }
            if let Some(when) = when {
                what += &format!(" in {when}");
            }
            faults.push(Fault::new(sheet.line(row), format!("{what} stands twice")));
        }
    }
    if sheet.rows() < 2 {
        faults.push(Fault::new(sheet.line(0), "no line below the header"));
    }
    faults.into_result(Long { regions, sectors: sectors.map(|(_, axis)| axis), years })
}

/// The axis of a column's names.
fn axis(sheet: &Sheet, column: usize, known: Known<'_>, kind: &'static str) -> Axis {
    match known {
        Known::On(axis) => axis.clone(),
        Known::Whatever => {
            let mut seen = HashSet::new();
            let names = (1..sheet.rows()).map(|row| sheet.cell(row, column));
            let names = names.filter(|text| !text.is_empty() && seen.insert(comparable(text)));
            let labels: Vec<Label> = names.map(Label::code).collect();
            // What stands in it was compared with what was there before.
            Axis::new(kind, labels).unwrap_or_else(|_| Axis::empty(kind))
        }
    }
}

/// The position of a cell's name on an axis.
fn position(
    sheet: &Sheet,
    (row, column): (usize, usize),
    axis: &Axis,
    kind: &str,
) -> Result<usize, Fault> {
    let text = sheet.cell(row, column);
    if text.is_empty() {
        return Err(Fault::new(sheet.at(row, column), format!("a line without a {kind}")));
    }
    axis.position(text)
        .map_err(|error| Fault::new(sheet.at(row, column), error.to_string()).help(error.help()))
}

/// A number from zero up.
pub(super) fn positive(sheet: &Sheet, row: usize, column: usize) -> Result<f64, Fault> {
    let number = sheet.number(row, column)?;
    if measurable(number) {
        return Ok(number);
    }
    let at = sheet.at(row, column);
    Err(if number < 0.0 {
        Fault::new(at, format!("{} is negative", exact(number)))
            .help("shares and densities need numbers from zero up")
    } else {
        out_of_proportion(Fault::new(at, format!("a value of {number:e}")))
    })
}

fn out_of_proportion(fault: Fault) -> Fault {
    fault.help("numbers from 1e-100 to 1e100 can be measured: choose another unit")
}

/// A number above zero.
pub(super) fn above_zero(
    sheet: &Sheet,
    row: usize,
    column: usize,
    what: &str,
) -> Result<f64, Fault> {
    let number = sheet.number(row, column)?;
    let at = sheet.at(row, column);
    if number <= 0.0 {
        let fault = Fault::new(at, format!("{what} of {}", exact(number)));
        return Err(fault.help("a number above zero expected"));
    }
    if measurable(number) {
        return Ok(number);
    }
    Err(out_of_proportion(Fault::new(at, format!("{what} of {number:e}"))))
}

/// A year between 1 and 9999.
pub(super) fn year_of(sheet: &Sheet, row: usize, column: usize) -> Result<i32, Fault> {
    let text = sheet.cell(row, column);
    // A spreadsheet may have written it as 2007.0.
    let plain = text.strip_suffix(".0").unwrap_or(text);
    match plain.parse::<i32>() {
        Ok(year @ 1..=9999) => Ok(year),
        _ => Err(Fault::new(sheet.at(row, column), format!("{text:?} is not a year"))),
    }
}

impl Long {
    /// Every year with numbers of every region; what has no line is nothing where sectors are told apart.
    ///
    /// # Errors
    /// Every year that lacks a region, if sectors are not told apart.
    pub(super) fn complete(&self, sheet: &Sheet) -> Result<ByYear, Faults> {
        let mut faults = Faults::default();
        let mut found = Vec::new();
        for (year, values) in &self.years {
            let missing: Vec<&str> = (0..self.regions.len())
                .filter(|r| self.sectors.is_none() && values[*r].is_none())
                .map(|r| self.regions.code(r))
                .collect();
            if !missing.is_empty() {
                let when = year.map_or(String::new(), |year| format!(" in {year}"));
                let text = format!("no value of {}{when}", missing.join(", "));
                faults.push(Fault::new(sheet.whole(), text).help("add a line for each"));
            }
            found.push((*year, values.iter().map(|value| value.unwrap_or(0.0)).collect()));
        }
        faults.into_result(found)
    }
}
