//! Running a scenario: baseline and scenario year by year, what makes the difference, and the
//! indicators a decision needs. METHODS B7 and G.
//!
//! The difference of a region from the base year is split in a fixed order, exact by construction:
//! *trend* (the baseline of the year), *relocation* (the moves with the plants as they were),
//! *supply chain* (with the inputs and suppliers of the scenario), *technology* (with the
//! relocated plants' own intensity).

use crate::fault::{Note, NoteCode};
use crate::leontief::{Leontief, LeontiefError};
use crate::progress::Progress;
use crate::relocation::indicators::{Change, Indicator};
use crate::relocation::{Economy, Move, MoveError, Relocation, Suppliers, Technology};
use crate::scenario::Scenario;
use crate::table::{Quantity, Role, Table};

/// Why a scenario has no outcome.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RunError {
    /// The table has no Leontief solution.
    #[error(transparent)]
    Leontief(#[from] LeontiefError),
    /// Moves have no answer.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
    Moves(Vec<MoveError>),
    /// Whoever watched asked to stop.
    #[error("stopped before the end; nothing was written")]
    Cancelled,
}

/// The steps that lead from the base year to the scenario.
pub const STEPS: [&str; 4] = ["trend", "relocation", "supply_chain", "technology"];

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
    pub steps: [Vec<f64>; 4],
}

/// One year.
#[derive(Debug, Clone)]
pub struct YearOutcome {
    /// Which.
    pub year: i32,
    /// Output, value added and every stressor.
    pub quantities: Vec<QuantityYear>,
    /// Indicators of each stressor.
    pub indicators: Vec<(Quantity, Vec<Indicator>)>,
    /// Output of the relocated plants of each move.
    pub relocated: Vec<f64>,
    /// Share of its row that each move took.
    pub shares: Vec<f64>,
}

/// What a scenario comes to.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// The table itself, by quantity and industry.
    pub base: Vec<(Quantity, Vec<f64>)>,
    /// Direct emissions of households by stressor and region; they do not change.
    pub households: Vec<Vec<f64>>,
    /// The years.
    pub years: Vec<YearOutcome>,
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
    let leontief = Leontief::of(table)?;
    let moves: Vec<Move> = scenario.moves.iter().map(|planned| planned.mv).collect();
    let as_they_were: Vec<Move> = moves
        .iter()
        .map(|mv| Move { technology: Technology::Origin, suppliers: Suppliers::Origin, ..*mv })
        .collect();
    let plain = Relocation::of(table, &leontief, &as_they_were).map_err(RunError::Moves)?;
    let full = Relocation::of(table, &leontief, &moves).map_err(RunError::Moves)?;
    let runner = Runner { table, scenario, leontief: &leontief, plain, full, moves };
    let years = scenario.years(table.meta().year);
    progress.begin("years", years.len() as u64);
    let mut outcomes = Vec::new();
    let mut notes = runner.notes(&years);
    for year in years {
        if progress.cancelled() {
            return Err(RunError::Cancelled);
        }
        let (outcome, unease) = runner.year(year)?;
        for note in unease {
            if !notes.contains(&note) {
                notes.push(note);
            }
        }
        outcomes.push(outcome);
        progress.step();
    }
    Ok(Outcome {
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
    })
}

struct Runner<'a> {
    table: &'a Table,
    scenario: &'a Scenario,
    leontief: &'a Leontief,
    plain: Relocation<'a>,
    full: Relocation<'a>,
    moves: Vec<Move>,
}

impl Runner<'_> {
    fn notes(&self, years: &[i32]) -> Vec<Note> {
        let mut notes = self.table.notes();
        let (industries, table_year) = (self.table.industries(), self.table.meta().year);
        for mv in &self.moves {
            let origin = industries.index(mv.from, mv.sector);
            if self.table.output()[origin] == 0.0 {
                let text =
                    format!("{} has no output: moving it moves nothing", industries.name(origin));
                notes.push(Note::new(NoteCode::IdleMove, text));
            }
        }
        if self.scenario.horizon.is_some() {
            let text = format!(
                "values of later years are volumes at the prices of the table (prices: {}, year {table_year}): no \
                 price change is in them",
                self.table.meta().prices
            );
            notes.push(Note::new(NoteCode::NominalChange, text));
        }
        let households =
            self.table.extensions().iter().any(|e| e.households.iter().any(|v| *v != 0.0));
        if self.scenario.horizon.is_some() && households {
            let text = format!(
                "direct emissions of households stay as they were in {table_year} in every year"
            );
            notes.push(Note::new(NoteCode::ConstantHouseholds, text));
        }
        if !self.leontief.is_productive() {
            let text = "some multipliers are negative: the industries use up more than they make, see `irio check`";
            notes.push(Note::new(NoteCode::NotProductive, text));
        }
        if let Some(last) = years.iter().max().filter(|last| **last > table_year + 10) {
            let text = format!(
                "the table is of {table_year}, the years go to {last}: coefficients more than ten years old are a \
                 standing assumption, not a forecast"
            );
            notes.push(Note::new(NoteCode::OldTable, text));
        }
        notes
    }

    /// Demand of a year met by the table's coefficients; the table itself where nothing has grown.
    fn economy(&self, year: i32) -> Economy {
        let demand = self.table.final_demand();
        let since = year - self.table.meta().year;
        let factors: Vec<f64> = demand
            .columns
            .iter()
            .map(|column| {
                let paths = self.scenario.baseline.demand.iter().rev();
                let mut found = paths
                    .filter_map(|path| path.factor(column.region, column.category, since, year));
                found.next().unwrap_or(1.0)
            })
            .collect();
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

    fn year(&self, year: i32) -> Result<(YearOutcome, Vec<Note>), RunError> {
        let economy = self.economy(year);
        let grown = economy.output != self.table.output();
        let sizes: Vec<_> =
            self.scenario.moves.iter().map(|planned| planned.size.at(year)).collect();
        let one = |error: MoveError| RunError::Moves(vec![error]);
        let as_they_were = self.plain.solve(&economy, &sizes).map_err(one)?;
        let moved = self.full.solve(&economy, &sizes).map_err(one)?;
        let industries = self.table.industries();
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
            let first = self.plain.changes(&as_they_were, &economy, &c, &at_origin);
            let second = self.full.changes(&moved, &economy, &c, &at_origin);
            let third = self.full.changes(&moved, &economy, &c, &plants);
            let difference = |a: &[f64], b: &[f64]| -> Vec<f64> {
                industries.by_region(&a.iter().zip(b).map(|(a, b)| a - b).collect::<Vec<f64>>())
            };
            let steps = [
                difference(&baseline, &base),
                industries.by_region(&first),
                difference(&second, &first),
                difference(&third, &second),
            ];
            let regions = industries.by_region(&third);
            if quantity == Quantity::ValueAdded {
                value_added = regions.clone();
            }
            if matches!(quantity, Quantity::Stressor(_))
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
                let (indicators, unease) = change.indicators();
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
            relocated: moved.relocated,
            shares: moved.shares,
        };
        Ok((outcome, notes))
    }
}
