//! Accounts of a system: each stressor with its levels, unit, and direct emissions.

use std::collections::HashMap;

use serde_json::Value;

use super::frame::{Frame, List, Shape};
use super::labels::json;
use super::source::{PARAMETERS, Source};
use super::system::{Places, file_name};
use crate::fault::{Fault, Faults};
use crate::table::DemandColumn;
use crate::table::beside::{BETWEEN_LEVELS, UNKNOWN_UNIT};
use crate::units::Unit;

/// A line of an account.
pub(super) struct Stressor {
    /// Names and texts of its labels.
    pub(super) levels: Vec<(String, String)>,
    pub(super) unit: Unit,
    pub(super) values: Vec<f64>,
    pub(super) households: Vec<f64>,
    pub(super) by_demand: Option<Vec<f64>>,
}

impl Stressor {
    /// Its labels in one text.
    pub(super) fn text(&self) -> String {
        let texts: Vec<&str> = self.levels.iter().map(|(_, text)| text.as_str()).collect();
        texts.join(BETWEEN_LEVELS)
    }
}

/// An account.
pub(super) struct Account {
    pub(super) name: String,
    pub(super) stressors: Vec<Stressor>,
}

/// What an account is read against.
pub(super) struct Against<'a> {
    pub(super) places: &'a Places,
    pub(super) columns: &'a [DemandColumn],
}

/// Reads an account; none if it has no flows.
pub(super) fn read(
    source: &mut Source,
    folder: &str,
    against: &Against<'_>,
) -> Result<Option<Account>, Faults> {
    let parameters = json(source, &format!("{folder}/{PARAMETERS}"))?;
    let name = |key: &str| file_name(source, &parameters, folder, key);
    let (flows, units) = (name("F"), name("unit"));
    let direct = ["F_Y", "FY", "F_hh"].into_iter().find_map(name);
    let Some(flows) = flows else { return Ok(None) };
    let mut faults = Faults::default();
    let frame = Frame::read(source, &flows, Shape { headers: 2, labels: None })?;
    let to = faults.absorb(against.places.industries_above(&frame));
    let units = match units {
        Some(units) => faults.absorb(List::read(source, &units, b'\t')),
        None => None,
    };
    let units = units.and_then(|units| faults.absorb(units_of(&units)));
    let to = to.unwrap_or_default();
    let mut stressors = stressors(&frame, &to, against, units.unwrap_or_default(), &mut faults);
    if let Some(direct) = direct {
        let shape = Shape { headers: 2, labels: Some(frame.labels()) };
        if let Some(direct) = faults.absorb(Frame::read(source, &direct, shape)) {
            faults.absorb(attach(&direct, against, &mut stressors));
        }
    }
    faults.into_result(Some(Account { name: folder.to_owned(), stressors }))
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
            unit: unit.or_else(|| UNKNOWN_UNIT.parse().ok()).unwrap_or_else(Unit::none),
            values,
            households: vec![0.0; industries.regions.len()],
            by_demand: None,
        });
    }
    found
}

/// Units by the labels in front of them; the last column has the unit.
fn units_of(list: &List) -> Result<HashMap<Vec<String>, Unit>, Faults> {
    let mut faults = Faults::default();
    let mut found = HashMap::new();
    for line in &list.lines {
        let Some((unit, labels)) = line.texts.split_last() else { continue };
        let at = || list.place.field(line.line, line.texts.len());
        let unit = unit.trim().parse::<Unit>().map_err(|error| Fault::new(at(), error.to_string()));
        if let Some(unit) = faults.keep(unit) {
            found.insert(labels.to_vec(), unit);
        }
    }
    faults.into_result(found)
}

/// Gives each stressor its direct emissions, by column of final demand where the columns are those of
/// the table, else by region.
fn attach(frame: &Frame, against: &Against<'_>, stressors: &mut [Stressor]) -> Result<(), Faults> {
    let mut faults = Faults::default();
    let mut heads = Vec::new();
    for column in 0..frame.values.shape().1 {
        if let Some(head) = faults.keep(against.places.demand_column(frame, column)) {
            heads.push(head);
        }
    }
    let by_text: HashMap<Vec<String>, usize> = stressors
        .iter()
        .enumerate()
        .map(|(at, stressor)| (stressor.levels.iter().map(|(_, text)| text.clone()).collect(), at))
        .collect();
    let mut to = Vec::new();
    for (row, labels) in frame.index.iter().enumerate() {
        match by_text.get(labels) {
            Some(at) => to.push(*at),
            None => {
                let text = format!("F has no line {:?}", labels.join(", "));
                faults.push(Fault::new(frame.at_label(row, 0), text));
            }
        }
    }
    faults.into_result(())?;
    let column_at: HashMap<&DemandColumn, usize> =
        against.columns.iter().enumerate().map(|(at, column)| (column, at)).collect();
    let place = |head: &Option<DemandColumn>| head.as_ref().and_then(|head| column_at.get(head));
    let regions: Vec<Option<usize>> = heads.iter().map(|(region, _)| *region).collect();
    let places: Option<Vec<usize>> = heads.iter().map(|(_, head)| place(head).copied()).collect();
    for (row, at) in to.into_iter().enumerate() {
        let stressor = &mut stressors[at];
        let mut by_demand = vec![0.0; against.columns.len()];
        frame.values.each_in_row(row, |column, value| {
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

/// Whether a JSON value names a file for a key.
pub(super) fn named<'v>(parameters: &'v Value, key: &str) -> Option<&'v str> {
    parameters.get("files")?.get(key)?.get("name")?.as_str()
}
