//! Flows, final demand, output and units of a system, and the table that they make with its accounts.

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::path::Path;

use serde_json::Value;

use super::accounts::{self, Against, named};
use super::frame::{Frame, List, Shape};
use super::labels::{self, Labels, json};
use super::roles::role_of;
use super::source::{PARAMETERS, Source};
use super::{Wishes, lacking, own, units};
use crate::fault::{Fault, Faults, Location, Note, NoteCode};
use crate::input::complete::{Side, among, left_out};
use crate::input::numbers::{rearranged, too_many};
use crate::input::title::year_in;
use crate::labels::{Axis, Industries, Label};
use crate::linalg::Matrix;
use crate::linalg::system::{System, SystemError};
use crate::table::beside::Beside;
use crate::table::{
    Category, DemandColumn, FinalDemand, Imports, Meta, NATIONAL, RawTable, Role, ValueAdded,
};
use crate::text::exact;
use crate::units::{PriceBase, Unit};

/// Header lines and columns of labels of the matrices between industries.
const MATRIX: Shape = Shape { headers: 2, labels: Some(2) };

/// Positions of the texts of a system.
pub(super) struct Places {
    pub(super) industries: Industries,
    regions: HashMap<String, usize>,
    sectors: HashMap<String, usize>,
    categories: HashMap<String, usize>,
}

/// Texts of a level in order of first appearance.
fn in_order<'t>(
    texts: impl Iterator<Item = &'t String>,
) -> (Vec<&'t String>, HashMap<String, usize>) {
    let (mut order, mut places) = (Vec::new(), HashMap::new());
    for text in texts {
        if !places.contains_key(text) {
            places.insert(text.clone(), order.len());
            order.push(text);
        }
    }
    (order, places)
}

impl Places {
    fn of(flows: &Frame, demand: &Frame, labels: &Labels) -> Result<Self, Faults> {
        let level = |at: usize| flows.index.iter().map(move |labels| &labels[at]);
        let (region_texts, regions) = in_order(level(0).chain(&flows.heads[0]));
        let (sector_texts, sectors) = in_order(level(1).chain(&flows.heads[1]));
        let (_, categories) = in_order(demand.heads[1].iter());
        let mut faults = Faults::default();
        let mut axis = |kind: &'static str, texts: &[&String]| {
            if texts.iter().any(|text| text.trim().is_empty()) {
                let fault = Fault::new(flows.place.whole(), format!("a {kind} without a name"));
                faults.push(fault.help("name region and sector in every line and column"));
            }
            let labels = texts.iter().map(|text| labels.label(kind, text));
            let axis = Axis::new(kind, labels);
            faults.keep(axis.map_err(|error| Fault::new(flows.place.whole(), error.to_string())))
        };
        let axes = (axis("region", &region_texts), axis("sector", &sector_texts));
        let (Some(region_axis), Some(sector_axis)) = axes else { return Err(faults) };
        let industries = Industries { regions: region_axis, sectors: sector_axis };
        if let Some(fault) = too_many(&industries, flows.index.len(), flows.place.whole()) {
            faults.push(fault);
        }
        faults.into_result(Places { industries, regions, sectors, categories })
    }

    /// The industry of a region and a sector.
    pub(super) fn industry(
        &self,
        region: &str,
        sector: &str,
        at: Location,
    ) -> Result<usize, Fault> {
        let unknown = |kind: &str, text: &str| {
            Fault::new(at.clone(), format!("no industry is of {kind} {text:?}"))
                .help("the industries are those of the lines and columns of Z")
        };
        let region = self.regions.get(region).ok_or_else(|| unknown("region", region))?;
        let sector = self.sectors.get(sector).ok_or_else(|| unknown("sector", sector))?;
        Ok(self.industries.index(*region, *sector))
    }

    fn each(
        &self,
        count: usize,
        one: impl Fn(usize) -> (Result<usize, Fault>, Location),
    ) -> Result<Vec<usize>, Faults> {
        let (mut faults, mut found) = (Faults::default(), Vec::with_capacity(count));
        let mut seen = vec![false; self.industries.len()];
        for at in 0..count {
            let (industry, place) = one(at);
            let Some(industry) = faults.keep(industry) else { continue };
            if std::mem::replace(&mut seen[industry], true) {
                let text = format!("{} stands twice", self.industries.name(industry));
                faults.push(Fault::new(place, text));
            }
            found.push(industry);
        }
        faults.into_result(found)
    }

    /// The industries that head the columns of a frame.
    pub(super) fn industries_above(&self, frame: &Frame) -> Result<Vec<usize>, Faults> {
        self.each(frame.values.shape().1, |at| {
            let place = frame.at_head(1, at);
            (self.industry(&frame.heads[0][at], &frame.heads[1][at], place.clone()), place)
        })
    }

    /// The industries that begin the rows of a frame.
    fn industries_beside(&self, frame: &Frame) -> Result<Vec<usize>, Faults> {
        self.each(frame.index.len(), |at| {
            let place = frame.at_label(at, 1);
            (self.industry(&frame.index[at][0], &frame.index[at][1], place.clone()), place)
        })
    }

    /// The region and the column of final demand that head a column of a frame: no region for a national
    /// one, no column where Y has no such category.
    pub(super) fn demand_column(
        &self,
        frame: &Frame,
        at: usize,
    ) -> Result<(Option<usize>, Option<DemandColumn>), Fault> {
        let text = &frame.heads[0][at];
        let region = match self.regions.get(text) {
            Some(region) => Some(*region),
            None if text.eq_ignore_ascii_case(NATIONAL) => None,
            None => {
                let fault =
                    Fault::new(frame.at_head(0, at), format!("no industry is of region {text:?}"));
                return Err(fault.help(format!(
                    "final demand is of a region of Z, or of {NATIONAL:?} if it is of none"
                )));
            }
        };
        let category = self.categories.get(&frame.heads[1][at]);
        Ok((region, category.map(|category| DemandColumn { region, category: *category })))
    }
}

/// Tells header lines and columns of labels that no matrix between industries has.
fn check_shapes(parameters: &Value, source: &Source) -> Result<(), Faults> {
    let mut faults = Faults::default();
    for (name, key) in
        ["Z", "A", "Y"].into_iter().flat_map(|name| [(name, "nr_header"), (name, "nr_index_col")])
    {
        let value = parameters.get("files").and_then(|files| files.get(name)?.get(key));
        let Some(value) =
            value.filter(|value| !["2", "\"2\""].contains(&value.to_string().as_str()))
        else {
            continue;
        };
        let text = format!("{key} of {name:?} is {value}, expected 2");
        let fault = Fault::new(source.place(PARAMETERS).whole(), text);
        faults.push(fault.help("regions and sectors head two lines and two columns"));
    }
    faults.into_result(())
}

/// Name of the file of a frame: the one in the parameters, else the usual one if it is there.
pub(super) fn file_name(
    source: &Source,
    parameters: &Value,
    folder: &str,
    key: &str,
) -> Option<String> {
    let within = |name: &str| {
        if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
    };
    let told = named(parameters, key).filter(|name| !name.contains(['/', '\\']));
    let usual = || {
        ["txt", "parquet"]
            .map(|end| within(&format!("{key}.{end}")))
            .into_iter()
            .find(|name| source.has(name))
    };
    told.map(within).or_else(usual)
}

/// The frames of the system itself.
struct Core {
    /// Flows, or input coefficients.
    flows: Frame,
    coefficients: bool,
    demand: Frame,
    output: Option<Frame>,
    population: Option<Frame>,
    unit: Option<List>,
}

impl Core {
    fn read(source: &mut Source, parameters: &Value) -> Result<Self, Faults> {
        let name = |key: &str| file_name(source, parameters, "", key);
        let (flows, coefficients) = match name("Z") {
            Some(name) => (Some(name), false),
            None => (name("A"), true),
        };
        let Some(flows) = flows else {
            let fault = Fault::new(Location::whole(source.path()), "has no Z.txt and no A.txt");
            return Err(fault.help("a system of pymrio has Z.txt or A.txt, and Y.txt").into());
        };
        let Some(demand) = name("Y") else {
            let fault = Fault::new(Location::whole(source.path()), "has no Y.txt: no final demand");
            return Err(fault.help("save the whole system with save_all").into());
        };
        let (output, population, unit) = (name("x"), name("population"), name("unit"));
        let mut faults = Faults::default();
        let column = Shape { headers: 1, labels: Some(2) };
        let row = Shape { headers: 1, labels: Some(1) };
        let flows = faults.absorb(Frame::read(source, &flows, MATRIX));
        let demand = faults.absorb(Frame::read(source, &demand, MATRIX));
        let mut one = |name: Option<String>, shape| match name {
            Some(name) => faults.absorb(Frame::read(source, &name, shape)),
            None => None,
        };
        let (output, population) = (one(output, column), one(population, row));
        let unit = unit.and_then(|name| faults.absorb(List::read(source, &name, b'\t')));
        let (Some(flows), Some(demand)) = (flows, demand) else { return Err(faults) };
        faults.into_result(Core { flows, coefficients, demand, output, population, unit })
    }

    /// What the table's file has another unit of money for.
    fn overruled(&self, wished: Option<&Unit>) -> Option<String> {
        let (list, wished) = (self.unit.as_ref()?, wished?);
        let mut texts = list.lines.iter().filter_map(units::stated);
        let other = texts.find(|text| text.parse().ok().as_ref() != Some(wished))?;
        Some(format!(
            "{} says that the unit is {other:?}; the table's file says {:?}, which is taken",
            list.place.file.display(),
            wished.to_string()
        ))
    }

    /// The unit of money: that of every line.
    fn money(&self, source: &Source, wished: Option<&Unit>) -> Result<Unit, Fault> {
        if let Some(unit) = wished {
            return Ok(unit.clone());
        }
        let unknown = || lacking(source, "unit of money", "unit = \"million EUR\"");
        let list = self.unit.as_ref().ok_or_else(unknown)?;
        let mut known =
            list.lines.iter().filter_map(|line| Some((line.line, units::stated(line)?)));
        let (line, first) = known.next().ok_or_else(unknown)?;
        let at = |line: u64| list.place.field(line, list.header.len());
        if let Some((other, text)) = known.find(|(_, text)| *text != first) {
            let text = format!("{text:?}, but the lines above are in {first:?}");
            return Err(Fault::new(at(other), text)
                .help("a table is in one unit; write a table's file with the unit that holds"));
        }
        first.parse().map_err(|error| Fault::new(at(line), format!("{error}")))
    }
}

/// Reads a system.
pub(super) fn read(source: &mut Source, wishes: &Wishes) -> Result<RawTable, Faults> {
    let parameters = labels::parameters(source, PARAMETERS)?;
    check_shapes(&parameters, source)?;
    let metadata = json(source, "metadata.json")?;
    let beside = labels::beside(&metadata, source)?;
    let labels = Labels::read(source)?;
    let core = Core::read(source, &parameters)?;
    let mut faults = Faults::default();
    let meta = faults.absorb(meta(source, &metadata, beside.as_ref(), &core, wishes));
    let places = Places::of(&core.flows, &core.demand, &labels)?;
    let columns = faults.absorb(demand_columns(&core.demand, &places));
    let categories = categories(&core.demand, &labels, wishes);
    let categories = faults.absorb(categories);
    let without_unit = core.unit.as_ref().map(|list| units::of_industries(list, &places));
    let without_unit = without_unit.and_then(|found| faults.absorb(found)).flatten();
    let parts = faults.absorb(numbers(core, &places, source.path()));
    let mut accounts = Vec::new();
    if let Some(columns) = &columns {
        // Where output is at fault, the accounts are read for their own faults.
        let output = parts
            .as_ref()
            .map_or_else(|| vec![0.0; places.industries.len()], |parts| parts.output.clone());
        let mut demand = vec![0.0; columns.len()];
        if let Some(parts) = &parts {
            for row in 0..places.industries.len() {
                parts.demand.each_in_row(row, |column, value| demand[column] += value);
            }
        }
        let against = Against { places: &places, columns, output: &output, demand: &demand };
        for folder in source.folders() {
            accounts.extend(faults.absorb(accounts::read(source, &folder, &against)));
        }
    }
    let (Some(mut meta), Some(columns), Some((categories, notes)), Some(parts)) =
        (meta, columns, categories, parts)
    else {
        return Err(faults);
    };
    faults.into_result(())?;
    meta.inputs = source.inputs();
    let named = |text: String| Note::new(NoteCode::SourceRule, format!("{}: {text}", meta.name));
    let notes: Vec<Note> = notes.into_iter().chain(without_unit).map(named).collect();
    meta.notes.extend(notes);
    let raw = RawTable {
        meta,
        flows: parts.flows,
        final_demand: FinalDemand { categories, columns, values: parts.demand },
        imports: Imports::None,
        value_added: ValueAdded {
            rows: Vec::new(),
            values: crate::linalg::Dense::zeros(0, places.industries.len()),
        },
        output: parts.output,
        extensions: Vec::new(),
        population: parts.population,
        industries: places.industries,
    };
    own::complete(raw, accounts, own::Told { wishes, beside: beside.as_ref(), labels: &labels })
}

fn meta(
    source: &Source,
    metadata: &Value,
    beside: Option<&Beside>,
    core: &Core,
    wishes: &Wishes,
) -> Result<Meta, Faults> {
    let mut faults = Faults::default();
    let text = |key: &str| metadata.get(key).and_then(Value::as_str).map(str::trim).unwrap_or("");
    let file = source.path().file_name().map(|name| name.to_string_lossy().into_owned());
    let file = file.unwrap_or_default();
    let stem = file.strip_suffix(".zip").unwrap_or(&file).to_owned();
    let own = beside.map(|beside| beside.name.clone());
    let found = [text("name").to_owned(), stem].into_iter().find(|name| !name.is_empty());
    let name = wishes.name.clone().or(own).or(found).unwrap_or_else(|| "table".to_owned());
    let year = wishes
        .year
        .or(beside.map(|beside| beside.year))
        .or_else(|| [text("name"), text("description"), &file].into_iter().find_map(year_in));
    let year = faults.keep(year.ok_or_else(|| lacking(source, "year", "year = 2011")));
    let unit = faults.keep(core.money(source, wishes.unit.as_ref()));
    let (Some(year), Some(unit)) = (year, unit) else { return Err(faults) };
    let mut meta = Meta::new(name, year, unit);
    meta.source = text("description").to_owned();
    meta.lineage = labels::lineage(metadata);
    let overruled = core.overruled(wishes.unit.as_ref());
    if let Some(beside) = beside {
        meta.prices = beside.prices.map_or(PriceBase::Current, PriceBase::Constant);
        meta.tolerance = beside.tolerance.parse().unwrap_or(meta.tolerance);
        meta.estimated_trade = beside.estimated_trade;
        meta.source = beside.source.clone();
        let note =
            |text: &String| Note::new(NoteCode::SourceRule, format!("{}: {text}", meta.name));
        meta.notes = beside.notes.iter().map(note).collect();
    }
    let overruled =
        overruled.map(|text| Note::new(NoteCode::SourceRule, format!("{}: {text}", meta.name)));
    meta.notes.extend(overruled);
    faults.into_result(meta)
}

fn demand_columns(demand: &Frame, places: &Places) -> Result<Vec<DemandColumn>, Faults> {
    let mut faults = Faults::default();
    let mut seen = HashSet::new();
    let mut found = Vec::new();
    for at in 0..demand.values.shape().1 {
        let column = faults.keep(places.demand_column(demand, at)).and_then(|(_, column)| column);
        let Some(column) = column else { continue };
        if !seen.insert(column) {
            let text =
                format!("{:?} of {:?} stands twice", demand.heads[1][at], demand.heads[0][at]);
            faults.push(Fault::new(demand.at_head(1, at), text));
        }
        found.push(column);
    }
    faults.into_result(found)
}

/// Categories with their roles, and what was assumed of them.
fn categories(
    demand: &Frame,
    labels: &Labels,
    wishes: &Wishes,
) -> Result<(Vec<Category>, Vec<String>), Faults> {
    let mut faults = Faults::default();
    let (texts, _) = in_order(demand.heads[1].iter());
    for (name, _) in &wishes.roles {
        if !texts.contains(&&name.value) {
            let text = format!("Y has no category {:?}", name.value);
            let near =
                crate::labels::suggestion(&name.value, texts.iter().map(|text| text.as_str()));
            let fault = Fault::new(name.at.clone(), text);
            faults.push(match near {
                Some(near) => fault.help(format!("did you mean {near:?}?")),
                None => fault,
            });
        }
    }
    let (mut found, mut unknown) = (Vec::new(), Vec::new());
    for text in texts {
        let wished =
            wishes.roles.iter().find(|(name, _)| name.value == *text).map(|(_, role)| *role);
        let known = labels.get("category", text);
        let role = wished.or(known.and_then(|known| known.role)).or_else(|| role_of(text));
        if role.is_none() {
            unknown.push(format!("{text:?}"));
        }
        let label = known.map_or_else(|| Label::code(text), |known| known.label.clone());
        found.push(Category { label, role: role.unwrap_or(Role::Consumption) });
    }
    if let Err(error) = Axis::new("category", found.iter().map(|category| category.label.clone())) {
        faults.push(Fault::new(demand.place.whole(), error.to_string()));
    }
    let notes = (!unknown.is_empty()).then(|| {
        format!(
            "what the final demand {} is cannot be told from its name: it is taken as consumption",
            unknown.join(", ")
        )
    });
    faults.into_result((found, notes.into_iter().collect()))
}

/// The numbers of a table, in its order.
struct Parts {
    flows: Matrix,
    demand: Matrix,
    output: Vec<f64>,
    population: Option<Vec<f64>>,
}

fn numbers(core: Core, places: &Places, path: &Path) -> Result<Parts, Faults> {
    let n = places.industries.len();
    let mut faults = Faults::default();
    let rows = faults.absorb(places.industries_beside(&core.flows));
    let columns = faults.absorb(places.industries_above(&core.flows));
    let demand_rows = faults.absorb(places.industries_beside(&core.demand));
    let whole = [&core.flows, &core.demand].map(|frame| frame.place.whole());
    let ends = core.output.as_ref().map(|frame| frame.place.whole());
    let mut listed = None;
    let output = core.output.map(|frame| {
        let to = faults.absorb(places.industries_beside(&frame));
        let mut output = vec![0.0; n];
        listed = to.clone().map(|to| among(n, to));
        for (row, to) in to.unwrap_or_default().into_iter().enumerate() {
            frame.values.each_in_row(row, |column, value| {
                if column == 0 {
                    output[to] = value;
                }
            });
        }
        output
    });
    let population = core.population.map(|frame| faults.absorb(population(&frame, places)));
    let (Some(rows), Some(columns), Some(demand_rows)) = (rows, columns, demand_rows) else {
        return Err(faults);
    };
    let (beside, above) = (among(n, rows.clone()), among(n, columns.clone()));
    if let (Some(listed), Some(at)) = (listed, ends) {
        let needed = |at: usize| beside[at] || above[at];
        let industries = &places.industries;
        faults.keep(left_out(industries, (&listed, needed), Side::Line, at).map_or(Ok(()), Err));
    }
    faults.into_result(())?;
    let width = core.demand.values.shape().1;
    let as_they_are: Vec<usize> = (0..width).collect();
    let demand = rearranged(core.demand.values, &demand_rows, &as_they_are, (n, width));
    let mut flows = rearranged(core.flows.values, &rows, &columns, (n, n));
    let output = match (output, core.coefficients) {
        (Some(output), _) => output,
        (None, true) => {
            let sectors = places.industries.sectors.len();
            solved(flows.clone(), sectors, &demand.row_sums(), path)?
        }
        (None, false) => {
            flows.row_sums().iter().zip(demand.row_sums()).map(|(z, y)| z + y).collect()
        }
    };
    if core.coefficients {
        flows = flows.scale_columns(&output);
    }
    let mut faults = Faults::default();
    let [flows_at, demand_at] = whole;
    let asked = among(n, demand_rows);
    for (there, side, at) in [
        (&beside, Side::Line, flows_at.clone()),
        (&above, Side::Column, flows_at),
        (&asked, Side::Line, demand_at),
    ] {
        let needed = |at: usize| output[at] != 0.0;
        let fault = left_out(&places.industries, (there, needed), side, at);
        faults.keep(fault.map_or(Ok(()), Err));
    }
    faults.into_result(())?;
    Ok(Parts { flows, demand, output, population: population.flatten() })
}

/// Output that meets a demand: `x = (I − A)⁻¹ y`.
fn solved(
    coefficients: Matrix,
    sectors: usize,
    demand: &[f64],
    path: &Path,
) -> Result<Vec<f64>, Fault> {
    let system = System::of(&coefficients.into(), sectors).map_err(|error| {
        let text = match error {
            SystemError::Singular(_) => {
                "the input coefficients have no inverse, so output does not follow from final demand"
                    .to_owned()
            }
            SystemError::NoRoom(room) => format!("{room} to compute output from final demand"),
        };
        Fault::new(Location::whole(path), text).help("add the output of each industry as x.txt")
    })?;
    Ok(system.solve(demand))
}

fn population(frame: &Frame, places: &Places) -> Result<Vec<f64>, Faults> {
    let mut faults = Faults::default();
    let regions = &places.industries.regions;
    let mut found = vec![None; regions.len()];
    if frame.index.len() != 1 {
        let text = format!("expected one line of population, found {}", frame.index.len());
        faults.push(Fault::new(frame.place.whole(), text));
    }
    let mut columns: Vec<Option<usize>> = Vec::new();
    for (at, text) in frame.heads[0].iter().enumerate() {
        let region = places.regions.get(text).copied();
        if columns.contains(&region) && region.is_some() {
            let fault = Fault::new(frame.at_head(0, at), format!("{text:?} stands twice"));
            faults.push(fault.help("keep one column of each region"));
        }
        if region.is_none() && !text.eq_ignore_ascii_case(NATIONAL) {
            let fault =
                Fault::new(frame.at_head(0, at), format!("no industry is of region {text:?}"));
            faults.push(fault.help("the header names the regions, in the words of Z"));
        }
        columns.push(region);
    }
    let only: Range<usize> = 0..frame.index.len().min(1);
    for row in only {
        frame.values.each_in_row(row, |column, value| {
            let Some(region) = columns[column] else { return };
            found[region] = Some(value);
            if value <= 0.0 {
                let text = format!("{} has a population of {}", regions.code(region), exact(value));
                faults.push(
                    Fault::new(frame.at_head(0, column), text).help("a positive number expected"),
                );
            }
        });
    }
    let missing = (0..regions.len()).filter(|at| found[*at].is_none()).map(|at| regions.code(at));
    let missing: Vec<&str> = missing.collect();
    if faults.is_empty() && !missing.is_empty() {
        let text = format!("no population of {}", missing.join(", "));
        faults
            .push(Fault::new(frame.place.whole(), text).help(
                "add a column for each, or remove the file: then nothing is told per person",
            ));
    }
    faults.into_result(found.into_iter().flatten().collect())
}
