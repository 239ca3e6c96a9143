//! A scenario, for the terminal.

use std::fmt::Write;

use super::{Columns, Language, grid, heading, realism, region_lines, with_sum};
use crate::relocation::Move;
use crate::relocation::indicators::undefined;
use crate::relocation::intensity::{SectorIntensity, Side, of_moves};
use crate::report::files::ensemble::{is_stressor, letter};
use crate::report::units;
use crate::run::density::DensityYear;
use crate::run::ensemble::{Bar, Ensemble, Level};
use crate::run::{Outcome, STEPS, YearOutcome};
use crate::scenario::Scenario;
use crate::scenario::density::Density;
use crate::scenario::place::Place;
use crate::table::{Quantity, Table};
use crate::text::{human, signed};

/// `irio run`: the last year's changes by region, its split and its indicators.
pub fn run(table: &Table, scenario: &Scenario, outcome: &Outcome, language: Language) -> String {
    let mut out = format!("{} on {}", scenario.name, heading(table));
    if !scenario.description.is_empty() {
        let _ = writeln!(out, "{}", scenario.description);
    }
    let Some(year) = outcome.years.last() else { return out };
    let regions = table.industries().regions.labels();
    let lines = region_lines(regions, language);
    let mut changes = Columns::new(
        &format!("scenario less\nbaseline, {}", year.year),
        place_lines(table, scenario, language),
    );
    for quantity in &year.quantities {
        let (code, unit) =
            (table.quantity_code(quantity.quantity), table.quantity_unit(quantity.quantity));
        changes.add(
            format!("{code}\n{unit}"),
            &scenario.by_place(&year.change(table, quantity.quantity)),
            true,
        );
    }
    let _ = writeln!(out, "\n{}", changes.grid());
    if let Some(found) = &outcome.ensemble {
        let _ = writeln!(out, "\n{}", bands(table, scenario, found, year.year, language));
    }
    for quantity in year.quantities.iter().filter(|q| matches!(q.quantity, Quantity::Stressor(_))) {
        let (code, unit) =
            (table.quantity_code(quantity.quantity), table.quantity_unit(quantity.quantity));
        let mut steps = Columns::new(
            &format!("why {code} changes\nfrom {}, {unit}", table.meta().year),
            lines.clone(),
        );
        // Without [density] the last two steps are always zero.
        let shown = if scenario.density.is_some() { STEPS.len() } else { 4 };
        for (step, values) in STEPS.iter().zip(&quantity.steps).take(shown) {
            steps.add(step.replace('_', " "), &with_sum(values.clone()), true);
        }
        let _ = writeln!(out, "\n{}", steps.grid());
    }
    if let (Some(density), Some(found)) = (&scenario.density, &year.density) {
        let _ = writeln!(out, "\n{}", readings(table, density, found, year.year, language));
    }
    let _ = write!(out, "{}", horizon(table, scenario, outcome));
    out.push_str(&realism::realism(table, scenario, outcome, language));
    out.push_str(&intensity_gaps(table, scenario, &lines));
    out.push_str(&indicator_tables(table, scenario, year));
    out
}

/// Most indicators without a value that are named; more are counted.
const MISSING_NAMED: usize = 3;

/// Indicators of each stressor that have a value, and in a line why others have none.
fn indicator_tables(table: &Table, scenario: &Scenario, year: &YearOutcome) -> String {
    let moves: Vec<Move> = scenario.moves.iter().map(|planned| planned.mv).collect();
    let mut out = String::new();
    for (quantity, indicators) in &year.indicators {
        let code = table.quantity_code(*quantity);
        let mut grid =
            grid(&[format!("indicators of {code}, {}", year.year), "value".into(), "unit".into()]);
        for indicator in indicators {
            let Some(value) = indicator.value else { continue };
            let unit = units::indicator(table, *quantity, indicator.unit);
            grid.add_row([indicator.name.replace('_', " "), human(value), unit]);
        }
        let _ = writeln!(out, "\n{grid}");
        for (why, names) in undefined(indicators, &moves) {
            let what = if names.len() > MISSING_NAMED {
                format!("{} indicators", names.len())
            } else {
                names.join(", ").replace('_', " ")
            };
            let _ = writeln!(out, "not defined: {what}, because {why}");
        }
    }
    out
}

/// Names of regions, of groups with what they are sums of, then of all together.
fn place_lines(table: &Table, scenario: &Scenario, language: Language) -> Vec<String> {
    let regions = &table.industries().regions;
    let mut lines = region_lines(regions.labels(), language);
    let all = lines.len() - 1;
    lines.splice(all..all, scenario.groups.iter().map(|group| group.spelled(regions)));
    lines
}

/// Most moved sectors that have a column of their own.
const SECTORS_SHOWN: usize = 6;

/// How clean the moved sectors are where plants leave and arrive; regions without a part in the moves
/// are in the files.
fn intensity_gaps(table: &Table, scenario: &Scenario, lines: &[String]) -> String {
    let moves: Vec<Move> = scenario.moves.iter().map(|planned| planned.mv).collect();
    let found = of_moves(table, &moves);
    let mut out = String::new();
    for quantity in table.quantities() {
        let of: Vec<&SectorIntensity> =
            found.iter().filter(|one| one.quantity == quantity).collect();
        let Some(first) = of.first() else { continue };
        let (code, unit) = (table.quantity_code(quantity), table.quantity_unit(quantity));
        let mut header = vec![format!(
            "{code} per output, {},\n{unit} per {}",
            table.meta().year,
            table.meta().unit
        )];
        let sectors = of.iter().take(SECTORS_SHOWN);
        header.extend(
            sectors.clone().map(|one| table.industries().sectors.code(one.sector).to_owned()),
        );
        let mut rows = grid(&header);
        let taking_part = |region: &usize| of.iter().any(|one| one.sides[*region] != Side::Other);
        for region in (0..first.sides.len()).filter(taking_part) {
            let mut row = vec![lines[region].clone()];
            row.extend(
                sectors
                    .clone()
                    .map(|one| one.per_output[region].map_or_else(|| "-".to_owned(), human)),
            );
            rows.add_row(row);
        }
        let more = of.len().saturating_sub(SECTORS_SHOWN);
        let rest =
            if more > 0 { format!("({more} more in intensities.csv)\n") } else { String::new() };
        let _ = write!(out, "\n{rows}\n{rest}");
    }
    out
}

/// The band of readings beside the headline: change of the stressor by region in each.
fn readings(
    table: &Table,
    density: &Density,
    found: &DensityYear,
    year: i32,
    language: Language,
) -> String {
    let stressor = Quantity::Stressor(density.stressor);
    let (code, unit) = (table.quantity_code(stressor), table.quantity_unit(stressor));
    let regions = table.industries().regions.labels();
    let longest = found.readings.iter().filter_map(|reading| reading.after).max();
    let shown = found.readings.iter().filter(|r| r.capped && r.after == longest);
    let mut grid = Columns::new(
        &format!("change of {code},\n{unit}, {year}, if"),
        region_lines(regions, language),
    );
    let mut density_column: Vec<f64> = found.density.clone();
    density_column.push(0.0);
    grid.add(format!("Δln {}", density.measure.word()), &density_column, true);
    if let Some(cell) = grid.cells.last_mut().and_then(|cells| cells.last_mut()) {
        // Densities of regions do not add up.
        cell.clear();
    }
    for reading in shown {
        let changes: Vec<Option<f64>> = reading
            .emissions
            .iter()
            .zip(&found.baseline)
            .map(|(emissions, baseline)| Some((*emissions)? - baseline))
            .collect();
        let total: Option<f64> = changes.iter().copied().sum();
        let values: Vec<f64> =
            changes.iter().chain([&total]).map(|value| value.unwrap_or(0.0)).collect();
        grid.add(reading.reading.word().replace('_', " "), &values, true);
        if let Some(cells) = grid.cells.last_mut() {
            let missing = changes.iter().chain([&total]).map(Option::is_none);
            cells.iter_mut().zip(missing).filter(|(_, gone)| *gone).for_each(|(cell, _)| {
                "not possible".clone_into(cell);
            });
        }
    }
    let after = longest.map_or(String::new(), |years| format!(", {years} years after the move"));
    format!(
        "{}\nreadings of agglomeration beside the headline (none){after}; no reading bounds the truth",
        grid.grid()
    )
}

/// Bands of the differences of the last year, with the grade of each sign, and what matters most.
fn bands(
    table: &Table,
    scenario: &Scenario,
    found: &Ensemble,
    year: i32,
    language: Language,
) -> String {
    let names = place_lines(table, scenario, language);
    let places = scenario.places(table.industries().regions.len());
    let quantities: Vec<Quantity> =
        table.quantities().into_iter().filter(|quantity| *quantity != Quantity::Output).collect();
    let drawn = found.draws > 0;
    let what = if drawn { "5 to 95 % of draws" } else { "range of the ways" };
    let mut head = vec![format!("difference {year}:\n{what}, grade")];
    head.extend(
        quantities
            .iter()
            .map(|q| format!("{}\n{}", table.quantity_code(*q), table.quantity_unit(*q))),
    );
    let mut grid = grid(&head);
    for (place, name) in places.into_iter().zip(&names) {
        let mut cells = vec![name.clone()];
        for quantity in &quantities {
            let band = found.bands.iter().find(|band| {
                band.level == Level::Difference
                    && (band.year, band.quantity, band.place) == (year, *quantity, place)
            });
            let grade = found.grades.iter().find(|g| (g.quantity, g.place) == (*quantity, place));
            cells.push(grade.map_or(String::new(), |grade| {
                let [low, high] =
                    band.map_or(grade.range(), |band| [band.values[0], band.values[2]]);
                format!("{} to {}  {}", signed(low), signed(high), letter(grade))
            }));
        }
        grid.add_row(cells);
    }
    let draws = if drawn { format!("{} draws", found.draws) } else { "nothing drawn".to_owned() };
    let mut out = format!(
        "{grid}\n{draws}; grade of the sign: share of {}readings, technologies and sourcings of the plants that agree \
         (A from 95 %, B 80 %, C 60 %, D below)",
        if drawn { "draws, " } else { "" }
    );
    let of_all = |bar: &&Bar| bar.place == Place::All && is_stressor(bar.quantity);
    let reading = found.bands.first().map(|band| band.reading).unwrap_or_default();
    let width = |bar: &Bar| bar.values[2] - bar.values[0];
    let mut bars: Vec<&Bar> =
        found.tornado.iter().filter(of_all).filter(|bar| bar.reading == reading).collect();
    bars.sort_by(|a, b| width(b).total_cmp(&width(a)));
    for bar in bars.iter().take(5) {
        let [low, _, high] = bar.values.map(signed);
        let code = table.quantity_code(bar.quantity);
        let _ = write!(out, "\n  {code} of all, only {} drawn: {low} to {high}", bar.parameter);
    }
    out
}

/// Peaks and targets in a line each.
fn horizon(table: &Table, scenario: &Scenario, outcome: &Outcome) -> String {
    let mut out = String::new();
    for peak in outcome.peaks.iter().filter(|peak| peak.place == Place::All) {
        let code = table.quantity_code(peak.quantity);
        let draws = |share: f64| match &outcome.ensemble {
            Some(found) if found.draws > 0 => format!(" ({:.0} % of draws)", 100.0 * share),
            _ => String::new(),
        };
        let most = peak.years.iter().max_by(|a, b| a.1.total_cmp(&b.1));
        let said = match most {
            Some((year, share)) if *share > peak.none => {
                format!("peaks in {year}{}", draws(*share))
            }
            _ => format!("no peak within the horizon{}", draws(peak.none)),
        };
        let _ = writeln!(out, "\n{code} of all, {}: {said}", peak.level.word());
    }
    for found in &outcome.targets {
        let target = &scenario.targets[found.target];
        let said = |value: f64, met: Option<f64>| {
            let gap = value - found.limit;
            let draws = met
                .map_or(String::new(), |share| format!(", met in {:.0} % of draws", 100.0 * share));
            let word = if gap <= 0.0 { "met" } else { "missed" };
            format!("{word}, {} ({}{draws})", human(value), signed(gap))
        };
        let _ = writeln!(
            out,
            "\ntarget {:?} in {}, at most {}: baseline {}; scenario {}\n  source: {}",
            target.name.code,
            target.year,
            human(found.limit),
            said(found.baseline, found.met.map(|met| met[0])),
            said(found.scenario, found.met.map(|met| met[1])),
            target.source.code
        );
    }
    out
}
