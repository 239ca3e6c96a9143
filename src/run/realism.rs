//! Closer realism in a run: what every switch of the scenario adds, year by year.
//!
//! The headline (scenario values, steps, indicators, bands) is not touched. What a switch adds stands
//! beside it, to first order, with a sum of the headline and of all that may be added to it:
//!
//! ```text
//! with switches = headline + backfill + households + followers + construction + vintage
//! ```
//!
//! Freight is not in the sum: what hauling emits is in part what the table's transport sectors emit.
//! Tax, power, limits, tonnes and jobs are numbers of their own. METHODS B7.

mod notes;

use super::{RunError, Runner, YearOutcome};
use crate::realism::capacity::{Headroom, State};
use crate::realism::construction::{Payback, additions, carbon_payback};
use crate::realism::electricity::ScopeChange;
use crate::realism::employment::Jobs;
use crate::realism::freight::{FreightChange, PairFlows};
use crate::realism::households::ClosedModel;
use crate::realism::households::followers::{Followed, follow};
use crate::realism::plausibility::{PhysicalMove, physical_moves};
use crate::realism::tax::TaxChange;
use crate::realism::{PerUnit, Shift, at_intensities, backfill};
use crate::relocation::{Economy, Moved, Size};
use crate::scenario::PlannedMove;
use crate::scenario::realism::{Equipment, Hauling, JobsOf, Old, Power, Realism, Wages, Work};
use crate::table::Quantity;

/// A switch that changes quantities of regions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Switch {
    /// What fills the place left.
    Backfill,
    /// Wages spent, nobody following.
    Households,
    /// What those who follow their plants change of that, their homes' direct emissions included.
    Followers,
    /// Building of the plants, in its years.
    Construction,
    /// Age of equipment.
    Vintage,
    /// Hauling; beside the others, never added to them.
    Freight,
}

impl Switch {
    /// The word of results.
    pub fn word(self) -> &'static str {
        match self {
            Switch::Backfill => "backfill",
            Switch::Households => "households",
            Switch::Followers => "followers",
            Switch::Construction => "construction",
            Switch::Vintage => "vintage",
            Switch::Freight => "freight",
        }
    }

    /// Whether it may be added to the headline.
    pub fn adds_up(self) -> bool {
        self != Switch::Freight
    }
}

/// What a switch adds in one year, by region.
#[derive(Debug, Clone, PartialEq)]
pub struct SwitchOutcome {
    /// Which.
    pub switch: Switch,
    /// Of industries: each quantity that it changes.
    pub industries: Vec<(Quantity, Vec<f64>)>,
    /// Of households directly, by stressor; empty where they do not change.
    pub direct: Vec<Vec<f64>>,
}

impl SwitchOutcome {
    /// Change of a quantity by region, of industries and households; none if it does not change it.
    pub fn change(&self, quantity: Quantity) -> Option<Vec<f64>> {
        let (_, industries) = self.industries.iter().find(|(own, _)| *own == quantity)?;
        let mut change = industries.clone();
        if let Quantity::Stressor(at) = quantity
            && let Some(direct) = self.direct.get(at)
        {
            change.iter_mut().zip(direct).for_each(|(sum, value)| *sum += value);
        }
        Some(change)
    }
}

/// Jobs of a year by region.
#[derive(Debug, Clone, PartialEq)]
pub struct JobsYear {
    /// Without the moves.
    pub baseline: Jobs,
    /// What the moves change.
    pub change: Jobs,
}

/// What closer realism says of one year; what is not asked for is empty.
#[derive(Debug, Clone, Default)]
pub struct RealismYear {
    /// What the switches add.
    pub switches: Vec<SwitchOutcome>,
    /// Hauling by pair of regions.
    pub freight: Option<FreightChange>,
    /// Taxes, shared and not.
    pub tax: Option<TaxChange>,
    /// Scopes 1 and 2 with the table's own result beside them.
    pub scopes: Option<ScopeChange>,
    /// How much of each limit the headline uses, in the scenario's order.
    pub headroom: Vec<Headroom>,
    /// Moves in tonnes.
    pub physical: Vec<PhysicalMove>,
    /// Jobs.
    pub jobs: Option<JobsYear>,
}

impl RealismYear {
    /// The headline's change of a quantity by region with all that may be added to it.
    pub fn with_switches(&self, quantity: Quantity, headline: &[f64]) -> Vec<f64> {
        let mut sum = headline.to_vec();
        for outcome in self.switches.iter().filter(|outcome| outcome.switch.adds_up()) {
            let change = outcome.change(quantity).unwrap_or_default();
            sum.iter_mut().zip(change).for_each(|(sum, value)| *sum += value);
        }
        sum
    }
}

/// Building in one year, whether the run computes that year or not.
#[derive(Debug, Clone, PartialEq)]
pub struct BuildingYear {
    /// Which.
    pub year: i32,
    /// Money invested by receiving region, imports included.
    pub invested: Vec<f64>,
    /// Change of each quantity by region.
    pub changes: Vec<(Quantity, Vec<f64>)>,
}

/// When the savings of a stressor have made up for building.
#[derive(Debug, Clone, PartialEq)]
pub struct CarbonPayback {
    /// Which stressor.
    pub quantity: Quantity,
    /// What building emits in all its years.
    pub owed: f64,
    /// Paid back by what the headline saves.
    pub headline: Payback,
    /// Paid back by what the headline and the switches save together.
    pub with_switches: Payback,
}

/// Building of all plants.
#[derive(Debug, Clone, PartialEq)]
pub struct Building {
    /// Year by year; years before the run's are only here.
    pub years: Vec<BuildingYear>,
    /// First year in which anything has moved.
    pub first: Option<i32>,
    /// Paybacks of the stressors.
    pub paybacks: Vec<CarbonPayback>,
}

/// The switches of a scenario, ready for any year.
pub(super) struct Switches<'r, 'a> {
    runner: &'r Runner<'a>,
    realism: &'r Realism,
    closed: Option<ClosedModel>,
    /// Year in which each move begins.
    starts: Vec<Option<i32>>,
}

/// One year as the switches see it.
struct Seen<'s> {
    year: i32,
    shift: &'s Shift<'s>,
    economy: &'s Economy,
    moved: &'s Moved,
    /// Years since each move began.
    since: Vec<i32>,
}

impl<'r, 'a> Switches<'r, 'a> {
    /// The switches of a run, if any is on.
    pub(super) fn of(runner: &'r Runner<'a>) -> Result<Option<Self>, RunError> {
        let realism = &runner.scenario.realism;
        if realism.is_off() {
            return Ok(None);
        }
        let closed = realism
            .households
            .as_ref()
            .map(|wages: &Wages| ClosedModel::of(runner.table, runner.leontief, &wages.households));
        let years = runner.scenario.years(runner.table.meta().year);
        let moves = &runner.scenario.moves;
        let moved = |size: Size| match size {
            Size::Share(value) | Size::Amount(value) => value > 0.0,
        };
        let start = |planned: &PlannedMove| {
            years.iter().copied().find(|year| moved(planned.size.at(*year)))
        };
        let starts = moves.iter().map(start).collect();
        Ok(Some(Switches { runner, realism, closed: closed.transpose()?, starts }))
    }

    /// What they say of a year whose headline is known.
    pub(super) fn year(&self, outcome: &YearOutcome) -> Result<RealismYear, RunError> {
        let (runner, realism) = (self.runner, self.realism);
        let economy = runner.economy(outcome.year);
        let sizes: Vec<_> =
            runner.scenario.moves.iter().map(|planned| planned.size.at(outcome.year)).collect();
        let one = |error| RunError::Moves(vec![error]);
        let moved = runner.full.solve(&economy, &sizes).map_err(one)?;
        let industries = runner.table.industries();
        let (established, relocated) = (&moved.established, &moved.relocated);
        let shift = Shift::new(industries, &economy.output, established, &runner.moves, relocated);
        let since = self.starts.iter().map(|start| start.map_or(-1, |year| outcome.year - year));
        let seen = Seen {
            year: outcome.year,
            shift: &shift,
            economy: &economy,
            moved: &moved,
            since: since.collect(),
        };
        let mut found = RealismYear::default();
        if !realism.backfill.is_empty() {
            let output = backfill::change(runner.leontief, &shift, &realism.backfill);
            found.switches.push(self.demanded(Switch::Backfill, outcome.year, &output));
        }
        if let (Some(wages), Some(closed)) = (&realism.households, &self.closed) {
            found.switches.extend(self.spent(wages, closed, &seen)?);
        }
        found.switches.extend(realism.vintage.iter().map(|own| self.aged(own, &seen)));
        if let Some(hauling) = &realism.freight {
            let change = self.hauled(hauling, &seen);
            // A haul counts where it begins.
            let by_origin = change.emissions.row_sums();
            found.switches.push(SwitchOutcome {
                switch: Switch::Freight,
                industries: vec![(Quantity::Stressor(hauling.stressor), by_origin)],
                direct: Vec::new(),
            });
            found.freight = Some(change);
        }
        found.tax = realism.tax.as_ref().map(|sharing| {
            let rates = sharing.rates(runner.table);
            let plants = runner.full.mixed(&rates);
            sharing.change(&shift, PerUnit { industries: &rates, plants: &plants }, &seen.since)
        });
        found.scopes = realism.electricity.as_ref().map(|power| self.powered(power, &seen));
        found.headroom = self.headroom(outcome);
        let products: Vec<_> =
            realism.products.iter().map(|product| product.priced.clone()).collect();
        found.physical = physical_moves(&shift, &products);
        found.jobs = realism.employment.as_ref().map(|work| self.worked(work, &seen));
        Ok(found)
    }

    /// Every quantity of a change of output by industry, at the intensities of a year.
    fn quantities(&self, year: i32, output: &[f64]) -> Vec<(Quantity, Vec<f64>)> {
        let table = self.runner.table;
        // Years before the table's are treated as the table's.
        let year = year.max(table.meta().year);
        let one = |quantity: Quantity| {
            let (c, _) = self.runner.intensities(quantity, year);
            (quantity, table.industries().by_region(&at_intensities(output, &c)))
        };
        table.quantities().into_iter().map(one).collect()
    }

    fn demanded(&self, switch: Switch, year: i32, output: &[f64]) -> SwitchOutcome {
        SwitchOutcome { switch, industries: self.quantities(year, output), direct: Vec::new() }
    }

    /// Wages spent, and what those who follow change of that.
    fn spent(
        &self,
        wages: &Wages,
        closed: &ClosedModel,
        seen: &Seen<'_>,
    ) -> Result<Vec<SwitchOutcome>, RunError> {
        let (runner, households) = (self.runner, &wages.households);
        let income = runner.full.mixed(&households.labour_income(runner.table));
        let change = |followed: Option<&Followed>| {
            closed.change(runner.leontief, seen.shift, &income, followed)
        };
        let alone = change(None);
        let mut found = vec![self.demanded(Switch::Households, seen.year, &alone)];
        if let Some(own) = &wages.follow {
            let followed = follow(runner.table, households, own, seen.shift)?;
            let mut output = change(Some(&followed));
            // Where spending is the same wherever its earner lives, rounding is all that is left.
            output.iter_mut().zip(&alone).for_each(|(both, alone)| {
                let size = both.abs().max(alone.abs());
                *both -= alone;
                if both.abs() <= 1e-12 * size {
                    *both = 0.0;
                }
            });
            let outcome = self.demanded(Switch::Followers, seen.year, &output);
            found.push(SwitchOutcome { direct: followed.direct, ..outcome });
        }
        Ok(found)
    }

    /// What plants of an age emit beyond those of the headline.
    fn aged(&self, equipment: &Equipment, seen: &Seen<'_>) -> SwitchOutcome {
        let runner = self.runner;
        let quantity = Quantity::Stressor(equipment.stressor);
        let (c, _) = runner.intensities(quantity, seen.year);
        let headline = runner.full.intensities(quantity, &c);
        let old = match equipment.old {
            Old::Technology => headline.clone(),
            Old::Origin => runner.full.origin_intensities(&c),
        };
        let aged = equipment.vintage.intensities(seen.shift, &c, &old, &seen.since);
        let mut change = vec![0.0; runner.table.industries().regions.len()];
        for (((mv, g), aged), headline) in seen.shift.plants().zip(aged).zip(headline) {
            change[mv.to] += g * (aged - headline);
        }
        SwitchOutcome {
            switch: Switch::Vintage,
            industries: vec![(quantity, change)],
            direct: Vec::new(),
        }
    }

    /// Hauling before and after.
    fn hauled(&self, hauling: &Hauling, seen: &Seen<'_>) -> FreightChange {
        let (runner, sectors) = (self.runner, hauling.freight.sectors());
        let (industries, demand) = (runner.table.industries(), runner.table.final_demand());
        let growth = runner.growth(seen.year);
        let of_region = |region: usize| -> Vec<f64> {
            let weight = |(column, growth): (usize, &f64)| {
                let own = demand.columns[column].region == Some(region);
                if own && demand.role(column).is_domestic() { *growth } else { 0.0 }
            };
            demand.values.times(&growth.iter().enumerate().map(weight).collect::<Vec<f64>>())
        };
        let used: Vec<Vec<f64>> = (0..industries.regions.len()).map(of_region).collect();
        let output = &seen.economy.output;
        let before = PairFlows::of(industries, runner.leontief, &sectors, output, &used);
        let after = PairFlows::after(
            industries,
            runner.leontief,
            &sectors,
            &runner.moves,
            runner.full.plants(),
            seen.moved,
            &used,
        );
        hauling.freight.change(&before, &after)
    }

    /// Scopes 1 and 2.
    fn powered(&self, power: &Power, seen: &Seen<'_>) -> ScopeChange {
        let (runner, electricity) = (self.runner, &power.electricity);
        let industries = runner.table.industries();
        let bought = electricity.purchases(industries, runner.leontief);
        let plants = runner.full.plants().iter();
        let of_plants: Vec<f64> =
            plants.map(|plant| electricity.purchases_of(industries, &plant.inputs)).collect();
        let quantity = Quantity::Stressor(power.stressor);
        let (c, _) = runner.intensities(quantity, seen.year);
        let own = runner.full.intensities(quantity, &c);
        electricity.change(
            seen.shift,
            PerUnit { industries: &bought, plants: &of_plants },
            PerUnit { industries: &c, plants: &own },
        )
    }

    /// How much of the limits the headline uses.
    fn headroom(&self, outcome: &YearOutcome) -> Vec<Headroom> {
        let of = |wanted: Quantity, scenario: bool| -> &[f64] {
            let found = outcome.quantities.iter().find(|own| own.quantity == wanted);
            found.map_or(&[], |own| if scenario { &own.scenario } else { &own.baseline })
        };
        let stressors = |scenario: bool| -> Vec<Vec<f64>> {
            let count = self.runner.table.extensions().len();
            (0..count).map(|at| of(Quantity::Stressor(at), scenario).to_vec()).collect()
        };
        let (then, now) = (stressors(false), stressors(true));
        let state = |scenario: bool| State {
            output: of(Quantity::Output, scenario),
            value_added: of(Quantity::ValueAdded, scenario),
            stressors: if scenario { &now } else { &then },
        };
        let (before, after) = (state(false), state(true));
        let industries = self.runner.table.industries();
        let limits = self.realism.capacity.iter();
        limits.map(|named| named.limit.headroom(industries, &before, &after)).collect()
    }

    /// Jobs without the moves, and what these change.
    fn worked(&self, work: &Work, seen: &Seen<'_>) -> JobsYear {
        let (runner, table) = (self.runner, self.runner.table);
        let industries = table.industries();
        let per_output = match &work.jobs {
            JobsOf::Extension(at) => table.intensities(Quantity::Stressor(*at)),
            JobsOf::Pay { row, pay } => {
                let paid = table.value_added_rows().values.row(*row);
                let one = |(j, (paid, x)): (usize, (&f64, &f64))| match *x {
                    0.0 => 0.0,
                    x => paid / pay[industries.split(j).0] / x,
                };
                paid.iter().zip(table.output()).enumerate().map(one).collect()
            }
        };
        let plants = runner.full.mixed(&per_output);
        let years = seen.year - table.meta().year;
        let per_unit = PerUnit { industries: &per_output, plants: &plants };
        let output = &seen.economy.output;
        JobsYear {
            baseline: work.productivity.jobs(industries, output, &per_output, years),
            change: work.productivity.change(seen.shift, per_unit, years),
        }
    }

    /// Building of the plants, booked into the years that the run computes, and its payback.
    pub(super) fn building(
        &self,
        outcomes: &mut [YearOutcome],
    ) -> Result<Option<Building>, RunError> {
        let Some(construction) = &self.realism.construction else { return Ok(None) };
        let runner = self.runner;
        let levels: Vec<(i32, Vec<f64>)> =
            outcomes.iter().map(|outcome| (outcome.year, outcome.relocated.clone())).collect();
        let added = additions(&levels);
        let phase = construction.phase(runner.table, runner.leontief, &runner.moves, &added)?;
        let years: Vec<BuildingYear> = phase
            .into_iter()
            .map(|built| BuildingYear {
                year: built.year,
                changes: self.quantities(built.year, &built.output),
                invested: built.invested,
            })
            .collect();
        // Paid back out of running the plants, so before building joins the switches of its years.
        let paybacks = self.paybacks(&years, outcomes);
        for built in &years {
            let inside = outcomes.iter_mut().find(|outcome| outcome.year == built.year);
            if let Some(realism) = inside.and_then(|outcome| outcome.realism.as_mut()) {
                realism.switches.push(SwitchOutcome {
                    switch: Switch::Construction,
                    industries: built.changes.clone(),
                    direct: Vec::new(),
                });
            }
        }
        let first = added.iter().map(|addition| addition.year).min();
        Ok(Some(Building { years, first, paybacks }))
    }

    fn paybacks(&self, years: &[BuildingYear], outcomes: &[YearOutcome]) -> Vec<CarbonPayback> {
        let table = self.runner.table;
        let stressors = table.quantities().into_iter();
        let stressors = stressors.filter(|quantity| matches!(quantity, Quantity::Stressor(_)));
        let one = |quantity: Quantity| {
            let built = years.iter().flat_map(|year| &year.changes);
            let own = built.filter(|(own, _)| *own == quantity);
            let owed = own.flat_map(|(_, regions)| regions).sum();
            let savings = |switches: bool| -> Vec<(i32, f64)> {
                let saved = |outcome: &YearOutcome| {
                    let mut change = outcome.change(table, quantity);
                    if let Some(realism) = outcome.realism.as_ref().filter(|_| switches) {
                        change = realism.with_switches(quantity, &change);
                    }
                    (outcome.year, -change.iter().sum::<f64>())
                };
                outcomes.iter().map(saved).collect()
            };
            CarbonPayback {
                quantity,
                owed,
                headline: carbon_payback(owed, &savings(false)),
                with_switches: carbon_payback(owed, &savings(true)),
            }
        };
        stressors.map(one).collect()
    }
}
