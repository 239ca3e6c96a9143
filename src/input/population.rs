//! Population of regions: a CSV with columns region and population, one region a line.

use super::sheet::Sheet;
use crate::fault::{Fault, Faults};
use crate::labels::Axis;
use crate::text::exact;

/// Reads the population of every region.
///
/// # Errors
/// A missing or unknown column, every region that is unknown, twice or not there, every value that is not a
/// positive number.
pub fn read(sheet: &Sheet, regions: &Axis) -> Result<Vec<f64>, Faults> {
    let mut faults = Faults::default();
    let help = "the header is: region,population";
    let Some([region, people]) = sheet.columns(["region", "population"], help, &mut faults) else {
        return Err(faults);
    };
    sheet.check_known(&["region", "population"], help, &mut faults);
    let mut found: Vec<Option<f64>> = vec![None; regions.len()];
    for row in 1..sheet.rows() {
        let at = regions.position(sheet.cell(row, region)).map_err(|error| {
            Fault::new(sheet.at(row, region), error.to_string()).help(error.help())
        });
        let value = sheet.number(row, people).and_then(|value| {
            let text = format!("a population of {}", exact(value));
            if value > 0.0 {
                Ok(value)
            } else {
                Err(Fault::new(sheet.at(row, people), text).help("a positive number expected"))
            }
        });
        let (Some(at), Some(value)) = (faults.keep(at), faults.keep(value)) else { continue };
        if found[at].replace(value).is_some() {
            let text = format!("{} stands twice", regions.code(at));
            faults.push(Fault::new(sheet.at(row, region), text));
        }
    }
    if faults.is_empty() {
        let missing: Vec<&str> = (0..regions.len())
            .filter(|at| found[*at].is_none())
            .map(|at| regions.code(at))
            .collect();
        if !missing.is_empty() {
            let text = format!("no population of {}", missing.join(", "));
            faults.push(Fault::new(sheet.whole(), text).help("add a line for each"));
        }
    }
    faults.into_result(found.into_iter().flatten().collect())
}
