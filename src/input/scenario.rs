//! Scenario files: TOML text becomes a checked [`Scenario`] on its table.

mod density;
mod gate;
mod groups;
mod moves;
mod names;
mod pairs;
mod realism;
mod target;
mod uncertainty;

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::TextFile;
use super::document::{Document, Located, Section};
use super::kind::Kind;
use super::map::MapFile;
use super::sheet::Sheet;
use super::table::{self, Finder};
use crate::fault::{Fault, Faults, Location};
use crate::labels::{Axis, Label, comparable};
use crate::relocation::{Move, MoveError};
use crate::scenario::{
    Baseline, DemandPath, EfficiencyPath, Growth, Horizon, PlannedMove, Scenario, SizePath,
    Trajectory,
};
use crate::table::treatment::{ErrorColumn, Inventories};
use crate::table::{InputFile, Table, treatment};
use crate::text::exact;

pub use gate::{Gate, Opening};

/// A scenario with its table and what is needed to tell where a later fault stands.
pub struct ReadScenario {
    /// The scenario.
    pub scenario: Scenario,
    /// The table, after the scenario's treatment of its columns.
    pub table: Table,
    /// The files of the scenario itself.
    pub inputs: Vec<InputFile>,
    /// Moves that wait for a location game.
    pub gates: Vec<Gate>,
    places: Vec<Location>,
}

impl ReadScenario {
    /// Faults at the places of the moves that errors are about.
    pub fn locate(&self, errors: &[MoveError]) -> Faults {
        let mut faults = Faults::default();
        for error in errors {
            let at = self.places.get(error.index()).cloned();
            faults.push(Fault::new(
                at.unwrap_or_else(|| Location::whole("scenario")),
                error.to_string(),
            ));
        }
        faults
    }
}

/// Most moves: each answers each of the others.
const MOST_MOVES: usize = 4096;

/// Reads a scenario file and the table it names.
///
/// # Errors
/// Everything wrong with both, each with its line.
pub fn read(path: &Path, data: Option<&Path>) -> Result<ReadScenario, Faults> {
    let file = TextFile::read(path)?;
    if path.extension().is_none_or(|extension| extension != "toml") {
        let fault =
            Fault::new(Location::whole(path), "is not a scenario: a scenario is a .toml file");
        return Err(fault.help("`irio init scenario` writes one").into());
    }
    let document = Document::new(&file);
    let root = document.root()?;
    Kind::Scenario.expect(&root)?;
    let finder = Finder::new(path, data);
    let read = scenario(&root, &finder, data);
    root.finish();
    let faults = document.take_faults();
    match read {
        Some((scenario, table, places, mut inputs, gates)) if faults.is_empty() => {
            inputs.insert(0, file.record());
            Ok(ReadScenario { scenario, table, inputs, gates, places })
        }
        _ if faults.is_empty() => {
            Err(Fault::new(Location::whole(path), "the scenario could not be read").into())
        }
        _ => Err(faults),
    }
}

type Parts = (Scenario, Table, Vec<Location>, Vec<InputFile>, Vec<Gate>);

fn scenario(root: &Section<'_>, finder: &Finder, data: Option<&Path>) -> Option<Parts> {
    let document = root.document();
    let name = root.required_text("name");
    if let Some(name) = name.as_ref().filter(|name| name.value.trim().is_empty()) {
        document.push(
            Fault::new(name.at.clone(), "the name is empty")
                .help("it names the folder of the results"),
        );
    }
    let description = root.text("description").map(|text| text.value).unwrap_or_default();
    let table_path = root.required_text("table").and_then(|text| find_table(&text, finder, root));
    let table = table_path.and_then(|path| document.absorb(table::read(&path, data)));
    let (error_column, inventories) = switches(root);
    let mut inputs = Vec::new();
    // Without a table no name can be looked up, but the rest of the file is still read for faults.
    let context = table.as_ref().map(|table| Context { table, finder, data });
    let classes = classes(root, context.as_ref(), &mut inputs);
    let mut groups = groups::groups(root, context.as_ref());
    let horizon = horizon(root, table.as_ref());
    let (baseline, grows) = baseline(root, context.as_ref(), horizon);
    let density = root.section("density").map(|section| {
        let density = density::density(&section, context.as_ref(), &classes, &mut inputs);
        section.finish();
        density
    });
    let has_density = density.is_some();
    let density = density.flatten();
    let uncertainty = root.section("uncertainty").and_then(|section| {
        let found = uncertainty::uncertainty(
            &section,
            context.as_ref(),
            (density.as_ref(), has_density),
            grows,
            &mut inputs,
        );
        section.finish();
        found
    });
    let (mut moves, mut gates) = (Vec::new(), Vec::new());
    for section in root.sections("relocate") {
        let found =
            moves::relocate(&section, context.as_ref(), &classes, (root.has("horizon"), horizon));
        let (found, gate) = found.unwrap_or_default();
        moves.extend(found);
        gates.extend(gate);
        section.finish();
        if moves.len() > MOST_MOVES {
            let fault =
                Fault::new(section.at(), format!("more than {MOST_MOVES} moves in one scenario"));
            document.push(fault.help("moves between the same regions may be put together"));
            break;
        }
    }
    let mut targets: Vec<_> = root
        .sections("target")
        .iter()
        .filter_map(|section| {
            let found = target::target(section, context.as_ref(), horizon);
            section.finish();
            found
        })
        .collect();
    let label = names::names(root, name.as_ref(), &mut groups, &mut targets);
    for input in gates.iter().flat_map(|gate: &Gate| &gate.inputs) {
        if !inputs.contains(input) {
            inputs.push(input.clone());
        }
    }
    let realism = root.section("realism").map(|section| {
        let moves: Vec<Move> = moves.iter().map(|(planned, _)| planned.mv).collect();
        realism::realism(&section, context.as_ref(), &moves, &mut inputs)
    });
    let table = table?;
    let scenario = Scenario {
        targets,
        realism: realism.unwrap_or_default(),
        name: name?.value,
        label,
        description,
        groups,
        moves: moves.iter().map(|(planned, _)| planned.clone()).collect(),
        horizon,
        baseline,
        error_column,
        inventories,
        density,
        uncertainty,
    };
    together(&scenario, &table, &moves, root);
    let places = moves.into_iter().map(|(_, at)| at).collect();
    let at =
        root.section("switches").map_or_else(|| root.at(), |section| section.at_key("inventories"));
    let treated = treatment::apply(table.into_parts(), error_column, inventories)
        .map_err(|error| Fault::new(at, error.to_string()).help("use inventories = \"exogenous\""));
    let table = document.keep(treated)?.check().ok()?;
    Some((scenario, table, places, inputs, gates))
}

/// A table may be a folder, so the finder's rule is applied to a path that need not be a file.
fn find_table(text: &Located<String>, finder: &Finder, root: &Section<'_>) -> Option<PathBuf> {
    let found = finder.find(text).map_err(|fault| {
        Fault::new(text.at.clone(), format!("there is no table {:?}", text.value))
            .help(fault_help(&fault, "paths are relative to the scenario file"))
    });
    root.document().keep(found)
}

fn fault_help(fault: &Fault, more: &str) -> String {
    let shown = fault.to_string();
    let help = shown.rsplit("help: ").next().unwrap_or_default();
    format!("{help}; {more}")
}

fn switches(root: &Section<'_>) -> (ErrorColumn, Inventories) {
    let Some(section) = root.section("switches") else { return Default::default() };
    let error = section.word(
        "error_column",
        &[
            ("keep", ErrorColumn::Keep),
            ("to_final", ErrorColumn::ToFinal),
            ("to_inventory", ErrorColumn::ToInventory),
            ("drop", ErrorColumn::Drop),
        ],
    );
    let inventories = section.word(
        "inventories",
        &[("exogenous", Inventories::Exogenous), ("as_final", Inventories::AsFinal)],
    );
    section.finish();
    (
        error.map(|word| word.value).unwrap_or_default(),
        inventories.map(|word| word.value).unwrap_or_default(),
    )
}

struct Context<'a> {
    table: &'a Table,
    finder: &'a Finder,
    data: Option<&'a Path>,
}

impl Context<'_> {
    fn position(
        &self,
        axis: &Axis,
        text: &Located<String>,
        section: &Section<'_>,
    ) -> Option<usize> {
        let found = axis.position(&text.value);
        let found = found
            .map_err(|error| Fault::new(text.at.clone(), error.to_string()).help(error.help()));
        section.document().keep(found)
    }

    fn positions(
        &self,
        axis: &Axis,
        texts: Option<Vec<Located<String>>>,
        section: &Section<'_>,
    ) -> Option<Vec<usize>> {
        texts.map(|texts| {
            let mut found = Vec::new();
            for text in &texts {
                match self.position(axis, text, section) {
                    Some(at) if found.contains(&at) => {
                        let message = format!("{:?} stands twice in the list", text.value);
                        let fault = Fault::new(text.at.clone(), message);
                        section.document().push(fault.help("name it once"));
                    }
                    at => found.extend(at),
                }
            }
            found
        })
    }

    fn categories(&self) -> Axis {
        let labels: Vec<Label> = self
            .table
            .final_demand()
            .categories
            .iter()
            .map(|category| category.label.clone())
            .collect();
        axis("category", labels)
    }

    fn stressors(&self) -> Axis {
        axis(
            "stressor",
            self.table.extensions().iter().map(|extension| extension.label.clone()).collect(),
        )
    }
}

/// An axis of labels of a checked table, which has no code twice.
fn axis(kind: &'static str, labels: Vec<Label>) -> Axis {
    Axis::new(kind, labels).unwrap_or_else(|_| Axis::empty(kind))
}

type Classes = BTreeMap<String, (String, Vec<usize>)>;

/// Classes of sectors: written in the file, or in a map file of sectors and classes.
fn classes(
    root: &Section<'_>,
    context: Option<&Context<'_>>,
    inputs: &mut Vec<InputFile>,
) -> Classes {
    let document = root.document();
    let mut classes = Classes::new();
    let mut add = |class: &str, sector: usize| {
        let entry =
            classes.entry(comparable(class)).or_insert_with(|| (class.to_owned(), Vec::new()));
        if !entry.1.contains(&sector) {
            entry.1.push(sector);
        }
    };
    if let Some(text) = root.text("classes_file")
        && let Some(context) = context
    {
        let sectors = &context.table.industries().sectors;
        let map = document.keep(context.finder.find(&text)).and_then(|path| {
            let file = document.keep(TextFile::read(&path))?;
            inputs.push(file.record());
            document.absorb(document.keep(Sheet::of(&file)).map(MapFile::of)?)
        });
        for (at, entry) in map.iter().flat_map(|map| map.entries().iter().enumerate()) {
            match sectors.position(&entry.from) {
                Ok(sector) => add(&entry.to.code, sector),
                Err(error) => {
                    let place = map.as_ref().map_or_else(|| text.at.clone(), |map| map.at(at));
                    document.push(Fault::new(place, error.to_string()).help(error.help()));
                }
            }
        }
    }
    if let Some(section) = root.section("classes")
        && let Some(context) = context
    {
        for (class, sectors) in section.entries() {
            if sectors.is_empty() {
                let fault = Fault::new(
                    class.at.clone(),
                    format!("the class {:?} has no sector", class.value),
                );
                document.push(fault.help("name at least one, or delete the class"));
            }
            for sector in sectors {
                if let Some(at) =
                    context.position(&context.table.industries().sectors, &sector, &section)
                {
                    add(&class.value, at);
                }
            }
        }
    }
    classes
}

fn horizon(root: &Section<'_>, table: Option<&Table>) -> Option<Horizon> {
    let section = root.section("horizon")?;
    let document = root.document();
    section.require("end");
    let (start, end) = (section.year("start"), section.year("end"));
    section.finish();
    let table_year = table.map(|table| table.meta().year);
    let start = start.or_else(|| table_year.map(|value| Located { value, at: section.at() }))?;
    let end = end?;
    if let Some(year) = table_year
        && start.value < year
    {
        let text = format!("the horizon starts in {}, before the table's year {year}", start.value);
        document.push(Fault::new(start.at, text));
        return None;
    }
    if end.value < start.value {
        let text =
            format!("the horizon ends in {}, before it starts in {}", end.value, start.value);
        document.push(Fault::new(end.at, text));
        return None;
    }
    if end.value - start.value > 200 {
        let text = "a horizon of more than 200 years".to_owned();
        document.push(Fault::new(end.at, text));
        return None;
    }
    Some(Horizon { start: start.value, end: end.value })
}

/// `[baseline]`, and whether it has paths of demand, be they faulty.
fn baseline(
    root: &Section<'_>,
    context: Option<&Context<'_>>,
    horizon: Option<Horizon>,
) -> (Baseline, bool) {
    let mut baseline = Baseline::default();
    let Some(section) = root.section("baseline") else { return (baseline, false) };
    let growth = |section: &Section<'_>, key, least| {
        let found = growth(section, key, least);
        if let (Some(Growth::Index(path)), Some(context)) = (&found, context) {
            check_index(path, section, context, horizon);
        }
        found
    };
    if !root.has("horizon") {
        let fault = Fault::new(section.at(), "[baseline] has growth, but there is no [horizon]");
        root.document()
            .push(fault.help("add [horizon] with end = YEAR, or leave the baseline out"));
    }
    for demand in section.sections("demand") {
        let growth = growth(&demand, "growth", -1.0);
        let (regions, categories) = (demand.texts("region"), demand.texts("category"));
        if let (Some(context), Some(growth)) = (context, growth) {
            let path = DemandPath {
                regions: context.positions(&context.table.industries().regions, regions, &demand),
                categories: context.positions(&context.categories(), categories, &demand),
                growth,
            };
            refuse_idle(&path, context, &demand);
            baseline.demand.push(path);
        }
        demand.finish();
    }
    for efficiency in section.sections("efficiency") {
        let growth = growth(&efficiency, "rate", f64::NEG_INFINITY);
        let stressors = efficiency.texts("stressor");
        let (regions, sectors) = (efficiency.texts("region"), efficiency.texts("sector"));
        if let (Some(context), Some(growth)) = (context, growth) {
            let industries = context.table.industries();
            baseline.efficiency.push(EfficiencyPath {
                stressors: context.positions(&context.stressors(), stressors, &efficiency),
                regions: context.positions(&industries.regions, regions, &efficiency),
                sectors: context.positions(&industries.sectors, sectors, &efficiency),
                growth,
            });
        }
        efficiency.finish();
    }
    for section in section.sections("households") {
        let growth = growth(&section, "growth", -1.0);
        baseline.households.extend(target::households(&section, context, growth));
        section.finish();
    }
    section.finish();
    (baseline, section.has("demand"))
}

/// Tells an index that is about other years than the run, or not 1 in the table's year.
fn check_index(
    path: &Trajectory,
    section: &Section<'_>,
    context: &Context<'_>,
    horizon: Option<Horizon>,
) {
    let Trajectory::ByYear(points) = path else { return };
    let year = context.table.meta().year;
    let told = points.iter().find_map(|(at, level)| match at.cmp(&year) {
        Ordering::Less => Some(format!("the index has {at}, before the table's year {year}")),
        Ordering::Equal if *level != 1.0 => {
            Some(format!("the index is {} in {year}, the table's own year", exact(*level)))
        }
        _ => None,
    });
    match told {
        Some(text) => {
            let fault = Fault::new(section.at_key("index"), text);
            section
                .document()
                .push(fault.help("levels are relative to the table's year, which is 1"));
        }
        None => refuse_outside(path, section, "index", (context, horizon)),
    }
}

/// Tells numbers by year all of which lie before the table's year or after the run.
fn refuse_outside(
    path: &Trajectory,
    section: &Section<'_>,
    key: &'static str,
    (context, horizon): (&Context<'_>, Option<Horizon>),
) {
    let (Trajectory::ByYear(points), Some(horizon)) = (path, horizon) else { return };
    let year = context.table.meta().year;
    let text = if points.iter().all(|(at, _)| *at > horizon.end) {
        format!("every year of {key} is after {}, the last of the run", horizon.end)
    } else if points.iter().all(|(at, _)| *at < year) {
        format!("every year of {key} is before {year}, the table's")
    } else {
        return;
    };
    let fault = Fault::new(section.at_key(key), text);
    section.document().push(fault.help("name a year of the run"));
}

/// A growth path that is about no column is a mistake: mostly a region given for national columns.
fn refuse_idle(path: &DemandPath, context: &Context<'_>, section: &Section<'_>) {
    let columns = &context.table.final_demand().columns;
    let unknown = |list: &Option<Vec<usize>>| list.as_ref().is_some_and(Vec::is_empty);
    if unknown(&path.regions) || unknown(&path.categories) {
        // A name that is not known has been told.
        return;
    }
    if !columns.iter().any(|column| path.factor(column.region, column.category, 0, 0).is_some()) {
        let fault = Fault::new(
            section.at(),
            "no column of final demand is of these regions and categories",
        );
        section.document().push(
            fault.help(
                "national columns (exports, inventories ...) have no region: leave region out",
            ),
        );
    }
}

/// A yearly rate under `key`, or `index` with levels by year.
fn growth(section: &Section<'_>, key: &'static str, least: f64) -> Option<Growth> {
    let document = section.document();
    let (rate, index) = (section.number(key), section.path("index"));
    match (rate, index) {
        (Some(rate), None) if rate.value > least && rate.value.abs() <= 1.0 => {
            Some(Growth::Rate(rate.value))
        }
        (Some(rate), None) => {
            let fault = Fault::new(rate.at, format!("{key} is {} a year", exact(rate.value)));
            document.push(fault.help("write a share, such as 0.05 for 5 % a year"));
            None
        }
        (None, Some(index)) => {
            if index.value.numbers().iter().any(|level| *level < 0.0) {
                document.push(Fault::new(index.at, "an index may not be negative"));
                return None;
            }
            Some(Growth::Index(index.value))
        }
        _ if section.has(key) != section.has("index") => None,
        _ => {
            let fault = Fault::new(section.at(), format!("needs either {key:?} or \"index\""));
            document.push(
                fault.help(format!(
                    "{key} = 0.05 is 5 % a year; index = {{ 2020 = 1.5 }} is a level"
                )),
            );
            None
        }
    }
}

/// Shares of all moves out of one row may not add to more than 1 in any year.
fn together(
    scenario: &Scenario,
    table: &Table,
    moves: &[(PlannedMove, Location)],
    root: &Section<'_>,
) {
    let industries = table.industries();
    let mut told = Vec::new();
    for year in scenario.years(table.meta().year) {
        let mut rows: BTreeMap<usize, (f64, usize)> = BTreeMap::new();
        for (index, (planned, _)) in moves.iter().enumerate() {
            if let SizePath::Share(path) = &planned.size {
                let entry = rows
                    .entry(industries.index(planned.mv.from, planned.mv.sector))
                    .or_insert((0.0, index));
                entry.0 += path.at(year, 0.0);
                entry.1 = index;
            }
        }
        for (row, (share, index)) in rows {
            if share > 1.0 + 1e-12 && !told.contains(&row) {
                told.push(row);
                let text = format!(
                    "the moves out of {} take {share:.4} of it in {year}",
                    industries.name(row)
                );
                let fault = Fault::new(moves[index].1.clone(), text);
                root.document().push(
                    fault.help("shares are of the baseline and simultaneous: at most 1 together"),
                );
            }
        }
    }
}
