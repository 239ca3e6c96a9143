//! `irio update`: a table brought to newer totals.

use serde_json::json;

use super::balance::summary;
use super::commands::{provenance, read_table, refuse_other_table};
use super::{Common, Trouble, UpdateArguments};
use crate::fault::{Fault, Location};
use crate::input::sheet::Sheet;
use crate::input::{self, TextFile};
use crate::report::folder::Kind;
use crate::report::{self, folder, terminal};
use crate::updating::update;

/// Runs `irio update`.
pub(super) fn update_table(
    common: &Common,
    arguments: &UpdateArguments,
) -> Result<String, Trouble> {
    let out = &arguments.out;
    folder::refuse_foreign(out, Kind::Table)?;
    let table = read_table(common, &arguments.table)?;
    let file = TextFile::read(&arguments.controls)?;
    let controls = input::controls::read(&Sheet::of(&file)?, &table)?;
    let inputs = [file.record()];
    let read = table.meta().inputs.iter().chain(&inputs).map(|input| input.path.as_path());
    folder::refuse_input(out, read)?;
    refuse_other_table(out, &table, "Updated")?;
    let year = arguments.year.unwrap_or(table.meta().year);
    let updated = update(&table, &controls.controls, year)
        .map_err(|error| controls.locate(&error, &table))?;
    let mut raw = updated.table.clone();
    let name = out.file_name().map(|name| name.to_string_lossy().into_owned());
    raw.meta.name = arguments.name.clone().or(name).unwrap_or_else(|| "updated".to_owned());
    let made = raw.clone().check().map_err(|errors| {
        Fault::new(Location::whole(&arguments.controls), format!("with these controls, {errors}"))
            .help("look for a value of 0, or far too large")
    })?;
    let toml = report::table::toml(&raw, &provenance(&table, &inputs, "Updated"));
    let mut files = report::table::files(&raw, &toml);
    // A README of earlier days, written by hand, is kept.
    if let Ok(readme) = std::fs::read(out.join("README.md")) {
        files.add("README.md", readme);
    }
    folder::write(out, Kind::Table, &files)?;
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
