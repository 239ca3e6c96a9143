//! Running a scenario: baseline and scenario year by year, what makes the difference, and the
//! indicators a decision needs. METHODS B7 and G.
//!
//! The difference of a region from the base year is split in a fixed order, exact by construction:
//! *trend* (the baseline of the year), *relocation* (the moves with the plants as they were),
//! *supply chain* (with the inputs and suppliers of the scenario), *technology* (with the
//! relocated plants' own intensity), *agglomeration* and *spillover* (what the chosen reading of the
//! elasticities of density adds, without and with neighbours; nothing in the headline).

mod agglomerate;
pub mod density;
pub mod ensemble;
mod error;
pub mod grid;
mod levels;
mod model;
mod notes;
mod plants;
pub mod realism;
pub mod sides;
mod size;
pub mod target;

use std::sync::Arc;

use density::{Agglomeration, DensityYear, Detail};
use ensemble::{Ensemble, Peak};
pub use error::RunError;
pub use model::Variant;
use plants::Plants;
use realism::{Building, RealismYear, Switches};
pub use size::bytes_needed;
use target::TargetOutcome;

use crate::fault::Note;
use crate::leontief::Leontief;
use crate::progress::{Forget, Keep, Progress};
use crate::relocation::indicators::{BREAK_EVEN_TECHNOLOGY, Change, Indicator, IndicatorUnit};
use crate::relocation::{Economy, Move, MoveError, Relocation, Size};
use crate::scenario::Scenario;
use crate::scenario::uncertainty::Uncertainty;
use crate::table::{DemandColumn, Extension, Quantity, Role, Table};

/// The steps that lead from the base year to the scenario.
pub const STEPS: [&str; 6] =
    ["trend", "relocation", "supply_chain", "technology", "agglomeration", "spillover"];

/// One quantity in one year.
#[derive(Debug, Clone)]
pub struct QuantityYear {
    /// Which.
    pub quantity: Quantity,
    /// By industry, without the moves.
    pub baseline: Vec<f64>,
    /// By industry, with them.
    pub scenario: Vec<f64>,
    /// What each of [`STEPS`] adds to the base year, by region.
    pub steps: [Vec<f64>; 6],
}

/// One year.
#[derive(Debug, Clone)]
pub struct YearOutcome {
    /// Which.
    pub year: i32,
    /// Output, value added and every stressor.
    pub quantities: Vec<QuantityYear>,
    /// Indicators of each stressor, of the input-output model alone.
    pub indicators: Vec<(Quantity, Vec<Indicator>)>,
    /// Output of the relocated plants of each move.
    pub relocated: Vec<f64>,
    /// Share of its row that each move took.
    pub shares: Vec<f64>,
    /// Direct emissions of households by stressor and region, in baseline and scenario alike.
    pub households: Vec<Vec<f64>>,
    /// Agglomeration, where the scenario asks for it.
    pub density: Option<DensityYear>,
    /// What closer realism adds, where the scenario asks for it; nothing of it is in the headline.
    pub realism: Option<RealismYear>,
}

/// What a scenario comes to.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// The table itself, by quantity and industry.
    pub base: Vec<(Quantity, Vec<f64>)>,
    /// Direct emissions of households in the table, by stressor and region.
    pub households: Vec<Vec<f64>>,
    /// What became of the targets.
    pub targets: Vec<TargetOutcome>,
    /// When emissions are highest, where there is a horizon.
    pub peaks: Vec<Peak>,
    /// Building of the plants, where the scenario asks for it.
    pub building: Option<Building>,
    /// The years.
    pub years: Vec<YearOutcome>,
    /// Grades of the signs, where anything moves; bands and what else draws say, where some are asked.
    pub ensemble: Option<Ensemble>,
    /// What a reader should know.
    pub notes: Vec<Note>,
}

/// Runs a scenario on a table (after the scenario's treatment of its columns).
///
/// # Errors
/// If the table has no solution, a move none, or the run is cancelled.
pub fn run(
    table: &Table,
    scenario: &Scenario,
    progress: &dyn Progress,
) -> Result<Outcome, RunError> {
    run_keeping(table, scenario, progress, &Forget)
}

/// [`run`] that hands its finished draws to `keep`, and goes on from those that `keep` has: the outcome
/// is the same bits whether it was stopped or not.
///
/// # Errors
/// As [`run`].
pub fn run_keeping(
    table: &Table,
    scenario: &Scenario,
    progress: &dyn Progress,
    keep: &dyn Keep,
) -> Result<Outcome, RunError> {
    let leontief = Leontief::of(table)?;
    run_with(table, &leontief, scenario, (progress, keep))
}

/// [`run_keeping`] on a table whose system is solved already.
///
/// # Errors
/// As [`run`].
pub fn run_with(
    table: &Table,
    leontief: &Leontief,
    scenario: &Scenario,
    (progress, keep): (&dyn Progress, &dyn Keep),
) -> Result<Outcome, RunError> {
    let runner = Runner::of(table, scenario, leontief)?;
    let years = scenario.years(table.meta().year);
    progress.begin("years", years.len() as u64);
    let mut outcomes = Vec::new();
    let mut notes = runner.notes(&years);
    let mut agglomeration = match &scenario.density {
        Some(density) => {
            Some(Agglomeration::of(density, table.industries(), scenario.horizon.is_none())?)
        }
        None => None,
    };
    let switches = Switches::of(&runner)?;
    for year in years {
        if progress.cancelled() {
            return Err(RunError::Cancelled);
        }
        let (mut outcome, unease) = runner.year(&runner.economy(year), Asked::Indicators)?;
        if let (Some(agglomeration), Some(density)) = (&mut agglomeration, &scenario.density) {
            runner.agglomerate(agglomeration, density, &mut outcome, Detail::Full)?;
            for note in runner.density_notes(density, &outcome) {
                if !notes.iter().any(|told: &Note| told.code == note.code) {
                    notes.push(note);
                }
            }
        }
        for note in unease {
            if !notes.contains(&note) {
                notes.push(note);
            }
        }
        if let Some(switches) = &switches {
            outcome.realism = Some(switches.year(&outcome)?);
        }
        outcomes.push(outcome);
        progress.step();
    }
    let building = match &switches {
        Some(switches) => switches.building(&mut outcomes)?,
        None => None,
    };
    notes.extend(switches.iter().flat_map(|switches| switches.notes(&outcomes, building.as_ref())));
    // Signs are graded over technologies, sourcings and readings even where nothing is drawn.
    let certain = Uncertainty::none();
    let graded = (!scenario.moves.is_empty()).then_some(&certain);
    let ensemble = match scenario.uncertainty.as_ref().or(graded) {
        Some(uncertainty) => {
            let years: Vec<i32> = outcomes.iter().map(|outcome| outcome.year).collect();
            let headline = headline(table, &outcomes);
            let told = (progress, keep);
            Some(ensemble::ensemble(&runner, uncertainty, &years, &headline, told)?)
        }
        None => None,
    };
    notes.extend(ensemble.iter().flat_map(|found| runner.band_notes(found)));
    let mut outcome = Outcome {
        targets: target::targets(table, &scenario.targets, &outcomes),
        peaks: Vec::new(),
        ensemble,
        building,
        base: table
            .quantities()
            .into_iter()
            .map(|quantity| (quantity, table.totals(quantity)))
            .collect(),
        households: table
            .extensions()
            .iter()
            .map(|extension| extension.households.clone())
            .collect(),
        years: outcomes,
        notes,
    };
    outcome.peaks = match &outcome.ensemble {
        Some(ensemble) if ensemble.draws > 0 => ensemble.peaks.clone(),
        _ => target::peaks(table, scenario, &outcome),
    };
    if let Some(ensemble) = outcome.ensemble.as_ref().filter(|ensemble| ensemble.draws > 0) {
        for (target, met) in outcome.targets.iter_mut().zip(&ensemble.met) {
            target.met = Some(*met);
        }
    }
    Ok(outcome)
}

/// Numbers of some of the draws of a scenario: per draw every year's baseline and scenario by
/// quantity and region, then the differences of the last year by variant and reading; none for a
/// draw without an answer. Empty if the scenario draws nothing.
///
/// Draw `i` is a pure function of the scenario and `i`, so ranges may be computed anywhere.
///
/// # Errors
/// As [`run`].
pub fn draws(
    table: &Table,
    scenario: &Scenario,
    range: std::ops::Range<u32>,
    progress: &dyn Progress,
) -> Result<Vec<Option<Vec<f64>>>, RunError> {
    let Some(uncertainty) = &scenario.uncertainty else { return Ok(Vec::new()) };
    let leontief = Leontief::of(table)?;
    let runner = Runner::of(table, scenario, &leontief)?;
    let years = scenario.years(table.meta().year);
    ensemble::draws(&runner, uncertainty, &years, range, progress)
}

/// Change of every quantity by region in the last year.
fn headline(table: &Table, years: &[YearOutcome]) -> Vec<(Quantity, Vec<f64>)> {
    let Some(year) = years.last() else { return Vec::new() };
    let of = |quantity: &QuantityYear| (quantity.quantity, year.change(table, quantity.quantity));
    year.quantities.iter().map(of).collect()
}

/// What is computed of a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Asked {
    /// Quantities alone.
    Quantities,
    /// Quantities and indicators.
    Indicators,
}

struct Runner<'a> {
    table: &'a Table,
    scenario: &'a Scenario,
    leontief: &'a Leontief,
    plain: Arc<Relocation<'a>>,
    full: Arc<Relocation<'a>>,
    /// With the destination's technology and with the origin's, where both can be had.
    ends: Option<Arc<[Relocation<'a>; 2]>>,
    moves: Vec<Move>,
}

impl<'a> Runner<'a> {
    fn of(
        table: &'a Table,
        scenario: &'a Scenario,
        leontief: &'a Leontief,
    ) -> Result<Self, RunError> {
        let moves: Vec<Move> = scenario.moves.iter().map(|planned| planned.mv).collect();
        let plants = Plants::of(table, leontief, &moves).map_err(RunError::Moves)?;
        Ok(Runner::with(table, scenario, leontief, plants))
    }

    /// With plants that are those of the scenario's moves.
    fn with(
        table: &'a Table,
        scenario: &'a Scenario,
        leontief: &'a Leontief,
        Plants { plain, full, ends }: Plants<'a>,
    ) -> Self {
        let moves = scenario.moves.iter().map(|planned| planned.mv).collect();
        Runner { table, scenario, leontief, plain, full, ends, moves }
    }
}

impl Runner<'_> {
    /// Growth of every column of final demand since the table's year.
    fn growth(&self, year: i32) -> Vec<f64> {
        let since = year - self.table.meta().year;
        let one = |column: &DemandColumn| {
            let paths = self.scenario.baseline.demand.iter().rev();
            let mut found =
                paths.filter_map(|path| path.factor(column.region, column.category, since, year));
            found.next().unwrap_or(1.0)
        };
        self.table.final_demand().columns.iter().map(one).collect()
    }

    /// Demand of a year met by the table's coefficients; the table itself where nothing has grown.
    fn economy(&self, year: i32) -> Economy {
        let demand = self.table.final_demand();
        let factors = self.growth(year);
        if factors.iter().all(|factor| *factor == 1.0) {
            return Economy { year, ..Economy::of(self.table) };
        }
        let weighted = |test: &dyn Fn(Role) -> bool| -> Vec<f64> {
            let weights: Vec<f64> = factors
                .iter()
                .enumerate()
                .map(|(k, f)| if test(demand.role(k)) { *f } else { 0.0 })
                .collect();
            demand.values.times(&weights)
        };
        let all = weighted(&|_| true);
        let total: Vec<f64> =
            all.iter().zip(&self.table.discrepancy().rows).map(|(f, gap)| f + gap).collect();
        Economy {
            year,
            output: self.leontief.output_for(&total),
            domestic: weighted(&Role::is_domestic),
            exports: weighted(&|role| role == Role::Export),
            demand: total,
        }
    }

    /// Intensities of a quantity in a year, and whether they are the table's own.
    fn intensities(&self, quantity: Quantity, year: i32) -> (Vec<f64>, bool) {
        let mut c = match quantity {
            Quantity::Output => return (vec![1.0; self.table.output().len()], true),
            other => self.table.intensities(other),
        };
        let Quantity::Stressor(stressor) = quantity else { return (c, true) };
        let (industries, since) = (self.table.industries(), year - self.table.meta().year);
        let mut own = true;
        for (at, c) in c.iter_mut().enumerate() {
            let (region, sector) = industries.split(at);
            let paths = self.scenario.baseline.efficiency.iter().rev();
            let mut found =
                paths.filter_map(|path| path.factor(stressor, region, sector, since, year));
            let factor = found.next().unwrap_or(1.0);
            own &= factor == 1.0;
            *c *= factor;
        }
        (c, own)
    }

    /// The year of an economy, which is this one's.
    fn year(&self, economy: &Economy, asked: Asked) -> Result<(YearOutcome, Vec<Note>), RunError> {
        let year = economy.year;
        let grown = economy.output != self.table.output();
        let sizes: Vec<_> =
            self.scenario.moves.iter().map(|planned| planned.size.at(year)).collect();
        let one = |error: MoveError| RunError::Moves(vec![error]);
        let as_they_were = self.plain.solve(economy, &sizes).map_err(one)?;
        let moved = self.full.solve(economy, &sizes).map_err(one)?;
        let industries = self.table.industries();
        let households = self.households(year);
        let mut quantities = Vec::new();
        let mut found = Vec::new();
        let mut notes = Vec::new();
        let mut value_added = Vec::new();
        for quantity in self.table.quantities() {
            let (c, own) = self.intensities(quantity, year);
            let base = self.table.totals(quantity);
            let baseline: Vec<f64> = if own && !grown {
                base.clone()
            } else {
                economy.output.iter().zip(&c).map(|(x, c)| x * c).collect()
            };
            let at_origin = self.full.origin_intensities(&c);
            let plants = self.full.intensities(quantity, &c);
            let first = self.plain.changes(&as_they_were, economy, &c, &at_origin);
            let second = self.full.changes(&moved, economy, &c, &at_origin);
            let third = self.full.changes(&moved, economy, &c, &plants);
            let difference = |a: &[f64], b: &[f64]| -> Vec<f64> {
                industries.by_region(&a.iter().zip(b).map(|(a, b)| a - b).collect::<Vec<f64>>())
            };
            let mut trend = difference(&baseline, &base);
            if let Quantity::Stressor(stressor) = quantity {
                // Households' direct emissions follow their path in baseline and scenario alike.
                let table = &self.table.extensions()[stressor].households;
                let direct = households[stressor].iter().zip(table).map(|(now, then)| now - then);
                trend.iter_mut().zip(direct).for_each(|(sum, change)| *sum += change);
            }
            let steps = [
                trend,
                industries.by_region(&first),
                difference(&second, &first),
                difference(&third, &second),
                vec![0.0; industries.regions.len()],
                vec![0.0; industries.regions.len()],
            ];
            let regions = industries.by_region(&third);
            if quantity == Quantity::ValueAdded {
                value_added = regions.clone();
            }
            if asked == Asked::Indicators
                && matches!(quantity, Quantity::Stressor(_))
                && moved.relocated.iter().any(|g| *g != 0.0)
            {
                let marked = |pick: &dyn Fn(&Move) -> usize| -> Vec<bool> {
                    (0..industries.regions.len())
                        .map(|r| self.moves.iter().any(|mv| pick(mv) == r))
                        .collect()
                };
                let change = Change {
                    stressor: &regions,
                    value_added: &value_added,
                    origins: &marked(&|mv| mv.from),
                    destinations: &marked(&|mv| mv.to),
                    relocated: &moved.relocated,
                    plant_intensity: &plants,
                    origin_intensity: &at_origin,
                };
                let (mut indicators, unease) = change.indicators();
                indicators.push(Indicator {
                    name: BREAK_EVEN_TECHNOLOGY,
                    unit: IndicatorUnit::One,
                    value: self.break_even_technology(economy, &sizes, &c),
                });
                found.push((quantity, indicators));
                let code = self.table.quantity_code(quantity);
                notes.extend(
                    unease.into_iter().map(|n| Note::new(n.code, format!("{code}: {}", n.message))),
                );
            }
            let scenario = baseline.iter().zip(&third).map(|(b, change)| b + change).collect();
            quantities.push(QuantityYear { quantity, baseline, scenario, steps });
        }
        let outcome = YearOutcome {
            year,
            quantities,
            indicators: found,
            relocated: moved.relocated.clone(),
            shares: moved.shares.clone(),
            households,
            density: None,
            realism: None,
        };
        Ok((outcome, notes))
    }

    /// Share of the destination's technology in the new plants at which the whole does not change; none
    /// where no share from 0 to 1 does that.
    ///
    /// Per unit of a single move the change is linear in the share, `v(λ) = v₀ + λ (v₁ − v₀)`, so
    /// `λ* = v₀ / (v₀ − v₁)`; several moves are bisected.
    fn break_even_technology(
        &self,
        economy: &Economy,
        sizes: &[Size],
        intensities: &[f64],
    ) -> Option<f64> {
        let [destination, origin] = self.ends.as_deref()?;
        let change = |relocation: &Relocation<'_>| -> Option<(f64, f64)> {
            let moved = relocation.solve(economy, sizes).ok()?;
            let plants = relocation.mixed(intensities);
            let sum: f64 = relocation.changes(&moved, economy, intensities, &plants).iter().sum();
            Some((sum, moved.relocated.iter().sum()))
        };
        let ((d, g_d), (o, g_o)) = (change(destination)?, change(origin)?);
        if d * o >= 0.0 {
            return None;
        }
        if self.moves.len() == 1 {
            let (v1, v0) = (d / g_d, o / g_o);
            return Some(v0 / (v0 - v1));
        }
        let (mut low, mut high) = (0.0, 1.0);
        for _ in 0..100 {
            let middle = 0.5 * (low + high);
            let (value, _) = change(&destination.between(origin, middle))?;
            if value * o > 0.0 { low = middle } else { high = middle }
        }
        Some(0.5 * (low + high))
    }

    /// Direct emissions of households in a year, by stressor and region.
    fn households(&self, year: i32) -> Vec<Vec<f64>> {
        let since = year - self.table.meta().year;
        let of = |(stressor, extension): (usize, &Extension)| {
            let one = |(region, value): (usize, &f64)| {
                let paths = self.scenario.baseline.households.iter().rev();
                let mut found = paths.filter_map(|path| path.factor(stressor, region, since, year));
                value * found.next().unwrap_or(1.0)
            };
            extension.households.iter().enumerate().map(one).collect()
        };
        self.table.extensions().iter().enumerate().map(of).collect()
    }
}
