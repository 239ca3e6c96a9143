//! `irio build`: single-region tables become an inter-regional one.

use super::commands::{default_out, deliver, made_files, refuse_open, refuse_results};
use super::{BuildArguments, Common, Trouble};
use crate::build::account;
use crate::build::plan::run;
use crate::input;
use crate::input::sheet::Sheet;
use crate::report::folder::Kind;
use crate::report::results::Results;
use crate::report::{self, folder, terminal};
use crate::table::{InputFile, Table};
use crate::updating::{Updated, update};

/// A built table brought to controls, with their names.
struct Controlled {
    updated: Updated,
    names: Vec<String>,
}

fn controlled(sheet: &Sheet, table: &Table) -> Result<Controlled, Trouble> {
    let controls = input::controls::read(sheet, table)?;
    let updated = update(table, &controls.controls, table.meta().year)
        .map_err(|error| controls.locate(&error, table))?;
    let names = (0..controls.controls.len()).map(|at| controls.name(at).to_owned()).collect();
    Ok(Controlled { updated, names })
}

/// Runs `irio build`: writes the table, then the report on it.
pub(super) fn build(common: &Common, arguments: &BuildArguments) -> Result<String, Trouble> {
    let out = &arguments.out;
    folder::refuse_foreign(out, Kind::Table)?;
    let read = input::build::read(&arguments.build, common.data.as_deref())?;
    let plan = &read.plan;
    let name = &plan.tables.meta.name;
    let report = default_out(arguments.report.clone(), &format!("build-{name}"));
    folder::refuse_foreign(&report, Kind::Results)?;
    let inputs: Vec<&InputFile> = plan.tables.meta.inputs.iter().chain(&read.inputs).collect();
    folder::refuse_input(out, inputs.iter().map(|input| input.path.as_path()))?;
    super::commands::refuse_other_build(out, name)?;
    let outcome = run(plan).map_err(|error| Trouble::Question(error.to_string()))?;
    let products = account::products(&plan.tables, &outcome, &plan.costs);
    let controlled = read.controls.as_ref().map(|sheet| controlled(sheet, &outcome.table));
    let controlled = controlled.transpose()?;
    let mut raw = match &controlled {
        Some(found) => found.updated.table.clone(),
        None => outcome.table.parts().clone(),
    };
    raw.meta.name = name.clone();
    raw.meta.notes.extend(account::notes(plan, &outcome, &products));
    if common.strict {
        refuse_open(&outcome.table, &arguments.build)?;
    }
    let comment = super::commands::made_of(&format!("Built by irio {{}} as {name}."), &inputs);
    // Nothing is written before both the table and the report on it can be.
    let table = raw.check().map_err(|error| Trouble::Question(error.to_string()))?;
    let mut results = Results::new("build", format!("Build of {name}"));
    results.table(&table);
    results.inputs.splice(0..0, read.inputs.clone());
    results.switch("table", out.display().to_string());
    report::files::build_switches(&mut results, plan);
    report::files::build(&mut results, plan, &outcome, &products);
    let mut shown = terminal::build(plan, &outcome, &products, common.language());
    if let Some(found) = &controlled {
        results.switch("controls", &found.names);
        let told = terminal::update(&table, &found.updated, &found.names, common.language());
        shown.push_str("\nBrought to its controls (everything above is from before)\n");
        shown.push_str(&told.text());
    }
    refuse_results(&results, &report)?;
    // On a full disk neither takes its place.
    let made = folder::prepare(out, Kind::Table, &made_files(out, table.parts(), &comment))?;
    let said = deliver(common, results, &report, &shown)?;
    made.put_in_place()?;
    if common.quiet || common.json {
        return Ok(said);
    }
    Ok(format!("{said}Table: {}\n", out.display()))
}
