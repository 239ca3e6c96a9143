//! `irio footprint`: accounts of production and consumption.

use super::commands::{default_out, deliver, imports_outside, leontief, productivity, read_table};
use super::memory::announce;
use super::{Common, FootprintArguments, Trouble};
use crate::fault::{Fault, Faults, Location};
use crate::footprint::Footprint;
use crate::input;
use crate::input::workbook::read_sheet;
use crate::labels::suggestion;
use crate::report::folder::{self, Kind};
use crate::report::results::Results;
use crate::report::{files, terminal};
use crate::table::characterisation::characterise;
use crate::table::{InputFile, Quantity, Table};

pub(super) fn footprint_of(
    common: &Common,
    arguments: FootprintArguments,
) -> Result<String, Trouble> {
    let table = read_table(common, &arguments.table)?;
    let out = default_out(arguments.out.clone(), &format!("footprint-{}", table.meta().name));
    folder::refuse_foreign(&out, Kind::Results)?;
    let (table, inputs) = with_more(table, &arguments)?;
    let wanted: Vec<Quantity> = table
        .quantities()
        .into_iter()
        .filter(|quantity| {
            let codes = &arguments.quantities;
            codes.is_empty() || codes.iter().any(|code| code == table.quantity_code(*quantity))
        })
        .collect();
    let detail = arguments.detail.detail();
    let needed = Footprint::bytes_needed(&table, wanted.len(), detail);
    let instead = "ask for less with --detail consumption or --quantities, or aggregate the table";
    announce(common, &format!("footprint of {}", table.meta().name), needed, instead)?;
    let leontief = leontief(&table)?;
    let footprint = Footprint::of(&table, &leontief, &wanted, detail);
    let mut results = Results::new("footprint", format!("Footprints of {}", table.meta().name));
    results.table(&table).note([imports_outside(&table)]).note(productivity(&table, &leontief));
    results.inputs.extend(inputs);
    results.switch("detail", detail);
    if !arguments.quantities.is_empty() {
        results.switch("quantities", &arguments.quantities);
    }
    files::footprint(&mut results, &table, &footprint);
    let shown = terminal::footprint(&table, &footprint, common.language());
    deliver(common, results, &out, &shown)
}

/// The table with impacts and population added.
fn with_more(
    table: Table,
    arguments: &FootprintArguments,
) -> Result<(Table, Vec<InputFile>), Trouble> {
    let mut faults = Faults::default();
    let mut inputs = Vec::new();
    let mut impacts = Vec::new();
    if let Some(path) = &arguments.characterise
        && let Some((sheet, record)) = faults.keep(read_sheet(path))
    {
        inputs.push(record);
        impacts = faults.absorb(input::characterisation::read(&sheet, &table)).unwrap_or_default();
    }
    let mut population = None;
    if let Some(path) = &arguments.population
        && let Some((sheet, record)) = faults.keep(read_sheet(path))
    {
        inputs.push(record);
        let regions = &table.industries().regions;
        population = faults.absorb(input::population::read(&sheet, regions));
    }
    for wanted in &arguments.quantities {
        let own = table.parts().extensions.iter().map(|extension| &extension.label.code);
        let known = own.chain(impacts.iter().map(|impact| &impact.label.code)).map(String::as_str);
        if wanted != "value_added" && !known.clone().any(|code| code == wanted) {
            let text = format!("the table has no quantity {wanted:?}");
            let fault = Fault::new(Location::whole("--quantities"), text);
            let near = suggestion(wanted, known.clone().chain(["value_added"]));
            faults.push(match near {
                Some(near) => fault.help(format!("did you mean {near:?}?")),
                None => fault.help(format!(
                    "it has value_added{}",
                    known.map(|code| format!(", {code}")).collect::<String>()
                )),
            });
        }
    }
    faults.into_result(())?;
    if impacts.is_empty() && population.is_none() {
        return Ok((table, inputs));
    }
    let mut parts = table.into_parts();
    let found: Vec<_> =
        impacts.iter().map(|impact| characterise(&parts.extensions, impact)).collect();
    parts.extensions.extend(found);
    parts.population = population.or(parts.population);
    let checked = parts.check().map_err(|errors| {
        let mut faults = Faults::default();
        for error in errors.0 {
            faults.push(Fault::new(Location::whole(&arguments.table), error.to_string()));
        }
        faults
    })?;
    Ok((checked, inputs))
}
