//! One function per subcommand.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use serde_json::json;

use super::memory::announce;
use super::transfer::transfer;
use super::{
    AggregateArguments, Arguments, Command, Common, Trouble, agglomeration, balance, brief, build,
    check, compare, convert, deflate, estimate, footprint, init, locate, matrices, plot, run,
    update,
};
use crate::fault::{Fault, Faults, Location, Note, NoteCode};
use crate::footprint::impact as impact_of;
use crate::input;
use crate::input::map::MapFile;
use crate::input::workbook::read_sheet;
use crate::labels::Axis;
use crate::leontief::Leontief;
use crate::linalg::system::System;
use crate::recorded::SUMMARY;
use crate::report::folder::Kind;
use crate::report::results::Results;
use crate::report::{self, Streamed, folder, terminal};
use crate::table::aggregate::{aggregate, in_unit, totals};
use crate::table::concordance::Concordance;
use crate::table::{InputFile, RawTable, Table};
use crate::text;
use crate::units::Unit;

/// Runs a command; the text is what goes to standard output.
pub fn dispatch(arguments: Arguments) -> Result<String, Trouble> {
    let common = arguments.common;
    match arguments.command {
        Command::Check(arguments) => check::check(&common, &arguments),
        Command::Aggregate(arguments) => aggregate_table(&common, &arguments),
        Command::Build(arguments) => build::build(&common, &arguments),
        Command::Convert(arguments) => convert::convert(&common, &arguments),
        Command::Deflate(arguments) => deflate::deflate_table(&common, &arguments),
        Command::Update(arguments) => update::update_table(&common, &arguments),
        Command::Balance(arguments) => balance::balance(&common, &arguments),
        Command::Footprint(arguments) => footprint::footprint_of(&common, arguments),
        Command::Matrices(arguments) => matrices::matrices_of(&common, &arguments),
        Command::Impact { table, demand, out } => impact(&common, &table, &demand, out),
        Command::Transfer(arguments) => transfer(&common, arguments),
        Command::Run(arguments) => run::run_scenario(&common, arguments),
        Command::Compare { results, out } => compare::compare(&common, &results, out),
        Command::Estimate { model, out } => estimate::estimate_models(&common, &model, out),
        Command::Locate { game, out } => locate::locate(&common, &game, out),
        Command::Agglomeration { file, out } => agglomeration::agglomeration(&common, &file, out),
        Command::Brief(arguments) => brief::write(&common, &arguments),
        Command::Plot(arguments) => plot::plot(&common, &arguments),
        Command::Init(what) => init::run(&common, &what),
    }
}

/// Reads a table; with `--strict`, refuses one that does not add up.
pub(super) fn read_table(common: &Common, path: &Path) -> Result<Table, Trouble> {
    let table = input::table::read(path, common.data.as_deref())?;
    if common.strict {
        refuse_open(&table, path)?;
    }
    Ok(table)
}

pub(super) fn refuse_open(table: &Table, path: &Path) -> Result<(), Trouble> {
    let open: Vec<Note> =
        table.notes().into_iter().filter(|note| note.code == NoteCode::Discrepancy).collect();
    let mut faults = Faults::default();
    for note in open {
        let fault = Fault::new(Location::whole(path), note.message);
        faults.push(
            fault.help(
                "mend the source, raise the tolerance in table.toml, or run without --strict",
            ),
        );
    }
    faults.into_result(()).map_err(Trouble::from)
}

pub(super) fn leontief(table: &Table) -> Result<Leontief, Trouble> {
    Leontief::of(table).map_err(|error| Trouble::Question(error.to_string()))
}

/// A caveat on a table whose industries use up more than they make.
pub(super) fn productivity(table: &Table, leontief: &Leontief) -> Option<Note> {
    let text = leontief.unproductive()?;
    Some(Note::new(NoteCode::NotProductive, format!("{}: {text}", table.meta().name)))
}

/// Why results cannot be written to a folder, told before anything is.
pub(super) fn refuse_results(results: &Results, out: &Path) -> Result<(), Trouble> {
    folder::refuse_foreign(out, Kind::Results)?;
    folder::refuse_input(out, results.inputs.iter().map(|input| input.path.as_path()))?;
    refuse_overflow(results.overflow())
}

/// Refuses numbers that are none; `place` says which.
pub(super) fn refuse_overflow(place: Option<String>) -> Result<(), Trouble> {
    match place {
        Some(place) => Err(Trouble::Question(format!(
            "the numbers overflow: {place} is not finite; look for a cell that is far too large"
        ))),
        None => Ok(()),
    }
}

/// Writes the results and says what happened, as the user wants to hear it.
pub(super) fn deliver(
    common: &Common,
    results: Results,
    out: &Path,
    shown: &str,
) -> Result<String, Trouble> {
    deliver_with(common, results, &[], out, shown)
}

/// The same, with files that are written piece by piece.
pub(super) fn deliver_with(
    common: &Common,
    mut results: Results,
    streamed: &[Streamed<'_>],
    out: &Path,
    shown: &str,
) -> Result<String, Trouble> {
    results.command_line = Some(common.command_line.clone());
    let caveats = terminal::notes(&results.notes);
    refuse_results(&results, out)?;
    let files = results.into_files();
    folder::write_streamed(out, Kind::Results, &files, streamed)?;
    if common.quiet {
        return Ok(String::new());
    }
    if common.json {
        return Ok(files.text(SUMMARY).unwrap_or_default().to_owned());
    }
    Ok(format!("{shown}{caveats}\nResults: {}\n", out.display()))
}

pub(super) fn map_file(path: &Path, inputs: &mut Vec<InputFile>) -> Result<MapFile, Faults> {
    let (sheet, record) = read_sheet(path)?;
    inputs.push(record);
    MapFile::of(sheet)
}

fn concordance(
    path: Option<&Path>,
    axis: &Axis,
    inputs: &mut Vec<InputFile>,
    notes: &mut Vec<Note>,
) -> Result<Concordance, Faults> {
    let Some(path) = path else { return Ok(Concordance::identity(axis)) };
    let map = map_file(path, inputs)?;
    let found = map.concordance(axis)?;
    notes.extend(map.passed_over(axis));
    Ok(found)
}

fn aggregate_table(common: &Common, arguments: &AggregateArguments) -> Result<String, Trouble> {
    folder::refuse_foreign(&arguments.out, Kind::Table)?;
    let table = read_table(common, &arguments.table)?;
    let mut faults = Faults::default();
    let (mut inputs, mut passed) = (Vec::new(), Vec::new());
    let axes = table.industries();
    let mut map = |path: &Option<PathBuf>, axis| {
        faults.absorb(concordance(path.as_deref(), axis, &mut inputs, &mut passed))
    };
    let regions = map(&arguments.regions, &axes.regions);
    let sectors = map(&arguments.sectors, &axes.sectors);
    let unit = match &arguments.unit {
        Some(text) => {
            let unit = text.parse::<Unit>();
            faults.keep(
                unit.map_err(|error| Fault::new(Location::whole("--unit"), error.to_string())),
            )
        }
        None => Some(table.meta().unit.clone()),
    };
    faults.into_result(())?;
    let (Some(regions), Some(sectors), Some(unit)) = (regions, sectors, unit) else {
        return Err(Trouble::Question("the maps could not be read".to_owned()));
    };
    let read = table.meta().inputs.iter().chain(&inputs).map(|input| input.path.as_path());
    folder::refuse_input(&arguments.out, read)?;
    refuse_other_table(&arguments.out, &table, "Aggregated")?;
    let mut raw = aggregate(&table, &regions, &sectors);
    let (before, after) = (totals(table.parts()), totals(&raw));
    let lost =
        before.iter().zip(&after).find(|((_, a), (_, b))| (a - b).abs() > 1e-9 * a.abs().max(1.0));
    if let Some(((name, a), (_, b))) = lost {
        return Err(Trouble::Question(format!(
            "aggregation changed the total of {name} from {a} to {b}"
        )));
    }
    raw = in_unit(raw, &unit)
        .map_err(|error| Fault::new(Location::whole("--unit"), error.to_string()))?;
    raw.meta.rename(made_name(arguments.name.as_deref(), &arguments.out, "aggregate"));
    write_made(&arguments.out, &raw, &provenance(&table, &inputs, "Aggregated"))?;
    if common.quiet {
        return Ok(String::new());
    }
    let scaled = totals(&raw);
    let notes = [table.notes(), passed].concat();
    if common.json {
        let totals: serde_json::Map<_, _> =
            scaled.into_iter().map(|(name, value)| (name, json!(value))).collect();
        let text =
            json!({ "table": arguments.out, "unit": unit, "totals": totals, "notes": notes });
        return Ok(serde_json::to_string_pretty(&text).unwrap_or_default() + "\n");
    }
    let mut out = format!(
        "{}: {} × {}, {unit}\ntotals, equal to those of {}:\n",
        raw.meta.name,
        text::count(raw.industries.regions.len(), "region"),
        text::count(raw.industries.sectors.len(), "sector"),
        table.meta().name
    );
    for (name, value) in scaled {
        let _ = writeln!(out, "  {name}: {}", text::human(value));
    }
    let _ = writeln!(out, "{}\nTable: {}", terminal::notes(&notes), arguments.out.display());
    Ok(out)
}

/// A table made of another replaces only an earlier one made of it in the same way.
pub(super) fn refuse_other_table(out: &Path, table: &Table, how: &str) -> Result<(), Fault> {
    let Ok(text) = std::fs::read_to_string(out.join("table.toml")) else { return Ok(()) };
    let first = text.lines().next().unwrap_or_default();
    let from = format!(" from {}.", table.meta().name);
    if first.starts_with(&format!("# {how} by irio ")) && first.ends_with(&from) {
        return Ok(());
    }
    let text = format!(
        "holds a table that was not {} from {} earlier; it is left alone",
        how.to_lowercase(),
        table.meta().name
    );
    Err(Fault::new(Location::whole(out), text).help("name a new or empty folder with --out"))
}

/// Name of a table that was made of another: the one asked for, else that of its folder.
pub(super) fn made_name(asked: Option<&str>, out: &Path, otherwise: &str) -> String {
    let folder = out.file_name().map(|name| name.to_string_lossy().into_owned());
    asked.map(str::to_owned).or(folder).unwrap_or_else(|| otherwise.to_owned())
}

/// Writes a table that was made of others as irio's own folder; the comment stands at its head.
pub(super) fn write_made(out: &Path, raw: &RawTable, comment: &str) -> Result<(), Fault> {
    folder::write(out, Kind::Table, &made_files(out, raw, comment))
}

/// The same with its matrices in `.npy` files.
pub(super) fn write_made_npy(out: &Path, raw: &RawTable, comment: &str) -> Result<(), Fault> {
    let (mut files, matrices) = report::npy::files(raw, &report::table::toml(raw, comment));
    keep_readme(&mut files, out);
    folder::write_streamed(out, Kind::Table, &files, &matrices)
}

/// Files of a table that was made of others.
pub(super) fn made_files(out: &Path, raw: &RawTable, comment: &str) -> report::Files {
    let mut files = report::table::files(raw, &report::table::toml(raw, comment));
    keep_readme(&mut files, out);
    files
}

/// A README of earlier days, written by hand, is kept.
fn keep_readme(files: &mut report::Files, out: &Path) {
    if let Ok(readme) = std::fs::read(out.join("README.md")) {
        files.add("README.md", readme);
    }
}

/// A built table replaces only an earlier build of its name.
pub(super) fn refuse_other_build(out: &Path, name: &str) -> Result<(), Fault> {
    let Ok(text) = std::fs::read_to_string(out.join("table.toml")) else { return Ok(()) };
    let first = text.lines().next().unwrap_or_default();
    if first.starts_with("# Built by irio ") && first.ends_with(&format!(" as {name}.")) {
        return Ok(());
    }
    let text = format!("holds a table that is no earlier build of {name}; it is left alone");
    Err(Fault::new(Location::whole(out), text).help("name a new or empty folder with --out"))
}

/// Where a table comes from that was made of another, for the head of its `table.toml`.
pub(super) fn provenance(table: &Table, others: &[InputFile], how: &str) -> String {
    let inputs: Vec<&InputFile> = table.meta().inputs.iter().chain(others).collect();
    made_of(&format!("{how} by irio {{}} from {}.", table.meta().name), &inputs)
}

/// The head of a `table.toml`: a sentence, with the version in place of `{}`, and the hashes of inputs.
pub(super) fn made_of(sentence: &str, inputs: &[&InputFile]) -> String {
    let mut out = sentence.replacen("{}", env!("CARGO_PKG_VERSION"), 1);
    out.push_str("\nInputs (sha256):\n");
    for input in inputs {
        let name = input
            .path
            .file_name()
            .map(|name| name.to_string_lossy().into_owned())
            .unwrap_or_default();
        let _ = writeln!(out, "  {name} {}", input.sha256);
    }
    out
}

pub(super) fn default_out(out: Option<PathBuf>, name: &str) -> PathBuf {
    let safe: String = name
        .chars()
        .map(|c| if c.is_alphanumeric() || "-_.".contains(c) { c } else { '-' })
        .collect();
    out.unwrap_or_else(|| Path::new("results").join(safe.trim_start_matches('.')))
}

pub(super) fn imports_outside(table: &Table) -> Note {
    let text = format!(
        "{}: what is embodied in imports from abroad is outside the table",
        table.meta().name
    );
    Note::new(NoteCode::ImportsOutside, text)
}

fn impact(
    common: &Common,
    path: &Path,
    demand: &Path,
    out: Option<PathBuf>,
) -> Result<String, Trouble> {
    let mut faults = Faults::default();
    let table = read_table(common, path)?;
    let (sheet, record) = read_sheet(demand)?;
    let shock = faults.absorb(input::demand::read(&sheet, table.industries()));
    faults.into_result(())?;
    let shock = shock.unwrap_or_default();
    let out = default_out(out, &format!("impact-{}", table.meta().name));
    folder::refuse_foreign(&out, Kind::Results)?;
    let axes = table.industries();
    let needed = System::bytes_needed(axes.len(), axes.sectors.len(), 1);
    announce(
        common,
        &format!("impact on {}", table.meta().name),
        needed,
        "aggregate the table: irio aggregate",
    )?;
    let leontief = leontief(&table)?;
    let impacts = impact_of(&table, &leontief, &shock);
    let mut results = Results::new(
        "impact",
        format!("Impact of a change of final demand on {}", table.meta().name),
    );
    results.table(&table).note([imports_outside(&table)]).note(productivity(&table, &leontief));
    results.inputs.push(record);
    report::files::impact(&mut results, &table, &impacts);
    let shown = terminal::impact(&table, &impacts, common.language());
    deliver(common, results, &out, &shown)
}
