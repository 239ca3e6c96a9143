//! Full matrices: a square CSV with the labels of units in its first line and first column.
//!
//! ```text
//! id,A,B,C
//! A,0,1,0
//! B,1,0,1
//! C,0,1,0
//! ```
//!
//! Rows may stand in another order than columns; the order of the columns is that of the units.

use std::collections::HashMap;

use super::pairs::MOST;
use crate::fault::{Fault, Faults};
use crate::input::sheet::Sheet;
use crate::labels::suggestion;
use crate::text::exact;
use crate::weights::Weights;

/// Reads a full matrix of weights.
///
/// # Errors
/// Labels that are empty, stand twice, or stand only in the first line or only in the first column; cells that are no
/// number, negative, or on the diagonal and not zero; lines that are too long.
pub fn read(sheet: &Sheet) -> Result<Weights, Faults> {
    let mut faults = Faults::default();
    let n = (1..sheet.width(0)).rev().find(|c| !sheet.cell(0, *c).is_empty()).unwrap_or(0);
    let mut columns: HashMap<&str, usize> = HashMap::with_capacity(n);
    for column in 1..=n {
        if faults.iter().count() >= MOST {
            return Err(faults);
        }
        let label = sheet.cell(0, column);
        if label.is_empty() {
            faults.push(Fault::new(sheet.at(0, column), "a column without a label"));
        } else if columns.insert(label, column - 1).is_some() {
            faults.push(Fault::new(sheet.at(0, column), format!("{label} stands twice")));
        }
    }
    if n == 0 {
        let fault = Fault::new(sheet.line(0), "no labels of units behind the first cell");
        return Err(fault.help("the header is: id, then the label of every unit").into());
    }
    faults = faults.into_result(Faults::default())?;
    let mut rows: Vec<Option<usize>> = vec![None; n];
    for row in 1..sheet.rows() {
        if faults.iter().count() >= MOST {
            return Err(faults);
        }
        let label = sheet.cell(row, 0);
        let Some(unit) = columns.get(label) else {
            let fault = Fault::new(sheet.at(row, 0), format!("{label:?} is not among the columns"));
            let near = suggestion(label, (1..=n).map(|column| sheet.cell(0, column)));
            faults.push(match near {
                Some(near) => fault.help(format!("did you mean {near:?}?")),
                None => fault.help("rows and columns have the same labels"),
            });
            continue;
        };
        if rows[*unit].replace(row).is_some() {
            faults.push(Fault::new(sheet.at(row, 0), format!("the row of {label} stands twice")));
        }
    }
    let missing: Vec<&str> =
        (0..n).filter(|unit| rows[*unit].is_none()).map(|unit| sheet.cell(0, unit + 1)).collect();
    if faults.is_empty() && !missing.is_empty() {
        let text = format!("no row of {}", missing.join(", "));
        faults.push(Fault::new(sheet.whole(), text).help("rows and columns have the same labels"));
    }
    let rows: Vec<usize> = faults.into_result(rows)?.into_iter().flatten().collect();
    let mut faults = Faults::default();
    // Counted first, so that no more room is taken than there are weights.
    let filled = |row: usize| (1..=n).filter(move |column| !is_zero(sheet.cell(row, *column)));
    let count = rows.iter().map(|row| filled(*row).count()).sum();
    let (mut starts, mut places) = (Vec::with_capacity(n + 1), Vec::with_capacity(count));
    let mut values = Vec::with_capacity(count);
    starts.push(0);
    for (unit, row) in rows.iter().enumerate() {
        if (n + 1..sheet.width(*row)).any(|column| !sheet.cell(*row, column).is_empty()) {
            let text = format!("the line has {} cells, the header {}", sheet.width(*row), n + 1);
            faults.push(Fault::new(sheet.line(*row), text));
        }
        for column in filled(*row) {
            if faults.iter().count() >= MOST {
                return Err(faults);
            }
            let Some(value) = faults.keep(sheet.number(*row, column)) else { continue };
            if value < 0.0 {
                let fault =
                    Fault::new(sheet.at(*row, column), format!("a weight of {}", exact(value)));
                faults.push(fault.help("weights are zero or positive"));
            } else if column - 1 == unit && value != 0.0 {
                let text = format!("{} is its own neighbour", sheet.cell(0, column));
                let fault = Fault::new(sheet.at(*row, column), text);
                faults.push(fault.help("the diagonal of spatial weights is zero"));
            } else {
                places.push((column - 1) as u32);
                values.push(value);
            }
        }
        starts.push(places.len());
    }
    faults.into_result(())?;
    let units = (1..=n).map(|column| sheet.cell(0, column).to_owned()).collect();
    Weights::compressed(units, starts, places, values).map_err(|errors| {
        let mut faults = Faults::default();
        for error in errors {
            faults.push(Fault::new(sheet.whole(), error.to_string()));
        }
        faults
    })
}

fn is_zero(text: &str) -> bool {
    text == "0"
}
