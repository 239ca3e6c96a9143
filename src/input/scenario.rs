//! Scenario files: TOML text becomes a checked [`Scenario`] on its table.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::TextFile;
use super::document::{Document, Located, Section};
use super::map::MapFile;
use super::sheet::Sheet;
use super::table::{self, Finder};
use crate::fault::{Fault, Faults, Location};
use crate::labels::{Axis, Label, comparable, suggestion};
use crate::relocation::{Move, MoveError, Suppliers, Technology};
use crate::scenario::{
    Baseline, DemandPath, EfficiencyPath, Growth, Horizon, PlannedMove, Scenario, SizePath,
    Trajectory,
};
use crate::table::treatment::{ErrorColumn, Inventories};
use crate::table::{InputFile, Table, treatment};

/// Version of scenario files that this program reads.
const VERSION: i64 = 1;

/// A scenario with its table and what is needed to tell where a later fault stands.
pub struct ReadScenario {
    /// The scenario.
    pub scenario: Scenario,
    /// The table, after the scenario's treatment of its columns.
    pub table: Table,
    /// The files of the scenario itself.
    pub inputs: Vec<InputFile>,
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
    if root.has("irio_table") {
        let fault = Fault::new(Location::whole(path), "describes a table, not a scenario");
        return Err(fault
            .help("look at it with `irio check`; `irio init scenario` writes a scenario for it")
            .into());
    }
    let finder = Finder::new(path, data);
    let read = scenario(&root, &finder, data);
    root.finish();
    let faults = document.take_faults();
    match read {
        Some((scenario, table, places, mut inputs)) if faults.is_empty() => {
            inputs.insert(0, file.record());
            Ok(ReadScenario { scenario, table, inputs, places })
        }
        _ if faults.is_empty() => {
            Err(Fault::new(Location::whole(path), "the scenario could not be read").into())
        }
        _ => Err(faults),
    }
}

type Parts = (Scenario, Table, Vec<Location>, Vec<InputFile>);

fn scenario(root: &Section<'_>, finder: &Finder, data: Option<&Path>) -> Option<Parts> {
    let document = root.document();
    root.require("irio_scenario");
    if let Some(version) = root.integer("irio_scenario")
        && version.value != VERSION
    {
        let text =
            format!("this scenario is of version {}, this irio reads {VERSION}", version.value);
        document.push(Fault::new(version.at, text));
    }
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
    let context = table.as_ref().map(|table| Context { table, finder });
    let classes = classes(root, context.as_ref(), &mut inputs);
    let horizon = horizon(root, table.as_ref());
    let baseline = baseline(root, context.as_ref());
    let mut moves = Vec::new();
    for section in root.sections("relocate") {
        moves.extend(
            relocate(&section, context.as_ref(), &classes, horizon.is_some()).unwrap_or_default(),
        );
        section.finish();
    }
    let table = table?;
    let scenario = Scenario {
        name: name?.value,
        description,
        moves: moves.iter().map(|(planned, _)| planned.clone()).collect(),
        horizon,
        baseline,
        error_column,
        inventories,
    };
    together(&scenario, &table, &moves, root);
    let places = moves.into_iter().map(|(_, at)| at).collect();
    let at =
        root.section("switches").map_or_else(|| root.at(), |section| section.at_key("inventories"));
    let treated = treatment::apply(table.into_parts(), error_column, inventories)
        .map_err(|error| Fault::new(at, error.to_string()).help("use inventories = \"exogenous\""));
    let table = document.keep(treated)?.check().ok()?;
    Some((scenario, table, places, inputs))
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
            texts.iter().filter_map(|text| self.position(axis, text, section)).collect()
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

fn baseline(root: &Section<'_>, context: Option<&Context<'_>>) -> Baseline {
    let mut baseline = Baseline::default();
    let Some(section) = root.section("baseline") else { return baseline };
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
    section.finish();
    baseline
}

/// A growth path that is about no column is a mistake: mostly a region given for national columns.
fn refuse_idle(path: &DemandPath, context: &Context<'_>, section: &Section<'_>) {
    let columns = &context.table.final_demand().columns;
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
            let fault = Fault::new(rate.at, format!("{key} is {} a year", rate.value));
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

/// One `[[relocate]]`: a move for each of its sectors and origins.
fn relocate(
    section: &Section<'_>,
    context: Option<&Context<'_>>,
    classes: &Classes,
    has_horizon: bool,
) -> Option<Vec<(PlannedMove, Location)>> {
    let document = section.document();
    let size = size(section, has_horizon);
    let (technology_words, suppliers_words) = how(section, context);
    let exports = section.flag("exports").unwrap_or(true);
    section.require("from");
    section.require("to");
    let (from, to) = (section.texts("from"), section.text("to"));
    let (sector, class) = (section.texts("sector"), section.text("class"));
    for (key, list) in [("from", &from), ("sector", &sector)] {
        if list.as_ref().is_some_and(Vec::is_empty) {
            let fault = Fault::new(
                section.at_key(key),
                format!("{key} is an empty list, so nothing moves"),
            );
            document.push(fault.help("name at least one, or delete the [[relocate]]"));
        }
    }
    let context = context?;
    let industries = context.table.industries();
    let sectors = match (sector, class) {
        (Some(texts), None) => context.positions(&industries.sectors, Some(texts), section)?,
        (None, Some(class)) => match classes.get(&comparable(&class.value)) {
            Some((_, sectors)) => sectors.clone(),
            None => {
                let names: Vec<&str> = classes.values().map(|(name, _)| name.as_str()).collect();
                let help = match suggestion(&class.value, names.iter().copied()) {
                    Some(near) => format!("did you mean {near:?}?"),
                    None if names.is_empty() => {
                        "no class is defined: add [classes] or classes_file".to_owned()
                    }
                    None => format!("classes are {}", names.join(", ")),
                };
                document.push(
                    Fault::new(class.at, format!("unknown class {:?}", class.value)).help(help),
                );
                return None;
            }
        },
        _ => {
            let fault = Fault::new(section.at(), "needs either \"sector\" or \"class\"");
            document.push(
                fault.help("sector = \"...\" moves one sector, class = \"...\" all of a class"),
            );
            return None;
        }
    };
    let origins = context.positions(&industries.regions, from.clone(), section)?;
    let to_at = to?;
    let destination = context.position(&industries.regions, &to_at, section)?;
    for (origin, text) in origins.iter().zip(from.unwrap_or_default()) {
        if *origin == destination {
            let text_of = format!(
                "a move from {0} to {0} moves nothing",
                industries.regions.code(destination)
            );
            document.push(Fault::new(text.at, text_of).help("name two different regions"));
        }
    }
    let size = size?;
    if sectors.len() * origins.len() > 1 && matches!(size, SizePath::Amount(_)) {
        let fault = Fault::new(
            section.at(),
            format!("an amount for {} sectors and origins", sectors.len() * origins.len()),
        );
        document.push(fault.help(
            "an amount needs one sector and one origin; use share, or one [[relocate]] each",
        ));
        return None;
    }
    let (technology, suppliers) = (technology_words?, suppliers_words?);
    let mut moves = Vec::new();
    for &from in &origins {
        for &sector in &sectors {
            let mv = Move { sector, from, to: destination, technology, suppliers, exports };
            moves.push((PlannedMove { mv, size: size.clone() }, section.at()));
        }
    }
    Some(moves)
}

#[derive(Clone, Copy, PartialEq)]
enum Word {
    Destination,
    Origin,
    Mix,
    Best,
}

/// Technology and suppliers of the plants.
fn how(
    section: &Section<'_>,
    context: Option<&Context<'_>>,
) -> (Option<Technology>, Option<Suppliers>) {
    let document = section.document();
    let words = [("destination", Word::Destination), ("origin", Word::Origin), ("mix", Word::Mix)];
    let with_best = [words.as_slice(), &[("best", Word::Best)]].concat();
    let default = |has: bool| (!has).then_some(Word::Destination);
    let technology = section
        .word("technology", &with_best)
        .map(|w| w.value)
        .or(default(section.has("technology")));
    let suppliers =
        section.word("sourcing", &words).map(|w| w.value).or(default(section.has("sourcing")));
    let share = |key: &'static str, wanted: bool| {
        if wanted {
            section.require(key);
        }
        let share = section.number(key)?;
        if !wanted {
            let word = if key == "technology_mix" { "technology" } else { "sourcing" };
            let fault = Fault::new(
                share.at.clone(),
                format!("{key} without {word} = \"mix\" has no effect"),
            );
            document.push(fault.help(format!("write {word} = \"mix\", or delete the line")));
        }
        if !(0.0..=1.0).contains(&share.value) {
            let fault = Fault::new(share.at, format!("{key} is {}", share.value));
            document.push(fault.help("the share of the destination's, from 0 to 1"));
            return None;
        }
        Some(share.value)
    };
    let technology_mix = share("technology_mix", technology == Some(Word::Mix));
    let sourcing_mix = share("sourcing_mix", suppliers == Some(Word::Mix));
    if technology == Some(Word::Best) {
        section.require("best_for");
    }
    let best_for = section.text("best_for");
    if let Some(text) =
        best_for.as_ref().filter(|_| technology.is_some() && technology != Some(Word::Best))
    {
        let fault =
            Fault::new(text.at.clone(), "best_for without technology = \"best\" has no effect");
        document.push(fault.help("write technology = \"best\", or delete the line"));
    }
    let best = context
        .zip(best_for)
        .and_then(|(context, text)| context.position(&context.stressors(), &text, section));
    let technology = technology.and_then(|word| match word {
        Word::Destination => Some(Technology::Destination),
        Word::Origin => Some(Technology::Origin),
        Word::Mix => technology_mix.map(Technology::Mix),
        Word::Best => best.map(Technology::Best),
    });
    let suppliers = suppliers.and_then(|word| match word {
        Word::Origin => Some(Suppliers::Origin),
        Word::Mix => sourcing_mix.map(Suppliers::Mix),
        _ => Some(Suppliers::Destination),
    });
    (technology, suppliers)
}

/// `share` or `amount`; an amount in physical units needs a price in the table's money.
fn size(section: &Section<'_>, has_horizon: bool) -> Option<SizePath> {
    let document = section.document();
    let (share, amount, price) =
        (section.path("share"), section.path("amount"), section.number("price"));
    for by_year in [&share, &amount].into_iter().flatten().filter(|_| !has_horizon) {
        if matches!(by_year.value, Trajectory::ByYear(_)) {
            let fault =
                Fault::new(by_year.at.clone(), "numbers by year, but there is no [horizon]");
            document.push(fault.help("add [horizon] with end = YEAR, or give one number"));
        }
    }
    if let Some(price) = &price {
        if price.value <= 0.0 {
            document.push(Fault::new(
                price.at.clone(),
                format!("price is {}; it must be positive", price.value),
            ));
        }
        if amount.is_none() {
            let fault = Fault::new(price.at.clone(), "price without amount has no effect");
            document.push(fault.help("price turns a physical amount into the table's money"));
        }
    }
    match (share, amount) {
        (Some(share), None) => {
            if let Some(wrong) =
                share.value.numbers().into_iter().find(|value| !(0.0..=1.0).contains(value))
            {
                let fault = Fault::new(share.at, format!("share is {wrong}"));
                let percent = if (1.0..=100.0).contains(&wrong) {
                    format!(" ({} for {wrong} %)", wrong / 100.0)
                } else {
                    String::new()
                };
                document.push(
                    fault.help(format!("a share of the industry's sales, from 0 to 1{percent}")),
                );
                return None;
            }
            Some(SizePath::Share(share.value))
        }
        (None, Some(amount)) => {
            if let Some(wrong) = amount.value.numbers().into_iter().find(|value| *value < 0.0) {
                let fault =
                    Fault::new(amount.at, format!("amount is {wrong}; it may not be negative"));
                document.push(fault.help("exchange from and to for a move the other way"));
                return None;
            }
            let price = price.map_or(1.0, |price| price.value);
            Some(SizePath::Amount(match amount.value {
                Trajectory::Constant(value) => Trajectory::Constant(value * price),
                Trajectory::ByYear(points) => Trajectory::ByYear(
                    points.into_iter().map(|(year, value)| (year, value * price)).collect(),
                ),
            }))
        }
        (Some(_), Some(amount)) => {
            let fault = Fault::new(amount.at, "both \"share\" and \"amount\" are given");
            document.push(fault.help("one of them says how much moves; delete the other"));
            None
        }
        _ if section.has("share") || section.has("amount") => None,
        _ => {
            let fault = Fault::new(section.at(), "needs either \"share\" or \"amount\"");
            document.push(fault.help("share = 0.3 moves 30 % of the industry's sales; amount is output in the table's unit"));
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
