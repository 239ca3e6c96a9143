//! Files of a scenario, and its parts in words.

mod moves;
mod places;

use serde_json::{Map, Value, json};

use super::{by_region, ensemble, groups, intensity, lead, named, realism};
use crate::fault::NoteCode;
use crate::recorded::NamedCode;
use crate::relocation::indicators::IndicatorUnit;
use crate::relocation::{Suppliers, Technology};
use crate::report::results::Results;
use crate::report::units;
use crate::run::density::ReadingYear;
use crate::run::{Outcome, STEPS};
use crate::scenario::density::{Density, Scope};
use crate::scenario::{Baseline, Growth, PlannedMove, Scenario, SizePath, Trajectory};
use crate::table::{Quantity, Table};
use crate::tidy::{Column, Tidy};

/// Adds every file of a scenario.
pub fn run(results: &mut Results, table: &Table, scenario: &Scenario, outcome: &Outcome) {
    results.names("scenarios", [NamedCode::of(&scenario.label)]);
    results.names("targets", scenario.targets.iter().map(|target| NamedCode::of(&target.name)));
    results.names("sources", scenario.targets.iter().map(|target| NamedCode::of(&target.source)));
    named::groups(results, &scenario.groups, &table.industries().regions);
    results.file(
        "years.csv",
        "output, value added and each stressor by region and sector in the table's year (scenario base), without the \
         moves (baseline) and with them (scenario); households' direct emissions stand under sector households",
        years(table, outcome),
    );
    results.file(
        "decomposition.csv",
        "what leads from the base year to the scenario, by region: trend, relocation, supply_chain, technology, \
         agglomeration, spillover (factor); the six add up to the difference",
        decomposition(table, outcome),
    );
    places::places(results, table, scenario, outcome);
    moves::moves(results, table, scenario, outcome);
    results.file(
        "indicators.csv",
        "indicators of each stressor by year (statistic): emission transfer ratio, haven index, break-even intensity ...",
        indicators(table, outcome),
    );
    if !scenario.groups.is_empty() {
        results.file(
            "groups.csv",
            "each group of regions as a whole (region is its name): baseline, scenario and difference (statistic), \
             with households' direct emissions",
            groups::groups(table, scenario, outcome),
        );
    }
    if !scenario.moves.is_empty() {
        results.file(
            "intensities.csv",
            "how clean the moved sectors are in every region in the table's year, per unit of output and of value \
             added (statistic), and whether plants leave it or arrive (part)",
            intensity::intensities(table, scenario),
        );
    }
    if outcome.years.iter().any(|year| year.density.is_some()) {
        results.file(
            "readings.csv",
            "agglomeration by region: emissions in the baseline and under every reading of the elasticities (factor), \
             their difference, and the term delta itself; with the change of density held within the cap and without \
             (part)",
            readings(table, scenario, outcome),
        );
    }
    if let Some(found) = &outcome.ensemble {
        ensemble::ensemble(results, table, scenario, found);
    }
    if !outcome.peaks.is_empty() {
        results.file(
            "peaks.csv",
            "in which year emissions are highest: share of draws, 1 where nothing is drawn; year \"none\" is the share \
             without a peak within the horizon, whose first and last year are no peaks",
            ensemble::peaks(table, scenario, &outcome.peaks),
        );
    }
    if !outcome.targets.is_empty() {
        results.file(
            "targets.csv",
            "what became of each target (factor): limit, baseline and scenario (net of sinks), what they exceed it by, \
             and the share of draws that meet it; summary.json has their sources",
            targets(table, scenario, outcome),
        );
    }
    realism::realism(results, table, scenario, outcome);
    if outcome.notes.iter().any(|note| note.code == NoteCode::OldTable) {
        for file in &mut results.files {
            file.what.push_str(
                "; of years more than ten after the table's: a standing assumption, not a forecast",
            );
        }
    }
    results.lead = lead::lead(table, scenario, outcome);
    results.words = lead::words(scenario, outcome);
    let mut headline = Map::new();
    if let Some(sums) = realism::headline(table, outcome) {
        headline.insert("with_switches".to_owned(), sums);
    }
    if let (Some(found), Some(last)) = (&outcome.ensemble, outcome.years.last()) {
        headline.insert("signs".to_owned(), ensemble::headline(table, scenario, found, last.year));
    }
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
        if !scenario.groups.is_empty() {
            headline.insert("groups".to_owned(), groups::headline(table, scenario, last));
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
        let own = outcome.years.iter().find(|one| one.year == year && scenario != "base");
        let households = own.map_or(&outcome.households, |year| &year.households);
        let year = year.to_string();
        for (at, value) in values.iter().enumerate() {
            let (region, sector) = industries.split(at);
            let (region, sector) =
                (industries.regions.code(region), industries.sectors.code(sector));
            tidy.push(&[scenario, &year, code, &unit, region, sector], *value);
        }
        if let Quantity::Stressor(stressor) = quantity {
            for (region, value) in households[stressor].iter().enumerate() {
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

fn readings(table: &Table, scenario: &Scenario, outcome: &Outcome) -> Tidy {
    use Column::{Factor, Part, Quantity as QuantityColumn, Region, Statistic, Unit, Year};
    let mut tidy = Tidy::new(&[Year, QuantityColumn, Unit, Region, Factor, Part, Statistic]);
    let Some(density) = &scenario.density else { return tidy };
    let stressor = Quantity::Stressor(density.stressor);
    let (code, unit) = (table.quantity_code(stressor), table.quantity_unit(stressor).to_string());
    let regions = &table.industries().regions;
    for year in &outcome.years {
        let Some(found) = &year.density else { continue };
        let when = year.year.to_string();
        for r in 0..regions.len() {
            let mut add = |unit: &str, factor: &str, part: &str, statistic: &str, value: f64| {
                tidy.push(&[&when, code, unit, regions.code(r), factor, part, statistic], value);
            };
            add("1", "density", "model", "log_change", found.density[r]);
            add("1", "sectors", "model", "share_of_emissions", found.share[r]);
            if let Some(elasticity) = found.break_even[r] {
                add("1", "density", "model", "break_even_elasticity", elasticity);
            }
            for (at, delta) in &found.inverted {
                let code = table.quantity_code(Quantity::Stressor(*at));
                tidy.push(
                    &[&when, code, "1", regions.code(r), "inverted_u", "sectors", "delta"],
                    delta[r],
                );
            }
            let mut add = |unit: &str, factor: &str, part: &str, statistic: &str, value: f64| {
                tidy.push(&[&when, code, unit, regions.code(r), factor, part, statistic], value);
            };
            for reading in &found.readings {
                let part = part(reading);
                let word = reading.reading.word();
                add("1", word, &part, "delta", reading.delta[r]);
                if let Some(emissions) = reading.emissions[r] {
                    add(&unit, word, &part, "level", emissions);
                    add(&unit, word, &part, "difference", emissions - found.baseline[r]);
                }
            }
        }
    }
    tidy
}

/// What sets lines of one reading apart: the cap, and the years since a lasting step.
fn part(reading: &ReadingYear) -> String {
    let cap = if reading.capped { "capped" } else { "uncapped" };
    match reading.after {
        Some(years) => format!("{cap}_after_{years}_years"),
        None => cap.to_owned(),
    }
}

/// The density switches of a scenario in words, for `summary.json`.
pub fn density(table: &Table, density: Option<&Density>) -> Value {
    let Some(density) = density else { return json!("none") };
    let industries = table.industries();
    let sectors: Vec<&str> = (0..industries.sectors.len())
        .filter(|sector| density.sectors[*sector])
        .map(|sector| industries.sectors.code(sector))
        .collect();
    let groups: Map<String, Value> = density
        .estimates
        .iter()
        .enumerate()
        .map(|(group, estimate)| {
            let regions: Vec<&str> = (0..industries.regions.len())
                .filter(|region| density.groups[*region] == Some(group))
                .map(|region| industries.regions.code(region))
                .collect();
            let used = json!({
                "regions": regions,
                "lags": estimate.lags,
                "standard_errors": (0..=estimate.lags.len())
                    .map(|at| estimate.covariance[(at, at)].sqrt())
                    .collect::<Vec<f64>>(),
                "spatial_lag": estimate.spatial_lag,
                "precision": estimate.precision.word(),
            });
            (estimate.group.clone(), used)
        })
        .collect();
    json!({
        "measure": density.measure.word(),
        "mode": density.reading.word(),
        "stressor": table.extensions()[density.stressor].label.code,
        "sectors": sectors,
        "groups": groups,
        "spillover": if density.weights.is_some() { "full" } else { "none" },
        "scope": match density.scope { Scope::Region => "region", Scope::Sectors => "sectors" },
        "reference": "baseline",
        "cap": density.cap,
        "dependent": density.dependent().word(),
        "source": density.source,
    })
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

fn targets(table: &Table, scenario: &Scenario, outcome: &Outcome) -> Tidy {
    use Column::{Factor, Quantity as QuantityColumn, Scenario, Statistic, Unit, Year};
    let mut tidy = Tidy::new(&[Scenario, Year, QuantityColumn, Unit, Factor, Statistic]);
    for found in &outcome.targets {
        let target = &scenario.targets[found.target];
        let stressor = Quantity::Stressor(target.stressor);
        let code = table.quantity_code(stressor);
        let unit = if target.goal.is_intensity() {
            units::indicator(table, stressor, IndicatorUnit::StressorPerMoney)
        } else {
            table.quantity_unit(stressor).to_string()
        };
        let year = target.year.to_string();
        let mut add = |which: &str, unit: &str, statistic: &str, value: f64| {
            tidy.push(&[which, &year, code, unit, &target.name.code, statistic], value);
        };
        add("target", &unit, "limit", found.limit);
        for (at, (which, value)) in
            [("baseline", found.baseline), ("scenario", found.scenario)].into_iter().enumerate()
        {
            add(which, &unit, "value", value);
            add(which, &unit, "above_limit", value - found.limit);
            if let Some(met) = found.met {
                add(which, "1", "share_of_draws_met", met[at]);
            }
        }
    }
    tidy
}

/// The targets of a scenario in words, for `summary.json`.
pub fn target_switches(table: &Table, scenario: &Scenario) -> Value {
    let one = |target: &crate::scenario::target::Target| {
        json!({
            "name": target.name.code,
            "source": target.source.code,
            "stressor": table.extensions()[target.stressor].label.code,
            "year": target.year,
            "goal": target.goal.word(),
            "sinks": target.sinks.as_ref().map(trajectory),
        })
    };
    scenario.targets.iter().map(one).collect()
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
    let households = baseline.households.iter().map(|path| {
        json!({
            "stressor": codes(&path.stressors, &stressor),
            "region": codes(&path.regions, &region),
            "growth": growth(&path.growth),
        })
    });
    json!({
        "demand": demand.collect::<Vec<Value>>(),
        "efficiency": efficiency.collect::<Vec<Value>>(),
        "households": households.collect::<Vec<Value>>(),
    })
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
