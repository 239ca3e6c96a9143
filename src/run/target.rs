//! Targets and peaks of a run. METHODS D4.

use super::ensemble::{Level, Peak};
use super::{Outcome, YearOutcome};
use crate::scenario::Scenario;
use crate::scenario::target::Target;
use crate::table::{Quantity, Table};

/// What became of a target.
#[derive(Debug, Clone, PartialEq)]
pub struct TargetOutcome {
    /// Which, in the scenario's order.
    pub target: usize,
    /// The number that should not be exceeded.
    pub limit: f64,
    /// What the baseline comes to, net of sinks.
    pub baseline: f64,
    /// What the scenario comes to, net of sinks.
    pub scenario: f64,
    /// Share of draws in which baseline and scenario meet it, where there are draws.
    pub met: Option<[f64; 2]>,
}

/// Emissions (net of sinks) or emissions per value added of a target's regions.
pub(super) fn measured(
    target: &Target,
    year: i32,
    emissions: impl Fn(usize) -> f64,
    value_added: impl Fn(usize) -> f64,
    regions: usize,
) -> f64 {
    let inside = |r: &usize| target.regions.as_ref().is_none_or(|list| list.contains(r));
    let sinks = target.sinks.as_ref().map_or(0.0, |path| path.at(year, 0.0));
    let sum = (0..regions).filter(inside).map(&emissions).sum::<f64>() - sinks;
    if target.goal.is_intensity() {
        sum / (0..regions).filter(inside).map(&value_added).sum::<f64>()
    } else {
        sum
    }
}

/// The limit of a target on its table.
pub(super) fn limit(table: &Table, target: &Target) -> f64 {
    let industries = table.industries();
    let emissions = industries.by_region(&table.totals(Quantity::Stressor(target.stressor)));
    let households = &table.extensions()[target.stressor].households;
    let value_added = industries.by_region(&table.totals(Quantity::ValueAdded));
    let gross = Target { sinks: None, ..target.clone() };
    let now = measured(
        &gross,
        table.meta().year,
        |r| emissions[r] + households[r],
        |r| value_added[r],
        emissions.len(),
    );
    target.goal.limit(now)
}

/// What became of every target.
pub(super) fn targets(
    table: &Table,
    targets: &[Target],
    years: &[YearOutcome],
) -> Vec<TargetOutcome> {
    let industries = table.industries();
    let one = |(at, target): (usize, &Target)| {
        let year = years.iter().find(|year| year.year == target.year)?;
        let of = |wanted: Quantity, scenario: bool| -> Vec<f64> {
            let found = year.quantities.iter().find(|quantity| quantity.quantity == wanted);
            found.map_or_else(
                || vec![0.0; industries.regions.len()],
                |q| industries.by_region(if scenario { &q.scenario } else { &q.baseline }),
            )
        };
        let value = |scenario: bool| {
            let emissions = of(Quantity::Stressor(target.stressor), scenario);
            let value_added = of(Quantity::ValueAdded, scenario);
            let households = &year.households[target.stressor];
            measured(
                target,
                year.year,
                |r| emissions[r] + households[r],
                |r| value_added[r],
                emissions.len(),
            )
        };
        let (baseline, scenario) = (value(false), value(true));
        Some(TargetOutcome {
            target: at,
            limit: limit(table, target),
            baseline,
            scenario,
            met: None,
        })
    };
    targets.iter().enumerate().filter_map(one).collect()
}

/// Where the highest of a path stands, the first of equals; none at its edges.
pub(super) fn peak(path: &[f64]) -> Option<usize> {
    let highest = path.iter().enumerate().fold((0, f64::NEG_INFINITY), |best, (at, value)| {
        if *value > best.1 { (at, *value) } else { best }
    });
    (0 < highest.0 && highest.0 + 1 < path.len()).then_some(highest.0)
}

/// Peaks of a run without draws: each is certain.
pub(super) fn peaks(table: &Table, scenario: &Scenario, outcome: &Outcome) -> Vec<Peak> {
    let mut peaks = Vec::new();
    if outcome.years.len() < 3 {
        return peaks;
    }
    for (stressor, _) in table.extensions().iter().enumerate() {
        let quantity = Quantity::Stressor(stressor);
        let by_year: Vec<[Vec<f64>; 2]> =
            outcome.years.iter().map(|year| year.levels(table, quantity)).collect();
        for (which, level) in [Level::Baseline, Level::Scenario].into_iter().enumerate() {
            for place in scenario.places(table.industries().regions.len()) {
                let values: Vec<f64> =
                    by_year.iter().map(|levels| scenario.sum_at(place, &levels[which])).collect();
                let found = peak(&values);
                let years = found.map(|at| (outcome.years[at].year, 1.0)).into_iter().collect();
                let none = if found.is_some() { 0.0 } else { 1.0 };
                peaks.push(Peak { level, quantity, place, years, none });
            }
        }
    }
    peaks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_edges_of_a_horizon_are_no_peaks() {
        assert_eq!(peak(&[1.0, 3.0, 2.0]), Some(1));
        assert_eq!(peak(&[1.0, 2.0, 3.0]), None);
        assert_eq!(peak(&[3.0, 2.0, 1.0]), None);
        assert_eq!(peak(&[1.0, 2.0, 2.0, 1.0]), Some(1));
    }
}
