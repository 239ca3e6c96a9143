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

use rayon::prelude::*;

use super::pairs::{FactorPairs, PairMeasure, ProductPairs};
use super::shares::{FactorPair, PairError};
use super::{Average, Coalition, Factor, subsets};
use crate::labels::Industries;
use crate::leontief::{LeontiefError, singular};
use crate::linalg::factor::Factor as LU;
use crate::progress::Progress;
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
    #[error("the effects on {quantity} miss the observed change by {residual:e} of the largest change (limit 1e-9)")]
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
}

impl Default for TransferOptions<'_> {
    fn default() -> Self {
        TransferOptions { average: Average::Shapley, range: false, pairs: PairDetail::Regions }
    }
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
        self.direct.as_ref().map(|direct| self.total.iter().zip(direct).map(|(t, d)| t - d).collect())
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

/// A part of final demand: the parts add up to all of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Demand,
    Export,
    Inventories,
    Error,
}

const PARTS: [Part; 4] = [Part::Demand, Part::Export, Part::Inventories, Part::Error];

/// Positions of the factors in a coalition.
struct Players {
    factors: Vec<Factor>,
    count: usize,
}

impl Players {
    fn of(pair: &FactorPair) -> Self {
        let mut factors = pair.factors();
        factors.push(Factor::Intensity);
        Players { count: factors.len(), factors }
    }

    /// Position of a factor; technology and domestic inputs are one place, so are the two demands.
    fn position(&self, factor: Factor) -> Option<usize> {
        let same = |other: Factor| match (factor, other) {
            (Factor::Technology, Factor::DomesticInputs) | (Factor::FinalDemand, Factor::DomesticDemand) => true,
            (a, b) => a == b,
        };
        self.factors.iter().position(|other| same(*other))
    }

    fn bit(&self, factor: Factor) -> Coalition {
        self.position(factor).map_or(0, |at| 1 << at)
    }

    fn intensity(&self) -> Coalition {
        1 << (self.count - 1)
    }

    /// Factors that the matrix A depends on.
    fn matrix(&self) -> Coalition {
        self.bit(Factor::Sourcing) | self.bit(Factor::ImportShare) | self.bit(Factor::Technology)
    }

    /// Factors that a part of output depends on.
    fn of_part(&self, part: Part) -> Coalition {
        let own = match part {
            Part::Demand => self.bit(Factor::FinalDemand),
            Part::Export => self.bit(Factor::ExportOrigin) | self.bit(Factor::Exports),
            Part::Inventories => self.bit(Factor::Inventories),
            Part::Error => self.bit(Factor::Error),
        };
        self.matrix() | own
    }

    fn year(&self, factor: Factor, coalition: Coalition) -> usize {
        usize::from(coalition & self.bit(factor) != 0)
    }
}

/// Solutions for one choice of the years of T, D and H.
struct State {
    /// Output of each part, by the years of the part's own factors.
    demand: [Vec<f64>; 2],
    export: [[Vec<f64>; 2]; 2],
    inventories: [Vec<f64>; 2],
    error: [Vec<f64>; 2],
    /// Per quantity and year of its intensity (see [`intensity_sets`]), groups × industries: what a
    /// unit of final demand for each industry's product makes in each group.
    multipliers: Vec<f64>,
}

struct Solver<'a> {
    pair: &'a FactorPair,
    players: Players,
    average: Average,
    states: Vec<State>,
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
    // Inside the pool once: each hand-over from outside costs more than a small solve.
    if pair.industries.len() < ALONE {
        return decompose_here(pair, options, progress);
    }
    let mut result = None;
    rayon::scope(|_| result = Some(decompose_here(pair, options, progress)));
    result.unwrap_or(Err(TransferError::Cancelled))
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
            levels.iter().map(|levels| solver.pairs(levels, groups.count, &multipliers)).collect()
        }
    };
    let (pairs, quantities) = if pair.industries.len() < ALONE {
        (pairs(), solver.quantities(options.range, &levels))
    } else {
        rayon::join(pairs, || solver.quantities(options.range, &levels))
    };
    Ok(Transfer {
        industries: pair.industries.clone(),
        average: options.average,
        quantities: quantities?,
        pairs,
        excluded_cells: pair.excluded.len(),
    })
}

/// Below this number of industries handing work to other threads costs more than it saves.
const ALONE: usize = 100;

/// `make(0) ... make(count − 1)` in order, on all threads where there is enough to do.
fn all<T: Send>(count: usize, industries: usize, make: impl Fn(usize) -> T + Send + Sync) -> Vec<T> {
    if industries < ALONE { (0..count).map(make).collect() } else { (0..count).into_par_iter().map(make).collect() }
}

/// Solutions of every choice of the years of T, D and H; where D is not a factor, its two years
/// are one state and the second stays empty.
fn solve_states(pair: &FactorPair, groups: &Groups, progress: &dyn Progress) -> Result<Vec<State>, TransferError> {
    progress.begin("factorisations", if pair.imports_by_product { 8 } else { 4 });
    let solve = |state: usize| {
        if !pair.imports_by_product && state & 2 != 0 {
            return Ok(State::empty());
        }
        if progress.cancelled() {
            return Err(TransferError::Cancelled);
        }
        let solved = solve_state(pair, state, groups)?;
        progress.step();
        Ok(solved)
    };
    all(8, pair.industries.len(), solve).into_iter().collect()
}

/// Which group each industry is in.
struct Groups {
    of: Vec<usize>,
    count: usize,
}

fn impact_groups(industries: &Industries, detail: PairDetail<'_>) -> Groups {
    let n = industries.len();
    let (of, count): (Vec<usize>, usize) = match detail {
        PairDetail::None => (vec![0; n], 0),
        PairDetail::Regions => ((0..n).map(|k| industries.split(k).0).collect(), industries.regions.len()),
        PairDetail::Classes(classes) => {
            let count = classes.iter().max().map_or(0, |last| last + 1);
            let group = |k| {
                let (region, sector) = industries.split(k);
                region * count + classes[sector]
            };
            ((0..n).map(group).collect(), industries.regions.len() * count)
        }
        PairDetail::Industries => ((0..n).collect(), n),
    };
    Groups { of, count }
}

impl State {
    fn empty() -> Self {
        State {
            demand: Default::default(),
            export: Default::default(),
            inventories: Default::default(),
            error: Default::default(),
            multipliers: Vec::new(),
        }
    }
}

/// Factors `I − A` for a choice of years and solves for every part of final demand.
fn solve_state(pair: &FactorPair, state: usize, groups: &Groups) -> Result<State, LeontiefError> {
    let [t, d, h] = [state & 1, state >> 1 & 1, state >> 2 & 1];
    let n = pair.industries.len();
    let S = pair.industries.sectors.len();
    let users = n + pair.demand_columns;
    let (T, D, H) = (&pair.years[t].sourcing, &pair.years[d].domestic, &pair.years[h].inputs);
    let mut M = vec![0.0; n * n];
    let mut level = vec![0.0; n];
    let mut rhs = vec![0.0; 10 * n];
    for i in 0..S {
        level.iter_mut().zip(D.row(i)).zip(H.row(i)).for_each(|((level, d), h)| *level = d * h);
        for k in (i..n).step_by(S) {
            let shares = T.row(k);
            let row = &mut M[k * n..(k + 1) * n];
            row.iter_mut().zip(shares).zip(&level).for_each(|((m, t), level)| *m -= t * level);
            row[k] += 1.0;
            for (y, year) in pair.years.iter().enumerate() {
                let (D, Y) = (&D.row(i)[n..users], &year.inputs.row(i)[n..users]);
                rhs[y * n + k] = shares[n..users].iter().zip(D).zip(Y).map(|((t, d), y)| t * d * y).sum();
            }
        }
    }
    for (cell, &(i, j)) in pair.excluded.iter().enumerate() {
        if j < n {
            let values = &pair.years[h].excluded[cell];
            values.iter().enumerate().for_each(|(r, value)| M[(r * S + i) * n + j] -= value);
        } else {
            for (y, year) in pair.years.iter().enumerate() {
                let values = &year.excluded[cell];
                values.iter().enumerate().for_each(|(r, value)| rhs[y * n + r * S + i] += value);
            }
        }
    }
    for te in 0..2 {
        for ex in 0..2 {
            let (origin, exports) = (&pair.years[te].export_origin, &pair.years[ex].exports);
            let into = &mut rhs[(2 + 2 * te + ex) * n..][..n];
            into.iter_mut().enumerate().for_each(|(k, f)| *f = origin[k] * exports[k % S]);
        }
    }
    for year in 0..2 {
        rhs[(6 + year) * n..][..n].copy_from_slice(&pair.years[year].inventories);
        rhs[(8 + year) * n..][..n].copy_from_slice(&pair.years[year].error);
    }
    let lu = LU::of_rows(M, n).map_err(|error| singular(error, "a mixture of the two years", &pair.industries))?;
    lu.solve_columns(&mut rhs);
    let mut solved = rhs.chunks(n).map(<[f64]>::to_vec);
    let mut next = || solved.next().unwrap_or_default();
    let demand = [next(), next()];
    let export = [[next(), next()], [next(), next()]];
    let (inventories, error) = ([next(), next()], [next(), next()]);
    let multipliers = multipliers(pair, &lu, groups);
    Ok(State { demand, export, inventories, error, multipliers })
}

/// Quantities with the years whose intensities differ: one year where both are the same.
fn intensity_sets(pair: &FactorPair) -> Vec<(usize, usize)> {
    let same = |at: usize| pair.years[0].intensities[at] == pair.years[1].intensities[at];
    (0..pair.quantities.len()).flat_map(|at| (0..if same(at) { 1 } else { 2 }).map(move |year| (at, year))).collect()
}

fn multipliers(pair: &FactorPair, lu: &LU, groups: &Groups) -> Vec<f64> {
    let (n, count) = (lu.size(), groups.count);
    let sets = intensity_sets(pair);
    let mut columns = vec![0.0; n * count * sets.len()];
    if count > 0 {
        for ((at, year), columns) in sets.into_iter().zip(columns.chunks_mut(n * count)) {
            let intensity = &pair.years[year].intensities[at];
            (0..n).for_each(|k| columns[groups.of[k] * n + k] = intensity[k]);
        }
        lu.solve_transposed_columns(&mut columns);
    }
    columns
}

/// How much of a use, per product and user, stands behind a change of origin shares: weights of
/// the decomposition times levels, apart by layer: the state that the effect is propagated in, and
/// the year of the intensity.
struct Levels {
    factor: Factor,
    /// State of each two layers; the first is of the base year's intensity, the second of the target's.
    states: Vec<usize>,
    /// Products × users × layers.
    values: Vec<f64>,
    users: usize,
    /// Users that are industries; the rest is final use.
    intermediate_users: usize,
}

impl Levels {
    fn new(factor: Factor, products: usize, users: usize, intermediate_users: usize, states: Vec<usize>) -> Self {
        let values = vec![0.0; products * users * 2 * states.len()];
        Levels { factor, states, values, users, intermediate_users }
    }

    fn layers(&self) -> usize {
        2 * self.states.len()
    }

    /// Levels of a product and user, by layer.
    fn of(&self, product: usize, user: usize) -> &[f64] {
        let layers = self.layers();
        &self.values[(product * self.users + user) * layers..][..layers]
    }
}

impl Solver<'_> {
    fn state(&self, coalition: Coalition) -> usize {
        let year = |factor| self.players.year(factor, coalition);
        year(Factor::Sourcing) | year(Factor::ImportShare) << 1 | year(Factor::Technology) << 2
    }

    /// Output of a part when the factors of the coalition are at year 1.
    fn output_of(&self, part: Part, coalition: Coalition) -> &[f64] {
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
    fn quantities(&self, range: bool, levels: &[Levels; 2]) -> Result<Vec<QuantityEffects>, TransferError> {
        let count = self.pair.quantities.len();
        let found = all(count, self.pair.industries.len(), |at| self.quantity(at, range));
        let mut quantities = found.into_iter().collect::<Result<Vec<_>, TransferError>>()?;
        levels.iter().for_each(|levels| self.add_direct(levels, &mut quantities));
        Ok(quantities)
    }

    fn quantity(&self, at: usize, range: bool) -> Result<QuantityEffects, TransferError> {
        let measured = &self.pair.quantities[at];
        let n = self.pair.industries.len();
        let [before, after] = &measured.observed;
        let change: Vec<f64> = after.iter().zip(before).map(|(a, b)| a - b).collect();
        let with_intensity = measured.code != "output";
        let count = self.players.count - usize::from(!with_intensity);
        let mut totals = vec![vec![0.0; n]; count];
        let mut value = vec![0.0; n];
        for part in PARTS {
            let mut players = self.players.of_part(part);
            if with_intensity {
                players |= self.players.intensity();
            }
            for coalition in subsets(players) {
                self.value_into(at, part, coalition, &mut value);
                for (k, total) in totals.iter_mut().enumerate().filter(|(k, _)| players & 1 << k != 0) {
                    let others = coalition & !(1 << k);
                    let weight = self.average.weight(k, players, others);
                    let signed = if coalition == others { -weight } else { weight };
                    if signed != 0.0 {
                        total.iter_mut().zip(&value).for_each(|(sum, v)| *sum += signed * v);
                    }
                }
            }
        }
        let sum: Vec<f64> = (0..n).map(|j| totals.iter().map(|total| total[j]).sum()).collect();
        let interaction: Option<Vec<f64>> = (!self.average.is_additive())
            .then(|| change.iter().zip(&sum).map(|(change, sum)| change - sum).collect());
        let residual = self.residual(at, &change, interaction.is_none().then_some(&sum));
        if residual.is_nan() || residual > 1e-9 {
            return Err(TransferError::Residual { quantity: measured.code.clone(), residual });
        }
        let effects = totals
            .into_iter()
            .enumerate()
            .map(|(k, total)| Effect {
                factor: self.players.factors[k],
                total,
                direct: None,
                range: range.then(|| self.range(at, k, count)),
            })
            .collect();
        Ok(QuantityEffects {
            code: measured.code.clone(),
            unit: measured.unit.clone(),
            change,
            effects,
            interaction,
            residual,
        })
    }

    /// The quantity that a part's output makes.
    fn value_into(&self, at: usize, part: Part, coalition: Coalition, into: &mut [f64]) {
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
        let gap = |values: &[f64]| values.iter().zip(change).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
        gap(&modelled).max(sum.map_or(0.0, |sum| gap(sum))) / scale
    }

    /// Smallest and largest effect of a factor over all orders: every coalition of the others is
    /// the beginning of some order, so it is the range over coalitions. Inventories and the error
    /// column switch together, as the one factor RX of METHODS B1.
    fn range(&self, at: usize, k: usize, count: usize) -> (Vec<f64>, Vec<f64>) {
        let n = self.pair.industries.len();
        let all: Coalition = (1 << count) - 1;
        let (mut low, mut high) = (vec![f64::INFINITY; n], vec![f64::NEG_INFINITY; n]);
        let own = 1 << k;
        let parts: Vec<Part> = PARTS
            .into_iter()
            .filter(|part| (self.players.of_part(*part) | self.players.intensity()) & own != 0)
            .collect();
        let rest = self.players.bit(Factor::Inventories) | self.players.bit(Factor::Error);
        let together = |others: Coalition| own & rest != 0 || [0, rest].contains(&(others & rest));
        for others in subsets(all & !own).filter(|others| together(*others)) {
            let mut effect = vec![0.0; n];
            for part in &parts {
                let (with, without) = (self.value(at, *part, others | own), self.value(at, *part, others));
                effect.iter_mut().zip(with.iter().zip(&without)).for_each(|(e, (a, b))| *e += a - b);
            }
            low.iter_mut().zip(&effect).for_each(|(low, e)| *low = low.min(*e));
            high.iter_mut().zip(&effect).for_each(|(high, e)| *high = high.max(*e));
        }
        (low, high)
    }

    fn levels(&self, factor: Factor) -> Levels {
        if factor == Factor::Sourcing { self.sourcing_levels() } else { self.export_levels() }
    }

    /// Levels behind a change of T and TF:
    /// `x1 − x0 = ½[L1 d(x0) + L0 d(x1)]`, `d(x) = ΔT∘D∘H x + ΔTF∘DF∘Y`.
    fn sourcing_levels(&self) -> Levels {
        let (players, pair) = (&self.players, self.pair);
        let n = pair.industries.len();
        let users = n + pair.demand_columns;
        let (S, T) = (pair.industries.sectors.len(), players.bit(Factor::Sourcing));
        // The matrix in which the effect is propagated: D and H as in the coalition, T of either year.
        let settings: Vec<(Coalition, Coalition)> =
            subsets(players.matrix() & !T).flat_map(|matrix| [(matrix, 0), (matrix, T)]).collect();
        let states = settings.iter().map(|(matrix, propagated)| self.state(matrix | propagated)).collect();
        let mut levels = Levels::new(Factor::Sourcing, S, users, n, states);
        let layers = levels.layers();
        for (at, (matrix, propagated)) in settings.into_iter().enumerate() {
            let [D, H] =
                [Factor::ImportShare, Factor::Technology].map(|factor| &pair.years[players.year(factor, matrix)]);
            let (D, H) = (&D.domestic, &H.inputs);
            for (year, c) in [0, players.intensity()].into_iter().enumerate() {
                let (x, demand) = self.weighted_output(matrix | c, T & !propagated);
                for i in 0..S {
                    let row = &mut levels.values[i * users * layers + 2 * at + year..];
                    let cells = row.iter_mut().step_by(layers).take(users);
                    let [Y0, Y1] = [0, 1].map(|year| pair.years[year].inputs.row(i));
                    for (j, cell) in cells.enumerate() {
                        let level = if j < n { H[(i, j)] * x[j] } else { demand[0] * Y0[j] + demand[1] * Y1[j] };
                        *cell = D[(i, j)] * level;
                    }
                }
            }
        }
        levels
    }

    /// Half the weighted output over the coalitions that have `fixed` of the factors of A and c,
    /// with T of the year in `sourcing`; and half the weights of the two years of final demand.
    fn weighted_output(&self, fixed: Coalition, sourcing: Coalition) -> (Vec<f64>, [f64; 2]) {
        let players = &self.players;
        let mut x = vec![0.0; self.pair.industries.len()];
        let mut demand = [0.0; 2];
        for part in PARTS {
            let all = players.of_part(part) | players.intensity();
            for own in subsets(players.of_part(part) & !players.matrix()) {
                let weight = 0.5 * self.average.weight(0, all, fixed | own);
                if weight == 0.0 {
                    continue;
                }
                let output = self.output_of(part, fixed | own | sourcing);
                x.iter_mut().zip(output).for_each(|(sum, v)| *sum += weight * v);
                if part == Part::Demand {
                    demand[players.year(Factor::FinalDemand, own)] += weight;
                }
            }
        }
        (x, demand)
    }

    /// Levels behind a change of TE: `x1 − x0 = L ΔTE∘EX`.
    fn export_levels(&self) -> Levels {
        let (players, pair) = (&self.players, self.pair);
        let S = pair.industries.sectors.len();
        let ex = players.bit(Factor::Exports);
        let all = players.of_part(Part::Export) | players.intensity();
        let k = players.position(Factor::ExportOrigin).unwrap_or_default();
        let settings: Vec<Coalition> = subsets(players.matrix()).collect();
        let states = settings.iter().map(|matrix| self.state(*matrix)).collect();
        let mut levels = Levels::new(Factor::ExportOrigin, S, 1, 0, states);
        let layers = levels.layers();
        for (at, matrix) in settings.into_iter().enumerate() {
            for (year, c) in [0, players.intensity()].into_iter().enumerate() {
                let weights = [0, ex].map(|ex| self.average.weight(k, all, matrix | c | ex));
                for i in 0..S {
                    let exports = [0, 1].map(|year| pair.years[year].exports[i]);
                    levels.values[i * layers + 2 * at + year] = weights[0] * exports[0] + weights[1] * exports[1];
                }
            }
        }
        levels
    }

    /// Origin shares of an industry in every use of its product, in both years.
    fn shares(&self, factor: Factor, k: usize) -> [&[f64]; 2] {
        [0, 1].map(|year| {
            let year = &self.pair.years[year];
            match factor {
                Factor::ExportOrigin => &year.export_origin[k..=k],
                _ => year.sourcing.row(k),
            }
        })
    }

    /// Direct part of the effect of sourcing or export origin: the sales that change hands, at the
    /// seller's intensity.
    fn add_direct(&self, levels: &Levels, quantities: &mut [QuantityEffects]) {
        let n = self.pair.industries.len();
        let (R, S) = (self.pair.industries.regions.len(), self.pair.industries.sectors.len());
        let mut by_year = [vec![0.0; n], vec![0.0; n]];
        let mut level = [vec![0.0; levels.users], vec![0.0; levels.users]];
        for i in 0..S {
            for user in 0..levels.users {
                let layers = levels.of(i, user).chunks(2);
                let (base, target) = layers.fold((0.0, 0.0), |(a, b), pair| (a + pair[0], b + pair[1]));
                (level[0][user], level[1][user]) = (base, target);
            }
            for r in 0..R {
                let k = r * S + i;
                let [before, after] = self.shares(levels.factor, k);
                for year in 0..2 {
                    let changes = after.iter().zip(before).zip(&level[year]);
                    by_year[year][k] = changes.map(|((after, before), level)| (after - before) * level).sum();
                }
            }
        }
        for (at, quantity) in quantities.iter_mut().enumerate() {
            let [a, b] = [0, 1].map(|year| &self.pair.years[year].intensities[at]);
            let direct = (0..n).map(|k| by_year[0][k] * a[k] + by_year[1][k] * b[k]).collect();
            if let Some(effect) = quantity.effects.iter_mut().find(|effect| effect.factor == levels.factor) {
                effect.direct = Some(direct);
            }
        }
    }

    /// Splits the effect of a sourcing factor over pairs of regions: in each use cell, what the
    /// losers lose goes to the winners in proportion.
    fn pairs(&self, levels: &Levels, groups: usize, multipliers: &[Multipliers]) -> FactorPairs {
        let industries = &self.pair.industries;
        let products =
            all(industries.sectors.len(), industries.len(), |i| self.product_pairs(levels, groups, i, multipliers));
        FactorPairs { factor: levels.factor, regions: industries.regions.len(), groups, products }
    }

    /// Multipliers of each quantity with all its layers side by side for each industry, as they are
    /// summed over.
    fn multipliers(&self, groups: usize) -> Vec<Multipliers> {
        let n = self.pair.industries.len();
        let sets = intensity_sets(self.pair);
        let gather = |at: usize| {
            let own: Vec<usize> = (0..sets.len()).filter(|set| sets[*set].0 == at).collect();
            let block = self.states.len() * own.len() * groups;
            let mut values = vec![0.0; n * block];
            for (state, solved) in self.states.iter().enumerate().filter(|(_, state)| !state.multipliers.is_empty()) {
                for (year, set) in own.iter().enumerate() {
                    let first = (state * own.len() + year) * groups;
                    let columns = &solved.multipliers[set * n * groups..][..n * groups];
                    for k in 0..n {
                        let into = &mut values[k * block + first..][..groups];
                        into.iter_mut().enumerate().for_each(|(group, into)| *into = columns[group * n + k]);
                    }
                }
            }
            Multipliers { years: own.len(), block, values }
        };
        all(self.pair.quantities.len(), n, gather)
    }

    /// Pairs of one product: direct transfers by initiator, and each quantity's measures.
    fn product_pairs(&self, levels: &Levels, groups: usize, i: usize, multipliers: &[Multipliers]) -> ProductPairs {
        let (R, S) = (self.pair.industries.regions.len(), self.pair.industries.sectors.len());
        let layers = levels.layers();
        // Transfers per pair and layer.
        let mut moved = vec![0.0; R * R * layers];
        let mut direct = [vec![0.0; R * R], vec![0.0; R * R]];
        let shares: Vec<[&[f64]; 2]> = (0..R).map(|r| self.shares(levels.factor, r * S + i)).collect();
        // Who loses and who wins in a use cell; gathered without branches, as signs are random.
        let mut losers = vec![(0, 0.0); R + 1];
        let mut winners = vec![(0, 0.0); R + 1];
        for user in 0..levels.users {
            let (mut lost, mut losing, mut winning) = (0.0, 0, 0);
            for (r, [before, after]) in shares.iter().enumerate() {
                let change = after[user] - before[user];
                (losers[losing], winners[winning]) = ((r, -change), (r, change));
                losing += usize::from(change < 0.0);
                winning += usize::from(change > 0.0);
                lost += (-change).max(0.0);
            }
            if lost == 0.0 {
                continue;
            }
            let level = levels.of(i, user);
            let all_layers: f64 = level.iter().sum();
            let kind = usize::from(user >= levels.intermediate_users);
            for (r, loss) in &losers[..losing] {
                for (q, gain) in &winners[..winning] {
                    let flow = loss * gain / lost;
                    let cell = r * R + q;
                    direct[kind][cell] += flow * all_layers;
                    let into = &mut moved[cell * layers..(cell + 1) * layers];
                    into.iter_mut().zip(level).for_each(|(sum, level)| *sum += flow * level);
                }
            }
        }
        let measure =
            |(at, multipliers)| self.pair_measure(levels, groups, (i, at), &moved, multipliers);
        let measures = multipliers.iter().enumerate().map(measure).collect();
        let [intermediate, final_use] = direct;
        ProductPairs { intermediate, final_use, measures }
    }

    /// A quantity's measures of the pairs of one product.
    fn pair_measure(
        &self,
        levels: &Levels,
        groups: usize,
        (i, at): (usize, usize),
        moved: &[f64],
        multipliers: &Multipliers,
    ) -> PairMeasure {
        let pair = self.pair;
        let (R, S, layers) = (pair.industries.regions.len(), pair.industries.sectors.len(), levels.layers());
        let [c0, c1] = [0, 1].map(|year| &pair.years[year].intensities[at]);
        let (mut received, mut given) = (vec![0.0; R * R], vec![0.0; R * R]);
        let mut effect = vec![0.0; R * R * groups];
        let (years, block) = (multipliers.years, multipliers.block);
        for cell in (0..R * R).filter(|cell| cell / R != cell % R) {
            let (a, b) = (cell / R * S + i, cell % R * S + i);
            let (lost, gained) = (&multipliers.values[a * block..][..block], &multipliers.values[b * block..][..block]);
            let into = &mut effect[cell * groups..(cell + 1) * groups];
            for (g, state) in moved[cell * layers..(cell + 1) * layers].chunks_exact(2).zip(&levels.states) {
                if g[0] == 0.0 && g[1] == 0.0 {
                    continue;
                }
                received[cell] += g[0] * c0[b] + g[1] * c1[b];
                given[cell] += g[0] * c0[a] + g[1] * c1[a];
                // Where both years have one intensity, they have one set of multipliers.
                let weights: &[f64] = if years == 1 { &[g[0] + g[1]] } else { g };
                for (year, g) in weights.iter().enumerate() {
                    let first = (state * years + year) * groups;
                    let (gained, lost) = (&gained[first..][..groups], &lost[first..][..groups]);
                    into.iter_mut().zip(gained).zip(lost).for_each(|((sum, b), a)| *sum += g * (b - a));
                }
            }
        }
        PairMeasure { received, given, effect }
    }
}

/// Multipliers of one quantity: industries × states × years of intensity × groups.
struct Multipliers {
    years: usize,
    block: usize,
    values: Vec<f64>,
}
