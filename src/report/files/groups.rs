//! Groups of regions in a run.

use serde_json::{Map, Value, json};

use crate::labels::RegionGroup;
use crate::run::{Outcome, YearOutcome};
use crate::scenario::Scenario;
use crate::scenario::place::Place;
use crate::table::Table;
use crate::tidy::{Column, Tidy};

/// Baseline, scenario and difference of each group by year.
pub(super) fn groups(table: &Table, scenario: &Scenario, outcome: &Outcome) -> Tidy {
    use Column::{Quantity as QuantityColumn, Region, Statistic, Unit, Year};
    let mut tidy = Tidy::new(&[Year, QuantityColumn, Unit, Region, Statistic]);
    for year in &outcome.years {
        let when = year.year.to_string();
        for quantity in year.quantities.iter().map(|found| found.quantity) {
            let code = table.quantity_code(quantity);
            let unit = table.quantity_unit(quantity).to_string();
            let [baseline, with_moves] = year.levels(table, quantity);
            let change = year.change(table, quantity);
            for (at, group) in scenario.groups.iter().enumerate() {
                for (statistic, values) in
                    [("baseline", &baseline), ("scenario", &with_moves), ("difference", &change)]
                {
                    let value = scenario.sum_at(Place::Group(at), values);
                    tidy.push(&[&when, code, &unit, &group.label.code, statistic], value);
                }
            }
        }
    }
    tidy
}

/// Regions and changes of each group, for `summary.json`.
pub(super) fn headline(table: &Table, scenario: &Scenario, year: &YearOutcome) -> Value {
    let one = |(at, group): (usize, &RegionGroup)| {
        let mut found = Map::new();
        found.insert("regions".to_owned(), members(table, group));
        for quantity in year.quantities.iter().map(|found| found.quantity) {
            let change = scenario.sum_at(Place::Group(at), &year.change(table, quantity));
            found.insert(table.quantity_code(quantity).to_owned(), json!(change));
        }
        (group.label.code.clone(), Value::Object(found))
    };
    Value::Object(scenario.groups.iter().enumerate().map(one).collect())
}

/// The groups of a scenario in words, for `summary.json`.
pub fn group_switches(table: &Table, scenario: &Scenario) -> Value {
    let one = |group: &RegionGroup| (group.label.code.clone(), members(table, group));
    Value::Object(scenario.groups.iter().map(one).collect())
}

fn members(table: &Table, group: &RegionGroup) -> Value {
    let regions = &table.industries().regions;
    group.members().map(|region| json!(regions.code(region))).collect()
}
