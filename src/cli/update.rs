//! `irio update`: a table brought to newer totals.

use serde_json::json;

use super::balance::summary;
use super::commands::{made_name, provenance, read_table, refuse_other_table, write_made};
use super::{Common, Trouble, UpdateArguments};
use crate::fault::{Fault, Location};
use crate::input;
use crate::input::workbook::read_sheet;
use crate::report::folder::Kind;
use crate::report::{folder, terminal};
use crate::updating::update;

/// Runs `irio update`.
pub(super) fn update_table(
    common: &Common,
    arguments: &UpdateArguments,
) -> Result<String, Trouble> {
    let out = &arguments.out;
    folder::refuse_foreign(out, Kind::Table)?;
    let table = read_table(common, &arguments.table)?;
    let (sheet, record) = read_sheet(&arguments.controls)?;
    let controls = input::controls::read(&sheet, &table)?;
    let inputs = [record];
    let read = table.meta().inputs.iter().chain(&inputs).map(|input| input.path.as_path());
    folder::refuse_input(out, read)?;
    refuse_other_table(out, &table, "Updated")?;
    let year = arguments.year.unwrap_or(table.meta().year);
    let updated = update(&table, &controls.controls, year)
        .map_err(|error| controls.locate(&error, &table))?;
    let mut raw = updated.table.clone();
    raw.meta.name = made_name(arguments.name.as_deref(), out, "updated");
    let made = raw.clone().check().map_err(|errors| {
        Fault::new(Location::whole(&arguments.controls), format!("with these controls, {errors}"))
            .help("look for a value of 0, or far too large")
    })?;
    write_made(out, &raw, &provenance(&table, &inputs, "Updated"))?;
    if common.quiet {
        return Ok(String::new());
    }
    let names: Vec<String> =
        (0..controls.controls.len()).map(|at| controls.name(at).to_owned()).collect();
    let shown = terminal::update(&made, &updated, &names, common.language());
    if common.json {
        let mut text = summary(out, &shown);
        text["year"] = json!(year);
        text["notes"] = json!(made.notes());
        return Ok(serde_json::to_string_pretty(&text).unwrap_or_default() + "\n");
    }
    let notes = terminal::notes(&made.notes());
    Ok(format!(
        "{}: {} in {year}\n{}{notes}\nTable: {}\n",
        raw.meta.name,
        table.meta().name,
        shown.text(),
        out.display()
    ))
}
