//! Numbers between regions: a CSV with a line for each pair.

use std::path::Path;

use super::Context;
use crate::fault::{Fault, Faults};
use crate::input::TextFile;
use crate::input::document::{Located, Section};
use crate::input::sheet::Sheet;
use crate::labels::Axis;
use crate::table::InputFile;

/// One number for each pair, from (row) to (column); none where no line has it.
pub(super) type Pairs = Vec<Vec<Option<f64>>>;

/// What a file of pairs is about.
#[derive(Clone, Copy)]
pub(super) struct Kind {
    /// Header of the column of numbers.
    pub(super) value: &'static str,
    /// One of the numbers, in a fault.
    pub(super) one: &'static str,
    /// Whether a region may be paired with itself.
    pub(super) within: bool,
}

/// Sheet of a file that a section names, and its record into `inputs`.
pub(super) fn sheet(
    text: &Located<String>,
    context: &Context<'_>,
    section: &Section<'_>,
    inputs: &mut Vec<InputFile>,
) -> Option<Sheet> {
    let document = section.document();
    let path = document.keep(context.finder.find(text))?;
    let file = document.keep(TextFile::read(Path::new(&path)))?;
    let record = file.record();
    // Two keys may name one file.
    if !inputs.contains(&record) {
        inputs.push(record);
    }
    document.keep(Sheet::of(&file))
}

/// Reads a CSV with columns from, to and the numbers.
///
/// # Errors
/// A missing column, every unknown region, every number that is none or negative, every pair told
/// twice, and with `within` false every region paired with itself.
pub(super) fn pairs(sheet: &Sheet, regions: &Axis, kind: Kind) -> Result<Pairs, Faults> {
    let mut faults = Faults::default();
    let help = format!("the header is: from,to,{}", kind.value);
    let Some([from, to, value]) = sheet.columns(["from", "to", kind.value], &help, &mut faults)
    else {
        return Err(faults);
    };
    let mut pairs = vec![vec![None; regions.len()]; regions.len()];
    for row in 1..sheet.rows() {
        let mut place = |column| {
            let found = regions.position(sheet.cell(row, column));
            faults.keep(found.map_err(|error| {
                Fault::new(sheet.at(row, column), error.to_string()).help(error.help())
            }))
        };
        let (a, b) = (place(from), place(to));
        let number = faults.keep(sheet.number(row, value));
        let (Some(a), Some(b), Some(number)) = (a, b, number) else { continue };
        if number < 0.0 {
            faults.push(Fault::new(sheet.at(row, value), format!("a negative {}", kind.one)));
        }
        if a == b && number != 0.0 && !kind.within {
            let fault = Fault::new(sheet.at(row, value), "a region is not its own neighbour");
            faults.push(fault.help("leave the line out"));
        }
        if pairs[a][b].replace(number).is_some() {
            let text = format!("{} to {} stands twice", regions.code(a), regions.code(b));
            faults.push(Fault::new(sheet.line(row), text).help("keep one of the lines"));
        }
    }
    faults.into_result(pairs)
}
