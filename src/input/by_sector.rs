//! One number for each sector from a CSV with a column `sector`; a line without sector is for all
//! others.

use super::sheet::Sheet;
use crate::fault::{Fault, Faults};
use crate::labels::Axis;

/// The numbers of a column `name` in the order of the axis; `check` says what is wrong with one.
///
/// # Errors
/// Missing columns, unknown sectors or such that stand twice, numbers that are none or are refused,
/// sectors without a number.
pub fn read(
    sheet: &Sheet,
    sectors: &Axis,
    name: &'static str,
    check: impl Fn(f64) -> Result<(), String>,
) -> Result<Vec<f64>, Faults> {
    let mut faults = Faults::default();
    sheet.check_list(&mut faults);
    let (Some(sector), Some(value)) =
        (sheet.column(0, &["sector"]), sheet.column(0, &[name, "value"]))
    else {
        let text = format!("needs the columns sector and {name} (or value)");
        return Err(Fault::new(sheet.line(0), text).into());
    };
    let (mut found, mut other) = (vec![None; sectors.len()], None);
    for row in 1..sheet.rows() {
        let Some(number) = faults.keep(sheet.number(row, value)) else { continue };
        if let Err(text) = check(number) {
            faults.push(Fault::new(sheet.at(row, value), text));
            continue;
        }
        let text = sheet.cell(row, sector);
        if text.is_empty() {
            other = Some(number);
            continue;
        }
        match sectors.position(text) {
            Ok(at) if found[at].replace(number).is_some() => {
                faults.push(Fault::new(sheet.at(row, sector), format!("{text} stands twice")));
            }
            Ok(_) => {}
            Err(error) => {
                let fault = Fault::new(sheet.at(row, sector), error.to_string());
                faults.push(fault.help(error.help()));
            }
        }
    }
    let missing: Vec<&str> = (0..sectors.len())
        .filter(|at| found[*at].is_none() && other.is_none())
        .map(|at| sectors.code(at))
        .collect();
    if !missing.is_empty() {
        let text = format!("no {name} for {}", missing.join(", "));
        let help = "add their lines, or one line without a sector for all others";
        faults.push(Fault::new(sheet.line(0), text).help(help));
    }
    faults.into_result(found.into_iter().map(|value| value.or(other).unwrap_or(0.0)).collect())
}
