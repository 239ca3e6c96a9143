//! Sums of a scenario: every number of a place as a whole, who gives and who receives, and the draws.

use crate::labels::places::{clean, sums};
use crate::relocation::indicators::IndicatorUnit;
use crate::report::files::sectors::by_sector;
use crate::report::results::Results;
use crate::report::units;
use crate::run::ensemble::Differences;
use crate::run::sides::{SideMeasure, SideNumber, sides};
use crate::run::{Outcome, STEPS};
use crate::scenario::Scenario;
use crate::table::{Quantity, Table};
use crate::tidy::{Column, Tidy};

use super::super::ensemble::NAMES;

/// Most lines of the file of draws; further draws are left out of it.
const MOST_LINES: usize = 60_000;

/// Adds the files of sums.
pub(super) fn places(results: &mut Results, table: &Table, scenario: &Scenario, outcome: &Outcome) {
    results.file(
        "sums.csv",
        "each region, group and all, by year: the table's year (base), baseline, scenario, their difference, and the six steps of \
         decomposition.csv that lead from base to scenario; with households' direct emissions, which no move changes; \
         difference_of_baseline is a share",
        place_sums(table, scenario, outcome),
    );
    results.file(
        "sector_differences.csv",
        "scenario less baseline by producing sector of each region, group and all, in the last year and those of targets; others are all \
         sectors but the eleven in which most changes over all regions",
        sector_differences(table, scenario, outcome),
    );
    let (numbers, note) = sides(table, scenario, outcome);
    if !numbers.is_empty() {
        results.file(
            "sides.csv",
            "who gives and who receives in the last year (part: the side of a region; region all: all regions of that side): output of \
             relocated plants, change, change per unit of that output, emissions per unit of value added that changed \
             (intensity_of_change), share of what all regions gained, that of the stressor less that of value added (mismatch), and what \
             rises elsewhere over what falls on the giving side (transfer_ratio); where something is drawn also p05, p50 and p95 of the draws",
            side_numbers(table, outcome, &numbers),
        );
    }
    results.note(note);
    if let Some(drawn) = outcome.ensemble.as_ref().and_then(|found| found.differences.as_ref()) {
        let shown = shown(table, scenario, drawn);
        let some = if shown < drawn.len() {
            format!("; the first {shown} of {} draws, the bands are of all", drawn.len())
        } else {
            String::new()
        };
        results.file(
            "draws.csv",
            format!(
                "scenario less baseline of the last year draw by draw (point is the draw's number, the same draw in every scenario with \
                 this seed), by the headline's reading (factor){some}"
            ),
            draws(table, scenario, outcome, drawn, shown),
        );
    }
}

fn place_sums(table: &Table, scenario: &Scenario, outcome: &Outcome) -> Tidy {
    use Column::{Factor, Quantity as QuantityColumn, Region, Unit, Year};
    let mut tidy = Tidy::new(&[Year, QuantityColumn, Unit, Region, Factor]);
    let codes = scenario.place_codes(&table.industries().regions);
    for year in &outcome.years {
        let when = year.year.to_string();
        for found in &year.quantities {
            let code = table.quantity_code(found.quantity);
            let unit = table.quantity_unit(found.quantity).to_string();
            let [baseline, with_moves] = year.levels(table, found.quantity);
            let base = outcome.base_levels(table, found.quantity);
            let by_place = |by_region: &[f64]| sums(&scenario.groups, by_region);
            let difference = by_place(&year.change(table, found.quantity));
            let baseline = by_place(&baseline);
            let mut add = |unit: &str, factor: &str, values: &[f64]| {
                for (region, value) in codes.iter().zip(values) {
                    tidy.push(&[&when, code, unit, region, factor], *value);
                }
            };
            add(&unit, "base", &by_place(&base));
            add(&unit, "baseline", &baseline);
            add(&unit, "scenario", &by_place(&with_moves));
            add(&unit, "difference", &difference);
            for (step, values) in STEPS.iter().zip(&found.steps) {
                add(&unit, step, &by_place(values));
            }
            let places = codes.iter().zip(difference.iter().zip(&baseline));
            for (region, (difference, level)) in places.filter(|(_, (_, level))| **level != 0.0) {
                let texts = [&when, code, "1", region, "difference_of_baseline"];
                tidy.push(&texts, difference / level);
            }
        }
    }
    tidy
}

fn sector_differences(table: &Table, scenario: &Scenario, outcome: &Outcome) -> Tidy {
    use Column::{Quantity as QuantityColumn, Region, Sector, Unit, Year};
    let mut tidy = Tidy::new(&[Year, QuantityColumn, Unit, Region, Sector]);
    let industries = table.industries();
    let codes = scenario.place_codes(&industries.regions);
    let last = outcome.years.last().map(|year| year.year);
    let asked =
        |year: i32| Some(year) == last || scenario.targets.iter().any(|target| target.year == year);
    for year in outcome.years.iter().filter(|year| asked(year.year)) {
        let when = year.year.to_string();
        for found in &year.quantities {
            let code = table.quantity_code(found.quantity);
            let unit = table.quantity_unit(found.quantity).to_string();
            let changes: Vec<f64> = (found.scenario.iter().zip(&found.baseline))
                .map(|(s, b)| clean(s - b, s.abs() + b.abs()))
                .collect();
            for (sector, values) in by_sector(industries, &scenario.groups, &changes) {
                for (region, value) in codes.iter().zip(values) {
                    tidy.push(&[&when, code, &unit, region, &sector], value);
                }
            }
        }
    }
    tidy
}

fn side_numbers(table: &Table, outcome: &Outcome, numbers: &[SideNumber]) -> Tidy {
    use Column::{Factor, Part, Quantity as QuantityColumn, Region, Statistic, Unit, Year};
    let mut tidy = Tidy::new(&[Year, QuantityColumn, Unit, Region, Factor, Part, Statistic]);
    let when = outcome.years.last().map_or(String::new(), |year| year.year.to_string());
    for own in numbers {
        let unit = match own.measure {
            SideMeasure::MovedOutput | SideMeasure::Change => {
                table.quantity_unit(own.quantity).to_string()
            }
            SideMeasure::PerMovedOutput | SideMeasure::IntensityOfChange => match own.quantity {
                Quantity::Stressor(_) => {
                    units::indicator(table, own.quantity, IndicatorUnit::StressorPerMoney)
                }
                _ => "1".to_owned(),
            },
            SideMeasure::ShareOfGross | SideMeasure::Mismatch | SideMeasure::TransferRatio => {
                "1".to_owned()
            }
        };
        let mut add = |statistic: &str, value: f64| {
            let code = table.quantity_code(own.quantity);
            let texts =
                [&when, code, &unit, &own.place, own.measure.word(), own.side.word(), statistic];
            tidy.push(&texts, value);
        };
        add("value", own.value);
        for (name, value) in NAMES.iter().zip(own.band.into_iter().flatten()) {
            add(name, value);
        }
    }
    tidy
}

/// Quantities whose draws are told, by position: all but output.
fn told(table: &Table) -> Vec<(usize, Quantity)> {
    let all = table.quantities().into_iter().enumerate();
    all.filter(|(_, quantity)| *quantity != Quantity::Output).collect()
}

/// How many draws are in the file.
fn shown(table: &Table, scenario: &Scenario, drawn: &Differences) -> usize {
    let places = scenario.places(table.industries().regions.len()).len();
    drawn.len().min(MOST_LINES / (places * told(table).len()).max(1))
}

fn draws(
    table: &Table,
    scenario: &Scenario,
    outcome: &Outcome,
    drawn: &Differences,
    shown: usize,
) -> Tidy {
    use Column::{Factor, Point, Quantity as QuantityColumn, Region, Statistic, Unit, Year};
    let mut tidy = Tidy::new(&[Year, QuantityColumn, Unit, Region, Factor, Point, Statistic]);
    let Some(last) = outcome.years.last() else { return tidy };
    let when = last.year.to_string();
    let codes = scenario.place_codes(&table.industries().regions);
    for (at, quantity) in told(table) {
        let code = table.quantity_code(quantity);
        let unit = table.quantity_unit(quantity).to_string();
        for (number, by_region) in drawn.numbers().zip(drawn.of_quantity(at)).take(shown) {
            let number = number.to_string();
            for (region, value) in codes.iter().zip(sums(&scenario.groups, by_region)) {
                let reading = drawn.reading.word();
                tidy.push(&[&when, code, &unit, region, reading, &number, "difference"], value);
            }
        }
    }
    tidy
}
