//! Factors that make impacts of stressors: a CSV with columns stressor, impact, factor, impact_unit and
//! optionally stressor_unit, one factor a line; pymrio's own name for its columns.

use super::sheet::Sheet;
use crate::fault::{Fault, Faults};
use crate::labels::{Axis, Label};
use crate::table::characterisation::Impact;
use crate::table::{Extension, Quantity, Table};
use crate::units::Unit;

/// Header of the file.
const HEADER: &str =
    "the header is: stressor,impact,factor,impact_unit, and stressor_unit where it helps";

/// Reads the impacts, in order of their first line.
///
/// # Errors
/// A missing column, every stressor that the table does not have, every unit that is not the
/// stressor's, an impact in two units or with one stressor twice, every value that is not a number.
pub fn read(sheet: &Sheet, table: &Table) -> Result<Vec<Impact>, Faults> {
    let mut faults = Faults::default();
    let names = ["stressor", "impact", "factor", "impact_unit"];
    let Some([stressor, impact, factor, unit]) = sheet.columns(names, HEADER, &mut faults) else {
        return Err(faults);
    };
    let given_unit = sheet.column(0, &["stressor_unit"]);
    let stressors = match Axis::new(
        "stressor",
        table.extensions().iter().map(|one| one.label.clone()).collect::<Vec<_>>(),
    ) {
        Ok(axis) => axis,
        Err(_) => {
            let text = "this table has no stressor to weigh";
            return Err(Fault::new(sheet.whole(), text).into());
        }
    };
    let mut found: Vec<Impact> = Vec::new();
    for row in 1..sheet.rows() {
        let at = stressors.position(sheet.cell(row, stressor)).map_err(|error| {
            Fault::new(sheet.at(row, stressor), error.to_string()).help(error.help())
        });
        let at = faults.keep(at);
        let value = faults.keep(sheet.number(row, factor));
        let parsed = sheet.cell(row, unit).parse::<Unit>();
        let parsed =
            faults.keep(parsed.map_err(|error| Fault::new(sheet.at(row, unit), error.to_string())));
        if let (Some(at), Some(column)) = (at, given_unit) {
            let fault = other_unit(sheet, (row, column), &table.extensions()[at]);
            fault.into_iter().for_each(|fault| faults.push(fault));
        }
        let (Some(at), Some(value), Some(parsed)) = (at, value, parsed) else { continue };
        let code = sheet.cell(row, impact);
        match found.iter_mut().find(|known| known.label.code == code) {
            Some(known) if known.unit != parsed => {
                let text = format!("{code} is in {} above and in {parsed} here", known.unit);
                faults.push(Fault::new(sheet.at(row, unit), text));
            }
            Some(known) if known.factors.iter().any(|(other, _)| *other == at) => {
                let text = format!("{} stands twice in {code}", stressors.code(at));
                faults.push(Fault::new(sheet.at(row, stressor), text));
            }
            Some(known) => known.factors.push((at, value)),
            None => {
                faults.absorb(new_name(sheet, (row, impact), table));
                let label = Label::code(code);
                found.push(Impact { label, unit: parsed, factors: vec![(at, value)] });
            }
        }
    }
    if sheet.rows() < 2 {
        faults.push(Fault::new(sheet.line(0), "no line below the header"));
    }
    faults.into_result(found)
}

fn other_unit(sheet: &Sheet, (row, column): (usize, usize), of: &Extension) -> Option<Fault> {
    let text = sheet.cell(row, column);
    if text.is_empty() || text.parse::<Unit>().is_ok_and(|unit| unit == of.unit) {
        return None;
    }
    let message = format!("{} is in {} in the table, not in {text}", of.label.code, of.unit);
    let help = "give the factor for the table's unit, and write that unit here or nothing";
    Some(Fault::new(sheet.at(row, column), message).help(help))
}

/// An impact may not be called as something the table has.
fn new_name(sheet: &Sheet, (row, column): (usize, usize), table: &Table) -> Result<(), Faults> {
    let code = sheet.cell(row, column);
    let known = |quantity: &Quantity| table.quantity_code(*quantity) == code;
    if code.is_empty() || table.quantities().iter().any(known) {
        let text = if code.is_empty() {
            "the impact has no name".to_owned()
        } else {
            format!("the table has {code:?} already")
        };
        return Err(Fault::new(sheet.at(row, column), text)
            .help("name the impact otherwise")
            .into());
    }
    Ok(())
}
