//! Lists of pairs: a CSV with columns id, neighbour and, where they differ, weight.
//!
//! ```text
//! id,neighbour,weight
//! Hebei,Beijing,1
//! Hainan,,            an island: a unit without a neighbour
//! ```

use super::pairs::{MOST, Pairs};
use crate::fault::{Fault, Faults};
use crate::input::sheet::Sheet;
use crate::weights::Weights;

/// Names of the columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Columns {
    /// The unit.
    pub id: String,
    /// Its neighbour.
    pub neighbour: String,
    /// The weight; where none is named, a column `weight` if there is one, else every pair has weight 1.
    pub weight: Option<String>,
}

impl Default for Columns {
    fn default() -> Self {
        Columns { id: "id".to_owned(), neighbour: "neighbour".to_owned(), weight: None }
    }
}

/// Reads a list of pairs. Units are in the order in which they come.
///
/// # Errors
/// A missing or unknown column, a line without a unit or without a cell for its neighbour, weights that are none, units that are their own neighbours, pairs that stand
/// twice.
pub fn read(sheet: &Sheet, columns: &Columns) -> Result<Weights, Faults> {
    let mut faults = Faults::default();
    sheet.check_list(&mut faults);
    let help = "the header is: id,neighbour,weight (weight where they differ)";
    let mut column = |name: &str| {
        let found = sheet.column(0, &[name]);
        if found.is_none() {
            let text = format!("no column {name:?} in the header");
            faults.push(Fault::new(sheet.line(0), text).help(help));
        }
        found
    };
    let (id, neighbour) = (column(&columns.id), column(&columns.neighbour));
    let weight = match &columns.weight {
        Some(name) => column(name),
        None => sheet.column(0, &["weight"]),
    };
    let (Some(id), Some(neighbour)) = (id, neighbour) else { return Err(faults) };
    if columns.weight.is_none() {
        // Without the column of its weights, every pair would have the weight 1.
        let known = [columns.id.as_str(), &columns.neighbour, "weight"];
        let help = format!("{help}; another column of weights is named with the key weight");
        sheet.check_known(&known, &help, &mut faults);
    }
    faults = faults.into_result(Faults::default())?;
    let mut pairs = Pairs::default();
    for row in 1..sheet.rows() {
        if faults.iter().count() >= MOST {
            break;
        }
        let names = [sheet.cell(row, id), sheet.cell(row, neighbour)];
        let given = weight.is_some_and(|weight| !sheet.cell(row, weight).is_empty());
        match names {
            ["", _] => {
                let fault = Fault::new(sheet.at(row, id), "a line without a unit");
                faults.push(fault);
            }
            [_, ""] if sheet.name().is_none() && sheet.width(row) <= neighbour => {
                let fault = Fault::new(sheet.line(row), "a line without a cell for the neighbour");
                faults.push(fault.help(
                    "name the neighbour, or end the unit with a comma: it is then an island",
                ));
            }
            [unit, ""] if !given => {
                pairs.unit(unit);
            }
            [_, ""] => {
                let fault = Fault::new(sheet.at(row, neighbour), "a weight without a neighbour");
                faults.push(fault.help("name the neighbour, or leave the weight empty too"));
            }
            [unit, other] => {
                let value = weight.map_or(Ok(1.0), |weight| sheet.number(row, weight));
                let Some(value) = faults.keep(value) else { continue };
                let place = (pairs.unit(unit), pairs.unit(other));
                let at = || sheet.at(row, weight.unwrap_or(neighbour));
                faults.keep(pairs.add(place, value, at));
            }
        }
    }
    if faults.is_empty() && pairs.units().is_empty() {
        faults.push(Fault::new(sheet.whole(), "there is no pair in the file"));
    }
    pairs.finish(faults, sheet.whole())
}
