//! `irio run`: a relocation scenario, which may be stopped and gone on with.

use std::path::{Path, PathBuf};

use super::commands::{default_out, deliver, refuse_open};
use super::memory::announce;
use super::watch::Watch;
use super::{Common, RunArguments, Trouble, complain};
use crate::fault::{Fault, Location};
use crate::input;
use crate::input::scenario::ReadScenario;
use crate::leontief::Leontief;
use crate::linalg::system::System;
use crate::report::checkpoint::{Checkpoint, Found, Subject};
use crate::report::folder::Kind;
use crate::report::results::Results;
use crate::report::{self, folder, terminal};
use crate::run::grid::{self, Grid, Turned};
use crate::run::{Outcome, RunError, bytes_needed, run_with};

/// Right-hand sides that a year of a scenario has at once.
const COLUMNS: usize = 64;

/// Reads a scenario, runs it and writes its results; finished draws are kept until they are written.
pub fn run_scenario(common: &Common, arguments: RunArguments) -> Result<String, Trouble> {
    let read = read(common, &arguments.scenario, arguments.draws)?;
    let dials = dials(&read, &arguments.grid)?;
    let out = default_out(arguments.out, &read.scenario.name);
    folder::refuse_foreign(&out, Kind::Results)?;
    let (checkpoint, found) = Checkpoint::open(beside(&out), subject(&read), arguments.resume);
    if let (Found::Useless(why), true) = (&found, arguments.resume) {
        return Err(of_another_run(&checkpoint, why).into());
    }
    let remark = remark(&found, &checkpoint, arguments.resume);
    if let Some(text) = remark.filter(|_| !common.quiet) {
        complain(&text);
    }
    let industries = read.table.industries();
    let needed = System::bytes_needed(industries.len(), industries.sectors.len(), COLUMNS)
        + bytes_needed(&read.table, &read.scenario)
        + dials.as_ref().map_or(0, |dials| grid::bytes_needed(&read.table, &read.scenario, dials));
    let instead =
        "take fewer draws (--draws), moves or years, or aggregate the table: irio aggregate";
    announce(common, &read.scenario.name, needed, instead)?;
    let watch = Watch::stoppable(common.quiet);
    let found = compute(&read, dials.as_ref(), &watch, &checkpoint);
    drop(watch);
    let (turned, outcome) = found.map_err(|error| match error {
        RunError::Moves(errors) => Trouble::Files(read.locate(&errors)),
        RunError::Cancelled if checkpoint.save() => Trouble::Question(go_on(&checkpoint)),
        error => Trouble::Question(error.to_string()),
    })?;
    if let Some(text) = checkpoint.trouble().filter(|_| !common.quiet) {
        complain(&text);
    }
    let mut results = results(&read, &outcome);
    let mut shown = terminal::run(&read.table, &read.scenario, &outcome, common.language());
    if let (Some(dials), Some(turned)) = (&dials, &turned) {
        let told = report::files::grid(&mut results, &read.table, &read.scenario, dials, turned);
        shown.push_str(&terminal::dials(&read.table, dials, turned, &told, common.language()));
    }
    match deliver(common, results, &out, &shown) {
        Ok(text) => {
            checkpoint.remove();
            Ok(text)
        }
        // Whatever was in the way may be mended without computing again.
        Err(trouble) => {
            checkpoint.save();
            Err(trouble)
        }
    }
}

fn read(common: &Common, path: &Path, draws: Option<u32>) -> Result<ReadScenario, Trouble> {
    let mut read = input::scenario::read(path, common.data.as_deref())?;
    match (draws, &mut read.scenario.uncertainty) {
        (Some(draws), Some(uncertainty)) => uncertainty.draws = draws,
        (Some(_), None) => {
            let fault = Fault::new(
                Location::whole(path),
                "has no [uncertainty], so there is nothing to draw",
            );
            return Err(fault.help("add [uncertainty] to it, or leave --draws out").into());
        }
        (None, _) => {}
    }
    if common.strict {
        refuse_open(&read.table, path)?;
    }
    Ok(read)
}

/// The dials that were asked for, if any.
fn dials(read: &ReadScenario, texts: &[String]) -> Result<Option<Grid>, Trouble> {
    if texts.is_empty() {
        return Ok(None);
    }
    Ok(Some(input::grid::read(texts, &read.table, &read.scenario)?))
}

/// The grid first, which takes seconds, so that a stop without an answer is told before hours of draws; then
/// the scenario itself, on the same factors.
fn compute(
    read: &ReadScenario,
    dials: Option<&Grid>,
    watch: &Watch,
    checkpoint: &Checkpoint,
) -> Result<(Option<Turned>, Outcome), RunError> {
    let (table, scenario) = (&read.table, &read.scenario);
    let leontief = Leontief::of(table)?;
    let turned =
        dials.map(|dials| grid::turn(table, &leontief, scenario, dials, watch)).transpose()?;
    Ok((turned, run_with(table, &leontief, scenario, (watch, checkpoint))?))
}

fn results(read: &ReadScenario, outcome: &Outcome) -> Results {
    let (scenario, table) = (&read.scenario, &read.table);
    let mut results = Results::new("run", format!("Scenario {}", scenario.name));
    let waiting = read.gates.iter().map(input::scenario::Gate::note);
    results.table(table).note(outcome.notes.clone()).note(waiting);
    results.inputs.splice(0..0, read.inputs.clone());
    results
        .switch("scenario", &scenario.name)
        .switch("description", &scenario.description)
        .switch("table", &table.meta().name)
        .switch("error_column", scenario.error_column)
        .switch("inventories", scenario.inventories)
        .switch("horizon", scenario.horizon.map(|horizon| [horizon.start, horizon.end]))
        .switch("groups", report::files::group_switches(table, scenario))
        .switch("baseline", report::files::baseline(table, &scenario.baseline))
        .switch("density", report::files::density(table, scenario.density.as_ref()))
        .switch("targets", report::files::target_switches(table, scenario))
        .switch("realism", report::files::realism_switches(table, &scenario.realism))
        .switch("uncertainty", report::files::uncertainty(scenario.uncertainty.as_ref()))
        .switch("relocate", report::files::moves(table, scenario));
    results.seed = scenario.uncertainty.as_ref().map(|uncertainty| uncertainty.seed);
    if !read.gates.is_empty() {
        results.switch("games", read.gates.iter().map(|gate| &gate.game).collect::<Vec<_>>());
    }
    report::files::run(&mut results, table, scenario, outcome);
    results
}

/// Where the checkpoint of a results folder stands.
fn beside(out: &Path) -> PathBuf {
    // A folder named by dots has its name elsewhere.
    let named = out.file_name().is_none().then(|| std::fs::canonicalize(out).ok()).flatten();
    let out = named.as_deref().unwrap_or(out);
    let mut name = out.file_name().unwrap_or_default().to_owned();
    name.push(".irio-part");
    out.with_file_name(name)
}

/// What the draws of a scenario depend on.
fn subject(read: &ReadScenario) -> Subject {
    let inputs = read.inputs.iter().chain(&read.table.meta().inputs);
    let name = |path: &Path| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    Subject {
        irio: env!("CARGO_PKG_VERSION").to_owned(),
        machine: machine(),
        // Everything that was looked up, numbers by the shortest text that reads back as their bits.
        scenario: input::hash(format!("{:?}", read.scenario).as_bytes()),
        inputs: inputs.map(|input| (name(&input.path), input.sha256.clone())).collect(),
    }
}

/// The instructions that sums are made with.
fn machine() -> String {
    #[cfg(target_arch = "x86_64")]
    let wide = std::arch::is_x86_feature_detected!("fma");
    #[cfg(not(target_arch = "x86_64"))]
    let wide = true;
    format!("{}{}", std::env::consts::ARCH, if wide { "" } else { " without fma" })
}

/// What a user should know of the checkpoint before the run begins.
fn remark(found: &Found, checkpoint: &Checkpoint, resume: bool) -> Option<String> {
    let path = checkpoint.path().display();
    match (found, resume) {
        (Found::Nothing, false) => None,
        (Found::Nothing, true) => {
            Some(format!("{path}: no finished draws to go on from; the run begins anew"))
        }
        (Found::Draws(draws), true) => {
            Some(format!("{path}: going on from {draws} finished draws"))
        }
        (Found::Draws(draws), false) => Some(format!(
            "{path}: an earlier run left {draws} finished draws; the run begins anew, --resume would go on from them"
        )),
        (Found::Useless(why), false) => Some(format!(
            "{path}: finished draws of an earlier run are dropped: {why}; the run begins anew"
        )),
        // Refused before.
        (Found::Useless(_), true) => None,
        (Found::Closed(why), _) => Some(format!("{why}; finished draws of this run are not kept")),
    }
}

/// Draws of another run are the work of hours, perhaps: they are dropped on a word only.
fn of_another_run(checkpoint: &Checkpoint, why: &str) -> Fault {
    let text = format!("its finished draws cannot be gone on from: {why}");
    Fault::new(Location::whole(checkpoint.path()), text).help(
        "give the scenario, seed and --draws that it was begun with; without --resume the run begins anew and its draws are dropped",
    )
}

fn go_on(checkpoint: &Checkpoint) -> String {
    let path = checkpoint.path().display();
    format!(
        "stopped before the end; no results were written\n  help: finished draws are kept in {path}; the same command with --resume goes on from them"
    )
}
