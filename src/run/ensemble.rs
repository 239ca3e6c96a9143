//! Many runs of one scenario: bands of levels and differences, how sure the signs are, when emissions
//! peak, and which uncertainty matters. METHODS D5.
//!
//! Factors are those of the table for every draw. A draw depends on seed, number and the names of what
//! is drawn alone, so any part of an ensemble can be computed anywhere.

#![allow(non_snake_case)]

mod differences;
mod gather;

pub use differences::Differences;
pub(super) use gather::band;

use std::ops::Range;

use rayon::prelude::*;

use super::density::{Agglomeration, Both, Detail, Seen};
use super::model::{Focus, Model, Sample, Variant, sample};
use super::{RunError, Runner};
use crate::agglomeration::Reading;
use crate::labels::places::clean;
use crate::progress::{Finished, Keep, Progress};
use crate::relocation::{Economy, Relocation, Size};
use crate::scenario::density::{Amount, Density};
use crate::scenario::place::Place;
use crate::scenario::uncertainty::Uncertainty;
use crate::sourcing::TradeShares;
use crate::table::Quantity;
use crate::text::sign_grade;

/// The shares of draws that the three numbers of a band stand at.
pub const BAND: [f64; 3] = [0.05, 0.5, 0.95];

/// Memory that the numbers of all draws may take.
const MOST_BYTES: u64 = 4 << 30;

/// Draws of one thing alone, at most.
const ALONE: u32 = 1000;

/// What a band is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// The baseline.
    Baseline,
    /// With the moves.
    Scenario,
    /// Scenario less baseline.
    Difference,
}

impl Level {
    /// The word results use.
    pub fn word(self) -> &'static str {
        match self {
            Level::Baseline => "baseline",
            Level::Scenario => "scenario",
            Level::Difference => "difference",
        }
    }
}

/// A band of one number.
#[derive(Debug, Clone, PartialEq)]
pub struct Band {
    /// Of what.
    pub level: Level,
    /// Year.
    pub year: i32,
    /// Quantity.
    pub quantity: Quantity,
    /// Region, group or all.
    pub place: Place,
    /// The reading.
    pub reading: Reading,
    /// At 5, 50 and 95 % of the draws.
    pub values: [f64; 3],
    /// At 25 and 75 %: half of the draws are between.
    pub half: [f64; 2],
}

/// How often one number has the sign of the headline, and in which of the ways it was computed.
#[derive(Debug, Clone, PartialEq)]
pub struct SignCell {
    /// The reading.
    pub reading: Reading,
    /// Technology and sourcing of the plants.
    pub variant: Variant,
    /// Share of draws above zero.
    pub positive: f64,
    /// Share of draws below zero.
    pub negative: f64,
    /// The median of the draws.
    pub median: f64,
}

/// How robust the sign of a headline is.
#[derive(Debug, Clone, PartialEq)]
pub struct SignGrade {
    /// Quantity.
    pub quantity: Quantity,
    /// Region, group or all.
    pub place: Place,
    /// The headline itself.
    pub headline: f64,
    /// Share of all draws, readings, technologies and sourcings that agree with its sign, among those
    /// that have one.
    pub agreement: f64,
    /// The table behind it.
    pub cells: Vec<SignCell>,
}

impl SignGrade {
    /// Smallest and largest median over the ways it was computed in.
    pub fn range(&self) -> [f64; 2] {
        self.cells.iter().fold([f64::INFINITY, f64::NEG_INFINITY], |[low, high], cell| {
            [low.min(cell.median), high.max(cell.median)]
        })
    }
}

impl SignGrade {
    /// A from 95 %, B from 80 %, C from 60 %, D below; none where the headline is zero.
    pub fn letter(&self) -> Option<char> {
        (self.headline != 0.0).then(|| sign_grade(self.agreement))
    }
}

/// When a stressor is highest: share of draws by year; the edges of the horizon are no peaks.
#[derive(Debug, Clone, PartialEq)]
pub struct Peak {
    /// Baseline or scenario.
    pub level: Level,
    /// Stressor.
    pub quantity: Quantity,
    /// Region, group or all.
    pub place: Place,
    /// Share of draws by year.
    pub years: Vec<(i32, f64)>,
    /// Share of draws without a peak within the horizon.
    pub none: f64,
}

/// What one uncertainty alone does to a difference of the last year.
#[derive(Debug, Clone, PartialEq)]
pub struct Bar {
    /// What was drawn.
    pub parameter: String,
    /// Quantity.
    pub quantity: Quantity,
    /// Region, group or all.
    pub place: Place,
    /// The reading.
    pub reading: Reading,
    /// At 5, 50 and 95 % of the draws.
    pub values: [f64; 3],
}

/// What the draws come to.
#[derive(Debug, Clone)]
pub struct Ensemble {
    /// How many draws; 0 where nothing is drawn and the grades are of one way of computing each.
    pub draws: u32,
    /// Draws that had no answer and are left out.
    pub failed: u32,
    /// Systems of the size of the table factored while drawing.
    pub factorisations: u64,
    /// Differences of the last year, draw by draw; none where nothing is drawn.
    pub differences: Option<Differences>,
    /// Bands of every year; none where nothing is drawn.
    pub bands: Vec<Band>,
    /// Grades of the last year.
    pub grades: Vec<SignGrade>,
    /// Peaks, where there is a horizon.
    pub peaks: Vec<Peak>,
    /// One thing at a time.
    pub tornado: Vec<Bar>,
    /// Share of draws in which baseline and scenario meet each target.
    pub met: Vec<[f64; 2]>,
}

/// Where the numbers of one draw stand in its vector.
struct Layout {
    years: usize,
    quantities: usize,
    regions: usize,
    variants: usize,
}

impl Layout {
    /// Baseline (0) or scenario (1) of a year and quantity: regions.
    fn level(&self, year: usize, quantity: usize, level: usize) -> Range<usize> {
        let start = ((year * self.quantities + quantity) * 2 + level) * self.regions;
        start..start + self.regions
    }

    /// Difference of the last year in a variant, of a quantity without agglomeration.
    fn variant(&self, variant: usize, quantity: usize) -> Range<usize> {
        let first = self.years * self.quantities * 2 * self.regions;
        let each = self.quantities + Reading::ALL.len();
        let start = first + (variant * each + quantity) * self.regions;
        start..start + self.regions
    }

    /// Difference of the last year in a variant and reading, of the stressor that was explained.
    fn reading(&self, variant: usize, reading: usize) -> Range<usize> {
        self.variant(variant, self.quantities + reading)
    }

    fn len(&self) -> usize {
        self.variant(self.variants, 0).start
    }
}

/// A run that can be repeated with drawn inputs.
pub(super) struct Sampler<'a, 'r> {
    runner: &'r Runner<'a>,
    uncertainty: &'r Uncertainty,
    model: Model<'a>,
    shares: Option<(TradeShares, Vec<f64>)>,
    years: Vec<Year>,
    quantities: Vec<Quantity>,
    layout: Layout,
}

/// What is the same in every draw of a year.
struct Year {
    year: i32,
    /// Years since the table's.
    since: i32,
    /// Factor of each growth path.
    growth: Vec<f64>,
    sizes: Vec<Size>,
    /// Intensities by quantity.
    intensities: Vec<Vec<f64>>,
    /// Direct emissions of households by stressor and region.
    households: Vec<Vec<f64>>,
}

impl<'a, 'r> Sampler<'a, 'r> {
    pub(super) fn of(
        runner: &'r Runner<'a>,
        uncertainty: &'r Uncertainty,
        years: &[i32],
    ) -> Result<Self, RunError> {
        let (table, scenario) = (runner.table, runner.scenario);
        let model = Model::of(table, scenario, runner.leontief).map_err(RunError::Moves)?;
        let quantities = table.quantities();
        let base = table.meta().year;
        let of_year = |year: &i32| Year {
            year: *year,
            since: year - base,
            growth: scenario
                .baseline
                .demand
                .iter()
                .map(|path| path.growth.demand_factor(year - base, *year))
                .collect(),
            sizes: scenario.moves.iter().map(|planned| planned.size.at(*year)).collect(),
            households: runner.households(*year),
            intensities: quantities.iter().map(|q| runner.intensities(*q, *year).0).collect(),
        };
        let layout = Layout {
            years: years.len(),
            quantities: quantities.len(),
            regions: table.industries().regions.len(),
            variants: model.variants.len(),
        };
        Ok(Sampler {
            shares: uncertainty.trade_shares.as_ref().map(|concentration| {
                let products = table.industries().sectors.len();
                (TradeShares::of(table), concentration.by_product(products))
            }),
            years: years.iter().map(of_year).collect(),
            runner,
            uncertainty,
            model,
            quantities,
            layout,
        })
    }

    /// Numbers of the draws in a range, each a pure function of its number; none where a draw has no
    /// answer.
    pub(super) fn draws(
        &self,
        range: Range<u32>,
        focus: &Focus,
        progress: &dyn Progress,
    ) -> Vec<Option<Vec<f64>>> {
        range
            .into_par_iter()
            .map(|draw| {
                if progress.cancelled() {
                    return None;
                }
                let values = self.draw(draw, focus);
                progress.step();
                values
            })
            .collect()
    }

    /// The draws of a part of the run: those that were finished earlier, and the others by portions, each
    /// kept once it is finished.
    fn part(
        &self,
        (part, focus): (u32, &Focus),
        count: u32,
        progress: &dyn Progress,
        keep: &dyn Keep,
    ) -> Result<Finished, RunError> {
        let mut all = keep.earlier(part, self.layout.len());
        all.draws.truncate(count as usize);
        all.draws.iter().for_each(|_| progress.step());
        let mut done = all.draws.len() as u32;
        while done < count {
            let end = done + keep.portion().clamp(1, count - done);
            let before = crate::linalg::factor::factorised();
            let draws = self.draws(done..end, focus, progress);
            // Draws that were not begun look like draws without an answer: neither kept nor counted.
            if progress.cancelled() {
                return Err(RunError::Cancelled);
            }
            let factorised = crate::linalg::factor::factorised() - before;
            let mut found = Finished { draws, factorised };
            keep.keep(part, &found);
            all.draws.append(&mut found.draws);
            all.factorised += factorised;
            done = end;
        }
        Ok(all)
    }

    fn draw(&self, draw: u32, focus: &Focus) -> Option<Vec<f64>> {
        let (table, uncertainty) = (self.runner.table, self.uncertainty);
        let sample = sample(table, self.runner.scenario, uncertainty, draw, focus);
        let drawn = match &self.shares {
            Some((shares, concentration)) if matches!(focus, Focus::All | Focus::TradeShares) => {
                let tilt = shares.draw(uncertainty.seed, draw, concentration);
                Some(self.model.tilted(table, self.runner.leontief, shares, &tilt)?)
            }
            _ => None,
        };
        let model = drawn.as_ref().unwrap_or(&self.model);
        let mut values = vec![f64::NAN; self.layout.len()];
        for (at, (variant, relocation)) in model.variants.iter().enumerate() {
            let own = if at == 0 {
                sample.technology.and_then(|share| model.with_technology(share))
            } else {
                None
            };
            let relocation = own.as_ref().unwrap_or(relocation);
            self.variant(model, (at, *variant), relocation, &sample, &mut values)?;
        }
        Some(values)
    }

    /// Runs one variant through the years and writes its numbers.
    fn variant(
        &self,
        model: &Model<'a>,
        (at, _): (usize, Variant),
        relocation: &Relocation<'a>,
        sample: &Sample,
        values: &mut [f64],
    ) -> Option<()> {
        let industries = self.runner.table.industries();
        let lasting = self.runner.scenario.horizon.is_none();
        let mut agglomeration = match &sample.density {
            Some(density) => Some(Agglomeration::of(density, industries, lasting).ok()?),
            None => None,
        };
        let last = self.years.len() - 1;
        for (index, year) in self.years.iter().enumerate() {
            if at > 0 && index < last && agglomeration.is_none() {
                continue;
            }
            let economy = self.economy(model, year, sample);
            let moved = relocation.solve(&economy, &year.sizes).ok()?;
            let both =
                |quantity: usize| self.both(relocation, &economy, &moved, year, sample, quantity);
            let mut found: Vec<Both> = (0..self.quantities.len()).map(both).collect();
            let mut readings = None;
            if let (Some(agglomeration), Some(density)) = (&mut agglomeration, &sample.density) {
                let seen = self.seen(relocation, density, &found, &moved.relocated, year);
                let detail = if index == last { Detail::Last } else { Detail::Chosen };
                let (year, applied) =
                    agglomeration.year(year.year, &seen.borrowed(), detail).ok()?;
                let stressor = self.position(Quantity::Stressor(density.stressor));
                applied.apply_to(&mut found[stressor].scenario);
                readings = Some(year);
            }
            let sums = |values: &[f64]| industries.by_region(values);
            for (quantity, both) in found.iter().enumerate() {
                let (mut baseline, mut scenario) = (sums(&both.baseline), sums(&both.scenario));
                if let Quantity::Stressor(stressor) = self.quantities[quantity] {
                    let direct = &year.households[stressor];
                    for sums in [&mut baseline, &mut scenario] {
                        sums.iter_mut().zip(direct).for_each(|(sum, direct)| *sum += direct);
                    }
                }
                if at == 0 {
                    values[self.layout.level(index, quantity, 0)].copy_from_slice(&baseline);
                    values[self.layout.level(index, quantity, 1)].copy_from_slice(&scenario);
                }
                if index == last {
                    let into = &mut values[self.layout.variant(at, quantity)];
                    into.iter_mut()
                        .zip(scenario.iter().zip(&baseline))
                        .for_each(|(into, (s, b))| *into = clean(s - b, s.abs() + b.abs()));
                }
            }
            for found in readings.iter().flat_map(|year| &year.readings) {
                let place = Reading::ALL.iter().position(|reading| *reading == found.reading);
                let into = &mut values[self.layout.reading(at, place.unwrap_or(0))];
                let base = readings.iter().flat_map(|year| &year.baseline);
                into.iter_mut().zip(found.emissions.iter().zip(base)).for_each(|(into, (e, b))| {
                    *into = e.map_or(f64::NAN, |e| clean(e - b, e.abs() + b.abs()));
                });
            }
        }
        Some(())
    }

    fn economy(&self, model: &Model<'a>, year: &Year, sample: &Sample) -> Economy {
        model.economy(year.year, |path| match path {
            Some(path) => year.growth[path] * (1.0 + sample.growth).max(0.0).powi(year.since),
            None => 1.0,
        })
    }

    fn position(&self, quantity: Quantity) -> usize {
        self.quantities.iter().position(|other| *other == quantity).unwrap_or(0)
    }

    fn both(
        &self,
        relocation: &Relocation<'a>,
        economy: &Economy,
        moved: &crate::relocation::Moved,
        year: &Year,
        sample: &Sample,
        at: usize,
    ) -> Both {
        let quantity = self.quantities[at];
        let mut c = year.intensities[at].clone();
        if let Quantity::Stressor(stressor) = quantity
            && let Some(factors) = &sample.factors[stressor]
        {
            c.iter_mut().zip(factors).for_each(|(c, factor)| *c *= factor);
        }
        let plants = relocation.intensities(quantity, &c);
        let baseline: Vec<f64> = economy.output.iter().zip(&c).map(|(x, c)| x * c).collect();
        let mut scenario = relocation.changes(moved, economy, &c, &plants);
        scenario.iter_mut().zip(&baseline).for_each(|(change, base)| *change += base);
        Both { baseline, scenario }
    }

    fn seen<'s>(
        &'s self,
        relocation: &Relocation<'a>,
        density: &Density,
        found: &[Both],
        relocated: &[f64],
        year: &'s Year,
    ) -> Owned<'s> {
        let one = |amount: Amount| {
            let quantity = match amount {
                Amount::Output => Quantity::Output,
                Amount::Extension(at) => Quantity::Stressor(at),
                Amount::ValueAddedRow(row) => {
                    let output = &found[self.position(Quantity::Output)];
                    return self.runner.value_added_row(row, relocation, output, relocated);
                }
            };
            found[self.position(quantity)].clone()
        };
        Owned {
            density: one(density.amount),
            value_added: found[self.position(Quantity::ValueAdded)].clone(),
            energy: density.energy.map(one),
            labour: density.labour.map(one),
            emissions: one(Amount::Extension(density.stressor)),
            households: &year.households[density.stressor],
        }
    }
}

/// What agglomeration looks at, owned.
struct Owned<'s> {
    density: Both,
    value_added: Both,
    energy: Option<Both>,
    labour: Option<Both>,
    emissions: Both,
    households: &'s [f64],
}

impl Owned<'_> {
    fn borrowed(&self) -> Seen<'_> {
        Seen {
            density: &self.density,
            value_added: &self.value_added,
            energy: self.energy.as_ref(),
            labour: self.labour.as_ref(),
            emissions: &self.emissions,
            households: self.households,
        }
    }
}

/// Draws everything that is uncertain and gathers what the draws come to.
pub(super) fn ensemble(
    runner: &Runner<'_>,
    uncertainty: &Uncertainty,
    years: &[i32],
    headline: &[(Quantity, Vec<f64>)],
    (progress, keep): (&dyn Progress, &dyn Keep),
) -> Result<Ensemble, RunError> {
    let before = crate::linalg::factor::factorised();
    let sampler = Sampler::of(runner, uncertainty, years)?;
    let mut factorised = crate::linalg::factor::factorised() - before;
    let alone = foci(runner, uncertainty);
    let bytes = u64::from(uncertainty.draws) * sampler.layout.len() as u64 * 8;
    if bytes > MOST_BYTES {
        let most = MOST_BYTES / (sampler.layout.len() as u64 * 8);
        return Err(RunError::TooManyDraws { gigabytes: bytes as f64 / 1e9, most });
    }
    let each = uncertainty.draws.min(ALONE);
    let steps = u64::from(uncertainty.draws) + alone.len() as u64 * u64::from(each);
    progress.begin("draws", steps);
    let all = sampler.part((0, &Focus::All), uncertainty.draws, progress, keep)?;
    factorised += all.factorised;
    let failed = all.draws.iter().filter(|values| values.is_none()).count() as u32;
    let numbers = (0..).zip(&all.draws).filter(|(_, values)| values.is_some());
    let numbers: Vec<u32> = numbers.map(|(number, _)| number).collect();
    let drawn: Vec<Vec<f64>> = all.draws.into_iter().flatten().collect();
    let mut tornado = Vec::new();
    for (part, (parameter, focus)) in (1..).zip(&alone) {
        let found = sampler.part((part, focus), each, progress, keep)?;
        factorised += found.factorised;
        let values: Vec<Vec<f64>> = found.draws.into_iter().flatten().collect();
        tornado.extend(sampler.bars(parameter, &values));
    }
    if progress.cancelled() {
        return Err(RunError::Cancelled);
    }
    let anything = *uncertainty != Uncertainty::none();
    Ok(Ensemble {
        draws: if anything { uncertainty.draws } else { 0 },
        failed,
        factorisations: factorised,
        differences: anything.then(|| sampler.differences(numbers, &drawn)),
        bands: if anything { sampler.bands(&drawn) } else { Vec::new() },
        grades: sampler.grades(&drawn, headline),
        peaks: sampler.peaks(&drawn),
        met: sampler.met(&drawn),
        tornado,
    })
}

/// Numbers of a range of draws, the same whoever computes them and in which order: what
/// [`Ensemble`] is made of, for sweeps that are spread over machines.
///
/// # Errors
/// If the scenario has no uncertainty to draw, or no outcome at all.
pub(super) fn draws(
    runner: &Runner<'_>,
    uncertainty: &Uncertainty,
    years: &[i32],
    range: Range<u32>,
    progress: &dyn Progress,
) -> Result<Vec<Option<Vec<f64>>>, RunError> {
    Ok(Sampler::of(runner, uncertainty, years)?.draws(range, &Focus::All, progress))
}

/// Everything that is uncertain, one thing at a time, by name.
fn foci(runner: &Runner<'_>, uncertainty: &Uncertainty) -> Vec<(String, Focus)> {
    let mut found = Vec::new();
    if let (Some(density), true) = (&runner.scenario.density, uncertainty.elasticities) {
        for (at, estimate) in density.estimates.iter().enumerate() {
            let lags = estimate.lags.len();
            let places = if density.weights.is_some() { lags + 1 } else { lags };
            for place in 0..places {
                let what = if place == lags { "rho".to_owned() } else { format!("lag{place}") };
                let name = format!("{} {} {what}", estimate.measure.word(), estimate.group);
                found.push((name, Focus::Coefficient { estimate: at, place }));
            }
        }
    }
    let named = [
        ("emission factors", uncertainty.emission_factors.is_some(), Focus::EmissionFactors),
        ("trade shares", uncertainty.trade_shares.is_some(), Focus::TradeShares),
        ("technology of the plants", uncertainty.technology.is_some(), Focus::Technology),
        ("growth of demand", uncertainty.growth.is_some(), Focus::Growth),
    ];
    found.extend(named.into_iter().filter(|(_, on, _)| *on).map(|(n, _, f)| (n.to_owned(), f)));
    found
}
