//! Accounts of a system: each stressor with its levels, unit, and direct emissions.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use super::frame::{Frame, List, Shape};
use super::labels::parameters;
use super::source::{PARAMETERS, Source};
use super::system::{Places, file_name};
use super::units;
use crate::fault::{Fault, Faults, Location};
use crate::input::complete::{Side, among, left_out};
use crate::labels::listed;
use crate::table::beside::{BETWEEN_LEVELS, LABELS_FILE, UNKNOWN_UNIT};
use crate::table::{DemandColumn, NATIONAL};
use crate::units::Unit;

/// Where an account's units stand, unless its parameters say otherwise.
const UNITS_FILE: &str = "unit.txt";

/// How many stressors a message names.
const SHOWN: usize = 5;

/// A line of an account.
pub(super) struct Stressor {
    /// Names and texts of its labels.
    pub(super) levels: Vec<(String, String)>,
    pub(super) unit: Unit,
    /// Whether the account says what the unit is.
    unit_stated: bool,
    pub(super) values: Vec<f64>,
    pub(super) households: Vec<f64>,
    pub(super) by_demand: Option<Vec<f64>>,
}

impl Stressor {
    /// In the unit of a table, which it may be written in another of; where none is stated it is that of the table.
    ///
    /// # Errors
    /// If its unit measures something else.
    pub(super) fn in_unit_of_table(
        mut self,
        table: &Unit,
        at: Option<&Location>,
    ) -> Result<Self, Fault> {
        if !self.unit_stated || self.unit.text() == UNKNOWN_UNIT {
            return Ok(self);
        }
        let Some(factor) = self.unit.factor_to(table) else {
            let text = format!(
                "{:?} is in {:?}, which is not counted in the table's {:?}",
                self.text(),
                self.unit.text(),
                table.text()
            );
            let at = at.cloned().unwrap_or_else(|| Location::whole(UNITS_FILE));
            let help =
                "only powers of ten are converted: bring the file back, or convert its numbers";
            return Err(Fault::new(at, text).help(help));
        };
        if factor != 1.0 {
            let all = [Some(&mut self.values), Some(&mut self.households), self.by_demand.as_mut()];
            all.into_iter().flatten().flatten().for_each(|value| *value *= factor);
        }
        Ok(self)
    }

    /// Its labels in one text.
    pub(super) fn text(&self) -> String {
        let texts: Vec<&str> = self.levels.iter().map(|(_, text)| text.as_str()).collect();
        texts.join(BETWEEN_LEVELS)
    }
}

/// An account.
pub(super) struct Account {
    /// Name of its folder.
    pub(super) name: String,
    /// What its parameters call it.
    pub(super) title: String,
    pub(super) stressors: Vec<Stressor>,
    /// Where its units stand.
    pub(super) units: Option<Location>,
    /// What was made of it, or why nothing was.
    pub(super) notes: Vec<String>,
}

/// What an account is read against.
pub(super) struct Against<'a> {
    pub(super) places: &'a Places,
    pub(super) columns: &'a [DemandColumn],
    /// Output, for intensities.
    pub(super) output: &'a [f64],
    /// Final demand by column, for intensities of final demand.
    pub(super) demand: &'a [f64],
}

/// Reads an account. Without flows they are its intensities times output, as in `calc_all` of pymrio:
///
/// ```text
/// F = S x̂     F_Y = S_Y ŷ
/// ```
///
/// One that has neither is without stressors, and says so.
pub(super) fn read(
    source: &mut Source,
    folder: &str,
    against: &Against<'_>,
) -> Result<Account, Faults> {
    let parameters = parameters(source, &format!("{folder}/{PARAMETERS}"))?;
    let name = |key: &str| file_name(source, &parameters, folder, key);
    let (flows, units) = (name("F"), name("unit"));
    let (flows, intensities) = match flows {
        Some(flows) => (Some(flows), false),
        None => (name("S"), true),
    };
    let direct = ["F_Y", "FY", "F_hh"].into_iter().find_map(name);
    let (direct, direct_intensities) = match direct {
        Some(direct) => (Some(direct), false),
        None => (name("S_Y"), true),
    };
    let title = parameters.get("name").and_then(Value::as_str).filter(|text| !text.is_empty());
    let mut account = Account {
        name: folder.to_owned(),
        title: title.unwrap_or(folder).to_owned(),
        stressors: Vec::new(),
        units: units.as_ref().map(|name| source.place(name).whole()),
        notes: Vec::new(),
    };
    let Some(flows) = flows else {
        account.notes.extend(passed_over(folder, &parameters, source));
        return Ok(account);
    };
    if intensities {
        account.notes.push(format!(
            "the account {folder:?} has intensities (S) and no flows (F): its flows are S times output"
        ));
    }
    let mut faults = Faults::default();
    let frame = Frame::read(source, &flows, Shape { headers: 2, labels: None })?;
    let to = faults.absorb(against.places.industries_above(&frame));
    if let Some(to) = &to {
        let there = among(against.output.len(), to.iter().copied());
        let needed = |at: usize| against.output[at] != 0.0;
        let (industries, at) = (&against.places.industries, frame.place.whole());
        let fault = left_out(industries, (&there, needed), Side::Column, at);
        faults.keep(fault.map_or(Ok(()), Err));
    }
    let listed_units = match &units {
        Some(units) => faults.absorb(List::read(source, units, b'\t')),
        None => None,
    };
    let known = listed_units.and_then(|list| faults.absorb(units::of_stressors(&list, &frame)));
    let to = to.unwrap_or_default();
    account.stressors = stressors(&frame, &to, against, known.unwrap_or_default(), &mut faults);
    // irio writes no list where it knows no unit, and has said so when it first read them.
    if units.is_some() || !source.has(LABELS_FILE) {
        account.notes.extend(without_unit(folder, &account.stressors));
    }
    if intensities {
        for stressor in &mut account.stressors {
            stressor.values.iter_mut().zip(against.output).for_each(|(value, x)| *value *= x);
        }
    }
    if let Some(direct) = direct {
        let shape = Shape { headers: 2, labels: Some(frame.labels()) };
        if let Some(direct) = faults.absorb(Frame::read(source, &direct, shape)) {
            let per_unit = direct_intensities.then_some(against.demand);
            faults.absorb(attach(&direct, against, per_unit, &mut account.stressors));
        }
    }
    faults.into_result(account)
}

/// What is told of an account whose flows are not known; nothing of a folder that is none.
fn passed_over(folder: &str, parameters: &Value, source: &Source) -> Option<String> {
    if parameters.get("systemtype").and_then(Value::as_str).is_some_and(|kind| kind != "Extension")
    {
        return None;
    }
    let has: Vec<String> =
        source.frames(folder).into_iter().filter(|name| name != "unit").collect();
    let only = if has.is_empty() {
        "no other numbers".to_owned()
    } else {
        format!("only {}", has.join(", "))
    };
    Some(format!(
        "the account {folder:?} is passed over: it has no flows by industry (F) and no intensities (S), {only}; \
         save it from pymrio with F or S"
    ))
}

/// What is told of stressors whose unit is not known.
fn without_unit(folder: &str, stressors: &[Stressor]) -> Option<String> {
    let unknown = stressors.iter().filter(|stressor| !stressor.unit_stated).map(Stressor::text);
    let names: Vec<String> = unknown.collect();
    (!names.is_empty()).then(|| {
        let names = listed(&names, SHOWN);
        format!("the account {folder:?} states no unit of {names} (unit.txt): it is shown as \"{UNKNOWN_UNIT}\"")
    })
}

fn stressors(
    frame: &Frame,
    to: &[usize],
    against: &Against<'_>,
    units: HashMap<Vec<String>, Unit>,
    faults: &mut Faults,
) -> Vec<Stressor> {
    let industries = &against.places.industries;
    let mut seen: HashMap<&[String], usize> = HashMap::new();
    let mut found = Vec::new();
    for (row, labels) in frame.index.iter().enumerate() {
        if let Some(first) = seen.insert(labels, row) {
            let text =
                format!("{:?} stands in line {} already", labels.join(", "), frame.line(first));
            faults.push(Fault::new(frame.at_label(row, 0), text));
        }
        if labels[0].trim().is_empty() {
            faults.push(Fault::new(frame.at_label(row, 0), "a stressor without a name"));
        }
        let level = |(at, text): (usize, &String)| {
            let name = frame.names.get(at).filter(|name| !name.is_empty());
            let otherwise = || if at == 0 { "stressor".into() } else { format!("level {at}") };
            (name.cloned().unwrap_or_else(otherwise), text.clone())
        };
        let mut values = vec![0.0; industries.len()];
        if !to.is_empty() {
            frame.values.each_in_row(row, |column, value| values[to[column]] = value);
        }
        // A list of units may leave the further labels out.
        let unit = units.get(labels).or_else(|| units.get(&labels[..1])).cloned();
        found.push(Stressor {
            levels: labels.iter().enumerate().map(level).collect(),
            unit_stated: unit.is_some(),
            unit: unit.or_else(|| UNKNOWN_UNIT.parse().ok()).unwrap_or_else(Unit::none),
            values,
            households: vec![0.0; industries.regions.len()],
            by_demand: None,
        });
    }
    found
}

/// Gives each stressor its direct emissions, by column of final demand where the columns are those of
/// the table, else by region. Intensities are `per_unit` of a column's final demand.
fn attach(
    frame: &Frame,
    against: &Against<'_>,
    per_unit: Option<&[f64]>,
    stressors: &mut [Stressor],
) -> Result<(), Faults> {
    let mut faults = Faults::default();
    let (mut heads, mut seen) = (Vec::new(), HashSet::new());
    for column in 0..frame.values.shape().1 {
        let texts = (&frame.heads[0][column], &frame.heads[1][column]);
        if !seen.insert(texts) {
            let text = format!("{:?} of {:?} stands twice", texts.1, texts.0);
            faults.push(Fault::new(frame.at_head(1, column), text));
        }
        if let Some(head) = faults.keep(against.places.demand_column(frame, column)) {
            heads.push(head);
        }
    }
    if faults.is_empty() {
        faults.keep(every_region(frame, against, &heads));
    }
    let to = lines_of(frame, stressors, &mut faults);
    faults.into_result(())?;
    let column_at: HashMap<&DemandColumn, usize> =
        against.columns.iter().enumerate().map(|(at, column)| (column, at)).collect();
    let place = |head: &Option<DemandColumn>| head.as_ref().and_then(|head| column_at.get(head));
    let regions: Vec<Option<usize>> = heads.iter().map(|(region, _)| *region).collect();
    let places: Option<Vec<usize>> = heads.iter().map(|(_, head)| place(head).copied()).collect();
    let factors: Vec<f64> = match (per_unit, &places) {
        (None, _) => vec![1.0; heads.len()],
        (Some(demand), Some(places)) => places.iter().map(|at| demand[*at]).collect(),
        (Some(_), None) => {
            let at = heads.iter().position(|(_, head)| place(head).is_none()).unwrap_or_default();
            let fault = Fault::new(frame.at_head(1, at), "Y has no such column");
            return Err(fault
                .help("intensities of final demand (S_Y) need the columns of Y")
                .into());
        }
    };
    for (row, at) in to.into_iter().enumerate() {
        let stressor = &mut stressors[at];
        let mut by_demand = vec![0.0; against.columns.len()];
        frame.values.each_in_row(row, |column, value| {
            let value = value * factors[column];
            if let Some(region) = regions[column] {
                stressor.households[region] += value;
            }
            if let Some(places) = &places {
                by_demand[places[column]] = value;
            }
        });
        stressor.by_demand = places.as_ref().map(|_| by_demand);
    }
    Ok(())
}

/// The stressor of each line of direct emissions: every one once.
fn lines_of(frame: &Frame, stressors: &[Stressor], faults: &mut Faults) -> Vec<usize> {
    let texts =
        |stressor: &Stressor| stressor.levels.iter().map(|(_, text)| text.clone()).collect();
    let by_text: HashMap<Vec<String>, usize> =
        stressors.iter().enumerate().map(|(at, stressor)| (texts(stressor), at)).collect();
    let (mut to, mut first) = (Vec::new(), HashMap::new());
    for (row, labels) in frame.index.iter().enumerate() {
        let Some(&at) = by_text.get(labels) else {
            let text = format!("the account's flows have no line {:?}", labels.join(", "));
            faults.push(Fault::new(frame.at_label(row, 0), text));
            continue;
        };
        if let Some(above) = first.insert(at, row) {
            let text =
                format!("{:?} stands in line {} already", labels.join(", "), frame.line(above));
            faults.push(Fault::new(frame.at_label(row, 0), text));
        }
        to.push(at);
    }
    // A stressor that stands twice is told already.
    let known: HashSet<usize> = by_text.values().copied().collect();
    let missing = (0..stressors.len()).filter(|at| known.contains(at) && !first.contains_key(at));
    let missing: Vec<String> = missing.map(|at| format!("{:?}", stressors[at].text())).collect();
    if !missing.is_empty() {
        let names = listed(&missing, SHOWN);
        let text = format!("has no line of {names}, which the account's flows have");
        faults.push(
            Fault::new(frame.place.whole(), text)
                .help("write a line for every stressor, of zeros where there is nothing"),
        );
    }
    to
}

/// Says which regions with final demand have no column of direct emissions: they would be zero without a word. Of
/// categories that Y has, each region that has the category there; of others, each region once.
fn every_region(
    frame: &Frame,
    against: &Against<'_>,
    heads: &[(Option<usize>, Option<DemandColumn>)],
) -> Result<(), Fault> {
    let kinds: HashSet<usize> =
        heads.iter().filter_map(|(_, column)| column.map(|column| column.category)).collect();
    let there: HashSet<DemandColumn> = heads.iter().filter_map(|(_, column)| *column).collect();
    let regions: HashSet<Option<usize>> = heads.iter().map(|(region, _)| *region).collect();
    let known = against.columns.iter().filter(|column| match kinds.is_empty() {
        true => !regions.contains(&column.region),
        false => kinds.contains(&column.category) && !there.contains(*column),
    });
    let of = &against.places.industries.regions;
    let mut missing: Vec<&str> =
        known.map(|column| column.region.map_or(NATIONAL, |region| of.code(region))).collect();
    missing.dedup();
    if missing.is_empty() {
        return Ok(());
    }
    let text = format!("has no column of {}", missing.join(", "));
    Err(Fault::new(frame.place.field(1, 0), text)
        .help("write a column for each region that has one in Y, of zeros where there is nothing"))
}

/// Whether a JSON value names a file for a key.
pub(super) fn named<'v>(parameters: &'v Value, key: &str) -> Option<&'v str> {
    parameters.get("files")?.get(key)?.get("name")?.as_str()
}
