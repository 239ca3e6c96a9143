//! Files of a scenario, and its parts in words.

use serde_json::{Map, Value, json};

use super::by_region;
use crate::relocation::indicators::IndicatorUnit;
use crate::relocation::{Suppliers, Technology};
use crate::report::results::Results;
use crate::report::units;
use crate::run::{Outcome, STEPS};
use crate::scenario::{Baseline, Growth, PlannedMove, Scenario, SizePath, Trajectory};
use crate::table::{Quantity, Table};
use crate::tidy::{Column, Tidy};

/// Adds every file of a scenario.
pub fn run(results: &mut Results, table: &Table, outcome: &Outcome) {
    results.file(
        "years.csv",
        "output, value added and each stressor by region and sector in the table's year (scenario base), without the \
         moves (baseline) and with them (scenario); households' direct emissions stand under sector households",
        years(table, outcome),
    );
    results.file(
        "decomposition.csv",
        "what leads from the base year to the scenario, by region: trend, relocation, supply_chain, technology \
         (factor); the four add up to the difference",
        decomposition(table, outcome),
    );
    results.file(
        "indicators.csv",
        "indicators of each stressor by year (statistic): emission transfer ratio, haven index, break-even intensity ...",
        indicators(table, outcome),
    );
    let mut headline = Map::new();
    if let Some(last) = outcome.years.last() {
        headline.insert("year".to_owned(), json!(last.year));
        headline.insert("relocated_output".to_owned(), json!(last.relocated));
        headline.insert("shares".to_owned(), json!(last.shares));
        for quantity in &last.quantities {
            let change: Vec<f64> =
                quantity.scenario.iter().zip(&quantity.baseline).map(|(s, b)| s - b).collect();
            let code = table.quantity_code(quantity.quantity).to_owned();
            headline.insert(code, by_region(table.industries(), &change));
        }
    }
    results.headline = Value::Object(headline);
}

fn years(table: &Table, outcome: &Outcome) -> Tidy {
    use Column::{Quantity as QuantityColumn, Region, Scenario, Sector, Unit, Year};
    let mut tidy = Tidy::new(&[Scenario, Year, QuantityColumn, Unit, Region, Sector]);
    let industries = table.industries();
    let mut add = |scenario: &str, year: i32, quantity: Quantity, values: &[f64]| {
        let (code, unit) =
            (table.quantity_code(quantity), table.quantity_unit(quantity).to_string());
        let year = year.to_string();
        for (at, value) in values.iter().enumerate() {
            let (region, sector) = industries.split(at);
            let (region, sector) =
                (industries.regions.code(region), industries.sectors.code(sector));
            tidy.push(&[scenario, &year, code, &unit, region, sector], *value);
        }
        if let Quantity::Stressor(stressor) = quantity {
            for (region, value) in outcome.households[stressor].iter().enumerate() {
                tidy.push(
                    &[scenario, &year, code, &unit, industries.regions.code(region), "households"],
                    *value,
                );
            }
        }
    };
    for (quantity, values) in &outcome.base {
        add("base", table.meta().year, *quantity, values);
    }
    for year in &outcome.years {
        for quantity in &year.quantities {
            add("baseline", year.year, quantity.quantity, &quantity.baseline);
            add("scenario", year.year, quantity.quantity, &quantity.scenario);
        }
    }
    tidy
}

fn decomposition(table: &Table, outcome: &Outcome) -> Tidy {
    use Column::{Factor, Quantity, Region, Unit, Year};
    let mut tidy = Tidy::new(&[Year, Quantity, Unit, Region, Factor]);
    for year in &outcome.years {
        let when = year.year.to_string();
        for quantity in &year.quantities {
            let (code, unit) = (
                table.quantity_code(quantity.quantity),
                table.quantity_unit(quantity.quantity).to_string(),
            );
            for (step, values) in STEPS.iter().zip(&quantity.steps) {
                for (region, value) in values.iter().enumerate() {
                    tidy.push(
                        &[&when, code, &unit, table.industries().regions.code(region), step],
                        *value,
                    );
                }
            }
        }
    }
    tidy
}

fn indicators(table: &Table, outcome: &Outcome) -> Tidy {
    use Column::{Quantity, Statistic, Unit, Year};
    let mut tidy = Tidy::new(&[Year, Quantity, Unit, Statistic]);
    for year in &outcome.years {
        for (at, (quantity, indicators)) in year.indicators.iter().enumerate() {
            for indicator in indicators {
                // Output and value added are the same beside every stressor.
                let money = indicator.unit == IndicatorUnit::Money;
                let code = match indicator.name {
                    "relocated_output" => "output",
                    _ if money => "value_added",
                    _ => table.quantity_code(*quantity),
                };
                if at > 0 && money {
                    continue;
                }
                // An indicator without a value is named in the notes instead.
                if let Some(value) = indicator.value {
                    let unit = units::indicator(table, *quantity, indicator.unit);
                    let texts = [&year.year.to_string(), code, &unit, indicator.name];
                    tidy.push(&texts, value);
                }
            }
        }
    }
    tidy
}

/// A number, or numbers by year, for `summary.json`.
pub fn trajectory(path: &Trajectory) -> Value {
    match path {
        Trajectory::Constant(value) => json!(value),
        Trajectory::ByYear(points) => Value::Object(
            points.iter().map(|(year, value)| (year.to_string(), json!(value))).collect(),
        ),
    }
}

/// The baseline of a scenario in words, for `summary.json`.
pub fn baseline(table: &Table, baseline: &Baseline) -> Value {
    let industries = table.industries();
    let codes = |list: &Option<Vec<usize>>, code: &dyn Fn(usize) -> String| match list {
        None => json!("all"),
        Some(list) => json!(list.iter().map(|at| code(*at)).collect::<Vec<String>>()),
    };
    let region = |at: usize| industries.regions.code(at).to_owned();
    let sector = |at: usize| industries.sectors.code(at).to_owned();
    let category = |at: usize| table.final_demand().categories[at].label.code.clone();
    let stressor = |at: usize| table.extensions()[at].label.code.clone();
    let growth = |growth: &Growth| match growth {
        Growth::Rate(rate) => json!({ "rate": rate }),
        Growth::Index(path) => json!({ "index": trajectory(path) }),
    };
    let demand = baseline.demand.iter().map(|path| {
        json!({
            "region": codes(&path.regions, &region),
            "category": codes(&path.categories, &category),
            "growth": growth(&path.growth),
        })
    });
    let efficiency = baseline.efficiency.iter().map(|path| {
        json!({
            "stressor": codes(&path.stressors, &stressor),
            "region": codes(&path.regions, &region),
            "sector": codes(&path.sectors, &sector),
            "decline": growth(&path.growth),
        })
    });
    json!({ "demand": demand.collect::<Vec<Value>>(), "efficiency": efficiency.collect::<Vec<Value>>() })
}

/// The moves of a scenario in words, for `summary.json`.
pub fn moves(table: &Table, scenario: &Scenario) -> Value {
    let industries = table.industries();
    let one = |planned: &PlannedMove| {
        let mv = &planned.mv;
        let technology = match mv.technology {
            Technology::Destination => json!("destination"),
            Technology::Origin => json!("origin"),
            Technology::Mix(share) => json!({ "mix": share }),
            Technology::Best(stressor) => {
                json!({ "best": table.extensions()[stressor].label.code })
            }
        };
        let sourcing = match mv.suppliers {
            Suppliers::Destination => json!("destination"),
            Suppliers::Origin => json!("origin"),
            Suppliers::Mix(share) => json!({ "mix": share }),
        };
        let (size, value) = match &planned.size {
            SizePath::Share(share) => ("share", trajectory(share)),
            SizePath::Amount(amount) => ("amount", trajectory(amount)),
        };
        json!({
            "sector": industries.sectors.code(mv.sector),
            "from": industries.regions.code(mv.from),
            "to": industries.regions.code(mv.to),
            size: value,
            "technology": technology,
            "sourcing": sourcing,
            "exports": mv.exports,
        })
    };
    scenario.moves.iter().map(one).collect()
}
