//! A change of final demand: a CSV with columns region, sector, value.

use std::collections::HashMap;

use super::sheet::Sheet;
use crate::fault::{Fault, Faults};
use crate::labels::Industries;

/// Reads the change, one entry per industry, in the table's unit.
///
/// # Errors
/// A column that is missing or not known, every unknown region or sector, an industry that stands twice, every value that is
/// not a number.
pub fn read(sheet: &Sheet, industries: &Industries) -> Result<Vec<f64>, Faults> {
    let mut faults = Faults::default();
    let help = "the header is: region,sector,value";
    sheet.check_known(&["region", "sector", "value"], help, &mut faults);
    let Some([region, sector, value]) =
        sheet.columns(["region", "sector", "value"], help, &mut faults)
    else {
        return Err(faults);
    };
    let mut shock = vec![0.0; industries.len()];
    let mut first: HashMap<usize, usize> = HashMap::new();
    for row in 1..sheet.rows() {
        let mut place = |axis: &crate::labels::Axis, column| {
            let found = axis.position(sheet.cell(row, column));
            faults.keep(found.map_err(|error| {
                Fault::new(sheet.at(row, column), error.to_string()).help(error.help())
            }))
        };
        let (r, s) = (place(&industries.regions, region), place(&industries.sectors, sector));
        let amount = faults.keep(sheet.number(row, value));
        if let (Some(r), Some(s), Some(amount)) = (r, s, amount) {
            let industry = industries.index(r, s);
            if let Some(above) = first.insert(industry, row) {
                let text =
                    format!("{} stands in row {} already", industries.name(industry), above + 1);
                faults.push(
                    Fault::new(sheet.at(row, sector), text).help("write its sum in one line"),
                );
            }
            shock[industry] = amount;
        }
    }
    if sheet.rows() < 2 {
        faults.push(Fault::new(sheet.line(0), "no line below the header"));
    }
    faults.into_result(shock)
}
