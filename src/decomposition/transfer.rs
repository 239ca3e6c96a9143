//! Industrial transfer: the effect of a change of sourcing on output, value added and emissions.
//!
//! ```text
//! x = (I − A)⁻¹ f,   A = T∘D∘H,   f = Σ TF∘DF∘Y + TE∘EX + N + O
//! ```
//!
//! Only T, D and H (or T and U) enter `A`, so a decomposition needs 8 (or 4) factorisations; `f`
//! is a sum of four parts with few factors each, and by linearity of the forms every effect is a
//! sum of the effects on the parts. METHODS B1, B2.

#![allow(non_snake_case)]

use super::levels::Levels;
use super::pairs::FactorPairs;
use super::shares::{FactorPair, PairError};
use super::solution::{ALONE, PARTS, Part, Players, State, all, impact_groups, solve_states};
use super::sums::PlaceSums;
use super::{Average, Coalition, Factor, subsets};
use crate::labels::{Industries, RegionGroup};
use crate::leontief::LeontiefError;
use crate::memory;
use crate::progress::Progress;
use crate::table::Table;
use crate::units::Unit;

/// Why a transfer cannot be computed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TransferError {
    /// The two tables do not match.
    #[error(transparent)]
    Pair(#[from] PairError),
    /// A mixture of the two years has no solution.
    #[error(transparent)]
    Leontief(#[from] LeontiefError),
    /// The effects do not sum to the observed change.
    #[error(
        "the effects on {quantity} miss the observed change by {residual:e} of the largest change (limit 1e-9)"
    )]
    Residual {
        /// Which quantity.
        quantity: String,
        /// The residual, relative to the largest change.
        residual: f64,
    },
    /// Whoever watched asked to stop.
    #[error("stopped before the end; nothing was written")]
    Cancelled,
}

/// For which groups of industries the full effect of each pair is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PairDetail<'a> {
    /// No pairs.
    None,
    /// The effect on each region.
    Regions,
    /// The effect on each class of sectors in each region; one class number per sector.
    Classes(&'a [usize]),
    /// The effect on each industry.
    Industries,
}

/// What to compute.
#[derive(Debug, Clone, Copy)]
pub struct TransferOptions<'a> {
    /// Which form.
    pub average: Average,
    /// Whether the smallest and largest effect over all orders is wanted.
    pub range: bool,
    /// Whether pairs of regions are wanted, and how finely.
    pub pairs: PairDetail<'a>,
    /// Sets of sectors for which the effect of sourcing in single orders of the factors is wanted, to
    /// hold it beside other measures; none: not wanted.
    pub sourcing_orders: Option<&'a [SectorSet]>,
    /// Groups of regions for which sums are wanted beside those of each region and of all, with their
    /// range over all orders of the factors; none: no sums.
    pub sums: Option<&'a [RegionGroup]>,
}

impl Default for TransferOptions<'_> {
    fn default() -> Self {
        TransferOptions {
            average: Average::Shapley,
            range: false,
            pairs: PairDetail::Regions,
            sourcing_orders: None,
            sums: None,
        }
    }
}

/// Some of the sectors, looked at as one in every region.
#[derive(Debug, Clone, PartialEq)]
pub struct SectorSet {
    /// Its name in results.
    pub name: String,
    /// Positions of its sectors.
    pub sectors: Vec<usize>,
}

impl SectorSet {
    /// Sum over the set in each region of a vector over industries.
    pub fn sums(&self, industries: &Industries, values: &[f64]) -> Vec<f64> {
        let sum = |region| self.sectors.iter().map(|i| values[industries.index(region, *i)]).sum();
        (0..industries.regions.len()).map(sum).collect()
    }
}

/// The effect of sourcing in single orders of the factors (METHODS B4).
///
/// ```text
/// base = y(T1, others 0) − y0     end = y1 − y(T0, others 1)
/// ```
#[derive(Debug, Clone)]
pub struct SourcingOrders {
    /// Everything else as in the base year, one entry per industry.
    pub base: Vec<f64>,
    /// What all effects of base weights leave of the change, one entry per industry.
    pub base_interaction: Vec<f64>,
    /// Everything else as in the target year, one entry per industry.
    pub end: Vec<f64>,
    /// What all effects of end weights leave of the change, one entry per industry.
    pub end_interaction: Vec<f64>,
    /// Smallest and largest effect over all orders: by set, then region. Those of a sum are not the
    /// sums of those of its parts.
    pub range: Vec<Vec<[f64; 2]>>,
    /// Share of all orders in which the effect is positive, and in which it is negative: by set, then
    /// region.
    pub signs: Vec<Vec<[f64; 2]>>,
}

/// The effect of one factor, one entry per industry.
#[derive(Debug, Clone)]
pub struct Effect {
    /// The factor.
    pub factor: Factor,
    /// Its effect.
    pub total: Vec<f64>,
    /// Direct part (the sales that change hands), for the two sourcing factors.
    pub direct: Option<Vec<f64>>,
    /// Smallest and largest effect over all orders of the factors, where asked.
    pub range: Option<(Vec<f64>, Vec<f64>)>,
}

impl Effect {
    /// What the change of sales does to suppliers: total less direct.
    pub fn upstream(&self) -> Option<Vec<f64>> {
        self.direct
            .as_ref()
            .map(|direct| self.total.iter().zip(direct).map(|(t, d)| t - d).collect())
    }
}

/// The decomposition of one quantity.
#[derive(Debug, Clone)]
pub struct QuantityEffects {
    /// `output`, `value_added` or the code of a stressor.
    pub code: String,
    /// Its unit.
    pub unit: Unit,
    /// Observed change, one entry per industry.
    pub change: Vec<f64>,
    /// Effects in the order of the polar forms.
    pub effects: Vec<Effect>,
    /// Change less effects, for the forms that are not additive.
    pub interaction: Option<Vec<f64>>,
    /// The effect of sourcing in single orders, where asked.
    pub sourcing_orders: Option<SourcingOrders>,
    /// Sums over regions, groups and all, where asked.
    pub sums: Option<PlaceSums>,
    /// Largest gap between effects (with interaction) and change, relative to the largest change.
    pub residual: f64,
}

impl QuantityEffects {
    /// Effect of a factor, if it is one of this decomposition.
    pub fn effect(&self, factor: Factor) -> Option<&Effect> {
        self.effects.iter().find(|effect| effect.factor == factor)
    }
}

/// An industrial transfer between two years.
#[derive(Debug, Clone)]
pub struct Transfer {
    /// Regions and sectors.
    pub industries: Industries,
    /// Which form.
    pub average: Average,
    /// Output, value added and every common stressor.
    pub quantities: Vec<QuantityEffects>,
    /// Pairs of regions for sourcing and export origin, where asked.
    pub pairs: Vec<FactorPairs>,
    /// Use cells without shares, because of negative entries.
    pub excluded_cells: usize,
}

pub(super) struct Solver<'a> {
    pub(super) pair: &'a FactorPair,
    pub(super) players: Players,
    pub(super) average: Average,
    pub(super) states: Vec<State>,
}

/// Matrices of all industries that are in memory at once: four states of shares and coefficients with
/// their factors, and what they are made of. Measured on tables of 1,302 and 2,464 industries.
const MATRICES: usize = 12;

/// Bytes that the decomposition between two tables of `n` industries takes besides them, at the peak.
pub fn bytes_needed(n: usize) -> u64 {
    memory::numbers(n, MATRICES * n)
}

/// Decomposes the change between two tables.
///
/// # Errors
/// If a mixture of the two years has no solution, or the sum misses the observed change.
pub fn decompose(
    pair: &FactorPair,
    options: TransferOptions<'_>,
    progress: &dyn Progress,
) -> Result<Transfer, TransferError> {
    in_pool(pair.industries.len(), || decompose_here(pair, options, progress))
}

/// Factors two tables and decomposes the change between them: [`FactorPair::of`] and [`decompose`]
/// in one, with the two years side by side.
///
/// # Errors
/// If the tables do not match, or as [`decompose`].
pub fn between(
    base: &Table,
    target: &Table,
    options: TransferOptions<'_>,
    progress: &dyn Progress,
) -> Result<(FactorPair, Transfer), TransferError> {
    in_pool(base.industries().len(), || {
        let pair = FactorPair::of(base, target)?;
        let transfer = decompose_here(&pair, options, progress)?;
        Ok((pair, transfer))
    })
}

/// Runs a computation inside the thread pool, where it is large enough: each hand-over from outside
/// costs more than a small solve.
fn in_pool<T: Send>(industries: usize, run: impl FnOnce() -> T + Send) -> T {
    if industries < ALONE { run() } else { rayon::join(run, || ()).0 }
}

fn decompose_here(
    pair: &FactorPair,
    options: TransferOptions<'_>,
    progress: &dyn Progress,
) -> Result<Transfer, TransferError> {
    let groups = impact_groups(&pair.industries, options.pairs);
    let states = solve_states(pair, &groups, progress)?;
    let solver = Solver { pair, players: Players::of(pair), average: options.average, states };
    let levels = [Factor::Sourcing, Factor::ExportOrigin].map(|factor| solver.levels(factor));
    let pairs = || match options.pairs {
        PairDetail::None => Vec::new(),
        _ => {
            let multipliers = solver.multipliers(groups.count);
            levels.iter().map(|levels| solver.pairs(levels, &multipliers)).collect()
        }
    };
    let (pairs, quantities) = if pair.industries.len() < ALONE {
        (pairs(), solver.quantities(options, &levels))
    } else {
        rayon::join(pairs, || solver.quantities(options, &levels))
    };
    Ok(Transfer {
        industries: pair.industries.clone(),
        average: options.average,
        quantities: quantities?,
        pairs,
        excluded_cells: pair.excluded.len(),
    })
}

impl Solver<'_> {
    pub(super) fn state(&self, coalition: Coalition) -> usize {
        let year = |factor| self.players.year(factor, coalition);
        year(Factor::Sourcing) | year(Factor::ImportShare) << 1 | year(Factor::Technology) << 2
    }

    /// Output of a part when the factors of the coalition are at year 1.
    pub(super) fn output_of(&self, part: Part, coalition: Coalition) -> &[f64] {
        let state = &self.states[self.state(coalition)];
        let year = |factor| self.players.year(factor, coalition);
        match part {
            Part::Demand => &state.demand[year(Factor::FinalDemand)],
            Part::Export => &state.export[year(Factor::ExportOrigin)][year(Factor::Exports)],
            Part::Inventories => &state.inventories[year(Factor::Inventories)],
            Part::Error => &state.error[year(Factor::Error)],
        }
    }

    /// Effects on every quantity, with the direct parts of the sourcing factors.
    fn quantities(
        &self,
        options: TransferOptions<'_>,
        levels: &[Levels; 2],
    ) -> Result<Vec<QuantityEffects>, TransferError> {
        let count = self.pair.quantities.len();
        let found = all(count, self.pair.industries.len(), |at| self.quantity(at, options));
        let mut quantities = found.into_iter().collect::<Result<Vec<_>, TransferError>>()?;
        levels.iter().for_each(|levels| self.add_direct(levels, &mut quantities));
        Ok(quantities)
    }

    /// How many factors the quantity at a position has.
    fn count(&self, at: usize) -> usize {
        self.players.count - usize::from(self.pair.quantities[at].code == "output")
    }

    /// Factors that what a part makes of a quantity depends on.
    pub(super) fn players_of(&self, at: usize, part: Part) -> Coalition {
        let intensity = self.count(at) == self.players.count;
        self.players.of_part(part) | if intensity { self.players.intensity() } else { 0 }
    }

    /// Effect of every factor by one form.
    fn totals(&self, at: usize, average: Average) -> Vec<Vec<f64>> {
        let n = self.pair.industries.len();
        let count = self.count(at);
        let mut totals = vec![vec![0.0; n]; count];
        let mut value = vec![0.0; n];
        for part in PARTS {
            let players = self.players_of(at, part);
            for coalition in subsets(players) {
                self.value_into(at, part, coalition, &mut value);
                for (k, total) in
                    totals.iter_mut().enumerate().filter(|(k, _)| players & 1 << k != 0)
                {
                    let others = coalition & !(1 << k);
                    let weight = average.weight(k, players, others);
                    let signed = if coalition == others { -weight } else { weight };
                    if signed != 0.0 {
                        total.iter_mut().zip(&value).for_each(|(sum, v)| *sum += signed * v);
                    }
                }
            }
        }
        totals
    }

    fn quantity(
        &self,
        at: usize,
        options: TransferOptions<'_>,
    ) -> Result<QuantityEffects, TransferError> {
        let measured = &self.pair.quantities[at];
        let [before, after] = &measured.observed;
        let change = less(after, before);
        let totals = self.totals(at, self.average);
        let sum = sum_of(&totals);
        let interaction = (!self.average.is_additive()).then(|| less(&change, &sum));
        let residual = self.residual(at, &change, interaction.is_none().then_some(&sum));
        if residual.is_nan() || residual > 1e-9 {
            return Err(TransferError::Residual { quantity: measured.code.clone(), residual });
        }
        let sourcing_orders =
            options.sourcing_orders.map(|sets| self.sourcing_orders(at, &change, sets));
        let sums =
            options.sums.map(|groups| self.place_sums(at, &totals, interaction.as_deref(), groups));
        let effects = totals
            .into_iter()
            .enumerate()
            .map(|(k, total)| Effect {
                factor: self.players.factors[k],
                total,
                direct: None,
                range: options.range.then(|| self.range(at, k)),
            })
            .collect();
        Ok(QuantityEffects {
            code: measured.code.clone(),
            unit: measured.unit.clone(),
            change,
            effects,
            interaction,
            sourcing_orders,
            sums,
            residual,
        })
    }

    /// The effect of sourcing by base and end weights, and its range over all orders by set.
    fn sourcing_orders(&self, at: usize, change: &[f64], sets: &[SectorSet]) -> SourcingOrders {
        let k = self.players.position(Factor::Sourcing).unwrap_or(0);
        let [base, end] = [Average::Base, Average::End].map(|average| self.totals(at, average));
        let regions = self.pair.industries.regions.len();
        let mut range = vec![vec![[f64::INFINITY, f64::NEG_INFINITY]; regions]; sets.len()];
        let mut signs = vec![vec![[0.0; 2]; regions]; sets.len()];
        self.each_order(at, k, |effect, share| {
            for (set, (range, signs)) in sets.iter().zip(range.iter_mut().zip(&mut signs)) {
                let sums = set.sums(&self.pair.industries, effect);
                for (([low, high], signs), sum) in range.iter_mut().zip(signs).zip(sums) {
                    (*low, *high) = (low.min(sum), high.max(sum));
                    signs[0] += if sum > 0.0 { share } else { 0.0 };
                    signs[1] += if sum < 0.0 { share } else { 0.0 };
                }
            }
        });
        SourcingOrders {
            base_interaction: less(change, &sum_of(&base)),
            end_interaction: less(change, &sum_of(&end)),
            base: base.into_iter().nth(k).unwrap_or_default(),
            end: end.into_iter().nth(k).unwrap_or_default(),
            range,
            signs,
        }
    }

    /// The quantity that a part's output makes.
    pub(super) fn value_into(&self, at: usize, part: Part, coalition: Coalition, into: &mut [f64]) {
        let year = self.players.year(Factor::Intensity, coalition);
        let intensity = &self.pair.years[year].intensities[at];
        let output = self.output_of(part, coalition);
        into.iter_mut().zip(output).zip(intensity).for_each(|((value, x), c)| *value = x * c);
    }

    fn value(&self, at: usize, part: Part, coalition: Coalition) -> Vec<f64> {
        let mut value = vec![0.0; self.pair.industries.len()];
        self.value_into(at, part, coalition, &mut value);
        value
    }

    /// Largest gap between the sum of effects, the modelled change and the observed change.
    fn residual(&self, at: usize, change: &[f64], sum: Option<&Vec<f64>>) -> f64 {
        let n = change.len();
        let mut modelled = vec![0.0; n];
        for (coalition, sign) in [(!0, 1.0), (0, -1.0)] {
            for part in PARTS {
                let value = self.value(at, part, coalition);
                modelled.iter_mut().zip(&value).for_each(|(sum, v)| *sum += sign * v);
            }
        }
        // Where nothing changed, the gap is held against the size of the quantity itself.
        let observed = &self.pair.quantities[at].observed[1];
        let largest = change.iter().map(|c| c.abs()).fold(0.0, f64::max);
        let size = observed.iter().map(|v| v.abs()).fold(0.0, f64::max);
        let scale = largest.max(1e-6 * size);
        if scale == 0.0 {
            return 0.0;
        }
        let gap = |values: &[f64]| {
            values.iter().zip(change).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max)
        };
        gap(&modelled).max(sum.map_or(0.0, |sum| gap(sum))) / scale
    }

    /// Smallest and largest effect of a factor over all orders.
    fn range(&self, at: usize, k: usize) -> (Vec<f64>, Vec<f64>) {
        let n = self.pair.industries.len();
        let (mut low, mut high) = (vec![f64::INFINITY; n], vec![f64::NEG_INFINITY; n]);
        self.each_order(at, k, |effect, _| {
            low.iter_mut().zip(effect).for_each(|(low, e)| *low = low.min(*e));
            high.iter_mut().zip(effect).for_each(|(high, e)| *high = high.max(*e));
        });
        (low, high)
    }

    /// Coalitions of the other factors after which a factor can switch, with the share of orders that
    /// begin with each: every coalition is the beginning of some order. Inventories and the error column
    /// switch together, as the one factor RX of METHODS B1.
    pub(super) fn orders(&self, at: usize, k: usize) -> impl Iterator<Item = (Coalition, f64)> {
        let all: Coalition = (1 << self.count(at)) - 1;
        let own: Coalition = 1 << k;
        let rest = self.players.bit(Factor::Inventories) | self.players.bit(Factor::Error);
        let together =
            move |others: &Coalition| own & rest != 0 || [0, rest].contains(&(others & rest));
        // The two columns of RX are one player, except to themselves.
        let one = move |set: Coalition| {
            let both = own & rest == 0 && set & rest == rest && rest.count_ones() == 2;
            set.count_ones() - u32::from(both)
        };
        subsets(all & !own)
            .filter(together)
            .map(move |others| (others, share_of_orders(one(all), one(others))))
    }

    /// Shows the effect of a factor in every order that gives another one, with the share of orders that
    /// give it.
    fn each_order(&self, at: usize, k: usize, mut see: impl FnMut(&[f64], f64)) {
        let n = self.pair.industries.len();
        let own = 1 << k;
        let parts: Vec<Part> =
            PARTS.into_iter().filter(|part| self.players_of(at, *part) & own != 0).collect();
        for (others, share) in self.orders(at, k) {
            let mut effect = vec![0.0; n];
            for part in &parts {
                let (with, without) =
                    (self.value(at, *part, others | own), self.value(at, *part, others));
                effect
                    .iter_mut()
                    .zip(with.iter().zip(&without))
                    .for_each(|(e, (a, b))| *e += a - b);
            }
            see(&effect, share);
        }
    }
}

/// Share of the orders of `players` in which a given one comes right after a given set of `before`.
fn share_of_orders(players: u32, before: u32) -> f64 {
    let factorial = |n: u32| -> f64 { (1..=n).map(f64::from).product() };
    factorial(before) * factorial(players - before - 1) / factorial(players)
}

fn sum_of(totals: &[Vec<f64>]) -> Vec<f64> {
    let n = totals.first().map_or(0, Vec::len);
    (0..n).map(|j| totals.iter().map(|total| total[j]).sum()).collect()
}

fn less(a: &[f64], b: &[f64]) -> Vec<f64> {
    a.iter().zip(b).map(|(a, b)| a - b).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_of_orders_add_up_to_one() {
        for players in 2..9u32 {
            let choose =
                |b: u32| (0..b).fold(1.0, |c, i| c * f64::from(players - 1 - i) / f64::from(i + 1));
            let sum: f64 = (0..players).map(|b| choose(b) * share_of_orders(players, b)).sum();
            assert!((sum - 1.0).abs() < 1e-12, "{players}: {sum}");
        }
    }
}
