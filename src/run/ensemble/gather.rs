//! What the draws come to: numbers of all draws become bands, grades, peaks and bars.

use std::ops::Range;

use super::{BAND, Band, Bar, Level, Peak, Sampler, SignCell, SignGrade};
use crate::agglomeration::Reading;
use crate::draws::quantile;
use crate::run::target::{limit, measured, peak};
use crate::scenario::place::Place;
use crate::scenario::target::Target;
use crate::table::Quantity;

/// Numbers of the draws at 5, 50 and 95 % of those that have one; none if no draw has.
pub(in crate::run) fn band(values: Vec<f64>) -> Option<[f64; 3]> {
    quantiles(values, BAND)
}

/// The same with the half of the draws in the middle.
fn fan(values: Vec<f64>) -> Option<([f64; 3], [f64; 2])> {
    let [low, mid, high] = BAND;
    let [low, first, mid, third, high] = quantiles(values, [low, 0.25, mid, 0.75, high])?;
    Some(([low, mid, high], [first, third]))
}

fn quantiles<const N: usize>(mut values: Vec<f64>, shares: [f64; N]) -> Option<[f64; N]> {
    values.retain(|value| value.is_finite());
    values.sort_unstable_by(f64::total_cmp);
    (!values.is_empty()).then(|| shares.map(|share| quantile(&values, share)))
}

impl Sampler<'_, '_> {
    /// The regions, the groups, then all of them together.
    fn places(&self) -> Vec<Place> {
        self.runner.scenario.places(self.layout.regions)
    }

    /// The number of a place in a draw: sums are of the draw's own regions.
    fn sum(&self, values: &[f64], range: Range<usize>, place: Place) -> f64 {
        self.runner.scenario.sum_at(place, &values[range])
    }

    pub(super) fn chosen(&self) -> Reading {
        self.runner.scenario.density.as_ref().map(|density| density.reading).unwrap_or_default()
    }

    pub(super) fn bands(&self, drawn: &[Vec<f64>]) -> Vec<Band> {
        let mut bands = Vec::new();
        for (index, year) in self.years.iter().enumerate() {
            for (at, quantity) in self.quantities.iter().enumerate() {
                for place in self.places() {
                    for level in [Level::Baseline, Level::Scenario, Level::Difference] {
                        let of = |values: &Vec<f64>| {
                            let part = |which| {
                                self.sum(values, self.layout.level(index, at, which), place)
                            };
                            match level {
                                Level::Baseline => part(0),
                                Level::Scenario => part(1),
                                Level::Difference => part(1) - part(0),
                            }
                        };
                        if let Some((values, half)) = fan(drawn.iter().map(of).collect()) {
                            let reading = self.chosen();
                            let (year, quantity) = (year.year, *quantity);
                            bands.push(Band {
                                level,
                                year,
                                quantity,
                                place,
                                reading,
                                values,
                                half,
                            });
                        }
                    }
                }
            }
        }
        let Some(density) = &self.runner.scenario.density else { return bands };
        for (which, reading) in Reading::ALL.into_iter().enumerate() {
            for place in self.places() {
                let range = self.layout.reading(0, which);
                let found =
                    drawn.iter().map(|values| self.sum(values, range.clone(), place)).collect();
                if let (Some((values, half)), true) = (fan(found), reading != self.chosen()) {
                    bands.push(Band {
                        level: Level::Difference,
                        year: self.years.last().map_or(0, |year| year.year),
                        quantity: Quantity::Stressor(density.stressor),
                        place,
                        reading,
                        values,
                        half,
                    });
                }
            }
        }
        bands
    }

    /// Where the differences of a quantity stand, reading by reading: one without readings has the
    /// headline's alone.
    fn ways(&self, quantity: usize, variant: usize) -> Vec<(Reading, Range<usize>)> {
        let of_density =
            self.runner.scenario.density.as_ref().map(|d| Quantity::Stressor(d.stressor));
        if Some(self.quantities[quantity]) == of_density {
            let all = Reading::ALL.into_iter().enumerate();
            all.map(|(place, reading)| (reading, self.layout.reading(variant, place))).collect()
        } else {
            vec![(Reading::None, self.layout.variant(variant, quantity))]
        }
    }

    pub(super) fn grades(
        &self,
        drawn: &[Vec<f64>],
        headline: &[(Quantity, Vec<f64>)],
    ) -> Vec<SignGrade> {
        let mut grades = Vec::new();
        for (at, quantity) in self.quantities.iter().enumerate() {
            let own = headline.iter().find(|(other, _)| other == quantity);
            for place in self.places() {
                let headline =
                    own.map_or(0.0, |(_, by_region)| self.runner.scenario.sum_at(place, by_region));
                let mut cells = Vec::new();
                for (which, (variant, _)) in self.model.variants.iter().enumerate() {
                    for (reading, range) in self.ways(at, which) {
                        let mut found: Vec<f64> = drawn
                            .iter()
                            .map(|values| self.sum(values, range.clone(), place))
                            .filter(|value| value.is_finite())
                            .collect();
                        if found.is_empty() {
                            continue;
                        }
                        let share = |test: &dyn Fn(f64) -> bool| {
                            found.iter().filter(|value| test(**value)).count() as f64
                                / found.len() as f64
                        };
                        let (positive, negative) = (share(&|v| v > 0.0), share(&|v| v < 0.0));
                        found.sort_unstable_by(f64::total_cmp);
                        let median = quantile(&found, 0.5);
                        let variant = *variant;
                        cells.push(SignCell { reading, variant, positive, negative, median });
                    }
                }
                // What does not change has no sign to agree or disagree with.
                let signed: f64 = cells.iter().map(|cell| cell.positive + cell.negative).sum();
                let agree: f64 = cells
                    .iter()
                    .map(|cell| if headline > 0.0 { cell.positive } else { cell.negative })
                    .sum();
                let agreement = if signed > 0.0 { agree / signed } else { 0.0 };
                grades.push(SignGrade { quantity: *quantity, place, headline, agreement, cells });
            }
        }
        grades
    }

    pub(super) fn peaks(&self, drawn: &[Vec<f64>]) -> Vec<Peak> {
        let mut peaks = Vec::new();
        if self.years.len() < 3 || drawn.is_empty() {
            return peaks;
        }
        let stressors = self.quantities.iter().enumerate();
        for (at, quantity) in stressors.filter(|(_, q)| matches!(q, Quantity::Stressor(_))) {
            for place in self.places() {
                for (which, level) in [(0, Level::Baseline), (1, Level::Scenario)] {
                    let mut counts = vec![0usize; self.years.len()];
                    for values in drawn {
                        let path: Vec<f64> = (0..self.years.len())
                            .map(|index| {
                                self.sum(values, self.layout.level(index, at, which), place)
                            })
                            .collect();
                        counts[peak(&path).unwrap_or(0)] += 1;
                    }
                    let share = |count: usize| count as f64 / drawn.len() as f64;
                    let last = counts.len() - 1;
                    let years = (1..last)
                        .filter(|index| counts[*index] > 0)
                        .map(|index| (self.years[index].year, share(counts[index])))
                        .collect();
                    let none = share(counts[0]);
                    peaks.push(Peak { level, quantity: *quantity, place, years, none });
                }
            }
        }
        peaks
    }

    /// Share of draws in which baseline and scenario meet each target.
    pub(super) fn met(&self, drawn: &[Vec<f64>]) -> Vec<[f64; 2]> {
        let (table, targets) = (self.runner.table, &self.runner.scenario.targets);
        let one = |target: &Target| {
            let index = self.years.iter().position(|year| year.year == target.year)?;
            let limit = limit(table, target);
            let (emissions, value_added) = (
                self.position(Quantity::Stressor(target.stressor)),
                self.position(Quantity::ValueAdded),
            );
            let share = |which: usize| {
                let meets = |values: &&Vec<f64>| {
                    let of = |quantity: usize, region: usize| {
                        values[self.layout.level(index, quantity, which).start + region]
                    };
                    let value = measured(
                        target,
                        target.year,
                        |r| of(emissions, r),
                        |r| of(value_added, r),
                        self.layout.regions,
                    );
                    value <= limit
                };
                drawn.iter().filter(meets).count() as f64 / drawn.len().max(1) as f64
            };
            Some([share(0), share(1)])
        };
        targets.iter().filter_map(one).collect()
    }

    pub(super) fn bars(&self, parameter: &str, drawn: &[Vec<f64>]) -> Vec<Bar> {
        let mut bars = Vec::new();
        for (at, quantity) in self.quantities.iter().enumerate() {
            for place in self.places() {
                for (reading, range) in self.ways(at, 0) {
                    let found = drawn.iter().map(|values| self.sum(values, range.clone(), place));
                    // What a draw of this cannot move is no bar.
                    let values = band(found.collect()).filter(|values| values[0] != values[2]);
                    if let Some(values) = values {
                        let (parameter, quantity) = (parameter.to_owned(), *quantity);
                        bars.push(Bar { parameter, quantity, place, reading, values });
                    }
                }
            }
        }
        bars
    }
}
